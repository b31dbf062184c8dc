"""A draft of models: columns, relationships and tables as they come to light, and the declarative source text of it all.

The text runs on SQLAlchemy 1.4 and on 2.x. Knows nothing of how uses are found.
"""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from translator.schema.sample import MODELS, Relation
from translator.schema.words import camel, is_plural, singular, snake, table_name

INTEGER_ENDS = (
    "_id", "count", "age", "quantity", "qty", "year", "number", "num", "position", "stock", "rank", "level", "score",
    "rating", "views", "size", "version", "priority",
)  # fmt: skip
TIME_ENDS = (
    "_at",
    "_on",
    "date",
    "time",
    "timestamp",
    "created",
    "updated",
    "modified",
    "_dt",
    "_login",
    "_seen",
    "expires",
    "expiry",
    "expiration",
)
AMOUNT_ENDS = ("price", "amount", "total", "balance", "salary", "cost", "rate")
FLAG_ENDS = (
    "active",
    "enabled",
    "deleted",
    "published",
    "done",
    "archived",
    "visible",
    "confirmed",
    "admin",
    "verified",
)
TYPE_BY_END = (
    (INTEGER_ENDS, "Integer"),
    (TIME_ENDS, "DateTime"),
    (AMOUNT_ENDS, "Numeric"),
    (FLAG_ENDS, "Boolean"),
)
FLAG = re.compile(r"(is|has|can|should|was)_")
NUMBER = re.compile(r"(no|num|nb|number|count)_(of_)?")
MODELS_LIMIT = 40
RESERVED = frozenset({"id", "metadata", "registry", "query", "c", "columns"})
TABLE = "table:"
ELSEWHERE = TABLE + "?"
"""What an owner's name starts with when it is a plain table, not a class."""


@dataclass(slots=True)
class Model:
    """A class being drafted."""

    name: str
    table: str
    is_sample: bool = False
    columns: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    """Foreign keys: column to table."""
    relations: dict[str, Relation] = field(default_factory=dict)
    parent: str | None = None
    opposites: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    """Relationships that a class of the text expects here by `back_populates=`: name to that class, its attribute, and
    the table between the two, if there is one."""


def spelled(value: ast.AST | None) -> str | None:
    """What tells a value that is not shown from others: `name`, `.title` for `form.title.data`, `[title]` for a field."""
    if isinstance(value, ast.Name):
        return value.id
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "get":
        return _field(next(iter(value.args), None))
    if isinstance(value, ast.Subscript):
        return _field(value.slice)
    while isinstance(value, ast.Attribute) and value.attr in ("data", "value"):
        value = value.value
    return f".{value.attr}" if isinstance(value, ast.Attribute) else None


def _field(key: ast.AST | None) -> str | None:
    return f"[{key.value}]" if isinstance(key, ast.Constant) and isinstance(key.value, str) else None


UNNAMED = "Record"
"""What a class is called that a text has no name for. See also `jail.sampling`."""


class Draft:
    """All that is being made up for one text."""

    def __init__(self) -> None:
        self.models: dict[str, Model] = {}
        self.tables: dict[str, dict[str, str]] = {}
        """Plain tables by name: column to type."""
        self.variables: dict[str, str] = {}
        """Names of the text that stand for a table, e.g. `users` or `users_table`: to its name."""
        self.constants: dict[str, list[Any]] = {}
        self.set: set[str] = set()
        """Names of values that are written to a column."""
        self.asked: dict[str, tuple[str, int]] = {}
        """Values that are compared with a column, see `spelled`: to it, and 1 where rows below the value pass, -1 above."""
        self.written: set[tuple[str, Any]] = set()
        """Columns with a literal that is written there."""
        self.defined: set[str] = {ELSEWHERE}
        """Classes and tables of the text itself: nothing is made up for them."""
        self.links: dict[str, tuple[str, str]] = {}
        """Tables between a class of the text and another: by name, the two columns that their keys point to."""
        self.dynamic: set[tuple[str, str]] = set()
        """Relationships that are asked like a query: class and name."""
        self._types: dict[tuple[str, str], str] = {}

    def model(self, name: str) -> Model:
        """The model of this name, drafted now if it is new."""
        if name in self.defined:
            return Model(name, table_name(name))
        if name not in self.models and len(self.models) < MODELS_LIMIT:
            sample = MODELS.get(name)
            self.models[name] = Model(name, table_name(name))
            if sample is not None:
                own = {"id": "Integer", **sample.columns}
                self.models[name] = Model(name, sample.table, True, own, parent=sample.parent)
                if sample.parent is not None:
                    self.model(sample.parent).columns.setdefault("type", "String")
            else:
                self.models[name].columns["id"] = "Integer"
                taken = {model.table for model in self.models.values() if model.name != name}
                while self.models[name].table in taken:
                    self.models[name].table += "_"
        return self.models.get(name) or Model(name, table_name(name))

    def unnamed(self) -> str:
        """The class that a text has no name for, `cls` of a method that stands alone: drafted now if it is new."""
        return self.model(UNNAMED).name

    def column(self, owner: str, name: str, kind: str | None = None) -> None:
        """Note a column; `kind` is what its use says of its type."""
        if owner in self.defined or not _is_name(name):
            return
        if owner.startswith(TABLE):
            self.table(owner.removeprefix(TABLE)).setdefault(name, kind or type_by_name(name))
            return
        model = self.model(owner)
        if name.startswith("__") or name in RESERVED or name in model.relations:
            return
        sample = MODELS.get(owner)
        if sample is not None and name in sample.relations:
            self.relation(owner, name)
            return
        known = {**sample.columns, **sample.known} if sample is not None else {}
        if model.parent is not None and name in self.model(model.parent).columns:
            return
        current = model.columns.get(name)
        if current is None or (kind is not None and (owner, name) not in self._types):
            model.columns[name] = known.get(name) or kind or type_by_name(name)
        if kind is not None:
            self._types[(owner, name)] = kind

    def relation(self, owner: str, name: str, target: str | None = None, many: bool | None = None) -> str:
        """Note a relationship; gives the class it leads to."""
        if not _is_name(name) or name in RESERVED:  # lazyload("*") names all of them
            return ELSEWHERE
        if owner in self.defined:
            likely = target or camel(singular(name))
            return likely if likely in self.defined else ELSEWHERE
        model = self.model(owner)
        if name in model.relations:
            return model.relations[name].target
        model.columns.pop(name, None)
        sample = MODELS.get(owner)
        if sample is not None and name in sample.relations and target in (None, sample.relations[name].target):
            found = sample.relations[name]
        else:
            found = self._made_up(owner, name, target, many)
        self.model(found.target)
        if found.target in self.models and owner in self.models:
            model.relations[name] = found
            self._add_key(owner, found)
        return found.target

    def constant(self, column: str, value: Any) -> None:
        """Note a value that a column is compared with."""
        values = self.constants.setdefault(column, [])
        if (
            not any(known is value or (type(known) is type(value) and known == value) for known in values)
            and len(values) < 6
        ):
            values.append(value)

    def set_to(self, reference: tuple[str, str], value: ast.AST | None, kind: str | None) -> None:
        """Note a column that a text writes to, with what is written."""
        self.column(*reference, kind)
        if (name := spelled(value)) is not None:
            self.set.add(name)
        elif isinstance(value, ast.Constant) and isinstance(value.value, bool):
            self.constant(reference[1], not value.value)  # or nothing would change
        elif isinstance(value, ast.Constant):
            self.written.add((reference[1], value.value))

    def table(self, name: str) -> dict[str, str]:
        """The columns of a plain table, or of the model that has it."""
        for model in self.models.values():
            if model.table == name:
                return model.columns
        return self.tables.setdefault(name, {"id": "Integer"})

    def key(self, owner: str, column: str, target: str) -> None:
        """Note a foreign key from a model to another."""
        if owner in self.defined or target in self.defined:
            return
        model = self.model(owner)
        model.columns.setdefault(column, "Integer")
        if column != "id":
            model.keys[column] = self.model(target).table

    def joined(self, left: str, right: str) -> None:
        """Have a plain `join(Right)` find its way: by a foreign key on one of the two."""
        if left in self.defined or right in self.defined:
            return
        one, other = self.model(left), self.model(right)
        if other.table in one.keys.values() or one.table in other.keys.values() or one is other:
            return
        if f"{snake(right)}_id" in one.columns:
            self.key(left, f"{snake(right)}_id", right)
        else:
            self.key(right, f"{snake(left)}_id", left)

    def settle(self) -> None:
        """Turn columns that name another model into foreign keys to it."""
        for model in list(self.models.values()):
            sample = MODELS.get(model.name)
            for column in list(model.columns):
                if not column.endswith("_id") or column in model.keys:
                    continue
                target = (
                    next((found.target for found in sample.relations.values() if found.via == column), None)
                    if sample
                    else None
                )
                target = target or next((name for name in self.models if snake(name) + "_id" == column), None)
                if target in self.models:
                    model.keys[column] = self.models[target].table
        taken = {model.table for model in self.models.values()}
        for name in taken.intersection(self.tables):
            del self.tables[name]

    def source(self) -> str:
        """The models as a module of declarative source text."""
        return "\n".join(self._lines())

    def _made_up(self, owner: str, name: str, target: str | None, many: bool | None) -> Relation:
        plural = many if many is not None else is_plural(name)
        target = target or self._target(name, plural)
        self.model(target)
        if plural:
            return Relation(target, "many", f"{snake(owner)}_id")
        return Relation(target, "one", f"{name}_id")

    def _target(self, name: str, plural: bool) -> str:
        single = camel(singular(name) if plural else name)
        if camel(name) in self.models:
            return camel(name)  # `series` of a class Series
        for known in (*self.models, *MODELS):
            if known == single or known.lower().endswith(single.lower()):
                return known
        return single

    def _add_key(self, owner: str, found: Relation) -> None:
        target = self.model(found.target)
        if found.kind == "one":
            self.key(owner, found.via, target.name)
        elif found.kind == "many":
            self.key(target.name, found.via, owner)

    def _lines(self) -> Iterator[str]:
        yield "from sqlalchemy import Boolean, Column, Date, DateTime, Float, ForeignKey, Integer, JSON, Numeric, String, Table"
        yield "from sqlalchemy.orm import declarative_base, relationship"
        if any("JSONB" in model.columns.values() for model in self.models.values()):
            yield "from sqlalchemy.dialects.postgresql import JSONB"
        yield "Base = declarative_base()"
        yield "metadata = Base.metadata"
        for name, (left, right) in self._links().items():
            ends = (
                f"Column({snake(side.name) + '_id'!r}, ForeignKey({side.table + '.id'!r}), primary_key=True)"
                for side in (left, right)
            )
            yield f"{name} = Table({name!r}, metadata, {', '.join(ends)})"
        for model in sorted(self.models.values(), key=lambda model: model.parent is not None):
            yield from self._class(model)
        for name, columns in self.tables.items():
            parts = (self._plain_column(column, kind) for column, kind in columns.items())
            yield f"_table_{name} = Table({name!r}, metadata, {', '.join(parts)})"
        for name, keys in self.links.items():
            sides = ", ".join(
                f"Column({_key_to(key)!r}, Integer, ForeignKey({key!r}), primary_key=True)" for key in keys
            )
            yield f"{name} = Table({name!r}, metadata, {sides})"
        known = {*self.tables, *(model.table for model in self.models.values())}
        for variable, table in self.variables.items():
            if table not in known:
                continue
            yield f"{variable} = metadata.tables[{table!r}]"
        yield ""

    def _plain_column(self, column: str, kind: str) -> str:
        if column == "id":
            return f"Column({column!r}, {kind}, primary_key=True)"
        target = table_name(column.removesuffix("_id"))
        if column.endswith("_id") and (
            target in self.tables or any(model.table == target for model in self.models.values())
        ):
            return f"Column({column!r}, Integer, ForeignKey({target + '.id'!r}))"
        return f"Column({column!r}, {kind})"

    def _class(self, model: Model) -> Iterator[str]:
        yield f"class {model.name}({model.parent or 'Base'}):"
        yield f"    __tablename__ = {model.table!r}"
        for column, kind in model.columns.items():
            yield f"    {column} = Column({self._column(model, column, kind)})"
        for name, relation in model.relations.items():
            yield f"    {name} = relationship({self._relationship(model, name, relation)})"
        for name, (target, back, link) in model.opposites.items():
            if name not in model.relations and name not in model.columns:
                through = f", secondary={link!r}" if link else ""
                yield f"    {name} = relationship({target!r}{through}, back_populates={back!r})"
        children = any(other.parent == model.name for other in self.models.values())
        if children:
            yield f"    __mapper_args__ = {{'polymorphic_on': type, 'polymorphic_identity': {snake(model.name)!r}}}"
        elif model.parent is not None:
            yield f"    __mapper_args__ = {{'polymorphic_identity': {snake(model.name)!r}}}"

    def _column(self, model: Model, column: str, kind: str) -> str:
        if column == "id":
            parent = f"ForeignKey({self.models[model.parent].table + '.id'!r}), " if model.parent else ""
            return f"Integer, {parent}primary_key=True"
        if column in model.keys:
            target = model.keys[column]
            return f"Integer, ForeignKey({target if '.' in target else target + '.id'!r})"
        return kind

    def _relationship(self, model: Model, name: str, relation: Relation) -> str:
        target = relation.target
        if relation.kind == "link":
            link = f", secondary={relation.via}"
        elif relation.kind == "many":
            link = f", foreign_keys='{target}.{relation.via}'"
        else:
            link = f", foreign_keys=[{relation.via}]" + (", remote_side=[id]" if target == model.name else "")
        if (model.name, name) in self.dynamic and relation.kind != "one":
            link += ", lazy='dynamic'"
        back = self._back(model, name, relation)
        return f"{target!r}{link}" + (f", back_populates={back!r}" if back else "")

    def _back(self, model: Model, name: str, relation: Relation) -> str | None:
        opposite = {"many": "one", "one": "many", "link": "link"}[relation.kind]
        there = [
            other
            for other, found in self.models[relation.target].relations.items()
            if found.target == model.name and found.via == relation.via and found.kind == opposite and other != name
        ]
        here = [
            other
            for other, found in model.relations.items()
            if found.target == relation.target and found.via == relation.via and found.kind == relation.kind
        ]
        return there[0] if len(there) == 1 and len(here) == 1 else None

    def _links(self) -> dict[str, tuple[Model, Model]]:
        links: dict[str, tuple[Model, Model]] = {}
        for model in self.models.values():
            for relation in model.relations.values():
                if relation.kind == "link":
                    links.setdefault(relation.via, (model, self.models[relation.target]))
        return links


def _key_to(column: str) -> str:
    return f"{singular(column.partition('.')[0])}_id"


def _is_name(text: str) -> bool:
    """Whether a text that came out of a string can name an attribute."""
    return text.isidentifier() and not keyword.iskeyword(text)


def type_by_name(name: str) -> str:
    """The type that a column's name suggests."""
    if FLAG.match(name):
        return "Boolean"
    if NUMBER.match(name):
        return "Integer"
    for ends, kind in TYPE_BY_END:
        if name.endswith(ends):
            return kind
    return "String"
