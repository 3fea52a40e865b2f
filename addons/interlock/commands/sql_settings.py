"""SET, USE, PRAGMA and procedure calls: which change nothing but the session's own comfort, and which much more."""

from __future__ import annotations

import re
from typing import Any

from sqlglot import exp

from interlock.commands.sql_facts import Facts
from interlock.model import Access

__all__ = [
    "check_call_of_procedure",
    "check_pragma",
    "check_query_settings",
    "check_set",
    "check_use",
    "sets_variables",
]

_OWN = """
    time_zone timezone application_name statement_timeout lock_timeout client_min_messages
    idle_in_transaction_session_timeout datestyle intervalstyle extra_float_digits nocount xact_abort textsize
    dateformat datefirst autocommit max_execution_time deadlock_priority threads
    memory_limit max_memory preserve_insertion_order enable_progress_bar query_timeout week_start
    statement_timeout_in_seconds work_mem group_concat_max_len query_tag ansi_nulls ansi_padding ansi_warnings
    arithabort concat_null_yields_null numeric_roundabort rowcount language jit max_parallel_workers_per_gather
    enable_seqscan enable_nestloop enable_hashjoin enable_mergejoin enable_indexscan random_page_cost
    net_read_timeout net_write_timeout wait_timeout interactive_timeout max_statement_time long_query_time
    lock_wait_timeout innodb_lock_wait_timeout optimizer_switch profiling bytea_output xmlbinary
    timestamp_output_format date_output_format
"""
_CHARACTERS = r"'?(utf8|utf8mb3|utf8mb4|latin1|ascii|binary|default)'?"
_VALUE = r"('[\w /+:.,-]*'|[\w+.-]+)"
_COMFORT = re.compile(
    rf"(session |local )?(@@session\.)?({'|'.join(_OWN.split())})( ?= ?| to | )({_VALUE})( collate {_VALUE})?"
    rf"|client_encoding( ?= ?| to ) ?{_CHARACTERS.replace('utf8|', 'utf8|utf-8|unicode|')}"
    rf"|(names|character set|charset|(session )?character_set_(client|connection|results)( ?= ?)) ?{_CHARACTERS}"
    rf"( collate {_VALUE})?|quoted_identifier( ?=)? on"
    rf"|statistics (io|time|xml|profile)(,? ?(io|time))?( ?=)? (on|off)|showplan_(xml|text|all)( ?=)? (on|off)"
    rf"|(session |local )?time zone {_VALUE}|(session )?transaction (isolation level [a-z ]+|read only)",
    re.IGNORECASE,
)
_VARIABLE = re.compile(r"@\w+ ?:?= ?.*", re.DOTALL)
_CONTEXT = re.compile(
    r"(session |local )?(search_path|schema)\b|identity_insert( =)? [\w.\[\]]+( as)? (on|off)\Z", re.IGNORECASE
)
_RIGHTS = re.compile(r"(session |local )?(role|session authorization|authorization|password)\b", re.IGNORECASE)
_SHOWN = """
    foreign_keys journal_mode user_version page_count page_size encoding integrity_check quick_check schema_version
    foreign_key_check application_id freelist_count cache_size synchronous busy_timeout temp_store auto_vacuum
    data_version locking_mode max_page_count secure_delete recursive_triggers query_only journal_size_limit
    wal_autocheckpoint analysis_limit cache_spill mmap_size threads soft_heap_limit hard_heap_limit
"""
_CHECKS = frozenset(("integrity_check", "quick_check", "foreign_key_check"))
_TUNED = """
    foreign_keys journal_mode busy_timeout cache_size temp_store synchronous recursive_triggers query_only mmap_size
    user_version application_id encoding page_size optimize analysis_limit case_sensitive_like defer_foreign_keys
    wal_checkpoint wal_autocheckpoint cache_spill threads
"""
_OF_DUCKDB = frozenset(
    ("show_tables", "show_tables_expanded", "show_databases", "show", "version", "platform", "user_agent",
     "database_size", "storage_info", "metadata_info", "collations", "functions", "extension_versions")
)  # fmt: skip
SHOWN, TUNED = frozenset(_SHOWN.split()), frozenset(_TUNED.split())
_OF_QUERIES = re.compile(
    r"(max_(?!concurrent)|min_|optimize_|join_|use_|output_format_|input_format_|format_(?!schema)|date_time_|prefer_"
    r"|distributed_(?!ddl)|group_by_|query_plan_|timeout_|aggregate_functions_|any_join_|enable_|allow_experimental_"
    r"|allow_suspicious_|log_comment|log_queries|final|limit|offset|read_overflow_|result_overflow_|partial_|transform_"
    r"|count_distinct_|empty_result_|extremes|totals_|send_progress|wait_end_of_query|priority|short_circuit_|do_not_merge"
    r"|merge_tree_|load_balancing|skip_unavailable_|select_sequential|session_timezone|mutations_sync|async_insert"
    r"|insert_(quorum|deduplicate|null)|cast_|describe_|union_|local_filesystem_read|async_socket|parallel_)\w*\Z"
)
_CATALOG = """
    sp_help sp_helptext sp_helpindex sp_columns sp_tables sp_who sp_who2 sp_spaceused sp_fkeys sp_pkeys sp_depends
    sp_databases sp_statistics sp_helpdb sp_helpconstraint sp_helprole sp_helpuser sp_helpfile sp_helptrigger
    sp_helprolemember sp_columns_ex sp_stored_procedures sp_sproc_columns sp_special_columns sp_server_info
    sp_describe_first_result_set sp_lock sp_monitor sp_helpstats sp_helpsort sp_datatype_info
"""
_CATALOG_PROCEDURES = frozenset(_CATALOG.split())


def check_set(text: str, facts: Facts) -> None:
    """`text` is what follows SET. The session's own time zone, encoding or time-outs are as good as reading."""
    text = text.strip()
    if _COMFORT.fullmatch(text):
        return
    if _VARIABLE.fullmatch(text) or _CONTEXT.match(text):
        facts.raise_to(Access.ADMIN)
    elif _RIGHTS.match(text) or re.match(r"@@global|global|persist|password", text, re.IGNORECASE):
        facts.raise_to(Access.ADMIN, "session", *(["rights"] if _RIGHTS.match(text) else []))
    else:
        facts.raise_to(Access.ADMIN, "session")


def sets_variables(statement: Any, dialect: str) -> bool:
    """Whether SET only gives values to variables of the text's own: `@x` in T-SQL, all but `@@x` in BigQuery."""
    kind = {"tsql": "Parameter", "bigquery": "Column", "snowflake": "Column", "duckdb": "Column"}.get(dialect, "")
    values = [item.this for item in statement.expressions]
    if dialect in ("snowflake", "duckdb") and any(
        item.args.get("kind") != "VARIABLE" for item in statement.expressions
    ):
        return False
    return bool(values) and all(isinstance(one, exp.EQ) and type(one.this).__name__ == kind for one in values)


def check_query_settings(settings: list[Any], facts: Facts) -> None:
    """ClickHouse's SETTINGS behind a query: what limits or formats it, and what frees it from limits."""
    for one in settings:
        name = one.this.name.lower() if isinstance(one, exp.EQ) else ""
        if not _OF_QUERIES.match(name):
            facts.kinds["set"] = None
            facts.raise_to(Access.ADMIN, "session")


def check_use(statement: Any, facts: Facts) -> None:
    """Another database changes what names mean; another role what is allowed."""
    kind = str(statement.args.get("kind") or "").upper()
    facts.raise_to(
        Access.ADMIN, *([] if kind in ("", "DATABASE", "SCHEMA", "WAREHOUSE", "CATALOG") else ["session", "rights"])
    )


def check_pragma(statement: Any, known: frozenset[str], facts: Facts) -> None:
    """PRAGMAs that show, those that tune the connection, and the others."""
    inner = statement.this
    sets = isinstance(inner, exp.EQ)
    name = inner.this if isinstance(inner, exp.EQ | exp.Anonymous) else inner
    if isinstance(name, exp.Dot):
        name = name.expression
    text = str(getattr(name, "name", name)).lower()
    if statement.find(exp.Command) is None and (text in known or (text in SHOWN and not sets)):
        return
    if (text in _OF_DUCKDB and not sets) or text in _CHECKS:
        return
    careless = sets and text == "journal_mode" and inner.expression.name.lower() == "off"
    facts.raise_to(Access.ADMIN, *([] if text in TUNED and not careless else ["session"]))


def check_call_of_procedure(statement: Any, facts: Facts) -> None:
    """T-SQL's EXEC: of a text that is put together, of a system procedure, or of one whose content is not seen."""
    name = statement.this.name.lower() if isinstance(statement.this, exp.Table) else ""
    plain = bool(name) and isinstance(statement.this.this, exp.Identifier)
    if plain and name in _CATALOG_PROCEDURES:
        facts.raise_to(Access.ADMIN)
        return
    facts.raise_to(Access.ADMIN, "opaque")
    if not plain or name.startswith(("sp_", "xp_")):
        facts.flags["dynamic"] = None
