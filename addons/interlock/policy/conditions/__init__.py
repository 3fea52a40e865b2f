"""One condition a file: what members it owns in `to:` or `when:`, and the test they compile to."""
