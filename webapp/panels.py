"""From a report to what the page shows of it. Reads the report as the API documents it; knows nothing of requests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from webapp import highlight, rulebook
from webapp.contexts import (
    AppliedRule,
    Doubt,
    Finding,
    Notice,
    Related,
    Result,
    Schema,
    ServerVerdict,
    Statement,
    StatementSide,
    Verdict,
)
from webapp.conversion import Report
from webapp.problems import Problem
from webapp.reporting import bug_report, report_link
from webapp.sides import side_by_side

SQL_LIMIT = 8_000
"""Characters of one statement, and of its parameters, that are shown."""

_HEADLINES = {
    "same": "Proven the same",
    "different": "Behaves differently",
    "not_run": "Not proven",
}
_STATEMENT_LABELS = {
    ("same", "identical"): "identical SQL",
    ("same", "labels"): "equal up to labels",
    ("same", "different"): "same rows, other SQL",
    ("different", "one-sided"): "one side only",
}
_PLAIN = {"same": "same", "different": "different", "not_run": "not run"}


def panel(report: Report, report_url: str = "") -> Result:
    """The whole result; `report_url` is where a wrong translation may be reported."""
    findings = [_finding(item) for item in report["diagnostics"]]
    verification = report["verification"]
    verdict = _verdict(verification) if verification else None
    return Result(
        changed=report["changed"],
        summary=_summary(report, verdict),
        rows=side_by_side(report["source"], report["output"], highlight.python_lines),
        findings=sorted(findings, key=lambda finding: finding.line),
        applied=_applied(report["changes"]),
        verdict=verdict,
        statements=[_statement(n, item) for n, item in enumerate(verification["statements"], 1)]
        if verification
        else [],
        schema=_schema(verification, report["options"]) if verification else None,
        doubt=_doubt(report, report_url),
        tool_version=report["tool_version"],
        milliseconds=_timing(report.get("milliseconds") or {}),
    )


def script_data(report: Report, result: Result) -> dict[str, Any]:
    """What the editor's script needs: ranges to underline, words that change, the text to copy."""
    lines = highlight.split_lines(report["source"])
    return {
        "output": report["output"],
        "diagnostics": report["diagnostics"],
        "marks": [
            [cell.number, *(_utf16(lines[cell.number - 1], column) for column in mark)]
            for cell in (row.before for row in result.rows)
            if cell is not None
            for mark in cell.marks
        ],
    }


def notice(problem: Problem) -> Notice:
    """A refusal in prose."""
    start = problem.extra.get("range")
    line = start["start"]["line"] if isinstance(start, dict) else None
    return Notice(problem.slug, problem.kind.title, problem.detail, problem.kind.remedy, line)


def notice_data(problem: Problem) -> dict[str, Any]:
    """A refusal as a diagnostic, for the editor to underline."""
    place = problem.extra.get("range")
    if place is None:
        return {}
    found = {"severity": "error", "slug": problem.slug, "message": problem.detail, "range": place, "related": []}
    return {"diagnostics": [found]}


def _utf16(line: str, column: int) -> int:
    """A column in the units that browsers count in."""
    return column + sum(character > "\uffff" for character in line[:column])


def _summary(report: Report, verdict: Verdict | None) -> str:
    changes, findings = len(report["changes"]), len(report["diagnostics"])
    counted = [_count(changes, "change")] * bool(changes) + [_count(findings, "note")] * bool(findings)
    text = f"{', '.join(counted)}." if counted else "Nothing to change."
    return f"{text} {verdict.headline}." if verdict else text


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _timing(milliseconds: Mapping[str, float]) -> str:
    names = (("translate", "translated"), ("prove", "proven"))
    spent = [f"{word} in {milliseconds[name]:.0f} ms" for name, word in names if milliseconds.get(name)]
    return f"{', '.join(spent).capitalize()}." if spent else ""


def _finding(item: Mapping[str, Any]) -> Finding:
    said = item["message"].rstrip(".")
    related = [other for other in item.get("related", ()) if other["message"].rstrip(".") not in said]
    cause = item.get("cause") or ""
    return Finding(
        slug=item["slug"],
        severity=item["severity"],
        line=item["range"]["start"]["line"],
        message=_sentence(item["message"]),
        cause=_sentence(cause) if cause.rstrip(".") not in said else "",  # not the same thing twice
        related=tuple(Related(other["range"]["start"]["line"], other["message"]) for other in related),
    )


def _applied(changes: list[Mapping[str, Any]]) -> list[AppliedRule]:
    titles = {rule.slug: rule.title for rule in rulebook.entries()}
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for change in changes:
        groups.setdefault((change["rule"], change["reason"]), []).append(change)
    return [
        AppliedRule(
            slug=slug,
            title=titles.get(slug, slug),
            reason=_sentence(reason),
            lines=tuple(dict.fromkeys(change["range"]["start"]["line"] for change in group)),
            review=any(change["safety"] == "review" for change in group),
            required=any(change["need"] == "required" for change in group),
        )
        for (slug, reason), group in groups.items()
    ]


def _sentence(text: str) -> str:
    if not text:
        return ""
    first = text.partition(" ")[0]
    # A name of code keeps its spelling, e.g. "where() is …".
    start = text[:1].upper() if first.isalpha() else text[:1]
    return f"{start}{text[1:]}" + ("" if text.endswith((".", "!", "?")) else ".")


def _verdict(verification: Mapping[str, Any]) -> Verdict:
    runtimes = verification.get("runtimes") or {}
    before, after = runtimes.get("before"), runtimes.get("after")
    slug, server = verification["verdict"], verification.get("server")
    return Verdict(
        slug=slug,
        headline=_headline(slug, verification),
        reason=verification.get("reason") or "",
        runtimes=f"SQLAlchemy {before} and {after}" if before and after else "",
        assumed=tuple(verification.get("assumed") or ()),
        server=ServerVerdict(server["verdict"], server["name"], server["reason"]) if server else None,
    )


def _schema(verification: Mapping[str, Any], options: Mapping[str, Any]) -> Schema | None:
    text, tables = str(verification.get("schema") or ""), list(verification.get("ddl") or ())
    if not text and not tables:
        return None
    return Schema(
        given=bool(options.get("schema")),
        models=highlight.html(highlight.python_lines(text)),
        text=text,
        ddl=highlight.html(highlight.sql_lines(_tidied(";\n\n".join(tables) + ";" if tables else ""))),
        tables=len(tables),
    )


def _doubt(report: Report, report_url: str) -> Doubt | None:
    verification = report["verification"]
    if not verification or verification["verdict"] != "different" or not report["changes"]:
        return None
    title, body = bug_report(report)
    lines = sorted({change["range"]["start"]["line"] for change in report["changes"] if change["safety"] == "review"})
    left = sorted({found["range"]["start"]["line"] for found in report["diagnostics"] if found["severity"] != "note"})
    return Doubt(tuple(lines), tuple(left), body, report_link(report_url, title, body))


def _headline(slug: str, verification: Mapping[str, Any]) -> str:
    partly = slug == "same" and verification.get("not_run_lines")
    return "Proven the same where it ran" if partly else _HEADLINES.get(slug, slug)


def _statement(number: int, item: Mapping[str, Any]) -> Statement:
    verdict, match = item["verdict"], item.get("sql_match", "")
    before, after = item.get("before"), item.get("after")
    return Statement(
        number=number,
        slug=verdict,
        label=_STATEMENT_LABELS.get((verdict, match), _PLAIN.get(verdict, verdict)),
        reason=item.get("reason") or "",
        identical=match == "identical" and bool(before) and bool(after),
        before=_side(before, after, "del"),
        after=_side(after, before, "ins"),
    )


def _side(side: Mapping[str, Any] | None, other: Mapping[str, Any] | None, tag: str) -> StatementSide | None:
    if not side:
        return None
    rows = side.get("rows")
    return StatementSide(
        line=side.get("line"),
        sql=_marked_sql(side["sql"], other["sql"] if other else side["sql"], tag),
        inline=_marked_sql(side["inline"], (other or side).get("inline") or side["inline"], tag)
        if side.get("inline")
        else None,
        parameters=_parameters(side.get("parameters")),
        rows=_count(len(rows), "row") if isinstance(rows, list) else "",
    )


def _marked_sql(sql: str, other: str, tag: str) -> Markup:
    sql, other = _tidied(sql), _tidied(other)
    lines, others = highlight.split_lines(sql), highlight.split_lines(other)
    tokens = highlight.sql_lines(sql)
    joined = [
        highlight.render(line, highlight.marked(text, counterpart)[0] if text != counterpart else [], tag)
        for line, text, counterpart in zip(
            tokens, lines, [*others, *[""] * max(0, len(lines) - len(others))], strict=False
        )
    ]
    return Markup("\n").join(joined)


def _tidied(sql: str) -> str:
    # SQLAlchemy ends its lines with a space, where a mark would look like a difference, and begins some with one.
    lines = (line.rstrip() for line in highlight.split_lines(sql[:SQL_LIMIT]))
    return "\n".join(line[1:] if line[:1] == " " and line[1:2].isalpha() else line for line in lines)


def _parameters(parameters: Any) -> str:
    if not parameters:
        return ""
    text = json.dumps(parameters, ensure_ascii=False, default=str)
    return text if len(text) <= SQL_LIMIT else f"{text[:SQL_LIMIT]}…"
