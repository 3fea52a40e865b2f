"""Connections, read strictly: what is not written is not allowed."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from interlock.errors import RulesInvalid
from interlock.model import Origin
from interlock.schema import Reader
from interlock.settings_connection import Connection, read_connections
from interlock.source import read_yaml_text

WAREHOUSE = """
- name: warehouse
  protocol: http
  hosts: ["https://Warehouse.internal:8443"]
  addresses: [10.20.0.0/16]
  max_body: 8MiB
  commands:
    - {at: "POST /v1/query", path: $.query, language: sql, dialect: postgres, also: [$.params, $.timeout]}
  credential: {scheme: bearer, from: file:/run/secrets/warehouse, rotate_every: 30d}
"""


def languages(text: str, known: tuple[str, ...]) -> list[str]:
    reader = Reader()
    read_connections(read_yaml_text(text, "rules.yaml"), reader, languages=known)
    return [error.message for error in reader.errors]


def connections(text: str) -> tuple[Connection, ...]:
    reader = Reader()
    found = read_connections(read_yaml_text(text, "rules.yaml"), reader)
    reader.finish()
    return found


def test_connection_reads_as_written() -> None:
    """Every member of a connection lands in its typed place, the host in canonical form."""
    (found,) = connections(WAREHOUSE)

    assert found.origins == (Origin("https", "warehouse.internal", 8443),)
    assert found.addresses == (ip_network("10.20.0.0/16"),)
    assert found.max_body == 8 << 20
    (place,) = found.commands
    assert place.covers("POST", "/v1/query")
    assert not place.covers("PUT", "/v1/query")
    assert not place.covers("POST", "/v1/query/")
    assert (place.path_text, place.language, place.dialect) == ("$.query", "sql", "postgres")
    assert len(place.also) == 2
    assert found.credential is not None
    assert (found.credential.scheme, found.credential.source) == ("bearer", "file:/run/secrets/warehouse")
    assert found.credential.rotate_every == 30 * 86400


def test_connection_defaults_are_the_safe_ones() -> None:
    """What is not written is not allowed: no passthrough, no websocket, no streams, no private addresses."""
    (found,) = connections("- {name: plain, protocol: http, hosts: ['https://api.example.com']}")

    assert (found.passthrough, found.websocket, found.streams) == (False, False, "refuse")
    assert (found.addresses, found.commands, found.credential) == ((), (), None)
    assert found.max_body == 10 << 20


def test_model_connections_may_stream() -> None:
    """The Anthropic protocol answers in event streams, so they are on by default there."""
    (found,) = connections("- {name: claude, protocol: anthropic, hosts: ['https://api.anthropic.com']}")

    assert found.streams == "events"


def one(extra: str, *, name: str = "a", hosts: str = "'https://a.example'", protocol: str = "http") -> str:
    """One connection as an operator writes it, with further members."""
    return f"- {{name: {name}, protocol: {protocol}, hosts: [{hosts}], {extra}}}\n"


PLACE = "commands: [{{at: {}, path: '{}', language: sql}}]"


BROKEN = [
    ("twice", one("") + one("", hosts="'https://b.example'"), "stands twice"),
    ("shared origin", one("") + one("", name="b", hosts="'https://A.example:443'"), "belongs to connection 'a'"),
    ("reserved", one("", name="agent"), "can be named"),
    ("no scheme", one("", hosts="a.example"), "not an origin"),
    ("path", one("", hosts="'https://a.example/v1'"), "no path"),
    ("userinfo", one("", hosts="'https://u:p@a.example'"), "no user name"),
    ("plain http", one("", hosts="'http://a.example'"), "insecure_http"),
    ("wildcard", one("", hosts="'https://*.example'"), "not a host name"),
    ("same host twice", one("", hosts="'https://a.example', 'https://A.example'"), "stands twice"),
    ("host bits", one("addresses: [10.20.0.1/16]"), "10.20.0.0/16"),
    ("no address", one("addresses: [ten]"), "as in 10.20.0.0/16"),
    ("everywhere", one("addresses: [0.0.0.0/0]"), "every address"),
    ("empty hosts", one("", hosts=""), "empty"),
    ("protocol", one("", protocol="htpt"), "did you mean 'http'"),
    ("unknown member", one("credentials: {}"), "did you mean 'credential'"),
    ("secret in the rules", one("credential: {scheme: bearer, from: hunter2}"), "never the secret"),
    ("credential header", one("credential: {scheme: header, from: env:X, header: a b}"), "header's name"),
    ("both", one("passthrough: true, credential: {scheme: bearer, from: env:X}"), "exclude"),
    ("no body", one("max_body: 0"), "cannot be 0"),
    ("at", one(PLACE.format("/q", "$.q")), "method and a path"),
    ("at glob", one(PLACE.format("POST v1", "$.q")), "slash"),
    ("json path", one(PLACE.format("POST /q", "$.[")), "$.["),
    ("command without language", one("commands: [{at: POST /q, path: $.q}]"), "needs 'language'"),
    ("unmask without reason", one("unmask: [pii]"), "reason"),
    ("unmask twice", one("unmask: [{id: pii, reason: a}, {id: pii, reason: b}]"), "stands twice"),
    ("unmask no id", one("unmask: {Pii Rule: a}"), "not the id"),
    ("hop header", one("allow_headers: [Connection]"), "never pass"),
    ("no header", one("allow_headers: ['a b']"), "header's name"),
    ("nameless", one("", name="'A B'"), "kebab-case"),
]


@pytest.mark.parametrize(("text", "says"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_broken_connections_are_refused(text: str, says: str) -> None:
    """Each mistake is an error with its line and what to write instead."""
    with pytest.raises(RulesInvalid) as caught:
        connections(text)

    assert says in str(caught.value)
    assert all(error.place.file == "rules.yaml" and error.place.line >= 1 for error in caught.value.errors)


def test_secret_in_the_rules_is_not_repeated() -> None:
    """An error about a literal secret does not print it."""
    with pytest.raises(RulesInvalid) as caught:
        connections(one("credential: {scheme: bearer, from: hunter2}"))

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("form", ["{pii: needed for billing}", "[{id: pii, reason: needed for billing}]"])
def test_unmask_carries_its_reason(form: str) -> None:
    """Both spellings of unmask give id and reason."""
    (found,) = connections(f"- {{name: a, protocol: http, hosts: ['https://a.example'], unmask: {form}}}")

    assert dict(found.unmask) == {"pii": "needed for billing"}


def test_loopback_needs_no_encryption() -> None:
    """http:// is accepted for this machine, and elsewhere when it is asked for by name."""
    found = connections(
        "- {name: a, protocol: http, hosts: ['http://127.0.0.1:9000', 'http://[::1]:9000']}\n"
        "- {name: b, protocol: http, hosts: ['http://old.internal'], insecure_http: true}"
    )

    assert [connection.origins[0].port for connection in found] == [9000, 80]


def test_unknown_languages_are_refused() -> None:
    """A command place names a language the gateway really has."""
    text = one(PLACE.format("POST /q", "$.q"))

    assert languages(text, ("sql", "shell")) == []
    assert languages(text, ("shell",)) == ["language 'sql' does not exist"]
