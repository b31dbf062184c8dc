"""Making, finding and taking down shares for page and API: the store's answers as problems. Knows nothing of HTTP."""

from __future__ import annotations

from translator import Options
from webapp.problems import Problem
from webapp.services import services
from webapp.shares import Posted, ShareMissing, ShareState, StoredShare, WrongToken


def find_share(share_id: str) -> StoredShare:
    """The stored share; raises `Problem`."""
    try:
        return services().shares.get(share_id)
    except ShareMissing as error:
        raise _missing(error) from None


def post_share(source: str, options: Options) -> Posted:
    """Store a share, or find the one there is; raises `Problem`, so only what could be translated is stored."""
    try:
        return services().shares.post(
            source, options, lambda: services().converter.convert(source, options, verify=True)
        )
    except ShareMissing as error:
        raise _missing(error) from None


def take_down(share_id: str, token: str) -> None:
    """Delete a share; raises `Problem`."""
    try:
        services().shares.delete(share_id, token)
    except ShareMissing as error:
        raise _missing(error) from None
    except WrongToken:
        raise Problem("wrong-token", "This is not the token that was given when the share was made.") from None


def _missing(error: ShareMissing) -> Problem:
    if error.state is ShareState.GONE:
        return Problem("gone", "What stood here was taken down or has expired.")
    return Problem("not-found", "No share has this address.")
