"""Typing of expressions: what each is to SQLAlchemy, with every use of a query recorded as a site or an escape."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import libcst as cst

from translator.model import (
    attributes,
    calls,
    comprehensions,
    conditions,
    containers,
    conventions,
    core,
    declarations,
    departed,
    divisions,
    extension,
    guesses,
    makers,
    queries,
    rows,
    selecting,
    texts,
    visible,
    walking,
)
from translator.model.executors import EXECUTED
from translator.model.functions import FunctionInfo, Functions
from translator.model.lattice import held
from translator.model.loops import Loops
from translator.model.mapping import Mapping
from translator.model.scopes import Scope
from translator.model.sites import Escape, Site, SiteKind
from translator.model.types import (
    NONE,
    PENDING,
    PLAIN,
    TEXT,
    UNKNOWN,
    Attribute,
    Belief,
    Entity,
    Expression,
    Function,
    Gives,
    Imported,
    Many,
    Plain,
    Query,
    Result,
    Row,
    Select,
    Session,
    SessionFactory,
    SessionRef,
    TableValue,
    Type,
)
from translator.syntax import names
from translator.syntax.imports import Imports

_LONG = 1_000_000
"""Strings beyond this length are not looked into."""


class Expressions(ABC):
    """Walks expressions. Statements and scopes are the affair of the class that extends it."""

    def __init__(self, imports: Imports, mapping: Mapping, functions: Functions, *, fragment: bool) -> None:
        self.imports = imports
        self.mapping = mapping
        self.functions = functions
        self.program, self.unit = functions.program, functions.here
        self.fragment = fragment
        """Whether the text has no imports at all: names of SQLAlchemy may then be used freely."""
        self.scope = Scope("module")
        self.function: FunctionInfo | None = None
        self.owner: int | None = None
        self.path: list[cst.CSTNode] = []
        self.loading: tuple[str, ...] = ()
        """The classes whose attributes the strings of loader options name here."""
        self.loops = Loops()
        self.types: dict[int, Type] = {}
        self.given: dict[int, tuple[cst.BaseExpression, tuple[cst.CSTNode, ...]]] = {}
        """Lambdas and queries that names hold, with the nodes around them, by the assignment."""
        self.asked: set[str] = set()
        """The attributes that imported things are asked for, by full names: `models.Column`."""
        self.unseen: dict[int, cst.Attribute] = {}
        """Attributes of mapped objects of which nothing in sight tells, by themselves and by what binds a name to one."""
        self.bound: set[str] = set()
        """Every name that the text binds by other means than an import."""
        self.local_names: set[str] = set()
        """Those that a function binds."""
        self.free: set[str] = set()
        """Every name that the text uses without binding it."""
        self.sites: dict[int, list[Site]] = {}
        self.escapes: dict[tuple[int, str], Escape] = {}
        self._visit: dict[type, Callable[..., Type]] = {
            cst.Name: self._name,
            cst.Attribute: self._attribute,
            cst.Call: self._call,
            cst.Comparison: self._comparison,
            cst.BinaryOperation: self._binary,
            cst.UnaryOperation: self._unary,
            cst.BooleanOperation: lambda node: conditions.boolean(self, node),
            cst.IfExp: lambda node: conditions.conditional(self, node),
            cst.Lambda: partial(walking.function, self),
            cst.ListComp: partial(comprehensions.comprehension, self),
            cst.SetComp: partial(comprehensions.comprehension, self),
            cst.GeneratorExp: partial(comprehensions.comprehension, self),
            cst.DictComp: partial(comprehensions.comprehension, self),
            cst.Subscript: self._subscript,
            cst.NamedExpr: partial(comprehensions.named, self),
            cst.Await: lambda node: self.expression(node.expression),
            cst.Yield: self._yield,
            cst.List: partial(containers.sequence, self),
            cst.Tuple: partial(containers.sequence, self),
            cst.Set: partial(containers.sequence, self),
            cst.Dict: partial(containers.mapping, self),
            cst.SimpleString: self._string,
            cst.ConcatenatedString: self._strings,
            cst.FormattedString: self._strings,
            cst.Integer: lambda node: PLAIN,
            cst.Float: lambda node: PLAIN,
        }

    # entry points

    def expression(self, node: cst.BaseExpression, *, used: bool = True) -> Type:
        """The type of an expression; a query that it gives is the caller's to account for."""
        visit = self._visit.get(type(node))
        if visit is None:
            self.path.append(node)
            self._generic_children(node)
            self.path.pop()
            return UNKNOWN
        self.path.append(node)
        kind = self._call(node, used=used) if isinstance(node, cst.Call) else visit(node)
        self.path.pop()
        if isinstance(kind, (Entity, Attribute)):
            kind = visible.here(self, node, kind)
        if kind is not UNKNOWN:
            self.types[id(node)] = kind
            if kind is PENDING:
                self.functions.hope()
            elif isinstance(kind, Function) and not self._called(node):
                self.functions.leak(kind.key)  # whoever holds it may call it with anything
            elif isinstance(kind, makers.ColumnMaker):
                makers.met(self, node, kind)
        return kind

    def _called(self, node: cst.BaseExpression) -> bool:
        around = self.path[-1] if self.path else None
        return isinstance(around, cst.Call) and around.func is node

    def consume(self, node: cst.BaseExpression, reason: str, *, convertible: bool = False) -> Type:
        """The type of an expression whose value goes where it is not followed."""
        kind = self.expression(node)
        self.lose(kind, node, reason, convertible=convertible)
        return kind

    def handed(self, node: cst.BaseExpression, method: str, *, first: bool) -> Type:
        """The type of what is handed to a session's `execute()`; a query there is a site."""
        kind = self.expression(node)
        if isinstance(kind, Query) and first:
            self.site(SiteKind.HANDED, node, method, kind, result=None)
        elif isinstance(kind, Query):
            self.escape(kind, node, f"it is passed to `Session.{method}()`")
        return kind

    def lose(self, kind: Type, node: cst.CSTNode, reason: str, *, convertible: bool = False) -> None:
        """Note that a value goes where it is not followed, with the queries that it is or holds."""
        if isinstance(kind, Function):
            self.functions.leak(kind.key)
        if isinstance(kind, Gives):
            convertible = False  # whoever calls it, e.g. a bakery, goes on with what a Query can do
        selecting.lost(self, kind, node, reason)
        for query in held(kind):
            self.escape(query, node, reason, convertible=convertible)

    def operand(self, node: cst.BaseExpression) -> Type:
        """The type of a part of an SQL expression, where a Select may stand for a Query."""
        return self.expression(node)

    def truth(self, node: cst.BaseExpression) -> Type:
        """The type of a condition."""
        return conditions.condition(self, node)

    def iterated(self, node: cst.BaseExpression, how: str) -> Type:
        """The type of one element of what is walked; a query that is walked is a site."""
        kind = self.expression(node)
        if isinstance(kind, Query):
            self.site(SiteKind.ITERATION, node, how, kind, result=kind)
            return queries.row_type(kind)
        guesses.walked(self, node, kind)
        if isinstance(kind, Row) and how in {"dict", "OrderedDict"}:
            core.member(self, node, "dict", kind)
        return kind.of if isinstance(kind, Result) else containers.element_of(kind)

    def bind(self, name: str, kind: Type, bound_by: int) -> None:
        """Let a name hold a value from here on."""
        self.bound.add(name)
        if self.scope.kind == "function":
            self.local_names.add(name)
            self.unit.local_names.add(name)
        comprehensions.rebound(self, name, kind)
        self.scope.bind(name, kind, bound_by)

    def escape(self, kind: Query, node: cst.CSTNode, reason: str, *, convertible: bool = False) -> None:
        """Record that a query leaves what is in sight."""
        key = (id(node), reason)
        known = self.escapes.get(key)
        origins = kind.origins | (known.origins if known is not None else frozenset())
        self.escapes[key] = Escape(origins, node, reason, convertible, self.unit.index)

    def site(
        self,
        kind: SiteKind,
        node: cst.BaseExpression | cst.BaseStatement | cst.Return,
        name: str,
        receiver: Type,
        *,
        arguments: Sequence[Type] = (),
        result: Type | None = None,
        used: bool = True,
    ) -> None:
        """Record a site; a later walk of the same node replaces it."""
        on_path = bool(self.path) and self.path[-1] is node
        around = self.path[:-1] if on_path else self.path
        creates = kind is SiteKind.CREATION
        owner = result if creates else receiver
        session = owner.session if isinstance(owner, Query) else None
        if session is not None:
            session = replace(session, binding=self.binding_of(session.text))
        receiver_node = node.func.value if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) else None
        site = Site(
            kind=kind,
            node=node,
            name=name,
            receiver=receiver,
            origins=made.origins if isinstance(made := result if creates else receiver, Query) else frozenset(),
            ancestors=tuple(map(id, around)),
            used=used,
            chained=isinstance(receiver_node, cst.Call),
            session=session,
            arguments=tuple(arguments),
            result=result,
            parent=around[-1] if around else None,
            around=tuple(around),
            home=self.unit.index,
        )
        found = [s for s in self.sites.get(id(node), []) if not s.is_replaced(kind, name)]
        self.sites[id(node)] = [*found, site]

    def statement_site(self, node: cst.Import | cst.ImportFrom | cst.ClassDef, full: str) -> None:
        """Record that a name is imported, or a class defined; one statement may be several sites."""
        ancestors = tuple(map(id, self.path[:-1]))
        site = Site(
            SiteKind.CLASS if isinstance(node, cst.ClassDef) else SiteKind.IMPORT,
            node,
            full,
            UNKNOWN,
            frozenset(),
            ancestors,
            used=True,
            chained=False,
            session=None,
            around=tuple(self.path[:-1]),
            home=self.unit.index,
        )
        found = [s for s in self.sites.get(id(node), []) if s.name != full]
        self.sites[id(node)] = [*found, site]

    def annotation(self, node: cst.BaseExpression) -> Type:
        """The type that an annotation declares."""
        return declarations.declared(self, node)

    @property
    def says_sqlalchemy(self) -> bool:
        """Whether the text says that it is about SQLAlchemy: an import of it or of an extension, models, or no imports."""
        return self.fragment or self.unit.declares or bool(self.imports.packages & conventions.EXTENSION_MODULES)

    @property
    def about_sqlalchemy(self) -> bool:
        """Whether conventions hold in the text: it says that it is about SQLAlchemy, or it shows."""
        return self.says_sqlalchemy or self.unit.speaks

    # names and attributes

    def _name(self, node: cst.Name) -> Type:
        name = node.value
        if name in {"True", "False"}:
            return PLAIN
        if name == "None":
            return NONE
        binding = self.scope.look_up(name)
        if binding is None:
            self.free.add(name)
            return self.name_of_package(node, self._free(name))
        kind = binding.type
        if isinstance(kind, Imported):
            return self.name_of_package(node, self._imported(name, kind))
        if kind is UNKNOWN or kind is NONE:
            assumed = self._by_convention(name)
            return kind if assumed is UNKNOWN else assumed
        return kind

    def type_of_name(self, name: str) -> Type:
        """What a name holds here, without a use of it."""
        binding = self.scope.look_up(name)
        if binding is None:
            return extension.by_convention(self, name)
        return self._imported(name, binding.type) if isinstance(binding.type, Imported) else binding.type

    def name_of_package(self, node: cst.Name | cst.Attribute, kind: Type) -> Type:
        """The type of a name of SQLAlchemy; a site where 2.x has it elsewhere or not at all."""
        if not isinstance(kind, Imported) or names.root(kind.name) not in departed.PACKAGES:
            return kind
        last = kind.name.rpartition(".")[2]
        moved = departed.MOVED.get(kind.name)
        if moved is not None:
            imported = isinstance(node, cst.Name) and (moved[1] == last or node.value != last)
            if not imported:
                self.site(SiteKind.NAME, node, f"moved:{kind.name}", UNKNOWN)
            kind = Imported(".".join(moved))
            if kind.name in departed.CHANGED:
                self.site(SiteKind.NAME, node, f"changed:{kind.name}", UNKNOWN)
            return kind
        if kind.name in departed.CHANGED:
            self.site(SiteKind.NAME, node, f"changed:{kind.name}", UNKNOWN)
        if (called := attributes.departs(self, node, kind)) is not None:
            self.site(SiteKind.NAME, node, called, UNKNOWN)
        return kind

    def _free(self, name: str) -> Type:
        if name in conventions.SESSION_NAMES:
            return self._by_convention(name)
        if name in conventions.FREE_MODULES and self.about_sqlalchemy:
            return Imported(conventions.FREE_MODULES[name])
        if (found := extension.by_convention(self, name)) is not UNKNOWN:
            return found
        full = conventions.full_name(name) if self.about_sqlalchemy and name not in self.mapping else None
        if full is not None:  # bound nowhere else: pasted without its import
            return Imported(full)
        if names.is_class_name(name):
            return Entity(name, Belief.PROVEN if name in self.mapping else Belief.ASSUMED)
        if name in conventions.FOREIGN_IMPORTS or name == "requests":
            return Imported(name)  # `requests.Session()` in a fragment
        return self._by_convention(name)

    def _imported(self, name: str, kind: Imported) -> Type:
        package = names.root(kind.name)
        if package in conventions.EXTENSION_MODULES or package in attributes.NOT_APPLICATION:
            return kind
        if (found := attributes.of_program(self, name, kind.name)) is not UNKNOWN:
            return found
        if self.program.is_module(self.unit, kind.name):
            return kind  # `from app import db`, whose functions are no session's methods
        assumed = self._by_convention(name)
        if assumed is UNKNOWN:
            assumed = extension.by_convention(self, name)
        if assumed is not UNKNOWN:
            return assumed
        if (names.is_class_name(name) or attributes.is_mapped(self, kind.name)) and not self.mapping.is_enum(name):
            return Entity(name, Belief.PROVEN if name in self.mapping else Belief.ASSUMED)
        return kind

    def _by_convention(self, name: str) -> Type:
        if name in conventions.SESSION_NAMES:
            if name[:1].isupper() or name == "DBSession":
                return SessionFactory(Belief.ASSUMED, scoped=True)
            return Session(Belief.ASSUMED, is_async=name.startswith("async_"))
        if self.about_sqlalchemy and name in EXECUTED:
            return EXECUTED[name]
        if self.about_sqlalchemy and conventions.names_a_class(name):
            return Entity(name, Belief.ASSUMED)
        return UNKNOWN

    def _attribute(self, node: cst.Attribute) -> Type:
        owner = self.expression(node.value)
        if isinstance(owner, Imported):
            self.asked.add(f"{owner.name}.{node.attr.value}")
        if owner is UNKNOWN or isinstance(owner, Imported):
            extension.note_use(self, node)
            extension.note_state(self, node)
        return self.attribute_of(node, owner)

    def attribute_of(self, node: cst.Attribute, owner: Type) -> Type:
        """The type of an attribute of something whose type is known already."""
        return attributes.attribute_of(self, node, owner)

    def member(self, owner: Type, name: str) -> Type:
        """What an attribute of a class in sight, or of an object of one, holds."""
        return attributes.member(self, owner, name)

    # calls

    def _call(self, node: cst.Call, *, used: bool = True) -> Type:
        return calls.call(self, node, used=used)

    def session_ref(self, node: cst.BaseExpression, kind: Type) -> SessionRef:
        """The session that a node names, comparable with a later use."""
        return attributes.session_ref(self, node, kind)

    def reference(self, text: str) -> SessionRef:
        """The session that a path of names means here."""
        return SessionRef(text, stable=True, binding=self.binding_of(text))

    def binding_of(self, text: str) -> int:
        """Identity of what binds the first name of a path here; 0 where nothing in sight does."""
        inner = text.partition("(")[2].rstrip(")")  # object_session(user) is the session of what `user` is
        binding = self.scope.look_up(names.root(inner or text).rstrip("()"))
        return binding.bound_by if binding is not None else 0

    def arguments(self, node: cst.Call, visit: Callable[[cst.BaseExpression], Type]) -> list[Type]:
        """The types of all arguments in order; `*x` and `**x` count as unknown."""
        kinds: list[Type] = []
        for arg in node.args:
            kind = self.expression(arg.value) if arg.star == "*" else UNKNOWN
            kind = kind if isinstance(kind, Query) else visit(arg.value)
            if arg.star == "**" and isinstance(kind, Row):
                core.member(self, arg.value, "**", kind)
            if arg.keyword is not None:
                extension.setting(self, arg.keyword)
            if arg.star and isinstance(kind, Query):
                self.site(SiteKind.ITERATION, arg.value, "*", kind, result=kind)
            kinds.append(UNKNOWN if arg.star else kind)
        return kinds

    # operators

    def _comparison(self, node: cst.Comparison) -> Type:
        kinds = [self.operand(node.left)]
        identity = False
        for target in node.comparisons:
            identity = identity or isinstance(target.operator, (cst.Is, cst.IsNot))
            member = isinstance(target.operator, (cst.In, cst.NotIn))
            kind = self.iterated(target.comparator, "in") if member else self.operand(target.comparator)
            if member and isinstance(self.types.get(id(target.comparator)), Row):
                core.member(self, node, "in", self.types[id(target.comparator)], arguments=tuple(kinds))
            kinds.append(kind)
        if identity:
            return PLAIN
        return self._combined(node, kinds)

    def _binary(self, node: cst.BinaryOperation) -> Type:
        kinds = [self.operand(node.left), self.operand(node.right)]
        if isinstance(node.operator, cst.Divide):
            divisions.divided(self, node, kinds)
        if isinstance(node.operator, cst.Modulo) and isinstance(kinds[0], Plain) and kinds[0].text:
            if "%(" in names.code(node.left):
                rows.put_in(self, node.right, kinds[1])
            return texts.joined(node, kinds)  # whatever is put into a text, it stays one
        if isinstance(node.operator, cst.Add) and any(isinstance(kind, Many) for kind in kinds):
            return containers.added(kinds)
        return self._combined(node, kinds)

    def _combined(self, node: cst.BaseExpression, kinds: list[Type]) -> Type:
        sql = [k for k in kinds if isinstance(k, (Attribute, Expression, TableValue, Entity))]
        if sql:
            return queries.combined(node, kinds)
        for kind in kinds:
            if isinstance(kind, Query) and not all(isinstance(k, (Query, Select)) or k is UNKNOWN for k in kinds):
                self.escape(kind, node, "it is compared with something that is not SQL")
        if not any(isinstance(k, Plain) and k.text for k in kinds):
            return UNKNOWN
        return texts.joined(node, kinds)

    def _unary(self, node: cst.UnaryOperation) -> Type:
        if isinstance(node.operator, cst.Not):
            return conditions.negation(self, node)
        kind = self.operand(node.expression)
        return queries.combined(node, [kind]) if isinstance(kind, (Attribute, Expression)) else UNKNOWN

    # containers, scopes, the rest

    def _string(self, node: cst.SimpleString) -> Type:
        if len(node.value) > _LONG:
            return TEXT
        value = names.literal_string(node)
        return PLAIN if value is None else Plain(text=True, start=texts.start_of(value))

    def _strings(self, node: cst.BaseExpression) -> Type:
        if isinstance(node, cst.ConcatenatedString):  # each side once: they nest to the right, twenty deep and more
            return texts.joined(node, [self.expression(side) for side in (node.left, node.right)])
        self._generic_children(node)
        return texts.formatted(node)

    def _generic_children(self, node: cst.CSTNode) -> None:
        for child in node.children:
            if isinstance(child, cst.BaseExpression):
                self.consume(child, "it is used in a way that is not followed")
            else:
                self._generic_children(child)

    def _yield(self, node: cst.Yield) -> Type:
        if isinstance(node.value, cst.From):
            self.iterated(node.value.item, "yield from")
            self.bind_yield(UNKNOWN)
        elif node.value is not None:
            kind = self.expression(node.value)
            self.bind_yield(kind)
            if self.function is None or not self.function.yields_in_sight:
                self.lose(kind, node.value, "it is yielded", convertible=True)
        return UNKNOWN

    def bind_yield(self, kind: Type) -> None:
        """Note what the function that is walked yields."""
        if self.function is not None:
            self.functions.gave(self.function, kind)
            if any(held(kind)) and not any(held(self.function.yields)):
                self.lose(kind, self.path[-1], f"`{self.function.name}()` yields something else elsewhere")

    @abstractmethod
    def bind_target(self, target: cst.BaseExpression, kind: Type, by: cst.CSTNode) -> None:
        """Let a target hold a value: what targets there are is the affair of statements."""

    def _subscript(self, node: cst.Subscript) -> Type:
        kind = self.expression(node.value)
        index_kind: Type = UNKNOWN
        for item in node.slice:
            index = item.slice
            if isinstance(index, cst.Index):
                index_kind = self.consume(index.value, "it is an index")
            elif isinstance(index, cst.Slice):
                for bound in (index.lower, index.upper, index.step):
                    if bound is not None:
                        self.consume(bound, "it is an index")
        if isinstance(kind, Query):
            self.site(SiteKind.SUBSCRIPT, node, "[]", kind)
            simple = len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index)
            return queries.row_type(kind) if simple else Many(queries.row_type(kind))
        if isinstance(kind, Row):
            return core.subscribed(self, node, kind, index_kind)
        if isinstance(kind, (Attribute, Expression)):
            return attributes.subscribed(self, node, kind)
        return containers.item(kind, node)
