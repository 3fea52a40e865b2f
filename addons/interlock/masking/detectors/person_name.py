"""Names of people, where a field's name says so: `"first_name": "…"`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from interlock.masking.detector import Detector
from interlock.masking.nearby import directly

__all__ = ["PART"]

_WORDS = (
    "first name", "last name", "full name", "middle name", "maiden name", "given name", "family name", "surname",
    "forename", "patient name", "customer name", "cardholder", "card holder", "account holder", "beneficiary name",
    "vorname", "nachname", "familienname", "prénom", "nom de famille", "apellido", "cognome", "achternaam",
    "voornaam", "nom", "imię", "nazwisko", "förnamn", "efternamn", "fornavn", "etternavn", "etunimi", "sukunimi",
    "primeiro nome", "sobrenome", "lname", "fname", "contact name", "employee name", "client name", "guest name",
    "recipient name", "owner name", "user full name", "legal name", "emergency contact", "kundenname",
    "ansprechpartner", "karteninhaber", "kontoinhaber", "titulaire", "titular", "фамилия",
    "имя", "姓名", "氏名", "이름",
)  # fmt: skip
_ASKS = directly(*_WORDS)
_CARD = re.compile(rb"(?:\A|\n)FN(?:;[A-Z0-9=;\-]{1,20})?:\Z")
"""The formatted name of a vCard (RFC 6350)."""
_NEAR = 28


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    at = start
    while text[at - 1 : at] in (b" ", b'"', b"'", b"\\"):
        at -= 1
    while text[end - 1 : end] in (b" ", b"."):
        end -= 1
    said = _ASKS(text, at - 1) or _CARD.search(text, max(0, at - _NEAR), at)
    return [(start, end, "medium")] if end > start and said else []


PART = Detector(
    name="person-name",
    pattern=(
        r"(?:[:=][ \"'\\]{0,4}|>)((?:[A-Z]|[\x{c0}-\x{de}]|[\x{370}-\x{2fff}\x{3040}-\x{d7a3}])"
        r"[A-Za-z\x{c0}-\x{24f}\x{300}-\x{d7a3}'.\-]{1,40}"
        r"(?: (?:[A-Z]|[\x{c0}-\x{de}]|von |van |der |den |de |del |della |di |du |da |dos |la |las |los |el |al |bin |"
        r"ten |ter |zu )[A-Za-z\x{c0}-\x{24f}'.\-]{0,40}){0,4})"
    ),
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz '.-:=\"\\>",
    wide=True,
    begins=":=>",
    length=700,
    confidence="medium",
    words=(*_WORDS, "fn"),
    escaped=True,
    judge=_judge,
    hits=(
        '{"first_name": "«Erika»", "last_name": "«Mustermann»"}',
        "Full name: «Erika Mustermann»\n",
        "surname=«Müller»&x=1",
        "Full Name: «María del Carmen Ortiz»",
        "BEGIN:VCARD\nFN:«Erika Mustermann»\nN:x",
        "<FirstName>«Erika»</FirstName><ns:lastName>«Mustermann»</ns:lastName>",
    ),
    misses=('"name": "Erika"', "first_name: string", "fn: Main", "a FN: Xy", "the last name is asked"),
)
