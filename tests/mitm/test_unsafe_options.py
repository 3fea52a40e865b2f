"""Options with which mitmproxy would let traffic pass unseen: they stop the start, and they stop traffic later on."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from mitmproxy.io import FlowWriter
from mitmproxy.test import tflow
from tests.mitm.harness import FORWARD, REVERSE

from interlock.reasons import Reason

UNSAFE: dict[str, Any] = {
    "stream_large_bodies": "10k",
    "body_size_limit": None,
    "rawtcp": True,
    "ignore_hosts": ["example.com"],
    "allow_hosts": ["example.com"],
    "tcp_hosts": ["example.com"],
    "udp_hosts": ["example.com"],
    "map_remote": ["|/open|/secret"],
    "map_local": ["|/open|/etc"],
    "modify_headers": ["/~q/authorization/x"],
    "modify_body": ["/~s/a/b"],
    "stickyauth": ".*",
    "stickycookie": ".*",
    "server_replay": ["FLOWS"],
    "client_replay": ["FLOWS"],
    "save_stream_file": "KEPT",
    "hardump": "KEPT",
    "proxyauth": "any",
    "upstream_auth": "a:b",
    "ssl_insecure": True,
    "validate_inbound_headers": False,
    "connection_strategy": "eager",
    "onboarding": True,
    "keep_host_header": False,
    "upstream_cert": True,
    "store_streamed_bodies": True,
    "http3": True,
    "add_upstream_certs_to_client_chain": True,
}
FORCED = {"body_size_limit", "rawtcp", "connection_strategy", "onboarding", "keep_host_header", "upstream_cert",
          "store_streamed_bodies", "http3", "add_upstream_certs_to_client_chain"}  # fmt: skip
"""Whatever is written for these, the gateway sets them itself when it starts."""


def value_of(name: str, folder: Path) -> Any:
    """The option's value, with a flow file where one is named."""
    value = UNSAFE[name]
    if value == ["FLOWS"]:
        with (folder / "old.flows").open("wb") as file:
            FlowWriter(file).add(tflow.tflow(resp=True))
        return [str(folder / "old.flows")]
    return str(folder / "kept") if value == "KEPT" else value


def written(name: str, value: Any) -> str:
    """As for `--set`."""
    if isinstance(value, bool):
        return f"{name}={str(value).lower()}"
    return f"{name}={value[0] if isinstance(value, list) else value}"


@pytest.mark.parametrize("name", sorted(UNSAFE.keys() - FORCED))
async def test_an_unsafe_option_stops_the_start(start_dump, tmp_path, name, caplog) -> None:
    """mitmdump ends with status 1 and a message that names the option."""
    option = written(name, value_of(name, tmp_path))
    async with start_dump(set_options=[option]) as gateway:
        assert gateway.exited == 1

    assert any(name in record.message for record in caplog.records if record.levelno >= logging.ERROR)


@pytest.mark.parametrize("name", ["ssl_insecure", "validate_inbound_headers", "ignore_hosts"])
async def test_without_the_check_for_errors_nothing_passes_either(start, upstream, url, name) -> None:
    """Where nothing ends the process, every request is answered with 503."""
    async with start(set_options={name: UNSAFE[name]}, errorcheck=False) as gateway:
        assert gateway.pipeline.closed() is Reason.UNSAFE_OPTIONS
        async with gateway.forward(gateway.token()) as client:
            response = await client.get(url("docs"))

    assert response.status_code == 503
    assert upstream.seen == []


@pytest.mark.parametrize("name", sorted(UNSAFE.keys() & FORCED - {"body_size_limit"}))
async def test_what_the_gateway_sets_itself_is_set_whatever_was_written(start_dump, name) -> None:
    """The safe value stands before a port is bound."""
    async with start_dump(set_options=[written(name, UNSAFE[name])]) as gateway:
        assert gateway.exited is None
        assert gateway.pipeline.closed() is None
        assert getattr(gateway.master.options, name) != UNSAFE[name]


@pytest.mark.parametrize("name", sorted(UNSAFE.keys() - {"add_upstream_certs_to_client_chain"}))
async def test_an_unsafe_option_stops_traffic_until_it_is_changed_back(
    start_dump, upstream, url, tmp_path, name
) -> None:
    """As through mitmweb's API; what was listening goes on listening, and answers 503."""
    async with start_dump() as gateway:
        before = getattr(gateway.master.options, name)
        async with gateway.forward(gateway.token()) as client:
            gateway.master.options.update(**{name: value_of(name, tmp_path)})
            stopped = await client.get(url("docs"))
            assert gateway.pipeline.closed() is Reason.UNSAFE_OPTIONS
            seen = list(upstream.seen)
            gateway.master.options.update(**{name: before})
            passed = await client.get(url("docs"))

    assert stopped.status_code == 503
    assert seen == []
    assert passed.status_code == 200
    assert not (tmp_path / "kept").exists() or (tmp_path / "kept").read_bytes() == b""


@pytest.mark.parametrize(
    "mode",
    [
        f"socks5@{FORWARD}:0",
        f"upstream:http://127.0.0.1:1@{FORWARD}:0",
        f"reverse:udp://127.0.0.1:1@{FORWARD}:0",
        f"reverse:tcp://127.0.0.1:1@{FORWARD}:0",
        f"reverse:dns://127.0.0.1:1@{FORWARD}:0",
        f"dns@{FORWARD}:0",
        "regular@0.0.0.0:0",
        "regular@:::0",
    ],
)
async def test_a_mode_that_cannot_be_judged_stops_the_start(start_dump, mode, caplog) -> None:
    """Also one that listens beyond this machine while an issuer is marked demo."""
    async with start_dump(modes=[mode]) as gateway:
        assert gateway.exited == 1

    assert any("mode" in record.message for record in caplog.records if record.levelno >= logging.ERROR)


async def test_a_mode_added_later_stops_traffic(gateway) -> None:
    """A SOCKS listener beside the others: nothing passes through any of them."""
    modes = list(gateway.master.options.mode)
    gateway.master.options.update(mode=[*modes, "socks5@127.0.0.5:0"])

    assert gateway.pipeline.closed() is Reason.UNSAFE_OPTIONS


@pytest.mark.parametrize("text", ["interlock_rule=typo", "body_size_limt=1m", "gate_typo=1"])
async def test_a_misspelt_option_stops_the_start(start_dump, text, caplog) -> None:
    """mitmproxy ignores what it does not know without a word."""
    async with start_dump(set_options=[text]) as gateway:
        assert gateway.exited == 1

    assert text.partition("=")[0] in caplog.text


async def test_reverse_targets_other_than_the_own_name_are_routed_all_the_same(start, upstream) -> None:
    """The host in `reverse:` is never dialled: the connection decides where a request goes."""
    modes = [f"reverse:http://example.com:80@{REVERSE}:0"]
    async with start(modes=modes) as gateway, gateway.reverse(gateway.token()) as client:
        response = await client.get("/connections/docs/open/x")

    assert response.status_code == 200
    assert [seen.name for seen in upstream.seen] == ["docs"]
