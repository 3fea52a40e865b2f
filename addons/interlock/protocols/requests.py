"""What every adapter asks of a request: a method that means one thing, a path, a body that is whole."""

from __future__ import annotations

import re
from collections.abc import Mapping

from interlock.errors import BodyRejected, Refused
from interlock.model import JSON, Access, BodyState, Exchange
from interlock.protocols.body import check_json_type, read_json
from interlock.reasons import Reason

__all__ = ["ACCESS", "Member", "method_of", "require_document", "require_object", "require_type", "require_whole"]

type Member = dict[str, JSON]

_METHOD = re.compile(r"[A-Z][A-Z-]{0,31}\Z")

ACCESS = {
    "GET": Access.READ,
    "HEAD": Access.READ,
    "OPTIONS": Access.READ,
    "POST": Access.WRITE,
    "PUT": Access.WRITE,
    "PATCH": Access.WRITE,
    "DELETE": Access.WRITE,
}
"""What a method does (RFC 9110, section 9); any other is UNKNOWN."""


_FORM = "application/x-www-form-urlencoded"
_FORM_HINT = "send application/json; for a form, the connection's `commands:` need an entry with `in: form`"


def method_of(exchange: Exchange) -> str:
    """The method. Raises Refused (MALFORMED_REQUEST) unless it is in upper case: `get` is not GET (RFC 9110), but
    some servers think so.
    """
    if not _METHOD.match(exchange.method):
        raise Refused(Reason.MALFORMED_REQUEST, "the method is not a name in upper case")
    return exchange.method


def require_document(exchange: Exchange, document: JSON) -> JSON:
    """The document of a body that must be JSON by its bytes; read here if the caller has not.

    Raises BodyRejected when the body is not whole, not JSON, or declared to be something else.
    """
    require_whole(exchange)
    check_json_type(exchange.headers, exchange.body)
    return read_document(exchange) if document is None else document


def read_document(exchange: Exchange) -> JSON:
    """The body as JSON. Raises BodyRejected, which says what to do where a form came instead."""
    try:
        return read_json(exchange.body)
    except BodyRejected as error:
        if exchange.header("content-type").partition(";")[0].strip().lower() != _FORM:
            raise
        raise BodyRejected(error.reason, "a form came where a JSON body is expected", hint=_FORM_HINT) from None


def require_whole(exchange: Exchange) -> None:
    """Raises BodyRejected unless the whole body is there: what lies behind a prefix would pass unseen."""
    if exchange.state is BodyState.TOO_LARGE:
        raise BodyRejected(Reason.BODY_TOO_LARGE)
    if exchange.state is not BodyState.COMPLETE:
        raise BodyRejected(Reason.BODY_UNPARSABLE, "the body is not there as a whole, so it cannot be judged")


def require_type(exchange: Exchange) -> str:
    """The media type in lower case without parameters, empty if none is told. Raises BodyRejected (BODY_AMBIGUOUS)
    when two are, or a charset other than UTF-8.
    """
    values = [value for name, value in exchange.headers if name == "content-type"]
    if len(values) > 1:
        raise BodyRejected(Reason.BODY_AMBIGUOUS, "the body has two content types")
    kind, *parameters = (part.strip().lower() for part in (values[0] if values else "").split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip(' "') not in ("utf-8", "utf8", "us-ascii"):
            raise BodyRejected(Reason.BODY_AMBIGUOUS, "the content type names a charset other than UTF-8")
    return kind


def is_within(members: Mapping[str, JSON], most: int) -> bool:
    """Whether an object holds no more than so many values, at any depth; looks at no more than that."""
    todo: list[JSON] = [dict(members)]
    while todo:
        current = todo.pop()
        if type(current) is dict or type(current) is list:
            most -= len(current)
            if most < 0:
                return False
            inner = current.values() if type(current) is dict else current
            todo += [told for told in inner if type(told) is dict or type(told) is list]
    return True


def require_object(value: JSON, what: str) -> Member:
    """`value` as an object. Raises BodyRejected (BODY_UNPARSABLE) that names `what`."""
    if type(value) is not dict:
        raise BodyRejected(Reason.BODY_UNPARSABLE, f"{what} is not an object")
    return value
