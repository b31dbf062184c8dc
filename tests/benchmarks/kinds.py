"""Ten-line snippets of eight kinds, as people paste them, for `python -m tests.benchmarks.service --kinds`.

The marker makes each request a text with SQL of its own, so that nothing can be remembered.
"""

KINDS = {
    "statements": """\
customers = session.query(Customer).order_by(Customer.id).all()
first = session.query(Customer).filter_by(name="Ann {marker}").first()
count = session.query(Order).filter(Order.id > {marker}).count()
pairs = session.query(Customer, Order).join(Order, Order.customer_id == Customer.id).all()
names = [name for (name,) in session.query(Customer.name).distinct()]
one = session.query(Order).get(1)
session.query(Order).filter(Order.id == 3).update({{"customer_id": 2}})
session.query(Order).filter(Order.id == 4).delete()
session.commit()
print(len(customers), count)
""",
    "a model": """\
class User{marker}(Base):
    __tablename__ = "user_{marker}"
    id = Column(Integer, primary_key=True)
    name = Column(String(50))
    age = Column(Integer)


adults = session.query(User{marker}).filter(User{marker}.age >= 18).order_by(User{marker}.name).all()
oldest = session.query(User{marker}).order_by(User{marker}.age.desc()).first()
total = session.query(User{marker}).count()
""",
    "a function": """\
def search(session, text, page=1, size=20):
    query = session.query(Product)
    if text:
        query = query.filter(Product.name_{marker}.like("%" + text + "%"))
    query = query.order_by(
        Product.price.desc(),
    )
    total = query.count()
    rows = query.limit(size).offset((page - 1) * size).all()
    return total, rows
""",
    "views": """\
@app.route("/posts/<int:post_id>")
def show(post_id):
    post = Post.query.filter_by(id=post_id).first_or_404()
    comments = Comment.query.filter(Comment.post_id == post.id).order_by(Comment.at_{marker}).all()
    return jsonify(id=post.id, comments=[c.id for c in comments])


@app.route("/posts")
def posts():
    return jsonify(count=Post.query.count())
""",
    "a class": """\
class UserRepository:
    def __init__(self, session):
        self.session = session

    def by_email(self, email):
        return self.session.query(User).filter_by(email_{marker}=email).one_or_none()

    def newest(self, limit=10):
        users = self.session.query(User)
        return users.order_by(User.created_at.desc()).limit(limit).all()
""",
    "Core": """\
users = Table(
    "users_{marker}", metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(50)),
)
with engine.connect() as connection:
    rows = connection.execute(select([users.c.id, users.c.name]).where(users.c.id > 1)).fetchall()
    connection.execute(users.insert(), [{{"name": "x"}}, {{"name": "y"}}])
    for row in rows:
        print(row["name"])
""",
    "loading": """\
orders = (
    session.query(Order)
    .options(joinedload("customer"), joinedload("items"))
    .filter(Order.total_{marker} > 100)
    .order_by(Order.id)
    .limit(5)
    .all()
)
for order in orders:
    print(order.customer.name, len(order.items))
""",
}
