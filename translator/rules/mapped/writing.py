"""How a relationship says that it is write-only, and what is to be said of it then."""

from __future__ import annotations

import libcst as cst

from translator.findings import Severity
from translator.rules.contract import Decline

REASON = "a write-only collection has the select() of 2.0 style, and never loads what it holds by accident"


def remark(name: str) -> Decline:
    """What has to be known of a relationship that became write-only."""
    return Decline(
        f"{name} is write-only now: code that is not in sight has to use {name}.select(), add() and remove(); it can't be "
        "walked, replaced or merged, nor deleted with its owner unless passive_deletes= leaves that to the database",
        Severity.NOTE,
    )


def lazily(arg: cst.Arg) -> cst.Arg:
    """`lazy="write_only"` for `lazy="dynamic"`, in the quotes of the text; any other argument as it is."""
    if arg.keyword is None or arg.keyword.value != "lazy" or not isinstance(arg.value, cst.SimpleString):
        return arg
    return arg.with_changes(value=arg.value.with_changes(value=arg.value.value.replace("dynamic", "write_only")))
