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
    """MariaDB, too."""
    ORACLE = "oracle"
    MSSQL = "mssql"


class Style(StrEnum):
    """How close the output keeps to what the code did on data that should not be there."""

    EXACT = "exact"
    """The same on all data, e.g. an exception where several rows come back for one."""
    CONCISE = "concise"
    """The shorter form where the two differ only on such data: `session.scalar(stmt)`."""


class Models(StrEnum):
    """How declarative models are written."""

    TYPED = "typed"
    """`name: Mapped[str] = mapped_column(...)`, a DeclarativeBase class."""
    COLUMNS = "columns"
    """`name = mapped_column(...)`, without annotations."""
    NONE = "none"
    """As they are; 2.x still takes them."""


class Dynamic(StrEnum):
    """What becomes of relationships with `lazy="dynamic"`."""

    CERTAIN = "certain"
    """`WriteOnlyMapped`, where they are used in sight, each use has a form that does the same, and nothing in sight may walk
    the attributes of their class by names that no file has."""
    WRITE_ONLY = "write_only"
    """`WriteOnlyMapped` also where no use is in sight, or an attribute may be asked for by a name that no file has."""
    KEEP = "keep"
    """They stay, as `DynamicMapped`."""


class Python(StrEnum):
    """The oldest Python that the output is for: it decides how annotations are written."""

    PY38 = "3.8"
    PY39 = "3.9"
    PY310 = "3.10"

    @property
    def has_generics(self) -> bool:
        """Whether `list[int]` is written, else `List[int]`."""
        return self is not Python.PY38

    @property
    def has_unions(self) -> bool:
        """Whether `int | None` is written, else `Optional[int]`."""
        return self is Python.PY310


class Target(StrEnum):
    """The newest SQLAlchemy that the output has to run on; it runs on those of 2.0 in any case."""

    SA20 = "2.0"
    SA21 = "2.1"
    """Which refuses filter_by() where several entities in FROM have the name."""


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
    models: Models = Models.TYPED
    """How declarative models are written."""
    dynamic: Dynamic = Dynamic.CERTAIN
    """What becomes of relationships with `lazy="dynamic"`; with models as they are, these stay, too."""
    python: Python = Python.PY310
    """The oldest Python that annotations are written for."""
    target: Target = Target.SA21
    """The newest SQLAlchemy that the output has to run on."""
    keep_column_order: bool = False
    """Write sort_order on the columns of mixins, which 2.x puts after those of the class, where 1.x put them before."""
    check_untyped: bool = False
    """Write what type checkers accept in functions without annotations, too: pyright and a strict mypy look into them."""
    only: tuple[str, ...] = ()
    """Rule slugs to apply; empty means all."""
    skip: tuple[str, ...] = ()
    """Rule slugs not to apply."""
    schema: str = ""
    """Models that the text speaks of and doesn't show, as Python; empty: the proof makes them up from their use."""

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
        for name, kind in _CHOICES.items():
            if name in raw:
                values[name] = _choice(name, kind, raw[name])
        for name in ("convert_escaping", "convert_bulk", "keep_column_order", "check_untyped"):
            if name in raw:
                values[name] = _boolean(name, raw[name])
        for name in ("only", "skip"):
            if name in raw:
                values[name] = _slugs(name, raw[name])
        if "schema" in raw:
            values["schema"] = _source("schema", raw["schema"])
        return cls(**values)  # type: ignore[arg-type]  # checked field by field above

    def to_dict(self) -> dict[str, object]:
        """The options as JSON values, in a fixed order; `parse` reads them back."""
        return {
            name: list(value) if isinstance(value, tuple) else (str(value) if isinstance(value, StrEnum) else value)
            for name, value in asdict(self).items()
        }


_CHOICES: dict[str, type[StrEnum]] = {
    "dialect": Dialect,
    "style": Style,
    "models": Models,
    "dynamic": Dynamic,
    "python": Python,
    "target": Target,
}


def _choice(name: str, kind: type[StrEnum], value: object) -> StrEnum:
    try:
        return kind(str(value))
    except ValueError:
        raise OptionError(name, f"must be one of {', '.join(kind)}") from None


SCHEMA_BYTES = 64 * 1024


def _source(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise OptionError(name, "must be a string")
    if len(value.encode("utf-8", "surrogatepass")) > SCHEMA_BYTES:
        raise OptionError(name, f"may have {SCHEMA_BYTES // 1024} KiB")
    return value if value.strip() else ""


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
