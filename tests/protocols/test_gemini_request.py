"""What requests to the Gemini API ask for."""

from __future__ import annotations

import pytest

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.protocols.gemini_request import gemini_operation

CONTENTS: JSON = [{"role": "user", "parts": [{"text": "hi"}]}]


def nested(**body: JSON) -> list[tuple[str, str]]:
    """Names and resources of what runs at the provider."""
    found = gemini_operation({"contents": CONTENTS, **body}, "gemini-x", "generateContent")
    return [(part.name, part.resource) for part in found.nested]


def test_a_message_with_its_arguments() -> None:
    """What rules may look at, in either spelling."""
    tools: JSON = [{"functionDeclarations": [{"name": "f"}, {"name": "g"}]}]
    given = {
        "contents": CONTENTS,
        "generation_config": {"maxOutputTokens": 7},
        "systemInstruction": {"parts": []},
        "tools": tools,
    }
    found = gemini_operation(given, "gemini-x", "streamGenerateContent")

    assert (found.name, found.resource, found.nested) == ("model.message", "gemini-x", ())
    assert found.arguments == {
        "model": "gemini-x",
        "max_tokens": 7,
        "stream": True,
        "system": True,
        "betas": [],
        "tools": ["f", "g"],
    }


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"tools": [{"googleSearch": {}}]}, [("model.provider-tool:googleSearch", "")]),
        ({"tools": [{"google_search": {}}]}, [("model.provider-tool:googleSearch", "")]),
        ({"tools": {"codeExecution": {}}}, [("model.provider-tool:codeExecution", "")]),
        (
            {"tools": [{"urlContext": {}, "googleMaps": {}}]},
            [("model.provider-tool:urlContext", ""), ("model.provider-tool:googleMaps", "")],
        ),
        ({"tools": [{"brandNew": {}}]}, [("model.provider-tool:brandNew", "")]),
        ({"cachedContent": "cachedContents/x"}, [("model.provider-tool:cachedContent", "")]),
        (
            {"contents": [{"parts": [{"fileData": {"fileUri": "https://evil.example/x"}}]}]},
            [("model.provider-tool:url-source", "evil.example")],
        ),
        (
            {"contents": {"parts": [{"file_data": {"file_uri": "https://evil.example/x"}}]}},
            [("model.provider-tool:url-source", "evil.example")],
        ),
        ({"contents": [{"parts": [{"inlineData": {"data": "x"}}]}]}, []),
    ],
)
def test_what_runs_at_the_provider(body: dict[str, JSON], found: list[tuple[str, str]]) -> None:
    """Each is an operation of its own, under one name for both spellings."""
    assert nested(**body) == found


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"contents": "x"},
        {"contents": CONTENTS, "tools": "x"},
        {"contents": CONTENTS, "tools": [1]},
        {"contents": CONTENTS, "tools": [{"a b": {}}]},
        {"contents": CONTENTS, "systemInstruction": {}, "system_instruction": {}},
        {"contents": CONTENTS, "tools": [{"googleSearch": {}, "google_search": {}}]},
        {"contents": [{"parts": [{"fileData": "x"}]}]},
        {"contents": CONTENTS, "generationConfig": 7},
    ],
)
def test_other_shapes_are_refused(body: dict[str, JSON]) -> None:
    """What the API does not have cannot be judged."""
    with pytest.raises(BodyRejected):
        gemini_operation(body, "m", "generateContent")


def test_the_other_methods() -> None:
    """Counting has two shapes, of which a body has one."""
    inner: JSON = {"contents": CONTENTS, "tools": [{"googleSearch": {}}]}
    found = gemini_operation({"generateContentRequest": inner}, "m", "countTokens")

    assert (found.name, len(found.nested)) == ("model.count-tokens", 1)
    assert gemini_operation({"content": {}}, "m", "embedContent").name == "model.embed"
    with pytest.raises(BodyRejected):
        gemini_operation({"generateContentRequest": inner, "contents": CONTENTS}, "m", "countTokens")
