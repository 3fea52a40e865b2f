"""The console: where people see what agents ask for, and decide. Server-rendered pages; nothing is built."""
