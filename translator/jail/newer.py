"""Names that only SQLAlchemy 2 has where 1.4 had none: a fragment of the 1.x days that uses one means something of its own.

Not those that code of 2.x is written with (`Mapped`, `mapped_column`). Data only.
"""

from __future__ import annotations

ONLY_NEWER = frozenset(
    {
        "AdaptedConnection", "AggregateOrderBy", "Alias", "BinaryExpression", "BindParameter", "Case", "Cast", "CheckFirst",
        "ClauseElement", "ClauseList", "CollectionAggregate", "ColumnClause", "ColumnCollection", "ColumnElement",
        "Compiled", "Composite", "CompoundSelect", "Connection", "CreateTable", "CursorResult", "DDLElement", "Delete",
        "Dialect", "DropTable", "Engine", "EventTarget", "ExceptionContext", "Executable", "ExecutionContext", "Exists",
        "Extract", "False_", "ForeignKeyTarget", "FrameClause", "FromClause", "FromGrouping", "FrozenResult", "Function",
        "FunctionElement", "FunctionFilter", "Grouping", "Insert", "Inspector", "IteratorResult", "Join", "Label",
        "LambdaElement", "Lateral", "MappedCollection", "MergedResult", "Named", "NestedTransaction", "Null", "NullPool",
        "Nullable", "OperatorClass", "Operators", "OrderByList", "Over", "Pool", "QueuePool", "Relationship",
        "RelationshipDirection", "Result", "ReturnsRows", "RootTransaction", "Row", "RowMapping", "ScalarResult",
        "ScalarSelect", "Select", "SelectBase", "Selectable", "StaticPool", "Subquery", "Synonym", "TableClause",
        "TableSample", "TextClause", "TextualSelect", "Transaction", "True_", "TryCast", "TypeClause", "TypeCoerce", "URL",
        "UnaryExpression", "Unmapped", "Update", "UpdateBase", "Values", "ValuesBase", "Visitable", "WithinGroup",
        "annotations", "cte", "custom_op", "label",
    }
)  # fmt: skip
