"""`python -m tests.benchmarks.translation`: translating a long file, as a ratio to only parsing and printing it."""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import libcst

from translator import translate

HEAD = '''"""Generated: code as applications of the 1.x time have it."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Integer, String, func, or_, select
from sqlalchemy.ext.declarative import declarative_base
from sqlalchemy.orm import Session, joinedload, relationship

Base = declarative_base()
'''

# One model, two classes of queries and one function without SQLAlchemy: about 40 lines, 12 of them legacy.
PART = '''

class Customer{n}(Base):
    """A customer of branch {n}."""

    __tablename__ = "customer_{n}"

    id = Column(Integer, primary_key=True)
    name = Column(String(80), nullable=False)
    parent_id = Column(Integer, ForeignKey("customer_{n}.id"))
    orders = relationship("Customer{n}")


class Customers{n}:
    def __init__(self, session: Session):
        self.session = session

    def get(self, key):
        return self.session.query(Customer{n}).get(key)

    def named(self, name, limit=None):
        query = self.session.query(Customer{n}).filter(Customer{n}.name == name).order_by(Customer{n}.id)
        if limit is not None:
            query = query.limit(limit)  # the page
        return query.all()

    def count(self):
        return self.session.query(Customer{n}).filter(Customer{n}.parent_id.is_(None)).count()

    def rename(self, key, name):
        (
            self.session.query(Customer{n})
            # one row at most
            .filter_by(id=key)
            .update({{"name": name}}, synchronize_session=False)
        )
        self.session.commit()


def total_{n}(lines, rate=0.19):
    result = {{"net": 0, "gross": 0}}
    for line in lines:
        if line["amount"] <= 0 or not line.get("active", True):
            continue
        net = line["price"] * line["amount"] - sum(discount["value"] for discount in line["discounts"])
        result["net"] += net
        result["gross"] += round(net * (1 + rate), 2)
    return result
'''


@dataclass(frozen=True, slots=True)
class Measured:
    """CPU seconds, medians of all rounds, and what was translated."""

    lines: int
    parse: float
    translate: float
    changes: int

    @property
    def ratio(self) -> float:
        """How many times as long as parsing and printing."""
        return self.translate / self.parse


def typical(lines: int) -> str:
    """Typical 1.x code of at least this many lines."""
    parts = [HEAD]
    length = HEAD.count("\n")
    while length < lines:
        parts.append(PART.format(n=len(parts)))
        length += parts[-1].count("\n")
    return "".join(parts)


def measure(lines: int, rounds: int) -> Measured:
    """Both in turn, so that whatever else the machine does hits both alike."""
    source = typical(lines)
    parsing, translating = [], []
    changes = 0
    for _ in range(rounds):
        parsing.append(_seconds(lambda: libcst.parse_module(source).code))
        started = time.process_time()
        changes = len(translate(source).changes)
        translating.append(time.process_time() - started)
    return Measured(source.count("\n"), statistics.median(parsing), statistics.median(translating), changes)


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    started = time.process_time()
    work()
    return time.process_time() - started


def main() -> None:
    """Print one line of figures."""
    found = measure(5_000, rounds=5)
    sys.stdout.write(
        f"{found.lines} lines, {found.changes} changes: translated in {found.translate:.2f} s of CPU, "
        f"parsed and printed by libcst in {found.parse:.2f} s: ratio {found.ratio:.2f}\n"
    )


if __name__ == "__main__":
    main()
