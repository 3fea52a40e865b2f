"""Lists of tools, prompts and resources: what may never be used goes, every other byte stays."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.protocols.mcp_lists import filter_lists
from interlock.protocols.replies import Offer, Treatment
from interlock.reasons import Reason

type Make[T] = Callable[..., T]


def shown(message: bytes, treatment: Treatment) -> bytes:
    """The message as it goes on."""
    return filter_lists(message, json.loads(message)["result"], treatment)


def test_what_may_not_be_called_is_not_shown(treatment: Make[Treatment]) -> None:
    """Spaces, order, escapes and members around it stay as they were."""
    message = (
        b'{ "id":1,"result" : {"nextCursor":"\\u0061", "tools": [ {"name":"a","x":1.50} ,\n{"name":"no"}, '
        b'{"name":"b"} ] , "ttlMs":0}}'
    )

    assert shown(message, treatment("mcp.call:no")) == message.replace(b' ,\n{"name":"no"}', b"")
    assert shown(message, treatment("mcp.call:a", "mcp.call:no", "mcp.call:b")) == (
        b'{ "id":1,"result" : {"nextCursor":"\\u0061", "tools": [  ] , "ttlMs":0}}'
    )
    assert shown(message, treatment()) is message


@pytest.mark.parametrize("gone", [{0}, {1}, {2}, {0, 1}, {1, 2}, {0, 2}, {0, 1, 2}])
def test_any_of_them_can_go(treatment: Make[Treatment], gone: set[int]) -> None:
    """First, middle, last, all."""
    message = json.dumps({"result": {"tools": [{"name": f"t{n}"} for n in range(3)]}}).encode()
    left = json.loads(shown(message, treatment(*(f"mcp.call:t{n}" for n in gone))))

    assert [tool["name"] for tool in left["result"]["tools"]] == [f"t{n}" for n in range(3) if n not in gone]


def test_prompts_and_resources(treatment: Make[Treatment]) -> None:
    """By name and by address; a template can become many."""
    lists: JSON = {
        "prompts": [{"name": "p"}],
        "resources": [{"uri": "db://x", "name": "n"}],
        "resourceTemplates": [{"uriTemplate": "db://{x}"}, {"uriTemplate": 7}],
    }
    message = json.dumps({"result": lists}).encode()

    assert json.loads(shown(message, treatment("mcp.get", "mcp.read")))["result"] == {
        "prompts": [],
        "resources": [],
        "resourceTemplates": [{"uriTemplate": "db://{x}"}],
    }


@pytest.mark.parametrize(
    "tool",
    [
        7,
        None,
        {},
        {"name": 7},
        {"Name": "x"},
        {"name": "se\u0430rch"},
        {"name": "a b"},
        {"name": "a\u200b"},
        {"name": "a", "inputSchema": {"properties": {"x\u200b": {}}}},
        {"name": "a", "inputSchema": {"properties": {"x": {"enum": ["\u202ex"]}}}},
    ],
)
def test_a_tool_that_is_not_what_it_seems_goes(treatment: Make[Treatment], tool: JSON) -> None:
    """A look-alike's name, hidden characters where nothing may be taken out."""
    message = json.dumps({"result": {"tools": [tool, {"name": "b"}]}}).encode()

    assert json.loads(shown(message, treatment()))["result"]["tools"] == [{"name": "b"}]


def test_hidden_text_is_taken_out_of_descriptions(treatment: Make[Treatment]) -> None:
    """Of that tool alone; the gateway is told."""
    offers: list[Offer] = []

    def offered(offer: Offer) -> bool:
        offers.append(offer)
        return True

    message = b'{"result":{"tools":[{"name": "a","description":"x\\u200by"},{"name": "b" }]}}'
    found = shown(message, replace(treatment(), offered=offered))

    assert found == b'{"result":{"tools":[{"name":"a","description":"xy"},{"name": "b" }]}}'
    assert [(offer.name, offer.hidden) for offer in offers] == [("a", True), ("b", False)]


def test_a_tool_that_may_not_be_offered_goes(treatment: Make[Treatment]) -> None:
    """One that changed since it was pinned."""
    message = b'{"result":{"tools":[{"name":"a"}]}}'

    assert shown(message, replace(treatment(), offered=lambda offer: False)) == b'{"result":{"tools":[]}}'


def test_instructions_are_cleaned(treatment: Make[Treatment]) -> None:
    """They go into the model's prompt."""
    assert shown(b'{"result":{"instructions":"a\\u2062b"}}', treatment()) == b'{"result":{"instructions":"ab"}}'


@pytest.mark.parametrize("result", [{"Tools": []}, {"TOOLS": [], "x": 1}, {"tools": {}}, {"tools": "x"}])
def test_a_list_in_disguise_is_refused(treatment: Make[Treatment], result: JSON) -> None:
    """Some client may read it."""
    with pytest.raises(BodyRejected):
        shown(json.dumps({"result": result}).encode(), treatment())


@pytest.mark.parametrize("tools", [[{"name": "a"}] * 2001, [{"name": "a", "description": "x" * (2 << 20)}]])
def test_a_list_without_end_is_refused(treatment: Make[Treatment], tools: list[JSON]) -> None:
    """Servers have pages."""
    with pytest.raises(BodyRejected) as caught:
        shown(json.dumps({"result": {"tools": tools}}).encode(), treatment())

    assert caught.value.reason is Reason.BODY_TOO_LARGE


def test_null_is_no_list(treatment: Make[Treatment]) -> None:
    """As some servers write it."""
    assert shown(b'{"result":{"tools":null}}', treatment()) == b'{"result":{"tools":null}}'


@given(
    st.lists(st.sampled_from(["a", "b", "no", "c"]), max_size=6),
    st.sampled_from([None, 0, 2]),
    st.booleans(),
)
def test_what_stays_stays_byte_for_byte(names: list[str], indent: int | None, ascii_only: bool) -> None:
    """Every kept item is found again in the bytes it had."""
    everything = Treatment(
        lambda find: None,
        lambda operation: operation.resource != "no",
        None,
        None,
        None,
        None,
        0,  # type: ignore[arg-type]
    )
    items = [{"name": name, "description": f"{name} – ü"} for name in names]
    message = json.dumps({"result": {"tools": items}}, indent=indent, ensure_ascii=ascii_only).encode()
    found = shown(message, everything)

    assert [item["name"] for item in json.loads(found)["result"]["tools"]] == [name for name in names if name != "no"]
    assert "no" in names or found == message
