"""String types take no more arguments about Unicode: on Python 3 every driver gives `str`, and they did nothing.

`convert_unicode=`, `unicode_error=` and the private `_warn_on_bytestring=` raise a TypeError in 2.0.
"""

from __future__ import annotations

import libcst as cst

from translator.edits import Replacement
from translator.findings import Need
from translator.model.sites import Site
from translator.rules import dropping
from translator.rules.contract import Context, Outcome, Rewrite, edit, on_call

GUIDE = "https://docs.sqlalchemy.org/en/14/core/type_basics.html#sqlalchemy.types.String.params.convert_unicode"
BEFORE = "notes = Table('notes', MetaData(), Column('id', Integer), Column('body', Unicode(80, convert_unicode=True)))"
AFTER = "notes = Table('notes', MetaData(), Column('id', Integer), Column('body', Unicode(80)))"
ON = on_call(
    "String", "Text", "Unicode", "UnicodeText", "CHAR", "VARCHAR", "NCHAR", "NVARCHAR", "CLOB", "TEXT", "Enum",
    "TINYTEXT", "MEDIUMTEXT", "LONGTEXT", "VARCHAR2", "NVARCHAR2", "NTEXT",
)  # fmt: skip
_GONE: dict[str, tuple[str, ...]] = {
    "convert_unicode": (), "unicode_error": (), "_warn_on_bytestring": (), "_expect_unicode": (), "assert_unicode": (),
}  # fmt: skip


def rewrite(site: Site, here: Context) -> Outcome:
    """Take them out."""
    call = cst.ensure_type(site.node, cst.Call)
    gone, _ = dropping.given(call, _GONE)
    if not gone:
        return None

    def build(updated: cst.Call) -> Replacement:
        return updated.with_changes(args=dropping.without(updated.args, gone))

    listed = ", ".join(f"{name}=" for name in gone)
    return Rewrite((edit(site, build),), f"{listed} did nothing on Python 3 and is refused in 2.0", Need.REQUIRED)
