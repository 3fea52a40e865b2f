"""A server of our own that speaks as much of S3's protocol as shipping uses, and notes who signed what.

PUT, GET and DELETE of objects, uploads in parts, and lists of names (two a page). It checks that every request carries
a signature of version 4 by the access key that it knows, over the payload that came; not the signature itself.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from tests.servers.answering import Answering

__all__ = ["S3", "Handler", "s3"]

ACCESS_KEY = "AKIAEXAMPLE"
_SIGNED = re.compile(rf"AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/[0-9]{{8}}/eu-test-1/s3/aws4_request,")


class S3:
    """Its objects by path, and what it is to do wrong (`fails`: answer 500 to so many requests)."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.objects: dict[str, bytes] = {}
        self.uploads: dict[str, dict[int, bytes]] = {}
        self.unsigned = 0
        self.fails = 0


class Handler(Answering):
    s3: S3

    def _asked(self) -> tuple[str, dict[str, list[str]], bytes] | None:
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        split = urlsplit(self.path)
        if not self._signed(body):
            self.s3.unsigned += 1
            self._answer(403)
            return None
        if self.s3.fails:
            self.s3.fails -= 1
            self._answer(500)
            return None
        return unquote(split.path), parse_qs(split.query, keep_blank_values=True), body

    def _signed(self, body: bytes) -> bool:
        """Whether a request was signed by who may ask."""
        sent = self.headers.get("x-amz-content-sha256", "")
        whole = sent in ("UNSIGNED-PAYLOAD", hashlib.sha256(body).hexdigest())
        return whole and _SIGNED.match(self.headers.get("authorization", "")) is not None

    def do_PUT(self) -> None:
        if asked := self._asked():
            path, query, body = asked
            if "uploadId" in query:
                self.s3.uploads[query["uploadId"][0]][int(query["partNumber"][0])] = body
            else:
                self.s3.objects[path] = body
            self._answer(200, etag=f'"{hashlib.md5(body).hexdigest()}"')

    def do_POST(self) -> None:
        if asked := self._asked():
            path, query, _ = asked
            if "uploads" in query:
                name = f"upload-{len(self.s3.uploads)}"
                self.s3.uploads[name] = {}
                xml = f"<InitiateMultipartUploadResult><UploadId>{name}</UploadId></InitiateMultipartUploadResult>"
            else:
                parts = self.s3.uploads.pop(query["uploadId"][0])
                self.s3.objects[path] = b"".join(parts[number] for number in sorted(parts))
                xml = '<CompleteMultipartUploadResult><ETag>"x"</ETag></CompleteMultipartUploadResult>'
            self._answer(200, xml.encode(), content_type="application/xml")

    def do_GET(self) -> None:
        if asked := self._asked():
            body = self.s3.objects.get(asked[0])
            if "list-type" in asked[1]:
                self._answer(200, self._page(asked[0], asked[1]).encode(), content_type="application/xml")
            elif body is None:
                self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
            else:
                etag = f'"{hashlib.md5(body).hexdigest()}"'
                self._answer(200, body, etag=etag, last_modified="Thu, 01 Jan 2026 00:00:00 GMT")

    def _page(self, bucket: str, query: dict[str, list[str]]) -> str:
        prefix, after = (query.get(name, [""])[0] for name in ("prefix", "continuation-token"))
        keys = sorted(path.removeprefix(f"{bucket.rstrip('/')}/") for path in self.s3.objects)
        left = [key for key in keys if key.startswith(prefix) and key > after]
        rows = "".join(
            f"<Contents><Key>{key}</Key><Size>1</Size><LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>"
            for key in left[:2]
        )
        more = f"<NextContinuationToken>{left[1]}</NextContinuationToken>" if len(left) > 2 else ""
        return f"<ListBucketResult><IsTruncated>{str(bool(more)).lower()}</IsTruncated>{more}{rows}</ListBucketResult>"

    def do_DELETE(self) -> None:
        if asked := self._asked():
            self.s3.objects.pop(asked[0], None)
            self._answer(204)


@contextmanager
def s3(kind: type[Handler] = Handler) -> Iterator[S3]:
    """The server, on a port of the loopback interface."""
    handler = type("Handler", (kind,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.s3 = S3(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield handler.s3
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
