"""Stands in for packages that an application imports and that are not installed here.

Anything taken from such a package can be inherited from, called, used as a decorator. What SQLAlchemy and its extensions
make of the models is untouched by it; models that are built by such a package are not seen.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types
from typing import Any


class _Plain:
    """What a class inherits from instead, where it has no other bases."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass


class _Anything:
    """A class, a function, a number or whatever else it is taken for."""

    __version__ = "0"

    def __init__(self, name: Any, *args: Any, **kwargs: Any) -> None:
        if not isinstance(name, str):  # a subclass calls it on an object of its own: `Field.__init__(self, label)`
            return
        self.__name__ = self.__qualname__ = name
        self.__doc__ = ""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name in {"_sa_class_manager", "_sa_registry", "_sa_instance_state"}:
            raise AttributeError(name)
        return _Anything(name)

    def __mro_entries__(self, bases: Any) -> Any:
        others = any(not isinstance(base, _Anything) for base in bases)
        return () if others or bases[0] is not self else (_Plain,)  # once, where there are several

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        decorates = len(args) == 1 and not kwargs and isinstance(args[0], (type, types.FunctionType))
        own = decorates and not args[0].__module__.startswith("sqlalchemy")
        return args[0] if own and not self.__name__[:1].isupper() else self

    def __instancecheck__(self, instance: Any) -> bool:
        return False

    def __subclasscheck__(self, subclass: Any) -> bool:
        return False

    def __getitem__(self, key: Any) -> Any:
        return self

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def __str__(self) -> str:
        return "0"

    __repr__ = __str__

    def __int__(self) -> int:
        return 0

    __index__ = __len__ = __int__

    def __float__(self) -> float:
        return 0.0

    def __bool__(self) -> bool:
        return True

    def __contains__(self, item: Any) -> bool:
        return False

    def __iter__(self) -> Any:
        return iter(())

    def __or__(self, other: Any) -> Any:
        typed = other is None or isinstance(other, (type, types.UnionType, types.GenericAlias, _Anything))
        return Any | None if typed else other  # unlike Any itself, this can be followed by `| None` again

    __ror__ = __or__

    def _other(self, other: Any) -> Any:
        return other

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __and__ = __rand__ = __mod__ = _other

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *args: Any) -> None:
        return None


_FAILURES = ("Error", "Exception", "NotFound", "Warning", "Timeout")
"""How names of exceptions end, which may be caught."""


class _Module(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name == "__version__":
            return "0"
        if name.startswith("__"):
            raise AttributeError(name)
        made = type(name, (Exception,), {}) if name.endswith(_FAILURES) else _Anything(name)
        setattr(self, name, made)
        return made


_OTHER_PYTHONS = frozenset(
    {"StringIO", "cStringIO", "cPickle", "urllib2", "urlparse", "httplib", "__builtin__", "Cookie", "annotationlib"}
    | {"psycopg_c"}
)
"""Modules whose lack tells an application which Python it runs on, or a package that it has no faster half."""


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        top = fullname.partition(".")[0]
        ours = isinstance(sys.modules.get(fullname.rpartition(".")[0]), _Module)
        known = sys.stdlib_module_names | {"sqlalchemy"}
        if top in known or top.lower() in known or top in _OTHER_PYTHONS or not (ours or fullname == top):
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: Any) -> Any:
        return _Module(spec.name)

    def exec_module(self, module: Any) -> None:
        module.__path__ = []


def stand_in(lacking: list[list[str]], *, alembic: bool) -> None:
    """From now on an import of what is not installed gives something to go on with.

    So do names that installed modules lack; and alembic, of which no version here goes with SQLAlchemy 1.4.
    """
    sys.meta_path.append(_Finder())
    if alembic:
        sys.modules["alembic"] = importlib.util.module_from_spec(_Finder().find_spec("alembic", None))
        sys.modules["alembic"].__path__ = []
    for module, name in lacking:
        setattr(importlib.import_module(module), name, _Anything(name))
