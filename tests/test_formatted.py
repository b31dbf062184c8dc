"""What is rewritten inside f-strings is valid before Python 3.12, too: no line is broken there, and no quote repeated."""

from __future__ import annotations

import ast

import libcst as cst
import pytest

from translator import translate
from translator.syntax import formatted, names

LONG = "session.query(Customer).filter(Customer.name == name).order_by(Customer.registered_at.desc()).count()"


@pytest.mark.parametrize(
    "string",
    [
        f'f"there are {{{LONG}}} of them"',
        f'f"there are {{{LONG}:>9}} of them, and {{{LONG}!r}}"',
        f'f"""there are {{{LONG}}} of them"""',
        "f'{session.query(User).enable_eagerloads(False).all()} and {session.query(User).join(\"orders\").all()}'",
        "f\"{session.query(User).order_by('id').first()} {conn.execute('select a from t where a = %s', 5).scalar()}\"",
        "f'{f\"{session.query(User).get(1)}\"}'",
    ],
)
def test_what_comes_out_is_valid(string: str) -> None:
    """Nothing in an f-string is laid out over lines, and strings in it keep other quotes than its own."""
    source = f"from sqlalchemy.orm import Session\n\ndef f(session: Session, conn, name):\n    return {string}\n"
    output = translate(source).output
    assert ".query(" not in output
    assert "\n" not in output.partition("return ")[2].strip()
    made = ast.parse(output)
    string_of = next(node for node in ast.walk(made) if isinstance(node, ast.JoinedStr))
    quote = ast.get_source_segment(output, string_of) or ""
    if not quote.startswith('f"""'):
        assert quote[1] not in quote[2:-1]


def test_strings_that_hold_both_quotes_stay() -> None:
    """There is no other way to write them."""
    old = cst.ensure_type(cst.parse_expression("f'{x}'"), cst.FormattedString)
    new = cst.ensure_type(cst.parse_expression('f"{x[\'\\"\']}"'), cst.FormattedString).with_changes(
        start="f'", end="'"
    )
    assert names.code(formatted.requoted(old, new)) == names.code(new)
