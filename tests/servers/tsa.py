"""A time-stamper (RFC 3161) on loopback, made of `openssl ts`, with a certificate authority of its own."""

from __future__ import annotations

import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

__all__ = ["TimeStamper"]

_CONFIG = """
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[leaf]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
authorityKeyIdentifier = keyid
subjectKeyIdentifier = hash
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""


class TimeStamper:
    """Answers at `url`; `authorities` is the PEM file of whom it comes from. `spoil` changes its answers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        (folder / "conf").write_text(_CONFIG.format(folder=folder))
        (folder / "serial").write_text("01\n")
        self.authorities = folder / "ca.pem"
        self.spoil = ""
        self._certificate("ca", "ca")
        self._certificate("tsa", "leaf", "-CA", "ca.pem", "-CAkey", "ca.key")
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/tsa"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, query: bytes) -> bytes:
        """The answer to a request."""
        (self.folder / "query").write_bytes(query)
        self._openssl(
            "ts", "-reply", "-config", "conf", "-queryfile", "query", "-signer", "tsa.pem", "-inkey", "tsa.key",
            "-out", "answer",
        )  # fmt: skip
        return (self.folder / "answer").read_bytes()

    def _certificate(self, name: str, kind: str, *issuer: str) -> None:
        self._openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            f"/CN={name}", "-config", "conf", "-extensions", kind, "-keyout", f"{name}.key", "-out", f"{name}.pem",
            *issuer,
        )  # fmt: skip

    def _openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stamper = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                query = self.rfile.read(int(self.headers["content-length"]))
                body = stamper.spoiled(stamper.answer(query))
                self.send_response(503 if stamper.spoil == "status" else 200)
                self.send_header("content-type", "application/timestamp-reply")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Silent."""

        return Handler

    def spoiled(self, answer: bytes) -> bytes:
        """The answer as `spoil` wants it: `junk`, `large`, `other` (a byte of its signature is)."""
        if self.spoil == "other":
            return answer[:-3] + bytes([answer[-3] ^ 1]) + answer[-2:]
        return {"junk": b"junk", "large": answer + b"x" * (1 << 17)}.get(self.spoil, answer)
