"""Real Claude Code asks a person: it gets a ticket, is approved, tries again and passes; or it simply waits.

`scripts/test claude` runs this.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.harness import Running, World, start
from tests.e2e.reviewer import Reviewer
from tests.e2e.test_claude_code import Claude

from interlock.demo.model_api import LAST_RESULT, Turn, text, tool

pytestmark = pytest.mark.claude

TEMPLATE = Path(__file__).with_name("approvals.yaml.template")
PAUSE = tool("Bash", command="sleep 2", description="Wait for the person")


@pytest.fixture(scope="module")
def asking(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A gateway whose rules ask."""
    with start(world, tmp_path_factory.mktemp("asking"), "interlock", template=TEMPLATE) as running:
        yield running


SHELL = pytest.mark.parametrize("placement", ["exec"])
BASE = pytest.mark.parametrize("placement", ["reverse"])


@pytest.fixture
def claude(asking: Running, tmp_path: Path, placement: str) -> Claude:
    """The client; under `interlock exec` its shell's requests pass the gateway too."""
    if not os.environ.get("INTERLOCK_CLAUDE"):
        pytest.fail("INTERLOCK_CLAUDE names no client; scripts/test claude installs one and sets it")
    asking.world.forget()
    return Claude(asking, placement, tmp_path)


def reviewer(claude: Claude, **given: object) -> Reviewer:
    """Somebody at another desk."""
    issuer = claude.gateway.world.services.issuer.url
    return Reviewer(f"sqlite:{claude.gateway.recordings / 'approvals.sqlite'}", issuer, **given)  # type: ignore[arg-type]


def told(claude: Claude) -> str:
    """All that the model was told in the end."""
    return json.dumps(claude.api.requests[-1]["messages"])


@SHELL
def test_a_bash_call_gets_a_ticket_and_then_runs(claude: Claude) -> None:
    """It is text first; the model waits, says the same again, and it runs once."""
    write = tool("Bash", command="echo yes >> approved.txt", description="Write")
    again = tool("Bash", command="echo yes >> approved.txt", description="Once more, in other words")
    claude.api.script(
        Turn((text("I write."), write, PAUSE)), Turn((again, tool("Bash", command="ls", description="List"))),
        Turn((write, tool("Bash", command="cat approved.txt", description="Show"))), Turn((text(LAST_RESULT),)),
    )  # fmt: skip
    with reviewer(claude) as person:
        outcome = claude.run("Write it", "engineer")
    assert outcome.code == 0, outcome.result
    assert (claude.work / "approved.txt").read_text() == "yes\n"
    assert [asked.shown["tool"] for asked in person.seen] == ["Bash", "Bash"]
    assert person.seen[0].id in told(claude)
    assert "approval-pending" in told(claude)
    assert outcome.retries == 0


@SHELL
def test_a_no_is_told_to_the_model(claude: Claude) -> None:
    """With the person's reason; nothing runs."""
    write = tool("Bash", command="touch denied.txt", description="Write")
    claude.api.script(Turn((write, PAUSE)), Turn((write, PAUSE)), Turn((text("I leave it."),)))
    with reviewer(claude, approves=False):
        outcome = claude.run("Write it", "engineer", subject="other")  # nothing new is asked after a no, for a while
    assert outcome.code == 0, outcome.result
    assert not (claude.work / "denied.txt").exists()
    assert "approval-denied" in told(claude)
    assert "looked at" in told(claude)


@BASE
def test_an_mcp_call_gets_a_ticket_and_then_passes(claude: Claude) -> None:
    """As an error of the call, which the model reads; the same call again has its result."""
    query = tool("mcp__db__execute_sql", query="select 1")
    claude.api.script(Turn((query,)), Turn((PAUSE,)), Turn((query,)), Turn((text(LAST_RESULT),)))
    with reviewer(claude) as person:
        outcome = claude.run(
            "Ask the database", "engineer", "readers", tools="Bash,mcp__db__execute_sql", mcp="db", subject="m"
        )
    assert outcome.code == 0, outcome.result
    assert len(person.seen) == 1, told(claude)
    assert person.seen[0].id in told(claude)
    assert len(claude.gateway.world.services.mcp.calls) == 1


@BASE
def test_a_held_mcp_call_goes_on(claude: Claude) -> None:
    """Nobody need try again: it waits as long as the person takes."""
    call = tool("mcp__db__list_customers")
    claude.api.script(Turn((call,)), Turn((text("Done."),)))
    with reviewer(claude, after=3.0) as person:
        outcome = claude.run("List them", "engineer", "held", tools="mcp__db__list_customers", mcp="db", subject="h")
    assert outcome.code == 0, outcome.result
    assert len(person.seen) == 1, told(claude)
    assert len(claude.gateway.world.services.mcp.calls) == 1
    assert "Interlock" not in told(claude)


@SHELL
def test_a_request_of_its_shell_gets_a_ticket_and_then_passes(claude: Claude) -> None:
    """curl, as any program would send it."""
    target = f"{claude.gateway.world.plain.url}/documents/1"
    send = tool("Bash", command=f"curl -sS -X POST -d body=1 {target}", description="Send")
    claude.api.script(Turn((send,)), Turn((PAUSE,)), Turn((send,)), Turn((send,)), Turn((text(LAST_RESULT),)))
    with reviewer(claude) as person:
        outcome = claude.run("Send it", "engineer")
    assert outcome.code == 0, outcome.result
    assert person.seen, told(claude)
    assert [asked.connection for asked in person.seen] == ["plain"] * len(person.seen)
    assert len([seen for seen in claude.gateway.world.plain.seen if seen.method == "POST"]) == 1
    assert person.seen[0].id in told(claude)
    assert "approval-pending" in told(claude)
