"""What stand-ins ask of the run that they stand in: values for names, models, who is told of what is handed over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar


def _nothing(name: str) -> Any:
    raise KeyError(name)


class World:
    """Set by the environment of the run, before the text is."""

    typed: ClassVar[Callable[..., Any]] = staticmethod(lambda name, place="": "ada")
    """How a name becomes a plain value, and where it stands."""
    part: ClassVar[Callable[[str], Any]] = staticmethod(_nothing)
    """Finds what may be had from something unknown: a model, a session. Raises KeyError."""
    row: ClassVar[Callable[[str], Any]] = staticmethod(_nothing)
    """Finds the first object of the model that a name is spelt like: `user`. Raises KeyError."""
    methods: ClassVar[frozenset[str]] = frozenset()
    """The names that the text calls something by as a method."""
    in_name_only: ClassVar[set[int]] = set()
    """The lines in which a placeholder stood for a session, a query, a result."""
    handed: ClassVar[Callable[..., None]] = staticmethod(lambda name, args, kwargs: None)
    """Told what the text hands over to what it doesn't show."""
