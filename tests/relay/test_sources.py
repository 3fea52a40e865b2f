"""Where tokens come from, and that no failure repeats one."""

from __future__ import annotations

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from interlock.errors import InterlockError
from interlock.model import Secret
from interlock.relay.sources import ClientCredentials, CommandToken, FileToken

CANARY = "canary-token-2"


def python(code: str) -> str:
    """A token command."""
    return f"{sys.executable} -c '{code}'"


async def test_a_command_prints_the_token() -> None:
    """White space around it is not part of it."""
    found = await CommandToken(python(f'print(" {CANARY} ")')).fetch()
    assert found.reveal() == CANARY


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (f'import sys; print("{CANARY}"); sys.exit(3)', "ended with status 3"),
        ("", "gave no token"),
        (f'print("{CANARY} and more")', "is not a token"),
        (f'print("{CANARY}" * 9000)', "more than a token"),
    ],
)
async def test_a_failing_command_is_named_and_its_output_is_not(code: str, says: str) -> None:
    """The error says what happened; what the command wrote may be a token."""
    with pytest.raises(InterlockError, match=says) as caught:
        await CommandToken(python(code)).fetch()
    assert CANARY not in str(caught.value) + caught.value.hint


@pytest.mark.parametrize("command", ["", "no-such-command-anywhere", "'"])
async def test_a_command_that_cannot_run_is_an_error(command: str) -> None:
    """Empty, missing, or not words."""
    with pytest.raises(InterlockError, match="token command"):
        await CommandToken(command).fetch()


async def test_a_file_is_read_anew_every_time(tmp_path: Path) -> None:
    """Whoever keeps it fresh only writes it."""
    path = tmp_path / "token"
    path.write_text("one\n")
    source = FileToken(path)
    assert (await source.fetch()).reveal() == "one"
    path.write_text("two\n")
    assert (await source.fetch()).reveal() == "two"
    path.unlink()
    with pytest.raises(InterlockError, match="cannot be read"):
        await source.fetch()


class Endpoint:
    """A token endpoint that notes what it was asked."""

    def __init__(self, status: int, answer: Any) -> None:
        self.asked: list[tuple[str, dict[str, list[str]]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: Any) -> None:
                return

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                outer.asked.append((self.headers["authorization"], parse_qs(body)))
                raw = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self) -> Endpoint:
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def source(self, **more: str) -> ClientCredentials:
        """Client credentials for this endpoint."""
        url = f"http://127.0.0.1:{self.server.server_address[1]}/token"
        return ClientCredentials(url, "agent:7", Secret(CANARY), **more)


async def test_client_credentials_are_sent_as_the_standard_says() -> None:
    """Form-encoded halves in Basic, the grant and what was asked for in the body (RFC 6749 sections 2.3.1 and 4.4)."""
    with Endpoint(200, {"access_token": "tok", "token_type": "Bearer"}) as endpoint:
        found = await endpoint.source(scope="a b", audience="interlock").fetch()
    assert found.reveal() == "tok"
    authorization, form = endpoint.asked[0]
    assert authorization == "Basic YWdlbnQlM0E3OmNhbmFyeS10b2tlbi0y"
    assert form == {"grant_type": ["client_credentials"], "scope": ["a b"], "audience": ["interlock"]}


@pytest.mark.parametrize(
    ("status", "answer", "says"),
    [
        (401, {"error": CANARY}, "answered 401"),
        (302, {}, "answered 302"),
        (200, {"id_token": CANARY}, "no access_token"),
        (200, [CANARY], "no access_token"),
        (200, {"access_token": f"{CANARY}\n{CANARY}"}, "is not a token"),
    ],
)
async def test_an_endpoint_that_gives_no_token_is_an_error(status: int, answer: Any, says: str) -> None:
    """Its answer is not repeated, and neither is the secret."""
    with Endpoint(status, answer) as endpoint, pytest.raises(InterlockError, match=says) as caught:
        await endpoint.source().fetch()
    assert CANARY not in str(caught.value) + caught.value.hint + repr(endpoint.source())
