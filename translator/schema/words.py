"""Names of classes, attributes and tables, one made of another. Guesses by English spelling."""

from __future__ import annotations

import re

IRREGULAR = {"children": "child", "people": "person", "men": "man", "women": "woman", "media": "medium"}


def snake(name: str) -> str:
    """`OrderLine` to `order_line`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def camel(name: str) -> str:
    """`order_line` to `OrderLine`."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def is_plural(name: str) -> bool:
    """Whether a name speaks of several: `addresses`, `children`."""
    return _last(name) in IRREGULAR or (name.endswith("s") and not name.endswith("ss"))


def singular(name: str) -> str:
    """`addresses` to `address`."""
    if (last := _last(name)) in IRREGULAR:
        return name[: len(name) - len(last)] + IRREGULAR[last]
    for end, replaced in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("s", "")):
        if name.endswith(end):
            return name[: -len(end)] + replaced
    return name


def table_name(name: str) -> str:
    """A usual table name for a class."""
    word = snake(name)
    if word.endswith("s") and not word.endswith(("ss", "us", "is", "as", "os")):
        return word  # `Users`, `ContactDetails`
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch")) else "s")


def flask_table_name(name: str) -> str:
    """The table name that Flask-SQLAlchemy gives a class."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<!^)(?=[A-Z][a-z])", "_", name).lower()


def _last(name: str) -> str:
    return name.rpartition("_")[2]
