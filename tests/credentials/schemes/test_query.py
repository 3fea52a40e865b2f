"""The query scheme alone; how it works in an injector is in test_injector."""

from __future__ import annotations

from interlock.credentials.schemes.query import PART
from interlock.settings import CredentialSpec


def test_the_secret_joins_the_query() -> None:
    """With the right mark before it, and nothing in it that could end the member."""
    spec = CredentialSpec("query", "env:X", parameter="key")

    assert [PART.place(spec, "a&b=c#", [], target)[1] for target in ("/", "/?", "/?a=1", "/?a=1&")] == [
        "/?key=a%26b%3Dc%23",
        "/?key=a%26b%3Dc%23",
        "/?a=1&key=a%26b%3Dc%23",
        "/?a=1&key=a%26b%3Dc%23",
    ]
