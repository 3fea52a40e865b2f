"""What the servers of tests have in common: answers with a length, and no line for every request."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler

__all__ = ["Answering"]


class Answering(BaseHTTPRequestHandler):
    """Speaks HTTP/1.1 with connections that stay."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
