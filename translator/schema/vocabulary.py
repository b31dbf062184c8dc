"""Words that usage is read by: SQLAlchemy's own names, and those of calls that say what their arguments are. Data only."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COLUMN_LOADERS = frozenset({"load_only", "defer", "undefer"})
"""Loaders of columns, which they may name by strings."""
LOADERS = _words(
    """
    contains_eager defaultload dynamic_loader eagerload immediateload joinedload joinedload_all lazyload noload
    of_type raiseload selectinload subqueryload subqueryload_all with_parent
    """
)
"""Eager loading: their arguments are relationships."""

JOINS = _words("join outerjoin")

TEXT_TESTS = _words("endswith ilike like match not_like notilike notlike regexp_match startswith")

SETS = _words("between in_ is_ is_distinct_from is_not isnot not_in notin_")

SEVERAL = _words("in_ not_in notin_")
SIDE_OF_SEVERAL = 2
"""Beside a name that is compared with a column: it holds several values of it."""

ONE = _words(
    """
    first first_or_404 get get_or_404 one one_or_none scalar scalar_one scalar_one_or_none with_for_update
    """
)
"""What ends a chain with one object."""

ENTITY_CALLS = _words(
    """
    Bundle add_columns add_entity aliased bulk_insert_mappings bulk_update_mappings class_mapper contains_eager
    count delete exists get get_or_404 insert inspect join joinedload load_only merge outerjoin query select
    select_from selectin_polymorphic selectinload subqueryload undefer update with_entities with_polymorphic
    """
)
"""Calls whose arguments are classes."""

TABLE_CALLS = _words("alias count delete insert join outerjoin select update")
"""Methods of a table."""

NUMERIC_FUNCTIONS = _words("abs avg round sum")

TEXT_FUNCTIONS = _words("char_length concat length lower substr trim upper")

VALUE_METHODS = _words(
    """
    capitalize date day encode endswith format hex isoformat join lower month name_or replace split startswith
    strftime strip time title total_seconds upper value year
    """
)
"""Methods and attributes of plain values: what they stand on is a column, not a relationship."""

COLLECTION_METHODS = _words("add append clear discard extend insert pop remove sort")

CORE_CALLS = _words("delete insert select update")
"""What makes a statement of tables."""

QUERY_METHODS = _words("filter filter_by order_by paginate limit offset all count first one")
"""What only a dynamic relationship's collection has; `count` is a list's too, but seldom asked for there."""

TIME_WORDS = _words("date datetime now timedelta today utcnow")

KNOWN_TOP = _words(
    """
    __future__ abc collections contextlib dataclasses datetime decimal enum fastapi flask flask_sqlalchemy
    functools itertools json logging math operator os pydantic pytest random re sqlalchemy sys time typing
    typing_extensions uuid
    """
)
"""Packages whose names are no models."""

NOT_TABLES = _words(
    """
    app cls conn connection cursor data db db_session dbsession engine func literal meta metadata op orm os path
    query result results s sa self sess session so sql sqla sqlalchemy stmt text trans transaction tx values
    """
)
"""Lower-case names that stand for no table."""

NOT_OF_MODELS = _words(
    "errors exc exception exceptions fields form forms graphene ma marshmallow schemas serializers validators wtforms"
)
"""Modules that hold classes, but none that are mapped."""

NOT_MODEL_ENDS = (
    "Client", "Config", "Error", "Exception", "Factory", "Form", "Handler", "Mixin", "Repository", "Schema", "Serializer",
    "Service", "View",
)  # fmt: skip
"""How classes end that are hardly ever mapped."""

NOT_MODELS = _words(
    """
    ABC ABCMeta APIRouter AbstractSet AdaptedConnection AggregateOrderBy Alias AliasOption AliasedReturnsRows
    AmbiguousColumnError AmbiguousForeignKeysError Annotated Any AnyStr AppenderQuery ArgumentError AssertionPool
    AsyncAdaptedQueuePool AsyncAttrs AsyncConnection AsyncContextManager AsyncEngine AsyncGenerator AsyncIterable
    AsyncIterator AsyncMappingResult AsyncResult AsyncScalarResult AsyncSession AsyncSessionTransaction
    AsyncTransaction AsyncTupleResult AttributeError AttributeEventToken AttributeEvents AttributeState
    AwaitRequired Awaitable Base Base20DeprecationWarning BaseDDLElement BaseModel BaseQuery BaseRow BigInteger
    BinaryExpression BinaryIO BindParameter BindTyping Blueprint Boolean BooleanClauseList Bundle ByteString
    CacheKey Callable CascadeOptions Case Cast ChainMap CheckConstraint CheckFirst ChunkedIteratorResult
    CircularDependencyError ClassManager ClassVar ClauseElement ClauseList Collection CollectionAggregate Column
    ColumnClause ColumnCollection ColumnDefault ColumnElement ColumnExpressionArgument ColumnOperators
    ColumnProperty CompileError Compiled Composite CompositeProperty CompoundSelect Computed Concatenable
    Concatenate Connection Constraint ConstraintColumnNotFoundError Container ContextManager Coroutine Counter
    CreateEnginePlugin CreateTable CreateTableAs CreateView CursorResult DBAPIError DBSession DDLElement DataError
    DatabaseError Date DateTime Decimal DeclarativeBase DeclarativeBaseNoMeta DeclarativeMeta DefaultClause
    DefaultDict Delete Depends Deque Dialect Dict DictBundle DisconnectionError DontWrapMixin Double DropTable
    DropView DuplicateColumnError DynamicMapped Ellipsis EmulatedDBAPIException Engine Enum Exception
    ExceptionContext Executable ExecutableDDLElement ExecutionContext Exists ExternalType Extract False False_
    FastAPI FetchedValue Field Final Flask Float ForeignKey ForeignKeyConstraint ForeignKeyTarget ForwardRef
    FrameClause FrameClauseType FromClause FromGrouping FromStatement FrozenResult FrozenSet Function
    FunctionElement FunctionFilter GenerativeSelect Generator Generic GenericAlias Grouping HTTPException HasCTE
    HasDescriptionCode HasPrefixes HasSuffixes Hashable IdentifierError Identity IdentityMap
    IllegalStateChangeError Index IndexError Indexable Insert InspectionAttr InspectionAttrExtensionType
    InspectionAttrInfo Inspector InstanceEvents InstanceState InstrumentationEvents InstrumentedAttribute Integer
    IntegrityError InterfaceError InternalError Interval InvalidRequestError InvalidatePoolError ItemsView Iterable
    Iterator IteratorResult Join KeyError KeyFuncDict KeysView Label LambdaElement LargeBinary Lateral
    LegacyAPIWarning List Literal LiteralString Load LoaderCallableStatus LoaderCriteriaOption LookupError Mapped
    MappedAsDataclass MappedClassProtocol MappedCollection MappedColumn MappedSQLExpression Mapper MapperEvents
    MapperProperty Mapping MappingResult MappingView Match MatchType MergedResult MetaData MethodDescriptorType
    MethodWrapperType MissingGreenlet Model MovedIn20Warning MultipleResultsFound MutableMapping MutableSequence
    MutableSet Named NamedTuple NamedTupleMeta NestedTransaction Never NewType NoDBAPILoaded NoForeignKeysError
    NoInspectionAvailable NoReferenceError NoReferencedColumnError NoReferencedTableError NoResultFound NoReturn
    NoSuchColumnError NoSuchModuleError NoSuchTableError None NotExtension NotImplementedError NotNullable
    NotRequired NotSupportedError Null NullPool NullType Nullable Numeric NumericCommon ORMDescriptor
    ORMExecuteState ObjectNotExecutableError OperationalError OperatorClass Operators Optional OrderByList
    OrderedDict Over Pagination ParamSpec ParamSpecArgs ParamSpecKwargs PassiveFlag Path Pattern
    PendingRollbackError PickleType Pool PoolProxiedConnection PoolResetState PrimaryKeyConstraint ProgrammingError
    PropComparator Protocol Query QueryContext QueryEvents QueryPropertyDescriptor QueryableAttribute QueuePool
    RegistryEvents Relationship RelationshipDirection RelationshipProperty ReleaseSavepointClause Required
    ResourceClosedError Result ResultProxy ReturnsRows Reversible RollbackToSavepointClause RootTransaction Row
    RowMapping RuntimeError SADeprecationWarning SAPendingDeprecationWarning SATestSuiteWarning SAWarning
    SQLAlchemy SQLAlchemyError SQLColumnExpression SQLORMExpression SavepointClause ScalarResult ScalarSelect
    SchemaType Select SelectBase SelectLabelStyle Selectable Self Sequence Session SessionEvents SessionLocal
    SessionTransaction SessionTransactionOrigin Set SingletonThreadPool Sized SmallInteger StatementError
    StatementLambdaElement StaticPool StopIteration String Subquery SupportsAbs SupportsBytes SupportsComplex
    SupportsFloat SupportsIndex SupportsInt SupportsRound Synonym SynonymProperty TString Table TableClause
    TableSample TableValuedAlias TableValuedColumn Text TextAsFrom TextClause TextIO TextualSelect Time
    TimeoutError Transaction True True_ TryCast Tuple TupleType TwoPhaseTransaction Type TypeAlias TypeClause
    TypeCoerce TypeCompiler TypeDecorator TypeEngine TypeError TypeGuard TypeResolve TypeVar TypeVarTuple
    TypedColumns TypedDict UOWTransaction UUID UnaryExpression UnboundExecutionError Unicode UnicodeText Union
    UniqueConstraint Unmapped Unpack UnreflectableTableError UnsupportedCompilationError Update UpdateBase
    UserDefinedOption UserDefinedType Uuid ValueError Values ValuesBase ValuesView Variant Visitable WithinGroup
    WrapperDescriptorType WriteOnlyCollection WriteOnlyMapped
    """
)
"""Capitalised names that are SQLAlchemy's, typing's or Flask's."""
