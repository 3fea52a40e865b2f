"""Request targets and host names in one spelling, or refused: judged is what every receiver would understand.

Rules of this module: routing looks at the raw target, before any decoding; what two servers could read
differently (dot segments, encoded slashes, double encoding, `;` parameters, empty segments) is refused, never
repaired. The forwarded target stays as it came: canonical forms are for judging alone.
"""

from __future__ import annotations

import functools
import re
import unicodedata

import idna

from interlock.errors import InterlockError, Refused
from interlock.reasons import Reason
from interlock.settings import canonical_host as canonical_name

__all__ = ["canonical_host", "canonical_path", "is_own", "route_by_prefix"]

_PLAIN = re.compile(r"(?:/[A-Za-z0-9_-][A-Za-z0-9._~-]*)+/?\Z")
_RAW = re.compile(r"[\x21-\x7e]+\Z")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_UNSAFE = frozenset(b"/\\%")
# RFC 3986 pchar without `;`: servers treat these alike, encoded or not, so one spelling is judged.
_DECODED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,=:@")
_ROUTE = re.compile(r"/connections/([a-z0-9]+(?:-[a-z0-9]+)*)(?=[/?]|\Z)")
_OWN = re.compile(r"/-/interlock(?=[/?]|\Z)")
_KEPT_LENGTH = 256
_PORT = re.compile(r"[1-9][0-9]{0,4}\Z")
_NOT_IN_HOST = re.compile(r"[\x00-\x20\x7f-\xa0/\\@?#%]")
_MAX_HOST = 253
_OTHER_DOTS = re.compile("[\u3002\uff0e\uff61]")


def canonical_path(target: str) -> str:
    """The path of an origin-form target (RFC 9112, section 3.2.1), for judging: unreserved characters decoded,
    other escapes in upper case, no query.

    Raises Refused (AMBIGUOUS_TARGET) for whatever two servers could read differently.
    """
    return _kept_path(target) if len(target) <= _KEPT_LENGTH else _path(target)


def _path(target: str) -> str:
    path, _, query = target.partition("?")
    if _PLAIN.match(path) and (not query or (_RAW.match(query) and "#" not in query)):
        return path
    if not _RAW.match(target) or "#" in target or "\\" in path:
        raise _ambiguous("it holds characters that no request target may hold")
    if not path.startswith("/"):
        raise _ambiguous("it is not a path")
    if ";" in path or "//" in path:
        raise _ambiguous("its path has parameters or empty segments")
    canonical = _decoded(path)
    if any(segment in (".", "..") for segment in canonical.split("/")):
        raise _ambiguous("its path has dot segments")
    return canonical


def route_by_prefix(raw_target: str) -> tuple[str, str]:
    """Connection name and the target that goes upstream, from `/connections/<name>/...` as it stands on the wire.

    Raises Refused: AMBIGUOUS_TARGET as canonical_path does, NOT_FOUND for any other target.
    """
    canonical_path(raw_target)
    match = _ROUTE.match(raw_target)
    if not match:
        raise Refused(Reason.NOT_FOUND, hint="targets begin with /connections/<name>/ on this listener")
    rest = raw_target[match.end() :]
    return match[1], rest if rest.startswith("/") else f"/{rest}"


def is_own(raw_target: str) -> bool:
    """Whether the raw target names the gateway's own endpoints, `/-/interlock/...`."""
    return _OWN.match(raw_target) is not None


def canonical_host(text: str) -> tuple[str, int | None]:
    """Host and port of an authority (`host`, `host:port`, `[v6]:port`): lower case, A-labels, no dot at the end.

    An IPv6 address stands in brackets and is returned without them; the port is None when there is none. Raises
    Refused (AMBIGUOUS_TARGET) for user names, control characters, zone ids, odd spellings of IPv4, and the like.
    """
    return _kept_host(text) if len(text) <= _KEPT_LENGTH else _host(text)


def _host(text: str) -> tuple[str, int | None]:
    if _NOT_IN_HOST.search(text) or _OTHER_DOTS.search(text):
        raise _ambiguous("the host holds characters that no host name may hold")
    host, port = _split_port(text)
    if not host.startswith("["):
        host = _a_labels(host.removesuffix("."))
    try:
        return canonical_name(host), port
    except InterlockError:
        raise _ambiguous("the host is not a name or an address in its usual spelling") from None


# The same few come with every request; what is refused is not kept.
_kept_path = functools.lru_cache(maxsize=1024)(_path)
_kept_host = functools.lru_cache(maxsize=1024)(_host)


def _split_port(text: str) -> tuple[str, int | None]:
    host, colon, port = text, "", ""
    if text.startswith("["):
        inside, bracket, after = text.partition("]")
        host, (colon, port) = inside + bracket, (after[:1], after[1:])
    elif ":" in text:
        host, colon, port = text.partition(":")
    if not colon and not port:
        return host, None
    if colon != ":" or not _PORT.match(port) or int(port) >= 1 << 16:
        raise _ambiguous("the port is not a number from 1 to 65535")
    return host, int(port)


def _a_labels(host: str) -> str:
    if host.isascii():
        return host
    try:
        if len(host) > _MAX_HOST or unicodedata.normalize("NFKC", host) != host:
            raise idna.IDNAError
        return idna.encode(host.lower(), strict=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise _ambiguous("the host is not a valid internationalised name (RFC 5891)") from None


def _decoded(path: str) -> str:
    """The path with escapes brought to one spelling. Raises Refused for escapes that hide structure."""

    def run(match: re.Match[str]) -> str:
        octets = bytes.fromhex(match[0].replace("%", ""))
        try:
            text = octets.decode("utf-8")
        except UnicodeDecodeError:
            raise _ambiguous("its escapes are not UTF-8") from None
        folded = unicodedata.normalize("NFKC", text)
        if folded != text and not set(folded.encode("utf-8", "ignore")).isdisjoint(b"/\\.;%"):
            raise _ambiguous("its escapes hide look-alikes of slashes or dots")
        return "".join(map(_spelled, octets))

    if path.count("%") != len(_ESCAPE.findall(path)):
        raise _ambiguous("it has incomplete escapes")
    spelled = _ESCAPES.sub(run, path)
    return re.sub(r"[^A-Za-z0-9\-._~!$&'()*+,=:@%/]", lambda match: f"%{ord(match[0]):02X}", spelled)


def _spelled(octet: int) -> str:
    if octet in _UNSAFE or octet < 0x20 or octet == 0x7F:
        raise _ambiguous("it has encoded slashes, percent signs or control characters")
    return chr(octet) if octet in _DECODED else f"%{octet:02X}"


def _ambiguous(what: str) -> Refused:
    return Refused(Reason.AMBIGUOUS_TARGET, f"the request target can be read in two ways: {what}")
