"""Interlock: the enforcement point between AI agents and everything they reach over HTTP."""

__version__ = "0.1.0"
