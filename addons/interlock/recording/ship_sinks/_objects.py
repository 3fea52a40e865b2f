"""What the kinds of object storage share: obstore's stores (MIT; Rust, off the interpreter's lock) as `Objects`.

Errors of the library name addresses, and answers may stand in them: what is told is their kind alone.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from interlock.recording.ship_target import Address

if TYPE_CHECKING:
    from obstore.store import ClientConfig, ObjectStore, RetryConfig

__all__ = ["Stored", "client", "opened", "retries"]

_PART: Final = 8 << 20
_READ: Final = 1 << 20


class Stored:
    """One store of the library."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def put(self, name: str, chunks: AsyncIterator[bytes], size: int) -> None:
        """See Objects. What is larger than a part goes in several, and counts when all are there."""
        import obstore

        await _tell(obstore.put_async(self._store, name, chunks, use_multipart=size > _PART, chunk_size=_PART))

    async def get(self, name: str) -> AsyncIterator[bytes]:
        """See Objects."""
        import obstore

        found = await _tell(obstore.get_async(self._store, name))
        stream = found.stream(_READ).__aiter__()
        while True:
            try:
                piece = bytes(await stream.__anext__())
            except StopAsyncIteration:
                return
            except Exception as error:
                raise _failed(error) from None
            yield piece

    async def delete(self, name: str) -> None:
        """See Objects."""
        import obstore

        try:
            await _tell(obstore.delete_async(self._store, name))
        except FileNotFoundError:
            return

    async def list(self, folder: str) -> AsyncIterator[str]:
        """See Objects."""
        import obstore

        pages = obstore.list(self._store, f"{folder}/" if folder else None).__aiter__()
        while True:
            try:
                page = await pages.__anext__()
            except StopAsyncIteration:
                return
            except Exception as error:
                if isinstance(failed := _failed(error), FileNotFoundError):
                    return
                raise failed from None
            for found in page:
                yield found["path"]

    async def close(self) -> None:
        """See Objects."""


async def _tell(work: Any) -> Any:
    try:
        return await work
    except Exception as error:
        raise _failed(error) from None


def _failed(error: Exception) -> OSError:
    kind = type(error).__name__
    return FileNotFoundError(kind) if kind in ("NotFoundError", "FileNotFoundError") else OSError(kind)


def opened(make: Callable[[], ObjectStore]) -> Stored:
    """The store that `make` makes. Raises OSError for whatever it does not like."""
    try:
        return Stored(make())
    except Exception as error:
        raise OSError(f"the place cannot be used: {type(error).__name__}") from None


def client(address: Address) -> ClientConfig:
    """How to talk to a service: in bounded time, without TLS only where the endpoint says so."""
    plain = address.options.get("endpoint", "").startswith("http://")
    return {"timeout": timedelta(minutes=2), "connect_timeout": timedelta(seconds=10), "allow_http": plain}


def retries() -> RetryConfig:
    """The outbox tries again for as long as it takes; one attempt gives up soon."""
    return {"max_retries": 2, "retry_timeout": timedelta(seconds=30)}
