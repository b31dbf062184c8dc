"""One server for all attacks, and targets: a secret, a folder, a listener, all made for the test."""

from __future__ import annotations

import secrets
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.attacks.reading import Target
from tests.webapp.live_server import LiveServer, run_server


@dataclass(slots=True)
class Range:
    """Where the attacks take place, and what they must not get."""

    folder: Path
    token: str
    port: int
    callers: list[str] = field(default_factory=list)
    """Who has connected to the listener."""

    def target(self, name: str) -> Target:
        """The secret, and a folder for one attack of its own."""
        tries = sum(path.name.partition("-")[0] == name for path in self.folder.iterdir())
        folder = self.folder / (f"{name}-{tries}" if tries else name)  # another try finds nothing of the one before
        folder.mkdir()
        folder.chmod(0o777)
        victim = folder / "victim.py"
        victim.write_text("prize = 'won'\n")
        victim.chmod(0o666)
        return Target(self.folder / "secret", folder, victim, self.port)

    def left(self, target: Target) -> list[str]:
        """What an attack left behind in its folder, or changed."""
        found = [path.name for path in target.folder.iterdir() if path != target.victim]
        untouched = target.victim.is_file() and target.victim.read_text() == "prize = 'won'\n"
        return found if untouched else [*found, "victim.py"]


@pytest.fixture(scope="session")
def shooting_range(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Range]:
    """The targets; everybody may reach them, only the jail is in the way."""
    folder = tmp_path_factory.mktemp("attacks")
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(0o755)
    token = f"token-{secrets.token_hex(8)}"
    (folder / "secret").write_text(token)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        found = Range(folder, token, listener.getsockname()[1])
        threading.Thread(target=_listen, args=(listener, found.callers), daemon=True).start()
        yield found


@pytest.fixture(scope="session")
def attacked(shooting_range: Range, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server as it is deployed, with a secret in its environment."""
    with run_server(tmp_path_factory.mktemp("attacked"), ATTACK_CANARY=shooting_range.token) as running:
        yield running


def _listen(listener: socket.socket, callers: list[str]) -> None:
    while True:
        try:
            connection, address = listener.accept()
        except OSError:
            return
        callers.append(str(address))
        connection.close()


def zygotes_of(process: int) -> set[int]:
    """The processes below one that hold pasted text."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue  # it has just ended
            children.setdefault(parent, []).append(int(entry.name))
    found, waiting = set(), [process]
    while waiting:
        below = children.get(waiting.pop(), [])
        own = {child for child in below if _is_zygote(child)}
        waiting += [child for child in below if child not in own]  # below a zygote there are only jobs
        found |= own
    return found


def _is_zygote(process: int) -> bool:
    try:
        command = Path(f"/proc/{process}/cmdline").read_bytes()
        return b"jail/boot.py" in command and b"bwrap" not in command.partition(b"\0")[0]
    except OSError:
        return False
