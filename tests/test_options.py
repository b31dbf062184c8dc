"""One parser of options for command line, form and JSON."""

from __future__ import annotations

import json

import pytest

from translator.options import Dialect, Dynamic, OptionError, Options, Style


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({}, Options()),
        ({"dialect": "mysql"}, Options(dialect=Dialect.MYSQL)),
        ({"convert_escaping": True}, Options(convert_escaping=True)),
        ({"convert_bulk": True}, Options(convert_bulk=True)),
        ({"dynamic": "write_only"}, Options(dynamic=Dynamic.WRITE_ONLY)),
        ({"convert_escaping": "on"}, Options(convert_escaping=True)),
        ({"convert_escaping": "0"}, Options()),
        ({"convert_escaping": ""}, Options()),
        ({"only": "a, b,"}, Options(only=("a", "b"))),
        ({"skip": ["a"]}, Options(skip=("a",))),
    ],
)
def test_reads_every_spelling(raw: dict[str, object], expected: Options) -> None:
    """JSON values, form fields and command-line words mean the same."""
    assert Options.parse(raw) == expected


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({"dialect": "db2"}, "dialect"),
        ({"dialect": None}, "dialect"),
        ({"dynamic": "write-only"}, "dynamic"),
        ({"convert_escaping": "perhaps"}, "convert_escaping"),
        ({"convert_escaping": 1}, "convert_escaping"),
        ({"only": 5}, "only"),
        ({"skip": [1]}, "skip"),
        ({"colour": "red"}, "colour"),
        ({"x" * 500: 1}, "x" * 60),
    ],
)
def test_refuses_by_name(raw: dict[str, object], field: str) -> None:
    """An unknown name or an impossible value is refused, and the field is named."""
    with pytest.raises(OptionError) as caught:
        Options.parse(raw)
    assert caught.value.field == field
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize(
    "options", [Options(), Options(dialect=Dialect.POSTGRESQL, style=Style.CONCISE, only=("a",), convert_escaping=True)]
)
def test_survives_json(options: Options) -> None:
    """What `to_dict` gives is JSON, in the order of the fields, and reads back as the same options."""
    raw = json.loads(json.dumps(options.to_dict()))
    assert list(raw) == [
        "dialect",
        "style",
        "convert_escaping",
        "convert_bulk",
        "models",
        "dynamic",
        "python",
        "target",
        "keep_column_order",
        "check_untyped",
        "only",
        "skip",
        "schema",
    ]
    assert Options.parse(raw) == options
