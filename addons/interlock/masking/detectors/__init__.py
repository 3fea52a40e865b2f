"""One detector a file; each carries its examples, which one shared test runs."""
