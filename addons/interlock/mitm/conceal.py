"""What no hook after the pipeline, no view and no log may show of a request that the gateway answered itself."""

from __future__ import annotations

from collections.abc import Collection

from mitmproxy import flow as flows
from mitmproxy import http

from interlock.credentials.strip import fold_header, is_credential_header, strip_query
from interlock.mitm.saying import error_says
from interlock.mitm.snapshot import header_list, to_headers

__all__ = ["conceal_error", "conceal_request"]


def conceal_request(request: http.Request, own: Collection[str]) -> None:
    """Empty every place in which an identity or a credential could stand. `own` are the operator's token headers.

    A permitted request was emptied by the stages; a refused one may not have come that far. Never raises.
    """
    try:
        names = {fold_header(name) for name in own}
        pairs = header_list(request)
        kept = [pair for pair in pairs if fold_header(pair[0]) not in names and not is_credential_header(pair[0])]
        if len(kept) != len(pairs):
            request.headers = to_headers(kept)
        request.path = strip_query(request.path)
    except Exception:
        request.headers, request.path = http.Headers(), "/"


def conceal_error(flow: http.HTTPFlow) -> None:
    """mitmproxy's errors quote what could not be read; say what happened in words of ours."""
    if flow.error is not None and flow.error.msg != flows.Error.KILLED_MESSAGE:
        flow.error.msg = error_says(flow.error.msg)
