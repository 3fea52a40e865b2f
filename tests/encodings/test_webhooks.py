"""Signatures of webhooks."""

from __future__ import annotations

import pytest

from interlock.encodings.webhooks import signature


def test_the_signature_is_that_of_the_standards_own_example() -> None:
    """Standard Webhooks' reference implementations sign this message so."""
    found = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("secret", ["", "short", "whsec_!", "whsec_c2hvcnQ="])
def test_a_secret_that_is_none_is_an_error(secret: str) -> None:
    """Never a signature that anybody could make."""
    with pytest.raises(OSError, match="secret"):
        signature(secret, "id", 0, b"")
