"""Which functions only compute or describe, by name. What is not named here is not known to be harmless.

A database can call anything a function: read files, open connections, run programs. The names here are of all dialects
together, and one that is harmless in one and not in another is in `_ELSEWHERE`; what only one database has is in
`sql_builtins` and `sql_columnar`.
"""

from __future__ import annotations

import re

from interlock.commands.sql_builtins import BUILTINS
from interlock.commands.sql_columnar import COLUMNAR

__all__ = ["FUNCTIONS", "is_known"]

_FUNCTIONS = """
    abs acos acosh age any_value approx_count_distinct approx_quantiles array_agg array_append array_cat
    array_concat array_construct array_contains array_dims array_fill array_length array_lower array_ndims
    array_position array_positions array_prepend array_remove array_replace array_size array_slice
    array_to_json array_to_string array_upper as_varchar ascii asin asinh atan atan2 atanh avg bin
    bin_to_uuid bit_and bit_count bit_length bit_or bit_xor bool bool_and bool_or booland_agg btrim
    cardinality cast cbrt ceil ceiling char char_length character_length charindex checksum choose chr
    clock_timestamp coalesce col_length col_name concat concat_ws conv convert convert_tz corr cos cosh cot
    count count_big countif covar_pop covar_samp crc32 cume_dist curdate current_database current_date
    current_datetime current_role current_schema current_time current_timestamp current_user
    current_warehouse curtime database date date_add date_bin date_diff date_format date_from_parts
    date_part date_part_year date_sub date_trunc dateadd datediff datediff_big datefromparts datename
    datepart daterange datetime datetime2fromparts datetimefromparts datetrunc day dayname dayofmonth
    dayofweek dayofyear db_name degrees dense_rank difference div elt eomonth erf every exp export_set
    extract factorial farm_fingerprint field find_in_set first_value flatten floor format format_bytes
    format_date format_datetime format_timestamp format_type from_base64 from_days from_unixtime gcd
    gen_random_uuid generate_array generate_date_array generate_series generate_timestamp_array
    generate_uuid get_byte get_format get_path getdate getutcdate glob greatest group_concat group_id
    grouping grouping_id has_column_privilege has_schema_privilege has_table_privilege hash hex host hour if
    iff ifnull iif inet_aton inet_ntoa initcap instr int4range int8range is_inf is_nan is_null_value
    isclosed isdate isempty isfinite isjson isnull isnumeric isopen json json_agg json_array
    json_array_elements json_array_elements_text json_array_length json_arrayagg json_build_array
    json_build_object json_contains json_contains_path json_depth json_each json_each_text json_extract
    json_extract_path json_extract_path_text json_group_array json_group_object json_insert json_keys
    json_length json_merge_patch json_merge_preserve json_modify json_object json_object_agg
    json_object_keys json_objectagg json_overlaps json_patch json_pretty json_query json_quote json_remove
    json_replace json_search json_set json_strip_nulls json_table json_to_record json_to_recordset json_tree
    json_type json_typeof json_unquote json_valid json_value jsonb_agg jsonb_array_elements
    jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each
    jsonb_each_text jsonb_extract_path jsonb_extract_path_text jsonb_insert jsonb_object jsonb_object_agg
    jsonb_object_keys jsonb_path_exists jsonb_path_match jsonb_path_query jsonb_path_query_array
    jsonb_path_query_first jsonb_populate_record jsonb_populate_recordset jsonb_pretty jsonb_set
    jsonb_strip_nulls jsonb_to_record jsonb_to_recordset jsonb_typeof julianday justify_days justify_hours
    justify_interval lag last_day last_value lcase lcm lead least left len length like likelihood likely
    listagg ln localtime localtimestamp locate log log10 log2 logical_and logical_or lower lower_inc
    lower_inf lpad ltrim make_date make_interval make_set make_time make_timestamp make_timestamptz makedate
    maketime masklen max md5 median microsecond mid min min_scale minute mod mode month monthname
    months_between newid now nth_value ntile nullif num_nonnulls num_nulls numnode numrange nvl nvl2
    obj_description object_agg object_construct object_id object_keys object_name oct octet_length ord
    overlay parse_date parse_datetime parse_ident parse_json parse_timestamp parse_url parsename patindex
    bm25 highlight inet_client_addr inet_client_port inet_server_addr inet_server_port
    pragma_compile_options pragma_database_list pragma_foreign_key_list pragma_function_list pragma_index_info
    pragma_index_list pragma_table_info pragma_table_list pragma_table_xinfo current_setting
    percent_rank percentile_cont percentile_disc period_add period_diff pg_backend_pid pg_column_size
    pg_database_size pg_get_constraintdef pg_get_expr pg_get_functiondef pg_get_indexdef pg_get_viewdef
    pg_indexes_size pg_relation_size pg_size_pretty pg_table_is_visible pg_table_size pg_total_relation_size
    pg_typeof phraseto_tsquery pi plainto_tsquery position pow power printf quarter quote quote_ident
    quote_literal quote_nullable quotename radians rand random range_agg range_merge rank ratio_to_report
    regexp_contains regexp_count regexp_extract regexp_extract_all regexp_instr regexp_like regexp_match
    regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table regexp_substr repeat replace
    replicate reverse right round row row_number row_to_json rpad rtrim safe_cast safe_divide scale schema
    schema_name sec_to_time second session_user setweight sha sha1 sha2 sha224 sha256 sha384 sha512
    shobj_description sign similarity sin sinh snippet soundex space split split_part sqlite_version sqrt square
    st_area st_astext st_aswkt st_contains st_distance st_geogpoint st_intersects st_within starts_with
    statement_timestamp stddev stddev_pop stddev_samp stdev stdevp str str_to_date strcmp strftime
    string_agg string_split string_to_array string_to_table strip strpos struct stuff subdate substr
    substring substring_index subtime sum suser_sname switchoffset sys_guid sysdate sysdatetime
    sysdatetimeoffset system_user sysutcdatetime tan tanh time time_format time_slice time_to_sec timediff
    timefromparts timeofday timestamp timestamp_diff timestamp_micros timestamp_millis timestamp_seconds
    timestamp_trunc timestampadd timestampdiff to_array to_ascii to_base64 to_bin to_char to_date to_days
    to_decimal to_double to_hex to_json to_json_string to_jsonb to_number to_object to_regclass to_regtype
    to_seconds to_timestamp to_tsquery to_tsvector to_varchar to_variant todatetimeoffset total
    total_changes transaction_timestamp translate trim trim_array trim_scale trunc truncate try_cast
    try_convert try_parse try_parse_json try_to_date try_to_decimal try_to_number try_to_timestamp
    ts_headline ts_rank ts_rank_cd tsrange tstzrange tsvector_to_array type_name typeof ucase unhex unicode
    unistr unix_date unix_micros unix_millis unix_seconds unix_timestamp unixepoch unlikely unnest upper
    upper_inc upper_inf user user_name utc_date utc_time utc_timestamp uuid uuid_generate_v4 uuid_to_bin
    uuidv7 values var var_pop var_samp variance varp version websearch_to_tsquery week weekday weekofyear
    width_bucket word_similarity year yearweek zeroblob zeroifnull
"""

_COLUMNAR = """
    adddays addhours addminutes addmonths addseconds addweeks addyears any anyheavy anylast approx_quantile
    approx_top_k arg_max arg_max_null arg_min arg_min_null argmax argmin array array_aggr array_aggregate
    array_apply array_cosine_distance array_cosine_similarity array_cross_product array_distance array_distinct
    array_extract array_filter array_grade_up array_has array_has_all array_has_any array_indexof
    array_inner_product array_intersect array_pop_back array_pop_front array_push_back array_push_front array_reduce
    array_resize array_reverse_sort array_select array_sort array_to_string_comma_default array_transform
    array_unique array_value array_where array_zip arrayall arrayavg arrayconcat arraycount arraycumsum
    arraydistinct arrayelement arrayenumerate arrayexists arrayfill arrayfilter arrayfirst arrayfirstindex
    arrayflatten arrayintersect arrayjoin arraymap arraymax arraymin arraypopback arraypopfront arraypushback
    arraypushfront arrayreduce arrayresize arrayreverse arrayreversesort arrayslice arraysort arraystringconcat
    arraysum arrayuniq arrayzip assumenotnull avgweighted bar base64 bit_position bitand bitcount bitmapbuild
    bitmapcardinality bitnot bitor bitshiftleft bitshiftright bitstring bitstring_agg bitxor blocknumber
    boundingratio can_cast_implicitly century cityhash64 combine concatwithseparator contains corrstable
    cosine_distance count_if count_star countdigits countequal countsubstrings covarpop covarsamp cramersv
    create_sort_key cutquerystring cuttofirstsignificantsubdomain cutwww damerau_levenshtein dategroup datesub
    decade decodeurlcomponent deltasum deltasumtimestamp divide domain domainwithoutwww dumpcolumnstructure empty
    encodeurlcomponent endswith entropy enum_code enum_first enum_last enum_range epoch epoch_ms epoch_ns epoch_us
    equals equi_width_bins era errorcodetoname even exponentialmovingaverage extractall extractgroups
    extracturlparameter extracturlparameters farmhash64 favg fdiv first first_value_respect_nulls
    firstsignificantsubdomain flattentuple fmod formatdatetime formatreadabledecimalsize formatreadablequantity
    formatreadablesize formatreadabletimedelta fragment fromunixtimestamp fromunixtimestamp64milli fsum fulldate
    gamma generate_subscripts generateseries generateuuidv4 geodistance geohashencode geomean geometric_mean get_bit
    grade_up greatcircledistance greater greaterorequals grouparray grouparraylast grouparraymovingavg
    grouparraymovingsum grouparraysample groupbitand groupbitmap groupbitor groupbitxor groupuniqarray halfmd5
    hamming has hasall hasany hassubstr hastoken histogram histogram_exact histogram_values identity ifnotfinite
    inneredarray intdiv intdivorzero intervallengthsum intexp10 intexp2 ipv4numtostring ipv4stringtonum
    ipv6numtostring ipv6stringtonum is_histogram_other_bin isinfinite isipv4string isipv6string isnan isnotnull
    isodow isoyear isvalidjson isvalidutf8 jaccard jaro_similarity jaro_winkler_similarity javahash
    json_array_insert json_exists json_extract_string json_group_structure json_structure json_transform
    json_transform_strict jsonextract jsonextractarrayraw jsonextractbool jsonextractfloat jsonextractint
    jsonextractkeys jsonextractkeysandvalues jsonextractraw jsonextractstring jsonextractuint jsonhas jsonlength
    jsontype kahan_sum kurtosis kurtosis_pop kurtpop kurtsamp laginframe last leadinframe left_grapheme
    length_grapheme lengthutf8 less lessorequals levenshtein levenshteindistance lgamma list list_aggr
    list_aggregate list_any_value list_append list_apply list_approx_count_distinct list_avg list_bit_and
    list_bool_and list_bool_or list_cat list_concat list_contains list_cosine_distance list_cosine_similarity
    list_count list_distance list_distinct list_dot_product list_element list_entropy list_extract list_filter
    list_first list_grade_up list_has list_has_all list_has_any list_histogram list_indexof list_inner_product
    list_intersect list_last list_max list_median list_min list_mode list_pack list_position list_prepend
    list_product list_reduce list_resize list_reverse list_reverse_sort list_select list_skewness list_slice
    list_sort list_stddev_pop list_stddev_samp list_string_agg list_sum list_transform list_unique list_value
    list_var_pop list_var_samp list_where list_zip long_sum lowerutf8 mad make_timestamp_ms make_timestamp_ns
    mannwhitneyutest map map_concat map_contains map_entries map_extract map_extract_value map_from_entries map_keys
    map_values mapadd mapapply mapcontains mapfilter mapfromarrays mapkeys mapvalues materialize max2 max_by
    maxintersections maxmap mean mediandeterministic medianexact mediantiming millennium millisecond min2 min_by
    minmap minus mismatches modulo modulolegacy modulozero multiif multiply multisearchany multisearchfirstposition
    murmurhash2_64 murmurhash3_64 nanosecond negate nextafter nfc_normalize ngramdistance nonnegativederivative
    normalizequery not_ilike_escape notempty notequals now64 nowinblock nullin numbers numbers_mt parse_dirname
    parse_dirpath parse_filename parse_path parsedatetime parsedatetimebesteffort parsedatetimebesteffortornull path
    pathfull plus port positioncaseinsensitive positionutf8 prefix product protocol quantile quantile_cont
    quantile_disc quantiledeterministic quantileexact quantileexactweighted quantiles quantilesexact
    quantilestdigest quantiletdigest quantiletiming queryparam querystring range rankcorr regexp_escape
    regexp_full_match regexpquotemeta regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope remap_struct
    replaceall replaceone replaceregexpall replaceregexpone reservoir_quantile retention reverseutf8 right_grapheme
    roundage roundbankers rounddown roundduration roundtoexp2 rownumberinallblocks rownumberinblock
    runningaccumulate runningdifference sem sequencecount sequencematch signbit simplejsonextractint
    simplejsonextractraw simplejsonextractstring simplejsonhas simplelinearregression siphash64 skewness skewpop
    skewsamp splitbychar splitbynonalpha splitbyregexp splitbystring splitbywhitespace startofday startswith
    stddevpop stddevsamp stochasticlinearregression str_split str_split_regex string_split_regex stringjaccardindex
    strip_accents strlen strptime struct_concat struct_extract struct_insert struct_pack struct_values studentttest
    substringutf8 subtractdays subtracthours subtractminutes subtractmonths subtractseconds subtractweeks
    subtractyears suffix sumcount sumkahan summap summapwithoverflow sumwithoverflow time_bucket timeslot timeslots
    timestamp_add timetz_byte_comparable to_base to_binary to_centuries to_decades to_hours to_microseconds
    to_millennia to_milliseconds to_minutes to_months to_quarters to_weeks to_years tobool todate todate32
    todateornull todatetime todatetime64 todatetimeornull today todayofmonth todayofweek todayofyear todecimal128
    todecimal32 todecimal64 tofixedstring tofloat32 tofloat64 tofloat64ornull tofloat64orzero tohour toint16 toint32
    toint32ornull toint32orzero toint64 toint64ornull toint64orzero toint8 tointervalday tointervalhour
    tointervalminute tointervalmonth tointervalsecond tointervalweek tointervalyear toipv4 toipv6 toisoweek
    toisoyear tojson tojsonstring tolastdayofmonth tolowcardinality tominute tomonday tomonth tonullable topk
    topkweighted topleveldomain toquarter torelativedaynum torelativehournum tosecond tostartofday
    tostartoffifteenminutes tostartoffiveminutes tostartofhour tostartofinterval tostartofisoyear tostartofminute
    tostartofmonth tostartofquarter tostartofsecond tostartoftenminutes tostartofweek tostartofyear tostring
    tostringcutltozero totime totimezone totypename touint16 touint32 touint64 touint64orzero touint8 touint8orzero
    tounixtimestamp tounixtimestamp64milli touuid tovalidutf8 toweek toyear toyearweek toyyyymm toyyyymmdd
    toyyyymmddhhmmss transform trimboth trimleft trimright try_strptime tryparsedatetime tuple tupleelement
    tuplehammingdistance unbin union_extract union_tag union_value uniq uniqcombined uniqcombined64 uniqexact
    uniqhll12 uniqthetasketch unpivot_list untuple upperutf8 url_decode url_encode uuidnumtostring uuidstringtonum
    uuidv4 varpop varsamp vector_type visitparamextractint visitparamextractraw visitparamextractstring
    visitparamhas weightedavg welchttest widthbucket windowfunnel xor xxhash32 xxhash64 yesterday zeros
"""
FUNCTIONS = frozenset(_FUNCTIONS.split()) | frozenset(_COLUMNAR.split())
"""Functions that sqlglot knows by name only and that only compute, whatever the database."""
_ELSEWHERE = {"duckdb": frozenset(("glob",))}  # glob('/etc/*') lists files there
_FAMILIES = re.compile(r"(pg_stat_get_|st_(?!read|drivers|fromgdal|addband|export|write)|h3_|postgis_\w*version)\w+\Z")
_COMBINATORS = re.compile(
    r"(if|array|map|simplestate|state|merge|mergestate|foreach|distinct|ordefault|ornull|orzero|resample|argmin|argmax"
    r"|utf8|caseinsensitive|rfc|null|tuple|unaligned)+\Z"
)


def is_known(name: str, dialect: str) -> bool:
    """Whether a function of such a name, in lower case, only computes or describes in this database."""
    if name in _ELSEWHERE.get(dialect, ()):
        return False
    known = BUILTINS.get(dialect) or COLUMNAR.get(dialect) or frozenset()
    if name in FUNCTIONS or name in known or _FAMILIES.match(name):
        return True
    bare = _COMBINATORS.sub("", name) if dialect == "clickhouse" else ""
    return bare in FUNCTIONS or bare in known
