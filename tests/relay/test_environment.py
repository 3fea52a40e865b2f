"""The child's variables: proxy and CA in every spelling, no credentials, no way around."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from interlock.errors import InterlockError
from interlock.model import Secret
from interlock.relay.environment import (
    BUNDLE,
    CREDENTIALS,
    PLACEHOLDER,
    PROXY,
    UNVERIFIED,
    WAYS_AROUND,
    child_environment,
    write_bundle,
)

CANARY = "canary-key-3"
URL = Secret("http://run:secret@127.0.0.1:1")
PEM = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"


def made(parent: dict[str, str], **options: list[str]) -> dict[str, str]:
    """A child's environment made from its parent's."""
    return child_environment(parent, URL, Path("ca.pem"), Path("bundle.pem"), **options)


def test_proxy_and_ca_are_set_in_every_spelling() -> None:
    """Whatever the parent had, the child's clients find the relay and trust the gateway."""
    env = made({"HTTPS_PROXY": "http://elsewhere", "SSL_CERT_FILE": "other.pem", "HOME": "/home/erika"})
    assert {env[name] for name in PROXY} == {URL.reveal()}
    assert {env[name] for name in BUNDLE} == {"bundle.pem"}
    assert env["NODE_EXTRA_CA_CERTS"] == "ca.pem"
    assert env["HOME"] == "/home/erika"


@pytest.mark.parametrize("name", [*WAYS_AROUND, *UNVERIFIED])
def test_nothing_leads_around_the_gateway(name: str) -> None:
    """Exceptions from the proxy, and switched-off verification, are not handed on."""
    assert name not in made({name: "*"})


@pytest.mark.parametrize("name", [*CREDENTIALS, "INTERLOCK_CLIENT_SECRET", "INTERLOCK_TOKEN_COMMAND", "WAREHOUSE_KEY"])
def test_the_child_has_no_credential(name: str) -> None:
    """Keys of model APIs, Interlock's own secrets, and what the rules name as a credential stay outside."""
    assert CANARY not in made({name: CANARY}, secrets=["WAREHOUSE_KEY"]).values()


def test_clients_find_a_key_that_is_none() -> None:
    """Without a key the client would not even start; the gateway puts the real one in."""
    assert made({"ANTHROPIC_API_KEY": CANARY})["ANTHROPIC_API_KEY"] == PLACEHOLDER


def test_claude_code_on_a_terminal_is_not_asked_about_a_key() -> None:
    """It would ask whether to use the placeholder, and recommend not to; a bearer token it takes as it is."""
    env = child_environment({"ANTHROPIC_API_KEY": CANARY}, URL, Path("ca.pem"), Path("bundle.pem"), claude=True)
    assert env["ANTHROPIC_AUTH_TOKEN"] == PLACEHOLDER
    assert "ANTHROPIC_API_KEY" not in env


def test_a_credential_stays_when_it_is_named() -> None:
    """For a connection with passthrough, the operator says which variable the agent keeps."""
    env = made({"ANTHROPIC_AUTH_TOKEN": "theirs", "OPENAI_API_KEY": CANARY}, keep=["ANTHROPIC_AUTH_TOKEN"])
    assert env["ANTHROPIC_AUTH_TOKEN"] == "theirs"
    assert "ANTHROPIC_API_KEY" not in env
    assert "OPENAI_API_KEY" not in env


def test_long_holds_are_the_default_and_can_be_chosen() -> None:
    """A person may have to approve; who sets a limit of their own keeps it."""
    env = made({"MCP_TOOL_TIMEOUT": "5000"})
    assert env["API_TIMEOUT_MS"] == "1800000"
    assert env["CLAUDE_CODE_ATTRIBUTION_HEADER"] == "0"
    assert env["MCP_TOOL_TIMEOUT"] == "5000"


def test_the_bundle_holds_the_systems_cas_and_the_gateways(tmp_path: Path) -> None:
    """One file for clients that know only one."""
    ca = tmp_path / "mitmproxy-ca-cert.pem"
    ca.write_bytes(PEM)
    (tmp_path / "private").mkdir()
    alone, bundle = write_bundle(ca, tmp_path / "private")
    assert alone.read_bytes() == PEM
    content = bundle.read_bytes()
    assert content.endswith(PEM)
    assert content.count(b"BEGIN CERTIFICATE") > 10


def test_a_ca_file_with_a_private_key_is_refused(tmp_path: Path) -> None:
    """mitmproxy-ca.pem beside it holds the key that signs for every host: no agent may read it."""
    for name, content in (
        ("key.pem", PEM + b"-----BEGIN PRIVATE KEY-----\n"),
        ("text.pem", b"hello"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InterlockError, match=r"private key|not a certificate"):
            write_bundle(tmp_path / name, tmp_path)
    with pytest.raises(InterlockError, match="cannot be read"):
        write_bundle(tmp_path / "missing.pem", tmp_path)
    assert not os.path.exists(tmp_path / "interlock-ca.pem")
