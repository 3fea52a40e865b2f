"""One file a change of the tables, in order; each names the one before it. What has shipped is never edited."""
