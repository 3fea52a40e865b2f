"""An upstream that speaks HTTP/2 over TLS and keeps what arrived, frame by frame put together."""

from __future__ import annotations

import asyncio
import ssl
import threading
from dataclasses import dataclass, field
from typing import Self

import h2.config
import h2.connection
import h2.events

from interlock.demo.serving import Reply, Request


@dataclass
class _Stream:
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)


class Http2Upstream:
    """`with Http2Upstream(tls) as upstream`: answers every request with a JSON echo of what it saw."""

    def __init__(self, tls: ssl.SSLContext, reply: Reply | None = None) -> None:
        self.seen: list[Request] = []
        self.reply = reply or Reply(body=b'{"ok": true, "email": "erika.mustermann@example.com"}')
        self._tls = tls
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.sockets[0].getsockname()[1])

    def __enter__(self) -> Self:
        self._thread.start()
        start = asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        self._server = asyncio.run_coroutine_threadsafe(start, self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        connection.initiate_connection()
        streams: dict[int, _Stream] = {}
        try:
            while True:
                writer.write(connection.data_to_send())
                await writer.drain()
                data = await reader.read(65536)
                if not data:
                    return
                for event in connection.receive_data(data):
                    self._take(connection, streams, event)
        except (ConnectionError, ssl.SSLError):
            return
        finally:
            writer.close()

    def _take(
        self, connection: h2.connection.H2Connection, streams: dict[int, _Stream], event: h2.events.Event
    ) -> None:
        if isinstance(event, h2.events.RequestReceived):
            streams[event.stream_id] = _Stream(list(event.headers))
        elif isinstance(event, h2.events.DataReceived):
            streams[event.stream_id].body += event.data
            connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            stream = streams.pop(event.stream_id)
            fields = dict(stream.headers)
            headers = tuple(item for item in stream.headers if not item[0].startswith(":"))
            self.seen.append(Request(fields[":method"], fields[":path"], headers, bytes(stream.body)))
            head = [(":status", str(self.reply.status)), ("content-type", self.reply.content_type)]
            connection.send_headers(event.stream_id, head + list(self.reply.headers.items()))
            connection.send_data(event.stream_id, self.reply.body, end_stream=True)
