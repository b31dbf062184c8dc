"""How Alembic reaches the application's database: the address comes from `webapp.migrate`."""

from __future__ import annotations

from alembic import context

from webapp.database import open_engine
from webapp.models import Base


def run() -> None:
    """Run the migrations in one transaction."""
    address = context.config.attributes.get("address")
    if address is None:
        raise SystemExit("Run migrations with: python -m webapp.migrate")
    engine = open_engine(address)
    with engine.connect() as connection:
        # SQLite can't alter most things in place; batch mode copies the table instead.
        context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
