"""Functions without annotations are written as type checkers accept them where the project has them checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from translator import Options, cli, translate
from translator.prepare.type_checkers import look_everywhere

SOURCE = """
from app import session
from app.models import User


class Store:
    def few(self):
        return self.session.query(User).count() < 3

    def drop(self):
        return self.session.query(User).filter(User.id > 3).delete()


def given(session):
    return session.query(User).count() < 3


def said(session, name: str) -> bool:
    return session.query(User).filter_by(name=name).count() < 3
"""


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("pyrightconfig.json", "{}", True),
        ("pyproject.toml", "[tool.pyright]\n", True),
        ("pyproject.toml", "[tool.mypy]\nstrict = true\n", True),
        ("pyproject.toml", "[tool.mypy]\n", False),
        ("mypy.ini", "[mypy]\ncheck_untyped_defs = True\n", True),
        ("setup.cfg", "[mypy]\nstrict = no\n", False),
        ("setup.cfg", "[mypy]\nstrict = perhaps\n", False),
    ],
)
def test_the_configuration_of_a_project_tells(tmp_path: Path, name: str, text: str, found: bool) -> None:
    """Of the nearest folders up to the top of the project."""
    (tmp_path / name).write_text(text)
    inner = tmp_path / "app"
    inner.mkdir()
    assert look_everywhere(inner / "models.py") is found
    (inner / "setup.py").touch()
    deep = inner / "app"
    deep.mkdir()
    assert not look_everywhere(deep / "models.py")


def test_they_are_left_plain_unless_they_are_checked() -> None:
    """A session that is a parameter without a type is anything to type checkers."""
    plain, checked = (translate(SOURCE, Options(check_untyped=how)).output for how in (False, True))
    assert "scalar_one()" not in plain
    assert "cast(" not in plain
    assert checked.count("scalar_one()") == 1
    assert checked.count("cast(CursorResult[Any], self.session.execute(") == 1


def test_the_command_line_reads_the_configuration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Unless it is told."""
    (tmp_path / "pyrightconfig.json").write_text("{}")
    (tmp_path / "store.py").write_text(SOURCE)
    for asked, found in ((), True), (("--no-check-untyped",), False), (("--check-untyped",), True):
        cli.main(["--diff", *asked, str(tmp_path / "store.py")])
        assert ("scalar_one()" in capsys.readouterr().out) is found
