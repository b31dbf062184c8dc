"""What stands for the names that a paste uses and doesn't show: sample values, by what they are called.

`current_user.id` is a number, `form.email.data` an address that some row has, `@login_required` leaves the view as it
is. Both runs get the same, so a proof on them is a proof; which names were made up is told with it.
"""

from __future__ import annotations

import datetime
import sqlite3
import sys
import types
from collections.abc import Callable
from typing import Any, ClassVar

from .guards import PASTE, Offer, Unavailable, line_of

Typed = Callable[..., Any]
"""Gives a plain value for a name, and where it stands."""

WRAPPERS = frozenset({"data", "value", "get", "strip", "lower", "first", "text", "raw_data"})
"""What says nothing of its own: `form.email.data` is an email."""


OF_DATABASES = frozenset(
    {
        "all", "delete", "execute", "filter", "filter_by", "first", "join", "one", "one_or_none", "options", "order_by",
        "outerjoin", "query", "scalar", "scalars", "select", "update",
    }
)  # fmt: skip
"""Calls that would have asked a database something: their lines have run in name only."""


OF_SESSIONS = frozenset({"execute", "get", "query", "scalar", "scalars"})
"""Calls that only a session takes with a statement, a mapped class or an attribute of one."""


HELD = frozenset({"session", "db", "engine"})
"""What a context or a configuration may hold: `context["session"]`."""


OF_CONNECTIONS = frozenset(
    {"begin", "close", "commit", "connect", "connection", "dispose", "flush", "query", "rollback", "session"}
)
"""Calls that a translation may add or take away: nothing is handed over with them."""


def _is_sql(value: Any) -> bool:
    mapped = isinstance(value, type) and hasattr(value, "__mapper__")
    return mapped or hasattr(value, "__clause_element__") or hasattr(value, "__visit_name__")


class Placeholder:
    """A thing of which only the name is known. Can be called, read from, walked, compared and bound as a parameter."""

    typed: ClassVar[Typed] = staticmethod(lambda name, place="": "ada")
    """How a name becomes a value; set by the environment of the run."""
    in_name_only: ClassVar[set[int]] = set()
    """The lines in which a placeholder stood for a session, a query, a result."""
    handed: ClassVar[Callable[..., None]] = staticmethod(lambda name, args, kwargs: None)
    """Told what the text hands over to what it doesn't show."""

    def __init__(self, name: str, module: str, offer: Offer) -> None:
        self.__dict__.update(_name=name, _module=module, _offer=offer)

    @property
    def plain(self) -> Any:
        """The value that it has where a value is needed."""
        told = _telling_part(self._name)
        return Placeholder.typed(told, f".{told}" if "." in self._name else "")

    def _child(self, name: str) -> Any:
        if not name.endswith("()"):
            value = Placeholder.typed(_telling_part(name))
            if isinstance(value, (list, datetime.date)):  # these can do more by themselves
                return value
        return Placeholder(name, self._module, self._offer)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._module.partition(".")[0] in sys.stdlib_module_names:
            # it would do something, not e.g. register a view
            raise Unavailable(f"the proof runs without the module {self._module}")
        last = self._name.rpartition(".")[2]
        if last in OF_SESSIONS and args and _is_sql(args[0]) and (session := self._session()) is not None:
            return getattr(session, last)(*args, **kwargs)  # whoever gives it: it is a session
        if len(args) == 1 and not kwargs and isinstance(args[0], (types.FunctionType, type)):
            return args[0]
        if last in OF_DATABASES:
            Placeholder.in_name_only.add(line_of(sys._getframe()) or 0)
        elif self._is_shown() and sys._getframe(1).f_code.co_filename == PASTE:  # not what SQLAlchemy does with it
            Placeholder.handed(self._name, args, kwargs)
        return self._child(f"{self._name}()")

    def _is_shown(self) -> bool:
        """Whether what is handed over says something: not where it stands for a session or a connection."""
        return OF_CONNECTIONS.isdisjoint(self._name.replace("()", "").split("."))

    def _session(self) -> Any:
        try:
            return self._offer("session")
        except KeyError:
            return None

    def __getattr__(self, name: str) -> Any:
        if name.startswith(("__", "_sa_")):
            raise AttributeError(name)
        try:
            return self._offer(name)  # not a placeholder e.g. in `models.User`
        except KeyError:
            return self._child(f"{self._name}.{name}")

    def __getitem__(self, key: Any) -> Any:
        """Also how it is walked: with an `__iter__`, `get(x)` would take it for a composite key."""
        if isinstance(key, int) and key >= len(self):
            raise IndexError(key)
        if key in HELD:
            try:
                return self._offer(key)
            except KeyError:
                return self._child(f"{self._name}.{key}")
        return self._child(f"{self._name}.{key}" if isinstance(key, str) else f"{self._name}.item")

    def __enter__(self) -> Any:
        try:
            return self._offer(self._name.rpartition(".")[2].removesuffix("()"))
        except KeyError:
            return self

    def __exit__(self, *_: Any) -> None:
        return None

    def __await__(self) -> Any:
        return self
        yield

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        alone = all(isinstance(base, Placeholder) for base in bases)
        return (Anything,) if alone and bases[0] is self else ()

    def __conform__(self, protocol: Any) -> Any:
        """What sqlite3 asks of a parameter that it doesn't know."""
        return self.plain if protocol is sqlite3.PrepareProtocol else None

    def __instancecheck__(self, instance: Any) -> bool:
        return False

    def __bool__(self) -> bool:
        return True

    def __len__(self) -> int:
        return 2

    def __int__(self) -> int:
        found = self.plain
        return int(found) if isinstance(found, (int, float)) else 1

    __index__ = __int__

    def __float__(self) -> float:
        return float(int(self))

    def __str__(self) -> str:
        return str(self.plain)

    def __format__(self, form: str) -> str:
        return format(self.plain, form)

    def __hash__(self) -> int:
        found = self.plain
        return hash(str(found) if isinstance(found, (list, dict)) else found)

    def __contains__(self, item: Any) -> bool:
        return False


def _telling_part(name: str) -> str:
    """The last part of a dotted name that says what it is."""
    parts = [part.removesuffix("()") for part in name.split(".")]
    while len(parts) > 1 and parts[-1] in WRAPPERS:
        parts.pop()
    return parts[-1]


class Anything:
    """The base of a class whose base isn't there."""

    def __init__(self, *_: Any, **values: Any) -> None:
        self.__dict__.update(values)


def _operator(name: str, *, reflected: bool = False) -> Callable[[Placeholder, Any], Any]:
    def apply(self: Placeholder, other: Any) -> Any:
        mine = self.plain
        theirs = other.plain if isinstance(other, Placeholder) else other
        method = getattr(theirs if reflected else mine, f"__{name}__", None)
        return method(mine if reflected else theirs) if method is not None else NotImplemented

    return apply


for _name in ("eq", "ne", "lt", "le", "gt", "ge", "add", "sub", "mul", "mod", "truediv", "floordiv"):
    setattr(Placeholder, f"__{_name}__", _operator(_name))
for _name in ("add", "sub", "mul", "mod"):
    setattr(Placeholder, f"__r{_name}__", _operator(_name, reflected=True))


PAGES = {"page": 2, "offset": 1, "skip": 1, "start": 1}
"""What a request asks for that wants something else than the beginning, as it does with nothing in its hands."""


class Fields:
    """What a request brings: `request.args`, `request.form`. Has every field, or none in a call with nothing in its hands."""

    bare: ClassVar[bool] = False

    def get(self, key: Any, default: Any = None, type: Any = None) -> Any:
        if Fields.bare:
            return default
        sent = PAGES.get(str(key).lower()) or self[key]
        if default is not None and not isinstance(sent, default.__class__):
            return default
        return type(sent) if type is not None else sent

    def __getitem__(self, key: Any) -> Any:
        if Fields.bare:
            raise KeyError(key)
        return Placeholder.typed(str(key), f"[{key}]")

    def __contains__(self, key: Any) -> bool:
        return not Fields.bare

    def __bool__(self) -> bool:
        return not Fields.bare

    def getlist(self, key: Any, type: Any = None) -> list[Any]:
        return [] if Fields.bare else [self.get(key, type=type)]


class Cookie(Fields):
    """The session of a visitor: what a request brings, until something else is put into it."""

    def __init__(self) -> None:
        self._kept: dict[Any, Any] = {}

    def get(self, key: Any, default: Any = None, type: Any = None) -> Any:
        return self._kept[key] if key in self._kept else super().get(key, default, type)

    def __getitem__(self, key: Any) -> Any:
        return self._kept[key] if key in self._kept else super().__getitem__(key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._kept[key] = value
        Placeholder.handed(f"session[{key!r}]", (value,), {})

    def __delitem__(self, key: Any) -> None:
        self.pop(key)

    def __contains__(self, key: Any) -> bool:
        return key in self._kept or super().__contains__(key)

    def pop(self, key: Any, default: Any = None) -> Any:
        found = self.get(key, default)
        self._kept.pop(key, None)
        Placeholder.handed("session.pop", (key,), {})
        return found

    def clear(self) -> None:
        self._kept.clear()
        Placeholder.handed("session.clear", (), {})


class Request:
    """The request that a view is called in: one that sends everything, or one that asks with nothing."""

    def __init__(self) -> None:
        self.args = self.form = self.values = self.headers = self.json = self.cookies = self.files = Fields()

    @property
    def method(self) -> str:
        return "GET" if Fields.bare else "POST"

    def get_json(self, *_: Any, **__: Any) -> Fields:
        return self.json


class UnknownModule(types.ModuleType):
    """A module that isn't part of the paste: its names are those of the environment, or placeholders."""

    def __init__(self, name: str, offer: Offer, part: Offer, note: Callable[[str], None]) -> None:
        super().__init__(name)
        self.__dict__.update(_offer=offer, _part=part, _note=note)
        self.__path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith(("__", "_sa_")):
            raise AttributeError(name)
        try:
            return self.__dict__["_offer"](name)
        except KeyError:
            self.__dict__["_note"](name)
            return Placeholder(name, self.__name__, self.__dict__["_part"])
