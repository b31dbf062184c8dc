"""The text before the parser: what is undone, what is refused, and that everything finds its way back."""

from __future__ import annotations

import time

import libcst as cst
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pace import allowed
from translator.findings import SourceError, SourceErrorKind, Span
from translator.prepare import MAX_NESTING, MAX_SOURCE_BYTES, decode, encode, prepare, syntax_error
from translator.prepare.layout import align


def refusal(source: str, limit: int | None = MAX_SOURCE_BYTES) -> SourceError:
    """The error that a source is refused with."""
    with pytest.raises(SourceError) as caught:
        prepare(source, limit)
    return caught.value


@pytest.mark.parametrize(
    ("pasted", "code", "undone"),
    [
        ("```python\nx = 1\n```\n", "x = 1\n", "Markdown fences"),
        ("It's here:\n\n```py\nx = 1\n```\nand\n```sql\nselect 1\n```\n~~~\ny\n~~~\n", "x = 1\ny\n", "Markdown fences"),
        ("- so:\n  ```\n  x = 1\n  ```", "x = 1\n", "Markdown fences"),
        (">>> for a in b:\n...     a\n...\n1\n>>> c\n", "for a in b:\n    a\n\nc\n", "prompts"),
        ("In [1]: for a in b:\n   ...:     a\nOut[1]: 5\nIn [2]: c", "for a in b:\n    a\nc", "prompts"),
        ("  9  if a:\n 10      b\n", "if a:\n    b\n", "line numbers"),
        ("1: a\n2: b\n", "a\nb\n", "line numbers"),
        ("+a = 1\n+b = 2\n", "a = 1\nb = 2\n", "diff marks"),
        ("--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@ def f\n a\n-b\n+c\n", "a\nc\n", "diff marks"),
        ("-a = 1\n-b = 2\n", "a = 1\nb = 2\n", "diff marks"),
        ("> a = 1\n> b\n", "a = 1\nb\n", "quote marks"),
        ("x\u00a0= 1\n", "x = 1\n", "special spaces"),
        ("x = \u201ca\u201d + \u2018b\u2019\n", "x = \"a\" + 'b'\n", "curly quotes"),
        ("x\u200b = 1\n", "x = 1\n", "invisible characters"),
    ],
)
def test_undoes_what_pasting_does(pasted: str, code: str, undone: str) -> None:
    """Fences, prompts, numbers, marks and odd characters are taken off, and it is said which."""
    prepared = prepare(pasted)
    assert prepared.code == code
    assert undone in prepared.undone


@pytest.mark.parametrize(
    "source",
    [
        'def f():\n    """\n    >>> f()\n    1\n    ```\n    text\n    ```\n    """\n',
        'x = """\n@@ -1 +1 @@\n+a\n"""\n',
        'x = "\u00a0\u201c" # \u200b\u00a0\n',
        "x = (a\n+ b\n- c)\n",
        "1 + 2\n2 + 3\n",
        "f'{a['b']}' + f'{x!r:>{w}}' + rf'\\{x}' + f'''{\n1\n}'''\n",
        "\tx\n\n\t\n\ty\n",
    ],
)
def test_leaves_real_code_alone(source: str) -> None:
    """What looks like a mark inside strings or expressions is somebody's code: nothing is undone, all comes back."""
    prepared = prepare(source)
    assert prepared.undone == ()
    assert prepared.restore(prepared.code)[0] == source


def test_a_whole_file_is_taken_as_it_is() -> None:
    """Without a limit the text is a file on disk: prompts in it are an error of its own, not something to take off."""
    assert prepare(">>> x\n", None).code == ">>> x\n"
    assert prepare("x = 1\n" * 20_000, None).code.count("\n") == 20_000


def test_common_indentation_is_taken_off_and_put_back() -> None:
    """Statements move to the margin; the inside of a multi-line string stays where it is, both ways."""
    source = '    x = """\n  text\n"""\n    if x:\n        y\n'
    prepared = prepare(source)
    assert prepared.code == 'x = """\n  text\n"""\nif x:\n    y\n'
    assert prepared.restore(prepared.code)[0] == source
    changed = "import a\n" + prepared.code.replace("y", "z = '''\n q'''")
    assert prepared.restore(changed)[0] == (
        "    import a\n" + '    x = """\n  text\n"""\n    if x:\n' + "        z = '''\n q'''\n"
    )


def test_a_first_line_copied_without_its_indentation() -> None:
    """A selection that starts in the middle of a line is understood; a block's own indentation is not touched."""
    assert prepare("x = 1\n    y = 2\n    z = 3\n").code == "x = 1\ny = 2\nz = 3\n"
    assert prepare("def f():\n    y = 2\n    z = 3\n").code == "def f():\n    y = 2\n    z = 3\n"


def test_positions_are_positions_in_the_paste() -> None:
    """Lines and columns count what was taken off in front, dropped above and removed inside a line."""
    prepared = prepare("Look:\n```\n>>> a = 1\n1\n>>> b\u200b = c\n```\n")
    assert prepared.code == "a = 1\nb = c\n"
    assert prepared.lines[:2] == (3, 5)
    assert prepared.span(Span(1, 0, 1, 1)) == Span(3, 4, 3, 5)
    assert prepared.span(Span(2, 4, 2, 5)) == Span(5, 9, 5, 10)


def test_mixed_newlines_and_form_feeds_come_back_after_an_edit() -> None:
    """Every line that is still there keeps its own ending; a new line gets the ending used most."""
    source = "\ufeffa = 1\r\n\x0cdef f():\n    b\r\n    c\rd\r\n"
    prepared = prepare(source)
    assert prepared.code == "a = 1\ndef f():\n    b\n    c\nd\n"
    assert prepared.restore(prepared.code)[0] == source
    edited = prepared.code.replace("    b\n", "    b\n    new\n").replace("d\n", "e\n")
    assert prepared.restore(edited)[0] == "\ufeffa = 1\r\n\x0cdef f():\n    b\r\n    new\r\n    c\re\r\n"


_LINES = st.lists(st.sampled_from(["a = 1", "    b", "", "  ", "\tc", '"""', "# d", "def f():", "x = '''", "(", ")"]))
_ENDINGS = st.sampled_from(["\n", "\r\n", "\r"])


@given(lines=_LINES, data=st.data(), bom=st.booleans(), final=st.booleans(), mixed=st.booleans())
@settings(max_examples=400, deadline=None)
def test_restoring_what_was_prepared_gives_the_source(
    lines: list[str], data: st.DataObject, bom: bool, final: bool, mixed: bool
) -> None:
    """restore(prepare(x).code) is x, whatever the newlines, the indentation, the strings and the BOM."""
    one = data.draw(_ENDINGS)
    endings = [data.draw(_ENDINGS) if mixed else one for _ in lines]
    text = "".join(line + ending for line, ending in zip(["x", *lines], [one, *endings], strict=True))
    source = ("\ufeff" if bom else "") + (text if final else text + "y")
    prepared = prepare(source)
    assert prepared.restore(prepared.code) == (source, tuple(range(1, prepared.code.count("\n") + 2)))
    assert len(prepared.lines) == prepared.code.count("\n") + 1


@given(old=st.lists(st.sampled_from("abcde")), new=st.lists(st.sampled_from("abcdef")))
def test_alignment_is_rising_and_keeps_equal_texts(old: list[str], new: list[str]) -> None:
    """Origins never go back, and a text against itself is matched line by line."""
    origins = [origin for origin in align(old, new) if origin is not None]
    assert origins == sorted(set(origins))
    assert align(old, old) == list(range(len(old)))


@pytest.mark.parametrize(
    ("source", "kind", "place"),
    [
        ("", SourceErrorKind.EMPTY, None),
        (" \n\t\n", SourceErrorKind.EMPTY, None),
        ("# nothing\n", SourceErrorKind.EMPTY, None),
        ("a\nb\0", SourceErrorKind.ENCODING, (2, 1)),
        ("a = '\ud800'", SourceErrorKind.ENCODING, (1, 5)),
        ("x = 1\n" * 11_000, SourceErrorKind.TOO_LARGE, None),
        ("\u00e9" * 40_000, SourceErrorKind.TOO_LARGE, None),
        ("(" * 2_000, SourceErrorKind.TOO_COMPLEX, (1, MAX_NESTING)),
        ("({[" * 430, SourceErrorKind.TOO_COMPLEX, (1, MAX_NESTING)),
        ("f'{" * 100, SourceErrorKind.TOO_COMPLEX, (1, 3 * MAX_NESTING + 2)),
        ("x" + ".a()" * 500, SourceErrorKind.TOO_COMPLEX, None),
        ("not " * 1_000 + "x", SourceErrorKind.TOO_COMPLEX, None),
        ("if a:\n b\n" + "elif a:\n b\n" * 1_000, SourceErrorKind.TOO_COMPLEX, None),
        ("".join(" " * depth + "if a:\n" for depth in range(90)) + " " * 90 + "b", SourceErrorKind.TOO_COMPLEX, None),
        (("f(" * 60 + ")" * 60 + "\n") * 350, SourceErrorKind.TOO_COMPLEX, None),
        ("del " + "(" * 30 + "a" + ",)" * 30, SourceErrorKind.TOO_COMPLEX, None),
        ("match x:\n case " + "{1: " * 20 + "a" + "}" * 20 + ":\n  pass", SourceErrorKind.TOO_COMPLEX, None),
    ],
)
def test_refuses_what_is_no_source(source: str, kind: SourceErrorKind, place: tuple[int, int] | None) -> None:
    """Each unusable text gets its kind, and its place where there is one; the message never carries the source."""
    error = refusal(source)
    assert error.kind is kind
    if place and error.span:
        assert (error.span.start_line, error.span.start_column) == place
    assert not place or error.span
    assert len(error.message) < 250


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ('print "x"', (1, 0)),
        ("if x: print y", (1, 6)),
        ('print >>f, "x"', (1, 0)),
        ('exec "x"', (1, 0)),
        ("try:\n    a\nexcept E, e:\n    b", (3, 0)),
        ("try:\n    a\nexcept (A, B), e:\n    b", (3, 0)),
        ('raise E, "x"', (1, 0)),
        ("a <> b", (1, 2)),
        ("x = `a`", (1, 4)),
        ("x = ur'a'", (1, 4)),
        ("x = 10L", (1, 4)),
        ("x = 0777", (1, 4)),
        ("def f((a, b)): pass", (1, 0)),
        ("lambda (a, b): a", (1, 0)),
        (">>> print x", (1, 4)),
    ],
)
def test_python_2_is_called_by_its_name(source: str, place: tuple[int, int]) -> None:
    """Also where a Python 3 parser would take it for something else."""
    error = refusal(source)
    assert error.kind is SourceErrorKind.PYTHON_2
    assert error.span
    assert (error.span.start_line, error.span.start_column) == place


@pytest.mark.parametrize(
    "source",
    [
        "print(x)",
        "print",
        "x = print if y else z",
        "try:\n    a\nexcept A, B:\n    b",
        "raise E(a, b)",
        "x = .05 + 0o777 + 00 + 1_0",
        "# print x\n'print x'",
        "d = {'print': 1}\nd.print",
    ],
)
def test_python_3_is_not_taken_for_python_2(source: str) -> None:
    """Calls of print, 3.14's bare except, numbers and words in strings are Python 3."""
    assert prepare(source).code == source


@pytest.mark.parametrize(
    "unit",
    [
        '"',
        "'",
        '"""',
        "\\",
        'f"',
        'f"{',
        "{",
        "}",
        'f"{x:',
        "`",
        "\u201c\u201d",
        "\u200b",
        "\r",
        "\n",
        " a\n",
        "\x0ca\n",
        ">>> ",
        "+a\n",
        "1 a\n",
        "```\n",
        "print\n",
        "except ",
        "a,",
        "f'''\n{\n'''\n",
        "lambda ",
        "\u00e9",
        "'\\\n",
    ],
)
def test_takes_linear_time(unit: str) -> None:
    """64 KiB of anything, repeated, are dealt with in about a second, mostly in much less."""
    source = ("x = 1\n" + unit * MAX_SOURCE_BYTES).encode()[:MAX_SOURCE_BYTES].decode(errors="ignore")
    started = time.process_time()
    try:
        prepared = prepare(source)
        prepared.restore(prepared.code)
    except SourceError:
        pass
    assert time.process_time() - started < allowed(3)


@pytest.mark.parametrize(
    "source",
    [
        "f(" * 64 + ")" * 64,
        "x" + ".a()" * 120,
        "x" + " + y" * 240,
        "if a:\n b\n" + "elif a:\n b\n" * 240,
        "f'{" * 1 + "f'{a}'" + "}'",
        "x = lambda: " + "lambda: " * 200 + "1",
        "x = " + "a if b else " * 200 + "c",
    ],
)
def test_what_passes_the_guard_can_be_parsed_and_walked(source: str) -> None:
    """The limits leave the parser and a walk over its tree enough room within Python's own recursion limit."""
    tree = cst.parse_module(prepare(source).code)
    assert tree.visit(cst.CSTTransformer()).code == source


@pytest.mark.parametrize(
    ("source", "place", "words"),
    [
        ("a = (\n", (1, 4), "never closed"),
        ("```\na b\n```", (2, 2), "invalid syntax"),
        (">>> x = 1 1\n", (1, 10), "invalid syntax"),
        ("SELECT * FROM users", (1, 14), "invalid syntax"),
    ],
)
def test_a_syntax_error_has_a_place_in_the_paste(source: str, place: tuple[int, int], words: str) -> None:
    """CPython's position and words, moved to where they stand in the paste."""
    error = syntax_error(prepare(source))
    assert error.kind is SourceErrorKind.NOT_PYTHON
    assert words in error.message
    assert error.span
    assert (error.span.start_line, error.span.start_column) == place


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("x = 'é'\n".encode(), "x = 'é'\n"),
        (b"\xef\xbb\xbfx\r\n", "\ufeffx\r\n"),
        (b"# -*- coding: latin-1 -*-\nx = '\xe9'\n", "# -*- coding: latin-1 -*-\nx = 'é'\n"),
        (b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '\x80'\n", None),
    ],
)
def test_files_are_decoded_as_python_does(data: bytes, text: str | None) -> None:
    """By BOM and cookie, and encoded to the same bytes again."""
    decoded, encoding = decode(data)
    assert text is None or decoded == text
    assert encode(decoded, encoding) == data


@pytest.mark.parametrize("data", [b"x = '\xe9'\n", b"# coding: klingon\n", b"\xff\xfex\0", b"# coding: rot13\nx\n"])
def test_undecodable_files_are_refused(data: bytes) -> None:
    """A wrong byte, an unknown encoding, one that isn't text, and UTF-16."""
    with pytest.raises(SourceError) as caught:
        decode(data)
    assert caught.value.kind is SourceErrorKind.ENCODING
