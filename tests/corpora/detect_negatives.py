"""Makes what looks like a sensitive value and is none: numbers of orders, digests, versions, dumps, code."""

from __future__ import annotations

import string
from random import Random

from tests.corpora.detect_values import Make, alnum, digits, hexadecimal, luhn, weighted

__all__ = ["NEGATIVES"]

_LETTERS = string.ascii_letters + string.digits


def _uuid(random: Random) -> str:
    return "-".join(hexadecimal(random, count) for count in (8, 4, 4, 4, 12))


def _bad_card(random: Random) -> str:
    good = luhn("4" + digits(random, 14))
    return good[:-1] + str((int(good[-1]) + random.randint(1, 9)) % 10)


def _bad_iban(random: Random) -> str:
    return f"DE{random.choice(['00', '01', '99'])}{digits(random, 18)}"


def _imei(random: Random) -> str:
    return luhn("49" + digits(random, 12))


def _ean(random: Random) -> str:
    body = random.choice(["400", "978", "501"]) + digits(random, 9)
    return body + str(-weighted(body, (1, 3) * 6) % 10)


def _base64(random: Random) -> str:
    return "data:image/png;base64,iVBORw0KGgo" + "".join(random.choices(_LETTERS + "+/", k=160)) + "="


def _version(random: Random) -> str:
    return random.choice(
        [
            f"v{random.randint(0, 9)}.{random.randint(0, 30)}.{random.randint(0, 30)}",
            f"{random.randint(1, 30)}.{random.randint(0, 9)}.{random.randint(0, 9)}-rc.{random.randint(1, 9)}",
            f"version {random.randint(1, 9)}.{random.randint(0, 9)}.{random.randint(0, 99)}.{random.randint(0, 99)}",
            f"Chrome/{random.randint(90, 140)}.0.0.0",
        ]
    )


def _dump(random: Random) -> str:
    return (
        f"{random.randint(0, 0xFFFF):08x}  "
        + " ".join(hexadecimal(random, 2) for _ in range(16))
        + "  |................|"
    )


NEGATIVES: dict[str, Make] = {
    "uuid": _uuid,
    "sha256": lambda random: hexadecimal(random, 64),
    "sha1": lambda random: hexadecimal(random, 40),
    "md5": lambda random: hexadecimal(random, 32),
    "epoch": lambda random: str(random.randint(1_500_000_000, 1_900_000_000)),
    "epoch-ms": lambda random: str(random.randint(1_500_000_000_000, 1_900_000_000_000)),
    "order": lambda random: f"{random.randint(10**7, 10**8 - 1)}",
    "long-order": lambda random: "98" + digits(random, 14),
    "order-dashed": lambda random: f"ORD-{random.randint(2020, 2030)}-{digits(random, 6)}",
    "bad-card": _bad_card,
    "bad-iban": _bad_iban,
    "imei": _imei,
    "ean": _ean,
    "base64": _base64,
    "version": _version,
    "isbn": lambda random: f"978-3-16-{digits(random, 6)}-0",
    "hexdump": _dump,
    "coordinates": lambda random: f"{random.uniform(-90, 90):.6f}, {random.uniform(-180, 180):.6f}",
    "timestamp": lambda random: (
        f"2026-{random.randint(1, 12):02}-{random.randint(1, 28):02}T1{random.randint(0, 9)}:12:05.{digits(random, 3)}Z"
    ),
    "fingerprint": lambda random: "SHA1 " + ":".join(hexadecimal(random, 2) for _ in range(20)),
    "amount": lambda random: (
        f"{random.randint(1, 999)},{digits(random, 3)},{digits(random, 3)}.{digits(random, 2)} EUR"
    ),
    "certificate": lambda random: f"-----BEGIN CERTIFICATE-----\n{alnum(random, 64)}\n-----END CERTIFICATE-----",
    "css": lambda random: (
        f".sk-fading-circle-{random.randint(1, 9)}{{animation-delay:-1.1s;color:#{hexadecimal(random, 6)}}}"
    ),
    "js": lambda random: (
        f"!function(e,t){{var n=e[{random.randint(0, 99)}];return t.a===n?Foo::bar:0x{hexadecimal(random, 8)}}}(x,y);"
    ),
    "package": lambda random: (
        f"npm install @scope/pkg@{random.randint(1, 9)}.{random.randint(0, 9)}.{random.randint(0, 9)}"
    ),
    "git": lambda random: f"git clone git@github.com:owner/repo-{random.randint(1, 99)}.git",
    "image": lambda random: f"logo@{random.randint(2, 3)}x.png",
    "tracking": lambda random: "1Z999AA1" + digits(random, 10),
    "ratio": lambda random: f"0.{digits(random, 16)}",
    "integrity": lambda random: "sha512-" + "".join(random.choices(_LETTERS + "+/", k=86)) + "==",
    "port-range": lambda random: f"{random.randint(1024, 9999)}-{random.randint(10000, 65535)}",
    "placeholder": lambda random: random.choice(
        [
            "password: <your password>",
            "API_KEY=${API_KEY}",
            "token = os.environ['TOKEN']",
            "Authorization: Bearer $TOKEN",
            "postgres://app:${PASSWORD}@db/x",
        ]
    ),
}
"""What looks like a value and is none."""
