"""One way to put a secret into a request, one file: `scheme: bearer`."""
