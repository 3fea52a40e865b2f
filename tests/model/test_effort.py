"""What a budget counts is the thread's own work: neither waiting nor the collector's."""

from __future__ import annotations

import gc
import time

from interlock.model.effort import effort


def _work(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def test_work_counts():
    """At least what was worked, as the processor counts it."""
    began = effort()
    _work(0.05)
    assert effort() - began >= 0.05


def test_collections_do_not_count():
    """A collection that takes as long as many texts leaves nothing of itself but a moment."""
    heap = [[number] for number in range(300_000)]
    before, began = time.thread_time(), effort()
    for _ in range(5):
        gc.collect()
    spent, counted = time.thread_time() - before, effort() - began
    assert spent > 0.01
    assert counted < spent / 2
    assert len(heap) == 300_000


def test_a_collection_in_the_middle_of_work_is_left_out():
    """Work before and after it counts."""
    heap = [[number] for number in range(300_000)]
    began = effort()
    _work(0.02)
    gc.collect()
    _work(0.02)
    assert effort() - began >= 0.04
    del heap
