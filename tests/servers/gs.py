"""A server that speaks as much of Google Cloud Storage as shipping uses: its XML API, which is S3's in what we need.

It checks that every request carries a token that the service account itself signed (RS256), for this storage, in time.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from tests.servers.s3 import S3, Handler, s3

__all__ = ["account", "gs"]

_EMAIL = "shipping@example.iam.gserviceaccount.com"


@cache
def _key(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def account(name: str = "ours") -> str:
    """The JSON of a service account; the server knows `ours`."""
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return json.dumps({
        "type": "service_account", "client_email": _EMAIL, "private_key_id": "k1",
        "private_key": _key(name).private_bytes(*form).decode(),
    })  # fmt: skip


class _Gs(Handler):
    def _signed(self, body: bytes) -> bool:
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        try:
            said = jwt.decode(token, _key("ours").public_key(), algorithms=["RS256"], options={"verify_aud": False})
        except jwt.InvalidTokenError:
            return False
        lasts = said["exp"] - said["iat"]
        return (scheme, said["iss"]) == ("Bearer", _EMAIL) and 0 < lasts <= 3600 and said["iat"] <= time.time() + 60


@contextmanager
def gs() -> Iterator[S3]:
    """The server, on a port of the loopback interface."""
    with s3(_Gs) as found:
        yield found
