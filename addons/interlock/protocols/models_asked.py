"""The models that a request may be answered by: beside the one it names, those that it lists for when that one fails.

Routers in front of several providers take a list of them (`models`, `fallbacks`) and answer with any.
"""

from __future__ import annotations

from collections.abc import Mapping

from interlock.errors import BodyRejected
from interlock.model import JSON, Access, Operation
from interlock.paths import Location, pointer
from interlock.protocols.requests import Member
from interlock.reasons import Reason

__all__ = ["all_models", "with_models"]

_LISTS = ("models", "fallbacks", "fallback_models")
_MAX_MODELS = 50


def all_models(named: str, body: Member) -> Mapping[str, Location]:
    """The model that a request names and the others it lists, each with its place in the body.

    Raises BodyRejected (BODY_UNPARSABLE) for what names none, and for more than anybody lists.
    """
    found: dict[str, Location] = {named: ("model",)}
    for member in _LISTS:
        value = body.get(member)
        for index, item in enumerate(value if type(value) is list else [] if value is None else [value]):
            found.setdefault(_name(item), (member, index) if type(value) is list else (member,))
            if len(found) > _MAX_MODELS:
                raise BodyRejected(Reason.BODY_UNPARSABLE, f"the request lists more than {_MAX_MODELS} models")
    return found


def with_models(arguments: dict[str, JSON], models: Mapping[str, Location], at: Location = ()) -> tuple[Operation, ...]:
    """Lists all models among the arguments of a message; a message to each further one, to be nested in it.

    So rules by argument see all of them at once, and rules by resource each by itself. `at` is the message's place.
    """
    if len(models) == 1:
        return ()
    alone = dict(arguments)
    arguments["model"] = [*models]
    return tuple(
        Operation("model", "message", name, Access.READ, {**alone, "model": name}, place=pointer((*at, *location)))
        for name, location in list(models.items())[1:]
    )


def _name(item: JSON) -> str:
    told = item.get("model") if type(item) is dict else item
    if type(told) is not str or not told:
        raise BodyRejected(Reason.BODY_UNPARSABLE, "the request lists a model without a name")
    return told
