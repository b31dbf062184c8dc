"""`create_engine()` and `sessionmaker()` lose the arguments that 2.0 has no more.

Arguments that did nothing any more, or ask for what 2.0 always does (`future=True`, `convert_unicode=True`), are taken
out. Those that meant something 2.0 can't do are flagged.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need, Severity
from translator.model.sites import Site
from translator.rules import contract, dropping, url_constructor
from translator.rules.contract import Context, Decline, Outcome, Rewrite, edit, on_call
from translator.syntax import names

GUIDE = f"{contract.GUIDE}#behavioral-changes"
BEFORE = (
    "db = create_engine('sqlite://', convert_unicode=True, future=True)\nmaker = sessionmaker(db, autocommit=False)"
)
AFTER = "db = create_engine('sqlite://')\nmaker = sessionmaker(db)"
_POOLS = ("Pool", "QueuePool", "NullPool", "StaticPool", "SingletonThreadPool", "AssertionPool")
ON = on_call(
    "create_engine", "create_async_engine", "Session", "sessionmaker", "create_session", "AsyncSession", *_POOLS
)

_ENGINE: dict[str, tuple[str, ...]] = {
    "convert_unicode": (), "unicode_error": (), "encoding": (), "case_sensitive": ("True",), "future": ("True",),
    "implicit_returning": ("True", "False"), "empty_in_strategy": (), "server_side_cursors": ("False", "None"),
    "use_batch_mode": ("False",), "listeners": ("None", "[]"), "strategy": ("None", "'plain'", '"plain"'),
    "label_length": ("None",), "_initialize": ("True",), "use_threadlocal": ("False",),
    "pool_threadlocal": ("False",),
}  # fmt: skip
_SESSION: dict[str, tuple[str, ...]] = {
    "autocommit": ("False",), "future": ("True",), "weak_identity_map": ("True", "None"), "extension": ("None", "[]"),
    "enable_baked_queries": (), "_enable_transaction_accounting": ("True",),
}  # fmt: skip
_POOL: dict[str, tuple[str, ...]] = {"use_threadlocal": ("False",), "listeners": ("None", "[]")}
_MEANT = {
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
_AT_ONCE = frozenset({"empty_in_strategy", "implicit_returning", "future", "enable_baked_queries", "autocommit"})
"""Those that 2.0 still accepts with a value that means nothing."""


def rewrite(site: Site, here: Context) -> Outcome:
    """Take out what does nothing; flag what meant something."""
    call = cst.ensure_type(site.node, cst.Call)
    function = site.name.rpartition(".")[2]
    engine = function.endswith("engine")
    strategy = names.keyword(call, "strategy")
    if engine and strategy is not None and names.literal_string(strategy) == "mock":
        return _mock(site, here)
    table = _POOL if function in _POOLS else _ENGINE if engine else _SESSION
    harmless, meant = dropping.given(call, table)
    if function == "create_session":  # without it this was autocommit=True in 1.x, and is understood so
        harmless = [name for name in harmless if name != "autocommit"]
    said = tuple(
        Decline(f"{function}({name}=…) is gone from 2.0: {_MEANT.get(name, 'leave it out')}", Severity.REMOVED)
        for name in meant
    )
    handed = {
        name
        for name, value in dropping.unpacked(call, table, site.around, here.model.tree)
        if name not in _AT_ONCE or (table[name] and value not in table[name])
    }
    said += tuple(
        Decline(
            f"{function}({name}=…) is gone from 2.0, and comes with a dict here: {_MEANT.get(name, 'leave it out')}",
            Severity.REMOVED,
        )
        for name in sorted(handed)
    )
    said = (*said, *(url_constructor.remarks(call) if engine else ()))
    if function == "create_session" and names.keyword(call, "autocommit") is None and not names.starred(call):
        said = (*said, Decline(f"create_session() gave a session with autocommit=True in 1.x: {_MEANT['autocommit']}"))
    if not harmless:
        return Rewrite((), "", remarks=said) if said else None

    def build(updated: cst.Call) -> Replacement:
        return updated.with_changes(args=dropping.without(updated.args, harmless))

    need = Need.STYLE if set(harmless) <= _AT_ONCE else Need.REQUIRED
    listed = ", ".join(f"{name}=" for name in harmless)
    return Rewrite((edit(site, build),), f"{listed} has no effect in 2.0 or is refused", need, remarks=said)


def _mock(site: Site, here: Context) -> Outcome:
    function = here.name("sqlalchemy", "create_mock_engine")

    def build(updated: cst.Call) -> Replacement:
        return updated.with_changes(func=function, args=dropping.without(updated.args, {"strategy"}))

    return Rewrite((edit(site, build),), "create_mock_engine() makes what strategy='mock' made", Need.REQUIRED)
