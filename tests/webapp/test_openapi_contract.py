"""The served OpenAPI document against the server, by requests that schemathesis makes up from it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.webapp.live_server import LiveServer


def test_made_up_requests_are_answered_as_documented(server: LiveServer, tmp_path: Path) -> None:
    """No server error; no status, media type, header or body that the document does not name; no method unrefused.

    Three checks stay off: text that fits the schema may still be no Python (422); any text is a plain body, so there
    is none to refuse (wrong JSON is covered in test_api.py); only a share's maker has its token.
    """
    command = shutil.which("schemathesis", path=str(Path(sys.executable).parent))
    assert command is not None, "schemathesis belongs to the development dependencies: pip install -e '.[dev]'"
    run = subprocess.run(
        [
            command,
            "run",
            f"{server.url}/api/v1/openapi.json",
            "--max-examples=8",
            "--phases=examples,coverage,fuzzing",
            "--exclude-checks=positive_data_acceptance,negative_data_rejection,ignored_auth",
            "--max-time=25",
            "--seed=1",
            "--no-color",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
