"""`append()` of a relationship that becomes write-only is `add()`, `extend()` is `add_all()`.

It does where every use of the relationship is in sight. A dynamic one has both in 2.x, too.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Edit, Replacement
from translator.model.dynamic import CHANGED
from translator.model.sites import Site
from translator.rules.contract import Context, Outcome, Rewrite, on_member
from translator.rules.write_only.uses import WRITES

GUIDE = "https://docs.sqlalchemy.org/en/20/orm/large_collections.html#write-only-relationships"
BEFORE = (
    "class Shelf(db.Model):\n"
    "    id = db.Column(db.Integer, primary_key=True)\n"
    '    books = db.relationship("Book", lazy="dynamic")\n\n\n'
    "class Book(db.Model):\n"
    "    id = db.Column(db.Integer, primary_key=True)\n"
    '    shelf_id = db.Column(db.ForeignKey("shelf.id"))\n\n\n'
    "shelf = Shelf()\n"
    "shelf.books.append(Book())\n"
    "db.session.add(shelf)\n"
    "db.session.commit()\n"
    "print(shelf.books.count())"
)
AFTER = (
    "class Shelf(db.Model):\n"
    "    id: Mapped[int] = db.mapped_column(primary_key=True)\n"
    '    books: WriteOnlyMapped["Book"] = db.relationship()\n\n\n'
    "class Book(db.Model):\n"
    "    id: Mapped[int] = db.mapped_column(primary_key=True)\n"
    '    shelf_id: Mapped[int | None] = db.mapped_column(db.ForeignKey("shelf.id"))\n\n\n'
    "shelf = Shelf()\n"
    "shelf.books.add(Book())\n"
    "db.session.add(shelf)\n"
    "db.session.commit()\n"
    "print(db.session.scalar(\n"
    "    select(func.count()).select_from(shelf.books.select().subquery())\n"
    "))"
)
ON = on_member(f"{CHANGED}append", f"{CHANGED}extend")


def rewrite(site: Site, here: Context) -> Outcome:
    """Call the method by the name that it has of a write-only collection."""
    if here.write_only.of(site, here.model) is None:
        return None
    method = cst.ensure_type(site.around[-1], cst.Attribute)
    name = WRITES[method.attr.value]

    def build(updated: cst.CSTNode) -> Replacement:
        return cst.ensure_type(updated, cst.Attribute).with_changes(attr=cst.Name(name))

    return Rewrite((Edit(method, site.ancestors[:-1], build),), "a write-only collection calls it so")
