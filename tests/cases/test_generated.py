"""Programs made at random are translated and proven; none may come out different, whatever clauses meet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cases.generated import program
from translator import Options, Workbench
from translator.schema.infer import plan

SEEDS = range(40)
EVERYTHING = """
session.query(Customer).join(Customer.orders).join(Order.lines).join(OrderLine.order).join(OrderLine.product)
session.query(Product).join(Order.customer).join(Product.lines).filter(Customer.name == "ada", Customer.email == "x")
session.query(Order).filter(Order.status == "open", Order.total > 1, OrderLine.quantity > 1, Product.price > 1)
"""


@pytest.fixture(scope="module")
def workbench() -> Iterator[Workbench]:
    """The jail with both runtimes."""
    bench = Workbench()
    yield bench
    bench.close()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("models", ["mentioned", "in sight"])
def test_a_generated_program_stays_the_same(seed: int, models: str, workbench: Workbench) -> None:
    """It is proven the same, or it stays as it was with a diagnostic."""
    code = program(seed)
    text = code if models == "mentioned" else f"{plan(EVERYTHING)['models']}\n{code}"
    report = workbench.convert(text, Options(), verify=True)
    proof = report["verification"]
    if not report["changed"]:
        assert [item for item in report["diagnostics"] if item["severity"] != "note"], "left without a word"
    elif proof["verdict"] == "different":
        # The versions themselves write some SQL in other ways; the rows must be the same all the same.
        assert "on this data the rows are the same" in proof["reason"], f"{proof['reason']}\n{report['output']}"
    else:
        assert proof["verdict"] == "same" or "raises" in proof["reason"], proof["reason"]
