"""Starts a zygote: loads the jail package by its path, without the `translator` around it, and hands over.

Run as `python -I boot.py CONFIG`, CONFIG being the JSON of `zygote.Config`. The standard library only.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path


def main() -> None:
    """Load `jail` as a top-level package (in this process it is that) and serve until the parent hangs up."""
    config = json.loads(sys.argv[1])
    sys.path[:0] = config["paths"]
    around = str(Path(__file__).resolve().parent.parent)
    sys.path.insert(0, around)
    zygote = importlib.import_module("jail.zygote")
    sys.path.remove(around)
    zygote.serve(config)


if __name__ == "__main__":
    main()
