"""The command line, as a person or a script runs it: in a process of its own, with real files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

LEGACY = """\
from sqlalchemy.orm import Session
from models import User


def everyone(session: Session):
    return session.query(User).order_by(User.id).all()  # all of them
"""
MODERN = """\
from sqlalchemy import select
from sqlalchemy.orm import Session
from models import User


def everyone(session: Session):
    return session.scalars(select(User).order_by(User.id)).all()  # all of them
"""
ESCAPES = """\
from sqlalchemy.orm import Session
from models import User


def everyone(session: Session):
    return session.query(User)
"""


def requery(*arguments: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the command and hand back what it printed. No traceback is ever allowed."""
    command = [sys.executable, "-m", "translator", *map(str, arguments)]
    done = subprocess.run(command, input=stdin, capture_output=True, timeout=60)
    assert b"Traceback" not in done.stderr
    return done


@pytest.fixture
def legacy(tmp_path: Path) -> Path:
    """A file of legacy code."""
    path = tmp_path / "legacy.py"
    path.write_text(LEGACY)
    return path


def test_prints_the_translated_file(legacy: Path) -> None:
    """The translation goes to standard output, the file stays as it is, the status is 0."""
    done = requery(legacy)
    assert (done.returncode, done.stdout.decode(), done.stderr) == (0, MODERN, b"")
    assert legacy.read_text() == LEGACY


def test_reads_standard_input_as_a_paste() -> None:
    """What is piped in may carry a fence, and comes out as plain code."""
    done = requery("-", stdin=b"```python\n" + LEGACY.encode() + b"```\n")
    assert (done.returncode, done.stdout.decode()) == (0, MODERN)


def test_output_keeps_bytes_that_no_edit_touches(tmp_path: Path) -> None:
    """Encoding cookie, Windows line ends and a missing last newline survive, on standard output and in the file."""
    source = b"# coding: latin-1\r\n# \xe9\r\n" + LEGACY.replace("\n", "\r\n").encode() + b"x = '\xe9'"
    path = tmp_path / "latin.py"
    path.write_bytes(source)
    expected = b"# coding: latin-1\r\n# \xe9\r\n" + MODERN.replace("\n", "\r\n").encode() + b"x = '\xe9'"
    assert requery(path).stdout == expected
    assert requery("--write", path).returncode == 0
    assert path.read_bytes() == expected


def test_diagnostics_name_place_severity_and_rule(tmp_path: Path) -> None:
    """What stays legacy is said on standard error, one line each, as compilers do."""
    path = tmp_path / "escapes.py"
    path.write_text(ESCAPES)
    done = requery(path)
    assert done.stdout.decode() == ESCAPES
    [line] = done.stderr.decode().splitlines()
    assert line.startswith(f"{path}:6:12: legacy query-escapes: ")


def test_converting_what_escapes_is_on_for_a_paste_and_off_for_files(tmp_path: Path) -> None:
    """A pasted fragment's callers are out of sight anyway; in files the caller asks for it, and it can be refused."""
    path = tmp_path / "escapes.py"
    path.write_text(ESCAPES)
    assert b"select(User)" in requery("-", stdin=ESCAPES.encode()).stdout
    assert b"select(User)" not in requery("-", "--no-convert-escaping", stdin=ESCAPES.encode()).stdout
    assert b"select(User)" in requery("--convert-escaping", path).stdout


def test_diff_applies_with_patch(legacy: Path) -> None:
    """The diff of several files is one that `patch` takes."""
    other = legacy.with_name("other.py")
    other.write_text("x = 1\n")
    done = requery("--diff", legacy, other)
    assert done.returncode == 0
    assert done.stdout.count(b"\n@@ ") == 1
    subprocess.run(["patch", "-s", str(legacy)], input=done.stdout, check=True)
    assert legacy.read_text() == MODERN


def test_write_changes_files_in_place(legacy: Path) -> None:
    """Mode and link survive; nothing else is left in the folder; a second run has nothing to do."""
    legacy.chmod(0o755)
    link = legacy.with_name("link.py")
    link.symlink_to(legacy)
    done = requery("--write", link)
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"link.py: 2 changes written" in done.stderr
    assert link.is_symlink()
    assert legacy.read_text() == MODERN
    assert legacy.stat().st_mode & 0o777 == 0o755
    assert sorted(path.name for path in legacy.parent.iterdir()) == ["legacy.py", "link.py"]
    assert requery("--write", link).stderr == b""


def test_check_tells_by_its_status(legacy: Path, tmp_path: Path) -> None:
    """1 for code that would change and for legacy code that would stay, 0 for modern code; no translation printed."""
    assert requery("--check", legacy).returncode == 1
    assert requery("--check", legacy).stdout == b""
    assert b"would change" in requery("--check", legacy).stderr
    escapes = tmp_path / "escapes.py"
    escapes.write_text(ESCAPES)
    assert requery("--check", escapes).returncode == 1
    modern = tmp_path / "modern.py"
    modern.write_text(MODERN)
    assert requery("--check", modern).returncode == 0


def test_a_folder_is_walked_but_not_its_environments(tmp_path: Path) -> None:
    """Python files below a folder, in order; environments, hidden folders and caches are somebody else's."""
    for name in ("b.py", "a/c.py", ".hidden/d.py", "env/pyvenv.cfg", "env/e.py", "node_modules/f.py", "g.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(LEGACY)
    (tmp_path / "a" / "__init__.py").write_text("")
    done = requery("--check", tmp_path)
    assert done.returncode == 1
    assert done.stderr.decode().splitlines() == [f"{tmp_path}/{name}: would change" for name in ("b.py", "a/c.py")]


def test_json_is_one_report_a_line(legacy: Path) -> None:
    """Reports and refusals alike are JSON on standard output, with the path."""
    bad = legacy.with_name("bad.py")
    bad.write_text("a = (\n")
    done = requery("--format", "json", legacy, bad)
    good, refused = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 2
    assert (good["path"], good["schema"], good["changed"], good["output"]) == (str(legacy), 1, True, MODERN)
    assert good["verification"] is None
    assert refused["error"]["kind"] == "not-python"
    assert refused["error"]["start"] == {"line": 1, "column": 5}


def test_verify_prints_the_verdict(legacy: Path) -> None:
    """The proof runs in the jail and names the runtimes; the translation is printed all the same."""
    done = requery("--verify", legacy)
    assert done.stdout.decode() == MODERN
    assert f"{legacy}: same: " in done.stderr.decode()
    assert b"1.4.54" in done.stderr


def test_rules_can_be_chosen(legacy: Path) -> None:
    """--only and --skip take the names that --rules lists; an unknown name is refused with a hint."""
    listed = [line.split(":")[0] for line in requery("--rules").stdout.decode().splitlines()]
    assert "query-all" in listed
    assert requery("--skip", "query-all", legacy).stdout.decode() == LEGACY
    done = requery("--only", "query-al", legacy)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"did you mean query-all?" in done.stderr


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (b"", "empty"),
        (b"SELECT * FROM users", "not-python"),
        (b'print "x"', "python-2"),
        (b"x = 1\n" * 11_100, "too-large"),
        (b"x\0", "encoding"),
        (b"x = '\xed\xa0\x80'", "encoding"),
        (b"(" * 2_000, "too-complex"),
    ],
)
def test_bad_input_is_one_clear_line(source: bytes, kind: str) -> None:
    """Status 2, nothing on standard output, one line on standard error."""
    done = requery("-", stdin=source)
    assert (done.returncode, done.stdout) == (2, b"")
    [line] = done.stderr.decode().splitlines()
    assert line.startswith("<stdin>:")
    assert f"error {kind}: " in line


@pytest.mark.parametrize(
    "source", ["while True: pass\n", 'x = "a" * 10**10\n', 'open("/etc/passwd")\n', "import socket\nsocket.socket()\n"]
)
def test_translating_never_runs_the_code(source: str) -> None:
    """What would hang, fill the memory or reach out is text like any other."""
    done = requery("-", stdin=source.encode())
    assert (done.returncode, done.stdout.decode()) == (0, source)


def test_one_bad_file_does_not_stop_the_others(legacy: Path) -> None:
    """The status says that something was wrong; every other file is written whole, the bad one not at all."""
    bad = legacy.with_name("a_bad.py")
    bad.write_text("session.query(User).all(\n")
    missing = legacy.with_name("missing.py")
    done = requery("--write", bad, missing, legacy)
    assert done.returncode == 2
    assert b"error not-python: " in done.stderr
    assert b"error unreadable: The file can't be read: No such file or directory" in done.stderr
    assert legacy.read_text() == MODERN
    assert bad.read_text() == "session.query(User).all(\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], b"say which files"),
        (["--write", "-"], b"--write needs files"),
        (["-", "x.py"], b"several files can't all be printed"),
        (["--dialect", "db2", "-"], b"invalid choice"),
        (["--diff", "--write", "-"], b"not allowed with"),
    ],
)
def test_a_wrong_command_line_says_what_to_do(arguments: list[str], words: bytes) -> None:
    """Status 2 and a sentence."""
    done = requery(*arguments)
    assert done.returncode == 2
    assert words in done.stderr


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    """A mistyped folder must not look like clean code."""
    done = requery("--check", tmp_path)
    assert done.returncode == 2
    assert b"no Python files" in done.stderr


def test_large_files_are_taken(tmp_path: Path) -> None:
    """The limit of a paste does not hold for files."""
    path = tmp_path / "large.py"
    path.write_text(LEGACY + "x = 1  # filler\n" * 5_000)
    assert requery(path).stdout.decode().startswith(MODERN)


def test_version() -> None:
    """The version is printed with the name."""
    assert requery("--version").stdout.startswith(b"requery ")
