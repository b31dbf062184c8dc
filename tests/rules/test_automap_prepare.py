"""The arguments of `prepare()` of an automap base."""

from __future__ import annotations

import pytest

from translator import translate

HEAD = "from sqlalchemy.ext.automap import automap_base\n\nBase = automap_base()\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("engine, reflect=True", "autoload_with=engine"),
        ("engine, reflect=False", "autoload_with=engine"),  # 1.4 reflects where the first place is given
        ("engine=engine, reflect=True, schema='s'", "autoload_with=engine, schema='s'"),
        ("engine=engine, schema='s'", "schema='s'"),
        ("engine", "engine"),
        ("autoload_with=engine", "autoload_with=engine"),
    ],
)
def test_the_engine_is_named_as_2_0_does(before: str, after: str) -> None:
    """As 1.4 understood the arguments."""
    assert translate(f"{HEAD}Base.prepare({before})\n").output == f"{HEAD}Base.prepare({after})\n"


@pytest.mark.parametrize("arguments", ["reflect=True", "engine, other", "engine=engine, reflect=flag", "**options"])
def test_what_is_not_certain_stays(arguments: str) -> None:
    """With a word about it."""
    translation = translate(f"{HEAD}Base.prepare({arguments})\n")
    assert translation.output == f"{HEAD}Base.prepare({arguments})\n"
    assert any("autoload_with" in found.message for found in translation.diagnostics)
