"""One file a language: each defines `PART`, a `interlock.commands.language.Language`."""
