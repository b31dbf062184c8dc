"""The attacks of `catalogue/*.txt`: pasted code that means harm, with what must come of it.

A file has settings for all of its attacks, then blocks: `=== name`, settings of its own, code. Settings:
`outcome` what the code itself must have seen (a pattern; an exception's name, or what it left in `prize`);
`told` what the verdict says instead where the job ended before it could tell (a pattern);
`alone` the layers each of which stops it by itself; `control: no` where it can't be let loose without a jail;
`prelude: no` where it gets at `os` by itself; `bare` code without a wrapper; `page`, `ansi` what reads its answer;
`slow`, `waits` what it costs; `machine`, `needs` where it works at all; `root` where only root could do it.
"""

from __future__ import annotations

import os
import platform
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import indent

CATALOGUE = Path(__file__).with_name("catalogue")
SETTINGS = frozenset(
    [
        "outcome",
        "told",
        "alone",
        "control",
        "prelude",
        "bare",
        "page",
        "ansi",
        "slow",
        "waits",
        "machine",
        "needs",
        "root",
    ]
)
LINE = re.compile(r"(\w+):(?: (.*))?$")
PRELUDE = """\
import logging, time
os, sys = logging.os, logging.sys
real = sys.modules["builtins"]
"""
MODULES = {"ctypes": "ctypes", "socket": "socket", "resource": "resource"}
NATIVE = """\
def native(name, *arguments):
    found = getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments)
    if found == -1:
        raise OSError(ctypes.get_errno(), name)
    return found
"""


@dataclass(frozen=True, slots=True)
class Target:
    """What an attack is after; all of it made for the test."""

    secret: Path
    """A file that everybody may read."""
    folder: Path
    """A folder that everybody may write to."""
    victim: Path
    """A Python file in it that everybody may write to."""
    port: int
    """A server on the loopback address."""

    @property
    def names(self) -> str:
        """Assignments that tell an attack where to go."""
        return "\n".join(
            f"{name} = {value!r}"
            for name, value in {
                "SECRET": str(self.secret),
                "FOLDER": str(self.folder),
                "VICTIM": str(self.victim),
                "PORT": self.port,
            }.items()
        )


@dataclass(frozen=True, slots=True)
class Attack:
    """One attack, as it stands in the catalogue."""

    family: str
    name: str
    code: str
    settings: dict[str, str]

    def __str__(self) -> str:
        return f"{self.family}: {self.name}"

    @property
    def alone(self) -> tuple[str, ...]:
        """The layers each of which stops it by itself."""
        return tuple(self.settings.get("alone", "").split())

    def asks(self, setting: str) -> bool:
        """Whether a setting is on."""
        return self.settings.get(setting) == "yes"

    @property
    def controlled(self) -> bool:
        """Whether it may be let loose without a jail, to show that it works."""
        return self.settings.get("control") != "no" and (not self.asks("root") or os.geteuid() == 0)

    @property
    def possible(self) -> bool:
        """Whether this machine and this Python have what it is made for."""
        machine, name = self.settings.get("machine"), self.settings.get("needs", "").removeprefix("os.")
        return (machine is None or machine == platform.machine()) and (not name or hasattr(os, name))

    def body(self, target: Target) -> str:
        """The code alone, with what it needs before it."""
        if self.settings.get("prelude") == "no":
            return f"{target.names}\n{self.code}"
        modules = "".join(
            f"{name} = real.__import__({module!r})\n" for name, module in MODULES.items() if f"{name}." in self.code
        )
        native = ""
        if "native(" in self.code:
            modules = 'ctypes = real.__import__("ctypes")\n'
            native = NATIVE
        return f"{PRELUDE}{modules}{target.names}\n{native}{self.code}"

    def paste(self, target: Target) -> str:
        """The code as it is pasted: whatever becomes of it leaves the jail as the parameter of a statement."""
        if self.asks("bare"):
            return f"{target.names}\n{self.code}"
        return (
            "try:\n"
            + indent(self.body(target), "    ")
            + "    outcome = prize\n"
            + "except BaseException as error:\n"
            + '    outcome = f"{type(error).__name__}: {error}"\n'
            + 'session.execute(text("SELECT :outcome"), {"outcome": str(outcome)[:300]})\n'
        )


@cache
def attacks() -> tuple[Attack, ...]:
    """All of them that this machine can be attacked with."""
    found = [attack for path in sorted(CATALOGUE.glob("*.txt")) for attack in _read(path)]
    return tuple(attack for attack in found if attack.possible)


def _read(path: Path) -> list[Attack]:
    head, *blocks = re.split(r"(?m)^=== ", path.read_text())
    shared, _ = _settings(head)
    found = []
    for block in blocks:
        name, _, rest = block.partition("\n")
        own, code = _settings(rest)
        found.append(Attack(path.stem.partition("-")[2], name, code, {**shared, **own}))
    return found


def _settings(text: str) -> tuple[dict[str, str], str]:
    settings, rest = {}, []
    for line in text.splitlines():
        match = LINE.match(line)
        if match and match[1] in SETTINGS:
            settings[match[1]] = (match[2] or "").strip()
        elif line.strip():
            rest.append(line)
    return settings, "".join(f"{line}\n" for line in rest)
