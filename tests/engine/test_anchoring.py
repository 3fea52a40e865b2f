"""Who signs, and where heads are anchored, as the rules say."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from interlock.engine.anchoring import anchors, open_anchoring, signer
from interlock.engine.rules import Rules, load_rules
from interlock.errors import InterlockError, Refused, RulesInvalid
from interlock.model import Principal, Secret
from interlock.recording import Recordings, verify
from interlock.recording.signing import read_private
from interlock.store.engine import open_database
from interlock.store.heads import read_heads
from interlock.store.opening import open_store

_KEY = "A" * 43 + "="


class _Clock:
    now = staticmethod(time.time)
    monotonic = staticmethod(time.monotonic)


def _rules(folder: Path, text: str) -> Rules:
    rules = folder / "rules"
    rules.mkdir()
    (rules / "a.yaml").write_text(f"version: 1\n{text}")
    return load_rules(rules)


@pytest.mark.parametrize(
    ("reference", "content"),
    [("file:key", _KEY), ("file:key", f"\n{_KEY}\n"), ("env:TREE_KEY", _KEY)],
)
def test_the_key_is_where_the_rules_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reference: str, content: str
) -> None:
    """A file beside the rules, of one line or of several; a variable."""
    rules = _rules(tmp_path, f"recording: {{signing_key: '{reference}'}}\n")
    (tmp_path / "rules" / "key").write_text(content)
    monkeypatch.setenv("TREE_KEY", content)
    assert signer(rules).public.id == read_private(_KEY).public.id


def test_without_one_a_key_is_made_among_the_recordings(tmp_path: Path) -> None:
    """The same at every start."""
    rules = _rules(tmp_path, "policy: []\n")
    assert signer(rules).public.id == signer(rules).public.id
    assert (tmp_path / "recordings" / ".tree" / "signing-key.pem").exists()


def test_a_key_that_cannot_be_used_is_named_and_never_shown(tmp_path: Path) -> None:
    """Not there; none at all."""
    rules = _rules(tmp_path, "recording: {signing_key: file:key}\n")
    with pytest.raises(InterlockError, match=r"recording.signing_key \(file:key\): cannot be read"):
        signer(rules)
    (tmp_path / "rules" / "key").write_text("bm90IGEga2V5")
    with pytest.raises(InterlockError, match="neither PKCS#8") as raised:
        signer(rules)
    assert "bm90" not in str(raised.value)


def test_anchors_read_their_secrets_when_they_send(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the rules, the environment, files; relative files lie beside the rules folder."""
    rules = _rules(
        tmp_path,
        "recording:\n  anchors:\n    - {to: file, path: heads.jsonl}\n"
        "    - {to: webhook, url: 'https://example.com/heads', secret: env:HOOK_SECRET}\n"
        "    - {to: rfc3161, url: file:tsa, authorities: ca.pem}\n",
    )
    (file, target), (hook, at), (stamper, there) = anchors(rules)
    assert (file.name, target.path) == ("file", tmp_path / "heads.jsonl")
    assert (hook.name, at.url()) == ("webhook", "https://example.com/heads")
    monkeypatch.delenv("HOOK_SECRET", raising=False)
    with pytest.raises(Refused):
        at.secret()
    monkeypatch.setenv("HOOK_SECRET", "a secret of sixteen")
    assert at.secret() == "a secret of sixteen"
    (tmp_path / "rules" / "tsa").write_text("https://tsa.example.com")
    assert (stamper.name, there.url(), there.authorities) == ("rfc3161", "https://tsa.example.com", tmp_path / "ca.pem")
    assert there.every == 300.0


def test_a_place_where_no_secrets_are_is_an_error_with_its_place(tmp_path: Path) -> None:
    """As elsewhere in the rules."""
    rules = _rules(tmp_path, "recording:\n  anchors:\n    - {to: webhook, url: https://a.example, secret: vault:x}\n")
    with pytest.raises(RulesInvalid) as raised:
        anchors(rules)
    assert raised.value.errors[0].place.line == 4


def test_a_gateways_heads_are_kept_in_the_store(tmp_path: Path) -> None:
    """From the thread that sends, into the database of approvals; and they verify what was recorded."""
    rules = _rules(tmp_path, "recording: {anchors: [{to: store}]}\n")
    recordings = Recordings(rules.gateway.recordings, _Clock())
    url = Secret(f"sqlite:{tmp_path / 'recordings' / 'approvals.sqlite'}")

    async def migrate() -> None:
        await (await open_store(url)).close()

    async def read() -> bytes:
        database = open_database(url)
        try:
            return await read_heads(database)
        finally:
            await database.close()

    asyncio.run(migrate())
    anchoring = open_anchoring(rules, "one", _Clock())
    recordings.tree = anchoring.ledger.name
    recordings.session(Principal("demo", "https://issuer.example", "erika.mustermann"))
    recordings.close()
    assert anchoring.close(recordings.tips.take())
    (tmp_path / "heads").write_bytes(asyncio.run(read()))
    found = verify(rules.gateway.recordings, keys=[signer(rules).public], heads=[tmp_path / "heads"])
    assert found.ok
    assert [bool(tree.anchored_at) for tree in found.trees] == [True]
