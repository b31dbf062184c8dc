"""What stands for the names that a paste uses and doesn't show: sample values, by what they are called.

`current_user.id` is a number, `form.email.data` an address that some row has, `@login_required` leaves the view as it
is. Both runs get the same, so a proof on them is a proof; which names were made up is told with it.
"""

from __future__ import annotations

import datetime
import opcode
import sqlite3
import sys
import types
from collections.abc import Callable
from typing import Any

from .guards import PASTE, Offer, Unavailable, line_of
from .world import World

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


MERGING = frozenset({"DICT_MERGE", "DICT_UPDATE"})
"""What Python does with the mapping of a `**`."""


def _is_sql(value: Any) -> bool:
    mapped = isinstance(value, type) and hasattr(value, "__mapper__")
    return mapped or hasattr(value, "__clause_element__") or hasattr(value, "__visit_name__")


class Placeholder:
    """A thing of which only the name is known. Can be called, read from, walked, compared and bound as a parameter."""

    def __init__(self, name: str, module: str, offer: Offer) -> None:
        self.__dict__.update(_name=name, _module=module, _offer=offer)

    def __child(self, name: str) -> Any:
        if not name.endswith("()") and name.rpartition(".")[2] not in World.methods:
            value = World.typed(_telling_part(name))
            if isinstance(value, (list, datetime.date)):  # these can do more by themselves
                return value
        return Placeholder(name, self._module, self._offer)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._module.partition(".")[0] in sys.stdlib_module_names:
            # it would do something, not e.g. register a view
            raise Unavailable(f"the proof runs without the module {self._module}")
        last = self._name.rpartition(".")[2]
        asked = args and (_is_sql(args[0]) or (isinstance(args[0], str) and "session" in self._name.lower()))
        if last in OF_SESSIONS and asked and (session := self.__session()) is not None:
            return getattr(session, last)(*args, **kwargs)  # whoever gives it: it is a session, not e.g. a cursor
        if last == "get" and args and isinstance(args[0], str) and args[0].isidentifier():
            return self.__had(*args, **kwargs)
        if len(args) == 1 and not kwargs and isinstance(args[0], (types.FunctionType, type)):
            return args[0]
        if last in OF_DATABASES:
            World.in_name_only.add(line_of(sys._getframe()) or 0)
        elif self.__is_shown() and sys._getframe(1).f_code.co_filename == PASTE:  # not what SQLAlchemy does with it
            World.handed(self._name, args, kwargs)
        return self.__child(f"{self._name}()")

    def __had(self, key: str, default: Any = None, *_: Any, **__: Any) -> Any:
        """What `data.get("name")` gives: a value by that name, of the kind of the one that it would be otherwise."""
        found = self.__child(f"{self._name.removesuffix('.get')}.{key}")
        told = plain(found) if isinstance(found, Placeholder) else found
        return found if default is None or isinstance(told, type(default)) else default

    def __is_shown(self) -> bool:
        """Whether what is handed over says something: not where it stands for a session or a connection."""
        return OF_CONNECTIONS.isdisjoint(self._name.replace("()", "").split("."))

    def __session(self) -> Any:
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
            return self.__child(f"{self._name}.{name}")

    def __getitem__(self, key: Any) -> Any:
        """Also how it is walked: with an `__iter__`, `get(x)` would take it for a composite key."""
        if isinstance(key, int) and key >= len(self):
            raise IndexError(key)
        if isinstance(key, slice):
            return plain(self)[key] if isinstance(plain(self), (str, list)) else self
        if key in HELD:
            try:
                return self._offer(key)
            except KeyError:
                return self.__child(f"{self._name}.{key}")
        return self.__child(f"{self._name}.{key}" if isinstance(key, str) else f"{self._name}.item")

    def __setitem__(self, key: Any, value: Any) -> None:
        shown = vars(key)["_name"] if isinstance(key, Placeholder) else repr(key)  # not where it lies in memory
        self.__set(f"{self._name}[{shown}]", value)

    def __setattr__(self, name: str, value: Any) -> None:
        self.__dict__[name] = value
        self.__set(f"{self._name}.{name}", value)

    def __set(self, where: str, value: Any) -> None:
        if sys._getframe(2).f_code.co_filename == PASTE and self.__is_shown():
            World.handed(where, (value,), {})

    def keys(self) -> Any:
        """No names are known that could be handed on: `Item(**form.dict())`."""
        caller = sys._getframe(1)
        code = caller.f_code.co_code
        merged = 0 <= caller.f_lasti < len(code) and opcode.opname[code[caller.f_lasti]] in MERGING
        return () if merged else self.__child(f"{self._name}.keys")()

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
        if not alone or bases[0] is not self:
            return ()
        return (type("Anything", (Anything,), {name: _inherited(name) for name in World.methods}),)

    def __conform__(self, protocol: Any) -> Any:
        """What sqlite3 asks of a parameter that it doesn't know."""
        return plain(self) if protocol is sqlite3.PrepareProtocol else None

    def __instancecheck__(self, instance: Any) -> bool:
        return False

    def __bool__(self) -> bool:
        return True

    def __len__(self) -> int:
        return 2

    def __int__(self) -> int:
        found = plain(self)
        return int(found) if isinstance(found, (int, float)) else 1

    __index__ = __int__

    def __neg__(self) -> Any:
        return -int(self)

    def __pos__(self) -> Any:
        return int(self)

    def __float__(self) -> float:
        return float(int(self))

    def __str__(self) -> str:
        return str(plain(self))

    def __format__(self, form: str) -> str:
        return format(plain(self), form)

    def __hash__(self) -> int:
        found = plain(self)
        return hash(str(found) if isinstance(found, (list, dict)) else found)

    def __contains__(self, item: Any) -> bool:
        return False


def plain(stand_in: Placeholder) -> Any:
    """The value that it has where a value is needed."""
    name = vars(stand_in)["_name"]
    told = _telling_part(name)
    return World.typed(told, f".{told}" if "." in name else "")


def _telling_part(name: str) -> str:
    """The last part of a dotted name that says what it is."""
    parts = [part.removesuffix("()") for part in name.split(".")]
    while len(parts) > 1 and parts[-1] in WRAPPERS:
        parts.pop()
    return parts[-1]


class Anything:
    """The base of a class whose base isn't there: has whatever the text asks of it."""

    def __init__(self, *_: Any, **values: Any) -> None:
        self.__dict__.update(values)

    def __getattr__(self, name: str) -> Any:
        return anything(f"self.{name}")


def _inherited(name: str) -> Callable[..., Any]:
    """A method that a class has from a base which isn't there: `super().save()`, `self.assertEqual(…)`."""

    def inherited(self: Any, *args: Any, **kwargs: Any) -> Any:
        return Placeholder(name, "", World.part)(*args, **kwargs)

    return inherited


def anything(name: str) -> Any:
    """What an object that isn't shown has by a dotted name."""
    last = name.rpartition(".")[2]
    if last.startswith(("__", "_sa_")):
        raise AttributeError(last)
    try:
        return World.part(last)
    except KeyError:
        return Placeholder(name, "", World.part)


COUNTING = frozenset({"add", "sub", "truediv", "floordiv", "lt", "le", "gt", "ge"})


def _counted(mine: str, theirs: Any) -> Any:
    """A value that goes together with another one: `now + timedelta(days=1)` shows what `now` is, whatever it is called."""
    if isinstance(theirs, (datetime.timedelta, datetime.datetime)):
        return datetime.datetime(2020, 1, 1)
    if isinstance(theirs, datetime.date):
        return datetime.date(2020, 1, 1)
    return 1 if isinstance(theirs, (int, float)) else mine


def _operator(name: str, *, reflected: bool = False) -> Callable[[Placeholder, Any], Any]:
    def apply(self: Placeholder, other: Any) -> Any:
        mine = plain(self)
        theirs = plain(other) if isinstance(other, Placeholder) else other
        if name in COUNTING and isinstance(mine, str):
            mine = _counted(mine, theirs)
        method = getattr(theirs if reflected else mine, f"__{name}__", None)
        return method(mine if reflected else theirs) if method is not None else NotImplemented

    return apply


for _name in ("eq", "ne", "lt", "le", "gt", "ge", "add", "sub", "mul", "mod", "truediv", "floordiv"):
    setattr(Placeholder, f"__{_name}__", _operator(_name))
for _name in ("add", "sub", "mul", "mod"):
    setattr(Placeholder, f"__r{_name}__", _operator(_name, reflected=True))


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
            if self.__name__.partition(".")[0] in sys.stdlib_module_names:
                raise KeyError(name)  # not e.g. Flask's in `urllib.request`
            return self.__dict__["_offer"](name)
        except KeyError:
            self.__dict__["_note"](name)
            return Placeholder(name, self.__name__, self.__dict__["_part"])
