"""What mitmproxy works out anew for every request although it comes out the same: made cheap, with the same result.

Reading an option copies it, forking a context builds a server connection that is thrown away, asking for one header
converts all of them four calls deep, the head of each message is validated whether or not it is known, and every layer
asks of every command whether it is to be logged. Together that is a tenth of a request's CPU.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from types import NoneType
from typing import Any

from mitmproxy import http, optmanager
from mitmproxy.proxy import layer
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers import http as layers_http

from interlock.mitm.lean_commands import COMMANDS
from interlock.mitm.replacement import Replacement, changed, put_in

__all__ = ["install"]

_PLAIN = frozenset((str, int, float, bool, bytes, NoneType))
_NAMES = (str, bytes)
_CONTEXT = {"client", "options", "server", "layers"}
_VALIDATED = 256
_HEADS = 128


def install() -> Callable[[], None]:
    """Make them cheap; what it returns takes that back. Raises InterlockError on another mitmproxy."""
    if not hasattr(optmanager, "unset"):
        raise changed(optmanager, "unset")
    if set(Context.__annotations__) != _CONTEXT:
        raise changed(Context, "__init__")
    if http.Headers._kconv("Some-Name") != "some-name" or http.Headers._reduce_values(["a", "b"]) != "a, b":
        raise changed(http.Headers, "_kconv")
    if getattr(layer.Paused, "_fields", None) != ("command", "generator"):
        raise changed(layer, "Paused")
    return put_in(*_REPLACEMENTS)


def _handled(original: Any) -> Any:
    """An event on its way through a layer that waits for nothing: its commands, up to the first that has to be awaited.

    mitmproxy asks at each of them whether it is to be logged; proxy_debug, which asks for that, is refused at start.
    """
    paused = layer.Paused

    def handle_event(self: layer.Layer, event: Any) -> Iterator[Any]:
        if self._paused or self.debug is not None:
            yield from original(self, event)
            return
        generator = self._handle_event(event)
        for command in generator:
            if command.blocking is True:
                command.blocking = self
                self._paused = paused(command, generator)
                yield command
                return
            yield command

    return handle_event


def _done(original: Any) -> Any:
    """A stream at its end, taken apart: it refers to itself by its states and its context, so that it, the flow and all
    that hangs on it would stay until the garbage collector comes, which stops everything for many milliseconds.
    """

    def flow_done(self: Any) -> Iterator[Any]:
        yield from original(self)
        if self.child_layer is None and self.client_state != self.state_errored:
            self.client_state = self.server_state = _over
            self.context.layers.clear()

    return flow_done


def _over(_: Any) -> Iterator[Any]:
    """The state of a stream that was taken apart: nothing reaches it any more."""
    yield from ()


def _option(original: Any) -> Any:
    """An option's value; what cannot be changed in place needs no copy."""
    unset = optmanager.unset

    def current(self: Any) -> Any:
        value = self._default if self.value is unset else self.value
        return value if type(value) in _PLAIN else original(self)

    return current


def _named_option(original: Any) -> Any:
    """An option by its name, found in one step."""
    unset = optmanager.unset

    def __getattr__(self: Any, attr: str) -> Any:  # noqa: N807
        option = self._options.get(attr)
        if option is None:
            return original(self, attr)
        value = option._default if option.value is unset else option.value
        return value if type(value) in _PLAIN else option.current()

    return __getattr__


def _fork(original: Any) -> Any:
    """A context for the next layer, without the server connection that the constructor makes and the fork discards."""

    def fork(self: Context) -> Context:
        other = Context.__new__(Context)
        other.client, other.options, other.server = self.client, self.options, self.server
        other.layers = self.layers.copy()
        return other

    return fork


@functools.lru_cache(maxsize=_HEADS)
def _by_name(fields: tuple[tuple[bytes, bytes], ...]) -> dict[bytes, list[str]]:
    """A head's values by names in lower case; a dozen are asked for with every request. Nobody may change them."""
    found: dict[bytes, list[str]] = {}
    for name, value in fields:
        found.setdefault(name.lower(), []).append(value.decode("utf-8", "surrogateescape"))
    return found


def _found(self: http.Headers, name: str | bytes) -> Sequence[str]:
    """All values of a header, as text."""
    if isinstance(name, str):
        name = name.encode("utf-8", "surrogateescape")
    return _by_name(self.fields).get(name.lower(), ())


def _get_all(original: Any) -> Any:
    def get_all(self: http.Headers, name: Any) -> list[str]:
        return [*_found(self, name)] if isinstance(name, _NAMES) else original(self, name)

    return get_all


def _get_item(original: Any) -> Any:
    def __getitem__(self: http.Headers, key: Any) -> str:  # noqa: N807
        if not isinstance(key, _NAMES):
            item: str = original(self, key)
            return item
        values = _found(self, key)
        if not values:
            raise KeyError(key)
        return values[0] if len(values) == 1 else ", ".join(values)

    return __getitem__


def _get(original: Any) -> Any:
    def get(self: http.Headers, key: Any, default: Any = None) -> Any:
        if not isinstance(key, _NAMES):
            return original(self, key, default)
        values = _found(self, key)
        return ", ".join(values) if values else default

    return get


def _contains(original: Any) -> Any:
    def __contains__(self: http.Headers, key: Any) -> bool:  # noqa: N807
        return bool(_found(self, key)) if isinstance(key, _NAMES) else bool(original(self, key))

    return __contains__


def _validated(original: Any) -> Any:
    """A message's head, validated once for all messages whose head says the same; what fails is not remembered."""
    known = set[tuple[object, ...]]()

    def validate_headers(message: http.Message) -> None:
        data = message.data
        key = (type(message), data.http_version, getattr(data, "status_code", 0), data.headers.fields)
        if key in known:
            return
        original(message)
        if len(known) >= _VALIDATED:
            known.clear()
        known.add(key)

    return validate_headers


_REPLACEMENTS = (
    Replacement(layer.Layer, "handle_event", ("self", "event"), _handled, ("_paused", "debug", "_handle_event")),
    Replacement(layers_http.HttpStream, "flow_done", ("self",), _done, ("client_state", "server_state", "child_layer")),
    *COMMANDS,
    Replacement(optmanager.OptManager, "__getattr__", ("self", "attr"), _named_option, ("_options",)),
    Replacement(optmanager._Option, "current", ("self",), _option, ("_default", "value")),
    Replacement(Context, "fork", ("self",), _fork),
    Replacement(http.Headers, "get_all", ("self", "name"), _get_all, ("fields",)),
    Replacement(http.Headers, "__getitem__", ("self", "key"), _get_item),
    Replacement(http.Headers, "get", ("self", "key", "default"), _get),
    Replacement(http.Headers, "__contains__", ("self", "key"), _contains),
    Replacement(layers_http, "validate_headers", ("message",), _validated),
)
