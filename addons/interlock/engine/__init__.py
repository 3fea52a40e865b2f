"""Where the parts meet, without I/O: rules loaded and checked, requests routed, read, judged, masked."""
