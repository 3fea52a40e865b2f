"""A request may be answered by any model that it lists: each has to be permitted."""

from __future__ import annotations

import pytest

from interlock.errors import BodyRejected
from interlock.model import JSON, Operation
from interlock.protocols.messages import message_operation
from interlock.protocols.models_asked import all_models
from interlock.protocols.openai_request import chat_operation
from interlock.reasons import Reason

SAID: dict[str, JSON] = {"model": "claude-x", "messages": []}


@pytest.mark.parametrize(
    ("more", "others"),
    [
        ({}, {}),
        ({"models": None, "fallbacks": []}, {}),
        ({"models": ["claude-x"]}, {}),
        ({"models": ["claude-x", "gpt-y"]}, {"gpt-y": "/models/1"}),
        ({"fallbacks": [{"model": "gpt-y", "max_tokens": 5}, "z"]}, {"gpt-y": "/fallbacks/0", "z": "/fallbacks/1"}),
        ({"fallback_models": "gpt-y"}, {"gpt-y": "/fallback_models"}),
    ],
)
@pytest.mark.parametrize("api", ["anthropic", "openai"])
def test_every_model_is_an_argument_and_an_operation(api: str, more: dict[str, JSON], others: dict[str, str]) -> None:
    """One alone stays a text; further ones are messages of their own, at their places."""
    body = {**SAID, **more}
    found: Operation = message_operation(body, [], ()) if api == "anthropic" else chat_operation(body, "")
    assert found.resource == "claude-x"
    assert found.arguments["model"] == (["claude-x", *others] if others else "claude-x")
    nested = [one for one in found.nested if one.name == "model.message"]
    assert {one.resource: one.place for one in nested} == others
    assert [one.arguments["model"] for one in nested] == list(others)


@pytest.mark.parametrize("value", [[7], [""], [{}], {"gpt": 1}, 7, [["x"]], [f"m{n}" for n in range(60)]])
def test_models_that_have_no_names_are_refused(value: JSON) -> None:
    """So are more of them than anybody lists."""
    with pytest.raises(BodyRejected) as told:
        all_models("claude-x", {"models": value})
    assert told.value.reason is Reason.BODY_UNPARSABLE


@pytest.mark.parametrize("name", ["Models", "FALLBACKS"])
def test_a_list_in_other_letters_is_refused(name: str) -> None:
    """Some servers read it all the same."""
    with pytest.raises(BodyRejected) as told:
        message_operation({**SAID, name: ["gpt-y"]}, [], ())
    assert told.value.reason is Reason.BODY_AMBIGUOUS
