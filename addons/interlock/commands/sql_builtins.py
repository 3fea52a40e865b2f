"""Functions that only compute or describe in one database, beside those that do so in all: row stores and clouds.

Sources: the functions that PostgreSQL 18 and SQLite 3 list themselves, without those that reach files, other sessions
or settings, and PostgreSQL's usual extensions; the manuals of MySQL 8.4 and 9, Transact-SQL, Snowflake and BigQuery.
"""

from __future__ import annotations

__all__ = ["BUILTINS"]

_NAMES = {
    "postgres": """
        abbrev acldefault aclexplode acosd akeys approximate_row_count area armor array_reverse array_sample
        array_shuffle array_to_tsvector asind atan2d atand avals binary_quantize bound_box box broadcast
        casefold center chunks_detailed_size circle col_description convert_from convert_to cosd cotd crc32c
        crypt cube cube_dim cube_distance current_query currval daitch_mokotoff date_subtract datemultirange
        dearmor decode decrypt decrypt_iv defined diagonal diameter digest dmetaphone dmetaphone_alt each
        earth_box earth_distance encode encrypt encrypt_iv erfc family find_srid float4 float8 gen_random_bytes
        gen_salt geometrytype get_current_ts_config getdatabaseencoding hamming_distance
        has_any_column_privilege has_database_privilege has_foreign_data_wrapper_privilege
        has_function_privilege has_language_privilege has_parameter_privilege has_sequence_privilege
        has_server_privilege has_tablespace_privilege has_type_privilege hashtext hashtextextended height
        hll_add_agg hll_cardinality hll_hash_bigint hll_hash_text hll_union_agg hmac hostmask hstore
        hstore_to_array hstore_to_json hstore_to_jsonb hstore_to_matrix hypertable_detailed_size hypertable_size
        icount icu_unicode_version idx index inet_merge inet_same_family inner_product int2 int4 int4multirange
        int8 int8multirange interpolate intset is_normalized ishorizontal isparallel isperp isvertical
        jaccard_distance json_agg_strict json_object_agg_strict json_object_agg_unique
        json_object_agg_unique_strict json_populate_record json_populate_recordset json_scalar json_serialize
        json_to_tsvector jsonb_agg_strict jsonb_object_agg_strict jsonb_object_agg_unique
        jsonb_object_agg_unique_strict jsonb_path_exists_tz jsonb_path_match_tz jsonb_path_query_array_tz
        jsonb_path_query_first_tz jsonb_path_query_tz jsonb_populate_record_valid jsonb_set_lax
        jsonb_to_tsvector l1_distance l2_distance l2_normalize lastval latitude lca levenshtein_less_equal line
        ll_to_earth locf longitude lseg ltree2text macaddr8_set7bit makeaclitem merge_action metaphone
        multirange mxid_age netmask network nlevel normalize npoints numeric nummultirange overlaps
        pg_available_extension_versions pg_available_extensions pg_basetype pg_blocking_pids
        pg_buffercache_summary pg_char_to_encoding pg_client_encoding pg_collation_actual_version
        pg_collation_for pg_collation_is_visible pg_column_compression pg_column_is_updatable pg_conf_load_time
        pg_control_checkpoint pg_control_init pg_control_recovery pg_control_system pg_conversion_is_visible
        pg_current_snapshot pg_current_wal_flush_lsn pg_current_wal_insert_lsn pg_current_wal_lsn
        pg_current_xact_id pg_current_xact_id_if_assigned pg_cursor pg_describe_object pg_encoding_to_char
        pg_extension_update_paths pg_filenode_relation pg_freespace pg_function_is_visible pg_get_acl
        pg_get_catalog_foreign_keys pg_get_function_arg_default pg_get_function_arguments
        pg_get_function_identity_arguments pg_get_function_result pg_get_function_sqlbody pg_get_keywords
        pg_get_object_address pg_get_partition_constraintdef pg_get_partkeydef pg_get_publication_tables
        pg_get_replica_identity_index pg_get_replication_slots pg_get_ruledef pg_get_sequence_data
        pg_get_serial_sequence pg_get_statisticsobjdef pg_get_statisticsobjdef_columns
        pg_get_statisticsobjdef_expressions pg_get_triggerdef pg_get_userbyid pg_get_wait_events pg_has_role
        pg_identify_object pg_identify_object_as_address pg_index_column_has_property pg_index_has_property
        pg_indexam_has_property pg_input_error_info pg_input_is_valid pg_is_in_recovery pg_is_other_temp_schema
        pg_is_wal_replay_paused pg_jit_available pg_last_committed_xact pg_last_wal_receive_lsn
        pg_last_wal_replay_lsn pg_last_xact_replay_timestamp pg_listening_channels pg_lock_status pg_lsn
        pg_mcv_list_items pg_my_temp_schema pg_notification_queue_usage pg_opclass_is_visible
        pg_operator_is_visible pg_opfamily_is_visible pg_options_to_table pg_partition_ancestors
        pg_partition_root pg_partition_tree pg_postmaster_start_time pg_prepared_statement pg_prepared_xact
        pg_relation_filenode pg_relation_filepath pg_relation_is_publishable pg_relation_is_updatable
        pg_safe_snapshot_blocking_pids pg_sequence_last_value pg_sequence_parameters pg_settings_get_flags
        pg_show_all_settings pg_size_bytes pg_snapshot_xip pg_snapshot_xmax pg_snapshot_xmin
        pg_split_walfile_name pg_stat_statements pg_statistics_obj_is_visible pg_tablespace_databases
        pg_tablespace_location pg_tablespace_size pg_timezone_abbrevs pg_timezone_names pg_trigger_depth
        pg_ts_config_is_visible pg_ts_dict_is_visible pg_ts_parser_is_visible pg_ts_template_is_visible
        pg_type_is_visible pg_visible_in_snapshot pg_wal_lsn_diff pg_walfile_name pg_walfile_name_offset
        pg_xact_commit_timestamp pg_xact_status pgp_sym_decrypt pgp_sym_decrypt_bytea pgp_sym_encrypt
        pgp_sym_encrypt_bytea pgstatindex pgstattuple point polygon postgis_full_version postgis_version
        querytree radius random_normal range_intersect_agg row_security_active satisfies_hash_partition set_bit
        set_byte set_masklen show_chunks show_limit show_trgm sind skeys slice slope sort sort_asc sort_desc
        strict_word_similarity subarray subltree subpath subvector svals tand text text2ltree
        time_bucket_gapfill timestamptz timezone to_oct to_regcollation to_regnamespace to_regoper
        to_regoperator to_regproc to_regprocedure to_regrole to_regtypemod ts_debug ts_delete ts_filter
        ts_lexize ts_parse ts_token_type tsmultirange tsquery_phrase tstzmultirange txid_current
        txid_current_if_assigned txid_current_snapshot txid_snapshot_xip txid_snapshot_xmax txid_snapshot_xmin
        txid_status txid_visible_in_snapshot unaccent unicode_assigned unicode_version uuid_extract_timestamp
        uuid_extract_version uuid_generate_v1 uuid_generate_v1mc uuid_generate_v3 uuid_generate_v5 uuid_nil
        uuid_ns_dns uuid_ns_url vector_dims vector_norm width xml_is_well_formed xml_is_well_formed_content
        xml_is_well_formed_document xmlagg xmlattributes xmlcomment xmlconcat xmlelement xmlexists xmlforest
        xmlparse xmlpi xmlroot xmlserialize xmltext xpath xpath_exists
    """,
    "mysql": """
        adddate addtime aes_decrypt aes_encrypt area astext asymmetric_encrypt buffer can_access_column
        can_access_database can_access_table centroid charset coercibility collation compress connection_id
        decode_oracle des_decrypt distance encode encrypt envelope extract_schema_from_file_name extractvalue
        format_path format_pico_time format_statement format_time found_rows from_vector geomcollection
        geometrycollection geomfromtext glength group_replication_get_write_concurrency icu_version inet6_aton
        inet6_ntoa interval is_free_lock is_ipv4 is_ipv4_compat is_ipv4_mapped is_ipv6 is_used_lock is_uuid
        json_append json_array_append json_compact json_detailed json_equals json_loose json_merge
        json_normalize json_object_to_array json_schema_valid json_schema_validation_report json_storage_free
        json_storage_size last_insert_id linestring list_add list_drop mbrcontains mbrcoveredby mbrcovers
        mbrdisjoint mbrequals mbrintersects mbroverlaps mbrtouches mbrwithin multilinestring multipoint
        multipolygon name_const natural_sort_key numpoints old_password password point polygon
        ps_current_thread_id ps_thread_id ps_thread_stack quote_identifier random_bytes roles_graphml row_count
        sformat srid statement_digest statement_digest_text std string_to_vector sys_get_config to_vector
        uncompress uncompressed_length updatexml uuid_short uuid_v4 uuid_v7 validate_password_strength
        vec_distance vec_distance_cosine vec_distance_euclidean vec_fromtext vec_totext vector_dim
        vector_to_string version_comment version_major version_minor version_patch weight_string x y
    """,
    "sqlite": """
        bytecode changes decimal decimal_add decimal_cmp decimal_mul decimal_sub fts5_get_locale fts5_locale
        fts5_source_id fts5vocab geopoly_area geopoly_bbox geopoly_contains_point geopoly_json geopoly_overlap
        geopoly_svg geopoly_within ieee754 json_error_position jsonb jsonb_array jsonb_extract jsonb_group_array
        jsonb_group_object jsonb_patch jsonb_remove jsonb_replace jsonb_tree last_insert_rowid match matchinfo
        offsets percentile pragma_collation_list pragma_encoding pragma_foreign_key_check pragma_foreign_keys
        pragma_freelist_count pragma_index_xinfo pragma_integrity_check pragma_journal_mode pragma_module_list
        pragma_page_count pragma_page_size pragma_pragma_list pragma_quick_check pragma_user_version regexp
        rtreecheck rtreedepth rtreenode sha3 sqlite_compileoption_get sqlite_compileoption_used sqlite_offset
        sqlite_source_id subtype tables_used tointeger toreal unistr_quote uuid_blob uuid_str
    """,
    "tsql": """
        app_name applock_mode applock_test approx_percentile_cont approx_percentile_disc assemblyproperty
        asymkey_id asymkeyproperty base64_decode base64_encode binary_checksum cert_id certproperty
        change_tracking_current_version change_tracking_min_valid_version changetable checksum_agg
        columnproperty columns_updated compress connectionproperty containstable context_info current_request_id
        current_timezone current_timezone_id current_transaction_id cursor_status database_principal_id
        databaseproperty databasepropertyex datalength date_bucket datetimeoffsetfromparts db_id decompress
        decryptbykey decryptbypassphrase dm_db_index_operational_stats dm_db_index_physical_stats
        dm_db_missing_index_columns dm_db_stats_histogram dm_db_stats_properties dm_exec_cursors
        dm_exec_describe_first_result_set_for_object dm_exec_input_buffer dm_exec_plan_attributes
        dm_exec_query_plan dm_exec_sql_text dm_exec_text_query_plan dm_io_virtual_file_stats dm_os_volume_stats
        dm_sql_referenced_entities dm_sql_referencing_entities edit_distance edit_distance_similarity
        encryptbypassphrase error_line error_message error_number error_procedure error_severity error_state
        eventdata file_id file_idex file_name filegroup_id filegroup_name filegroupproperty fileproperty
        fn_builtin_permissions fn_cdc_get_max_lsn fn_cdc_get_min_lsn fn_cdc_increment_lsn fn_cdc_map_time_to_lsn
        fn_helpcollations fn_isrolemember fn_listextendedproperty fn_my_permissions fn_physlocformatter
        fn_varbintohexstr formatmessage freetext freetexttable fulltextcatalogproperty fulltextserviceproperty
        get_filestream_transaction_context getansinull has_dbaccess has_perms_by_name hashbytes host_id
        host_name ident_current ident_incr ident_seed index_col indexkey_property indexproperty is_member
        is_objectsigned is_rolemember is_srvrolemember jaro_winkler_distance json_path_exists key_guid key_id
        key_name left_shift loginproperty min_active_rowversion nchar newsequentialid object_definition
        object_schema_name objectproperty objectpropertyex openjson openxml original_db_name original_login
        parse permissions publishingservername pwdcompare pwdencrypt right_shift rowcount_big schema_id
        scope_identity serverproperty session_context session_id set_bit smalldatetimefromparts
        sql_variant_property stats_date string_escape suser_id suser_name suser_sid trigger_nestlevel type_id
        typeproperty user_id vector_distance vector_norm vector_normalize vectorproperty verifysignedbyasymkey
        verifysignedbycert xact_state
    """,
    "snowflake": """
        add_months all_user_names approx_percentile approximate_jaccard_index approximate_similarity
        array_compact array_except array_flatten array_generate_range array_insert array_intersection array_max
        array_min array_remove_at array_reverse array_union_agg array_unique_agg arrays_overlap arrays_to_object
        arrays_zip as_array as_binary as_boolean as_char as_date as_decimal as_double as_integer as_number
        as_object as_real as_time as_timestamp_ltz as_timestamp_ntz as_timestamp_tz automatic_clustering_history
        base64_decode_binary base64_decode_string base64_encode bitand_agg bitmap_bit_position
        bitmap_bucket_number bitmap_construct_agg bitmap_count bitmap_or_agg bitor_agg bitxor_agg booland
        boolnot boolor boolor_agg boolxor boolxor_agg check_json check_xml classifier collate collation compress
        conditional_change_event conditional_true_event convert_timezone copy_history current_account
        current_account_name current_available_roles current_client current_ip_address current_organization_name
        current_region current_role_type current_schemas current_secondary_roles current_session
        current_statement current_transaction current_user_email current_version data_transfer_history
        database_storage_usage_history dayofweekiso decode decompress_binary decompress_string div0 div0null
        dynamic_table_graph_history dynamic_table_refresh_history editdistance equal_null filter generator get
        get_ddl get_ignore_case get_object_references getbit getvariable greatest_ignore_nulls
        h3_cell_to_boundary hash_agg haversine hex_decode_binary hex_decode_string hex_encode hll hll_accumulate
        hll_combine hll_estimate hll_export hll_import ilike insert invoker_role invoker_share is_array
        is_binary is_boolean is_char is_database_role_in_session is_date is_decimal is_double
        is_granted_to_invoker_role is_instance_role_in_session is_integer is_object is_real is_role_in_session
        is_time is_timestamp_ltz is_timestamp_ntz is_timestamp_tz is_varchar jarowinkler_similarity
        last_query_id last_successful_scheduled_time last_transaction least_ignore_nulls like_all like_any
        login_history login_history_by_user map_cat map_contains_key map_delete map_insert map_pick map_size
        match_number match_sequence_number materialized_view_refresh_history md5_binary md5_hex md5_number
        md5_number_lower64 md5_number_upper64 minhash minhash_combine next_day normal normalize nullifzero
        object_construct_keep_null object_delete object_insert object_pick parse_ip parse_xml percentile_approx
        pipe_usage_history policy_references previous_day query_history query_history_by_session
        query_history_by_user query_history_by_warehouse randn randstr reduce regexp_substr_all regr_sxx
        regr_sxy regr_syy regr_valx regr_valy rlike rtrimmed_length search search_ip search_optimization_history
        seq1 seq2 seq4 seq8 sha1_binary sha1_hex sha2_binary sha2_hex skew split_to_table
        stage_storage_usage_history strip_null_value strtok strtok_split_to_table strtok_to_array
        system$allowlist system$behavior_change_bundle_status system$clustering_depth
        system$clustering_information system$clustering_ratio system$current_user_task_name
        system$estimate_query_acceleration system$estimate_search_optimization_costs system$explain_json_to_text
        system$explain_plan_json system$get_predecessor_return_value system$get_privatelink_config
        system$get_snowflake_platform_info system$get_tag system$get_tag_on_current_column
        system$last_change_commit_time system$pipe_status system$reference
        system$show_active_behavior_change_bundles system$stream_backlog system$stream_get_table_timestamp
        system$stream_has_data system$typeof system$whitelist systimestamp tag_references
        tag_references_all_columns task_dependents task_history time_from_parts timeadd timestamp_from_parts
        timestamp_ltz_from_parts timestamp_ntz_from_parts timestamp_tz_from_parts to_boolean to_geography
        to_geometry to_numeric to_time to_timestamp_ltz to_timestamp_ntz to_timestamp_tz to_xml
        try_base64_decode_binary try_base64_decode_string try_hex_decode_binary try_hex_decode_string
        try_to_binary try_to_boolean try_to_double try_to_geography try_to_geometry try_to_numeric try_to_time
        try_to_timestamp_ltz try_to_timestamp_ntz try_to_timestamp_tz uniform uuid_string validate_utf8
        variance_pop variance_samp vector_cosine_similarity vector_inner_product vector_l1_distance
        vector_l2_distance warehouse_load_history warehouse_metering_history weekiso xmlget yearofweek
        yearofweekiso zipf
    """,
    "bigquery": """
        advanced_weights appends approx_top_count approx_top_sum arima_coefficients arima_evaluate
        array_concat_agg array_first array_includes array_includes_all array_includes_any array_is_distinct
        array_last array_max array_min array_reverse bag_of_words bit_cast_to_int32 bucketize byte_length bytes
        centroids changes code_points_to_bytes code_points_to_string collate confusion_matrix contains_substr
        coth csc csch date_bucket date_from_unix_date datetime_add datetime_bucket datetime_diff datetime_sub
        datetime_trunc decrypt_bytes decrypt_string describe_data detect_anomalies deterministic_decrypt_string
        deterministic_encrypt edit_distance encrypt ends_with error euclidean_distance evaluate explain_forecast
        explain_predict extract_hll extract_int64 feature_cross feature_importance feature_info float64
        float64_array forecast from_base32 from_hex gap_fill generate_range_array global_explain hash_bucketize
        holiday_info ieee_divide imputer init init_int64 int64 int64_array ip_from_string ip_net_mask
        ip_to_string ip_trunc ipv4_from_int64 ipv4_to_int64 is_normalized json_array_append json_extract_array
        json_extract_scalar json_extract_string_array json_flatten json_query_array json_subscript
        json_value_array keys keyset_length label_encoder lax_bool lax_bool_array lax_float64 lax_int64
        lax_string lp_norm max_abs_scaler merge_partial merge_point_int64 min_max_scaler new_keyset ngrams
        normalize normalize_and_casefold normalizer nullifzero one_hot_encoder parse_bignumeric parse_numeric
        parse_time polynomial_expand principal_component_info principal_components public_suffix
        quantile_bucketize range_bucket range_contains range_end range_intersect range_overlaps range_sessionize
        range_start recommend reconstruction_loss reg_domain robust_scaler roc_curve s2_cellidfrompoint
        s2_coveringcellids safe_add safe_convert_bytes_to_string safe_ip_from_string safe_multiply safe_negate
        safe_subtract search sec sech standard_scaler string string_array text_analyze tf_idf time_add time_diff
        time_sub time_trunc timestamp_bucket timestamp_from_unix_micros timestamp_from_unix_millis
        timestamp_from_unix_seconds timestamp_sub to_base32 to_code_points training_info trial_info vector_dot
        weights
    """,
}
BUILTINS = {dialect: frozenset(names.split()) for dialect, names in _NAMES.items()}
"""By dialect."""
