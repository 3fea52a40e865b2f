"""Requests of the Messages API as operations, wherever they are sent: to the model's maker, or to a cloud that runs it.

Each beta that a request asks for, in a header or in its body, is `model.beta:<name>`: a beta can change what the
provider does, so each has to be permitted by name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from interlock.errors import BodyRejected
from interlock.model import JSON, Access, Exchange, Operation
from interlock.paths import Location, pointer
from interlock.protocols.member_names import MESSAGE, require_spelling
from interlock.protocols.models_asked import all_models, with_models
from interlock.protocols.odd_members import odd_members
from interlock.protocols.provider import provider_operations, tool_names
from interlock.protocols.requests import Member
from interlock.reasons import Reason

__all__ = ["batch_operation", "header_betas", "message_operation"]

_BETA = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z")
_MAX_BETAS: Final = 100
_MAX_ITEMS: Final = 100_000


def message_operation(
    body: Member, betas: Sequence[str], at: Location, action: str = "message", *, model: str = ""
) -> Operation:
    """One message to a model. `betas` are those of the header; `model` is what the path says, if it does.

    Raises BodyRejected for a body that is no message.
    """
    require_spelling(body, MESSAGE)
    named = model or body.get("model")
    messages, stream = body.get("messages"), body.get("stream", False)
    if type(named) is not str or type(messages) is not list or type(stream) is not bool:
        raise BodyRejected(Reason.BODY_UNPARSABLE, "the body is not a message to a model")
    listed = [*betas]
    for member in ("anthropic_beta", "betas"):
        listed += _betas(body.get(member, []))
    every = tuple(dict.fromkeys(listed))
    if len(every) > _MAX_BETAS:
        raise BodyRejected(Reason.BODY_UNPARSABLE, f"the request asks for more than {_MAX_BETAS} betas")
    arguments: dict[str, JSON] = {
        "model": named,
        "max_tokens": body.get("max_tokens"),
        "stream": stream,
        "system": bool(body.get("system")),
        "betas": [*every],
        "tools": tool_names(body),
    }
    others = with_models(arguments, all_models(named, body), at)
    nested = (*others, *provider_operations(body, at), *odd_members(body, at), *map(_beta, every))
    return Operation("model", action, named, Access.READ, arguments, place=pointer(at), nested=nested)


def batch_operation(body: Member, betas: Sequence[str]) -> Operation:
    """`model.batch` with its messages. Raises BodyRejected."""
    items = body.get("requests")
    if type(items) is not list or not items or len(items) > _MAX_ITEMS:
        raise BodyRejected(Reason.BODY_UNPARSABLE, "the batch holds no requests, or too many")
    nested = []
    for index, item in enumerate(items):
        params = item.get("params") if type(item) is dict else None
        if type(params) is not dict:
            raise BodyRejected(Reason.BODY_UNPARSABLE, "a batch's request has no params")
        nested.append(message_operation(params, betas, ("requests", index, "params")))
    return Operation("model", "batch", "", Access.WRITE, {"requests": len(items)}, nested=tuple(nested))


def header_betas(exchange: Exchange) -> list[str]:
    """The names in `anthropic-beta` headers. Raises BodyRejected for what is no name."""
    values = [value for name, value in exchange.headers if name == "anthropic-beta"]
    return _betas([beta.strip() for value in values for beta in value.split(",") if beta.strip()])


def _betas(value: JSON) -> list[str]:
    if type(value) is not list:
        raise BodyRejected(Reason.BODY_UNPARSABLE, "betas must be a list")
    names = [name for name in value if type(name) is str and _BETA.match(name)]
    if len(names) != len(value):
        raise BodyRejected(Reason.BODY_UNPARSABLE, "a beta's name is no name")
    return names


def _beta(name: str) -> Operation:
    return Operation("model", f"beta:{name}", name, Access.READ, {"betas": [name]})
