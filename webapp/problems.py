"""What can go wrong with a request, as one value that the API shows as problem+json and the page as prose.

Knows nothing of how it is shown. The detail never carries any of the text that was sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """A documented kind of problem: its name in addresses, its status and what to do about it."""

    slug: str
    status: HTTPStatus
    title: str
    remedy: str


KINDS = {
    kind.slug: kind
    for kind in (
        ProblemKind("not-json", HTTPStatus.BAD_REQUEST, "The body is not JSON", "Send a JSON object in UTF-8."),
        ProblemKind("bad-request", HTTPStatus.BAD_REQUEST, "The request can't be read", "Check how it is formed."),
        ProblemKind(
            "cross-site",
            HTTPStatus.FORBIDDEN,
            "The form came from another site",
            "Open the page here and send it from there; programs use the API.",
        ),
        ProblemKind(
            "wrong-token",
            HTTPStatus.FORBIDDEN,
            "The delete token does not fit",
            "Send the token that was given once, when the share was made.",
        ),
        ProblemKind("not-found", HTTPStatus.NOT_FOUND, "There is nothing here", "Check the address."),
        ProblemKind("method-not-allowed", HTTPStatus.METHOD_NOT_ALLOWED, "Method not allowed", "See the Allow header."),
        ProblemKind(
            "not-acceptable", HTTPStatus.NOT_ACCEPTABLE, "No such form of this share", "Use one of the listed suffixes."
        ),
        ProblemKind("gone", HTTPStatus.GONE, "This share was taken down", "It can't be brought back or made again."),
        ProblemKind(
            "source-too-large",
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "The source is too large",
            "Send at most 64 KiB; the command line has no such limit.",
        ),
        ProblemKind(
            "unsupported-type",
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "The body's type is not one of ours",
            "Send application/json, text/x-python or text/plain, without a Content-Encoding.",
        ),
        ProblemKind(
            "invalid-field",
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "A field has a wrong value",
            "The list of errors names each field.",
        ),
        ProblemKind(
            "source-empty", HTTPStatus.UNPROCESSABLE_ENTITY, "There is no code to translate", "Paste some Python code."
        ),
        ProblemKind(
            "source-not-python",
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "The source is not Python",
            "Mend it where the range points; reading stopped there.",
        ),
        ProblemKind(
            "source-python-2",
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "The source is Python 2",
            "Bring it to Python 3 first, with 2to3 or futurize for example.",
        ),
        ProblemKind(
            "source-encoding",
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "The source is not valid text",
            "Send Unicode without lone surrogates or null bytes.",
        ),
        ProblemKind(
            "source-too-complex",
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "The source is nested too deeply",
            "Split the expression; real code is nested far less than the limit.",
        ),
        ProblemKind(
            "job-failed",
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "The source could not be worked on within the limits",
            "Send a smaller part of it.",
        ),
        ProblemKind(
            "too-many-requests",
            HTTPStatus.TOO_MANY_REQUESTS,
            "Too many requests",
            "Wait as long as Retry-After says.",
        ),
        ProblemKind(
            "internal", HTTPStatus.INTERNAL_SERVER_ERROR, "Something failed on our side", "Try again; it was logged."
        ),
        ProblemKind(
            "busy", HTTPStatus.SERVICE_UNAVAILABLE, "All workers are busy", "Wait as long as Retry-After says."
        ),
        ProblemKind(
            "unavailable",
            HTTPStatus.SERVICE_UNAVAILABLE,
            "The service is not ready",
            "Wait as long as Retry-After says.",
        ),
    )
}


@dataclass(slots=True)
class Problem(Exception):
    """A request that can't be answered: which kind, why in this case, and any further members for a program."""

    slug: str
    detail: str
    extra: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    status_override: int | None = None

    @property
    def kind(self) -> ProblemKind:
        """The documented kind."""
        return KINDS[self.slug]

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.status_override or int(self.kind.status)

    def to_dict(self) -> dict[str, object]:
        """The members of RFC 9457, and our own."""
        return {
            "type": f"/docs#{self.slug}",
            "title": self.kind.title,
            "status": self.status,
            "detail": self.detail,
            **self.extra,
        }
