"""The policy enforcement point: the only folder that imports mitmproxy."""
