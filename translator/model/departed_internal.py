"""Internal names of SQLAlchemy 1.4 that 2.x has elsewhere or not at all. Data only.

Held against the modules of 1.4.54, 2.0.58 and 2.1.9.
"""

from __future__ import annotations

_ELSEWHERE = {
    ("sqlalchemy.engine.interfaces", "sqlalchemy.util"): "await_only",
    ("sqlalchemy.engine.result", "sqlalchemy.util"): "HasMemoized",
    ("sqlalchemy.engine.util", "sqlalchemy.util"): "immutabledict",
    ("sqlalchemy.ext.associationproxy", "sqlalchemy.sql.expression"): "ColumnOperators",
    ("sqlalchemy.ext.declarative.extensions", "sqlalchemy.orm"): "registry",
    ("sqlalchemy.orm.context", "sqlalchemy.sql"): "ClauseElement",
    ("sqlalchemy.orm.context", "sqlalchemy.orm"): "aliased",
    ("sqlalchemy.orm.dynamic", "sqlalchemy.orm"): "object_mapper",
    ("sqlalchemy.orm.interfaces", "sqlalchemy"): "inspect",
    ("sqlalchemy.orm.loading", "sqlalchemy"): "LABEL_STYLE_TABLENAME_PLUS_COL",
    ("sqlalchemy.orm.persistence", "sqlalchemy"): "LABEL_STYLE_TABLENAME_PLUS_COL",
    ("sqlalchemy.orm.query", "sqlalchemy.sql.expression"): "SelectBase",
    ("sqlalchemy.orm.scoping", "sqlalchemy.orm"): "class_mapper",
    ("sqlalchemy.orm.session", "sqlalchemy"): "LABEL_STYLE_TABLENAME_PLUS_COL",
    ("sqlalchemy.orm.strategies", "sqlalchemy.orm"): "aliased",
    ("sqlalchemy.orm.strategy_options", "sqlalchemy.orm"): "MapperProperty PropComparator",
    ("sqlalchemy.orm.util", "sqlalchemy.sql"): "ColumnCollection",
    ("sqlalchemy.orm.util", "sqlalchemy.orm"): "PropComparator aliased join outerjoin with_polymorphic",
    ("sqlalchemy.pool.events", "sqlalchemy.engine"): "Engine",
    ("sqlalchemy.sql.default_comparator", "sqlalchemy.sql.expression"): "ClauseList",
    ("sqlalchemy.sql.default_comparator", "sqlalchemy"): "collate",
    ("sqlalchemy.sql.dml", "sqlalchemy.sql"): "ColumnCollection",
    ("sqlalchemy.sql.dml", "sqlalchemy.sql.expression"): "ReturnsRows",
    ("sqlalchemy.sql.elements", "sqlalchemy"): "between collate not_ outparam",
    ("sqlalchemy.sql.functions", "sqlalchemy.sql"): "Executable",
    ("sqlalchemy.sql.selectable", "sqlalchemy.sql.expression"): "Grouping",
    ("sqlalchemy.sql.selectable", "sqlalchemy"): "inspect",
    ("sqlalchemy.sql.traversals", "sqlalchemy.sql.expression"): "CacheKey",
    ("sqlalchemy.sql.traversals", "sqlalchemy.util"): "HasMemoized",
    ("sqlalchemy.sql.traversals", "sqlalchemy"): "inspect",
    ("sqlalchemy.sql.visitors", "sqlalchemy.util"): "symbol",
    ("sqlalchemy.util.queue", "sqlalchemy.util"): "await_only",
}
"""By the module that had names for its own use, and the one that they are to be imported from: these names."""

_UNDERSCORED = {
    "_BinaryExpression": "BinaryExpression",
    "_BindParamClause": "BindParameter",
    "_Case": "Case",
    "_Cast": "Cast",
    "_Executable": "Executable",
    "_Exists": "Exists",
    "_Extract": "Extract",
    "_False": "False_",
    "_FromGrouping": "FromGrouping",
    "_Grouping": "Grouping",
    "_Label": "Label",
    "_Null": "Null",
    "_Over": "Over",
    "_ScalarSelect": "ScalarSelect",
    "_SelectBase": "SelectBase",
    "_TextClause": "TextClause",
    "_True": "True_",
    "_Tuple": "Tuple",
    "_TypeClause": "TypeClause",
    "_UnaryExpression": "UnaryExpression",
}
"""Names of 0.7 that `sqlalchemy.sql.expression` kept until 1.4, and those of today."""

MOVED: dict[str, tuple[str, str]] = {
    **{f"{module}.{name}": (target, name) for (module, target), found in _ELSEWHERE.items() for name in found.split()},
    **{f"sqlalchemy.sql.expression.{old}": ("sqlalchemy.sql.expression", new) for old, new in _UNDERSCORED.items()},
}
"""Full name in 1.4 → module and name in 2.x."""

_GONE = {
    "sqlalchemy.dialects.postgresql.psycopg2": (
        "ENUM EXECUTEMANY_BATCH EXECUTEMANY_PLAIN HSTORE PGARRAY PGCompiler PGCompiler_psycopg2 PGDialect "
        "PGExecutionContext UUID _ColonCast _DECIMAL_TYPES _FLOAT_TYPES _INT_TYPES _PGARRAY _PGEnum _PGHStore _PGNumeric _PGUUID "
        "_server_side_id"
    ),
    "sqlalchemy.engine": "BaseCursorResult BufferedColumnResultProxy BufferedColumnRow",
    "sqlalchemy.engine.base": "MarkerTransaction _distill_params",
    "sqlalchemy.engine.cursor": (
        "BaseCursorResult BufferedColumnResultProxy BufferedColumnRow BufferedRowResultProxy "
        "FullyBufferedResultProxy LegacyCursorResult LegacyCursorResultMetaData LegacyRow _LEGACY_NO_RESULT_METADATA "
        "_LegacyNoResultMetaData _UNPICKLED"
    ),
    "sqlalchemy.engine.default": "_RendersLiteral _StrDate _StrDateTime _StrTime",
    "sqlalchemy.engine.result": "_row_as_tuple",
    "sqlalchemy.engine.row": (
        "KEY_INTEGER_ONLY KEY_OBJECTS_BUT_WARN KEY_OBJECTS_NO_WARN KEY_OBJECTS_ONLY LegacyRow MD_INDEX "
        "rowproxy_reconstructor safe_rowproxy_reconstructor"
    ),
    "sqlalchemy.engine.url": "_parse_keyvalue_args _sqla_url_quote _sqla_url_unquote",
    "sqlalchemy.engine.util": "_distill_cursor_params _distill_params",
    "sqlalchemy.event.base": "_EventMeta _create_dispatcher_class",
    "sqlalchemy.ext.associationproxy": "ASSOCIATION_PROXY _NotProvided",
    "sqlalchemy.ext.asyncio": "AsyncConnectionEvents AsyncSessionEvents",
    "sqlalchemy.ext.asyncio.scoping": "ScopedSessionMixin",
    "sqlalchemy.ext.declarative.extensions": "instrument_declarative",
    "sqlalchemy.ext.hybrid": "HYBRID_METHOD HYBRID_PROPERTY",
    "sqlalchemy.orm": "public_factory",
    "sqlalchemy.orm.attributes": "HasEntityNamespace NoKey",
    "sqlalchemy.orm.base": "NOT_EXTENSION _orm_columns",
    "sqlalchemy.orm.collections": (
        "_PlainColumnGetter _SerializableAttrGetter _SerializableColumnGetter _SerializableColumnGetterV2"
    ),
    "sqlalchemy.orm.context": (
        "ExtendedInternalTraversal _AdHocColumnsStatement _entity_namespace_key _legacy_determine_last_joined_entity"
    ),
    "sqlalchemy.orm.decl_base": "mapper",
    "sqlalchemy.orm.dynamic": "CollectionHistory DynamicCollectionAdapter",
    "sqlalchemy.orm.evaluator": "EvaluatorCompiler",
    "sqlalchemy.orm.interfaces": "NOT_EXTENSION",
    "sqlalchemy.orm.mapper": "_legacy_registry",
    "sqlalchemy.orm.persistence": (
        "BulkORMDelete BulkORMUpdate BulkUDCompileState CompileState DeleteDMLState InsertDMLState NO_VALUE "
        "ORMDMLState ORMInsert Options UpdateDMLState _EMPTY_DICT _bulk_insert _bulk_update _entity_namespace_key"
    ),
    "sqlalchemy.orm.query": (
        "GroupedElement InternalTraversal LABEL_STYLE_LEGACY_ORM ORMFromStatementCompileState "
        "SelectStatementGrouping _legacy_determine_last_joined_entity"
    ),
    "sqlalchemy.orm.relationships": "PASSIVE_MERGE",
    "sqlalchemy.orm.scoping": "ScopedSessionMixin",
    "sqlalchemy.orm.strategy_options": (
        "Generative _UnboundLoad _class_to_mapper _is_aliased_class _is_mapped_class loader_option"
    ),
    "sqlalchemy.orm.unitofwork": "_warn_for_cascade_backrefs",
    "sqlalchemy.orm.util": "randomize_unitofwork",
    "sqlalchemy.schema": "DDLBase _DDLCompiles",
    "sqlalchemy.sql.annotation": "Annotated_CompileLabel",
    "sqlalchemy.sql.base": "ImmutableColumnCollection PARSE_AUTOCOMMIT _bind_or_error prefix_anon_map",
    "sqlalchemy.sql.compiler": "_BIND_TRANSLATE_CHARS",
    "sqlalchemy.sql.ddl": "DDLBase _DDLCompiles _bind_or_error",
    "sqlalchemy.sql.elements": "PARSE_AUTOCOMMIT Traversible _NONE_NAME",
    "sqlalchemy.sql.expression": "public_factory",
    "sqlalchemy.sql.functions": "TraversibleType _GenericMeta",
    "sqlalchemy.sql.operators": "_largest _smallest",
    "sqlalchemy.sql.schema": "InternalTraversal ThreadLocalMetaData _bind_or_error",
    "sqlalchemy.sql.selectable": "DeprecatedSelectBaseGenerations DeprecatedSelectGenerations subquery",
    "sqlalchemy.sql.sqltypes": "_LookupExpressionAdapter _bind_or_error",
    "sqlalchemy.sql.traversals": (
        "ANON_NAME CACHE_IN_PLACE CALL_GEN_CACHE_KEY ExtendedInternalTraversal InternalTraversal MemoizedHasCacheKey "
        "NO_CACHE PROPAGATE_ATTRS STATIC_CACHE_KEY _CacheKey _CopyInternals _GetChildren _cache_key_traversal_visitor"
    ),
    "sqlalchemy.sql.type_api": "Traversible TraversibleType VisitableCheckKWArg _reconstitute_comparator",
    "sqlalchemy.sql.util": "ColumnSet",
    "sqlalchemy.sql.visitors": (
        "TraversibleType VisitableType _InternalTraversalType _generate_compiler_dispatch _generate_dispatcher"
    ),
    "sqlalchemy.util": (
        "EnsureKWArgType ImmutableContainer ImmutableProperties SQLALCHEMY_WARN_20 TYPE_CHECKING deprecated_20 "
        "deprecated_20_cls warn_deprecated_20"
    ),
    "sqlalchemy.util._collections": (
        "ImmutableContainer ImmutableProperties _getters _immutabledict_py_fallback _property_getters"
    ),
    "sqlalchemy.util.concurrency": "_util_async_run _util_async_run_coroutine_function asynccontextmanager",
    "sqlalchemy.util.deprecations": (
        "SILENCE_UBER_WARNING SQLALCHEMY_WARN_20 _emit_uber_warning deprecated_20 deprecated_20_cls warn_deprecated_20"
    ),
    "sqlalchemy.util.langhelpers": "EnsureKWArgType _symbol _update_argspec_defaults_into_env public_factory",
}
"""By module, names that neither 2.0 nor 2.1 has there."""

_GONE_FROM_2_1 = {
    "sqlalchemy.ext.automap": "_DeferredMapperConfig",
    "sqlalchemy.ext.declarative.extensions": "_DeferredMapperConfig",
    "sqlalchemy.orm.attributes": (
        "AttributeImpl CollectionAttributeImpl ScalarAttributeImpl ScalarObjectAttributeImpl backref_listeners "
        "create_proxied_attribute register_attribute register_attribute_impl register_descriptor unregister_attribute"
    ),
    "sqlalchemy.orm.clsregistry": "add_class remove_class",
    "sqlalchemy.orm.collections": "_set_binops_check_loose prepare_instrumentation",
    "sqlalchemy.orm.context": "ORMCompileState ORMFromStatementCompileState ORMSelectCompileState _EMPTY_DICT",
    "sqlalchemy.orm.decl_api": "_DeferredMapperConfig _as_declarative _mapper",
    "sqlalchemy.orm.decl_base": "_ClassScanMapperConfig _DeferredMapperConfig _as_declarative _mapper",
    "sqlalchemy.orm.dependency": "DependencyProcessor DetectKeySwitch ManyToManyDP ManyToOneDP OneToManyDP",
    "sqlalchemy.orm.dynamic": "AppenderMixin DynaLoader DynamicAttributeImpl",
    "sqlalchemy.orm.identity": "WeakInstanceDict",
    "sqlalchemy.orm.loading": "PostLoad load_on_ident load_on_pk_identity load_scalar_attributes",
    "sqlalchemy.orm.path_registry": (
        "AbstractEntityRegistry CachingEntityRegistry PropRegistry SlotsEntityRegistry TokenRegistry"
    ),
    "sqlalchemy.orm.persistence": "delete_obj post_update save_obj",
    "sqlalchemy.orm.query": "ORMCompileState",
    "sqlalchemy.orm.relationships": "JoinCondition _orm_annotate _orm_deannotate",
    "sqlalchemy.orm.strategies": (
        "AbstractRelationshipLoader ColumnLoader DeferredColumnLoader DoNothingLoader ExpressionColumnLoader "
        "ImmediateLoader JoinedLoader LazyLoader LoadDeferredColumns LoadLazyAttribute NoLoader ORMCompileState "
        "ORMSelectCompileState PostLoader SelectInLoader SubqueryLoader UninstrumentedColumnLoader "
        "single_parent_validator"
    ),
    "sqlalchemy.orm.strategy_options": "TokenRegistry",
    "sqlalchemy.orm.sync": "bulk_populate_inherit_keys clear populate populate_dict source_modified update",
    "sqlalchemy.orm.unitofwork": (
        "DeleteAll DeleteState IterateMappersMixin PostSortRec PostUpdateAll Preprocess ProcessAll ProcessState "
        "SaveUpdateAll SaveUpdateState track_cascade_events"
    ),
    "sqlalchemy.orm.util": "_orm_annotate _orm_deannotate",
    "sqlalchemy.pool": "FallbackAsyncAdaptedQueuePool",
    "sqlalchemy.pool.impl": "FallbackAsyncAdaptedQueuePool",
    "sqlalchemy.schema": "_DropView",
    "sqlalchemy.sql.coercions": "StrictFromClauseImpl",
    "sqlalchemy.sql.ddl": "_DropView",
    "sqlalchemy.sql.dml": "_entity_namespace_key",
    "sqlalchemy.sql.elements": "RANGE_CURRENT RANGE_UNBOUNDED",
    "sqlalchemy.sql.roles": "StrictFromClauseRole",
    "sqlalchemy.sql.selectable": "_entity_namespace_key",
    "sqlalchemy.util": "await_fallback portable_instancemethod",
    "sqlalchemy.util.concurrency": "await_fallback",
    "sqlalchemy.util.langhelpers": "_exec_code_in_env portable_instancemethod",
    "sqlalchemy.util.queue": "FallbackAsyncAdaptedQueue await_fallback",
}
"""By module, names that 2.0 still has, and 2.1 no more."""

_ADVICE = "it was internal: do without it, or look for what does its work there"

LATER: frozenset[str] = frozenset(
    f"{module}.{name}" for module, found in _GONE_FROM_2_1.items() for name in found.split()
)
"""Names of `GONE` that 2.0 still has."""

GONE: dict[str, str] = {
    **{f"{module}.{name}": _ADVICE for module, found in _GONE.items() for name in found.split()},
    **dict.fromkeys(sorted(LATER), _ADVICE),
}
"""Full name in 1.4 → what to do instead."""
