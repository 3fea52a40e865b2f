"""The basic scheme alone; how it works in an injector is in test_injector."""

from __future__ import annotations

from interlock.credentials.schemes.basic import PART
from interlock.settings import CredentialSpec


def test_user_and_secret_are_coded_together() -> None:
    """The example of RFC 7617, section 2."""
    spec = CredentialSpec("basic", "env:X", username="Aladdin")

    headers, _ = PART.place(spec, "open sesame", [], "/")
    assert headers == [("authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")]
    assert PART.shapes(spec, "open sesame") == ("QWxhZGRpbjpvcGVuIHNlc2FtZQ==",)
