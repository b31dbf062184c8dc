"""The text forms of a share: Python, diff, SQL, Markdown, JSON. Knows nothing of HTTP headers but the media type."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from webapp.difference import unified
from webapp.reporting import fenced
from webapp.shares import StoredShare


@dataclass(frozen=True, slots=True)
class Form:
    """One form: the suffix of its address, its media type, how it is written."""

    suffix: str
    media_type: str
    write: Callable[[StoredShare, str], str]


def _json(share: StoredShare, url: str) -> str:
    return json.dumps(document(share, url), ensure_ascii=False, indent=2) + "\n"


def document(share: StoredShare, url: str) -> dict[str, Any]:
    """A share as the API gives it."""
    return {
        "id": share.id,
        "url": url,
        "forms": {suffix: f"{url}.{suffix}" for suffix in FORMS},
        "created_at": share.created_at.isoformat(timespec="seconds"),
        "expires_at": share.expires_at.isoformat(timespec="seconds") if share.expires_at else None,
        "tool_version": share.tool_version,
        "report": share.report,
    }


def _output(share: StoredShare, _url: str) -> str:
    return str(share.report["output"])


def _source(share: StoredShare, _url: str) -> str:
    return share.source


def _diff(share: StoredShare, _url: str) -> str:
    return unified(share.source, str(share.report["output"]), "snippet.py")


def _sql(share: StoredShare, url: str) -> str:
    proof = share.report.get("verification") or {}
    runtimes = proof.get("runtimes") or {}
    parts = [f"-- {url}\n-- verdict: {proof.get('verdict', 'not_run')}. {_one_line(proof.get('reason', ''))}\n"]
    for number, statement in enumerate(proof.get("statements", ()), 1):
        parts.append(f"\n-- {number}. {statement['verdict']}\n")
        for side in ("before", "after"):
            emitted = statement.get(side)
            version = f"SQLAlchemy {runtimes[side]}" if runtimes.get(side) else side
            if emitted is None:
                parts.append(f"-- {side} ({version}): nothing emitted\n")
                continue
            parts.append(f"-- {side} ({version}), line {emitted.get('line')}\n{emitted['sql'].rstrip()};\n")
    return "".join(parts)


def _markdown(share: StoredShare, url: str) -> str:
    proof = share.report.get("verification") or {}
    lines = [f"[Translated by Requery {share.tool_version}]({url})", ""]
    if proof:
        lines += [f"Proof: **{proof['verdict'].replace('_', ' ')}**. {_one_line(proof.get('reason', ''))}", ""]
    lines += ["SQLAlchemy 1.x:", "", fenced(share.source), "", "2.0 style:", "", fenced(_output(share, url)), ""]
    for item in share.report["diagnostics"]:
        place = item["range"]["start"]["line"]
        lines.append(f"- line {place}, {item['severity']} `{item['slug']}`: {_one_line(item['message'])}")
    return "\n".join(lines).rstrip() + "\n"


def _one_line(text: object) -> str:
    return " ".join(str(text).split())


FORMS = {
    form.suffix: form
    for form in (
        Form("json", "application/json", _json),
        Form("py", "text/x-python", _output),
        Form("input.py", "text/x-python", _source),
        Form("diff", "text/x-diff", _diff),
        Form("sql", "application/sql", _sql),
        Form("md", "text/markdown", _markdown),
    )
}
