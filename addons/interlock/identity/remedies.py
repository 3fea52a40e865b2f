"""What an operator does about a refusal: one sentence a reason, with nothing in it that an attacker could use."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from interlock.errors import TokenRejected
from interlock.reasons import Reason

__all__ = ["remedy", "with_remedy"]

_REMEDIES: Mapping[Reason, str] = MappingProxyType(
    {
        Reason.TOKEN_MISSING: (
            "Send an access token: as http://RUN:TOKEN@gateway or Proxy-Authorization: Bearer to the proxy, "
            "in place of the API key at a base URL."
        ),
        Reason.TOKEN_MALFORMED: "Send the access token as the issuer gave it: three parts with dots, nothing added.",
        Reason.TOKEN_TOO_LARGE: "Ask the issuer for fewer claims in the token, or raise max_token.",
        Reason.TOKEN_AMBIGUOUS: "Send one token, in one place.",
        Reason.TOKEN_ALGORITHM: "Compare the issuer's signing algorithm with `algorithms` of its identity.",
        Reason.TOKEN_HEADER: "Use an issuer whose tokens name their key by a plain kid.",
        Reason.TOKEN_TYPE: "Ask the issuer for an access token, or list its type under `typ` of its identity.",
        Reason.TOKEN_ISSUER: "Compare the token's iss, to the letter, with `issuer` under `identities`.",
        Reason.TOKEN_AUDIENCE: "Ask the issuer for a token with the `audience` of its identity.",
        Reason.TOKEN_KEY: "Compare the token's kid and algorithm with the issuer's published keys.",
        Reason.TOKEN_SIGNATURE: "Get a new token from the issuer; check that nothing changed it on the way.",
        Reason.TOKEN_EXPIRED: "Get a new token, and renew it in time: `interlock exec` does.",
        Reason.TOKEN_NOT_YET: "Compare the clocks of issuer and gateway; `skew` allows a little.",
        Reason.TOKEN_TOO_OLD: "Get a new token; `max_age` of its identity says how old one may be.",
        Reason.TOKEN_CLAIMS: "Compare the token's claims with `claims`, `subjects` and `max_age` of its identity.",
        Reason.TOKEN_BINDING: "Present the client certificate that the token names in cnf.",
        Reason.ISSUER_UNAVAILABLE: "Check that the gateway reaches the issuer's discovery document and keys.",
        Reason.CERTIFICATE_REFUSED: "Compare the certificate's chain, dates, purpose and names with its identity.",
        Reason.RUN_REFUSED: "Use 1 to 64 letters, digits, hyphens or underscores as run id, one per run.",
        Reason.DUPLICATE_HEADER: "Send the header once.",
        Reason.RECORDING_UNAVAILABLE: (
            "Look at the gateway's folder of recordings: is the disk full, the folder writable? "
            "When that is mended it goes on by itself."
        ),
    }
)


def remedy(reason: Reason) -> str:
    """What to do about a refusal of identity; empty for other reasons."""
    return _REMEDIES.get(reason, "")


def with_remedy(rejected: TokenRejected) -> TokenRejected:
    """The same refusal, with a hint where it had none."""
    rejected.hint = rejected.hint or remedy(rejected.reason)
    return rejected
