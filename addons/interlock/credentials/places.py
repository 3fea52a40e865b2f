"""The names of headers and query members that carry credentials, belong to one hop, or steer a server.

All are folded: lower case, `-` for `_`. A list only grows: a name that was a way around stays.
"""

from __future__ import annotations

__all__ = [
    "CREDENTIALS",
    "FRAMING",
    "HOP",
    "MEMBERS",
    "ONCE",
    "RANGES",
    "REPLY_HOP",
    "STEERING",
    "STEERING_PREFIXES",
    "VALIDATORS",
]


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


CREDENTIALS = _names("""
    access-token api-key api-token apikey auth-token authorization cookie cookie2 deploy-token job-token
    ocp-apim-subscription-key private-token token x-access-token x-amz-security-token x-api-key x-api-token x-apikey
    x-auth-key x-auth-token x-authorization x-client-secret x-consul-token x-functions-key x-github-token
    x-gitlab-token x-goog-api-key x-goog-iam-authorization-token x-service-token x-session-token x-token
    x-vault-token
""")
"""Headers in which a credential travels."""

HOP = _names("""
    alt-used connection expect http2-settings keep-alive proxy-connection te trailer upgrade via
""")
"""Headers for one hop (RFC 9110, section 7.6.1), and `expect`, which the gateway has answered."""

STEERING = _names("""
    cf-connecting-ip client-ip destination fastly-client-ip forwarded remote-user true-client-ip x-authenticated-user
    x-client-ip x-cluster-client-ip x-forwarded x-host x-http-method x-http-method-override x-interlock
    x-method-override x-middleware-subrequest x-original x-real-ip x-remote-addr x-remote-user x-rewrite
    x-webauth-user
""")
"""Headers by which servers let themselves be told who calls, where to (WebDAV's Destination), and with what method."""

STEERING_PREFIXES = ("x-forwarded-", "x-original-", "x-rewrite-", "x-envoy-", "x-ssl-client-")

RANGES = _names("""
    a-im if-modified-since if-none-match if-range range request-range
""")
"""Headers that ask for a part of an answer, for what changed of it (RFC 3229), or whether it is what the agent guesses.

Dropped from a GET they change nothing but the size of the answer. `If-None-Match: *`, which keeps a PUT from writing
over something, stays; so do `If-Match` and `If-Unmodified-Since`, without which such writes would be lost.
"""

FRAMING = _names("""
    content-encoding content-length content-type host transfer-encoding
""")
"""Headers on which it rests how the request is read."""

ONCE = (FRAMING | CREDENTIALS | RANGES | _names("proxy-authorization upgrade expect")) - {"cookie"}
"""Headers that decide about security and so stand at most once (HTTP/2 may split cookies)."""

MEMBERS = _names("""
    access-key access-token accesskey accesstoken api-key apikey auth auth-key auth-token authkey authorization
    authtoken bearer client-secret id-token job-token jwt key passwd password private-token refresh-token secret
    secret-key session-token sessionid sig signature subscription-key token x-access-token x-amz-credential
    x-amz-security-token x-amz-signature x-api-key x-auth-token x-goog-api-key x-goog-credential x-goog-signature
    x-http-method-override
""")
"""Query members in which a credential travels."""

REPLY_HOP = _names("""
    alt-svc connection http2-settings keep-alive proxy-authenticate proxy-authentication-info proxy-connection te
    trailer upgrade
""")
"""Headers of an answer that are for one hop, or send the agent elsewhere."""

VALIDATORS = _names("""
    accept-ranges content-digest content-md5 content-range digest etag last-modified repr-digest signature
    signature-input want-digest x-amz-checksum-sha256 x-checksum x-goog-hash
""")
"""Headers of an answer that would let an agent test guesses at what was masked."""
