"""Which mitmproxy options the gateway sets, and which stop it.

mitmproxy fails open in many ways that an option can open (its own documentation lists none of them as such): so the
safe values are set by us, everything that would let traffic pass uninspected stops the start, and a later change of
such an option stops traffic.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mitmproxy.options import Options
from mitmproxy.proxy import mode_specs

from interlock.settings import is_loopback

__all__ = ["OWN_HOST", "changes", "harden", "problems", "settled"]

OWN_HOST = "interlock.internal"

_FORCED: Mapping[str, Any] = {
    "connection_strategy": "lazy",
    "rawtcp": False,
    "onboarding": False,
    "keep_host_header": True,
    "upstream_cert": False,
    "store_streamed_bodies": False,
    "http3": False,
    "add_upstream_certs_to_client_chain": False,
}
"""Set by us before a port is bound; any other value later on stops traffic."""

_EMPTY: Mapping[str, str] = {
    "stream_large_bodies": "bodies would be forwarded before they are judged; use max_body in the rules",
    "ignore_hosts": "those hosts would be tunnelled unseen",
    "allow_hosts": "all other hosts would be tunnelled unseen",
    "tcp_hosts": "those hosts would be relayed as raw TCP",
    "udp_hosts": "those hosts would be relayed as raw UDP",
    "map_remote": "it changes requests after they were judged",
    "map_local": "it changes answers after they were judged",
    "modify_headers": "it changes messages after they were judged",
    "modify_body": "it changes messages after they were judged",
    "stickyauth": "it shares one agent's credential with all others",
    "stickycookie": "it shares one agent's cookies with all others",
    "server_replay": "it goes to the real upstream when the recording runs out",
    "client_replay": "replayed flows carry no identity",
    "save_stream_file": "it would write flows unmasked; the gateway keeps its own recordings",
    "hardump": "it would write flows unmasked and keeps all of them in memory",
    "proxyauth": "identities come from the rules",
    "upstream_auth": "credentials come from the rules",
}
_FALSE: Mapping[str, str] = {
    "ssl_insecure": "upstream certificates would not be verified",
    "emudhra": "it trusts a compromised intermediate certificate",
    "proxy_debug": "it logs raw bytes, with tokens, credentials and what is masked",
    "web_debug": "it is for developers of mitmweb",
    "emudhra_old": "it trusts a compromised intermediate certificate",
}
_FREE = frozenset(
    ("intercept", "intercept_active", "view_filter", "view_order", "view_order_reversed", "web_columns", "showhost",
     "content_view_lines_cutoff", "console_focus_follow", "web_open_browser", "command_history")
)  # fmt: skip
"""What a person may change at any time; everything else was judged when the gateway opened."""
_TRUE: Mapping[str, str] = {"validate_inbound_headers": "requests could be smuggled past the rules"}


def harden(options: Options, body_limit: int) -> None:
    """Set every option whose default is unsafe for a gateway. `body_limit` (bytes) is the largest in any direction."""
    wanted = {name: value for name, value in _FORCED.items() if name in options}
    wanted["body_size_limit"] = str(body_limit)
    if "flow_detail" in options:
        wanted["flow_detail"] = 0
    options.update(**{name: value for name, value in wanted.items() if getattr(options, name) != value})


def problems(options: Options, *, scripts: frozenset[str] | None = None, loopback_only: bool = False) -> list[str]:
    """Every reason not to let traffic pass under these options; an empty list means they are safe.

    `scripts` are the resolved paths expected under `-s`; `loopback_only` holds with mitmweb and demo issuers.
    """
    found = [
        f"{name} must be left at {value!r}" for name, value in _FORCED.items() if _get(options, name, value) != value
    ]
    found += [f"{name} is set: {why}" for name, why in _EMPTY.items() if _get(options, name, None)]
    found += [f"{name} is set: {why}" for name, why in _FALSE.items() if _get(options, name, False)]
    found += [f"{name} is off: {why}" for name, why in _TRUE.items() if not _get(options, name, True)]
    if not _get(options, "body_size_limit", "1"):
        found.append("body_size_limit is unset: bodies would be buffered without a bound")
    if options.deferred:
        found.append(f"unknown options {sorted(options.deferred)}: a misspelt option would be ignored without a word")
    loaded = {str(Path(text).expanduser().resolve()) for text in _get(options, "scripts", ())}
    if scripts is not None and loaded - scripts:
        found.append("another script is loaded beside Interlock's entry files: it could change what was judged")
    found += _mode_problems(options, loopback_only)
    if loopback_only and not is_loopback(str(_get(options, "web_host", "localhost")), exactly=True):
        found.append("web_host listens beyond this machine: mitmweb shows flows to whoever has its address")
    return found


def settled(options: Options) -> dict[str, Any]:
    """All options as they are now, but for those that change only what a person sees."""
    return {name: getattr(options, name) for name in options.keys() if name not in _FREE}  # noqa: SIM118


def changes(options: Options, before: Mapping[str, Any]) -> list[str]:
    """Every option that is no longer what it was when the gateway opened."""
    return [
        f"{name} was changed while running" for name, value in before.items() if _get(options, name, value) != value
    ]


def _mode_problems(options: Options, loopback_only: bool) -> list[str]:
    found = []
    for text in options.mode:
        try:
            mode = mode_specs.ProxyMode.parse(text)
        except ValueError:
            found.append(f"mode {text!r} is not understood")
            continue
        if isinstance(mode, mode_specs.ReverseMode):
            if mode.scheme not in ("http", "https"):
                found.append(
                    f"mode {text!r} relays {mode.scheme}, which cannot be judged; use reverse:http://{OWN_HOST}"
                )
        elif not isinstance(mode, mode_specs.RegularMode):
            found.append(f"mode {text!r} is not supported; use regular or reverse:http://{OWN_HOST}")
        if loopback_only and not is_loopback(mode.listen_host(options.listen_host), exactly=True):
            found.append(f"mode {text!r} listens beyond this machine; use {text.split('@')[0]}@127.0.0.1:PORT")
    return found


def _get(options: Options, name: str, default: Any) -> Any:
    return getattr(options, name) if name in options else default
