"""What a server's messages ask of the agent."""

from __future__ import annotations

import pytest

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.protocols.mcp_server import asked_of_agent, asked_within

SAMPLE: dict[str, JSON] = {"method": "sampling/createMessage", "params": {"maxTokens": 5}}


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ({"id": 1, **SAMPLE}, "mcp.sample"),
        ({"id": "a", "method": "elicitation/create"}, "mcp.elicit"),
        ({"id": 1, "method": "roots/list"}, "mcp.roots"),
        ({"id": 1, "method": "tasks/get"}, "mcp.unknown:tasks/get"),
        ({"id": 1, "method": "Sampling/createMessage"}, "mcp.unknown:Sampling/createMessage"),
        ({"method": "notifications/claude/channel"}, "mcp.notify:claude/channel"),
        ({"method": "sampling/createMessage"}, "mcp.notify:sampling/createMessage"),
        ({"id": 1, "method": "ping"}, None),
        ({"method": "notifications/progress"}, None),
        ({"method": "notifications/subscriptions/acknowledged"}, None),
        ({"id": 1, "result": {}}, None),
    ],
)
def test_questions_have_names(message: dict[str, JSON], name: str | None) -> None:
    """What the agent would do for the server is its own: `on: agent`."""
    found = asked_of_agent(message, (3,))

    assert [(part.name, part.place, part.agent) for part in found] == ([(name, "/3", True)] if name else [])


@pytest.mark.parametrize("method", ["", "sampling/createMessage ", "ｓampling/createMessage", 7])
def test_a_method_that_is_no_name_is_refused(method: JSON) -> None:
    """Some client may take it for one."""
    with pytest.raises(BodyRejected):
        asked_of_agent({"id": 1, "method": method}, ())
    with pytest.raises(BodyRejected):
        asked_within({"id": 1, "result": {"inputRequests": {"a": {"method": method}}}}, ())


def test_arguments_are_there_for_rules() -> None:
    """And the method is the message's own."""
    (found,) = asked_of_agent({"id": 1, "method": "elicitation/create", "params": {"mode": "url", "method": "x"}}, ())

    assert found.arguments == {"mode": "url", "method": "elicitation/create"}


@pytest.mark.parametrize("name", ["inputRequests", "input_requests", "InputRequests"])
@pytest.mark.parametrize("message", ["result", "params"])
@pytest.mark.parametrize("task", [True, False])
def test_questions_inside_a_result(name: str, message: str, task: bool) -> None:
    """However the member is spelled, in a result, in a task, in a task's notification."""
    asked: JSON = {name: {"a": SAMPLE, "b": {"method": "roots/list"}}}
    found = asked_within({message: {"task": asked} if task else asked}, (0,))
    place = f"/0/{message}" + ("/task" if task else "")

    assert [(part.name, part.place) for part in found] == [
        ("mcp.sample", f"{place}/{name}/a"),
        ("mcp.roots", f"{place}/{name}/b"),
    ]


@pytest.mark.parametrize("requests", [7, [], {"a": 7}, {str(n): SAMPLE for n in range(101)}])
def test_questions_that_cannot_be_read_are_refused(requests: JSON) -> None:
    """Or are too many."""
    with pytest.raises(BodyRejected):
        asked_within({"result": {"inputRequests": requests}}, ())


@pytest.mark.parametrize("name", ["elicitations", "Elicitations"])
def test_an_error_that_sends_the_user_somewhere_asks(name: str) -> None:
    """As the 2025 era has it: the client opens the address."""
    error: JSON = {"code": -32042, "message": "m", "data": {name: [{"mode": "url", "url": "https://evil.example"}]}}
    (found,) = asked_within({"id": 1, "error": error}, ())

    assert (found.name, found.arguments["mode"], found.place) == ("mcp.elicit", "url", f"/error/data/{name}")


def test_results_without_questions() -> None:
    """Null is none."""
    assert asked_within({"result": {"inputRequests": None, "task": 7}}, ()) == ()
    assert asked_within({"result": "x"}, ()) == ()
