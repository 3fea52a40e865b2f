"""Gateways, consoles and the terminal find one store."""

from __future__ import annotations

import pytest
from tests.engine.conftest import Load

from interlock.engine.stores import store_url
from interlock.errors import Refused
from interlock.reasons import Reason


def test_without_a_word_it_is_a_file_beside_the_recordings(load: Load) -> None:
    """So that a first approval needs no setting."""
    rules = load()

    assert store_url(rules).reveal() == f"sqlite:{rules.gateway.recordings}/approvals.sqlite"


def test_a_file_is_relative_to_the_rules_parent(load: Load) -> None:
    """As everything under `gateway:` is."""
    rules = load("gateway: {store: 'sqlite:kept/approvals.db'}\n")

    assert store_url(rules).reveal() == f"sqlite:{rules.folder.parent}/kept/approvals.db"


def test_a_url_is_read_where_it_is_kept(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may hold a password, so the rules only name its place; nothing there is an error, not an empty store."""
    rules = load("gateway: {store: 'env:APPROVALS_URL'}\n")
    monkeypatch.setenv("APPROVALS_URL", "postgresql://gateway:word@127.0.0.1/approvals")

    assert "word" in store_url(rules).reveal()
    assert "word" not in repr(store_url(rules))

    monkeypatch.delenv("APPROVALS_URL")
    with pytest.raises(Refused) as caught:
        store_url(rules)
    assert caught.value.reason is Reason.SECRET_UNAVAILABLE
