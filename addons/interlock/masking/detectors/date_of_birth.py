"""Dates that are said to be somebody's birthday, in the usual notations."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import Detector, separate
from interlock.masking.nearby import before

__all__ = ["PART"]

_WORDS = (
    "date of birth", "dob", "d.o.b", "birth date", "birthday", "born", "geboren", "geburtsdatum", "geburtstag", "geb.",
    "geb",
    "date de naissance", "née le", "né le", "fecha de nacimiento", "nacido", "nacida", "data di nascita", "nato il",
    "nato a", "nata a", "né à", "née à", "ur.", "urodz",
    "nata il", "geboortedatum", "data urodzenia", "data de nascimento", "födelsedatum", "fødselsdato", "syntymäaika",
    "bdate", "bday", "(b.", "(geb", "(*",
    "né(e) le", "birth", "geboren op", "nacimiento", "nascita", "nascido", "nascida", "urodzon", "född", "født",
    "syntynyt", "narozen", "născut", "naissance", "rođen", "született", "doğum tarihi", "γεννήθηκε", "рождения",
    "родился", "родилась", "出生日期", "出生", "生年月日", "생년월일",
    "תאריך לידה", "تاريخ الميلاد", "วันเกิด", "ngày sinh", "tanggal lahir", "जन्म",
    "születési", "născută", "data nașterii", "datum rođenja", "datum narození", "kelahiran", "f. nac", "fec. nac",
)  # fmt: skip
_ASKS = before(*_WORDS)
_MONTHS = (
    "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|J[aä]nner|M[aä]rz|Mai|Okt|Dez|janv|f[eé]vr|mars|avr|juin|juil|"
    "ao[uû]t|d[eé]c|enero|abril|agosto|dic|gen|mag|giu|lug|ago|sett|ott|maart|mei|mrt|maio|maj|fev|set|out|dez|kes|"
    "stycz|lut|kwiet|czerw|lip|sierp|wrz|pa[zź]dz|list|grud|led|[uú]nor|b[rř]ez|dub|kv[eě]t|[cč]erv|srp|z[aá][rř]|"
    "[rř][ií]j|pros|tammi|helmi|maalis|huhti|touko|hein[aä]|elo|syys|loka|marras|joulu|ianuar|mai|iun|iul"
)


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    if not separate(text, start, end) or (
        text[end : end + 2][1:].isdigit() and text[end : end + 1] in (b"-", b"/", b".")
    ):
        return []
    return [(start, end, "high")] if _ASKS(text, start) else []


PART = Detector(
    name="date-of-birth",
    pattern=(
        r"(?:19|20)[0-9]{2}[\-/.](?:0?[1-9]|1[0-2])[\-/.](?:3[01]|[12][0-9]|0?[1-9])"
        r"|(?:3[01]|[12][0-9]|0?[1-9])[\-/.] ?(?:3[01]|[12][0-9]|0?[1-9])[\-/.] ?(?:(?:19|20)[0-9]{2}|[0-9]{2})"
        rf"|(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th|\.)? ?(?:de |of )?(?i:{_MONTHS})"
        r"[a-z\x{df}-\x{17f}]{0,8}\.?,? (?:de )?(?:19|20)[0-9]{2}"
        rf"|(?i:{_MONTHS})[a-z]{{0,6}}\.? (?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?,? (?:19|20)[0-9]{{2}}"
        r"|(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:3[01]|[12][0-9]|0[1-9])"
        r"|(?:19|20)[0-9]{2} ?[\x{5e74}\x{b144}] ?(?:1[0-2]|0?[1-9]) ?[\x{6708}\x{c6d4}] ?"
        r"(?:3[01]|[12][0-9]|0?[1-9]) ?[\x{65e5}\x{c77c}]"
    ),
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ./-,",
    wide=True,
    length=41 + 2,
    words=_WORDS,
    retry=True,
    judge=_judge,
    hits=(
        "生年月日:«1984年3月9日», 생년월일: «1984년 3월 9일»",
        "DOB: «1985-02-28», Erika Mustermann (b. «04/12/1984»), Max (* «04.12.1984»)",
        "born on «12 March 1980», in Berlin",
        '"date_of_birth": "«12.08.1964»"',
        "Nata a Milano il «03/04/1954», ur. «12.06.1997» w Krakowie",
        "Geburtsdatum «3.4.1990»; née le «3 juin 1990»",
        "Né(e) le «15/03/1975», BDAY:«1964-08-12»",
        "Birthday: «March 3rd, 1980», dateOfBirth=«19800303»",
    ),
    misses=(
        "created 1985-02-28",
        "(c. 04/12/1984)",
        "born in Berlin. 1 of 2",
        "DOB: n/a, updated 20 times",
        "dob 1985-13-41",
    ),
)
