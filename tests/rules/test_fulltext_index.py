"""Indexes of PostgreSQL's text search, whose DDL is the same."""

from __future__ import annotations

from sqlalchemy import MetaData
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex

from translator import translate

HEAD = "from sqlalchemy import Column, Computed, Index, Integer, MetaData, Table, Text, func\n"
TABLE = (
    "metadata = MetaData()\n"
    "pages = Table('pages', metadata, Column('id', Integer, primary_key=True), Column('body', Text))\n"
)


def test_the_index_is_what_it_was() -> None:
    """Nested in other functions, too; a configuration that is an expression stays."""
    index = "Index('i', func.{0}('english', func.coalesce(pages.c.body, 'x')), func.{0}(pages.c.body))\n"
    output = translate(HEAD + TABLE + index.format("to_tsvector")).output
    assert "func.to_tsvector(literal('english'), func.coalesce(pages.c.body, 'x'))" in output
    bound: dict[str, object] = {}
    exec(output, bound)
    metadata = bound["metadata"]
    assert isinstance(metadata, MetaData)
    made = [str(CreateIndex(one).compile(dialect=postgresql.dialect())) for one in metadata.tables["pages"].indexes]
    assert made == ["CREATE INDEX i ON pages (to_tsvector('english', coalesce(body, 'x')), to_tsvector(body))"]


def test_elsewhere_it_is_bound() -> None:
    """A query binds it; what a variable holds is told of."""
    query = "from sqlalchemy import func, select\ns = select([func.to_tsvector('english', t.c.a)])\n"
    assert "func.to_tsvector('english', t.c.a)" in translate(query).output
    found = translate(HEAD + TABLE + "Index('i', func.to_tsvector(KIND, pages.c.body))\n")
    assert any("literal(KIND)" in d.message for d in found.diagnostics)
