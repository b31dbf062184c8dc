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
from translator.rules.gone_arguments import AT_ONCE, ENGINE, MEANT, POOL, SESSION, refuses
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


def rewrite(site: Site, here: Context) -> Outcome:
    """Take out what does nothing; flag what meant something."""
    call = cst.ensure_type(site.node, cst.Call)
    function = site.name.rpartition(".")[2]
    engine = function.endswith("engine")
    strategy = names.keyword(call, "strategy")
    if engine and strategy is not None and names.literal_string(strategy) == "mock":
        return _mock(site, here)
    table = POOL if function in _POOLS else ENGINE if engine else SESSION
    harmless, meant = dropping.given(call, table)
    if function == "create_session":  # without it this was autocommit=True in 1.x, and is understood so
        harmless = [name for name in harmless if name != "autocommit"]
    said = tuple(
        Decline(f"{function}({name}=…) is gone from 2.0: {MEANT.get(name, 'leave it out')}", Severity.REMOVED)
        for name in meant
    )
    handed = {
        name for name, value in dropping.unpacked(call, site.around, here.model.tree) if refuses(table, name, value)
    }
    said += tuple(
        Decline(
            f"{function}({name}=…) is gone from 2.0, and comes with a dict here: {MEANT.get(name, 'leave it out')}",
            Severity.REMOVED,
        )
        for name in sorted(handed)
    )
    said = (*said, *(url_constructor.remarks(call) if engine else ()))
    if function == "create_session" and names.keyword(call, "autocommit") is None and not names.starred(call):
        said = (*said, Decline(f"create_session() gave a session with autocommit=True in 1.x: {MEANT['autocommit']}"))
    if not harmless:
        return Rewrite((), "", remarks=said) if said else None

    def build(updated: cst.Call) -> Replacement:
        return updated.with_changes(args=dropping.without(updated.args, harmless))

    need = Need.STYLE if set(harmless) <= AT_ONCE else Need.REQUIRED
    listed = ", ".join(f"{name}=" for name in harmless)
    return Rewrite((edit(site, build),), f"{listed} has no effect in 2.0 or is refused", need, remarks=said)


def _mock(site: Site, here: Context) -> Outcome:
    function = here.name("sqlalchemy", "create_mock_engine")

    def build(updated: cst.Call) -> Replacement:
        return updated.with_changes(func=function, args=dropping.without(updated.args, {"strategy"}))

    return Rewrite((edit(site, build),), "create_mock_engine() makes what strategy='mock' made", Need.REQUIRED)
