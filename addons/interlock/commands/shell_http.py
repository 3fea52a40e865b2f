"""The HTTP request that a command would send, as an operation of its own: rules on `http.*` and hosts apply to it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from interlock.model import JSON, Access, Operation

__all__ = ["http_operation", "is_home"]

_METHOD = re.compile(r"[a-z][a-z0-9_-]{0,31}\Z")
_READS = frozenset(("get", "head", "options", "trace"))
_ODD = re.compile(r"[^!-\[\]-~]|%2[efEF]|%5[cC]|%00|%25|//|(?:\A|/)\.\.?(?:/|\Z)|;")
_MAX_URL = 8192


def http_operation(method: str, url: str, *, dynamic: bool = False, source: str = "") -> Operation:
    """One request: `http.<method>` with `method`, `host`, `path`, `url`.

    A part that only the run decides is left as it was written, and a host that is not certain is empty, so that no rule
    about a host can match it. A path that could be read in two ways, and a method that is none, is of access UNKNOWN.
    """
    verb = method.lower()
    if not _METHOD.match(verb):
        return Operation(
            "http", "unknown", "", Access.UNKNOWN, {"method": "", "url": url[:_MAX_URL], "flags": []}, source
        )
    access = Access.READ if verb in _READS else Access.WRITE
    host, path = _parts(url)
    if path is None or len(url) > _MAX_URL:
        path, access = "", Access.UNKNOWN
    arguments: dict[str, JSON] = {"method": verb.upper(), "host": host, "path": path, "url": url[:_MAX_URL],
                                  "flags": ["dynamic"] if dynamic else []}  # fmt: skip
    return Operation("http", verb, path, access, arguments, source)


def _parts(url: str) -> tuple[str, str | None]:
    """The host (empty where the run decides it) and the path, None where it is ambiguous."""
    try:
        parts = urlsplit(url if "://" in url else "http://" + url)
        host, path = (parts.hostname or "").rstrip("."), parts.path or "/"
    except ValueError:
        return "", None
    if not re.fullmatch(r"[a-z0-9.:_-]*", host):
        host = ""
    return host, None if _ODD.search(path) else path


def is_home(request: Operation) -> bool:
    """Whether a request goes to this machine itself."""
    host = str(request.arguments.get("host", ""))
    return host in ("localhost", "::1", "0.0.0.0") or host.startswith("127.")  # noqa: S104
