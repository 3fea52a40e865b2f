"""The shapes in which a token leaks: as it is, and inside base64 (a Basic header, an encoded body), for masking."""

from __future__ import annotations

import base64

from interlock.model import Secret

__all__ = ["token_shapes"]

_SHORTEST = 8


def token_shapes(token: Secret) -> tuple[str, ...]:
    """Texts to look for, longest first: the token, and what of its base64 stays the same whatever stands around it.

    Base64 turns three bytes into four characters, so a text has three spellings, by its offset in what is encoded;
    `user:token` of a Basic header (RFC 7617) is one of them, for any user. Both alphabets of RFC 4648 are covered.
    The characters that also hold a neighbour's bits are left out: up to two on either side.
    """
    raw = token.reveal().encode("utf-8", "surrogateescape")
    shapes = {token.reveal()}
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + raw)
        first = -(-offset * 8 // 6)
        last = (offset + len(raw)) * 8 // 6
        core = encoded[first:last].decode("ascii")
        shapes.update((core, core.replace("+", "-").replace("/", "_")))
    return tuple(sorted((shape for shape in shapes if len(shape) >= _SHORTEST), key=lambda text: (-len(text), text)))
