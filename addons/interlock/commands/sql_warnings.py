"""What a function could do that is not known to be harmless, by its name: files, connections, other sessions, waiting.

All of them are administration, whether they are named here or not; the flags are for rules and for people.
A name that ends in `*` stands for all that begin so, one that begins with it for all that end so.
"""

from __future__ import annotations

import re

__all__ = ["warned"]

_WARNED = {
    "files": """
        pg_read_* pg_ls_* pg_stat_file pg_file_* lo_* loread lowrite load_file load_extension readfile writefile edit
        fts3_tokenizer dm_os_file_exists dm_os_enumerate_* readcsv readparquet xp_dirtree xp_fileexist
        xp_subdirs tofile read_* parquet_* sniff_*
        sqlite_scan sqlite_attach sqlite glob file filecluster filesystem filelog st_read* st_fromgdalraster
        st_addband pg_current_logfile executable openrowset_bulk bulkcolumn fsdir lsdir zipfile sqlar_* csv input
        addresstoline addresstolinewithinlines addresstosymbol catboostevaluate vsv infer_schema evalmlmethod fn_xe_*
        fn_get_audit_*
        fn_trace_* fn_dblog fn_dump_dblog fn_full_* pg_hba_* pg_ident_* pg_show_all_file_settings arrow_scan*
        pandas_scan python python_* seq_scan excel_* *_attach copy_database add_parquet_key utl_file bfilename
        dbms_lob dbms_advisor get_presigned_url build_scoped_file_url build_stage_file_url get_stage_location
        write_log paimonlocal iceberglocal deltalakelocal dbms_xslprocessor
    """,
    "network": """
        dblink* openrowset opendatasource openquery postgres_fdw* http http_* net sys_eval ai ai_* aiclassify aiembed
        aiextract aifilter aigenerate aiagg aiforecast airedact aisimilarity aisummarizeagg aitranslate ml mltranslate
        generatetext generateembedding generatetable generatebool generatedouble generateint generate_text
        generate_embedding url urlcluster s3 s3cluster s3queue* gcs cosn oss azureblob* azure_* hdfs hdfscluster remote
        remotesecure cluster clusterallreplicas mysql mysql_* postgresql postgres_* mongodb redis jdbc odbc bigquery
        bigquery_* deltalake* delta_*
        iceberg iceberg_* icebergs3* icebergazure* icebergcluster iceberghdfs* hudi* paimon* ytsaurus arrow_flight*
        arrowflight* external_query
        utl_http utl_tcp utl_smtp utl_mail utl_inaddr utl_url httpuritype kafka aws_* aws_commons plv8*
        getclienthttpheader complete summarize translate_text prometheusquery* uri dbms_ldap xdburitype
    """,
    "session": """
        set_config get_lock release_lock release_all_locks master_pos_wait source_pos_wait
        master_gtid_wait wait_for_executed_gtid_set wait_until_sql_thread_after_gtids sp_setapprole enable_* disable_*
        force_checkpoint checkpoint asynchronous_connection_failover_* group_replication_set_*
        group_replication_switch_* service_get_*
        service_rel* keyring_* sys_get sys_set lib_mysqludf_* audit_log_* firewall_* mysql_firewall_* audit_api_*
        reloaddictionary reload_dictionaries
        register_* deregister_* create_external* destroy_external* truncate_duckdb_logs brin_* gin_clean_*
        binary_upgrade_* currtid2 version_tokens_* dbms_* add_retention_policy add_compression_policy add_job
        delete_job run_job drop_chunks
    """,
    "secrets": """
        getenv duckdb_secrets which_secret
    """,
    "slow": """
        pg_sleep* sleep sleep_ms sleepeachrow benchmark randomblob waitfor waitfor_* dbms_lock dbms_pipe dbms_session
    """,
    "dynamic": """
        query_to_* database_to_* table_to_* schema_to_* cursor_to_* sp_* xp_* sys_exec eval dynamicidentifier
        dynamic_identifier ts_stat crosstab crosstab2 crosstab3 crosstab4 crosstabn connectby
        json_execute_serialized_sql sha3_query exec system query query_table dbms_sql dbms_xmlgen
        dbms_xmlquery xpath_table shell shell_* reflect reflect2 try_reflect java_method
    """,
}
_OWN = re.compile(r"(pg_|binary_upgrade_|system\$|fn_|dm_|dbms_|utl_|sqlite_|ps_setup_)")
_BEGINS = [(name.rstrip("*"), flag) for flag, names in _WARNED.items() for name in names.split() if name[-1] == "*"]
_ENDS = [(name.lstrip("*"), flag) for flag, names in _WARNED.items() for name in names.split() if name[0] == "*"]
_NAMED = {name: flag for flag, names in _WARNED.items() for name in names.split() if "*" not in name}
_STARTS, _STOPS = tuple(name for name, _ in _BEGINS), tuple(name for name, _ in _ENDS)


def warned(name: str) -> list[str]:
    """The flags that a function's name deserves; all of them are administration.

    A function of the server's own, by the beginning of its name, that is not known to be harmless deserves one too.
    """
    found = {_NAMED[name]: None} if name in _NAMED else {}
    if name.startswith(_STARTS):
        found.update((flag, None) for start, flag in _BEGINS if name.startswith(start))
    if name.endswith(_STOPS):
        found.update((flag, None) for end, flag in _ENDS if name.endswith(end))
    return list(found) or (["session"] if _OWN.match(name) else [])
