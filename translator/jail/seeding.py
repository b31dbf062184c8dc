"""Creates and fills the tables of every model in sight, just before the first statement of the paste needs them.

Watches tables and mappers as they come into being, on either SQLAlchemy: those of the plan, and those of the paste.
"""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import MetaData, Table
from sqlalchemy.exc import NoReferenceError
from sqlalchemy.orm import Mapper

from . import rows
from .replacing import listen


class Seeder:
    """The tables and mappers in sight, which of them exist and what they were filled with."""

    def __init__(
        self, raw: sqlite3.Connection, given: Mapping[str, Sequence[rows.Row]], constants: rows.Constants
    ) -> None:
        self._raw = raw
        self._given = given
        self._constants = constants
        self._metadata: list[Any] = []
        self._tables = 0
        self._done: set[str] = set()
        self._filled: dict[str, Sequence[rows.Row]] = {}
        self.mappers: list[Any] = []
        self.invents = True
        self.once = False
        """Whether constants of the text occur in one row each."""
        self.nulls = True
        """Whether columns that may be NULL are in some row."""

    def watch(self) -> None:
        """Notice every table and every mapper from now on."""
        listen(Table, "after_parent_attach", self._attached)
        listen(Table, "before_create", self._before_create)
        listen(Table, "after_create", self._created)
        listen(Mapper, "instrument_class", lambda mapper, class_: self.mappers.append(mapper))

    def prepare(self, fresh: bool = True) -> None:
        """Create and fill what isn't there yet. The paste's own transaction, if one is open, goes on.

        `fresh` says that nothing has been written in it, so that it may be ended and begun again.
        """
        if not self._tables:
            return
        self._tables = 0
        reopened = fresh and self._raw.in_transaction
        if reopened:
            self._raw.commit()
        for metadata in self._metadata:
            for table in _in_order(metadata):
                self._make(table)
        if reopened:
            self._raw.execute("BEGIN")

    def empty(self) -> None:
        """Delete every row, and make up no others."""
        if self._raw.in_transaction:
            self._raw.rollback()
        self._given, self.invents = {}, False
        self._raw.execute("PRAGMA foreign_keys=OFF")  # the paste may have switched it on
        names = [name for (name,) in self._raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in names:
            self._raw.execute('DELETE FROM "' + name.replace('"', '""') + '"')  # noqa: S608  # quoted, and jailed

    @property
    def created(self) -> frozenset[str]:
        """The tables made so far."""
        return frozenset(self._done)

    @property
    def filled(self) -> Mapping[str, Sequence[rows.Row]]:
        """The rows that were made up, by table."""
        return self._filled

    @property
    def metadata(self) -> tuple[Any, ...]:
        """Every collection of tables in sight."""
        return tuple(self._metadata)

    def first_row(self, column: str) -> Any:
        """A value that some row has in a column of this name; raises KeyError."""
        for filled in self._filled.values():
            for row in filled:
                if row.get(column) is not None:
                    return row[column]
        raise KeyError(column)

    def held(self, column: str) -> list[Any]:
        """The values that rows have in columns of this name, without NULL."""
        return [row[column] for filled in self._filled.values() for row in filled if row.get(column) is not None]

    def _attached(self, table: Any, metadata: Any) -> None:
        if not isinstance(metadata, MetaData):
            return
        self._tables += 1
        if not any(known is metadata for known in self._metadata):
            self._metadata.append(metadata)

    def _before_create(self, target: Any, connection: Any, **_: Any) -> None:
        """The paste creates a table itself, without looking whether it is there: ours gives way."""
        if target.name in self._done:
            self._raw.execute('DROP TABLE IF EXISTS "' + target.name.replace('"', '""') + '"')
        self._done.add(target.name)

    def _created(self, target: Any, connection: Any, **_: Any) -> None:
        """The paste created a table itself, e.g. after `drop_all`: an empty one could show nothing."""
        self._fill(target)

    def _make(self, table: Any) -> None:
        if table.name in self._done or not len(table.columns):
            return
        self._done.add(table.name)
        try:
            rows.create(self._raw, table)
        except NoReferenceError:
            # a key of it points to a table of the text, which will be there when it is asked for
            self._done.discard(table.name)
            self._tables += 1
            return
        except sqlite3.OperationalError:
            # it exists, e.g. by a CREATE TABLE in a string; its rows are the paste's affair
            return
        self._fill(table)

    def _fill(self, table: Any) -> None:
        if table.name in self._given:
            made: Sequence[rows.Row] = self._given[table.name]
        elif self.invents:
            made = self._by_identity(
                table, rows.invent(table, self._filled, self._constants, once=self.once, nulls=self.nulls)
            )
        else:
            made = ()
        if made:
            self._filled[table.name] = made
        rows.insert(self._raw, table, made)

    def _by_identity(self, table: Any, made: list[rows.Row]) -> list[rows.Row]:
        """Have the discriminator name real classes, and a subclass's table only the rows of its class."""
        for mapper in self.mappers:
            if mapper.local_table is not table or mapper.polymorphic_on is None:
                continue
            if mapper.inherits is None or mapper.inherits.local_table is table:
                return _with_identities(mapper.base_mapper, made)
            return self._of_class(mapper, made)
        return made

    def _of_class(self, mapper: Any, made: list[rows.Row]) -> list[rows.Row]:
        base = mapper.base_mapper
        key = next(iter(mapper.local_table.primary_key.columns)).name
        base_key = next(iter(base.local_table.primary_key.columns)).name
        wanted = {own.polymorphic_identity for own in mapper.self_and_descendants}
        of_class = [
            row[base_key]
            for row in self._filled.get(base.local_table.name, ())
            if row.get(base.polymorphic_on.name) in wanted
        ]
        return [{**row, key: value} for row, value in zip(made, of_class, strict=False)]


def _with_identities(base: Any, made: list[rows.Row]) -> list[rows.Row]:
    identities = sorted((identity for identity in base.polymorphic_map if identity is not None), key=str)
    column = getattr(base.polymorphic_on, "name", None)
    if not identities or column not in base.local_table.columns:
        return made
    name = str(column)
    return [{**row, name: identities[number % len(identities)]} for number, row in enumerate(made)]


def _in_order(metadata: Any) -> list[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a cycle between tables: any order does, SQLite doesn't check
        try:
            return list(metadata.sorted_tables)
        except NoReferenceError:  # what a key points to isn't there yet, or never
            return list(metadata.tables.values())
