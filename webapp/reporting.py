"""A case as a bug report: what was pasted, what came out and how it differs, as Markdown. Knows nothing of HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

LINK_LIMIT = 7_000
"""Characters of a link that browsers and servers pass on whole."""
_CUT = "\n\n(The rest did not fit into a link: please paste it here.)\n"


def fenced(code: str) -> str:
    """Code as a Markdown block."""
    # A fence must be longer than any run of backticks in the code, or the code could end it.
    longest = max((len(run) for run in re.findall(r"`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}python\n{code.rstrip()}\n{fence}"


def bug_report(report: Mapping[str, Any]) -> tuple[str, str]:
    """Title and text for a translation that was proven different."""
    proof = report["verification"]
    rules = ", ".join(dict.fromkeys(change["rule"] for change in report["changes"])) or "no rule"
    runtimes = proof.get("runtimes") or {}
    parts = [
        f"{proof['reason']}\n",
        f"Requery {report['tool_version']}, SQLAlchemy {runtimes.get('before')} and {runtimes.get('after')}; rules: {rules}.\n",
        f"Pasted:\n\n{fenced(report['source'])}\n",
        f"Translated:\n\n{fenced(report['output'])}\n",
    ]
    schema = report["options"].get("schema")
    if schema:
        parts.append(f"Models given:\n\n{fenced(schema)}\n")
    return f"Behaves differently: {rules}"[:120], "\n".join(parts)


def report_link(template: str, title: str, body: str) -> str:
    """The address of a prefilled form: `{title}` and `{body}` in the template, or a query of these names behind it."""
    if not template:
        return ""
    if "{body}" not in template:
        template += ("&" if "?" in template else "?") + "title={title}&body={body}"
    while len(link := _filled(template, title, body)) > LINK_LIMIT:
        kept = body.removesuffix(_CUT)
        if len(kept) < 200:
            break
        body = kept[: len(kept) * 3 // 4] + _CUT
    return link


def _filled(template: str, title: str, body: str) -> str:
    return template.replace("{title}", quote(title, safe="")).replace("{body}", quote(body, safe=""))
