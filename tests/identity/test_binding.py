"""cnf: a certificate's thumbprint or nothing."""

from __future__ import annotations

import pytest
from tests.identity.issuer import b64

from interlock.errors import TokenRejected
from interlock.identity.binding import bound_thumbprint, check_binding, thumbprint
from interlock.reasons import Reason


def test_thumbprint_is_taken_from_the_claim() -> None:
    """SHA-256 of the certificate; no claim, no binding."""
    assert bound_thumbprint({}) == b""
    wanted = bound_thumbprint({"cnf": {"x5t#S256": b64(thumbprint(b"der"))}})
    check_binding(wanted, b"der")
    check_binding(b"", None)


@pytest.mark.parametrize("certificate", [None, b"", b"other"])
def test_other_certificate_is_refused(certificate: bytes | None) -> None:
    """None, an empty one and another one."""
    with pytest.raises(TokenRejected) as caught:
        check_binding(thumbprint(b"der"), certificate)
    assert caught.value.reason is Reason.TOKEN_BINDING
