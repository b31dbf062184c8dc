"""The layers of the jail one at a time: what each holds by itself, and that without any the attacks do work."""

from __future__ import annotations

import os
import re
from functools import cache

import pytest

from tests.attacks.alone import GUARDS, NAMESPACES, NONE, run_alone
from tests.attacks.conftest import Range
from tests.attacks.reading import Attack, attacks
from translator.jail.client import bubblewrap
from translator.jail.kernel import Layers

CONTROLLED = [attack for attack in attacks() if attack.controlled]
KERNEL = ("rlimits", "privileges", "landlock", "seccomp")


def _won(outcome: str, token: str, left: list[str]) -> bool:
    return token in outcome or bool(re.match(r"\('won'|won", outcome)) or bool(left)


@pytest.fixture(scope="module")
def won(shooting_range: Range, tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """For each layer, and for none, the attacks that succeed against it alone."""
    os.environ["ATTACK_CANARY"] = shooting_range.token
    found: dict[str, set[str]] = {}
    for layer in (NONE, GUARDS, *KERNEL, *((NAMESPACES,) if bubblewrap() else ())):
        targets = {str(attack): shooting_range.target(f"{layer}-{number}") for number, attack in enumerate(CONTROLLED)}
        outcomes = run_alone(layer, {str(attack): attack.body(targets[str(attack)]) for attack in CONTROLLED})
        found[layer] = {
            name
            for name, outcome in outcomes.items()
            if _won(outcome, shooting_range.token, shooting_range.left(targets[name]))
        }
    del os.environ["ATTACK_CANARY"]
    return found


@cache
def _there(layer: str) -> bool:
    """Whether this machine has a layer, and this user can show it."""
    if layer == "privileges":
        return os.geteuid() == 0
    if layer == NAMESPACES:
        return bool(bubblewrap())
    return layer == GUARDS or layer in Layers.available().names


@pytest.mark.parametrize("attack", CONTROLLED, ids=str)
def test_an_attack_works_where_nothing_holds_it(attack: Attack, won: dict[str, set[str]]) -> None:
    """Or its failure in the jail would prove nothing."""
    assert str(attack) in won[NONE]


@pytest.mark.parametrize(
    ("attack", "layer"), [(attack, layer) for attack in CONTROLLED for layer in attack.alone], ids=str
)
def test_a_layer_alone_stops_it(attack: Attack, layer: str, won: dict[str, set[str]]) -> None:
    """Each layer that the catalogue names for an attack is enough by itself."""
    if not _there(layer):
        pytest.skip(f"this machine, or this user, has no {layer}")
    assert str(attack) not in won[layer]


def test_every_attack_on_the_machine_meets_two_layers() -> None:
    """Where one layer fails there is another, but for what only seccomp can see."""
    single = [attack for attack in CONTROLLED if len(set(attack.alone) & set(KERNEL)) < 2]
    assert {layer for attack in single for layer in attack.alone} <= {"seccomp", "guards"}


def test_the_guards_are_no_boundary(won: dict[str, set[str]]) -> None:
    """What gets around Python's own guards does so without help, which is why the kernel is the boundary."""
    around = {str(attack) for attack in CONTROLLED if attack.family == "python"}
    assert around & won[GUARDS]
