"""Entry files in mitmdump: whatever happens to them, nothing passes that the pipeline has not judged."""

from __future__ import annotations

import asyncio
import logging
import shutil
from pathlib import Path

import pytest
from mitmproxy import http
from mitmproxy.exceptions import OptionsError
from tests.mitm.harness import ENTRIES, Running, until
from tests.mitm.upstream import PERSON

from interlock.mitm.services import Services
from interlock.reasons import Reason


def said(caplog: pytest.LogCaptureFixture) -> str:
    """All errors that were logged."""
    return "\n".join(record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR)


async def ask(gateway: Running, url: str) -> int:
    """The status of a call with a good token."""
    async with gateway.forward(gateway.token()) as client:
        return (await client.get(url)).status_code


@pytest.fixture
def entry(tmp_path: Path) -> Path:
    """An entry file of our own to break."""
    folder = tmp_path / "addons"
    folder.mkdir()
    return Path(shutil.copy(ENTRIES["bundle"], folder))


async def test_unloading_all_scripts_stops_traffic_for_good(start_dump, upstream, url) -> None:
    """`PUT /options {"scripts": []}` in mitmweb; loading them again does not open the gateway a second time."""
    async with start_dump() as gateway:
        scripts = list(gateway.master.options.scripts)
        gateway.master.options.update(scripts=[])
        statuses = [await ask(gateway, url("docs"))]
        gateway.master.options.update(scripts=scripts)
        await asyncio.sleep(0.05)
        statuses.append(await ask(gateway, url("docs")))

    assert statuses == [503, 503]
    assert upstream.seen == []


@pytest.mark.parametrize("harm", ["broken", "emptied", "deleted"])
async def test_a_script_that_mitmproxy_loads_again_stops_traffic(start_dump, upstream, url, entry, harm) -> None:
    """Hot reload is off; were it on, a broken, an empty and a missing entry file would all stop traffic."""
    async with start_dump(scripts=[entry]) as gateway:
        script = gateway.master.addons.get("scriptloader").addons[0]
        assert await ask(gateway, url("docs")) == 200
        if harm == "deleted":
            entry.unlink()
            gateway.master.options.update(scripts=[])
        else:
            entry.write_text({"broken": "def (", "emptied": "addons = []\n"}[harm], encoding="utf-8")
            script.loadscript()
        upstream.seen.clear()
        status = await ask(gateway, url("docs"))

    assert status == 503
    assert upstream.seen == []


async def test_hot_reload_is_switched_off(start_dump, url, entry) -> None:
    """The watcher is cancelled when the gateway runs: breaking the file changes nothing."""
    async with start_dump(scripts=[entry]) as gateway:
        watcher = gateway.master.addons.get("scriptloader").addons[0].reloadtask
        await until(watcher.done)
        entry.write_text("def (", encoding="utf-8")
        good, bad = await ask(gateway, url("docs")), await ask(gateway, url("docs", "/closed"))

    assert watcher.cancelled()
    assert (good, bad) == (200, 403)


async def test_requests_before_running_are_refused(start, upstream, url, monkeypatch) -> None:
    """The port is bound a moment before the gateway is ready; mitmproxy would serve."""
    ready, begin = asyncio.Event(), Services.start

    async def late(services: Services) -> None:
        await ready.wait()
        await begin(services)

    monkeypatch.setattr(Services, "start", late)
    async with start(wait=False) as gateway:
        await until(lambda: gateway.master.addons.get("proxyserver").listen_addrs())
        assert gateway.pipeline.closed() is Reason.NOT_READY
        early = await ask(gateway, url("docs"))
        async with gateway.forward(gateway.token()) as client:
            with pytest.raises(Exception, match="503"):
                await client.get(url("tls"))
        assert upstream.seen == []
        ready.set()
        await until(lambda: gateway.pipeline.closed() is None)
        later = await ask(gateway, url("docs"))

    assert (early, later) == (503, 200)


async def test_a_script_beside_ours_stops_the_start(start_dump, tmp_path, caplog) -> None:
    """It could change what was judged."""
    (tmp_path / "other.py").write_text("def request(flow):\n    flow.request.path = '/closed'\n", encoding="utf-8")
    async with start_dump(scripts=[ENTRIES["bundle"], tmp_path / "other.py"]) as gateway:
        assert gateway.exited == 1

    assert "another script" in said(caplog)


async def test_a_script_added_later_stops_traffic(start_dump, upstream, url, tmp_path) -> None:
    """Until it is gone again."""
    (tmp_path / "other.py").write_text("def request(flow):\n    flow.request.path = '/closed'\n", encoding="utf-8")
    async with start_dump() as gateway:
        scripts = list(gateway.master.options.scripts)
        gateway.master.options.update(scripts=[*scripts, str(tmp_path / "other.py")])
        stopped = await ask(gateway, url("docs"))
        seen = list(upstream.seen)
        gateway.master.options.update(scripts=scripts)
        passed = await ask(gateway, url("docs"))

    assert (stopped, passed) == (503, 200)
    assert seen == []


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("bundle", "mask"), "mask is loaded twice"),
        (("authorize", "authenticate"), "authorize needs authenticate before it"),
        (("inject",), "inject needs record before it"),
        (("record",), "record needs approve before it"),
        (("approve",), "approve needs authorize before it"),
        (("authorize",), "authorize needs authenticate before it"),
        (("mask", "authenticate", "authorize"), "authenticate is loaded too late"),
    ],
)
async def test_stages_twice_or_in_the_wrong_order_stop_the_start(start_dump, caplog, names, words) -> None:
    """The message names the stage and what it misses."""
    async with start_dump(scripts=[ENTRIES[name] for name in names]) as gateway:
        assert gateway.exited == 1

    assert words in said(caplog)


async def test_one_entry_file_twice_is_refused_by_mitmproxy(start_dump) -> None:
    """It says so itself."""
    with pytest.raises(OptionsError, match="Duplicate script"):
        async with start_dump(scripts=[ENTRIES["authenticate"]] * 2):
            pass


async def test_mask_alone_masks_for_whoever_calls(start_dump, upstream, url) -> None:
    """`-s addons/mask.py`: no identity, no policy; contained and masked."""
    async with start_dump(scripts=[ENTRIES["mask"]]) as gateway, gateway.forward() as client:
        good = await client.get(url("docs"))
        elsewhere = await client.get(f"http://{'127.0.0.3'}:9/open/x")

    assert good.status_code == 200
    assert PERSON not in good.text
    assert elsewhere.status_code == 403
    assert [seen.target for seen in upstream.seen] == ["/open/x"]


async def test_authenticate_alone_lets_only_known_callers_pass(start_dump, upstream, url) -> None:
    """`-s addons/authenticate.py`: identity and containment."""
    async with start_dump(scripts=[ENTRIES["authenticate"]]) as gateway:
        known = await ask(gateway, url("docs", "/closed"))
        async with gateway.forward() as client:
            unknown = (await client.get(url("docs"))).status_code

    assert (known, unknown) == (200, 407)
    assert [seen.target for seen in upstream.seen] == ["/closed"]
    assert "proxy-authorization" not in upstream.seen[0].names()


async def test_two_entry_files_are_one_pipeline(start_dump, upstream, url) -> None:
    """`-s addons/authenticate.py -s addons/authorize.py`: who asks, and what they may."""
    async with start_dump(scripts=[ENTRIES["authenticate"], ENTRIES["authorize"]]) as gateway:
        names = [stage.name for stage in gateway.pipeline.stages]
        good, bad = await ask(gateway, url("docs")), await ask(gateway, url("docs", "/closed"))

    assert names == ["contain", "authenticate", "authorize"]
    assert (good, bad) == (200, 403)
    assert len(upstream.seen) == 1


async def test_losing_one_of_two_entry_files_stops_traffic(start_dump, upstream, url) -> None:
    """What is left of the pipeline must not go on alone."""
    async with start_dump(scripts=[ENTRIES["authenticate"], ENTRIES["authorize"]]) as gateway:
        gateway.master.options.update(scripts=[str(ENTRIES["authenticate"])])
        status = await ask(gateway, url("docs", "/closed"))

    assert status == 503
    assert upstream.seen == []


class Editor:
    """Stands at the end of the chain and edits what was judged, as a person in mitmweb would."""

    name = "editor"

    def __init__(self) -> None:
        self.edit = lambda request: None

    def request(self, flow: http.HTTPFlow) -> None:
        """Once a flow."""
        if "edited" not in flow.metadata and flow.response is None:
            flow.metadata["edited"] = True
            self.edit(flow.request)


@pytest.mark.parametrize("runner", ["start", "start_dump"])
@pytest.mark.parametrize(
    "what", ["path", "body", "host", "framing", "duplicate", "name", "upgrade", "method", "scheme"]
)
async def test_an_edit_after_the_judgement_is_judged_anew(request, upstream, url, runner, what) -> None:
    """What a rule does not permit does not leave, whoever wrote it; what it permits leaves as edited."""
    editor = Editor()
    async with request.getfixturevalue(runner)(addons=[editor]) as gateway:  # noqa: SIM117 - the client needs it
        async with gateway.forward(gateway.token()) as client:
            editor.edit = lambda request: setattr(request, "text", '{"query": "select 2"}')
            good = await client.post(url("warehouse", "/query"), json={"query": "select 1"})
            permitted = [seen.body for seen in upstream.seen]
            upstream.seen.clear()
            editor.edit = {
                "path": lambda request: setattr(request, "path", "/closed"),
                "body": lambda request: setattr(request, "text", '{"query": "DROP TABLE people"}'),
                "host": lambda request: setattr(request, "host", "127.0.0.9"),
                "framing": lambda request: request.headers.add("connection", "content-length"),
                "duplicate": lambda request: request.headers.add("host", "example.com"),
                "name": lambda request: request.headers.update(host="example.com"),
                "upgrade": lambda request: request.headers.update(upgrade="h2c", connection="upgrade"),
                "method": lambda request: setattr(request, "method", "DELETE"),
                "scheme": lambda request: setattr(request, "scheme", "https"),
            }[what]
            bad = await client.post(url("warehouse", "/query"), json={"query": "select 1"})

    assert good.status_code == 200
    assert permitted == [b'{"query": "select 2"}']
    assert bad.status_code >= 400
    assert upstream.seen == []


@pytest.mark.parametrize("name", ["docs", "tls"])
async def test_an_edit_while_the_upstream_is_dialled_does_not_leave(start, upstream, url, name) -> None:
    """Between the judgement and the bytes on the wire there is no moment in which an edit passes; the agent is told."""

    class Late:
        name, edit = "late", True

        def request(self, flow: http.HTTPFlow) -> None:
            """It stands behind the pipeline."""
            self.flow = flow

        def server_connected(self, data: object) -> None:
            """The last hook before the bytes."""
            if self.edit:
                self.flow.request.path = "/closed"

    late = Late()
    async with start(addons=[late]) as gateway, gateway.forward(gateway.token()) as client:
        edited = await client.get(url(name), headers={"accept": "*/*"})
        arrived = list(upstream.seen)
        late.edit = False
        again = await client.get(url(name))
        reasons = gateway.reasons()

    assert edited.status_code == 403
    assert edited.json()["reason"] == "edit-refused"
    assert "while it was being forwarded" in edited.text
    assert arrived == []
    assert again.status_code == 200
    assert [seen.target for seen in upstream.seen] == ["/open/x"]
    assert "edit-refused" in reasons


@pytest.mark.parametrize("name", ["docs", "tls"])
async def test_a_replayed_flow_is_refused(start_dump, upstream, url, name) -> None:
    """It carries no identity: what an agent was permitted is not permitted to whoever presses replay."""
    flows: list[http.HTTPFlow] = []

    class Keeper:
        name = "keeper"

        def request(self, flow: http.HTTPFlow) -> None:
            """Every flow."""
            flows.append(flow)

    async with start_dump(addons=[Keeper()]) as gateway, gateway.forward(gateway.token()) as client:
        assert (await client.get(url(name))).status_code == 200
        upstream.seen.clear()
        original = flows[0]
        await until(lambda: not original.live)
        for flow in (original.copy(), original):
            gateway.master.commands.call("replay.client", [flow])
            await until(lambda flow=flow: flow.response is not None or flow.error is not None)
            assert flow.response is None or flow.response.status_code in (401, 403, 407)

    assert upstream.seen == []
