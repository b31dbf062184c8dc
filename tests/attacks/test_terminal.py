"""What code says is shown in a terminal as text: it can't clear the screen, colour it or rename the window."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.attacks.reading import Target, attacks


def test_nothing_steers_the_terminal(tmp_path: Path) -> None:
    """Neither values, nor exceptions, nor statements, nor a file's name."""
    target = Target(tmp_path, tmp_path, tmp_path, 0)
    for number, attack in enumerate(attacks()):
        if attack.asks("ansi"):
            (tmp_path / f"{number}\x1b[31m.py").write_text(attack.paste(target))
    command = [sys.executable, "-m", "translator", "--check", "--verify", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=120)
    assert len(done.stderr.splitlines()) >= 3
    assert b"\\x1b" in done.stderr
    assert b"\x1b" not in done.stderr + done.stdout
    assert b"\x07" not in done.stderr + done.stdout
