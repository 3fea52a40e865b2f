"""What outlives a process, behind the ports of `interlock.ports`."""
