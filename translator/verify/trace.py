"""What a proof is made of: verdicts, statements in pairs, the verification as a whole. Plain frozen data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """Whether both sides do the same."""

    SAME = "same"
    DIFFERENT = "different"
    NOT_RUN = "not_run"


@dataclass(frozen=True, slots=True)
class ServerCheck:
    """What a server said to the statements of both sides: its name, a verdict, a sentence."""

    name: str
    verdict: Verdict
    reason: str
    lasting: bool = True
    """Whether it would say the same another time: not where it wasn't there."""


class SqlMatch(StrEnum):
    """How far the SQL of a pair agrees."""

    IDENTICAL = "identical"
    LABELS = "labels"
    """Equal once column labels and anonymous names are set aside."""
    DIFFERENT = "different"
    ONE_SIDED = "one-sided"


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as one side emitted it. `line` is a line of the text as it was pasted, or of the output."""

    sql: str
    parameters: Any
    line: int | None
    rows: tuple[Any, ...] | None
    """The rows that the database gives; None for what isn't a SELECT."""
    inline: str | None = None
    """The SQL with its parameters in place, for people; None where a value can't be written down."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The statements of both sides that belong together; one may be missing."""

    before: Statement | None
    after: Statement | None
    verdict: Verdict
    sql_match: SqlMatch
    reason: str


@dataclass(frozen=True, slots=True)
class Runtimes:
    """The SQLAlchemy that each side ran on."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Verification:
    """The proof: a verdict with its reason in a sentence, the statements in pairs, what had to be made up."""

    verdict: Verdict
    reason: str
    runtimes: Runtimes
    dialect: str
    statements: tuple[Pair, ...]
    assumed: tuple[str, ...]
    milliseconds: float
    not_run_lines: tuple[int, ...] = ()
    """The lines with changes that did not run, of which nothing is proven."""
    schema: str = ""
    """The models that were given or made up, as Python."""
    ddl: tuple[str, ...] = ()
    """CREATE TABLE for the tables of the run, in the dialect."""
    server: ServerCheck | None = None
    """The proof once more on a server, where a deployment has one for that."""
    finished: bool = True
    """Whether both sides came to an end of their own; if not, another run may come to another verdict."""
