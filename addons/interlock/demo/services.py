"""All of the demo's services at once, with the credentials that only the gateway may hold."""

from __future__ import annotations

import contextlib
import secrets
from types import TracebackType
from typing import Self

from interlock.demo.mcp_server import McpService
from interlock.demo.model_api import ModelApi
from interlock.demo.sign_in import SignInIssuer
from interlock.demo.sql_service import SqlService

__all__ = ["REVIEWERS", "Services"]

REVIEWERS = {"reviewer-1": ["reviewer"], "reviewer-2": ["reviewer"], "auditor-1": ["auditor"]}
"""Who signs in to the console."""


class Services:
    """`with Services() as services`: an issuer, a warehouse, a model API and an MCP server on loopback."""

    def __init__(self) -> None:
        self.warehouse_credential = f"wh-{secrets.token_urlsafe(24)}"
        self.model_key = f"sk-demo-{secrets.token_urlsafe(24)}"
        self.master_key = secrets.token_urlsafe(32)
        self.issuer = SignInIssuer(REVIEWERS)
        self.warehouse = SqlService(self.warehouse_credential)
        self.model = ModelApi(self.model_key)
        self.mcp = McpService()
        self._stack = contextlib.ExitStack()

    @property
    def environment(self) -> dict[str, str]:
        """What the gateway's environment holds: the credentials under the names that the rules give."""
        return {
            "DEMO_WAREHOUSE_TOKEN": self.warehouse_credential,
            "DEMO_MODEL_KEY": self.model_key,
            "DEMO_MASTER_KEY": self.master_key,
        }

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be seen outside the gateway."""
        return (self.warehouse_credential, self.model_key, self.master_key)

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as stack:
            for service in (self.issuer, self.warehouse, self.model, self.mcp):
                stack.enter_context(service)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
