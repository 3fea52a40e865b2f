"""Every reason Interlock gives, pass and fail, named once.

A reason's value is its documentation heading and what stands in the evidence; its `says` is for the person who
meets it, in words an operator can act on and an attacker cannot use. Adding a reason is adding a line here.
"""

from __future__ import annotations

import enum

__all__ = ["Reason"]


class Reason(enum.StrEnum):
    """A closed list: value, and one sentence for people."""

    says: str

    def __new__(cls, value: str, says: str) -> Reason:
        member = str.__new__(cls, value)
        member._value_ = value
        member.says = says
        return member

    @classmethod
    def of(cls, value: str) -> Reason:
        """The reason of that value; INTERNAL_ERROR for one that does not exist."""
        return cls._value2member_map_.get(value, cls.INTERNAL_ERROR)  # type: ignore[return-value]

    # pass
    PERMITTED = "permitted", "a rule permits it"
    GRANTED = "granted", "a person granted it for a time"
    APPROVED = "approved", "a person approved it, once"
    OBSERVED = "observed", "no rule permits it; it passed because the gateway runs with --observe"

    # the gateway itself
    NOT_READY = "not-ready", "the gateway is not ready: its pipeline is starting, stopping or broken"
    INTERNAL_ERROR = "internal-error", "a stage of the gateway failed; the request was stopped"
    UNSAFE_OPTIONS = "unsafe-options", "an option was changed that would let traffic pass uninspected"
    STAGE_MISSING = "stage-missing", "a stage that must come before this one is not loaded"
    RECORDING_UNAVAILABLE = "recording-unavailable", "the evidence could not be written; nothing passes unrecorded"
    RECORDING_QUOTA = "recording-quota", "what is recorded of this principal takes all the room that it may take"
    SECRET_UNAVAILABLE = "secret-unavailable", "the connection's credential could not be read"
    REPLAY_REFUSED = "replay-refused", "a replayed request carries no identity; its agent has to send it"
    EDIT_REFUSED = "edit-refused", "somebody changed the request or the answer after it was judged"
    CONNECTION_CLOSING = "connection-closing", "the client connection is being closed; the request was not forwarded"
    NOT_FOUND = "not-found", "the gateway has no such endpoint"

    # containment
    UNKNOWN_HOST = "unknown-host", "this host and port belong to no connection"
    HOST_MISMATCH = "host-mismatch", "CONNECT target, TLS server name and Host header do not agree"
    AMBIGUOUS_TARGET = "ambiguous-target", "the request target can be read in two ways"
    ADDRESS_REFUSED = "address-refused", "the host resolves to an address its connection does not list"
    TUNNEL_REFUSED = "tunnel-refused", "only HTTP passes; this tunnel speaks something else"
    UPGRADE_REFUSED = "upgrade-refused", "protocol upgrades are not allowed on this connection"
    DUPLICATE_HEADER = "duplicate-header", "a header that decides about security stands twice"
    MALFORMED_REQUEST = "malformed-request", "the request is not well-formed HTTP"
    UPSTREAM_UNREACHABLE = "upstream-unreachable", "the upstream could not be reached or its certificate not verified"

    # identity
    TOKEN_MISSING = "token-missing", "no token was presented"
    TOKEN_MALFORMED = "token-malformed", "the token is not a well-formed JWT"
    TOKEN_TOO_LARGE = "token-too-large", "the token is larger than allowed"
    TOKEN_AMBIGUOUS = "token-ambiguous", "more than one token was presented and they differ"
    TOKEN_ALGORITHM = "token-algorithm", "the token's algorithm is not allowed for its issuer"
    TOKEN_HEADER = "token-header", "the token's header holds a member that is not accepted"
    TOKEN_TYPE = "token-type", "the token is not of an accepted type (ID tokens are not access tokens)"
    TOKEN_ISSUER = "token-issuer", "the token's issuer is not configured"
    TOKEN_AUDIENCE = "token-audience", "the token is meant for another audience"
    TOKEN_KEY = "token-key", "the issuer has no such key"
    TOKEN_SIGNATURE = "token-signature", "the token's signature does not verify"
    TOKEN_EXPIRED = "token-expired", "the token has expired"
    TOKEN_NOT_YET = "token-not-yet", "the token is not valid yet"
    TOKEN_TOO_OLD = "token-too-old", "the token was issued longer ago than max_age allows"
    TOKEN_CLAIMS = "token-claims", "a required claim is missing or of the wrong type"
    TOKEN_BINDING = "token-binding", "the token is bound to a key that this connection does not prove"
    ISSUER_UNAVAILABLE = "issuer-unavailable", "the issuer's keys could not be fetched"
    CERTIFICATE_REFUSED = "certificate-refused", "the client certificate is not accepted"
    RUN_REFUSED = "run-refused", "the run id is malformed or belongs to another principal"

    # bodies
    BODY_TOO_LARGE = "body-too-large", "the body is larger than the connection allows"
    BODY_UNDECODABLE = "body-undecodable", "the body's content coding cannot be undone"
    BODY_UNPARSABLE = "body-unparsable", "the body cannot be read as what it has to be"
    BODY_SIGNED = "body-signed", "the agent signed the body, so it cannot be masked"
    BODY_AMBIGUOUS = "body-ambiguous", "the body can be read in two ways"
    DETECTOR_FAILED = "detector-failed", "a detector of sensitive values failed, so nobody can say what the body holds"
    UNKNOWN_PROTOCOL = "unknown-protocol", "the connection's protocol has no adapter"
    PARTIAL_RESPONSE = "partial-response", "a partial response cannot be masked"
    STREAM_UNREADABLE = "stream-unreadable", "the stream cannot be read as what it has to be"
    RESPONSE_FORBIDDEN = "response-forbidden", "the upstream's answer proposes what no rule permits"
    UNSOLICITED = "unsolicited", "the MCP server answered what was not asked, or answered twice"
    TOOL_CHANGED = "tool-changed", "the MCP server describes this tool in another way than it was pinned"
    TOOL_ADDED = "tool-added", "the MCP server's tool is not among the reviewed ones"
    PINS_UNREADABLE = "pins-unreadable", "the file of pinned tools cannot be used"
    SESSION_REFUSED = "session-refused", "the MCP session belongs to another principal"

    # policy
    NO_RULE = "no-rule", "no rule permits it"
    FORBIDDEN = "forbidden", "a rule forbids it"
    BLOCKED = "blocked", "the blocklist forbids it, whoever asks"
    NOT_UNDERSTOOD = "not-understood", "the command could not be understood, and no rule permits the unknown"
    RULE_FAILED = "rule-failed", "a rule could not be evaluated"
    APPROVAL_NEEDED = "approval-needed", "a person has to decide"
    APPROVAL_PENDING = "approval-pending", "a person has to decide, and has not yet"
    APPROVAL_DENIED = "approval-denied", "a person said no"
    APPROVAL_EXPIRED = "approval-expired", "nobody decided in time"
    APPROVAL_WITHDRAWN = "approval-withdrawn", "the question was withdrawn, because nobody waits for the answer"
    APPROVAL_USED = "approval-used", "what was approved has run once, and is not run again"
    APPROVAL_OUTDATED = "approval-outdated", "the rules changed while it waited for a person"
    APPROVAL_UNAVAILABLE = "approval-unavailable", "a person would have to decide, and approvals are not available"
    APPROVALS_FULL = "approvals-full", "this principal has as many open questions as it may have; wait for answers"
    APPROVALS_COOLING = "approvals-cooling", "a person just said no to this principal; it may ask again in a moment"
    APPROVAL_HIDDEN = "approval-hidden", "a mask would hide from people what it does, so nobody can approve it"
    VOTE_REFUSED = "vote-refused", "this person may not decide this"
    GRANT_REFUSED = "grant-refused", "this cannot be granted, or not for so long"
    ACCESS_OVERDUE = "access-overdue", "the access review of this permission is overdue"
    ACCESS_REVOKED = "access-revoked", "an access review took this permission away"
    ACCESS_UNKNOWN = "access-unknown", "nobody can say whether this permission was attested: the store cannot be read"
    PERMISSION_ENDED = "permission-ended", "what let this run has ended: a grant, or a word of an access review"
    RULES_CHANGED = "rules-changed", "the rules of this connection changed while its request came in"
    OBLIGATION_MISSING = "obligation-missing", "a rule demands something the gateway cannot do"
    CREDENTIAL_REJECTED = "credential-rejected", "the upstream rejected the credential the gateway supplied"
