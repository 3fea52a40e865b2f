"""One place where secrets are kept, one file: what comes before the colon in `from: env:NAME`."""
