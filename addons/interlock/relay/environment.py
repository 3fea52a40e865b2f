"""The environment of an agent behind the gateway: proxy and CA in every client's own spelling, and no credentials."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Mapping
from pathlib import Path

from interlock.errors import InterlockError
from interlock.model import Secret

__all__ = ["AGENT_SETTINGS", "ROUTE", "child_environment", "write_bundle"]

PROXY = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
BUNDLE = (
    "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "PIP_CERT", "AWS_CA_BUNDLE",
    "CARGO_HTTP_CAINFO", "DENO_CERT",
)  # fmt: skip
EXTRA = ("NODE_EXTRA_CA_CERTS",)
WAYS_AROUND = ("NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy")
"""Would lead past the gateway. Both spellings: Claude Code takes the lower-case one first."""

UNVERIFIED = ("NODE_TLS_REJECT_UNAUTHORIZED", "GIT_SSL_NO_VERIFY", "PYTHONHTTPSVERIFY", "SSL_CERT_DIR")
CREDENTIALS = (
    "ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_CUSTOM_HEADERS", "CLAUDE_CODE_OAUTH_TOKEN",
    "CLAUDE_CODE_OAUTH_REFRESH_TOKEN", "AWS_BEARER_TOKEN_BEDROCK", "OPENAI_API_KEY", "GEMINI_API_KEY",
    "GOOGLE_API_KEY", "AZURE_OPENAI_API_KEY",
)  # fmt: skip
"""Keys of model APIs: the gateway supplies them, so the agent does not need them and must not have them."""

AGENT_SETTINGS: Mapping[str, str] = {
    # A person may have to approve: nothing gives up before half an hour (the clients' own maximum).
    "API_TIMEOUT_MS": "1800000",
    "CLAUDE_STREAM_IDLE_TIMEOUT_MS": "1800000",
    "MCP_TOOL_TIMEOUT": "1800000",
    "CLAUDE_CODE_MCP_TOOL_IDLE_TIMEOUT": "0",
    # The line it would add to a body changes with every request and may be a checksum, which masking would break.
    "CLAUDE_CODE_ATTRIBUTION_HEADER": "0",
    # Telemetry has no rule: asking for it would only fill the evidence with refusals.
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "NODE_USE_ENV_PROXY": "1",
}
ROUTE = (*PROXY, *BUNDLE, *EXTRA, *WAYS_AROUND)
"""The variables that decide where an agent's bytes go and whom it trusts."""

PLACEHOLDER = "supplied-by-interlock"
_SYSTEM = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
_MAX_CA = 8 << 20


def write_bundle(ca: Path, folder: Path) -> tuple[Path, Path]:
    """Copies of the gateway's CA: alone, and together with the system's. Raises InterlockError."""
    try:
        own = ca.read_bytes()
    except OSError as error:
        raise InterlockError(
            f"the gateway's CA {ca} cannot be read: {error.strerror}",
            hint="start the gateway once (interlock run makes it), or name the file with --ca",
        ) from None
    if len(own) > _MAX_CA or b"-----BEGIN CERTIFICATE-----" not in own:
        raise InterlockError(f"{ca} is not a certificate in PEM", hint="it is called mitmproxy-ca-cert.pem")
    if b"PRIVATE KEY-----" in own:
        raise InterlockError(
            f"{ca} holds a private key, which no agent may have", hint="name mitmproxy-ca-cert.pem instead"
        )
    alone, bundle = folder / "interlock-ca.pem", folder / "ca-bundle.pem"
    alone.write_bytes(own)
    bundle.write_bytes(_system().rstrip() + b"\n" + own)
    return alone, bundle


def _system() -> bytes:
    """The system's CAs: what verifies what the gateway does not stand before."""
    default = ssl.get_default_verify_paths().cafile
    for name in filter(None, (default, *_SYSTEM)):
        path = Path(name)
        if path.is_file() and path.stat().st_size <= _MAX_CA:
            return path.read_bytes()
    import certifi

    return Path(certifi.where()).read_bytes()


def child_environment(
    parent: Mapping[str, str],
    proxy: Secret,
    ca: Path,
    bundle: Path,
    *,
    secrets: Iterable[str] = (),
    keep: Iterable[str] = (),
    claude: bool = False,
) -> dict[str, str]:
    """The child's variables. `secrets` are further names to leave out, `keep` names that stay although they are one.

    Interlock's own variables never reach the child: some of them lead to tokens. Clients do not start without a key,
    so there is one that is none; `claude` marks Claude Code itself, which on a terminal asks whether it may use an
    API key (and recommends not to), but takes a bearer token as it is.
    """
    kept = frozenset(keep)
    drop = {*CREDENTIALS, *secrets} - kept
    found = {
        name: value
        for name, value in parent.items()
        if name not in drop and name not in WAYS_AROUND and name not in UNVERIFIED and not name.startswith("INTERLOCK_")
    }
    found.update(dict.fromkeys(PROXY, proxy.reveal()))
    found.update(dict.fromkeys(BUNDLE, str(bundle)))
    found.update(dict.fromkeys(EXTRA, str(ca)))
    for name, value in AGENT_SETTINGS.items():
        found.setdefault(name, value)
    if not {"ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"} & found.keys():
        found["ANTHROPIC_AUTH_TOKEN" if claude else "ANTHROPIC_API_KEY"] = PLACEHOLDER
    return found
