"""The shared models, in the style that 1.4 and 2.x both accept. Their text also stands before an entry "in sight"."""

from sqlalchemy import Column, ForeignKey, Integer, Numeric, String, Table
from sqlalchemy.orm import declarative_base, relationship

# :: models
Base = declarative_base()

book_tag = Table(
    "book_tag",
    Base.metadata,
    Column("book_id", ForeignKey("book.id"), primary_key=True),
    Column("tag_id", ForeignKey("tag.id"), primary_key=True),
)


class Author(Base):
    __tablename__ = "author"
    id = Column(Integer, primary_key=True)
    name = Column(String(50), nullable=False)
    country = Column(String(2))
    rating = Column(Integer)
    books = relationship("Book", back_populates="author", order_by="Book.id")
    profile = relationship("Profile", back_populates="author", uselist=False)

    def __repr__(self):
        return f"Author({self.id}, {self.name!r})"


class Profile(Base):
    __tablename__ = "profile"
    id = Column(Integer, primary_key=True)
    author_id = Column(ForeignKey("author.id"), unique=True)
    bio = Column(String(100))
    author = relationship("Author", back_populates="profile")


class Book(Base):
    __tablename__ = "book"
    id = Column(Integer, primary_key=True)
    title = Column(String(50), nullable=False)
    year = Column(Integer)
    price = Column(Numeric(8, 2, asdecimal=True))
    author_id = Column(ForeignKey("author.id"))
    author = relationship("Author", back_populates="books")
    tags = relationship("Tag", secondary=book_tag, back_populates="books", order_by="Tag.id")
    reviews = relationship("Review", back_populates="book", order_by="Review.id", cascade="all, delete-orphan")


class Tag(Base):
    __tablename__ = "tag"
    id = Column(Integer, primary_key=True)
    label = Column(String(20), nullable=False)
    books = relationship("Book", secondary=book_tag, back_populates="tags")


class Review(Base):
    __tablename__ = "review"
    id = Column(Integer, primary_key=True)
    book_id = Column(ForeignKey("book.id"))
    stars = Column(Integer, nullable=False)
    body = Column(String(100))
    book = relationship("Book", back_populates="reviews")


class Node(Base):
    __tablename__ = "node"
    id = Column(Integer, primary_key=True)
    name = Column(String(20))
    parent_id = Column(ForeignKey("node.id"))
    children = relationship("Node", back_populates="parent", order_by="Node.id")
    parent = relationship("Node", back_populates="children", remote_side=[id])


class Asset(Base):
    __tablename__ = "asset"
    id = Column(Integer, primary_key=True)
    kind = Column(String(10))
    name = Column(String(20))
    __mapper_args__ = {"polymorphic_on": kind, "polymorphic_identity": "asset"}  # noqa: RUF012  # as people write it


class Image(Asset):
    __tablename__ = "image"
    id = Column(ForeignKey("asset.id"), primary_key=True)
    width = Column(Integer)
    __mapper_args__ = {"polymorphic_identity": "image"}  # noqa: RUF012  # as people write it


class Clip(Asset):
    __tablename__ = "clip"
    id = Column(ForeignKey("asset.id"), primary_key=True)
    seconds = Column(Integer)
    __mapper_args__ = {"polymorphic_identity": "clip"}  # noqa: RUF012  # as people write it


class Stock(Base):
    __tablename__ = "stock"
    shelf = Column(Integer, primary_key=True)
    slot = Column(Integer, primary_key=True)
    qty = Column(Integer)
