"""After a run with secrets planted everywhere, none of them is anywhere a person or an agent could read it."""

from __future__ import annotations

import base64
import contextlib
import gzip
import json
from pathlib import Path

import anthropic
import httpx
import pytest
from tests.e2e.canaries import found_in, search
from tests.e2e.harness import Running, World, start

from interlock.demo.model_api import Turn, text, tool
from interlock.demo.people import PERSONAL
from interlock.demo.processes import RUNNERS
from interlock.demo.serving import Reply

VALUE = "canary-7f3a9c51e2b8d604"


@pytest.mark.parametrize(
    "written",
    [
        VALUE.encode(),
        base64.b64encode(VALUE.encode()),
        base64.b64encode(b"a:" + VALUE.encode() + b":z"),
        base64.urlsafe_b64encode(b"?" + VALUE.encode()),
        VALUE.encode().hex().encode(),
        gzip.compress(b"x" + VALUE.encode(), mtime=0),  # workers have to collect the same tests
        b"page\0" + gzip.compress(gzip.compress(VALUE.encode(), mtime=0), mtime=0),
        json.dumps({"v": VALUE}).encode(),
    ],
)
def test_the_search_finds_what_it_looks_for(written: bytes) -> None:
    """A search that misses its own canary proves nothing."""
    assert found_in(b"before " + written + b" after", {"canary": VALUE}) == ["canary"]
    assert found_in(b"nothing here", {"canary": VALUE}) == []


@pytest.mark.parametrize("runner", RUNNERS)
def test_no_secret_is_left_behind(world: World, tmp_path: Path, runner: str) -> None:
    """Tokens, credentials and personal data in requests, answers, errors and echoes: no trace in files or logs."""
    world.forget()
    agents = {
        "analyst": world.token("analyst", lasts=600),
        "engineer": world.token("engineer", subject="max", lasts=600, algorithm="RS256"),
        "expired": world.token("analyst", lasts=-300, age=900),
        "guest": world.token("guests", subject="jean"),
    }
    secrets = agents | {f"personal {number}": value for number, value in enumerate(PERSONAL)}
    secrets |= {"warehouse": world.services.warehouse_credential, "model": world.services.model_key}
    secrets["master"] = world.services.master_key
    with start(world, tmp_path, runner) as gateway:
        seen = b"".join(_everything(gateway, agents))
    log = gateway.process.output().encode()

    assert found_in(log, secrets) == []
    assert search(gateway.recordings, secrets) == {}
    assert found_in(seen, secrets) == []
    assert any(gateway.recordings.rglob("*.jsonl"))
    assert (gateway.recordings / "vault.sqlite").stat().st_size  # it holds all of the agents' values, sealed


def _everything(gateway: Running, agents: dict[str, str]) -> list[bytes]:
    """Plays on every path that holds a secret; returns what the agents got to see."""
    world = gateway.world
    echo = {"you": world.services.warehouse_credential, "token": agents["analyst"], "people": list(PERSONAL)}
    world.tls.reply = Reply.of(echo)
    seen: list[httpx.Response] = []
    for token in agents.values():
        with gateway.direct(token, cookie=f"s={token}") as client:
            for query in ("SELECT * FROM customers", "DROP TABLE customers", f"SELECT '{PERSONAL[0]}'"):
                seen.append(client.post(f"{gateway.at('warehouse')}/v1/query", json={"query": query}))
            seen.append(client.get(f"{gateway.at('tls')}/documents/echo?access_token={token}"))
            seen.append(client.post(f"{gateway.at('warehouse')}/v1/query", content=b"{broken " + token.encode()))
        with gateway.proxied(token) as client, contextlib.suppress(httpx.HTTPError):
            seen.append(client.get(f"https://localhost:{world.tls.port}/documents/echo"))
    return [answer.content + repr(answer.headers).encode() for answer in seen] + [_model(gateway, agents)]


def _model(gateway: Running, agents: dict[str, str]) -> bytes:
    """A turn whose tool result holds everything, and a reply that repeats it."""
    api = gateway.world.services.model
    said = " ".join((*PERSONAL, agents["engineer"]))
    api.script(Turn((text(f"I saw {said}"), tool("Bash", command=f"echo {PERSONAL[0]}; rm -rf /")), split=0, wire=9))
    tools = [{"name": "Bash", "input_schema": {"type": "object"}}]
    message = {"role": "user", "content": f"Here it is: {said}"}
    with (
        anthropic.Anthropic(api_key=agents["engineer"], base_url=gateway.at("claude"), max_retries=0) as client,
        client.messages.stream(model="claude-demo", max_tokens=99, tools=tools, messages=[message]) as stream,
    ):
        return stream.get_final_message().to_json().encode()
