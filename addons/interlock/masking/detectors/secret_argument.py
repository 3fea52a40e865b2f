"""Random values behind names of secrets without `=` or `:`: `--api-key …`, `ENV TOKEN …`, `set("secret", "…")`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from interlock.masking.detector import CONTEXT, Detector
from interlock.masking.detectors.secret_value import WORDS
from interlock.masking.strength import looks_secret

__all__ = ["PART"]

_NAMES = "|".join(word.replace(" ", r"[ _.\-]?") for word in WORDS)
_VALUE = r"[A-Za-z0-9!#$%*+\-./:?@^_~&=]{6,200}"
_SAYS = (
    "mot de passe est",
    "contraseña es",
    "password es",
    "clave es",
    "password est",
    "password è",
    "password är",
    "senha é",
    "wachtwoord is",
    "hasło to",
    "lösenordet är",
    "salasana on",
)
_STARTS = tuple(f"{form} " for said in _SAYS for form in (said, said[0].upper() + said[1:]))
_SAID = "|".join(re.sub(r"[^A-Za-z ]", lambda match: f"\\x{{{ord(match[0]):x}}}", start[:-1]) for start in _STARTS)

_GIVEN = re.compile(rf"(?:[Ss]et|[Ww]ith|[Uu]se|[Aa]dd)_?[A-Za-z_]{{0,16}}(?i:{_NAMES})\Z".encode())
"""`setPassword(`: a method that takes nothing else."""
_ASKED = re.compile(rb"(?i)(?:get|env|environ|fetch|option)[a-z_]{0,12}\([^(]{0,60}\Z")


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    at = text.rfind(b"(", max(0, start - 3), start)
    if at >= 0 and not _GIVEN.search(text, max(0, at - CONTEXT), at):
        return []
    value = text[start:end].rstrip(b".,;:!?") if text[end : end + 1] in (b"", b" ", b"\n") else text[start:end]
    sure = looks_secret(value.decode("utf-8", "replace"))
    if sure == "medium" and _ASKED.search(text, max(0, start - CONTEXT), start):
        return []  # what a variable has where it is not set
    return [(start, start + len(value), "medium")] if sure else []


PART = Detector(
    name="secret-argument",
    kind="secret-value",
    pattern=(
        rf"(?:(?:--[A-Za-z0-9_\-]{{0,24}}(?i:{_NAMES})[A-Za-z0-9_\-]{{0,8}}"
        rf"|(?:ENV|ARG|setx) [A-Za-z0-9_.\-]{{0,24}}(?i:{_NAMES})[A-Za-z0-9_\-]{{0,8}}"
        rf"|[Pp]assword|[Pp]asswor[dt] is|[Pp]asswort (?:ist|lautet)|{_SAID}) [\"'`*\\]{{0,4}}"
        rf"|\(\\?[\"'][A-Za-z0-9_.\-]{{0,24}}(?i:{_NAMES})[A-Za-z0-9_\-]{{0,8}}\\?[\"'], ?\\?[\"']"
        rf"|\(\\?[\"'])({_VALUE})"
    ),
    prefixes=(
        "--",
        "ENV ",
        "ARG ",
        "setx ",
        "('",
        '("',
        "(\\",
        "password ",
        "Password ",
        "passwort ",
        "Passwort ",
        *_STARTS,
    ),
    chars="".join(chr(code) for code in range(0x20, 0x7F)),
    length=300,
    confidence="medium",
    wide=True,
    escaped=True,
    retry=True,
    judge=_judge,
    hits=(
        "deploy --api-key «a1B2c3D4e5F6g7H8» --verbose",
        "ENV API_SECRET «s3cret.Pa55»",
        "mon mot de passe est «Azerty!9021», la contraseña es «Gato7Verde»!",
        "define('DB_PASSWORD', '«s3cret.Pa55»'); config.set(\"secret\", \"«a1B2c3D4e5F6g7H8»\")",
        'db.setPassword("«Xnvh4hWRc9SCWcTZJx2IboJg»"), el password es «4ng_xkgs7XsK»',
        "my password is «s3cret-Pa55». Passwort ist «hunter2-X9»",
        "machine api.example.com login erika password «hunter2-X9»",
    ),
    misses=(
        "--token file.txt and --password-file /run/x1",
        "the password is wrong, the token is expired2",
        "the secret is out",
        "--api-key $API_KEY1",
        "getenv('API_KEY', 'local-dev1'), translate('password', 'en-GB'), ('token', 'id')",
        "setLocale('en-US-x1'), hash('a1B2c3D4e5F6g7H8')",
    ),
)
