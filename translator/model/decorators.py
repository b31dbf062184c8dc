"""Decorators by their names: which of them say what a function is, and which hand its arguments on as they stand."""

from __future__ import annotations

from collections.abc import Collection

import libcst as cst

from translator.syntax import names

STATIC = frozenset({"staticmethod", "classmethod"})
OF_CLASS = frozenset({"classmethod", "expression", "comparator"})
"""Those whose functions get the class: `@size.expression` of a hybrid does."""
PROPERTIES = frozenset({"property", "cached_property"})
MANAGERS = frozenset({"contextmanager", "asynccontextmanager"})
_FACADE = frozenset({"reader", "writer", "wrap_db_retry", "retry_on_deadlock"})
"""Decorators of oslo.db, which hand a session in and give what the function gives."""
TRANSPARENT = STATIC | PROPERTIES | _FACADE | {"abstractmethod", "override", "hybrid_property"}

KEEPING = TRANSPARENT | MANAGERS | {
    "lru_cache", "cache", "cached", "wraps", "singledispatch", "coroutine", "fixture", "route", "get", "post", "put", "patch",
    "delete", "command", "login_required", "hybrid_method", "validates", "provide_session", "retry", "deprecated",
}  # fmt: skip
"""Decorators that hand on what a function is called with as it stands."""


_KNOWN = TRANSPARENT | MANAGERS


def named(function: cst.FunctionDef, own: Collection[str] = ()) -> frozenset[str]:
    """The last parts of the names of a function's decorators; `?` for one that has none, and beside the program's `own`."""
    found = set()
    for decorator in function.decorators:
        target = decorator.decorator
        target = target.func if isinstance(target, cst.Call) else target
        name = (names.dotted(target) or "?").rpartition(".")[2]
        found |= {name, "?"} if name in own and name in _KNOWN else {name}
    return frozenset(found)
