"""The real Claude Code client behind the gateway: as base URL, as proxy, under `interlock exec`.

`scripts/test claude` runs this.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.harness import Running

from interlock.demo.model_api import LAST_RESULT, MENTIONED_EMAIL, ModelApi, Turn, text, thinking, tool
from interlock.demo.people import CUSTOMERS, PERSONAL
from interlock.demo.processes import program
from interlock.recording import list_sessions, read_events
from interlock.recording.graph import build

pytestmark = pytest.mark.claude

_PATIENCE = 90
PLACEMENTS = pytest.mark.parametrize("placement", ["reverse", "forward", "exec"])


@dataclass(frozen=True)
class Outcome:
    """What one `claude -p` did."""

    code: int
    events: list[dict[str, Any]]
    seconds: float

    @property
    def result(self) -> dict[str, Any]:
        """The last event: the client's own summary."""
        return self.events[-1]

    @property
    def retries(self) -> int:
        """How often the client tried again by itself."""
        return sum(1 for event in self.events if event.get("subtype") == "api_retry")


@dataclass(frozen=True)
class Claude:
    """The client, in a home and a working folder of its own."""

    gateway: Running
    placement: str
    folder: Path

    @property
    def api(self) -> ModelApi:
        """The model API that this placement ends up at."""
        world = self.gateway.world
        return world.services.model if self.placement == "reverse" else world.model_tls

    def run(self, prompt: str, *groups: str, tools: str = "Bash", mcp: str = "", subject: str = "erika") -> Outcome:
        """One `claude -p` with these tools allowed, by a member of `groups`; `mcp` is a connection with tools."""
        token = self.gateway.world.token(*groups, subject=subject)
        command = [
            os.environ["INTERLOCK_CLAUDE"], "-p", prompt, "--allowedTools", tools, "--output-format",
            "stream-json", "--verbose",
        ]  # fmt: skip
        if mcp:
            server = {"type": "http", "url": self.gateway.at(mcp) + "/mcp", "headers": {"X-Api-Key": token}}
            command += ["--mcp-config", json.dumps({"mcpServers": {mcp: server}}), "--strict-mcp-config"]
        started = time.monotonic()
        done = subprocess.run(
            [*self._behind(token), *command], cwd=self.work, env=self._environment(token),
            stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE, check=False,
        )  # fmt: skip
        events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith(b"{")]
        assert events, done.stdout + done.stderr
        return Outcome(done.returncode, events, time.monotonic() - started)

    @property
    def work(self) -> Path:
        """Where the client works."""
        folder = self.folder / "work"
        folder.mkdir(exist_ok=True)
        return folder

    def _behind(self, token: str) -> list[str]:
        """`interlock exec` with a token that only it can read, where that is the placement."""
        if self.placement != "exec":
            return []
        file = self.folder / "token"
        file.touch(mode=0o600)
        file.write_text(token, encoding="utf-8")
        gateway = ["--gateway", self.gateway.forward, "--ca", str(self.gateway.ca)]
        return [program("interlock"), "exec", *gateway, "--token-file", str(file), "--"]

    def _environment(self, token: str) -> dict[str, str]:
        common = {
            "HOME": str(self.folder), "CLAUDE_CONFIG_DIR": str(self.folder / ".claude"), "PATH": "/usr/bin:/bin",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1", "DISABLE_TELEMETRY": "1", "IS_SANDBOX": "1",
            "CLAUDE_CODE_ATTRIBUTION_HEADER": "0",
        }  # fmt: skip
        if self.placement == "reverse":
            base = self.gateway.at("claude")
            return {**common, "ANTHROPIC_BASE_URL": base, "ANTHROPIC_API_KEY": token}
        common["ANTHROPIC_BASE_URL"] = f"https://localhost:{self.gateway.world.model_tls.port}"
        if self.placement == "exec":
            return common
        return {
            **common,
            "ANTHROPIC_API_KEY": "dummy-key-for-tests",
            "HTTPS_PROXY": f"http://run-claude:{token}@127.0.0.1:{self.gateway.ports.forward}",
            "NODE_EXTRA_CA_CERTS": str(self.gateway.ca),
        }


@pytest.fixture
def claude(request: pytest.FixtureRequest, single: Running, tmp_path: Path, placement: str) -> Claude:
    """The client in front of the gateway."""
    if not os.environ.get("INTERLOCK_CLAUDE"):
        pytest.fail("INTERLOCK_CLAUDE names no client; scripts/test claude installs one and sets it")
    return Claude(single, placement, tmp_path)


@PLACEMENTS
def test_a_benign_turn_works(claude: Claude) -> None:
    """A harmless command runs, its result goes back, and the signed thinking survives."""
    (claude.work / "notes.txt").write_text("hello")
    claude.api.script(
        Turn((thinking("I look first."), text("I look."), tool("Bash", command="ls -1", description="List"))),
        Turn((text(f"The folder holds: {LAST_RESULT}"),)),
    )

    outcome = claude.run("List the files here", "engineer")

    assert outcome.code == 0, outcome.result
    assert outcome.result["result"] == "The folder holds: notes.txt"
    assert outcome.retries == 0
    keys = {request.header("x-api-key") for request in claude.api.seen}
    assert keys == {claude.gateway.world.services.model_key}


@PLACEMENTS
def test_dangerous_bash_never_runs(claude: Claude) -> None:
    """The command is torn over the stream; the client gets a text instead, and nothing is deleted."""
    victim = claude.work / "precious"
    victim.mkdir()
    (victim / "thesis.txt").write_text("years of work")
    command = f'echo "célèbre\\n" > ran.txt; rm -rf {victim}'
    proposal = tool("Bash", command=command, description='Remove the "old" build')
    claude.api.script(Turn((text("Räume auf –"), proposal), split=0, wire=7), Turn((text("All cleaned up."),)))

    outcome = claude.run("Tidy up", "engineer")

    assert (victim / "thesis.txt").read_text() == "years of work"
    assert not (claude.work / "ran.txt").exists()
    assert outcome.code == 0, outcome.result
    assert "Interlock" in outcome.result["result"]
    assert outcome.retries == 0


@PLACEMENTS
def test_of_three_parallel_calls_only_the_forbidden_one_does_not_run(claude: Claude) -> None:
    """The calls around it run, their results go back, and the model reads in its own turn why the third did not."""
    victim = claude.work / "precious"
    victim.mkdir()
    claude.api.script(
        Turn((
            text("Three things at once."),
            tool("Bash", command="echo first > first.txt", description="First"),
            tool("Bash", command=f"rm -rf {victim}", description="Second"),
            tool("Bash", command="echo third > third.txt", description="Third"),
        )),
        Turn((text("Two of three are done."),)),
    )  # fmt: skip

    outcome = claude.run("Do three things", "engineer")

    assert outcome.code == 0, outcome.result
    assert outcome.result["result"] == "Two of three are done."
    assert victim.is_dir()
    assert ((claude.work / "first.txt").read_text(), (claude.work / "third.txt").read_text()) == ("first\n", "third\n")
    history = [message for message in claude.api.requests[-1]["messages"] if message["role"] != "system"]
    blocks = [block for message in history[1:] for block in message["content"] if isinstance(block, dict)]
    assert [block["type"] for block in blocks].count("tool_result") == 2
    assert not any(block.get("is_error") for block in blocks)
    told = " ".join(block["text"] for block in blocks if block["type"] == "text")
    assert "Interlock" in told
    assert "one by one" in told
    assert outcome.retries == 0


@PLACEMENTS
def test_personal_data_in_a_tool_result_does_not_reach_the_model(claude: Claude) -> None:
    """The client reads a customer list; what travels to the model API is masked, on every turn."""
    (claude.work / "customers.json").write_text(json.dumps(CUSTOMERS), encoding="utf-8")
    claude.api.script(
        Turn((tool("Bash", command="cat customers.json", description="Show the customers"),)),
        Turn((text("One more look."), tool("Bash", command="ls -1", description="List"))),
        Turn((text("Done."),)),
    )

    outcome = claude.run("Show the customers", "engineer")

    assert outcome.code == 0, outcome.result
    bodies = [request.body.decode() for request in claude.api.seen if request.path == "/v1/messages"]
    assert len(bodies) == 3
    assert "Erika Mustermann" in bodies[1]
    assert [value for value in PERSONAL for body in bodies if value in body] == []


@PLACEMENTS
def test_the_agents_own_values_come_back_in_its_tools(claude: Claude) -> None:
    """The model knows a token; Edit finds the real address, Bash gets it, and no turn tells it to the model."""
    mail = str(CUSTOMERS[0][2])
    file = claude.work / "contact.txt"
    file.write_text(f"Customer: {mail}\nCity: Berlin\n", encoding="utf-8")
    old, new = f"Customer: {MENTIONED_EMAIL}", f"Client: {MENTIONED_EMAIL} (checked)"
    claude.api.script(
        Turn((text("I read it."), tool("Read", file_path=str(file)))),
        Turn((tool("Edit", file_path=str(file), old_string=old, new_string=new),), split=5),
        Turn((tool("Bash", command=f"printf %s '{MENTIONED_EMAIL}' > mailed.txt", description="Note"),), split=1),
        Turn((tool("Bash", command="cat mailed.txt contact.txt", description="Show"),)),
        Turn((text(f"It is {MENTIONED_EMAIL}."),)),
    )

    outcome = claude.run("Mark the customer as checked", "engineer", tools="Read,Edit,Bash")

    assert outcome.code == 0, outcome.result
    assert file.read_text(encoding="utf-8") == f"Client: {mail} (checked)\nCity: Berlin\n"
    assert (claude.work / "mailed.txt").read_text(encoding="utf-8") == mail
    bodies = [request.body.decode() for request in claude.api.seen if request.path == "/v1/messages"]
    assert len(bodies) == 5
    assert [body for body in bodies if mail in body] == []
    said = re.fullmatch(r"It is (<email:[A-Z2-7]{16}>)\.", outcome.result["result"])
    assert said, outcome.result
    assert [said[1] in body for body in bodies] == [False, True, True, True, True]
    assert mail.encode() not in b"".join(
        each.read_bytes() for each in claude.gateway.recordings.rglob("*") if each.is_file()
    )
    assert outcome.retries == 0


@pytest.mark.parametrize("placement", ["reverse"])
def test_a_long_session_shows_no_value_and_keeps_its_prefix(claude: Claude) -> None:
    """Eight turns of reading, searching and writing: what was said before is the same bytes in every later turn, so the
    provider's cache stays warm, and only the agent's own files hold values.
    """
    (claude.work / "customers.json").write_text(json.dumps(CUSTOMERS, indent=1), encoding="utf-8")
    (claude.work / "notes.md").write_text("\n".join(f"- {row[1]}: {row[2]}" for row in CUSTOMERS), encoding="utf-8")
    written, shown = claude.work / "written.txt", claude.work / "shown.txt"
    claude.api.script(
        Turn((thinking("Both files."), text("I read."), tool("Read", file_path=str(claude.work / "customers.json")))),
        Turn((tool("Read", file_path=str(claude.work / "notes.md")), tool("Bash", command="ls", description="List"))),
        Turn((tool("Grep", pattern="@", path=str(claude.work), output_mode="content"),), split=3),
        Turn((text(f"It is {MENTIONED_EMAIL}."), tool("Write", file_path=str(written), content=MENTIONED_EMAIL))),
        Turn((tool("Bash", command=f"echo '{MENTIONED_EMAIL}' | tee shown.txt", description="Show"),), split=2),
        Turn((tool("Read", file_path=str(written)),)),
        Turn((tool("Bash", command="cat customers.json notes.md", description="Again"),)),
        Turn((text(f"Written to {MENTIONED_EMAIL}."),)),
    )

    outcome = claude.run("Write to the customer", "engineer", tools="Read,Write,Bash,Grep", subject="otto")

    assert outcome.code == 0, outcome.result
    sent = [request for request in claude.api.seen if request.path == "/v1/messages"]
    assert len(sent) == 8
    assert [value for value in PERSONAL for request in sent if value in request.body.decode()] == []
    said = [_said(json.loads(request.body)) for request in sent]
    for before, after in pairwise(said):
        assert after[: len(before)] == before
        assert len(after) > len(before)
    assert len({json.dumps(json.loads(request.body)["tools"]) for request in sent}) == 1
    values = {str(row[2]) for row in CUSTOMERS}
    assert written.read_text(encoding="utf-8") in values
    assert shown.read_text(encoding="utf-8").strip() in values
    assert re.fullmatch(r"Written to <email:[A-Z2-7]{16}>\.", outcome.result["result"]), outcome.result
    assert outcome.retries == 0


def _said(request: dict[str, Any]) -> list[str]:
    """Every block of a conversation as text; which of them are to be cached the client says anew each turn."""
    found = []
    for message in request["messages"]:
        content = message["content"]
        blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
        for block in blocks:
            found.append(json.dumps({name: value for name, value in block.items() if name != "cache_control"}))
    return found


@pytest.mark.parametrize("placement", ["reverse"])
def test_what_an_mcp_server_answered_is_not_given_back(claude: Claude) -> None:
    """The agent sees tokens, and so does the file that the model has it write.

    In a session of its own: what the agent itself had sent before would come back.
    """
    claude.api.script(
        Turn((tool("mcp__db__list_customers"),)),
        Turn((tool("Write", file_path=str(claude.work / "out.txt"), content=f"To: {MENTIONED_EMAIL}"),)),
        Turn((text("Done."),)),
    )

    outcome = claude.run(
        "Write to a customer", "engineer", tools="Write,mcp__db__list_customers", mcp="db", subject="max"
    )

    assert outcome.code == 0, outcome.result
    assert claude.gateway.world.services.mcp.calls, json.dumps(
        [outcome.events[0].get("mcp_servers"), *[each for each in outcome.events if each["type"] == "user"]]
    )
    written = (claude.work / "out.txt").read_text(encoding="utf-8")
    assert re.fullmatch(r"To: <email:[A-Z2-7]{16}>", written), written
    bodies = [request.body.decode() for request in claude.api.seen if request.path == "/v1/messages"]
    assert [value for value in PERSONAL for body in bodies if value in body] == []
    assert written[4:] in bodies[-1]


@PLACEMENTS
def test_a_refusal_ends_at_once(claude: Claude) -> None:
    """451: one request, no retry, and the client shows why."""
    claude.api.script(Turn((text("never"),)))

    outcome = claude.run("Hello", "guests")

    assert outcome.code == 1
    assert outcome.result["api_error_status"] == 451
    assert "Interlock" in outcome.result["result"]
    assert outcome.retries == 0
    assert outcome.seconds < 20
    assert claude.api.seen == []


@pytest.mark.parametrize("placement", ["reverse"])
def test_one_graph_says_which_call_came_from_which_turn(claude: Claude) -> None:
    """A DROP came from that tool use, from that turn, and never ran; an MCP call ran for another, and came back."""
    drop = "psql -h db -c 'DROP TABLE customers'"
    claude.api.script(
        Turn((text("I tidy up."), tool("Bash", command=drop, description="Tidy up"), tool("mcp__db__list_customers"))),
        Turn((text("Done."),)),
    )

    outcome = claude.run("Tidy up", "engineer", tools="Bash,mcp__db__list_customers", mcp="db", subject="graph")

    assert outcome.code == 0, outcome.result
    (session,) = [entry for entry in list_sessions(claude.gateway.recordings) if entry.subject == "graph"]
    lines = read_events(claude.gateway.recordings / session.id)
    graph = build((session.id, line.event) for line in lines if line.event is not None)
    turns = [node for node in graph.nodes.values() if node.kind == "turn"]
    proposals = {node.name: node for node in graph.nodes.values() if node.kind == "proposal"}
    calls = [
        node
        for node in graph.nodes.values()
        if node.name.endswith("mcp.call:list_customers") and node.kind == "request"
    ]
    assert [turn.turn for turn in turns] == [1, 2]
    assert len({turn.claims["session"] for turn in turns}) == 1
    refused, listed = proposals["Bash"], proposals["mcp__db__list_customers"]
    assert (refused.effect, refused.touches.endswith("sql.ddl drop customers")) == ("forbid", True)
    assert [(edge.kind, edge.source) for edge in graph.origin(refused.id)] == [("proposed", turns[0].id)]
    assert refused.tool_use.startswith("toolu_")
    assert [(edge.kind, edge.by, edge.source, edge.note) for edge in graph.origin(calls[0].id)] == [
        ("ran", "id", listed.id, ""), ("proposed", "gateway", turns[0].id, ""),
    ]  # fmt: skip
    back = [(edge.source, edge.target) for edge in graph.edges if edge.kind == "returned"]
    assert (listed.id, turns[1].id) in back
    assert all(turn.tokens for turn in turns)
