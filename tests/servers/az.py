"""A server that speaks as much of Azure's Blob service as shipping uses, and checks who signed what.

Put Blob, Put Block and Put Block List, Get Blob, List Blobs (two a page) and Delete Blob in a batch. Every request has
to carry the signature that the account's key makes of it (Shared Key authorization).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit

from tests.servers.answering import Answering

__all__ = ["ACCOUNT", "KEY", "Az", "az"]

ACCOUNT, KEY = "example", base64.b64encode(b"0" * 32).decode()
_SIGNED = (
    "content-encoding", "content-language", "content-length", "content-md5", "content-type", "date",
    "if-modified-since", "if-match", "if-none-match", "if-unmodified-since", "range",
)  # fmt: skip
_PART = re.compile(rb"Content-ID: (\d+)\r\n.*?DELETE (\S+) HTTP/1.1\r\n", re.DOTALL)


class Az:
    """Its blobs by path, and what it is to do wrong (`fails`: answer 500 to so many requests)."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.objects: dict[str, bytes] = {}
        self.blocks: dict[str, bytes] = {}
        self.unsigned = self.fails = 0


class _Handler(Answering):
    az: Az

    def _signature(self) -> str:
        """As "Authorize with Shared Key" of the Storage services' REST reference has it (version 2015-02-21 on)."""
        split = urlsplit(self.path)
        values = [self.headers.get(name, "") for name in _SIGNED]
        values[2] = "" if values[2] == "0" else values[2]
        own = sorted((name.lower(), value) for name, value in self.headers.items() if name.lower().startswith("x-ms-"))
        asked = sorted((name.lower(), value) for name, value in parse_qsl(split.query, keep_blank_values=True))
        resource = f"/{ACCOUNT}{split.path}" + "".join(f"\n{name}:{value}" for name, value in asked)
        said = "\n".join([self.command, *values, *(f"{name}:{value}" for name, value in own), resource])
        return base64.b64encode(hmac.digest(base64.b64decode(KEY), said.encode(), hashlib.sha256)).decode()

    def _asked(self) -> tuple[str, dict[str, str], bytes] | None:
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        split = urlsplit(self.path)
        if self.headers.get("authorization", "") != f"SharedKey {ACCOUNT}:{self._signature()}":
            self.az.unsigned += 1
            self._answer(403)
        elif self.az.fails:
            self.az.fails -= 1
            self._answer(500)
        else:
            query = {name: values[0] for name, values in parse_qs(split.query, keep_blank_values=True).items()}
            return unquote(split.path), query, body
        return None

    def do_PUT(self) -> None:
        if asked := self._asked():
            path, query, body = asked
            if query.get("comp") == "block":
                self.az.blocks[query["blockid"]] = body
            elif query.get("comp") == "blocklist":
                names = re.findall(r"<Uncommitted>([^<]+)</Uncommitted>", body.decode())
                self.az.objects[path] = b"".join(self.az.blocks.pop(name) for name in names)
            else:
                self.az.objects[path] = body
            self._answer(201, etag='"x"')

    def do_GET(self) -> None:
        if asked := self._asked():
            path, query, _ = asked
            body = self.az.objects.get(path)
            if query.get("comp") == "list":
                self._answer(200, self._page(path, query).encode(), content_type="application/xml")
            elif body is None:
                self._answer(404, b"<Error><Code>BlobNotFound</Code></Error>")
            else:
                self._answer(200, body, etag='"x"', last_modified="Thu, 01 Jan 2026 00:00:00 GMT")

    def _page(self, container: str, query: dict[str, str]) -> str:
        keys = sorted(path.removeprefix(f"{container}/") for path in self.az.objects)
        left = [key for key in keys if key.startswith(query.get("prefix", "")) and key > query.get("marker", "")]
        rows = "".join(
            f"<Blob><Name>{key}</Name><Properties><Last-Modified>Thu, 01 Jan 2026 00:00:00 GMT</Last-Modified>"
            f"<Content-Length>1</Content-Length><Content-Type>x/y</Content-Type><Etag>x</Etag></Properties></Blob>"
            for key in left[:2]
        )
        more = left[1] if len(left) > 2 else ""
        return f"<EnumerationResults><Blobs>{rows}</Blobs><NextMarker>{more}</NextMarker></EnumerationResults>"

    def do_POST(self) -> None:
        if asked := self._asked():
            said = b""
            for number, path in _PART.findall(asked[2]):
                there = self.az.objects.pop(unquote(path.decode()), None) is not None
                line = b"202 Accepted" if there else b"404 The specified blob does not exist."
                code = b"" if there else b"x-ms-error-code: BlobNotFound\r\n"
                said += b"--b\r\nContent-Type: application/http\r\nContent-ID: %b\r\n\r\n" % number
                said += b"HTTP/1.1 %b\r\n%bx-ms-version: 2023-11-03\r\n\r\n\r\n" % (line, code)
            self._answer(202, said + b"--b--\r\n", content_type="multipart/mixed; boundary=b")


@contextmanager
def az() -> Iterator[Az]:
    """The server, on a port of the loopback interface."""
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.az = Az(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield handler.az
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
