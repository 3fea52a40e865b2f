"""A token is asked for before it ends, and never handed out after."""

from __future__ import annotations

import pytest
from tests.relay.jwts import unsigned

from interlock.errors import InterlockError
from interlock.model import Secret
from interlock.relay.freshness import FreshToken, expiry


class Source:
    """Counts; `lasts` is how long the next token is good, None stands for an opaque one."""

    def __init__(self, lasts: float | None = 600) -> None:
        self.lasts = lasts
        self.asked = 0
        self.now = 1_800_000_000.0
        self.broken = False

    async def fetch(self) -> Secret:
        self.asked += 1
        if self.broken:
            raise InterlockError("broken")
        if self.lasts is None:
            return Secret(f"opaque-{self.asked}")
        return Secret(unsigned(exp=self.now + self.lasts, jti=self.asked))

    def clock(self) -> float:
        return self.now


async def test_a_token_is_kept_until_shortly_before_its_end() -> None:
    """It is asked for again when a fifth of its life (at least 30 s) is left."""
    source = Source()
    token = FreshToken(source, now=source.clock)
    first, ends = await token.get()
    source.now += 470
    assert (await token.get())[0] == first
    assert ends == 1_800_000_600.0
    source.now += 20
    assert (await token.get())[0] != first
    assert source.asked == 2


async def test_an_opaque_token_is_asked_for_every_minute() -> None:
    """Nothing says when it ends."""
    source = Source(lasts=None)
    token = FreshToken(source, now=source.clock)
    _, ends = await token.get()
    assert ends is None
    source.now += 61
    await token.get()
    assert source.asked == 2


async def test_an_expired_token_is_never_handed_out() -> None:
    """A source that gives yesterday's token is an error that says so."""
    source = Source(lasts=-1)
    with pytest.raises(InterlockError, match="expired already"):
        await FreshToken(source, now=source.clock).get()


async def test_a_broken_source_is_bridged_while_the_token_counts() -> None:
    """Until its end the old token serves, and the source is not asked for every request; after it, there is none."""
    source = Source()
    token = FreshToken(source, now=source.clock)
    first, _ = await token.get()
    source.broken = True
    source.now += 590
    assert (await token.get())[0] == first
    assert (await token.get())[0] == first
    assert source.asked == 2
    source.now += 20
    with pytest.raises(InterlockError, match="broken"):
        await token.get()


async def test_a_token_that_was_turned_down_is_asked_for_anew() -> None:
    """Only the token at hand counts: an older one that is turned down late changes nothing."""
    source = Source()
    token = FreshToken(source, now=source.clock)
    first, _ = await token.get()
    token.rejected(first)
    second, _ = await token.get()
    token.rejected(first)
    assert (await token.get())[0] == second
    assert source.asked == 2


@pytest.mark.parametrize("text", ["", "a.b.c", "a.b", "a.bnVsbA.c", "a." + "A" * 70_000 + ".c", "a.e30.c", "a.W10.c"])
def test_what_is_no_token_has_no_expiry(text: str) -> None:
    """Nothing raises, whatever the text."""
    assert expiry(Secret(text)) is None


def test_a_boolean_is_no_expiry() -> None:
    """`exp: true` is not one second."""
    assert expiry(Secret(unsigned(exp=True))) is None
