"""Sample values by name and annotation, for parameters and names that a paste uses and nothing gives: such that filters hit.

A value that some row has in a column of this name comes first. Runs on either SQLAlchemy.
"""

from __future__ import annotations

import datetime
import decimal
import inspect
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import orm

from .requesting import Payload
from .seeding import Seeder

NUMBER_WORDS = {"limit": 2, "page": 1, "per_page": 2, "offset": 1, "n": 2, "count": 2, "size": 2, "skip": 0, "top": 2}
NUMBER_STARTS = ("min_", "max_", "num_", "total_")
NUMBER_ENDS = (
    "id",
    "pk",
    "num",
    "number",
    "no",
    "count",
    "size",
    "age",
    "price",
    "amount",
    "year",
    "min",
    "max",
    "total",
    "quantity",
    "qty",
    "sum",
    "score",
    "rating",
    "salary",
    "budget",
    "cost",
    "weight",
    "level",
    "rank",
    "stock",
)
TIME_ENDS = ("date", "since", "until", "start", "end", "at", "time", "before", "after", "day", "from", "to", "cutoff")
SEVERAL = 2
"""In the place of a side: the name holds several values, as `in_()` takes them."""
LIST_ENDS = ("names", "titles", "emails", "tags", "codes", "slugs", "words", "labels")
FLAG_STARTS = ("is_", "has_", "only_", "include_", "with_", "active", "enabled")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a text does with the values that it doesn't show."""

    written: frozenset[str]
    """Names whose values go into rows and are never looked for."""
    asked: Mapping[str, Sequence[Any]]
    """Names, fields and attributes whose values are compared with a column: to it, and 1 where rows below the value pass,
    -1 above; SEVERAL."""

    bounds: Mapping[str, Sequence[Any]]
    """Names that say which rows are wanted: a number for each, and whether it stands in a slice."""

    texts: Mapping[str, str]
    """Names and fields whose values are texts, with the form of a time."""

    @classmethod
    def of(cls, plan: Mapping[str, Any]) -> Wanted:
        """What a plan says of it."""
        return cls(frozenset(plan.get("set") or ()), *(plan.get(name) or {} for name in ("asked", "bounds", "texts")))


NOTHING_WANTED = Wanted(frozenset(), {}, {}, {})


class Sampler:
    """Makes sample values out of the rows of one run."""

    def __init__(self, seeder: Seeder, wanted: Wanted = NOTHING_WANTED) -> None:
        self._seeder = seeder
        self._written = wanted.written
        self._asked = wanted.asked
        self._bounds = wanted.bounds
        self._texts = wanted.texts

    def plain(self, name: str, place: str = "") -> Any:
        """A plain value for something of this name; `place` is where it stands: `.title` of an object, `[title]` of a form."""
        found = self._found(name, place)
        if (place or name) in self._written:
            found = _another(found)
        return _as_text(found, self._texts[place or name]) if (place or name) in self._texts else found

    def is_text(self, name: str) -> bool:
        """Whether the text does with a name what only texts take."""
        return name in self._texts

    def _found(self, name: str, place: str = "") -> Any:
        low = name.lower()
        if name in self._bounds:
            return self._bounds[name][0]
        places = (place, f".{name}", f"[{name}]") if place else ()
        column, side = next((self._asked[each] for each in (*places, name) if each in self._asked), ("", 0))
        held = self._seeder.held(column) if column else []
        if low.endswith(("ids", "pks")):
            return [1, 2] if _numbered(held) else _distinct(held)[:2]
        if side == SEVERAL:
            return _distinct(held)[:2] or [_by_name(low)]
        if low in ("id", "pk") or low.endswith(("_id", "_pk")):
            held = held or self._seeder.held(low) or self._seeder.held("id")
            return 1 if _numbered(held) else held[0]
        if held:
            return held[0] if side == 0 else (max(held, key=_rank) if side > 0 else min(held, key=_rank))
        if low in NUMBER_WORDS:
            return NUMBER_WORDS[low]
        if several := self._several(low):
            return several
        try:
            return self._seeder.first_row(name)
        except KeyError:
            return _by_name(low)

    def _several(self, low: str) -> list[Any]:
        """For `kinds`, two values that rows have in a column `kind`."""
        if not low.endswith("s") or self._seeder.held(low):
            return []
        names = (low[:-1], low.removesuffix("es"), low.removesuffix("ies") + "y")
        held = next((values for name in names if (values := self._seeder.held(name))), [])
        return _distinct(held)[:2]

    def typed(self, name: str, annotation: Any) -> Any:
        """A value of the type that an annotation names; None if it names none that is known."""
        text = annotation_text(annotation).lower().replace("typing.", "")
        found = self._bounds[name][0] if name in self._bounds else self._of_type(name.lower(), text)
        return _another(found) if name in self._written else found

    def _of_type(self, low: str, text: str) -> Any:
        inner = text.removeprefix("optional[").removesuffix("]").removesuffix(" | none").rpartition(".")[2]
        if inner == "str":
            return self._string(low)
        if inner == "int":
            return NUMBER_WORDS.get(low, 1)
        if inner in SIMPLE:
            return SIMPLE[inner]
        if text.startswith(("list[int", "sequence[int", "iterable[int", "set[int")):
            return [1, 2]
        if text.startswith(("list[str", "sequence[str", "iterable[str", "set[str")):
            return ["ada", "bo"]
        return None

    def _string(self, low: str) -> str:
        found = self._found(low)
        return found if isinstance(found, str) else "ada"

    def bound(self, name: str) -> int | None:
        """The number for a name that stands in a slice; None for any other."""
        number, sliced = self._bounds.get(name, (0, False))
        return number if sliced else None

    def entity(self, name: str, session: Any) -> Any:
        """The first row of a model whose name this is, e.g. `user` for `User`; `current_user` too. None without one."""
        low = name.lower().replace("_", "").removeprefix("current")
        for mapper in self._seeder.mappers:
            if mapper.class_.__name__.lower() == low:
                with session.no_autoflush:
                    return session.query(orm.class_mapper(mapper.class_)).order_by(*mapper.primary_key).first()
        return None

    def several(self, name: str) -> list[Any]:
        """The values for `*ids`, where a name like that holds several."""
        found = self.plain(name)
        return found if isinstance(found, list) else []

    def column_of(self, model: str | None) -> dict[str, Any]:
        """A column of a mapped class of this name, with a value that some row has there: for `**values`."""
        for mapper in self._seeder.mappers if model else ():
            columns = (
                {prop.key: prop.columns[0] for prop in mapper.column_attrs} if mapper.class_.__name__ == model else {}
            )
            for key, column in columns.items():
                held = () if column.primary_key or column.foreign_keys else self._seeder.held(key)
                if held:
                    return {key: held[0]}
        return {}

    def model(self) -> Any:
        """The mapped class that the text has no name for, or the first one; None without any."""
        classes = [mapper.class_ for mapper in self._seeder.mappers]
        return next((kind for kind in classes if kind.__name__ == UNNAMED), classes[0] if classes else None)


UNNAMED = "Record"
"""What the plan calls a class that a text has no name for."""
SIMPLE = {
    "float": 10.5,
    "bool": True,
    "datetime": datetime.datetime(2020, 1, 1),
    "date": datetime.date(2020, 1, 1),
    "uuid": uuid.UUID(int=1),
}


def _distinct(values: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(value for value in values if value.__hash__ is not None))


def _numbered(keys: Sequence[Any]) -> bool:
    """Whether keys are numbers, as they are where nothing shows them; not texts or UUIDs."""
    return not keys or any(isinstance(key, int) for key in keys)


def _rank(value: Any) -> tuple[str, Any]:
    """An order among values of one column that fails for none of them."""
    comparable = isinstance(value, (int, float, str, decimal.Decimal, datetime.date, datetime.time, datetime.timedelta))
    return type(value).__name__, value if comparable else str(value)


def _another(value: Any) -> Any:
    """A value that no row has, or a write of it would change nothing."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1  # a key that exists, too
    if isinstance(value, float):
        return value + 1
    if isinstance(value, str):
        return f"new {value}"
    return value + datetime.timedelta(days=40) if isinstance(value, datetime.date) else value


def _as_text(value: Any, form: str) -> Any:
    """A number or a time as a text, for what does with it what only texts take."""
    if isinstance(value, datetime.date):
        return value.strftime(form) if form else str(value)
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _by_name(low: str) -> Any:
    if low.startswith(FLAG_STARTS):
        return True
    word = low.rpartition("_")[2]  # not e.g. `message` for `age`
    if word in NUMBER_ENDS or low.startswith(NUMBER_STARTS) or low.endswith("userid"):
        return 1
    if word in TIME_ENDS:
        return datetime.datetime(2020, 1, 1)
    if low.endswith(LIST_ENDS):
        return ["ada", "bo"]
    if low in ("data", "payload"):
        return Payload()
    if low in ("values", "attrs", "fields", "params", "filters"):
        return {}
    return "ada"


def annotation_text(annotation: Any) -> str:
    """An annotation as it was written."""
    if annotation is inspect.Parameter.empty:
        return ""
    if isinstance(annotation, str):
        return annotation
    if type(annotation).__name__ == "Placeholder":  # a class that the text doesn't show
        return str(vars(annotation)["_name"])
    return annotation.__name__ if isinstance(annotation, type) else str(annotation).replace("typing.", "")
