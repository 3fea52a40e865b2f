"""mitmweb with the gateway in it: a person may look; what they change or replay is judged anew, or stops traffic."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.e2e.canaries import found_in
from tests.e2e.harness import Running, World, prepare
from tests.e2e.web import PASSWORD, Api, Updates, until

from interlock.demo.model_api import Turn, tool
from interlock.demo.people import PERSONAL
from interlock.demo.processes import Process, StartError, free_port, listening, program
from interlock.demo.serving import Reply, Request

READ = {"query": "SELECT name, email FROM customers"}


class Watched(Running):
    """A gateway in mitmweb, its API, and an agent that calls in the background."""

    api: Api
    agents: ThreadPoolExecutor

    def ask(self, query: str = READ["query"], *, path: str = "/v1/query") -> httpx.Response:
        """One query as the analyst."""
        with self.direct(self.world.token("analyst")) as client:
            return client.post(f"{self.at('warehouse')}{path}", json={"query": query})

    def ask_later(self) -> tuple[Future[httpx.Response], dict[str, Any]]:
        """A query that waits in mitmweb, and its flow."""
        self.api.option(intercept="~u v1/query & ~q")
        answer = self.agents.submit(self.ask)
        flow = until(lambda: next((flow for flow in self.api.flows() if flow["intercepted"]), None))
        self.api.option(intercept="")
        return answer, flow


@pytest.fixture(scope="module")
def running(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """One mitmweb for all tests that leave it as it was."""
    yield from watched(world, tmp_path_factory.mktemp("mitmweb"))


@pytest.fixture
def watch(running: Watched, world: World) -> Watched:
    """The one mitmweb, with an empty list and nothing seen upstream."""
    world.forget()
    running.api.post("/clear")
    return running


def watched(world: World, folder: Path) -> Iterator[Watched]:
    """A gateway in mitmweb with its API."""
    gateway = prepare(world, folder, "mitmweb", extra=["--set", f"web_password={PASSWORD}"])
    gateway.__class__ = Watched
    with gateway, ThreadPoolExecutor(4) as agents:
        command = gateway.process.command
        with Api(int(command[command.index("--web-port") + 1])) as api:
            gateway.api, gateway.agents = api, agents
            yield gateway


def test_each_flow_shows_its_decision(watch: Watched, world: World) -> None:
    """Green, red; the comment begins with the reason; refused tunnels and rewritten answers too."""
    world.services.model.script(Turn((tool("Bash", command="rm -rf /"),)))
    watch.ask()
    watch.ask("DROP TABLE customers")
    with watch.direct() as client:
        client.post(f"{watch.at('warehouse')}/v1/query", json=READ)
    with watch.direct(world.token("engineer", subject="max")) as client:
        for stream in (False, True):
            message = {"model": "m", "max_tokens": 9, "stream": stream, "tools": [{"name": "Bash"}]}
            message["messages"] = [{"role": "user", "content": "tidy up"}]
            client.post(f"{watch.at('claude')}/v1/messages", json=message)
    with watch.proxied() as client, pytest.raises(httpx.ProxyError):
        client.get(f"https://localhost:{world.tls.port}/documents/1")
    shown = [(flow["request"]["method"], flow["marked"], flow["comment"].split()[0]) for flow in watch.api.flows()]

    assert shown == [
        ("POST", "🟢", "permitted:"),
        ("POST", "🔴", "blocked:"),
        ("POST", "🔴", "token-missing:"),
        ("POST", "🔴", "rewritten:"),
        ("POST", "🔴", "rewritten:"),
        ("CONNECT", "🔴", "token-missing:"),
    ]
    assert "analysts-read" in watch.api.flows()[0]["comment"]
    stream = watch.api.get(f"/flows/{watch.api.flows()[4]['id']}/response/content.data").text
    assert "message_stop" in stream
    assert "rm -rf" not in stream


def test_the_view_says_what_it_shows(watch: Watched) -> None:
    """In the log that the page shows, and on the terminal; only this machine can open it."""
    said = watch.process.output()

    assert "What you see: requests after the agent's token was removed" in said
    assert "comment" in watch.api.options()["web_columns"]
    assert watch.api.options()["web_host"] == "127.0.0.1"
    listeners = [
        address[0]
        for server in watch.api.get("/state").json()["servers"].values()
        for address in server["listen_addrs"]
    ]
    assert listeners == ["127.0.0.1", "127.0.0.1"]


@pytest.mark.parametrize("option", ["web_host=0.0.0.0", "proxy_debug=true", "listen_host=0.0.0.0"])
def test_it_does_not_start_where_others_could_look(world: World, tmp_path: Path, option: str) -> None:
    """The page, the gateway itself, and mitmproxy's own log of raw bytes."""
    gateway = prepare(world, tmp_path, "mitmweb", extra=["--set", option, "--mode", "regular@0"])

    with pytest.raises(StartError, match=option.partition("=")[0].replace("listen_host", "mode")), gateway:
        pass


def test_neither_token_nor_credential_nor_masked_value_is_ever_in_it(
    watch: Watched, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the upstream thinks and afterwards, of permitted, refused and malformed requests, in every answer of the
    API, in its dump, its log and its updates."""
    answering, go_on = threading.Event(), threading.Event()
    person = PERSONAL[0]

    def slow(request: Request) -> Reply:
        answering.set()
        go_on.wait(10)
        echo = f'{{"email": "{person}", "echo": "{request.header("authorization")}"}}'
        return Reply(body=echo.encode(), headers={"x-owner": person, "set-cookie": f"s={person}"})

    monkeypatch.setattr(world.tls, "answer", slow)
    tokens = [world.token("analyst", subject=f"agent{number}") for number in range(3)]
    secrets = {f"token {number}": value for number, value in enumerate(tokens)}
    secrets |= {"credential": world.services.warehouse_credential, "person": person}
    with Updates(watch.api.port) as updates:
        with watch.direct(tokens[0]) as client:
            later = watch.agents.submit(client.get, f"{watch.at('tls')}/documents/1?api_key={tokens[2]}")
            assert answering.wait(10)
            during = watch.api.everything()
            go_on.set()
            assert later.result(10).status_code == 200
        _refused(watch, tokens)
        with watch.proxied(tokens[1], run="run-other") as client:
            client.get(f"https://localhost:{world.tls.port}/documents/1", headers={"x-api-key": tokens[1]})
        after = watch.api.everything()
        until(lambda: sum("flows/update" in message for message in updates.messages) >= 4)

    assert b"documents" in during
    assert len(watch.api.flows()) >= 6
    assert found_in(during, secrets) == []
    assert found_in(after, secrets) == []
    assert found_in("\n".join(updates.messages).encode(), secrets) == []
    assert found_in(watch.process.output().encode(), secrets) == []


def _refused(watch: Watched, tokens: list[str]) -> None:
    """Requests that are stopped before anybody looked at their credentials, or that are no HTTP."""
    bearer = {"authorization": f"Bearer {tokens[0]}", "x-api-key": tokens[1], "proxy-authorization": tokens[2]}
    with watch.direct() as client:
        client.get(f"{watch.reverse}/connections/unknown/x?token={tokens[0]}", headers=bearer)
        client.get(f"{watch.reverse}/-/interlock/health?token={tokens[0]}", headers=bearer)
        client.get(f"{watch.at('plain')}/documents/1", headers={**bearer, "x_api_key": tokens[1]})
    with watch.proxied(tokens[1], run="run-other") as client:
        client.get("http://unknown.example.com/", headers=bearer)
        with pytest.raises(httpx.ProxyError):
            client.get("https://unknown.example.com/")
    for raw in (f"GET / HTTP/1.1\r\nAuthorization: Bearer {tokens[0]}\r\n", f"GET / HTTP/1.1\r\n{tokens[0]}\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", watch.ports.reverse), timeout=60) as client:
            client.sendall(raw.encode())
            client.shutdown(socket.SHUT_WR)
            while client.recv(4096):
                pass


@pytest.mark.parametrize(
    ("edit", "leaves"),
    [
        ({"content": '{"query": "SELECT city FROM customers"}'}, True),
        ({"content": '{"query": "DROP TABLE customers"}'}, False),
        ({"host": "127.0.0.9"}, False),
        ({"port": "1"}, False),
        ({"scheme": "https"}, False),
        ({"path": "/v1/other"}, False),
        ({"path": "/v1/query HTTP/1.1\r\nX-Other: 1"}, False),
        ({"method": "DELETE"}, False),
        ({"http_version": "HTTP/1.1\r\nX-Other: 1"}, False),
        ({"headers": [["Host", "other.example.com"], ["Content-Type", "application/json"]]}, False),
        ({"headers": [["X-A", "b\r\nX-Other: 1"], ["Content-Type", "application/json"]]}, False),
    ],
)
def test_an_edited_request_is_judged_anew(watch: Watched, edit: dict[str, Any], leaves: bool) -> None:
    """What the rules permit leaves as edited; nothing else does, and the agent is told."""
    answer, flow = watch.ask_later()
    watch.api.put(f"/flows/{flow['id']}", json={"request": edit})
    watch.api.post(f"/flows/{flow['id']}/resume")
    status = answer.result(10).status_code
    ran = watch.world.services.warehouse.ran

    assert (status == 200) is leaves
    assert ran == (["SELECT city FROM customers"] if leaves else [])
    assert not any(seen.header("x-other") for seen in watch.world.services.warehouse.seen)
    assert watch.api.last()["marked"] == ("🟢" if leaves else "🔴")


def test_an_edited_answer_is_not_handed_on(watch: Watched) -> None:
    """It was judged and recorded as it came."""
    watch.api.option(intercept="~u v1/query & ~s")
    answer = watch.agents.submit(watch.ask)
    flow = until(lambda: next((flow for flow in watch.api.flows() if flow["intercepted"]), None))
    watch.api.option(intercept="")
    watch.api.put(f"/flows/{flow['id']}", json={"response": {"content": '{"rows": ["forged"]}'}})
    watch.api.post(f"/flows/{flow['id']}/resume")

    assert answer.result(10).status_code >= 400
    assert "forged" not in answer.result().text
    assert watch.api.last()["comment"].startswith("edit-refused")


def test_a_killed_request_does_not_leave(watch: Watched) -> None:
    """The agent's connection is closed."""
    answer, flow = watch.ask_later()
    watch.api.post(f"/flows/{flow['id']}/kill")

    with pytest.raises(httpx.HTTPError):
        answer.result(10)
    assert watch.world.services.warehouse.ran == []


@pytest.mark.parametrize("how", ["button", "command", "copy", "edited", "reverted"])
def test_a_replayed_request_is_refused(watch: Watched, world: World, how: str) -> None:
    """It carries nobody's identity, although the agent's tunnel may still be open."""
    with watch.proxied(world.token("analyst")) as client:
        first = client.get(f"https://localhost:{world.tls.port}/documents/1")
        assert first.status_code == 200, first.text
        identifier = watch.api.last()["id"]
        if how == "copy":
            identifier = watch.api.post(f"/flows/{identifier}/duplicate").text
        if how == "edited":
            watch.api.put(f"/flows/{identifier}", json={"request": {"path": "/documents/2"}})
        if how == "command":
            watch.api.command("replay.client", "@all")
        else:
            watch.api.post(f"/flows/{identifier}/replay")
        if how == "reverted":
            watch.api.post(f"/flows/{identifier}/revert")
        until(lambda: watch.api.command("replay.client.count")["value"] == 0)
        comments = [flow["comment"].partition(":")[0] for flow in watch.api.flows()]
        again = client.get(f"https://localhost:{world.tls.port}/documents/3")

    assert again.status_code == 200
    assert "replay-refused" in comments or how == "reverted"
    assert [seen.target for seen in world.tls.seen] == ["/documents/1", "/documents/3"]


def test_flows_brought_from_elsewhere_are_only_shown(watch: Watched, world: World) -> None:
    """Uploading flows makes no request, no evidence, and no other picture of them."""
    watch.ask()
    dump = watch.api.get("/flows/dump").content
    before = [file.stat().st_size for file in sorted(watch.recordings.rglob("*.jsonl"))]
    watch.api.post("/flows/dump", content=dump)

    assert [(flow["marked"], flow["response"]["status_code"]) for flow in watch.api.flows()] == [("🟢", 200)]
    assert len(world.services.warehouse.ran) == 1
    assert [file.stat().st_size for file in sorted(watch.recordings.rglob("*.jsonl"))] == before


@pytest.mark.parametrize(
    "command",
    ["script.run @all {script}", "replay.client.file {script}", "save.file @all {script}", "options.load {script}",
     "export.file raw @all {script}", "cut.save @all request.path {script}", "set scripts=", "options.reset",
     "inject.websocket @all true x", "view.flows.create GET http://127.0.0.1:1/", "view.flows.load {script}",
     "flow.set @all url http://127.0.0.1:1/", "browser.start"],
)  # fmt: skip
def test_commands_that_do_more_than_look_are_gone(watch: Watched, tmp_path: Path, command: str) -> None:
    """They are not there, so nothing runs, nothing is written, and traffic goes on."""
    script = tmp_path / "file"
    script.write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n", encoding="utf-8")
    before = script.read_bytes()
    name, *arguments = command.format(script=script).split()

    assert "Unknown command" in watch.api.command(name, *arguments)["error"]
    assert not (tmp_path / "ran").exists()
    assert script.read_bytes() == before


def status(ask: Callable[[], httpx.Response]) -> int:
    """What the agent gets; 0 where its connection is closed."""
    with contextlib.suppress(httpx.TransportError):
        return ask().status_code
    return 0


def test_changing_an_option_stops_traffic_until_it_is_changed_back(watch: Watched, world: World) -> None:
    """Everything but what only a person sees; a tunnel that is open already stops as well."""
    before = watch.api.options()
    changes: dict[str, Any] = {
        "map_remote": ["|/v1/query|/other"],
        "ignore_hosts": [".*"],
        "ssl_insecure": True,
        "stream_large_bodies": "1",
        "mode": [*before["mode"], "reverse:tcp://127.0.0.1:1@127.0.0.1:0"],
        "ssl_verify_upstream_trusted_ca": str(watch.ca),
        "validate_inbound_headers": False,
        "client_certs": str(watch.confdir),
    }
    with watch.proxied(world.token("analyst")) as client:
        url = f"https://localhost:{world.tls.port}/documents/1"
        assert client.get(url).status_code == 200
        statuses = {}
        for name, value in changes.items():
            watch.api.option(**{name: value})
            statuses[name] = {status(watch.ask), status(lambda: client.get(url))}
            watch.api.option(**{name: before[name]})
        watch.api.option(intercept="~u nothing", view_filter="~u query")
        watch.api.option(intercept="", view_filter="")
        after = (watch.ask().status_code, client.get(url).status_code)

    assert {name for name, found in statuses.items() if found - {0, 503}} == set()
    assert after == (200, 200)
    assert (len(world.services.warehouse.ran), len(world.tls.seen)) == (1, 2)


def test_the_log_of_raw_bytes_cannot_be_switched_on(watch: Watched) -> None:
    """It would show tokens and credentials at once, so the change itself is refused."""
    answer = watch.api.option(proxy_debug=True)

    assert answer.status_code == 400
    assert watch.api.options()["proxy_debug"] is False
    assert watch.ask().status_code == 200


def test_taking_the_script_away_stops_traffic_for_good(world: World, tmp_path: Path) -> None:
    """Putting it back does not bring the pipeline back."""
    for gateway in watched(world, tmp_path):
        world.forget()
        scripts = gateway.api.options()["scripts"]
        gateway.api.option(scripts=[])
        stopped = gateway.ask().status_code
        gateway.api.option(scripts=scripts)
        statuses = [stopped, gateway.ask().status_code]

    assert statuses == [503, 503]
    assert world.services.warehouse.ran == []


def test_a_recording_opens_without_the_gateway(watch: Watched, tmp_path: Path) -> None:
    """Plain `mitmweb -r`, for everyone: bodies masked, decisions to be seen."""
    watch.ask()
    watch.ask("DROP TABLE customers")
    files = until(lambda: [file for file in watch.recordings.glob("*/flows.mitm") if b"DROP" in file.read_bytes()])
    port = free_port()
    command = [program("mitmweb"), "-n", "-r", str(files[0]), "--no-web-open-browser", "--web-port", str(port)]
    command += ["--set", f"confdir={tmp_path}", "--set", f"web_password={PASSWORD}"]
    with Process(command, env={}) as process, Api(port) as api:
        listening(port, process)
        until(lambda: [flow for flow in api.flows() if flow["comment"].startswith("blocked")])
        shown = {flow["comment"].split(":")[0]: flow["marked"] for flow in api.flows()}
        everything = api.everything()

    assert (shown["permitted"], shown["blocked"]) == ("🟢", "🔴")
    assert found_in(everything, {value: value for value in PERSONAL}) == []
