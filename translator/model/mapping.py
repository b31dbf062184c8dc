"""Mapped classes in sight: their columns, keys and relationships, read off the class bodies.

Answers what a join can do to the rows of its left side. Knows nothing of queries.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace

import libcst as cst

from translator.model import asking, classbodies, conventions, declared, imperative, loading, naming, outside
from translator.model.declared import MappedColumn as MappedColumn
from translator.model.declared import Relationship as Relationship
from translator.syntax import names

_ENUMS = frozenset({"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"})


@dataclass(slots=True)
class MappedClass:
    """One mapped class in sight."""

    name: str
    bases: tuple[str, ...]
    table: str | None
    columns: dict[str, MappedColumn] = field(default_factory=dict)
    relationships: dict[str, Relationship] = field(default_factory=dict)
    constraints: tuple[tuple[tuple[str, ...], str], ...] = ()
    """What `ForeignKeyConstraint` names: the columns, and the first of those that they refer to."""
    origin: str = ""
    """The module that it stands in, where several are in sight."""
    enum: bool = False
    """Whether it is an Enum: not mapped, and its members draw nothing into FROM."""
    aliases: bool = False
    """Whether it is an Enum with two names for one value."""

    naming: str | None = None
    """How the classes that extend it are called as tables, as `naming.scheme` reads it; then nothing else is told of it."""
    untabled: bool = False
    """Whether it says that it has no table of its own: it is abstract, or its `__tablename__` is None."""
    shared: bool = False
    """Whether classes of several modules have its name, so that only an import tells which is meant."""
    query_class: str | None = None
    """The Query class of its own that it names, as spelled."""
    query_methods: frozenset[str] | None = None
    """What that class defines, where it stands in the same module."""
    maps_types: bool = False
    """Whether it says which SQL types annotations stand for, as a base of 2.0 may."""
    sized: bool = False
    """Whether it says of itself when its objects are true."""
    hybrid: bool = False
    """Whether it has attributes that are computed: a `hybrid_property`."""
    wide: bool = False
    """Whether loading it loads what its subclasses have: `with_polymorphic`."""
    outside: bool = False
    """Whether it is only what a class of that name, or any, is given outside of its body: a relationship that joins."""
    asked: frozenset[tuple[str, str]] = frozenset()
    """What its functions ask of columns while classes are mapped, as `asking.of_columns` reads it."""
    composites: tuple[str, ...] = ()
    """Its composite attributes, but those that say themselves when they are None."""
    dotted: str = ""
    """The full name of that module, as far as it is in packages."""
    module: str = ""
    """The last name of the module it stands in, where that is another one."""

    @property
    def extension(self) -> str | None:
        """What its module calls Flask-SQLAlchemy's object: the `db` of `db.Model`."""
        owners = (base.partition(".") for base in self.bases)
        return next((owner for owner, _, name in owners if name == "Model"), None)

    def primary_keys(self) -> list[str]:
        """The attributes of the primary key that stand in the class itself."""
        return [column.name for column in self.columns.values() if column.primary_key]


class Mapping:
    """All mapped classes in sight, by name."""

    def __init__(self, known: Iterable[MappedClass] = ()) -> None:
        """`known` are classes of other modules; they are copied, for relationships are resolved here."""
        known = tuple(known)
        self._tables = naming.Tables({c.name: c.naming for c in known if c.naming is not None and not c.shared})
        self._given = [c for c in known if c.outside]
        """What classes are given outside of their bodies; one of each name and relationship."""
        self._calls: frozenset[str] = frozenset()
        known = tuple(c for c in known if c.naming is None and not c.outside)
        self._shared: dict[str, list[MappedClass]] = {}
        for c in known:
            if c.shared:
                self._shared.setdefault(c.name, []).append(c)
        known = tuple(c for c in known if not c.shared)
        self._classes: dict[str, MappedClass] = {}
        self._enums: dict[str, MappedClass] = {}
        self._lasts: dict[str, MappedClass] | None = None  # Enums by the last of their names, until there are others
        for c in known:
            (self._enums if c.enum else self._classes)[c.name] = replace(c, relationships=dict(c.relationships))
        self._places = {c.name: c for c in known if c.dotted}
        unnamed = [c for c in self._classes.values() if c.table is None and not c.untabled]
        for mapped in sorted(unnamed, key=lambda c: len(self.family(c.name))):  # bases come before what extends them
            mapped.table = self._tables.named(mapped, self._classes)
        self._own: set[str] = set()
        self.by_call: dict[str, imperative.Tabled] = {}  # apart from the others: only their keys are known
        self._visible: set[str] | None = None

    def place_of(self, name: str) -> MappedClass | None:
        """A class of the program as its own module has it, with the name of that module."""
        return self._places.get(name)

    def __contains__(self, name: str) -> bool:
        return self.get(name) is not None

    def defines(self, name: str) -> bool:
        """Whether the class stands in the module that was collected, not in another."""
        return name in self._own

    def seen_from(self, visible: Iterable[str]) -> None:
        """Say which names the module can spell; other classes are spelled by a path, or not at all."""
        self._visible = set(visible)

    def tell_apart(self, imported: Collection[str]) -> None:
        """Find which of the classes that share a name a module means that imports these: names and modules, in full."""
        for name, shared in self._shared.items():
            named = [full for full in imported if full.rpartition(".")[2] == name]
            modules = [full.rpartition(".")[0] for full in named] or list(imported)
            meant = [c for c in shared if any(within(c.dotted, module) for module in modules)]
            if len(meant) == 1 and name not in self._own:
                [c], self._lasts = meant, None
                (self._enums if c.enum else self._classes)[name] = replace(c, relationships=dict(c.relationships))
                self._places[name] = c

    def is_enum(self, name: str) -> bool:
        """Whether a name is an Enum's in sight."""
        return self._enum(name) is not None

    def has_aliases(self, name: str) -> bool:
        """Whether a name is that of an Enum in sight that gives one value two names."""
        known = self._enum(name)
        return known is not None and known.aliases

    def _enum(self, name: str) -> MappedClass | None:
        """The Enum that a path leads to; one in the body of a class is known by that class, too: `Permission.User`."""
        last = name.rpartition(".")[2]
        inside = self._enums.get(".".join(name.split(".")[-2:]))
        if inside is not None or last in self._classes:
            return inside
        if self._lasts is None:
            self._lasts = {key.rpartition(".")[2]: each for key, each in self._enums.items()}
        return self._lasts.get(last)

    def everything(self) -> tuple[MappedClass, ...]:
        """What other modules may want to know: mapped classes and Enums."""
        naming = (MappedClass(n, (), None, origin=o, naming=said) for n, said, o in self._tables.own)
        return (*self._classes.values(), *self._enums.values(), *naming, *self._given)

    def __iter__(self) -> Iterator[MappedClass]:
        return iter(self._classes.values())

    def get(self, name: str) -> MappedClass | None:
        """The class of that name, or of the last part of a path such as `models.User`, if it is in sight."""
        if "." in name and ".".join(name.split(".")[-2:]) in self._enums:
            return None
        return self._classes.get(name) or self._classes.get(name.rpartition(".")[2])

    def always_true(self, name: str) -> bool:
        """Whether objects of a class are true for certain: neither it nor any of its bases says when they are."""
        family = self.family(name)
        known = {base.name for base in family}
        bases = {base for mapped in family for base in mapped.bases if base.rpartition(".")[2] not in known}
        unseen = {base for base in bases if base.rpartition(".")[2] not in conventions.PLAIN_BASES}
        return bool(family) and not unseen and not any(mapped.sized for mapped in family)

    def family(self, name: str) -> list[MappedClass]:
        """The class and its mapped bases in sight, nearest first."""
        found: dict[int, MappedClass] = {}
        queue = deque([name])
        while queue:
            current = self.get(queue.popleft())
            if current is not None and id(current) not in found:
                found[id(current)] = current
                queue.extend(current.bases)
        return list(found.values())

    def related(self, left: str, right: str) -> bool:
        """Whether one class inherits from the other."""
        first, second = left.rpartition(".")[2], right.rpartition(".")[2]
        return any(c.name == second for c in self.family(left)) or any(c.name == first for c in self.family(right))

    def relationship(self, entity: str, name: str) -> Relationship | None:
        """The relationship of a class or of its bases; its target is None where this module can't spell it."""
        relation = next((c.relationships[name] for c in self.family(entity) if name in c.relationships), None)
        if relation is None or self._visible is None:
            return relation
        return replace(relation, target=self._spelled(relation.target, entity))

    def target_of(self, entity: str, name: str) -> str | None:
        """The class that a relationship leads to by its own name, whether or not this module can spell that."""
        return next((c.relationships[name].target for c in self.family(entity) if name in c.relationships), None)

    def declares(self, entity: str, name: str) -> str | None:
        """The class that a relationship stands in: the class itself or a base of it."""
        return next((c.name for c in self.family(entity) if name in c.relationships), None)

    def _spelled(self, target: str | None, beside: str) -> str | None:
        """How this module names a class that stands in the same module as another one, which it names."""
        if target is None or self._visible is None or target in self._visible or target in self._own:
            return target
        prefix, dot, _ = beside.rpartition(".")
        goal, other = self.get(target), self.get(beside)
        together = goal is not None and other is not None and goal.origin == other.origin
        return f"{prefix}{dot}{target}" if dot and together else None

    def is_integer(self, entity: str, name: str) -> bool | None:
        """Whether an attribute is a column of integers; None where that can't be told."""
        return next((c.columns[name].integer for c in self.family(entity) if name in c.columns), None)

    def has_attribute(self, entity: str, name: str) -> bool | None:
        """Whether a class has an attribute of that name; None where the class is not in sight."""
        family = self.family(entity)
        if not family:
            return None
        return any(name in c.columns or name in c.relationships for c in family)

    def computes(self, entity: str) -> bool:
        """Whether a class has attributes that are expressions."""
        return any(mapped.hybrid for mapped in self.family(entity))

    def eager_collection(self, entity: str, seen: frozenset[str] = frozenset()) -> bool:
        """Whether loading a class joins a collection because the mapping says `lazy="joined"` on its path."""
        if entity in seen:
            return False
        seen |= {entity}
        family = self.family(entity)
        if any(self._joins(r, seen) for mapped in family for r in mapped.relationships.values()):
            return True
        spelled = {entity, *(name for mapped in family for name in (mapped.name, *mapped.bases))}
        called = {outside.ANY, *(name.rpartition(".")[2] for name in spelled)}  # a mixin need not be mapped itself
        if any(self._joins(r, seen) for c in self._given if c.name in called for r in c.relationships.values()):
            return True
        if any(mapped.wide for mapped in family):
            own = {mapped.name for mapped in family}
            below = [c.name for c in self._classes.values() if c.name not in own and self.related(c.name, entity)]
            if any(self.eager_collection(name, seen) for name in below):
                return True
        doubtful = () if entity in self else self._shared.get(entity.rpartition(".")[2], ())
        return any(r.eager and r.many is not False for c in doubtful for r in c.relationships.values())

    def _joins(self, relation: Relationship, seen: frozenset[str]) -> bool:
        """Whether a relationship of its own accord joins a collection, or something that joins one."""
        further = relation.many is False and relation.target
        return relation.eager and (relation.many is not False or bool(further and self.eager_collection(further, seen)))

    def joins_somewhere(self) -> bool:
        """Whether loading any class in sight joins a collection."""
        return bool(self._given) or any(self.eager_collection(c.name) for c in self)

    def refers_once(self, lefts: Iterable[str], target: str) -> bool:
        """Whether some class of `lefts` has a foreign key to `target`, and `target` none back: a many-to-one join."""
        goal = self.get(target)
        if goal is None or goal.table is None:
            return False
        ahead = False
        for left in lefts:
            mapped = self.get(left)
            if mapped is None or mapped.table is None or mapped is goal or self._points(goal, mapped):
                return False
            ahead = ahead or self._points(mapped, goal)
        return ahead

    def is_composite(self, entity: str, attribute: str) -> bool:
        """Whether an attribute of a class in sight is put together from several columns."""
        return any(attribute in mapped.composites for mapped in self.family(entity))

    def key_of(self, entity: str) -> str | None:
        """The single attribute that identifies a class in sight."""
        keys = [key for mapped in self.family(entity)[:1] for key in mapped.primary_keys()]
        return keys[0] if len(keys) == 1 else None

    @staticmethod
    def _points(source: MappedClass, goal: MappedClass) -> bool:
        targets = {f"{goal.table}.", f"{goal.name}."}
        return any(
            column.foreign_key and any(f".{column.foreign_key}".find(f".{t}") >= 0 for t in targets)
            for column in source.columns.values()
        )

    def collect(self, body: Iterable[cst.CSTNode], origin: str = "") -> None:
        """Add the mapped classes among the statements of a module; they take the place of others of their names."""
        body = list(body)
        backrefs: list[tuple[str, cst.Call, Relationship]] = []
        found, foreign = list(classbodies.classes(body)), frozenset(classbodies.foreign(body))
        methods = {node.name.value: classbodies.methods(node) for node in found}
        self._calls, self._lasts = classbodies.relationship_calls(body), None
        inside = {id(inner): node.name.value for node in found for inner in node.body.body}
        self._tables.collect(body, found, origin)
        for node in found:
            mapped = self._read(node, backrefs, foreign)
            enum = any((names.dotted(base.value) or "").rpartition(".")[2] in _ENUMS for base in node.bases)
            if mapped is not None or not enum or id(node) not in inside:
                self._classes.pop(node.name.value, None)
                self._enums.pop(node.name.value, None)
            if mapped is not None:
                mapped.query_methods = methods.get(mapped.query_class or "")
                mapped.origin = origin
                self._classes[mapped.name] = mapped
                self._own.add(mapped.name)
            elif enum:
                name = ".".join(filter(None, (inside.get(id(node)), node.name.value)))
                twice = classbodies.aliases(node)
                self._enums[name] = MappedClass(name, (), None, origin=origin, enum=True, aliases=twice)
        for mapped in self._classes.values():
            for relation in list(mapped.relationships.values()):
                if relation.many is None:
                    mapped.relationships[relation.name] = self._resolve(mapped, relation)
        for owner, call, relation in backrefs:
            self._add_backref(owner, call, relation)
        self.by_call = {made.name: made for made in imperative.found(body)}
        for given in outside.found(body, self._calls):
            self._give(given.entity, given.relationship, origin)

    def _give(self, entity: str, relation: Relationship, origin: str) -> None:
        """Note what a class is given outside of its body."""
        mapped = self._classes.get(entity)
        relation = self._resolve(mapped, relation) if mapped is not None and relation.many is None else relation
        self._given.append(MappedClass(entity, (), None, {}, {"": relation}, origin=origin, outside=True))

    def _read(
        self, node: cst.ClassDef, backrefs: list[tuple[str, cst.Call, Relationship]], foreign: frozenset[str]
    ) -> MappedClass | None:
        bases = tuple(filter(None, (names.dotted(arg.value) for arg in node.bases if arg.keyword is None)))
        sized = not classbodies.methods(node).isdisjoint({"__bool__", "__len__"})
        mapped = MappedClass(node.name.value, bases, None, sized=sized)
        mapped.hybrid = any("hybrid" in (names.dotted(mark) or "") for mark in classbodies.decorators(node))
        mapped.asked = asking.of_columns(node)
        for target, annotation, value in classbodies.attributes(node):
            call = value if isinstance(value, cst.Call) else None
            kind = (names.dotted(call.func) or "").rpartition(".")[2] if call is not None else ""
            if target == "__tablename__" and value is not None:
                mapped.table = names.literal_string(value)
                mapped.untabled = names.code(value) == "None"
            elif target == "__abstract__" and value is not None:
                mapped.untabled = names.code(value) == "True"
            elif target == "__table__" and call is not None and call.args:
                mapped.table = names.literal_string(call.args[0].value)
            elif target == "__mapper_args__" and value is not None:
                mapped.wide = "with_polymorphic" in names.code(value)
            elif target == "__table_args__" and value is not None:
                mapped.constraints = tuple(declared.constraints(value))
            elif target in {"type_annotation_map", "registry"} and value is not None:
                mapped.maps_types = "type_annotation_map" in target or "type_annotation_map" in names.code(value)
            elif target == "query_class" and value is not None:
                mapped.query_class = names.dotted(value)
            elif call is not None and kind in declared.COLUMNS:
                mapped.columns[target] = declared.column(target, call)
            elif call is not None and kind == "composite" and names.keyword(call, "return_none_on") is None:
                mapped.composites = (*mapped.composites, target)
            elif call is not None and kind in self._calls:
                relation = declared.relationship(target, call, annotation, node)
                mapped.relationships[target] = relation
                backrefs.append((mapped.name, call, relation))
        known_base = any(
            base in self._classes or base in conventions.BASE_NAMES or base.endswith((".Model", ".Base"))
            for base in bases
            if names.root(base) not in foreign
        )
        said = mapped.columns or mapped.relationships or mapped.asked
        if mapped.table is None and not said and not known_base:
            return None
        mapped.table = mapped.table or self._tables.named(mapped, self._classes)
        return mapped

    def _resolve(self, mapped: MappedClass, relation: Relationship) -> Relationship:
        target = self.get(relation.target) if relation.target else None
        if target is mapped and relation.remote:
            known = {name: column for each in self.family(mapped.name) for name, column in each.columns.items()}
            keys = {known[name].primary_key if name in known else name == "id" or None for name in relation.remote}
            return replace(relation, many=None if len(keys) > 1 or None in keys else False in keys)
        if target is None or target is mapped:
            return relation
        ahead, back = self._points(mapped, target), self._points(target, mapped)
        many = None if ahead == back else back
        return replace(relation, many=many)

    def _add_backref(self, owner: str, call: cst.Call, relation: Relationship) -> None:
        value = names.keyword(call, "backref")
        inner = value if isinstance(value, cst.Call) else None
        if inner is not None and relation.target not in self._classes and declared.joins(inner):
            self._give(relation.target or outside.ANY, outside.unknown(owner), self._classes[owner].origin)
        if value is None or relation.target not in self._classes:
            return
        name = names.literal_string(inner.args[0].value if inner is not None and inner.args else value)
        if name is None:
            return
        current = self._classes[owner].relationships.get(relation.name)
        if current is None:  # another class of that name came later and has no such relationship
            return
        many: bool | None = None if current.many is None else not current.many
        if current.secondary:
            many = True
        eager = False
        if inner is not None:
            uselist = names.keyword(inner, "uselist")
            many = many if uselist is None else names.code(uselist) == "True"
            eager = declared.joins(inner)
        goal = self._classes[str(relation.target)]
        dynamic, order = loading.of_backref(inner)
        made = Relationship(name, owner, many or dynamic, eager, current.secondary, True, dynamic, order)
        made = replace(made, through=loading.through(call, "primaryjoin"))
        goal.relationships.setdefault(name, made)


def within(module: str, imported: str) -> bool:
    """Whether a module is the one that an import names, or stands below it and may be handed on there."""
    bare = imported.lstrip(".")
    if bare == imported:
        return bool(bare) and f"{module}.".startswith(f"{bare}.")
    return bool(bare) and f".{bare}." in f".{module}."
