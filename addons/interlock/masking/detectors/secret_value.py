"""Random values given to names of secrets: `api_key = "…"`, `"password": "…"`, `DB_PASSWORD=…`."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import Detector
from interlock.masking.nearby import directly
from interlock.masking.strength import looks_secret

__all__ = ["PART"]

_WORDS = (
    "password", "passwd", "pwd", "passphrase", "secret", "api key", "access key", "auth key", "encryption key",
    "signing key", "private key", "master key", "account key", "access token", "auth token", "refresh token",
    "session token", "id token", "bearer token", "api token", "bot token", "token", "client secret", "credential",
    "passwort", "kennwort", "mot de passe", "contraseña", "senha", "wachtwoord",
)  # fmt: skip
_ASKS = directly(*_WORDS)


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    # The candidate begins with what parts it from its name; a name's own `=` or `:` is before that.
    at = start
    while text[at - 1 : at] in (b" ", b'"', b"'", b"\\", b"`"):
        at -= 1
    name = at - 2 if text[at - 2 : at] in (b"=>", b":=") else at - 1
    if not _ASKS(text, name):
        return []
    value = text[start:end].rstrip(b".,;")
    sure = looks_secret(value.decode("utf-8", "replace"))
    return [(start, start + len(value), sure)] if sure else []


PART = Detector(
    name="secret-value",
    pattern=r"(?:[:=]|=>|:=)[ \"'\\`]{0,4}([A-Za-z0-9!#$%*+\-./:?@^_~&=]{8,200})",
    chars="".join(chr(code) for code in range(0x20, 0x7F) if chr(code) not in "<>()[]{}|"),
    begins=":=",
    length=6 + 200 + 2,
    words=_WORDS,
    escaped=True,
    retry=True,
    judge=_judge,
    hits=(
        'api_key = "«a1B2c3D4e5F6g7H8»"',
        '{"password": "«hunter2-X9»", "user": "erika"}',
        "DB_PASSWORD=«s3cret.Pa55»",
        '\\"client_secret\\": \\"«q9W8e7R6t5Y4u3I2»\\"',
        "token: '«0f9e8d7c6b5a4f3e2d1c»'",
    ),
    misses=(
        'password = "changeme"',
        "password: your_password_here1",
        "token = os.environ['TOKEN1234']",
        "token_count: 123456789",
        "the password: correct",
        "secret=${SECRET_VALUE1}",
        'checksum = "a1B2c3D4e5F6g7H8"',
    ),
)
