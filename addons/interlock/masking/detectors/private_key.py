"""Private keys in PEM (RFC 7468) and OpenPGP armour: the whole block; where no END is near, all that follows."""

from __future__ import annotations

from interlock.masking.detector import Detector

__all__ = ["PART"]

# Put together here, so that no scanner takes this file for a leaked key.
_BEGIN, _END = "-----" + "BEGIN ", "-----" + "END "

PART = Detector(
    name="private-key",
    pattern=rf"{_BEGIN}[A-Z0-9 ]{{0,40}}PRIVATE KEY(?: BLOCK)?-----",
    until=rf"{_END}[A-Z0-9 ]{{0,40}}PRIVATE KEY(?: BLOCK)?-----",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -",
    prefixes=(_BEGIN,),
    length=90,
    hits=(
        f"«{_BEGIN}RSA PRIVATE KEY-----\nMIIB\nAAAA\n{_END}RSA PRIVATE KEY-----» after",
        f"x «{_BEGIN}PRIVATE KEY-----\\nMIIB\\n{_END}PRIVATE KEY-----»\n",
        f"«{_BEGIN}OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk never ends»",
        f"«{_BEGIN}PGP PRIVATE KEY BLOCK-----\n\nlQ\n{_END}PGP PRIVATE KEY BLOCK-----»",
    ),
    misses=(f"{_BEGIN}CERTIFICATE-----\nMIIB\n{_END}CERTIFICATE-----", f"{_BEGIN}PUBLIC KEY-----", "PRIVATE KEY"),
)
