"""What a run puts in the place of something that all runs of a process share, and how that is taken back.

A job needs nothing taken back: its process ends with it. The rehearsal does, which is run before there is a job.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

_undo: list[Callable[[], Any]] = []


def replace(owner: Any, name: str, value: Any) -> None:
    """Set an attribute of a module or a class."""
    known = vars(owner)
    if name in known:
        before = known[name]
        later(lambda: setattr(owner, name, before))
    else:
        later(lambda: delattr(owner, name))
    setattr(owner, name, value)


def listen(target: Any, name: str, listener: Callable[..., Any]) -> None:
    """Have a listener called for an event of a class."""
    event.listen(target, name, listener)
    later(lambda: event.remove(target, name, listener))


def later(action: Callable[[], Any]) -> None:
    """What is to be done when everything is taken back."""
    _undo.append(action)


def take_back() -> None:
    """Undo all, the last first."""
    while _undo:
        _undo.pop()()
