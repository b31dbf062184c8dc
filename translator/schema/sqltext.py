"""Tables and columns that SQL text speaks of, as far as a few patterns see them. For SQL in strings only."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from translator.schema.model import TABLE as OF_TABLES
from translator.schema.model import Draft

TABLE = re.compile(
    r"\b(?:from|join|into|update|truncate(?:\s+table)?)\s+[\"`]?([A-Za-z_]\w*)[\"`]?(?:\s+(?:as\s+)?([A-Za-z_]\w*))?",
    re.IGNORECASE,
)
CREATED = re.compile(r"\bcreate\s+(?:temp\w*\s+)?(?:table|view)\s+(?:if\s+not\s+exists\s+)?[\"`]?(\w+)", re.IGNORECASE)
COMPARED = re.compile(r"\b(\w+)\s*(?:=|<>|!=|<=|>=|<|>|\blike\b)\s*('(?:[^']|'')*'|\d+)", re.IGNORECASE)
NAME = re.compile(r"(?<![:\w%.])(?:([A-Za-z_]\w*)\.)?([A-Za-z_]\w*)\b(?!\s*[(.])")
LITERAL = re.compile(r"'(?:[^']|'')*'|::\w+|\bas\s+\w+", re.IGNORECASE)
KEYWORDS = frozenset(
    [
        "select",
        "from",
        "where",
        "and",
        "or",
        "not",
        "in",
        "is",
        "null",
        "like",
        "ilike",
        "between",
        "join",
        "inner",
        "left",
        "right",
        "full",
        "outer",
        "cross",
        "on",
        "using",
        "group",
        "by",
        "order",
        "asc",
        "desc",
        "limit",
        "offset",
        "having",
        "distinct",
        "all",
        "union",
        "except",
        "intersect",
        "exists",
        "case",
        "when",
        "then",
        "else",
        "end",
        "as",
        "insert",
        "into",
        "values",
        "update",
        "set",
        "delete",
        "returning",
        "default",
        "true",
        "false",
        "count",
        "sum",
        "avg",
        "min",
        "max",
        "cast",
        "interval",
        "date",
        "time",
        "timestamp",
        "current_timestamp",
        "current_date",
        "current_time",
        "with",
        "recursive",
        "escape",
        "collate",
        "nocase",
        "for",
        "share",
        "nulls",
        "first",
        "last",
        "over",
        "partition",
        "row",
        "rows",
        "only",
        "fetch",
        "next",
        "create",
        "table",
        "drop",
        "alter",
        "index",
        "primary",
        "key",
        "integer",
        "text",
        "varchar",
        "begin",
        "commit",
        "rollback",
        "if",
        "view",
        "temp",
        "temporary",
        "natural",
        "lateral",
        "pragma",
        "explain",
        "vacuum",
        "analyze",
        "truncate",
        "replace",
        "conflict",
        "do",
        "nothing",
    ]
)


@dataclass(slots=True)
class Mentioned:
    """What one piece of SQL mentions: columns by table, and literals by column."""

    tables: dict[str, set[str]] = field(default_factory=dict)
    literals: list[tuple[str, str | int]] = field(default_factory=list)


def mentioned(sql: str) -> Mentioned:
    """Tables with their columns. Tables that the text creates itself are left out."""
    found = Mentioned()
    created = {name.lower() for name in CREATED.findall(sql)}
    aliases: dict[str, str] = {}
    for table, alias in TABLE.findall(sql):
        if table.lower() in KEYWORDS - {"table"} or table.lower() in created:
            continue
        found.tables.setdefault(table, set())
        aliases[table] = table
        if alias and alias.lower() not in KEYWORDS:
            aliases[alias] = table
    if not found.tables or created:
        return Mentioned()
    for owner, column in NAME.findall(LITERAL.sub(" ", sql)):
        if column.lower() in KEYWORDS or column in aliases:
            continue
        owners = [aliases[owner]] if owner in aliases else list(found.tables)
        for table in owners:
            found.tables[table].add(column)
    for column, literal in COMPARED.findall(sql):
        found.literals.append((column, int(literal) if literal.isdigit() else literal[1:-1].strip("%")))
    return found


def note(text: str, draft: Draft) -> None:
    """Note the tables and columns that a statement names, and what it compares them with."""
    found = mentioned(text)
    for table, columns in found.tables.items():
        known = draft.table(table)
        for column in sorted(columns):
            literal = next((value for name, value in found.literals if name == column), None)
            kind = {int: "Integer", str: "String"}.get(type(literal)) if literal is not None else None
            if column not in known:
                draft.column(OF_TABLES + table, column, kind)
    for column, literal in found.literals:
        draft.constant(column, literal)
