"""Sample values by name and annotation, for parameters and names that a paste uses and nothing gives: such that filters hit.

A value that some row has in a column of this name comes first. Runs on either SQLAlchemy.
"""

from __future__ import annotations

import datetime
import inspect
from typing import Any

from sqlalchemy import orm

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
LIST_ENDS = ("names", "titles", "emails", "tags", "codes", "slugs", "words", "labels")
FLAG_STARTS = ("is_", "has_", "only_", "include_", "with_", "active", "enabled")


class Sampler:
    """Makes sample values out of the rows of one run."""

    def __init__(self, seeder: Seeder) -> None:
        self._seeder = seeder

    def plain(self, name: str) -> Any:
        """A plain value for something of this name."""
        low = name.lower()
        if low.endswith(("ids", "pks")):
            return [1, 2]
        if low in NUMBER_WORDS:
            return NUMBER_WORDS[low]
        if low == "id" or low.endswith(("_id", "_pk")):
            return 1
        try:
            return self._seeder.first_row(name)
        except KeyError:
            return _by_name(low)

    def typed(self, name: str, annotation: Any) -> Any:
        """A value of the type that an annotation names; None if it names none that is known."""
        text, low = annotation_text(annotation).lower().replace("typing.", ""), name.lower()
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
        found = self.plain(low)
        return found if isinstance(found, str) else "ada"

    def entity(self, name: str, session: Any) -> Any:
        """The first row of a model whose name this is, e.g. `user` for `User`; `current_user` too. None without one."""
        low = name.lower().replace("_", "").removeprefix("current")
        for mapper in self._seeder.mappers:
            if mapper.class_.__name__.lower() == low:
                with session.no_autoflush:
                    return session.query(orm.class_mapper(mapper.class_)).order_by(*mapper.primary_key).first()
        return None

    def model(self) -> Any:
        """The first mapped class; None without one."""
        return next((mapper.class_ for mapper in self._seeder.mappers), None)


SIMPLE = {
    "float": 10.5,
    "bool": True,
    "datetime": datetime.datetime(2020, 1, 1),
    "date": datetime.date(2020, 1, 1),
}


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
    if low in ("data", "values", "payload", "attrs", "fields", "params", "filters"):
        return {}
    return "ada"


def annotation_text(annotation: Any) -> str:
    """An annotation as it was written."""
    if annotation is inspect.Parameter.empty:
        return ""
    if isinstance(annotation, str):
        return annotation
    return annotation.__name__ if isinstance(annotation, type) else str(annotation).replace("typing.", "")
