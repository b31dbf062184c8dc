"""``python -m webapp.migrate``: bring the database to the newest schema. Knows nothing of Flask."""

from __future__ import annotations

import sys
from pathlib import Path

from alembic import command
from alembic.config import Config

from webapp.config import ConfigurationError, load_settings

MIGRATIONS = Path(__file__).resolve().parent / "migrations"


def upgrade(address: str) -> None:
    """Run every migration that the database at `address` has not had yet."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["address"] = address
    command.upgrade(config, "head")


def main() -> int:
    """The command."""
    try:
        address = load_settings().database
    except ConfigurationError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    upgrade(address)
    sys.stderr.write("The database is up to date.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
