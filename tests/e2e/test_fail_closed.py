"""The ways in which mitmproxy fails open, each tried on a real process: nothing passes, or nothing starts."""

from __future__ import annotations

import contextlib
import shutil
import time
from pathlib import Path

import httpx
import pytest
from tests.console.serving import until
from tests.e2e.harness import Running, World, prepare

from interlock.demo.processes import BUNDLE, RUNNERS, StartError

READ = {"query": "SELECT * FROM customers"}
PATIENCE = 60.0
UNSAFE = [
    "stream_large_bodies=10k",
    "ignore_hosts=.*",
    "allow_hosts=example.com",
    "tcp_hosts=.*",
    "ssl_insecure=true",
    "validate_inbound_headers=false",
    "map_remote=|/documents|/secrets",
    "map_local=|/documents|/etc",
    "modify_headers=/~q/authorization/x",
    "modify_body=/~s/a/b",
    "stickyauth=.*",
    "stickycookie=.*",
    "proxyauth=any",
    "upstream_auth=a:b",
    "interlock_rule=typo",
    "body_size_limt=1m",
]


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """An entry file of our own to break; the library lies beside it, as in the checkout."""
    folder = tmp_path / "addons"
    folder.mkdir()
    (folder / "interlock").symlink_to(BUNDLE.with_name("interlock"))
    return Path(shutil.copy(BUNDLE, folder))


def ask(gateway: Running) -> int:
    """The status of a permitted read; 0 when the connection was refused or cut."""
    with gateway.direct(gateway.world.token("analyst")) as client, contextlib.suppress(httpx.HTTPError):
        return client.post(f"{gateway.at('warehouse')}/v1/query", json=READ).status_code
    return 0


@pytest.mark.parametrize("harm", ["deleted", "renamed", "broken", "emptied"])
def test_harming_the_entry_file_stops_traffic(world: World, tmp_path: Path, script: Path, harm: str) -> None:
    """Whatever happens to the script, no request passes that the pipeline has not judged."""
    world.forget()
    with prepare(world, tmp_path / "gateway", "mitmdump", entry=script) as gateway:
        assert ask(gateway) == 200
        {
            "deleted": script.unlink,
            "renamed": lambda: script.rename(script.with_name("other.py")),
            "broken": lambda: script.write_text("def (", encoding="utf-8"),
            "emptied": lambda: script.write_text("addons = []\n", encoding="utf-8"),
        }[harm]()
        deadline = time.monotonic() + PATIENCE
        while ask(gateway) == 200 and time.monotonic() < deadline:
            time.sleep(0.2)
        world.forget()
        statuses = {ask(gateway) for _ in range(3)}

    assert 200 not in statuses
    assert world.services.warehouse.seen == []


@pytest.mark.parametrize("option", UNSAFE)
def test_an_unsafe_option_stops_the_start(world: World, tmp_path: Path, option: str) -> None:
    """Options that would let traffic pass unseen, and misspelt ones, which mitmproxy ignores without a word."""
    gateway = prepare(world, tmp_path, "mitmdump", extra=["--set", option])

    with pytest.raises(StartError) as caught, gateway:
        pass

    assert "ended" in str(caught.value)
    assert option.partition("=")[0] in str(caught.value)


@pytest.mark.parametrize("runner", RUNNERS)
def test_rules_that_cannot_be_read_stop_the_start(world: World, tmp_path: Path, runner: str) -> None:
    """The message names file and line."""
    gateway = prepare(world, tmp_path, runner)
    (tmp_path / "rules" / "more.yaml").write_text("version: 1\npolcy: []\n", encoding="utf-8")

    with pytest.raises(StartError, match=r"more\.yaml:2") as caught, gateway:
        pass

    assert "ended" in str(caught.value)


def _put_in_the_way(folder: Path) -> bool:
    """A file where the folder was; the gateway may just be opening something in it."""
    shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(OSError):
        folder.write_text("no folder any more", encoding="utf-8")
    return folder.is_file()


@pytest.mark.parametrize("runner", RUNNERS)
def test_nothing_passes_that_cannot_be_recorded(world: World, tmp_path: Path, runner: str) -> None:
    """The evidence is written before the request leaves; where that fails, it does not leave."""
    world.forget()
    with prepare(world, tmp_path, runner) as gateway:
        until(lambda: _put_in_the_way(gateway.recordings))
        status = ask(gateway)

    assert status in (0, 500, 502, 503)
    assert world.services.warehouse.seen == []
