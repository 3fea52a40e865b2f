"""`notify:` in the rules: whom to tell, and how; secrets are named and never written."""

from __future__ import annotations

import pytest

from interlock.approval.notifier import Notify, known_notifiers, read_notify
from interlock.errors import RulesInvalid
from interlock.schema import Reader
from interlock.source import read_yaml_text

CANARY = "hook-secret-canary"


def _read(text: str) -> tuple[Notify, ...]:
    reader = Reader()
    found = read_notify(read_yaml_text(text, "rules.yaml"), reader)
    reader.finish()
    return found


def test_it_reads_as_written() -> None:
    """Channels of both kinds, with their events."""
    hook, chat = _read(
        "- {name: hook, via: webhook, url: 'https://h.example.com/a', secret: env:HOOK, events: [denied, pending]}\n"
        "- {name: chat, via: apprise, url: file:/run/secrets/chat}\n"
    )
    assert (hook.name, hook.via, hook.url, hook.secret) == (
        "hook",
        "webhook",
        "https://h.example.com/a",
        "env:HOOK",
    )
    assert hook.channel.events == {"denied", "pending"}
    assert (chat.url, chat.secret, chat.channel.name) == ("file:/run/secrets/chat", "", "chat")
    assert chat.channel.events == {"pending", "reminder", "expired", "granted", "revoked"}
    assert "h.example.com" not in repr(hook)
    assert list(known_notifiers()) == ["apprise", "webhook"]


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("{name: a, via: webhook, url: 'https://h.example.com'}", "webhook needs a secret"),
        ("{name: a, via: webhook, url: 'http://h.example.com', secret: env:A}", "must be https"),
        (f"{{name: a, via: webhook, url: 'https://u:{CANARY}@h.example.com', secret: env:A}}", "a password"),
        (f"{{name: a, via: webhook, url: env:U, secret: {CANARY}}}", "where the key is kept"),
        (f"{{name: a, via: apprise, url: 'slack://{CANARY}'}}", "named and never written"),
        ("{name: a, via: apprise, url: env:U, secret: env:A}", "no use for a secret"),
        ("{name: a, via: pigeon, url: env:U}", "cannot be 'pigeon'"),
        ("{name: a, via: apprise, url: env:U, events: [sneezed]}", "'sneezed' does not exist"),
        ("{name: a, via: apprise}", "url"),
        ("{name: a, via: apprise, url: env:U, colour: red}", "colour"),
    ],
)
def test_what_is_wrong_is_said(entry: str, says: str) -> None:
    """Where, what and what to write instead; never the secret that was written by mistake."""
    with pytest.raises(RulesInvalid) as invalid:
        _read(f"- {entry}")
    assert says in str(invalid.value)
    assert CANARY not in str(invalid.value)
    assert str(invalid.value).startswith("rules.yaml:1:")


def test_two_of_one_name() -> None:
    """The log would not tell them apart."""
    with pytest.raises(RulesInvalid, match="two notifiers are named 'a'"):
        _read("- {name: a, via: apprise, url: env:U}\n- {name: a, via: apprise, url: env:V}")
