"""One argument condition a file: what members of a rule it owns, and the test over an operation they compile to."""
