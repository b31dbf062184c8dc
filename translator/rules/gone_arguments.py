"""The arguments of engines, pools and sessions that 2.0 has no more. No rule itself."""

from __future__ import annotations

from collections.abc import Mapping

from translator.findings import Severity
from translator.rules.contract import Decline

ENGINE: dict[str, tuple[str, ...]] = {
    "convert_unicode": (), "unicode_error": (), "encoding": (), "case_sensitive": ("True",), "future": ("True",),
    "implicit_returning": ("True", "False"), "empty_in_strategy": (), "server_side_cursors": ("False", "None"),
    "use_batch_mode": ("False",), "listeners": ("None", "[]"), "strategy": ("None", "'plain'", '"plain"'),
    "label_length": ("None",), "_initialize": ("True",), "use_threadlocal": ("False",),
    "pool_threadlocal": ("False",),
}  # fmt: skip
SESSION: dict[str, tuple[str, ...]] = {
    "autocommit": ("False",), "future": ("True",), "weak_identity_map": ("True", "None"), "extension": ("None", "[]"),
    "enable_baked_queries": (), "_enable_transaction_accounting": ("True",),
}  # fmt: skip
POOL: dict[str, tuple[str, ...]] = {"use_threadlocal": ("False",), "listeners": ("None", "[]")}
MEANT = {
    "case_sensitive": "names in rows are always case sensitive; spell keys as the database does",
    "server_side_cursors": "ask for a server-side cursor with execution_options(stream_results=True)",
    "use_batch_mode": "use executemany_mode",
    "listeners": "register listeners with event.listen()",
    "strategy": "an engine is not bound to a thread; pass a Connection, or use create_mock_engine() for strategy='mock'",
    "use_threadlocal": "an engine is not bound to a thread; pass a Connection",
    "pool_threadlocal": "an engine is not bound to a thread; pass a Connection",
    "autocommit": (
        "a session is always in a transaction: what was flushed must be followed by commit(), and begin() ends what "
        "was implicit; use `with session.begin():`"
    ),
    "future": "future=False asks for the behaviour of 1.x, which is gone",
    "weak_identity_map": "the session refers to objects weakly; keep those that must live",
    "extension": "register listeners with event.listen()",
    "_enable_transaction_accounting": "a session keeps account of its transactions always",
}
AT_ONCE = frozenset({"empty_in_strategy", "implicit_returning", "future", "enable_baked_queries", "autocommit"})
"""Those that 2.0 still accepts with a value that means nothing."""


def refuses(table: Mapping[str, tuple[str, ...]], name: str, value: str) -> bool:
    """Whether 2.0 raises for an argument of a table with that value, as it is spelled."""
    return name in table and (name not in AT_ONCE or (bool(table[name]) and value not in table[name]))


def of_engine(name: str) -> Decline:
    """What is said of such an argument among the options of an engine."""
    return Decline(f"create_engine({name}=…) is gone from 2.0: {MEANT.get(name, 'leave it out')}", Severity.REMOVED)
