"""The lattice of types: what an expression of the text is to SQLAlchemy.

Finite and small on purpose. Unequal types join to `Unknown`, queries of unequal shape to one of unknown shape.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from translator.model.elements import Belief as Belief
from translator.model.elements import Element as Element
from translator.model.elements import ElementKind as ElementKind
from translator.model.elements import Told as Told
from translator.model.facts import Fact as Fact
from translator.model.phases import Phase as Phase


@dataclass(frozen=True, slots=True)
class Type:
    """Root of the lattice's elements."""


@dataclass(frozen=True, slots=True)
class Unknown(Type):
    """Nothing is known: may be anything."""


@dataclass(frozen=True, slots=True)
class Pending(Type):
    """Not looked at yet: what a function gives whose body comes later, or depends on this very value."""


@dataclass(frozen=True, slots=True)
class NoneValue(Type):
    """The literal None."""


@dataclass(frozen=True, slots=True)
class Plain(Type):
    """A value that is certainly not one of SQLAlchemy's: a literal, a number, a string's result."""

    text: bool = False
    """Whether it is a str."""
    start: str | None = None
    """How a str begins, where that is in sight."""
    composed: int = 0
    """Identity of the expression that puts values into a str; 0 where that is not in sight, or there is none."""


@dataclass(frozen=True, slots=True)
class Imported(Type):
    """A module or a name of an import, by its full dotted name, e.g. `sqlalchemy.orm.joinedload`."""

    name: str


@dataclass(frozen=True, slots=True)
class SessionRef:
    """A session as the text spells it, with the binding of its first name, so that a later use can be compared."""

    text: str
    stable: bool
    """Whether the same words give the same session again: a path of names, not a call that makes one."""
    binding: int = 0
    """Identity of what bound its first name; 0 where nothing in sight does."""
    outer: SessionRef | None = None
    """The same session under words that hold outside the function too, where the name itself is local."""
    needs: tuple[str, str] | None = None
    """The module and the name that have to be imported for it."""
    connection: Connection | None = None  # that it is, where it is no session that opens one


@dataclass(frozen=True, slots=True)
class Session(Type):
    """A Session, or a scoped_session that stands for one."""

    belief: Belief
    is_async: bool = False
    origin: SessionRef | None = None
    """Where it was taken from, when a name holds what stands elsewhere too: `db.session`, a scoped_session."""
    query_class: str | None = None
    """The application's own Query class that its queries are of, as spelled."""


@dataclass(frozen=True, slots=True)
class SessionFactory(Type):
    """What makes sessions when called: a sessionmaker, a scoped_session, the class Session itself."""

    belief: Belief
    scoped: bool = False
    is_async: bool = False
    query_class: str | None = None


@dataclass(frozen=True, slots=True)
class Engine(Type):
    """An Engine."""

    belief: Belief
    is_async: bool = False
    future: bool = False  # whether it was made with `future=True`, so that it behaves as in 2.0


@dataclass(frozen=True, slots=True)
class Connection(Type):
    """A Connection of an Engine or of a Session."""

    belief: Belief
    is_async: bool = False
    phase: Phase = Phase.UNKNOWN
    origin: int = 0
    """Identity of the call that made it; 0 where that is not in sight."""
    autocommit: bool = False
    """Whether `execution_options(autocommit=True)` was put on it, so that 1.x commits whatever it executes."""
    used: bool = False
    """Whether it may have executed something outside a transaction, which begins one in 2.0."""
    future: bool | None = False  # whether its Engine behaves as in 2.0, as do its rows; None where it may


@dataclass(frozen=True, slots=True)
class Connectable(Type):
    """An Engine or a Connection, whichever it is given."""


@dataclass(frozen=True, slots=True)
class Transaction(Type):
    """What `begin()` gives; `connection` is the name of its Connection, "" where it has none."""

    connection: str = ""
    nested: bool = False


@dataclass(frozen=True, slots=True)
class Extension(Type):
    """The object of Flask-SQLAlchemy, usually called `db`. `query_class` is a Query class of its own, as spelled."""

    belief: Belief
    query_class: str | None = None


@dataclass(frozen=True, slots=True)
class QueryProperty(Type):
    """What `session.query_property()` gives: as `query` of a class it makes queries of that class on the session."""

    belief: Belief
    session: SessionRef
    query_class: str | None = None


@dataclass(frozen=True, slots=True)
class QueryMaker(Type):
    """The method `query` of a session, under a name of its own: `query = session.query`."""

    of: Session
    session: SessionRef


@dataclass(frozen=True, slots=True)
class Pagination(Type):
    """A page of Flask-SQLAlchemy, and what its items are."""

    of: Type


@dataclass(frozen=True, slots=True)
class Entity(Type):
    """A mapped class, or an alias of one. `name` is how the text spells it."""

    name: str
    belief: Belief
    alias_of: str | None = None

    @property
    def mapped_name(self) -> str:
        """The class that is mapped."""
        return self.alias_of or self.name


@dataclass(frozen=True, slots=True)
class SomeEntity(Type):
    """One of several mapped classes, e.g. what `model` holds in `for model in (User, Post)`."""

    belief: Belief


@dataclass(frozen=True, slots=True)
class Attribute(Type):
    """A mapped attribute of a class, e.g. `User.name`; vacant where it shows None, which may become a class later."""

    entity: Entity
    name: str
    vacant: bool = False


@dataclass(frozen=True, slots=True)
class TableValue(Type):
    """A Table, a subquery, a CTE: something with columns under `.c`."""

    name: str
    is_table: bool = False
    """Whether it is certainly a Table, not an alias or a subquery."""
    bind: SessionRef | None = None
    """The engine that its MetaData is bound to."""
    collection: bool = False
    """Whether it is the `.c` of one."""
    joined: bool = False
    """Whether it is a Join."""
    columns: frozenset[str] | None = None
    """The names of a Table's columns, where all of them are in sight."""


@dataclass(frozen=True, slots=True)
class Url(Type):
    """A URL of a database; `password` tells whether it may hold one."""

    password: bool = True


@dataclass(frozen=True, slots=True)
class RawConnection(Type):
    """What `Engine.raw_connection()` gives: the pool's proxy of a DBAPI connection."""


@dataclass(frozen=True, slots=True)
class MetaDataValue(Type):
    """A MetaData, with the engine it is bound to as the text spells it; vacant where None may stand for it."""

    bind: SessionRef | None = None
    vacant: bool = False


@dataclass(frozen=True, slots=True)
class Expression(Type):
    """An SQL expression. `mentions` names the entities it draws into FROM, `hides` tells whether there may be others."""

    mentions: frozenset[str] = frozenset()
    aggregate: bool = False
    exists: bool = False
    hides: bool = field(default=False, kw_only=True)
    label: str | None = None
    bundle: bool = False  # one that stands for itself in a result (`single_entity=True`)


@dataclass(frozen=True, slots=True)
class Text(Expression):
    """A `text()`, with the beginning of its SQL where that is in sight."""

    start: str | None = None
    bind: SessionRef | None = None
    """The engine that it was given."""


@dataclass(frozen=True, slots=True)
class LoaderOption(Type):
    """A loader option. `collection` tells whether it joins a collection eagerly: True, False, or None: not known."""

    collection: bool | None
    owners: tuple[str, ...] = ()
    """The classes whose attributes a string may name that comes next in its chain."""
    apart: bool = False
    """Whether what comes next is loaded by statements of its own, so that it can't repeat the rows of this one."""


@dataclass(frozen=True, slots=True)
class Instance(Type):
    """An object of a mapped class. `session` is the one that took or gave it, where that is in sight."""

    entity: Entity | None
    made: bool = field(default=False, compare=False)
    """Whether its class was called for it, so that it may be in no session yet."""
    session: SessionRef | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Row(Type):
    """A Row of a result."""

    shape: tuple[Element, ...] | None
    belief: Belief = Belief.PROVEN
    shared: bool = False
    """Whether it came as a parameter that others may give other values."""
    keyed: bool | None = True
    """Whether `in` looks at its keys in 1.x: so it is for rows of a Connection, not for those of a Query."""
    told: bool = False  # nothing shows it but the name of a method that gives rows elsewhere


@dataclass(frozen=True, slots=True)
class Many(Type):
    """A list or an iterable of equal elements."""

    of: Type


@dataclass(frozen=True, slots=True)
class Entered(Type):
    """A context manager made of a generator, by what it gives on entering."""

    of: Type


@dataclass(frozen=True, slots=True)
class Result(Type):
    """A Result that has not been fetched."""

    of: Type
    belief: Belief = Belief.PROVEN


@dataclass(frozen=True, slots=True)
class Function(Type):
    """A function of this text, by the identity of its definition."""

    key: int
    name: str


@dataclass(frozen=True, slots=True)
class LocalClass(Type):
    """A class of this text that is not mapped."""

    key: int
    name: str


@dataclass(frozen=True, slots=True)
class LocalInstance(Type):
    """An object of a class of this text that is not mapped; `made` and `session` as for an Instance."""

    key: int
    name: str
    made: bool = field(default=False, compare=False)
    session: SessionRef | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Super(Type):
    """`super()` in a method: the object as the bases of a class of this text see it."""

    key: int


@dataclass(frozen=True, slots=True)
class Group(Type):
    """A tuple whose items are known one by one."""

    items: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class Keyed(Type):
    """A dict, by what its values are."""

    of: Type


@dataclass(frozen=True, slots=True)
class Gives(Type):
    """A lambda, by what calling it gives."""

    of: Type


@dataclass(frozen=True, slots=True)
class Guess(Type):
    """What comes from elsewhere and may be a query (`sure`: is one): the queries that went in, and who gave it."""

    origins: frozenset[int]
    made_by: str
    sure: bool = False
    built: bool = False  # SQL was given to a method of it: it is a query or a statement, which nobody can walk


@dataclass(frozen=True, slots=True)
class Query(Type):
    """A legacy Query: what it selects, what happened to it, the sites that made it and the session it runs on."""

    belief: Belief
    shape: tuple[Element, ...] | None
    origins: frozenset[int]
    session: SessionRef | None
    """The session it runs on, None where paths differ."""
    may: frozenset[Fact] = frozenset()
    must: frozenset[Fact] = frozenset()
    froms: frozenset[str] = frozenset()
    """Names of the entities in FROM."""
    joinpoint: str | None = None
    """The entity that filter_by() means after a join; "" where it can't be told."""
    root: str | None = None
    """The entity that select_from() named, if it was called; "" where it can't be told."""
    order: tuple[str, ...] = ()
    """ORDER BY expressions as spelled, to be compared with what DISTINCT selects."""
    query_class: str | None = None
    """The application's own Query class that it is of, as spelled."""
    model_queries: frozenset[str] = frozenset()
    """The mapped classes whose `Model.query` it began as."""
    variants: frozenset[Query] = frozenset()
    """The query by each kind of rows, where paths differ in that and `shape` is None; empty if not all are known."""
    told: Told | None = None
    meant: frozenset[tuple[str, str]] = frozenset()  # what is selected first and what filter_by() means then, if mixed

    def with_facts(self, *facts: Fact) -> Query:
        """The same query after something happened to it on every path."""
        return replace(self, may=self.may | set(facts), must=self.must | set(facts))


@dataclass(frozen=True, slots=True)
class Select(Type):
    """A Select, Update, Delete, Insert or DDL statement."""

    kind: str = "select"
    bind: SessionRef | None = None  # the engine that the MetaData of its table is bound to
    belief: Belief = Belief.PROVEN
    entities: tuple[str, ...] = ()  # selected whole


UNKNOWN = Unknown()
PENDING = Pending()
NONE = NoneValue()
PLAIN = Plain()
TEXT = Plain(text=True)
