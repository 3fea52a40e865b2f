"""Runs an agent behind the gateway: a relay on loopback that adds a token which is always fresh.

The agent gets a secret of its run, valid at the relay alone; the token stays here (invariant 4).
"""

from __future__ import annotations

from interlock.relay.freshness import FreshToken, TokenSource
from interlock.relay.gateway import GatewayAddress, WhoAmI, parse_gateway, whoami
from interlock.relay.server import Relay

__all__ = ["FreshToken", "GatewayAddress", "Relay", "TokenSource", "WhoAmI", "parse_gateway", "whoami"]
