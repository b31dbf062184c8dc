"""What a view is called with: a request that sends everything, or nothing; the session of a visitor; what a request keeps."""

from __future__ import annotations

import types
from typing import Any, ClassVar

from .placeholders import anything
from .world import World

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
        return World.typed(str(key), f"[{key}]")

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
        World.handed(f"session[{key!r}]", (value,), {})

    def __delitem__(self, key: Any) -> None:
        self.pop(key)

    def __contains__(self, key: Any) -> bool:
        return key in self._kept or super().__contains__(key)

    def pop(self, key: Any, default: Any = None) -> Any:
        found = self.get(key, default)
        self._kept.pop(key, None)
        World.handed("session.pop", (key,), {})
        return found

    def clear(self) -> None:
        self._kept.clear()
        World.handed("session.clear", (), {})


class Request:
    """The request that a view is called in: one that sends everything, or one that asks with nothing."""

    def __init__(self) -> None:
        self.args = self.form = self.values = self.headers = self.json = self.cookies = self.files = Fields()

    @property
    def method(self) -> str:
        return "GET" if Fields.bare else "POST"

    def __getattr__(self, name: str) -> Any:
        return _of_request(f"request.{name}")

    def get_json(self, *_: Any, **__: Any) -> Fields:
        return self.json


class Globals(types.SimpleNamespace):
    """What a request keeps, `g`: has what something else that isn't shown has put there."""

    def __getattr__(self, name: str) -> Any:
        return _of_request(f"g.{name}")

    def __contains__(self, name: str) -> bool:
        return name in vars(self)

    def get(self, name: str, default: Any = None) -> Any:
        return vars(self).get(name, default)


class Payload(dict[str, Any]):
    """`data` that somebody sent: has what it is asked for, and names none of it by itself."""

    def __missing__(self, key: Any) -> Any:
        return World.typed(str(key), f"[{key}]")

    def get(self, key: Any, default: Any = None) -> Any:
        return dict.get(self, key) if dict.__contains__(self, key) else self[key]

    def __contains__(self, key: Any) -> bool:
        return True

    def __bool__(self) -> bool:
        return True


def _of_request(name: str) -> Any:
    """An attribute that isn't shown: an object of the model that is called so, or whatever it may be."""
    try:
        return World.row(name.rpartition(".")[2])
    except KeyError:
        return anything(name)
