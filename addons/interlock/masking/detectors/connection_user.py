"""Passwords behind a user's name where no URL holds them: `curl -u user:password`, `jdbc:oracle:thin:a/password@`."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import Detector
from interlock.masking.strength import is_placeholder, looks_secret

__all__ = ["PART"]

_PREFIXES = (
    "-u ",
    "--user ",
    "--user=",
    "-u'",
    '-u"',
    "--proxy-user ",
    "jdbc:oracle:thin:",
    "sqlplus ",
    "sshpass -p",
    "docker login ",
    "mysql ",
    "mysqldump ",
    "redis-cli ",
)
_LEAST = 10


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    value = text[start:end].decode("utf-8", "replace")
    mixed = len(value) >= _LEAST and not value.islower() and not value.isupper() and not is_placeholder(value)
    return [(start, end, "high")] if looks_secret(value) or (mixed and not value.istitle()) else []


PART = Detector(
    name="connection-user",
    kind="connection-string",
    pattern=(
        r"(?:(?:-u ?|--(?:proxy-)?user[ =])[\"'\\]{0,2}[A-Za-z0-9._@%+\-]{1,64}:"
        r"|(?:jdbc:oracle:thin:|sqlplus (?:-[SsLl] ){0,2})[A-Za-z0-9._]{1,64}/"
        r"|docker login [A-Za-z0-9._@\- ]{0,60}(?:-p|--password)[ =]"
        r"|mysql(?:dump)? [A-Za-z0-9._@\-= ]{0,60}-p"
        r"|redis-cli [A-Za-z0-9._@\-= ]{0,60}-a "
        r"|sshpass -p ?[\"'\\]{0,2})([A-Za-z0-9!#$%*+.?^_~&=\-]{5,128})"
    ),
    prefixes=_PREFIXES,
    chars="".join(chr(code) for code in range(0x20, 0x7F)),
    length=260,
    escaped=True,
    retry=True,
    judge=_judge,
    hits=(
        "curl -u admin:«s3cret-Pa55» https://api.example.com",
        "url=jdbc:oracle:thin:scott/«Tiger99x!»@//db.example:1521/orcl",
        "docker login -u ci -p «a1B2c3D4e5F6» x.example, mysql -u root -p«Hx7dinxmyU0i» shop",
        "redis-cli -h db -a «hpvPJuObnwkEUm» ping",
        "curl --user 'erika:«hunter2-X9»' x; sshpass -p «s3cret.Pa55» ssh db",
    ),
    misses=(
        "docker run -u 1000:1000 app",
        "curl -u admin:$PASSWORD1 x",
        "sort -u a:b",
        "mysql -u root -p shop",
        "docker login -u ci",
    ),
)
