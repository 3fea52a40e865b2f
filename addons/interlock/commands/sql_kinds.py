"""The kinds of SQL statements, by sqlglot's names, and what each amounts to."""

from __future__ import annotations

__all__ = [
    "ADMIN", "COMMANDS", "DATA", "FLAGGED", "HARMLESS", "OBJECTS", "OPAQUE", "PRAGMAS", "READS", "STARTERS",
    "STRUCTURE", "TABLE_LIKE",
]  # fmt: skip

READS = ("Select", "Union", "Intersect", "Except", "Subquery", "Values", "Paren", "Summarize", "Pivot")
"""Roots that read."""
HARMLESS = {"Transaction": "transaction", "Commit": "transaction", "Rollback": "transaction", "Show": "show"}
"""Roots that change no data."""
DATA = {"MultitableInserts": "insert", "Insert": "insert", "Update": "update", "Delete": "delete", "Merge": "merge"}
"""Statements that change rows."""
STRUCTURE = {"Create": "create", "Drop": "drop", "Alter": "alter", "TruncateTable": "truncate",
              "Comment": "comment", "Undrop": "undrop"}  # fmt: skip
"""Statements that change tables."""
ADMIN = {"Grant": "grant", "Revoke": "revoke", "Use": "use", "Set": "set", "Copy": "copy", "Attach": "attach",
          "Detach": "detach", "Pragma": "pragma", "Kill": "kill", "Execute": "execute", "ExecuteSql": "execute",
          "Analyze": "analyze", "LoadData": "load", "Export": "export", "Put": "put", "Get": "get",
          "AlterSession": "alter", "Install": "install", "Refresh": "refresh",
          "ListStage": "list"}  # fmt: skip
"""Statements that administer, or run what is not seen."""
FLAGGED = {
    "AlterSession": "session", "Kill": "session", "Copy": "files", "Attach": "files", "LoadData": "files",
    "Export": "files", "Put": "files", "Get": "files", "Install": "files", "ListStage": "files",
    "ExecuteSql": "dynamic",
    "Grant": "rights", "Revoke": "rights",
}  # fmt: skip
"""Why some of these deserve a flag."""
OBJECTS = {
    **dict.fromkeys(("USER", "ROLE", "LOGIN", "GROUP", "POLICY", "OWNER", "PRIVILEGES", "AUTHORIZATION"), "rights"),
    **dict.fromkeys(("SERVER", "SUBSCRIPTION", "PUBLICATION", "STAGE", "INTEGRATION", "SECRET", "EXTERNAL", "FOREIGN",
                     "CONNECTION", "ENDPOINT", "PIPE", "SHARE"), "network"),
    **dict.fromkeys(("FUNCTION", "PROCEDURE", "PROC", "TRIGGER", "RULE", "EXTENSION", "LANGUAGE", "AGGREGATE", "EVENT",
                     "PLUGIN", "PACKAGE", "TASK", "ASSEMBLY", "STREAMLIT", "MACRO"), "code"),
    **dict.fromkeys(("SYSTEM", "INSTANCE", "ACCOUNT", "TABLESPACE", "DATABASE"), "session"),
}  # fmt: skip
"""What creating or altering something other than a table deserves as a flag."""
TABLE_LIKE = frozenset(("TABLE", "VIEW", "INDEX", "SCHEMA", "SEQUENCE", "DATABASE", "COLUMN", "CONSTRAINT"))
"""Objects whose definition is data definition; all others are administration."""
COMMANDS = {"do": "dynamic", "call": "opaque", "execute": "dynamic", "exec": "dynamic", "prepare": "dynamic",
             "declare": "opaque", "begin": "dynamic", "deallocate": "session",
             "reset": "session", "lock": "session", "lock tables": "session", "load": "files",
             "get": "files", "put": "files", "copy": "files", "attach": "files",
             "system": "session", "kill": "session", "shutdown": "session", "listen": "session", "notify": "session",
             "discard": "session", "remove": "files", "list": "files", "rm": "files", "ls": "files",
             "reconfigure": "session"}  # fmt: skip
"""Statements that sqlglot keeps as text."""
OPAQUE = frozenset(("call", "execute", "exec", "do"))
"""Statements that run what is not in the text."""
_PRAGMAS = """
table_info table_xinfo table_list index_list index_info index_xinfo foreign_key_list database_list
collation_list function_list compile_options module_list pragma_list stats
"""
PRAGMAS = frozenset(_PRAGMAS.split())
"""PRAGMAs of SQLite that only show."""
_STARTERS = """
delete update insert merge drop truncate alter create grant revoke deny exec execute kill use backup restore
shutdown dbcc waitfor declare set print raiserror begin commit rollback reconfigure bulk go if while return
goto throw save checkpoint deallocate open close fetch end else disable enable send receive revert setuser
readtext writetext updatetext
"""
STARTERS = frozenset(_STARTERS.split())
"""Words that begin a statement: T-SQL needs no semicolon before them."""
