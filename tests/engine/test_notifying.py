"""Whom the rules say to tell, with secrets where they are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock.engine.notifying import notified
from interlock.engine.rules import Rules, load_rules
from interlock.errors import Refused, RulesInvalid


def _rules(folder: Path, notify: str) -> Rules:
    rules = folder / "rules"
    rules.mkdir()
    (rules / "a.yaml").write_text(f"version: 1\nnotify:\n{notify}")
    return load_rules(rules)


def test_targets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address from the rules, secrets from the environment and from files beside the rules, read when needed."""
    rules = _rules(
        tmp_path,
        "  - {name: hook, via: webhook, url: 'https://h.example.com', secret: env:HOOK_SECRET, events: [denied]}\n"
        "  - {name: chat, via: apprise, url: file:chat.txt}\n",
    )
    hook, chat = notified(rules)
    assert (hook.channel.name, hook.channel.events, hook.notifier.name) == ("hook", {"denied"}, "webhook")
    assert hook.url.read().reveal() == "https://h.example.com"
    assert hook.url.reference() == "notify"
    assert hook.secret is not None
    monkeypatch.delenv("HOOK_SECRET", raising=False)
    with pytest.raises(Refused):
        hook.secret.read()
    monkeypatch.setenv("HOOK_SECRET", "x")
    assert hook.secret.read().reveal() == "x"
    (tmp_path / "rules" / "chat.txt").write_text("json://127.0.0.1/")
    assert chat.url.read().reveal() == "json://127.0.0.1/"
    assert chat.secret is None


def test_a_place_where_no_secrets_are(tmp_path: Path) -> None:
    """Said with the line of the rules."""
    rules = _rules(tmp_path, "  - {name: hook, via: webhook, url: env:URL, secret: vault:a}\n")
    with pytest.raises(RulesInvalid, match=r"a\.yaml:3.*notifier 'hook'"):
        notified(rules)
