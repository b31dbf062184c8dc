"""What a server holds: the zygotes, and the way from a pasted text to its report without parsing it in this process.

Also the command line's way to a proof. Knows the pipeline only by the name a zygote loads it by.
"""

from __future__ import annotations

import atexit
import functools
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from translator.findings import Translation
from translator.jail.client import Busy, JobFailed, Slots, Zygote, ZygoteSpec
from translator.keeping import Kept
from translator.options import Options
from translator.report import MalformedAnswer, load, load_error, report
from translator.schema.infer import plan as plan_schema
from translator.verify.harness import Prover, Sides
from translator.verify.trace import Verification

__all__ = ["Busy", "JobFailed", "Workbench", "verify"]

ENTRY = "translator.pipeline:translate_job"
# The rules that most texts need: a child in waiting has used them, and need not copy their pages when its text comes.
WARM = """\
from app import db

class Repository:
    def __init__(self, session):
        self.session = session

    def named(self, name, limit=None):
        query = self.session.query(User).options(joinedload("items")).filter(User.name == name)
        query = query.order_by(User.name.desc())
        if limit:
            query = query.limit(limit)
        return query.all()


class Item(Base):
    __tablename__ = "item"
    id = Column(Integer, primary_key=True)
    name = Column(String(50), nullable=False)
    user_id = Column(ForeignKey("user.id"))
    user = relationship("User", backref="items")


def first(ident):
    item = Item.query.filter_by(id=ident).first()
    rows = connection.execute(select([Item.id]).where(Item.id > 1)).fetchall()
    return item, [row["id"] for row in rows], session.query(Item).get(ident), session.query(Item).count()


session.query(Item).filter(Item.id == 3).update({"name": "x"})
session.query(Item).filter(Item.id == 4).delete()
names = [name for (name,) in session.query(User.name).join(Item).distinct()]
"""


class Workbench:
    """Translates and proves, each in the jail. Thread-safe; its processes start when they are first needed.

    Make one a process, after a server has forked; `close` ends its processes.
    """

    def __init__(
        self, *, at_once: int = 4, slow: int = 12, queue: int = 16, patience: float = 10.0, server: str = ""
    ) -> None:
        """`server` is the address of a PostgreSQL database, with a role for nothing else, to prove on as well."""
        root = str(Path(__file__).resolve().parents[1])
        warm = {"source": WARM, "options": {}}
        self._translator = Zygote(ZygoteSpec(entry=ENTRY, paths=(root,), warm=warm))
        self._prover = Prover(trusted=os.environ.get("REQUERY_TRUST_LOCAL") == "1", server=server)
        self._kept = Kept()
        self._slots = Slots(at_once, queue, patience, slow)

    def convert(self, source: str, options: Options, *, verify: bool) -> dict[str, Any]:
        """The report of a text. Raises SourceError, JobFailed and Busy, each with words for users."""
        asked = [source, options.to_dict(), verify]
        found = self._kept.find(asked)
        if found is None:
            found, lasting = self._converted(source, options, verify=verify)
            if lasting:
                self._kept.keep(asked, found)
        return found

    def _converted(self, source: str, options: Options, *, verify: bool) -> tuple[dict[str, Any], bool]:
        """The report, and whether it would be the same another time: not where a job died or ran out of time."""
        with self._slots.take():
            started = time.perf_counter()
            translation, plan = self._translate(source, options)
            spent = {"translate": _milliseconds(started)}
            proof = None
            if verify:
                started = time.perf_counter()
                proof = self._prover.prove(Sides.of(translation), plan, str(options.dialect))
                spent["prove"] = _milliseconds(started)
            return report(translation, proof, options, milliseconds=spent), proof is None or proof.finished

    def verify(self, translation: Translation, options: Options) -> Verification:
        """The proof of a translation that has been made already."""
        with self._slots.take():
            return self._prover.prove(
                Sides.of(translation), plan_schema(translation.code_before, options.schema), str(options.dialect)
            )

    def status(self) -> dict[str, Any]:
        """The jail's layers, the runtimes and which processes live. Starts those that don't."""
        zygotes = {"translate": self._translator, **self._prover.zygotes}
        hellos = {name: zygote.hello() for name, zygote in zygotes.items()}
        runs = [hello for name, hello in hellos.items() if name != "translate"]
        return {
            "layers": list(runs[0].layers),
            "runs_code": all(hello.may_run for hello in runs),
            "runtimes": {"before": runs[0].version, "after": runs[-1].version},
            "zygotes": {name: zygote.alive for name, zygote in zygotes.items()},
        }

    def close(self) -> None:
        """End every process."""
        self._translator.close()
        self._prover.close()

    def _translate(self, source: str, options: Options) -> tuple[Translation, Mapping[str, Any]]:
        answer = self._translator.submit({"source": source, "options": options.to_dict()}).result()
        try:
            if isinstance(answer.get("error"), dict):
                raise load_error(answer["error"])
            translation = load(answer["translation"])
            plan = answer.get("plan")
        except (MalformedAnswer, KeyError, TypeError) as error:
            raise JobFailed("crashed", f"malformed answer: {error}") from None
        return translation, plan if isinstance(plan, dict) else {}


@functools.cache
def _own() -> Workbench:
    bench = Workbench()
    atexit.register(bench.close)
    return bench


def verify(translation: Translation, options: Options) -> Verification:
    """Prove one translation in the jail. Starts processes of its own when first called; they end with this one."""
    return _own().verify(translation, options)


def _milliseconds(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)
