"""The operator's settings as typed, frozen values, read once and checked strictly.

What a connection is lies in `settings_connection`, what the gateway is in `settings_gateway`; this is their
one door.
"""

from __future__ import annotations

from interlock.settings_command import CommandPlace
from interlock.settings_connection import Connection, read_connections
from interlock.settings_credential import CredentialSpec
from interlock.settings_gateway import Gateway, Limits, Listen, read_gateway, read_listen, read_reference
from interlock.settings_glob import Glob, compile_glob
from interlock.settings_keeping import Hold, Keeping, Retain, ShipSpec, Whom, check_keeping
from interlock.settings_origin import IPNetwork, canonical_host, is_loopback, parse_origin
from interlock.settings_recording import AnchorSpec, Recording, read_recording

__all__ = [
    "AnchorSpec",
    "CommandPlace",
    "Connection",
    "CredentialSpec",
    "Gateway",
    "Glob",
    "Hold",
    "IPNetwork",
    "Keeping",
    "Limits",
    "Listen",
    "Recording",
    "Retain",
    "ShipSpec",
    "Whom",
    "canonical_host",
    "check_keeping",
    "compile_glob",
    "is_loopback",
    "parse_origin",
    "read_connections",
    "read_gateway",
    "read_listen",
    "read_recording",
    "read_reference",
]
