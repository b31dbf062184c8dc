"""What a caller may choose, and the one parser of it for command line, form and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum


class Dialect(StrEnum):
    """The database whose SQL is shown."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"
    MYSQL = "mysql"


class Style(StrEnum):
    """How close the output keeps to what the code did on data that should not be there."""

    EXACT = "exact"
    """The same on all data, e.g. an exception where several rows come back for one."""
    CONCISE = "concise"
    """The shorter form where the two differ only on such data: `session.scalar(stmt)`."""


class OptionError(ValueError):
    """An option has an unknown name or a value it can't take; `field` names it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Choices for one translation. Every field has a default; unknown names are refused by `parse`."""

    dialect: Dialect = Dialect.SQLITE
    """The database whose SQL is shown; the proof itself runs on SQLite."""
    style: Style = Style.EXACT
    """Whether the shorter form is written where it differs on malformed data only."""
    convert_escaping: bool = False
    """Convert a query that leaves the text in sight and flag the places where its callers must follow."""
    convert_bulk: bool = False
    """Write bulk_save_objects() and its kin as add_all(), insert() and update(): 2.x still has them, as legacy."""
    only: tuple[str, ...] = ()
    """Rule slugs to apply; empty means all."""
    skip: tuple[str, ...] = ()
    """Rule slugs not to apply."""

    @classmethod
    def parse(cls, raw: Mapping[str, object]) -> Options:
        """Read options from decoded JSON, form fields or command-line values.

        Strings stand for booleans ("true", "on", "1", "false", "off", "0", "") and, separated by commas, for lists.
        Raises `OptionError` that names the field.
        """
        known = {field.name for field in fields(cls)}
        for name in raw:
            if name not in known:
                raise OptionError(str(name)[:60], f"no such option; there are {', '.join(sorted(known))}")
        values: dict[str, object] = {}
        if "dialect" in raw:
            values["dialect"] = _dialect(raw["dialect"])
        if "style" in raw:
            values["style"] = _style(raw["style"])
        for name in ("convert_escaping", "convert_bulk"):
            if name in raw:
                values[name] = _boolean(name, raw[name])
        for name in ("only", "skip"):
            if name in raw:
                values[name] = _slugs(name, raw[name])
        return cls(**values)  # type: ignore[arg-type]  # checked field by field above

    def to_dict(self) -> dict[str, object]:
        """The options as JSON values, in a fixed order; `parse` reads them back."""
        return {
            name: list(value) if isinstance(value, tuple) else (str(value) if isinstance(value, StrEnum) else value)
            for name, value in asdict(self).items()
        }


def _dialect(value: object) -> Dialect:
    try:
        return Dialect(str(value))
    except ValueError:
        raise OptionError("dialect", f"must be one of {', '.join(Dialect)}") from None


def _style(value: object) -> Style:
    try:
        return Style(str(value))
    except ValueError:
        raise OptionError("style", f"must be one of {', '.join(Style)}") from None


def _boolean(name: str, value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in {"true", "on", "1", "yes"}:
        return True
    if isinstance(value, str) and value.lower() in {"false", "off", "0", "no", ""}:
        return False
    raise OptionError(name, "must be true or false")


def _slugs(name: str, value: object) -> tuple[str, ...]:
    items = value.split(",") if isinstance(value, str) else value
    if not isinstance(items, (list, tuple)) or not all(isinstance(item, str) for item in items):
        raise OptionError(name, "must be a list of rule names")
    return tuple(item.strip() for item in items if item.strip())
