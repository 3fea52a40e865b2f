"""What people write before a phone number, in the languages that most texts come in."""

from __future__ import annotations

from interlock.masking.nearby import Said

__all__ = ["ASKED", "SAID", "WORDS"]

WORDS = (
    "phone", "telephone", "mobile", "cell", "cellphone", "tel", "fax", "telefax", "landline", "hotline", "helpline",
    "voicemail", "whatsapp", "msisdn", "sms", "telefon", "handy", "mobil", "rufnummer", "festnetz", "natel",
    "téléphone", "portable", "telefono", "teléfono", "móvil", "celular", "cellulare", "telefone", "telemóvel",
    "telefoon", "mobiel", "gsm", "tlf", "puhelin", "puh", "komórka", "tel kom", "telefonu", "телефон", "тел",
    "τηλέφωνο", "τηλ", "電話", "携帯", "电话", "手机", "전화", "contact number", "contact no", "callback number",
    "ph", "phn", "mob", "mobile no", "handphone", "hp", "no hp", "contact", "fone", "telp", "tél", "numéro de tél",
    "tfn", "kom", "sími", "моб", "연락처", "휴대폰", "هاتف", "جوال", "موبايل", "טלפון", "טל", "נייד", "โทร", "โทรศัพท์",
    "มือถือ", "điện thoại", "sđt", "फ़ोन", "मोबाइल", "cep tel", "cep telefonu",
    "call me", "call us", "call him", "call her", "text me", "reach me", "reach us", "reach him", "reach her",
)  # fmt: skip
_VERBS = (
    *(
        "call",
        "ring",
        "dial",
        "text",
        "reached",
        "phoned",
        "erreichbar",
        "erreichen",
        "anrufen",
        "rufen",
        "ruf",
        "unter",
    ),
    *("appeler", "appelez", "appelle", "llamar", "llame", "llámame", "chiamare", "chiamami", "bel", "ligar", "ringa"),
)
_SMALL = (
    "number|nummer|numéro|numero|número|no|nr|num|is|ist|es|est|at|on|under|unter|am|au|al|op|work|home|office|me|us"
)
_FILLERS = rf"(?:[ _.\-]{{0,2}}(?:{_SMALL})(?![A-Za-z])){{0,2}}[^0-9A-Za-z\n\0]{{0,16}}\Z"


SAID = Said(WORDS, _FILLERS)
"""The number that follows is one of a phone, in whatever notation."""
ASKED = Said(_VERBS, _FILLERS)
"""Somebody is to call what follows: a phone number, if it is written as one."""
