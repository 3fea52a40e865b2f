"""Identity: a token or a client certificate becomes a principal, or is refused with a reason."""

from __future__ import annotations

from interlock.identity.demo import create_demo_key, ensure_demo_keys, is_demo, mint
from interlock.identity.document import read_identities
from interlock.identity.id_token import IdTokens, SignedIn
from interlock.identity.identity import Identity, Limits
from interlock.identity.presented import Placement, Presented, present, same_token, within
from interlock.identity.shapes import token_shapes
from interlock.identity.verifier import Verifier

__all__ = [
    "IdTokens",
    "Identity",
    "Limits",
    "Placement",
    "Presented",
    "SignedIn",
    "Verifier",
    "create_demo_key",
    "ensure_demo_keys",
    "is_demo",
    "mint",
    "present",
    "read_identities",
    "same_token",
    "token_shapes",
    "within",
]
