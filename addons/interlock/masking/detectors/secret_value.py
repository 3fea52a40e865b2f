"""Random values given to names of secrets: `api_key = "…"`, `"password": "…"`, `DB_PASSWORD=…`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from interlock.masking.detector import CONTEXT, Detector
from interlock.masking.nearby import directly
from interlock.masking.screen import word_pattern
from interlock.masking.strength import looks_secret

__all__ = ["OTHER", "PART", "WORDS"]

WORDS = (
    "password", "passwd", "pwd", "pw", "passphrase", "secret", "api key", "access key", "auth key", "encryption key",
    "signing key", "private key", "master key", "account key", "access token", "auth token", "refresh token",
    "session token", "session key", "id token", "bearer token", "api token", "bot token", "token", "client secret",
    "credential",
    "passwort", "kennwort", "mot de passe", "contraseña", "senha", "wachtwoord", "hasło", "lösenord", "adgangskode",
    "salasana", "heslo", "parola", "jelszó", "пароль", "密码", "パスワード", "비밀번호", "passcode", "auth",
    "webhook key",
    "signing secret", "app key", "service key", "db pass", "smtp pass", "user pass", "admin pass", "pass",
    "recovery key", "storage key", "cipher key", "secure key",
    "shared key", "subscription key", "write key", "server key", "security key", "root key",
    "admin key",
    "hmac key", "license key", "deploy key", "consumer key",
)  # fmt: skip
_ASKS = directly(*WORDS)
_NAMES = "|".join(dict.fromkeys(word_pattern(word) for word in WORDS))
_TYPED = re.compile(
    rf"(?:{_NAMES})[A-Za-z0-9_]{{0,12}}: ?&?(?:'static )?[A-Za-z][A-Za-z<>\[\]]{{1,20}}[ \t]{{0,3}}=\Z".encode(),
    re.IGNORECASE,
)
"""A type stands between: `token: str = …`."""
_PAIR = re.compile(
    rf"(?:{_NAMES})[A-Za-z0-9_]{{0,12}}[\"'\\]{{0,3}},?\s{{0,12}}-?"
    rf"[\"'\\]{{0,3}}value[\"'\\]{{0,3}}[ \t]{{0,3}}\Z".encode(),
    re.IGNORECASE,
)
"""`{"name": "API_TOKEN", "value": "…"}`."""
# What says something of a secret, and is none.
OTHER = re.compile(
    rb"(?i)(?:token(?:iz|is)[a-z]{1,8}|"
    rb"[a-z][ _.\-]?(?:name|type|kind|ur[il]|path|file|dir|count|limit|length|size|expir[a-z]*|"
    rb"ttl|arn|policy|field|label|hint|format|regex|pattern|version|ref|endpoint|header|prefix|algorithm|alg|hash|at|date|"
    rb"status|state|store|manager|provider|rotation|index|usage|scopes?))[\]\)\"'`\\*]{0,4}[ \t]{0,3}\Z"
)


_NEXT = re.compile(rb"&[A-Za-z_][A-Za-z0-9_.\-]{0,30}=")
"""Where the next pair of a form or a query begins."""
_LAST = re.compile(rb".*[\s\0\"'`]", re.DOTALL)
"""All but the last of what blanks and quotes part: the URL that goes on."""


def _is_typed(text: bytes, name: int, start: int) -> bool:
    if text[name : name + 1] != b"=" or text.find(b": ", max(0, name - 24), name) < 0:
        return False
    return _TYPED.search(text, max(0, start - CONTEXT), name + 1) is not None


def _is_pair(text: bytes, name: int, start: int) -> bool:
    if b"value" not in text[max(0, name - 10) : name].lower():
        return False
    return _PAIR.search(text, max(0, start - CONTEXT), name) is not None


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    # The candidate begins with what parts it from its name; a name's own `=` or `:` is before that.
    at = start
    while text[at - 1 : at] in (b" ", b'"', b"'", b"\\", b"`"):
        at -= 1
    name = at - 2 if text[at - 2 : at] in (b"=>", b":=") else at - 1
    if not (_ASKS(text, name) or _is_typed(text, name, start) or _is_pair(text, name, start)) or OTHER.search(
        text, max(0, name - CONTEXT), name
    ):
        return []
    value = _NEXT.split(text[start:end], maxsplit=1)[0]
    if b"@" in value and b"://" in _LAST.sub(b"", text[max(0, name - CONTEXT) : start]):
        value = value.partition(b"@")[0]  # what follows is a host
    value = value.rstrip(b".,;")
    if b"(" not in value and text[end : end + 1] not in (b'"', b"'", b"`", b"\\"):
        value = value.rstrip(b")")
    sure = looks_secret(value.decode("utf-8", "replace"))
    return [(start, start + len(value), sure)] if sure else []


PART = Detector(
    name="secret-value",
    pattern=r"(?:[:=]|=>|:=)[ \"'\\`]{0,4}([A-Za-z0-9!#$%()*+\-./:?@^_~&=]{8,200})",
    chars="".join(chr(code) for code in range(0x20, 0x7F) if chr(code) not in "<>[]{}|"),
    begins=":=",
    length=6 + 200 + 2,
    words=WORDS,
    escaped=True,
    retry=True,
    judge=_judge,
    hits=(
        'api_key = "«a1B2c3D4e5F6g7H8»"',
        '{"password": "«hunter2-X9»", "user": "erika"}',
        "DB_PASSWORD=«s3cret.Pa55»",
        '\\"client_secret\\": \\"«q9W8e7R6t5Y4u3I2»\\"',
        "let secret: &str = '«a1B2c3D4e5F6g7H8»'; - name: API_TOKEN\n  value: «a1B2c3D4e5F6g7H9»",
        "token: '«0f9e8d7c6b5a4f3e2d1c»', pass: «/Tnlj/ulrGjraf8XE6zQDjIBqoMV3hpK»",
        "DB=postgres://db/x\nSECRET_KEY=«ba-G=^#6OZ@yRqV0C++5nYg»",
        '{"url":"https://api.example.com","password":"«Pa5@HVHzebShvUO»"}, git=\'https://token:«a1B2c3D4e5F6»@example.com\'',
        "password=«HVHzebShvUO» sslmode=disable, (token: «a1B2c3D4e5F6»)",
        'password: «#MHRT!3m(4rUeTtg$49I», "pwd":"«$5k4UO@p+LS+p3pF»"',
        "access_key=«a1B2c3D4e5F6g7H8»&region=eu, https://x-access-token:«a1B2c3D4e5F6g7H8»@example.com/a/b.git",
    ),
    misses=(
        'password = "changeme"',
        "password: your_password_here1",
        "token = os.environ['TOKEN1234']",
        "secret_arn: arn:aws:x:eu-west-1:123456789012:secret:db",
        "token_count: 123456789, tokenizer: cl100k_base, secretName: projects/acme1/db, passwordHash: a1B2c3D4e5F6g7H8",
        "the password: correct, token: /var/run/secrets/Api1Tokens1",
        "secret=${SECRET_VALUE1}, token = get_token(user_id1, 2), password: newHash2(User1), pw=%(db_pw1)s, pw=$DB_PW1",
        "password: req.body.newPassword, token = selectAccessTokenFromState",
        'checksum = "a1B2c3D4e5F6g7H8"',
    ),
)
