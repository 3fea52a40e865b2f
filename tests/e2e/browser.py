"""The browser through which tests look at pages: a real Chromium."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

__all__ = ["launched"]


@contextlib.contextmanager
def launched() -> Iterator[Browser]:
    """One that ends with the block; without Chromium there is nothing to be shown, and the test fails."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.fail("no chromium is installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()
