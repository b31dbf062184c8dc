"""What each template may use: one frozen dataclass a page, and the parts they are made of.

Holds data only. A contract test checks that no template asks for more.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from flask import render_template
from markupsafe import Markup

from translator import Dialect, Dynamic, Models, Options, Python, Target
from webapp.examples import Example
from webapp.problems import ProblemKind
from webapp.rulebook import RuleEntry
from webapp.sides import Row


@dataclass(frozen=True, slots=True)
class FormState:
    """What stands in the form."""

    source: str
    dialect: Dialect = Dialect.SQLITE
    convert_escaping: bool = True
    convert_bulk: bool = False
    models: Models = Models.TYPED
    dynamic: Dynamic = Dynamic.CERTAIN
    python: Python = Python.PY310
    target: Target = Target.SA21
    schema: str = ""

    @classmethod
    def of(cls, source: str, options: Options) -> FormState:
        """The form as it stands for a source and what was chosen for it."""
        chosen = {field.name: getattr(options, field.name) for field in fields(cls) if field.name != "source"}
        return cls(source, **chosen)


@dataclass(frozen=True, slots=True)
class Notice:
    """A request that was refused, in prose."""

    slug: str
    title: str
    detail: str
    remedy: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class ServerVerdict:
    """What a PostgreSQL server said to the same statements."""

    slug: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The proof as a whole."""

    slug: str
    headline: str
    reason: str
    runtimes: str
    assumed: tuple[str, ...]
    server: ServerVerdict | None = None


@dataclass(frozen=True, slots=True)
class StatementSide:
    """One statement as one side emitted it."""

    line: int | None
    sql: Markup
    inline: Markup | None
    """The same with its parameters in place, where they can be written down."""
    parameters: str
    rows: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A pair of statements and what the comparison said."""

    number: int
    slug: str
    label: str
    reason: str
    identical: bool
    before: StatementSide | None
    after: StatementSide | None


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that explains a finding."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic by its line."""

    slug: str
    severity: str
    line: int
    message: str
    cause: str
    related: tuple[Related, ...]


@dataclass(frozen=True, slots=True)
class AppliedRule:
    """The changes of one rule together."""

    slug: str
    title: str
    reason: str
    lines: tuple[int, ...]
    review: bool
    required: bool


@dataclass(frozen=True, slots=True)
class Schema:
    """The models that a proof ran on, and their tables."""

    given: bool
    models: Markup
    text: str
    ddl: Markup
    tables: int


@dataclass(frozen=True, slots=True)
class Doubt:
    """A translation that was proven different: where to look, and the report of it."""

    lines: tuple[int, ...]
    left: tuple[int, ...]
    """What the translation left to the user, which is the likelier cause."""
    body: str
    link: str


@dataclass(frozen=True, slots=True)
class Result:
    """A conversion as the page shows it."""

    changed: bool
    summary: str
    rows: list[Row]
    findings: list[Finding]
    applied: list[AppliedRule]
    verdict: Verdict | None
    statements: list[Statement]
    schema: Schema | None
    doubt: Doubt | None
    tool_version: str
    milliseconds: str


@dataclass(frozen=True, slots=True)
class ShareBanner:
    """What a page says of the share it shows."""

    id: str
    url: str
    created: str
    tool_version: str
    outdated: bool
    own: bool
    forms: tuple[str, ...]


class Page:
    """A context that knows its template."""

    template: ClassVar[str]

    def render(self) -> str:
        """The template filled with exactly the fields."""
        return render_template(self.template, **{f.name: getattr(self, f.name) for f in fields(self)})  # type: ignore[arg-type]  # every page is a dataclass


@dataclass(frozen=True, slots=True)
class ResultPartial(Page):
    """The answer to htmx, and the part of the whole page it replaces."""

    template: ClassVar[str] = "partials/result.html"

    result: Result | None
    notice: Notice | None
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class HomePage(Page):
    """The editor and its result; also the page of a share."""

    template: ClassVar[str] = "pages/home.html"

    form: FormState
    examples: tuple[Example, ...]
    result: Result | None = None
    notice: Notice | None = None
    data: dict[str, Any] = field(default_factory=dict)
    share: ShareBanner | None = None


@dataclass(frozen=True, slots=True)
class RulesPage(Page):
    """All rules."""

    template: ClassVar[str] = "pages/rules.html"

    rules: tuple[RuleEntry, ...]


@dataclass(frozen=True, slots=True)
class RulePage(Page):
    """One rule with its example."""

    template: ClassVar[str] = "pages/rule.html"

    rule: RuleEntry
    doc: Markup
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class DocsPage(Page):
    """How to use the API, and what each problem means."""

    template: ClassVar[str] = "pages/docs.html"

    base: str
    kinds: tuple[ProblemKind, ...]
    options: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class ErrorPage(Page):
    """A request outside the editor that can't be answered."""

    template: ClassVar[str] = "pages/error.html"

    status: int
    notice: Notice
