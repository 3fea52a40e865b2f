"""Which secret a connection gets, by reference only."""

from __future__ import annotations

import pytest

from interlock.schema import Reader
from interlock.settings_credential import read_credential
from interlock.source import read_yaml_text


def test_a_credential_names_scheme_and_source() -> None:
    """Names of headers are in lower case, durations in seconds."""
    reader = Reader()
    text = "{scheme: header, from: env:API_KEY, header: X-Api-Key, prefix: Token, rotate_every: 1h}"
    found = read_credential(read_yaml_text(text, "x"), reader)

    assert reader.errors == []
    assert (found.scheme, found.source, found.header, found.prefix) == ("header", "env:API_KEY", "x-api-key", "Token")
    assert found.rotate_every == 3600.0


@pytest.mark.parametrize("source", ["hunter2-canary", "'Bearer canary'", "ENV:canary", "'env:'", "'env:a canary'"])
def test_a_literal_secret_is_refused_and_not_shown(source: str) -> None:
    """Whatever does not look like a reference may be the secret: neither error nor value repeats it."""
    reader = Reader()
    found = read_credential(read_yaml_text(f"{{scheme: bearer, from: {source}}}", "x"), reader)

    assert found.source == ""
    assert "never the secret" in str(reader.errors[0])
    assert "canary" not in str(reader.errors)
