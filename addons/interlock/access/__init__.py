"""Access reviews: who may do what and did, campaigns in which people stand by it or not, proposals and drift."""
