"""The injector: one connection's credential, for its origins alone, last of all."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from interlock.credentials import Injector, open_source, prepare
from interlock.errors import InterlockError, Refused, RulesInvalid
from interlock.model import Origin
from interlock.schema import Reader
from interlock.settings import read_connections
from interlock.source import read_yaml_text

HERE = Origin("https", "api.example.com", 443)
SECRET = "s3cr3t/canary+4711"


def injector(extra: str, *, base: Path = Path()) -> Injector:
    reader = Reader()
    text = f"- {{name: api, protocol: http, hosts: ['https://api.example.com'], {extra}}}"
    (connection,) = read_connections(read_yaml_text(text, "rules.yaml"), reader)
    reader.finish()
    return prepare(connection, base=base)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret where the rules say it is."""
    monkeypatch.setenv("API_SECRET", SECRET)


CODED = base64.b64encode(f"gate:{SECRET}".encode()).decode()
TOKEN = "scheme: header, header: authorization, prefix: Token"
PLACED = [
    ("bearer", "scheme: bearer", [("authorization", f"Bearer {SECRET}")], "/p?a=1"),
    ("header", "scheme: header, header: X-Api-Key", [("x-api-key", SECRET)], "/p?a=1"),
    ("prefix", TOKEN, [("authorization", f"Token {SECRET}")], "/p?a=1"),
    ("basic", "scheme: basic, username: gate", [("authorization", f"Basic {CODED}")], "/p?a=1"),
    ("query", "scheme: query, parameter: license", [], "/p?a=1&license=s3cr3t%2Fcanary%2B4711"),
]  # fmt: skip


@pytest.mark.parametrize("row", PLACED, ids=[row[0] for row in PLACED])
def test_the_credential_is_placed_and_nothing_of_the_agents_stays(row: tuple) -> None:
    """Whatever the agent sent in any credential place is gone; the gateway's stands there once."""
    _, credential, placed, target = row
    mine = [("Authorization", "Bearer mine"), ("x_api_key", "mine"), ("Cookie", "mine"), ("accept", "*/*")]

    headers, found = injector(f"credential: {{{credential}, from: env:API_SECRET}}").apply(
        HERE, mine, "/p?key=mine&a=1&license=mine"
    )

    assert headers == [("accept", "*/*"), *placed]
    assert found == (target if "license" in target else "/p?a=1&license=mine")


@pytest.mark.parametrize(
    "origin",
    [
        Origin("http", "api.example.com", 443),
        Origin("https", "api.example.com", 8443),
        Origin("https", "api.example.com.evil.example", 443),
        Origin("https", "evil.example", 443),
    ],
)
def test_other_origins_get_nothing(origin: Origin) -> None:
    """Scheme, host and port must all be the connection's."""
    with pytest.raises(Refused) as caught:
        injector("credential: {scheme: bearer, from: env:API_SECRET}").apply(origin, [], "/")

    assert caught.value.reason == "host-mismatch"
    assert SECRET not in str(caught.value)


def test_allowed_headers_do_not_keep_the_agents_credential() -> None:
    """Even an allowed header gives way to the credential that is placed in it."""
    made = injector("allow_headers: [authorization], credential: {scheme: bearer, from: env:API_SECRET}")

    headers, _ = made.apply(HERE, [("Authorization", "Bearer mine")], "/")
    assert headers == [("authorization", f"Bearer {SECRET}")]


def test_no_credential_still_cleans() -> None:
    """A connection without credential forwards none either."""
    made = injector("max_body: 1MiB")

    sent = [("x-api-key", "mine"), ("accept", "*/*")]
    assert made.apply(HERE, sent, "/?token=mine") == ([("accept", "*/*")], "/")
    assert made.supply().spellings == ()
    assert made.describe() == "no credential"


def test_passthrough_is_said() -> None:
    """The agent's own credential goes through where that was asked for, and check is told."""
    made = injector("passthrough: true")
    sent = [("x-api-key", "mine")]

    assert made.apply(HERE, sent, "/?token=mine") == (sent, "/?token=mine")
    assert "passes through" in made.warnings()[0]
    assert "passes through" in made.describe()


def test_ranges_never_pass_with_a_credential() -> None:
    """A part of an echoed secret would not be recognised: Range goes where a credential applies."""
    made = injector("credential: {scheme: bearer, from: env:API_SECRET}")

    headers, _ = made.clean([("range", "bytes=0-9")], "/", ranges=True)
    assert headers == []
    headers, _ = injector("max_body: 1MiB").clean([("range", "bytes=0-9")], "/", ranges=True)
    assert headers == [("range", "bytes=0-9")]


def test_a_missing_secret_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its secret a request does not leave bare."""
    made = injector("credential: {scheme: bearer, from: env:API_SECRET}")
    monkeypatch.delenv("API_SECRET")
    for call in (lambda: made.apply(HERE, [], "/"), made.supply):
        with pytest.raises(Refused) as caught:
            call()

        assert caught.value.reason == "secret-unavailable"
        assert "env:API_SECRET" in str(caught.value)


@pytest.mark.parametrize("value", ["a\r\nb", "a\nb", "a\x00b", " padded", "", "\x7f", "schlüssel"])
def test_secrets_that_could_split_a_header_are_refused(value: str, tmp_path: Path) -> None:
    """Line breaks, NUL, blanks around it and letters that headers cannot carry: refused without showing it."""
    (tmp_path / "secret").write_bytes(value.encode())
    made = injector("credential: {scheme: bearer, from: file:secret}", base=tmp_path)
    with pytest.raises(Refused) as caught:
        made.apply(HERE, [], "/")

    assert caught.value.reason == "secret-unavailable"
    assert not value or value not in str(caught.value)


def test_what_was_read_is_what_leaves(tmp_path: Path) -> None:
    """Another secret that comes a moment later is not the one that is masked; no connection sends another's."""
    (tmp_path / "secret").write_text("first-secret-4711")
    made = injector("credential: {scheme: bearer, from: file:secret}", base=tmp_path)
    first = made.supply()
    (tmp_path / "secret").write_text("second-secret-4711")
    second = made.supply()

    assert [one.reveal() for one in first.spellings] == ["first-secret-4711"]
    assert made.apply(HERE, [], "/", first)[0] == [("authorization", "Bearer first-secret-4711")]
    assert made.apply(HERE, [], "/", second)[0] == made.apply(HERE, [], "/")[0]
    assert made.supply() is second
    other = injector("credential: {scheme: bearer, from: env:API_SECRET}")
    assert other.apply(HERE, [], "/", first)[0] == [("authorization", f"Bearer {SECRET}")]


def test_nothing_shows_the_secret() -> None:
    """Repr and description name where the secret is kept, never the secret."""
    made = injector("credential: {scheme: basic, username: gate, from: env:API_SECRET}")

    assert made.describe() == "basic from env:API_SECRET"
    assert SECRET not in repr(made) + str(made) + repr(made.supply())


def test_literals_hold_every_spelling() -> None:
    """What an upstream might echo: the secret, and what the scheme made of it."""
    made = injector("credential: {scheme: query, parameter: key, from: env:API_SECRET}")

    assert [secret.reveal() for secret in made.supply().spellings] == [SECRET, "s3cr3t%2Fcanary%2B4711"]


BROKEN = [
    ("unknown scheme", "scheme: magic, from: env:X", "no scheme 'magic'"),
    ("unknown source", "scheme: bearer, from: vault:x", "no from 'vault'"),
    ("missing header", "scheme: header, from: env:X", "needs header"),
    ("missing user", "scheme: basic, from: env:X", "needs username"),
    ("missing parameter", "scheme: query, from: env:X", "needs parameter"),
    ("superfluous", "scheme: bearer, header: x-y, from: env:X", "no use for header"),
    ("framing header", "scheme: header, header: host, from: env:X", "cannot hold"),
    ("bad prefix", 'scheme: header, header: x-y, prefix: "a\\nb", from: env:X', "plain text"),
    ("bad user", "scheme: basic, username: 'a:b', from: env:X", "colon"),
    ("bad parameter", "scheme: query, parameter: 'a&b', from: env:X", "plain name"),
    ("bad variable", "scheme: bearer, from: env:A-B", "variable's name"),
]


@pytest.mark.parametrize(("credential", "says"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_broken_credentials_are_refused_at_load(credential: str, says: str) -> None:
    """Each mistake is an error at the credential's place."""
    with pytest.raises(RulesInvalid) as caught:
        injector(f"credential: {{{credential}}}")

    assert says in str(caught.value)
    assert caught.value.errors[0].place.file == "rules.yaml"


def test_a_secret_that_is_no_credential_is_found_by_its_reference(tmp_path: Path) -> None:
    """As the master key is; what is kept nowhere we know is said."""
    (tmp_path / "key").write_text(SECRET)

    assert open_source("file:key", tmp_path).read().reveal() == SECRET
    with pytest.raises(InterlockError, match="not kept in 'vault'"):
        open_source("vault:secret/key")
