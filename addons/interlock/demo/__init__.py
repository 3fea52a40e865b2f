"""The embedded services that the demo and the tests play on, and the demo itself.

Everything here listens on loopback alone, lives as long as its context manager, and holds invented people.
It needs the development dependencies (`uvicorn`, `mcp`, `anthropic`); the gateway never imports it.
"""
