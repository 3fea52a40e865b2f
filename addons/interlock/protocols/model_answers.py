"""How a refusal looks in each model API: a status its clients do not try again, and words that they show.

The OpenAI and Google clients try 408, 409, 429 and 5xx again, whatever they are told; so a refusal is a 403 there,
or a 401 where another token may help.
"""

from __future__ import annotations

from interlock.model import JSON, Answer, Exchange, Refusal
from interlock.protocols.answers import is_identity, json_answer, ticket
from interlock.protocols.requests import Member
from interlock.reasons import Reason

__all__ = ["bedrock_answer", "google_answer", "google_error", "openai_answer", "openai_error"]

_NO_RETRY = (("x-should-retry", "false"),)
_STATUS: dict[str, int] = {Reason.NOT_FOUND: 404, Reason.BODY_TOO_LARGE: 413}


def openai_error(refusal: Refusal, status: int = 403) -> Member:
    """The `error` object of the OpenAI API."""
    kind = "authentication_error" if status == 401 else "permission_error"
    told: Member = {"message": refusal.sentence(), "type": kind, "param": None, "code": refusal.reason}
    return {**told, "reference": refusal.reference, **ticket(refusal)}


def openai_answer(exchange: Exchange | None, refusal: Refusal) -> Answer:
    """A refusal for clients of the OpenAI API."""
    status = _status(refusal)
    return json_answer(exchange, refusal, status, {"error": openai_error(refusal, status)}, extra=_NO_RETRY)


def google_error(refusal: Refusal, status: int = 403) -> Member:
    """The `error` object of Google's APIs (google.rpc.Status as JSON, with an ErrorInfo)."""
    names = {401: "UNAUTHENTICATED", 404: "NOT_FOUND"}
    about: Member = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": refusal.reason.upper().replace("-", "_"),
        "domain": "interlock",
        "metadata": {
            "reference": refusal.reference,
            **{f"approval_{name}": str(value) for name, value in refusal.approval.items()},
        },
    }
    details: list[JSON] = [about]
    named = names.get(status, "PERMISSION_DENIED")
    return {"code": status, "message": refusal.sentence(), "status": named, "details": details}


def google_answer(exchange: Exchange | None, refusal: Refusal) -> Answer:
    """A refusal for clients of Google's APIs."""
    status = _status(refusal)
    return json_answer(exchange, refusal, status, {"error": google_error(refusal, status)})


def bedrock_answer(exchange: Exchange | None, refusal: Refusal) -> Answer:
    """A refusal for clients of Bedrock: AWS SDKs go by the error's type in a header."""
    body: Member = {"message": refusal.sentence(), "reference": refusal.reference, **ticket(refusal)}
    extra = (("x-amzn-errortype", "AccessDeniedException"), *_NO_RETRY)
    return json_answer(exchange, refusal, _status(refusal), body, extra=extra)


def _status(refusal: Refusal) -> int:
    if is_identity(refusal.reason) and not refusal.closing:
        return 401
    return _STATUS.get(refusal.reason, 403)
