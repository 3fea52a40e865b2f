"""IPv4 addresses in dotted form."""

from __future__ import annotations

import re
from collections.abc import Iterable

from interlock.masking.detector import CONTEXT, Detector, separate

__all__ = ["PART"]


_RELEASE = re.compile(rb"(?i)[-+.](?:rc|beta|alpha|dev|pre|snapshot|final|release|build|hotfix|patch)")
_VERSION = re.compile(
    rb"(?i)(?:version|release|build|firmware|revision|assembly|\bver\b|\brev\b|\bpkg|package|\bsdk|\bapp|"
    rb"plugin|runtime|kernel|framework|\bbios|"
    rb"\bdll|upgrad|updat|bump|downgrad)[a-z_]{0,12}[\"'\\]{0,3}(?: from| to)?[ \t\n]{0,2}"
    rb"[:=(]{0,1}[ \"'\\]{0,4}"
    rb"(?:[0-9]{1,5}(?:\.[0-9]{1,5}){1,4}[\"'\\]{0,2} ?(?:->|\xe2\x86\x92|to|-|and|,) ?[\"'\\]{0,2})?\Z"
    rb"|(?:chrome|firefox|safari|edge?|edga|opr|opera|mozilla|webkit|version|gecko|trident|chromium|nginx|apache|openssl"
    rb"|python|curl)/\Z|\brv:\Z|[=~^<>]=[ ]?\Z|\boid[ :=.]{0,3}\Z|\bv\.? ?\Z"
    rb"|(?:\bsections?|\bsec\.|\bchapter|\bclause|\bparagraph|\bannex|\bappendix|\bfigure|\bfig\.|\btable|\bitem|"
    rb"\bkapitel|\babschnitt|\bziffer|\bnummer|\bart\.|\barticle|\xc2\xa7)[ \t]{0,2}\Z"
)

_NOBODY = (b"0", b"255")
"""Any address, and masks of nets: these are nobody's."""


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    octets = text[start:end].split(b".")
    if octets[0] in _NOBODY:
        return []
    valid = all(int(octet) < 256 and (octet == b"0" or octet[:1] != b"0") for octet in octets)
    if not valid or not separate(text, start, end):
        return []
    before, after = text[max(0, start - 1) : start], text[end : end + 2]
    if before in (b".", b"-") or (after[:1] in (b".", b"-") and after[1:].isdigit()):
        return []
    if _RELEASE.match(text, end):
        return []
    return [] if _VERSION.search(text, max(0, start - CONTEXT), start) else [(start, end, "medium")]


PART = Detector(
    name="ipv4",
    pattern=r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}",
    begins="0123456789",
    chars="0123456789.-+abcdefhiklnoprstuvxABCDEFHIKLNOPRSTUVX",
    length=15 + 10,
    confidence="medium",
    retry=True,
    judge=_judge,
    hits=("from «192.0.2.17».", "«198.51.100.7»:8080 and «203.0.113.9»/24"),
    misses=(
        "Version: 1.2.3.4, firmware_version='10.0.19041.1', Chrome/120.0.0.0 Safari, pkg==1.2.3.4",
        'AssemblyVersion("1.0.0.0")',
        "pkg 2.0.0.1 -> 2.0.0.2, upgrade from 1.2.3.4 to 1.2.3.5, com.acme.app 5.12.0.1",
        "version v1.2.3.4, see section 4.2.1.3, § 3.1.2.4 Absatz 2, Kapitel 1.2.3.4",
        "1.2.3.4.5, 4.4.6.7-rc1, 1.2.3.4-SNAPSHOT, 1.2.3.4.dev1",
        "300.1.2.3",
        "rv:1.9.5.20) Gecko",
        "192.168.01.1",
        "bind 0.0.0.0:80, netmask 255.255.255.0, broadcast 255.255.255.255",
        "2026.11.22",
    ),
)
