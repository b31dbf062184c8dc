"""The runtimes that made-up models must run on."""

from tests.verify.conftest import prover

__all__ = ["prover"]
