"""Functions that listen to events of a connection pool: they are given the driver's connection, not SQLAlchemy's.

Knows nothing of rules. The events: https://docs.sqlalchemy.org/en/20/core/events.html#sqlalchemy.events.PoolEvents
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst

from translator.model.types import PLAIN, UNKNOWN, Function, Type
from translator.syntax import names

if TYPE_CHECKING:
    from translator.model.expressions import Expressions
    from translator.model.functions import FunctionInfo

_POOL = frozenset(
    {"connect", "first_connect", "checkout", "checkin", "reset", "invalidate", "soft_invalidate", "close", "detach",
     "close_detached"}
)  # fmt: skip


def noted(walk: Expressions, node: cst.Call, kinds: Sequence[Type]) -> None:
    """Note the function that `event.listen(target, "connect", function)` names."""
    kind = kinds[2] if len(kinds) > 2 else UNKNOWN
    if not isinstance(kind, Function) or names.literal_string(node.args[1].value) not in _POOL:
        return
    info = walk.functions.info(kind.key)
    if info is not None and not info.of_driver:
        info.of_driver = True
        walk.functions.stir("module", info.home.index)


def parameter(info: FunctionInfo, index: int) -> Type:
    """What a listener's parameter is; UNKNOWN but for the driver's connection."""
    first = int(info.owner is not None and not info.static)
    return PLAIN if index == first and (info.of_driver or _decorated(info.node)) else UNKNOWN


def _decorated(node: cst.FunctionDef) -> bool:
    for decorator in node.decorators:
        call = decorator.decorator
        if isinstance(call, cst.Call) and (names.dotted(call.func) or "").rpartition(".")[2] == "listens_for":
            return len(call.args) > 1 and names.literal_string(call.args[1].value) in _POOL
    return False
