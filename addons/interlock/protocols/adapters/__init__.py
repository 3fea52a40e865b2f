"""One file a protocol; each defines `PART`, an `interlock.protocols.adapter.Adapter`."""
