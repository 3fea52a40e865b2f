"""Database clients whose words are SQL: in which options it stands, and which take a word of their own."""

from __future__ import annotations

import re

__all__ = ["BUNDLED", "CLIENTS", "POSITIONS", "SUBCOMMANDS"]

CLIENTS = {
    "psql": ("postgres", ("-c", "--command"), ("-h", "-p", "-U", "-d", "-F", "-P", "-R", "--host", "--port",
             "--username", "--dbname", "--pset")),
    "mysql": ("mysql", ("-e", "--execute"), ("-h", "-P", "-u", "-D", "-S", "--host", "--port", "--user", "--database")),
    "mariadb": ("mysql", ("-e", "--execute"), ("-h", "-P", "-u", "-D", "-S", "--host", "--port", "--user")),
    "sqlcmd": ("tsql", ("-Q", "-q"), ("-S", "-U", "-P", "-d", "-h", "-s", "-W", "-y", "-Y")),
    "duckdb": ("duckdb", ("-c", "-s", "-cmd"), ("-separator", "-newline", "-nullvalue")),
    "clickhouse-client": ("clickhouse", ("-q", "--query"), ("-h", "--host", "--port", "-u", "--user",
    "--password", "-d",
                          "--database", "-f", "--format")),
    "mycli": ("mysql", ("-e", "--execute"), ("-h", "-P", "-u", "-D", "--host", "--port", "--user", "--database")),
    "pgcli": ("postgres", ("-c", "--command"), ("-h", "-p", "-U", "-u", "-d", "--host", "--port", "--username",
    "--dbname")),
    "usql": ("", ("-c", "--command"), ()), "cockroach": ("postgres", ("-e", "--execute"), ("--host", "--url",
    "--database", "-d")),
    "trino": ("", ("--execute",), ("--server", "--catalog", "--schema", "--user")),
    "hive": ("", ("-e",), ("--hiveconf", "-d", "--database")), "beeline": ("", ("-e",), ("-u", "-n", "-p", "-d")),
    "spark-sql": ("", ("-e",), ("--master", "--conf")), "impala-shell": ("", ("-q", "--query"), ("-i", "-d",
    "--database")),
    "isql": ("", (), ()), "sqlplus": ("", (), ()), "cqlsh": ("", ("-e", "--execute"), ("-u", "-p", "-k")),
    "litecli": ("sqlite", ("-e", "--execute"), ()),
    "ysqlsh": ("postgres", ("-c", "--command"), ("-h", "-p", "-U", "-d")),
    "vsql": ("", ("-c", "--command"), ("-h", "-p", "-U", "-w", "-d")), "db2": ("", (), ()),
    **dict.fromkeys(("presto", "presto-cli", "trino-cli"), ("", ("--execute",), ("--server", "--catalog", "--schema"))),
    "mssql-cli": ("tsql", ("-Q", "--query"), ("-S", "-U", "-P", "-d")),
    "osqueryi": ("sqlite", (), ()),
    "clickhouse-local": ("clickhouse", ("-q", "--query"), ("-f", "--file", "-S", "--structure", "--format")),
    "snow": ("snowflake", ("-q", "--query"), ("-c", "--connection", "--database", "--schema", "--role")),
    "snowsql": ("snowflake", ("-q", "--query"), ("-a", "-u", "-d", "-s", "-r", "-w", "-c")),
}  # fmt: skip
"""Client -> dialect, options that hold SQL, options that take a word."""
SUBCOMMANDS = {"snow": {"sql": "snow"}, "clickhouse": {"client": "clickhouse-client", "local": "clickhouse-local"}}
"""Programs that are clients below one of their words."""
POSITIONS = {"duckdb": 1, "osqueryi": 0, "db2": 0}
"""Clients that take SQL as an operand, and which one."""
BUNDLED = {
    "postgres": re.compile(r"-[tAqXnaebEsSwWx1z0]+c\Z"),
    "mysql": re.compile(r"-[NBsvtCfnrqH]+e\Z"),
    "tsql": re.compile(r"(?!)"),
}
"""Options bundled with the one that holds SQL, by dialect."""
