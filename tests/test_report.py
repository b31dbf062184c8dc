"""The report dict, the unified diff, and translations that cross the jail's wall as JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from translator.findings import (
    AppliedChange,
    Diagnostic,
    Need,
    Related,
    Safety,
    Severity,
    SourceErrorKind,
    Span,
    Translation,
)
from translator.options import Dialect, Options
from translator.report import SCHEMA_VERSION, MalformedAnswer, dump, load, load_error, report, unified_diff
from translator.verify.trace import Pair, Runtimes, SqlMatch, Statement, Verdict, Verification

TRANSLATION = Translation(
    source="# 🐍 é\nx = '🐍'; q.get(1)\n",
    output="# 🐍 é\nx = '🐍'; s.get(X, 1)\n",
    code_before="x = q.get(1)\n",
    code_after="x = s.get(X, 1)\n",
    lines_before=(1, 2),
    lines_after=(1, 2),
    changes=(AppliedChange("query-get", Span(2, 9, 2, 17), Span(2, 9, 2, 20), Safety.SAFE, Need.STYLE, "because"),),
    diagnostics=(
        Diagnostic("left", Severity.LEGACY, Span(2, 0, 2, 1), "stays", None, (Related(Span(1, 0, 1, 1), "here"),)),
        Diagnostic("note", Severity.NOTE, Span(1, 0, 1, 1), "known", "a cause"),
    ),
)
VERIFICATION = Verification(
    verdict=Verdict.SAME,
    reason="Equal.",
    runtimes=Runtimes("1.4.54", "2.1.9"),
    dialect="sqlite",
    statements=(
        Pair(
            Statement("SELECT 1", [1, {"time": "now"}], 2, ([1, {"Decimal": "1.50"}],)),
            None,
            Verdict.SAME,
            SqlMatch.LABELS,
            "r",
        ),
    ),
    assumed=("X is made up.",),
    milliseconds=12.5,
)


def test_the_report_has_the_agreed_keys() -> None:
    """Schema 1, JSON all through, options included."""
    found = report(TRANSLATION, VERIFICATION, Options(dialect=Dialect.MYSQL), milliseconds={"translate": 1.5})
    assert json.loads(json.dumps(found)) == found
    assert found["schema"] == SCHEMA_VERSION == 1
    assert found["options"]["dialect"] == "mysql"
    assert found["changed"] is True
    assert found["tool_version"]
    assert found["milliseconds"] == {"translate": 1.5}
    assert found["diagnostics"][0]["related"][0]["message"] == "here"
    assert found["verification"]["runtimes"] == {"before": "1.4.54", "after": "2.1.9"}
    assert found["verification"]["statements"] == [
        {
            "before": {"sql": "SELECT 1", "inline": None, "parameters": [1, "now"], "line": 2, "rows": [[1, "1.50"]]},
            "after": None,
            "verdict": "same",
            "sql_match": "labels",
            "reason": "r",
        }
    ]


def test_without_a_proof_there_is_none() -> None:
    """`verification` is null, not an empty verdict."""
    assert report(TRANSLATION, None, Options())["verification"] is None


def test_places_count_from_one_in_both_units() -> None:
    """An astral character is one code point and two UTF-16 units."""
    change = report(TRANSLATION, None, Options())["changes"][0]
    assert change["range"]["start"] == {"line": 2, "column": 10, "utf16": 11}
    assert change["range"]["end"] == {"line": 2, "column": 18, "utf16": 19}
    assert change["output_range"]["end"] == {"line": 2, "column": 21, "utf16": 22}


def test_a_translation_survives_the_crossing() -> None:
    """`load` gives back what `dump` was given, through JSON."""
    assert load(json.loads(json.dumps(dump(TRANSLATION)))) == TRANSLATION


@pytest.mark.parametrize(
    "damage",
    [
        {"source": 1},
        {"lines_before": ["a"]},
        {"lines_before": "12"},
        {"changes": [[1, 2]]},
        {"changes": [["r", [1, 2, 3], None, "safe", "style", ""]]},
        {"changes": [["r", [1, 0, 1, 0], None, "sure", "style", ""]]},
        {"diagnostics": [["s", "loud", [1, 0, 1, 0], "m", None, []]]},
        {"diagnostics": [["s", "note", [1, 0, 1, 0], None, None, []]]},
        {"diagnostics": None},
        {"output": None},
    ],
)
def test_what_is_no_translation_is_refused(damage: dict[str, Any]) -> None:
    """A jailed process may say anything; only a translation comes through."""
    with pytest.raises(MalformedAnswer):
        load({**dump(TRANSLATION), **damage})


def test_a_refusal_is_read_back() -> None:
    """Kind, message and place; anything else is no refusal."""
    error = load_error({"kind": "python-2", "message": "old", "span": [1, 2, 3, 4]})
    assert (error.kind, error.message, error.span) == (SourceErrorKind.PYTHON_2, "old", Span(1, 2, 3, 4))
    assert load_error({"kind": "empty", "message": "nothing", "span": None}).span is None
    for damaged in ({"kind": "odd", "message": ""}, {"kind": "empty"}, {"kind": "empty", "message": "", "span": [1]}):
        with pytest.raises(MalformedAnswer):
            load_error(damaged)


def test_the_diff_is_one_that_patch_reads() -> None:
    """Names with prefixes, kept line endings, and a word about a missing last newline."""
    assert unified_diff("a\n", "a\n", "x.py") == ""
    assert unified_diff("a\nb\n", "a\nc\n", "x.py") == "--- a/x.py\n+++ b/x.py\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n"
    assert unified_diff("a", "b", "x.py").endswith(
        "-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n"
    )
    assert "-a\r\n" in unified_diff("a\r\n", "b\r\n", "x.py")
