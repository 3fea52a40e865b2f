"""Makes values of every kind from their standards: a random beginning, and the check digits that belong to it.

Nothing here is taken from the detectors: they verify, this computes. Names, numbers and domains belong to nobody.
"""

from __future__ import annotations

import string
from collections.abc import Callable
from random import Random

__all__ = ["KINDS", "Make", "alnum", "digits", "hexadecimal", "luhn", "weighted"]

type Make = Callable[[Random], str]


def digits(random: Random, count: int) -> str:
    """So many digits."""
    return "".join(random.choices(string.digits, k=count))


def alnum(random: Random, count: int) -> str:
    """So many letters and digits, of each at least one."""
    return "".join(random.choices(string.ascii_letters + string.digits, k=count - 3)) + "a7Q"


def hexadecimal(random: Random, count: int) -> str:
    """So many hexadecimal digits."""
    return "".join(random.choices("0123456789abcdef", k=count))


def luhn(body: str) -> str:
    """Digits with their check digit."""
    total = sum(
        sum(divmod(int(digit) * 2, 10)) if index % 2 == 0 else int(digit) for index, digit in enumerate(reversed(body))
    )
    return body + str(-total % 10)


def _gap(random: Random, groups: list[str], choices: str) -> str:
    sign = random.choice(choices)
    return ("" if sign == "0" else sign).join(groups)


_BLANKS = " \u00a0\u202f0"
_SIGNS = "- 0\u00a0\u2011\u2013"


def _card(random: Random) -> str:
    kind = random.choice(["4", "51", "55", "2223", "34", "37", "6011", "36", "3530", "62"])
    length = {"34": 15, "37": 15, "36": 14}.get(kind, 16)
    number = luhn(kind + digits(random, length - 1 - len(kind)))
    cuts = {15: (4, 10), 14: (4, 10)}.get(length, (4, 8, 12))
    groups = [number[a:b] for a, b in zip((0, *cuts), (*cuts, length), strict=True)]
    return _gap(random, groups, _SIGNS + ".")


_IBANS = {
    "DE": "18d",
    "FR": "10d11a2d",
    "GB": "4A14d",
    "NL": "4A10d",
    "ES": "20d",
    "IT": "1A10d12a",
    "CH": "5d12a",
    "AT": "16d",
    "BE": "12d",
    "PL": "24d",
    "SE": "20d",
    "NO": "11d",
    "PT": "21d",
    "FI": "14d",
    "SA": "2d18a",
}


def _iban(random: Random) -> str:
    country = random.choice(sorted(_IBANS))
    shape, body, count = _IBANS[country], "", ""
    for letter in shape:
        if letter.isdigit():
            count += letter
            continue
        pool = {"d": string.digits, "A": string.ascii_uppercase, "a": string.digits + string.ascii_uppercase}[letter]
        body += "".join(random.choices(pool, k=int(count)))
        count = ""
    rest = int("".join(str(int(one, 36)) for one in body + country + "00")) % 97
    number = f"{country}{98 - rest:02}{body}"
    return _gap(random, [number[at : at + 4] for at in range(0, len(number), 4)], " 0\u00a0-")


def _email(random: Random) -> str:
    first = random.choice(["erika", "max.mustermann", "a.b-c", "e+news", "jürgen", "support_7", "x", "Maria.Rossi"])
    place = random.choice(["example.com", "mail.example.org", "example.co.uk", "müller.example", "sub-1.example.net"])
    return f"{first}{random.randint(0, 99)}@{place}"


def _phone(random: Random) -> str:
    area, exchange, line = str(random.randint(201, 989)), str(random.randint(200, 999)), f"{random.randint(0, 9999):04}"
    return random.choice(
        [
            f"+1 ({area}) {exchange}-{line}",
            f"+1-{area}-{exchange}-{line}",
            f"({area}) {exchange}-{line}",
            f"{area}-{exchange}-{line}",
            f"{area}.{exchange}.{line}",
            f"+49 30 {digits(random, 6)}1",
            f"+44 20 7946 0{digits(random, 3)}",
            f"+33 1 23 45 6{digits(random, 1)} {digits(random, 2)}",
            f"+4917{digits(random, 9)}",
            f"030 90{digits(random, 4)}",
            f"0171-2{digits(random, 6)}",
            f"020 7946 0{digits(random, 3)}",
            f"01 23 45 67 {digits(random, 2)}",
            f"0049 30 90{digits(random, 4)}",
            f"+49\u00a030\u00a090{digits(random, 4)}",
            f"+34 6{digits(random, 2)} {digits(random, 3)} {digits(random, 3)}",
        ]
    )


def _ssn(random: Random) -> str:
    area = random.choice([number for number in range(1, 900) if number != 666])
    return _gap(random, [f"{area:03}", f"{random.randint(1, 99):02}", f"{random.randint(1, 9999):04}"], "--- \u2011")


def _ipv4(random: Random) -> str:
    return random.choice(["192.0.2.", "198.51.100.", "203.0.113."]) + str(random.randint(1, 254))


def _ipv6(random: Random) -> str:
    groups = [f"{random.randint(0x1000, 0xFFFF):x}" for _ in range(6)]
    return random.choice(
        ["2001:db8:" + ":".join(groups), f"2001:db8::{groups[0]}:{groups[1]}", f"fe80::{groups[0]}:ff:fe00:1a2b"]
    )


def _mac(random: Random) -> str:
    return random.choice(":-").join(hexadecimal(random, 2) for _ in range(6))


def _base64url(random: Random, count: int) -> str:
    return "".join(random.choices(string.ascii_letters + string.digits + "-_", k=count - 1)) + "A"


def _jwt(random: Random) -> str:
    return f"eyJhbGciOiJIUzI1NiJ9.eyJ{_base64url(random, 30)}.{_base64url(random, 43)}"


def _pem(random: Random) -> str:
    kind = random.choice(["RSA ", "EC ", "", "OPENSSH ", "ENCRYPTED "])
    lines = "\n".join(alnum(random, 64) for _ in range(3))
    return f"-----BEGIN {kind}PRIVATE KEY-----\n{lines}\n-----END {kind}PRIVATE KEY-----"


def weighted(body: str, weights: tuple[int, ...]) -> int:
    """The sum of digits times weights."""
    return sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))


def _bsn(random: Random) -> str:
    while True:
        body = str(random.randint(1, 9)) + digits(random, 7)
        rest = weighted(body, (9, 8, 7, 6, 5, 4, 3, 2)) % 11
        if rest < 10:
            return body + str(rest)


def _tax_id(random: Random) -> str:
    order = random.sample(string.digits, 10)
    body = order[:9]
    body.insert(random.randint(1, 9), random.choice(order[:9]))
    while body[0] == "0":
        random.shuffle(body)
    product = 10
    for digit in body:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    number = "".join(body) + str((11 - product) % 10)
    return _gap(random, [number[:2], number[2:5], number[5:8], number[8:]], "0 0\u00a0")


def _date(random: Random) -> tuple[int, int, int]:
    return random.randint(1930, 1999), random.randint(1, 12), random.randint(1, 28)


def _nir(random: Random) -> str:
    year, month, _ = _date(random)
    body = f"{random.randint(1, 2)}{year % 100:02}{month:02}{random.randint(10, 95):02}"
    body += f"{random.randint(1, 990):03}{random.randint(1, 999):03}"
    number = f"{body}{97 - int(body) % 97:02}"
    return _gap(
        random, [number[0], number[1:3], number[3:5], number[5:7], number[7:10], number[10:13], number[13:]], " 0"
    )


def _dni(random: Random) -> str:
    first = random.choice(["", "", "X", "Y", "Z"])
    body = digits(random, 7 if first else 8)
    value = int({"": "", "X": "0", "Y": "1", "Z": "2"}[first] + body) % 23
    return f"{first}{body}{random.choice(['', '-'])}{'TRWAGMYFPDXBNJZSQVHLCKE'[value]}"


_ODD_DIGITS = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21)
_ODD = dict(
    zip(
        string.digits + string.ascii_uppercase,
        [*_ODD_DIGITS, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23],
        strict=True,
    )
)


def _codice(random: Random) -> str:
    year, month, day = _date(random)
    letters = "".join(random.choices("BCDFGLMNPRSTV", k=6))
    body = f"{letters}{year % 100:02}{'ABCDEHLMPRST'[month - 1]}{day + random.choice([0, 40]):02}H{digits(random, 3)}"
    total = sum(
        _ODD[one] if index % 2 == 0 else (int(one) if one.isdigit() else ord(one) - 65)
        for index, one in enumerate(body)
    )
    return body + chr(65 + total % 26)


def _pesel(random: Random) -> str:
    year, month, day = _date(random)
    body = f"{year % 100:02}{month:02}{day:02}{digits(random, 4)}"
    return body + str(-weighted(body, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10)


def _personnummer(random: Random) -> str:
    year, month, day = _date(random)
    number = luhn(f"{year % 100:02}{month:02}{day:02}{digits(random, 3)}")
    return random.choice(["", "19"]) + f"{number[:6]}-{number[6:]}"


def _hetu(random: Random) -> str:
    year, month, day = _date(random)
    body = f"{day:02}{month:02}{year % 100:02}"
    serial = f"{random.randint(2, 899):03}"
    return f"{body}-{serial}{'0123456789ABCDEFHJKLMNPRSTUVWXY'[int(body + serial) % 31]}"


def _ahv(random: Random) -> str:
    body = "756" + digits(random, 9)
    number = body + str(-weighted(body, (1, 3) * 6) % 10)
    return _gap(random, [number[:3], number[3:7], number[7:11], number[11:]], ".0 ")


def _rijksregister(random: Random) -> str:
    year, month, day = _date(random)
    body = f"{year % 100:02}{month:02}{day:02}{random.randint(1, 997):03}"
    return f"{body[:2]}.{body[2:4]}.{body[4:6]}-{body[6:]}.{97 - int(body) % 97:02}"


def _nhs(random: Random) -> str:
    while True:
        body = digits(random, 9)
        check = 11 - weighted(body, (10, 9, 8, 7, 6, 5, 4, 3, 2)) % 11
        if check != 10:
            return _gap(random, [body[:3], body[3:6], body[6:] + str(check % 11)], " 0")


def _nino(random: Random) -> str:
    first = random.choice(["AB", "CE", "HJ", "JK", "PW", "SZ"])
    return _gap(random, [first, digits(random, 2), digits(random, 2), digits(random, 2), random.choice("ABCD")], " 0")


def _cpf(random: Random) -> str:
    body = "1" + digits(random, 8)
    for _ in range(2):
        rest = sum(int(digit) * (len(body) + 1 - index) for index, digit in enumerate(body)) % 11
        body += "0" if rest < 2 else str(11 - rest)
    return f"{body[:3]}.{body[3:6]}.{body[6:9]}-{body[9:]}"


_PLUS = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
    [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
    [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
    [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
    [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
    [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
    [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
    [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
]
_TURN = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
    [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
    [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
    [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
    [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
    [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
    [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
]


def _aadhaar(random: Random) -> str:
    body, check = str(random.randint(2, 9)) + digits(random, 10), 0
    for index, digit in enumerate(reversed(body)):
        check = _PLUS[check][_TURN[(index + 1) % 8][int(digit)]]
    number = body + str([0, 4, 3, 2, 1, 5, 6, 7, 8, 9][check])
    return _gap(random, [number[:4], number[4:8], number[8:]], " 0-")


def _dob(random: Random) -> str:
    year, month, day = _date(random)
    name = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ][month - 1]
    return random.choice(
        [
            f"{year}-{month:02}-{day:02}",
            f"{day:02}.{month:02}.{year}",
            f"{month:02}/{day:02}/{year}",
            f"{day} {name} {year}",
            f"{name} {day}, {year}",
        ]
    )


def _plain(prefix: str, count: int, alphabet: Callable[[Random, int], str] = alnum) -> Make:
    return lambda random: prefix + alphabet(random, count)


KINDS: dict[str, tuple[Make, tuple[str, ...]]] = {
    "email": (_email, ()),
    "phone": (_phone, ()),
    "credit-card": (_card, ()),
    "iban": (_iban, ()),
    "us-ssn": (_ssn, ()),
    "ipv4": (_ipv4, ()),
    "ipv6": (_ipv6, ()),
    "mac-address": (_mac, ()),
    "jwt": (_jwt, ()),
    "private-key": (_pem, ()),
    "fr-nir": (_nir, ()),
    "es-dni": (_dni, ()),
    "it-codice-fiscale": (_codice, ()),
    "fi-hetu": (_hetu, ()),
    "ch-ahv": (_ahv, ()),
    "be-national-number": (_rijksregister, ()),
    "gb-nino": (_nino, ()),
    "br-cpf": (_cpf, ()),
    "se-personnummer": (_personnummer, ()),
    "de-tax-id": (_tax_id, ()),
    "nl-bsn": (_bsn, ("bsn", "BSN", "burgerservicenummer")),
    "pl-pesel": (_pesel, ("PESEL", "pesel")),
    "gb-nhs-number": (_nhs, ("nhs_number", "NHS number")),
    "in-aadhaar": (_aadhaar, ("aadhaar", "Aadhaar no")),
    "date-of-birth": (_dob, ("date_of_birth", "DOB", "dob", "dateOfBirth")),
    "aws-key": (lambda random: "AKIA" + "".join(random.choices(string.ascii_uppercase + "234567", k=16)), ()),
    "aws-secret-key": (_plain("", 40), ("aws_secret_access_key", "AWS_SECRET_ACCESS_KEY")),
    "github-token": (_plain("ghp_", 36), ()),
    "gitlab-token": (_plain("glpat-", 20), ()),
    "slack-token": (_plain("xoxb-123456789012-", 24), ()),
    "stripe-key": (_plain("sk_live_", 24), ()),
    "twilio-key": (_plain("SK", 32, hexadecimal), ()),
    "npm-token": (_plain("npm_", 36), ()),
    "sendgrid-key": (lambda random: f"SG.{alnum(random, 22)}.{alnum(random, 43)}", ()),
    "huggingface-token": (_plain("hf_", 34), ()),
    "openai-key": (_plain("sk-proj-", 40), ()),
    "anthropic-key": (_plain("sk-ant-api03-", 90), ()),
    "google-api-key": (_plain("AIza", 35), ()),
    "digitalocean-token": (_plain("dop_v1_", 64, hexadecimal), ()),
    "databricks-token": (_plain("dapi", 32, hexadecimal), ()),
    "shopify-token": (_plain("shpat_", 32, hexadecimal), ()),
    "linear-key": (_plain("lin_api_", 40), ()),
    "postman-key": (lambda random: f"PMAK-{hexadecimal(random, 24)}-{hexadecimal(random, 34)}", ()),
    "vault-token": (_plain("hvs.", 90), ()),
    "docker-hub-token": (_plain("dckr_pat_", 27), ()),
    "telegram-bot-token": (lambda random: f"{random.randint(10**8, 10**10 - 1)}:AA{alnum(random, 33)}", ()),
    "airtable-token": (lambda random: f"pat{alnum(random, 14)}.{hexadecimal(random, 64)}", ()),
    "new-relic-key": (
        lambda random: "NRAK-" + "".join(random.choices(string.ascii_uppercase + string.digits, k=27)),
        (),
    ),
}
"""Of each kind: how to make one, and the names it must stand beside (none: it is known by itself)."""
