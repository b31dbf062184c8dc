"""What the views share within one process: settings, the converter, the store of shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

from flask import current_app

from translator import Dialect
from webapp.config import Settings
from webapp.conversion import Converter, Report, parse_options
from webapp.examples import Example
from webapp.shares import ShareStore

_KEY = "requery"


class ExampleReports:
    """Reports of the examples, worked out once a process: the front page must not cost a proof each time."""

    def __init__(self, converter: Converter) -> None:
        self._converter = converter
        self._lock = Lock()
        self._reports: dict[tuple[str, Dialect], Report] = {}

    def get(self, example: Example, dialect: Dialect) -> Report:
        """The report of one example; raises `Problem` and then tries again next time."""
        key = example.slug, dialect
        with self._lock:
            if key not in self._reports:
                options = parse_options({"dialect": dialect})
                self._reports[key] = self._converter.convert(example.source, options, verify=True)
            return self._reports[key]


@dataclass(frozen=True, slots=True)
class Services:
    """Built once by `create_app`."""

    settings: Settings
    converter: Converter
    shares: ShareStore
    examples: ExampleReports = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "examples", ExampleReports(self.converter))

    def register(self, extensions: dict[str, object]) -> None:
        """Make these the services of an application."""
        extensions[_KEY] = self


def services() -> Services:
    """The services of the running application."""
    found = current_app.extensions[_KEY]
    assert isinstance(found, Services)
    return found
