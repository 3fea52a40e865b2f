"""One file, one scheme: how a caller proves who it is. Each module holds PART, a Scheme."""
