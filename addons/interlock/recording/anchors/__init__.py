"""One place that keeps tree heads, one file: what stands in `to:` of an entry of `recording: anchors:`."""
