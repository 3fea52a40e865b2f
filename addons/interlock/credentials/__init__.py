"""What secret goes where: read where the operator keeps it, placed last, bound to the connection's origins."""

from __future__ import annotations

from interlock.credentials.injector import Injector, Supply, open_source, prepare
from interlock.credentials.strip import (
    check_duplicates,
    is_credential_header,
    is_credential_member,
    strip_headers,
    strip_query,
    strip_reply_headers,
)

__all__ = [
    "Injector",
    "Supply",
    "check_duplicates",
    "is_credential_header",
    "is_credential_member",
    "open_source",
    "prepare",
    "strip_headers",
    "strip_query",
    "strip_reply_headers",
]
