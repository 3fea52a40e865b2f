"""What an exchange would do: bytes in, operations out; no sockets, no clock, no mitmproxy (invariant 9)."""
