"""The abstract interpretation: walks statements in order and follows what each name holds.

Writes nothing and reports nothing; records typed sites and escapes for whoever asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import libcst as cst

from translator.model import (
    annotated,
    containers,
    core,
    crossing,
    departed,
    dynamic,
    executors,
    extension,
    keeping,
    listeners,
    merging,
    queries,
    querymethods,
    returning,
    shared,
    stages,
    stored,
    texts,
    ways,
)
from translator.model.expressions import Expressions
from translator.model.functions import FunctionInfo
from translator.model.lattice import held
from translator.model.program import Home
from translator.model.scopes import Scope, shown
from translator.model.sites import SiteKind
from translator.model.types import (
    NONE,
    UNKNOWN,
    Belief,
    Entity,
    Function,
    Group,
    Imported,
    Instance,
    LocalClass,
    Many,
    Pending,
    Query,
    Row,
    Session,
    TableValue,
    Type,
)
from translator.syntax import blocks, names
from translator.syntax.imports import module_of


class Interpreter(Expressions):
    """Walks a module's statements; expressions are the parent class's affair."""

    def module(self, tree: cst.Module) -> None:
        """Walk a whole module once, then the bodies of its functions."""
        self.scope = Scope("module")
        self.statements(tree.body)
        self.functions.run_pending(self)
        self.unit.bindings, before = self.scope.ever, self.unit.bindings
        if shown(before) != shown(self.scope.ever):
            self.functions.stir("names", self.unit.index)
        if before.keys() != self.scope.ever.keys():
            self.functions.stir("names")
            self.program.forget()

    def statements(self, body: Sequence[cst.CSTNode]) -> None:
        """Walk a block in order."""
        for statement in body:
            self.statement(statement)

    def statement(self, node: cst.CSTNode) -> None:
        """Walk one statement, simple or compound."""
        if isinstance(node, cst.BaseSmallStatement):  # of a suite on its header's line
            self._small(node)
            return
        self.path.append(node)
        match node:
            case cst.SimpleStatementLine():
                for small in node.body:
                    self._small(small)
            case cst.FunctionDef():
                self._function(node)
            case cst.ClassDef():
                self._class(node)
            case cst.If():
                self._if(node)
            case cst.For():
                self._for(node)
            case cst.While():
                self.truth(node.test)
                self._loop(node, node.test)
            case cst.With():
                ways.through_with(self, node)
            case cst.Try() | cst.TryStar():
                ways.through_try(self, node)
            case cst.Match():
                ways.through_match(self, node)
            case _:
                self._generic(node)
        self.path.pop()

    def _small(self, node: cst.CSTNode) -> None:
        self.path.append(node)
        match node:
            case cst.Expr():
                self.expression(node.value, used=False)
            case cst.Assign():
                self._assign(node)
            case cst.AnnAssign():
                value = self.expression(node.value) if node.value is not None else UNKNOWN
                annotated.note(self, node.annotation, value)
                declared = self.annotation(node.annotation.annotation)
                self.bind_target(
                    node.target, value if isinstance(value, Query) or declared is UNKNOWN else declared, node
                )
            case cst.AugAssign():
                added = containers.augmenting(self, node)
                self.bind_target(node.target, texts.augmented(self, node, added), node)
            case cst.Return():
                returning.returned(self, node)
            case cst.Assert():
                self.truth(node.test)
                if node.msg is not None:
                    self.consume(node.msg, "it is part of a message")
            case cst.Import() | cst.ImportFrom():
                self._import(node)
            case cst.Global():
                for item in node.names:
                    self.scope.declared_global.add(item.name.value)
            case cst.Nonlocal():
                self.scope.declared_nonlocal |= {item.name.value for item in node.names}
            case cst.Del():
                self.consume(node.target, "it is deleted")
            case cst.Break() | cst.Continue():
                self.loops.leaves(self.scope.names)
            case cst.Raise():
                if node.exc is not None:
                    self.consume(node.exc, "it is raised")
            case _:
                pass
        self.path.pop()

    def _generic(self, node: cst.CSTNode) -> None:
        for child in node.children:
            if isinstance(child, cst.BaseExpression):
                self.consume(child, "it is used in a way that is not followed")
            else:
                self._generic(child)

    # bindings

    def _assign(self, node: cst.Assign) -> None:
        targets = [target.target for target in node.targets]
        value = node.value
        if len(targets) == 1 and isinstance(targets[0], cst.Tuple) and isinstance(value, cst.Tuple):
            left, right = targets[0].elements, value.elements
            if len(left) == len(right) and not any(isinstance(e, cst.StarredElement) for e in (*left, *right)):
                self.path.append(value)
                kinds = [self.expression(item.value) for item in right]
                self.path.pop()
                for item, kind in zip(left, kinds, strict=True):
                    self.bind_target(item.value, kind, node)
                return
        kind = containers.named_twice(self, node, dynamic.taken(self, node, self.expression(value)))
        if isinstance(kind, Query) and len(targets) == 1 and isinstance(targets[0], cst.Name):
            self.given[id(node)] = (value, (*self.path, node))
        if isinstance(kind, Query) and len(targets) == 1 and isinstance(targets[0], (cst.Tuple, cst.List)):
            self.site(SiteKind.ITERATION, value, "unpack", kind, result=kind)
            kind = UNKNOWN
        if isinstance(kind, Session) and kind.origin is None and names.dotted(value):
            kind = replace(kind, origin=self.session_ref(value, kind))
        if kind is UNKNOWN and isinstance(targets[0], cst.Name) and (path := names.dotted(value)) and "." in path:
            self.functions.taken_from[id(node), targets[0].value] = self.reference(path)
        made = stages.taken(self, value)
        for target in targets:
            self.bind_target(target, kind, node)
            extension.setting(self, target)
            keeping.based(self, target, value)
            keeping.keep_session(self, target, value, kind)
        stages.named(self, node, made)

    def bind_target(self, target: cst.BaseExpression, kind: Type, by: cst.CSTNode) -> None:
        match target:
            case cst.Name(value=name):
                if isinstance(kind, Entity) and kind.alias_of is not None and not kind.name:
                    kind = replace(kind, name=name)
                if isinstance(kind, TableValue) and not kind.name:
                    kind = replace(kind, name=name)
                shared.bound(self, target, kind)
                if name in self.scope.declared_global:
                    self.lose(kind, target, f"it is kept in the global `{name}`")
                    self.bind_global(name, kind, id(by))
                self.bind(name, kind, id(by))
            case cst.Tuple() | cst.List():
                self._unpack(target, kind, by)
            case cst.Attribute():
                self.path.append(target)
                core.assigned(self, target, by)
                keeping.store(self, target, kind)
                self.path.pop()
            case cst.Subscript():
                self.path.append(target)
                owner = self.expression(target.value)
                for index in target.slice:
                    if isinstance(index.slice, cst.Index):
                        self.consume(index.slice.value, "it is an index")
                containers.stored(self, target, target.value, owner, kind)
                keeping.store_item(self, target, kind)
                self.path.pop()
            case _:
                pass

    def _unpack(self, target: cst.Tuple | cst.List, kind: Type, by: cst.CSTNode) -> None:
        """`a, b = …`"""
        elements = target.elements
        if isinstance(kind, Query):
            self.escape(kind, target, "it is unpacked into several names")
        if isinstance(kind, Pending):
            for item in elements:
                self.bind_target(item.value, kind, by)
            return
        starred = any(isinstance(item, cst.StarredElement) for item in elements)
        if isinstance(kind, Many) and isinstance(kind.of, Row):  # first, *others = rows
            for item in elements:
                self.bind_target(item.value, kind if isinstance(item, cst.StarredElement) else kind.of, by)
            return
        if isinstance(kind, Group) and not starred and len(kind.items) == len(elements):
            for item, inner in zip(elements, kind.items, strict=True):
                self.bind_target(item.value, inner, by)
            return
        if isinstance(kind, Group) or starred:
            self.lose(kind, target, "it is unpacked into several names")
        parts = queries.parts(kind, len(elements)) if not starred else None
        inner = containers.element_of(kind) if isinstance(kind, Many) and not starred else UNKNOWN
        for index, item in enumerate(elements):
            part = parts[index] if parts is not None else inner
            self.bind_target(item.value, part if isinstance(part, (Entity, Query, Instance)) else UNKNOWN, by)

    def bind_global(self, name: str, kind: Type, bound_by: int) -> None:
        """Let a name of the module hold a value that a function gives it."""
        scope = self.scope
        while scope.parent is not None:
            scope = scope.parent
        scope.bind(name, kind, bound_by)

    def _import(self, node: cst.Import | cst.ImportFrom) -> None:
        for bound, full in self.imports.bindings(node):
            self.scope.bind(bound, Imported(full), id(node))
            if bound in self.scope.declared_global:
                self.bind_global(bound, Imported(full), id(node))
            if names.root(full) in departed.PACKAGES and departed.is_departed(full):
                self.statement_site(node, f"{'moved' if full in departed.MOVED else 'gone'}:{full}")
        if isinstance(node, cst.ImportFrom) and isinstance(node.names, cst.ImportStar):
            module = module_of(node)
            if names.root(module) in departed.PACKAGES and departed.advice(f"{module}.*") is not None:
                self.statement_site(node, f"gone:{module}.*")
        if isinstance(node, cst.Import):
            for alias in node.names:
                if departed.advice(names.dotted(alias.name) or "") is not None and alias.asname is None:
                    self.statement_site(node, f"gone:{names.dotted(alias.name)}")

    # blocks

    def _if(self, node: cst.If) -> None:
        self.truth(node.test)
        before = dict(self.scope.names)
        true, false = executors.narrowed(self, node.test)
        self.scope.names.update(true)
        self.statements(node.body.body)
        after = self.scope.names
        self.scope.names = before
        self.scope.names.update(false)
        if isinstance(node.orelse, cst.If):
            self.statement(node.orelse)
        elif node.orelse is not None:
            self.statements(node.orelse.body.body)
        other_leaves = blocks.leaves(node.orelse.body.body) if isinstance(node.orelse, cst.Else) else False
        if blocks.leaves(node.body.body):
            return
        self.scope.names = after if other_leaves else merging.meet(self, after, self.scope.names, node)

    def _for(self, node: cst.For) -> None:
        kind = self.iterated(node.iter, "for")
        self.bind_target(node.target, kind, node)
        self._loop(node)

    def _loop(self, node: cst.For | cst.While, test: cst.BaseExpression | None = None) -> None:
        def body() -> None:
            self.statements(node.body.body)
            if test is not None:
                self.truth(test)  # with what the names hold before the next turn

        self.loops.walk(self.scope, body, lambda left, right: merging.meet(self, left, right, node))
        if node.orelse is not None:
            broken_off = dict(self.scope.names)
            self.statements(node.orelse.body.body)
            self.scope.names = merging.meet(self, broken_off, self.scope.names, node)

    # definitions

    def _function(self, node: cst.FunctionDef) -> None:
        for decorator in node.decorators:
            self.consume(decorator.decorator, "it is used as a decorator")
        for param in names.params(node.params):
            if param.default is not None:
                self.consume(param.default, "it is the default of a parameter")
        owner = self.owner if self.scope.kind == "class" else None
        around = tuple(self.path[:-1])
        kind = self.functions.define(node, self.scope, owner, ancestors=around, nested=self.function is not None)
        if (info := self.functions.known(kind.key)) is not None:
            info.own = frozenset(filter(self._is_own, info.decorators))
        self.bind(node.name.value, kind, id(node))
        if owner is not None:
            self.functions.classes.store(owner, node.name.value, kind)

    def _is_own(self, name: str) -> bool:
        """Whether a name is that of a function or a class of the program: its own `cached_property` may do anything."""
        binding = self.scope.look_up(name)
        kind = binding.type if binding is not None else UNKNOWN
        if isinstance(kind, Imported):
            return isinstance(self.program.home(self.unit, kind.name), Home)
        return isinstance(kind, (Function, LocalClass))

    def enter(self, info: FunctionInfo) -> None:
        """Walk the body of one function with what its parameters are known to hold."""
        outer = (self.scope, self.function, self.path, self.owner)
        self.owner = info.owner
        self.scope, self.function, self.path = Scope("function", info.scope), info, [*info.ancestors, info.node]
        for index, param in enumerate(names.params(info.node.params)):
            name = param.name.value
            bound_by = id(param)
            kind = self.annotation(param.annotation.annotation) if param.annotation is not None else UNKNOWN
            if index == 0 and info.owner is not None and "staticmethod" not in info.decorators and kind is UNKNOWN:
                kind, bound_by = self._receiver(info, name), self.functions.classes.root(info.owner)
            if kind is UNKNOWN:
                kind = listeners.parameter(info, index)
            if kind is UNKNOWN and isinstance(param.default, cst.Call):
                kind = self.types.get(id(param.default), UNKNOWN)
            kind = dynamic.as_given(kind, info.parameters.get(name))
            known = index == 0 and info.of_query and kind is not UNKNOWN
            if kind is UNKNOWN or (any(held(info.parameters.get(name))) and not known):
                kind = self.functions.argument_of(info, name)
            if info.starred and any(held(kind)) and not (index == 0 and info.owner is not None):
                kind = UNKNOWN
            self.bind(name, kind, bound_by)
            if param.default is not None and self.types.get(id(param.default)) is not NONE and any(held(kind)):
                self.lose(kind, param, f"`{name}` is something else by default")
            annotated.note(self, param.annotation, kind)
        crossing.carry(self, info)
        stages.entered(self, info)
        self.statements(info.node.body.body)
        returning.ended(self, info)
        info.local_names = frozenset(self.scope.ever)
        self.scope, self.function, self.path, self.owner = outer

    def _receiver(self, info: FunctionInfo, name: str) -> Type:
        """What `self` or `cls` is in a method."""
        if (query := querymethods.receiver(self, info, name)) is not None:
            return query
        kind = self.functions.receiver(info)
        owner = self.functions.classes.info(info.owner) if info.owner is not None else None
        if isinstance(kind, LocalClass) and owner is not None and owner.name in self.mapping:
            return Entity(name, Belief.PROVEN, alias_of=owner.name)
        return kind

    def _class(self, node: cst.ClassDef) -> None:
        bases = [(names.code(arg.value), self.expression(arg.value)) for arg in node.bases]
        self.functions.classes.define(node, bases, self.path[:-1])
        for decorator in node.decorators:
            self.consume(decorator.decorator, "it is used as a decorator")
        outer, owner = self.scope, self.owner
        self.scope, self.owner = Scope("class", outer), id(node)
        self.statements(node.body.body)
        for name, binding in self.scope.names.items():
            stored.in_class(self, node, name, binding.type)
        self.scope, self.owner = outer, owner
        name = node.name.value
        kind = Entity(name, Belief.PROVEN) if self.mapping.defines(name) else LocalClass(id(node), name)
        self.bind(name, kind, id(node))
        self.statement_site(node, "class")
        extension.note_overridden(self, node)
        querymethods.define(self, node)
