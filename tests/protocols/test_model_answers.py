"""How refusals look in each model API."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from interlock.model import Answer, Exchange, Refusal
from interlock.protocols.model_answers import bedrock_answer, google_answer, openai_answer
from interlock.reasons import Reason

RETRIED = (408, 409, 429)


@pytest.mark.parametrize("answer", [openai_answer, google_answer, bedrock_answer])
@pytest.mark.parametrize("reason", list(Reason))
def test_no_refusal_is_tried_again(answer: Callable[[Exchange | None, Refusal], Answer], reason: Reason) -> None:
    """Whatever was wrong, and each says where to look."""
    given = answer(None, Refusal(str(reason), reason.says, reference="run/7"))

    assert 400 <= given.status < 500
    assert given.status not in RETRIED
    assert b"run/7" in given.body
    assert ("interlock-reference", "run/7") in given.headers


def test_google_names_the_status() -> None:
    """As google.rpc has it."""
    error = json.loads(google_answer(None, Refusal(Reason.TOKEN_MISSING, "No token.", reference="r/1")).body)["error"]

    assert (error["code"], error["status"]) == (401, "UNAUTHENTICATED")
    assert error["details"][0]["reason"] == "TOKEN_MISSING"
    assert error["details"][0]["metadata"] == {"reference": "r/1"}


def test_bedrock_names_the_type() -> None:
    """In a header, by which the SDKs choose an exception."""
    given = bedrock_answer(None, Refusal("no-rule", "No."))

    assert ("x-amzn-errortype", "AccessDeniedException") in given.headers
    assert json.loads(given.body)["message"].startswith("Interlock stopped")
