"""The rows every entry starts from: fan-out joins, NULLs, ties, repeated names, an orphan, an unused tag."""

from __future__ import annotations

from typing import Any

import models

SEED = {
    "author": [(1, "Ada", "UK", 5), (2, "Bo", None, None), (3, "Cy", "US", 3), (4, "Di", "US", 3), (5, "Ada", None, 1)],
    "profile": [(1, 1, "countess"), (2, 3, None)],
    "book": [
        (1, "Engines", 1843, "10.50", 1),
        (2, "Notes", 1850, "3.00", 1),
        (3, "Maps", None, None, 2),
        (4, "Atlas", 1999, "25.00", 3),
        (5, "Orphan", 2001, "1.00", None),
        (6, "Engines", 2005, "8.25", 3),
    ],
    "tag": [(1, "math"), (2, "travel"), (3, "unused")],
    "book_tag": [(1, 1), (2, 1), (2, 2), (3, 2), (4, 2)],
    "review": [(1, 1, 5, "great"), (2, 1, 5, None), (3, 2, 2, "dry"), (4, 4, 4, None)],
    "node": [(1, "root", None), (2, "a", 1), (3, "b", 1), (4, "aa", 2)],
    "asset": [(1, "image", "cover"), (2, "clip", "intro"), (3, "asset", "blob")],
    "image": [(1, 640)],
    "clip": [(2, 30)],
    "stock": [(1, 1, 10), (1, 2, 0), (2, 1, 7)],
}


def seed(engine: Any) -> None:
    """Create the tables and put the rows in."""
    models.Base.metadata.create_all(engine)
    with engine.begin() as connection:
        for table, rows in SEED.items():
            for row in rows:
                connection.exec_driver_sql(f"insert into {table} values ({','.join('?' * len(row))})", row)
