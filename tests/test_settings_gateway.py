"""The gateway's own settings: all optional, safe by default."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock.errors import RulesInvalid
from interlock.schema import Reader
from interlock.settings_gateway import Gateway, Listen, read_gateway
from interlock.source import read_yaml_text


def gateway(text: str) -> Gateway:
    reader = Reader()
    found = read_gateway(read_yaml_text(text, "rules.yaml"), reader, base=Path("/etc/interlock"))
    reader.finish()
    return found


def test_gateway_defaults_listen_on_loopback_only() -> None:
    """With nothing written there is one forward listener on this machine."""
    reader = Reader()
    found = read_gateway(None, reader, base=Path("/etc/interlock"))

    assert not reader.errors
    assert (found.forward, found.reverse) == (Listen("127.0.0.1", 8080), None)
    assert found.forward is not None
    assert found.forward.loopback
    assert found.recordings == Path("/etc/interlock/recordings")
    assert (found.max_body, found.max_token, found.limits.held_block) == (32 << 20, 16 << 10, 1 << 20)


def test_gateway_reads_as_written() -> None:
    """Written members replace defaults; a written listener is the only one."""
    found = gateway(
        'reverse: "0.0.0.0:8443"\nroute: host\nrecordings: /var/lib/interlock\n'
        "durability: power\ntoken_headers: [X-Agent-Token]\n"
        "trust: ca.pem\nclient_certificates: true\ncertificate: a.pem\n"
        "observe_until: 2030-01-31\nlimits: {body: 1MiB, sessions: 5, regex_time: 50ms}\n"
    )

    assert (found.forward, found.reverse, found.route) == (None, Listen("0.0.0.0", 8443), "host")
    assert found.reverse is not None
    assert not found.reverse.loopback
    assert (found.recordings, found.trust) == (Path("/var/lib/interlock"), Path("/etc/interlock/ca.pem"))
    assert (found.token_headers, found.client_certificates, found.durability) == (("x-agent-token",), True, "power")
    assert found.observe_until == 1896048000.0
    assert (found.max_body, found.limits.sessions, found.limits.regex_time) == (1 << 20, 5, 0.05)


@pytest.mark.parametrize(
    ("text", "store"),
    [
        ("name: a", ""),
        ("store: sqlite:a/b.sqlite", "sqlite:/etc/interlock/a/b.sqlite"),
        ("store: sqlite:/var/lib/a.sqlite", "sqlite:/var/lib/a.sqlite"),
        ("store: env:DATABASE_URL", "env:DATABASE_URL"),
        ("store: file:/run/secrets/url", "file:/run/secrets/url"),
    ],
)
def test_where_approvals_are_kept(text: str, store: str) -> None:
    """A file beside the rules' parent, or where a URL is kept."""
    assert gateway(text).store == store


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("store: postgresql://u:p@db.example.com/interlock", "never written"),
        ("store: sqlite:///approvals.sqlite", "sqlite:FILE"),
        ("store: 'sqlite:'", "sqlite:FILE"),
        ("limits: {pending: 0}", "pending"),
        ('forward: ":8080"', "0.0.0.0:8080"),
        ("forward: 8080", "must be text"),
        ('forward: "127.0.0.1:99999"', "does not exist"),
        ('forward: "127.0.0.1:1"\nreverse: "127.0.0.1:1"', "share"),
        ("route: both", "cannot be"),
        ("token_headers: ['a b']", "header's name"),
        ("observe_until: soon", "not a date"),
        ("master_key: 0123456789abcdef0123456789abcdef", "where the key is kept"),
        ("limits: {body: 0}", "more than nothing"),
        ("limits: {bdoy: 1}", "did you mean 'body'"),
        ("listen: 1", "no member"),
    ],
)
def test_broken_gateways_are_refused(text: str, says: str) -> None:
    """A listener open to everybody must be written out; a misspelt or absurd setting is an error."""
    with pytest.raises(RulesInvalid) as caught:
        gateway(text)

    assert says in str(caught.value)
