"""What the tests of rules share: a text becomes another one, or stays as it is with a word about it.

Models beside the place in question stay as they are, unless the options say otherwise: they have tests of their own.
"""

from __future__ import annotations

from translator import Models, Options, translate

MODELS_STAY = Options(models=Models.NONE)


def transformed(source: str, expected: str, options: Options | None = None) -> None:
    """The source becomes the expected text, but for the imports that a fragment gets at its top."""
    lines = translate(source, options or MODELS_STAY).output.split("\n")
    while lines and (lines[0].startswith(("from sqlalchemy", "import sqlalchemy")) or not lines[0]):
        lines.pop(0)
    assert "\n".join(lines) == expected


def left(source: str, cause: str) -> None:
    """The source stays as it is, and a diagnostic says why."""
    translation = translate(source, MODELS_STAY)
    assert translation.output == source
    assert any(cause in diagnostic.message for diagnostic in translation.diagnostics), translation.diagnostics


def untouched(source: str) -> None:
    """The source is not SQLAlchemy's legacy API: nothing changes and nothing is said."""
    translation = translate(source, MODELS_STAY)
    assert translation.output == source
    assert not translation.diagnostics
