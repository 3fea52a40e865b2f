"""Places that recordings are shipped to, one file each."""
