"""Which parts of a SQL statement are known to be harmless. What is not named here is not.

The node names are sqlglot's. Functions are allowed by name, because a database can call anything a function:
read files, open connections, run programs.
"""

from __future__ import annotations

__all__ = ["CHANGING", "DEFINING", "FUNCTIONS", "NODES", "TYPED", "WARNED"]

_NODES = """
    Add Adjacent Alias Aliases All Any AtTimeZone Between BitString BitwiseAnd BitwiseLeftShift BitwiseNot
    BitwiseOr BitwiseRightShift BitwiseXor Boolean Bracket ByteString CTE CharacterSet Cluster Collate
    Column Connect Cube DPipe DataType DataTypeParam Distinct Distribute Div Dot EQ Escape Except
    ExtendsLeft ExtendsRight Fetch Filter FormatJson From FromTimeZone GT GTE Glob Group GroupConcat
    GroupingSets Having HavingMax HexString HistoricalData ILike Identifier IgnoreNulls In IndexTableHint
    IntDiv Intersect Interval IntervalSpan Introducer Is JSON JSONColumnDef JSONExtractQuote JSONKeyValue
    JSONPath JSONPathFilter JSONPathKey JSONPathPart JSONPathRecursive JSONPathRoot JSONPathScript
    JSONPathSelector JSONPathSlice JSONPathSubscript JSONPathUnion JSONPathWildcard JSONSchema JSONValue
    Join Kwarg LT LTE Lambda Lateral Like Limit LimitOptions Literal Mod Mul NEQ National Neg
    NestedJSONSelect Not Null NullSafeEQ NullSafeNEQ ObjectIdentifier Offset OnCondition OpenJSONColumnDef
    Order Ordered OverflowTruncateBehavior Overlaps Parameter Paren Pivot PivotAlias PivotAny Placeholder
    PositionalColumn Prior PseudoType Qualify RawString RespectNulls Rollup Select SessionParameter
    SetOperation SimilarTo Slice Sort Star Sub Subquery Table TableAlias TableColumn TableSample
    TranslateCharacters Tuple UnicodeString Union UnpivotColumns Values Var Version Where Window WindowSpec
    With WithOperator WithTableHint WithinGroup
"""
NODES = frozenset(_NODES.split())
"""Parts of a query that do nothing by themselves."""

_CHANGING = """
    ColumnDef DefaultColumnConstraint Delete Insert Merge OnConflict Returning Schema Update When Whens
"""
CHANGING = frozenset(_CHANGING.split())
"""Parts of statements that change rows."""

_DEFINING = """
    Add AddConstraint AddPartition Alter AlterColumn AlterRename AssumeColumnConstraint
    AutoIncrementColumnConstraint AutoIncrementProperty BinaryColumnConstraint CaseSpecificColumnConstraint
    CharacterSetColumnConstraint CharacterSetProperty Check CheckColumnConstraint ClusteredByProperty
    ClusteredColumnConstraint CollateColumnConstraint CollateProperty ColumnConstraint ColumnPosition
    Comment CommentColumnConstraint CompressColumnConstraint ComputedColumnConstraint Constraint Create
    DateFormatColumnConstraint DefaultColumnConstraint Drop DropPartition DropPrimaryKey
    EncodeColumnConstraint EphemeralColumnConstraint ExcludeColumnConstraint ForeignKey
    GeneratedAsIdentityColumnConstraint GeneratedAsRowColumnConstraint InOutColumnConstraint Index
    IndexColumnConstraint IndexConstraintOption IndexParameters InlineLengthColumnConstraint
    InvisibleColumnConstraint LikeProperty MaterializedProperty ModifyColumn NonClusteredColumnConstraint
    NotForReplicationColumnConstraint NotNullColumnConstraint OnCommitProperty OnUpdateColumnConstraint
    Opclass Partition PartitionBoundSpec PartitionedByProperty PartitionedOfProperty PathColumnConstraint
    PrimaryKey PrimaryKeyColumnConstraint Properties Reference RenameColumn RenameIndex
    SchemaCommentProperty SequenceProperties TemporaryProperty TitleColumnConstraint TransientProperty
    TruncateTable Undrop UniqueColumnConstraint UnloggedProperty UppercaseColumnConstraint
    WatermarkColumnConstraint ZeroFillColumnConstraint
"""
DEFINING = frozenset(_DEFINING.split())
"""Parts of statements that change tables."""

_TYPED = """
    Abs Acos Acosh AddMonths Agg And AnyValue ApproxDistinct ApproxPercentileAccumulate
    ApproxPercentileCombine ApproxPercentileEstimate ApproxQuantile ApproxQuantiles ApproxTopK
    ApproxTopKAccumulate ApproxTopKCombine ApproxTopKEstimate ApproxTopSum ApproximateSimilarity ArgMax
    ArgMin Array ArrayAgg ArrayAll ArrayAny ArrayAppend ArrayCompact ArrayConcat ArrayConcatAgg
    ArrayConstructCompact ArrayContainedBy ArrayContains ArrayContainsAll ArrayDistinct ArrayExcept
    ArrayFilter ArrayFirst ArrayInsert ArrayIntersect ArrayLast ArrayMax ArrayMin ArrayOverlaps
    ArrayPosition ArrayPrepend ArrayRemove ArrayRemoveAt ArrayReverse ArraySize ArraySlice ArraySort
    ArraySum ArrayToString ArrayUnionAgg ArrayUniqueAgg ArraysZip Ascii Asin Asinh Atan Atan2 Atanh Avg
    Base64DecodeBinary Base64DecodeString Base64Encode BitLength BitmapBitPosition BitmapBucketNumber
    BitmapConstructAgg BitmapCount BitmapOrAgg BitwiseAndAgg BitwiseCount BitwiseOrAgg BitwiseXorAgg Booland
    Boolnot Boolor BoolxorAgg ByteLength Case Cast CastToStrType Cbrt Ceil CheckJson CheckXml Chr CityHash64
    Coalesce CodePointsToBytes CodePointsToString Collate Collation Columns Compress Concat ConcatWs
    ConnectByRoot Contains Convert ConvertTimezone ConvertToCharset Corr Cos Cosh CosineDistance Cot Coth
    Count CountIf CovarPop CovarSamp Csc Csch CumeDist CurrentAccount CurrentAccountName
    CurrentAvailableRoles CurrentCatalog CurrentClient CurrentDatabase CurrentDate CurrentDatetime
    CurrentIpAddress CurrentOrganizationName CurrentOrganizationUser CurrentRegion CurrentRole
    CurrentRoleType CurrentSchema CurrentSchemas CurrentSecondaryRoles CurrentSession CurrentStatement
    CurrentTime CurrentTimestamp CurrentTimestampLTZ CurrentTimezone CurrentTransaction CurrentUser
    CurrentUserId CurrentVersion CurrentWarehouse Date DateAdd DateBin DateDiff DateFromParts
    DateFromUnixDate DateStrToDate DateSub DateToDateStr DateToDi DateTrunc Datetime DatetimeAdd
    DatetimeDiff DatetimeSub DatetimeTrunc Day DayOfMonth DayOfWeek DayOfWeekIso DayOfYear Dayname Decode
    DecodeCase DecompressBinary DecompressString Degrees DenseRank DiToDate DotProduct Elt Encode EndsWith
    EqualNull EuclideanDistance Exists Exp Explode ExplodingGenerateSeries Extract Factorial FarmFingerprint
    First FirstValue Flatten Float64 Floor Format FromBase FromBase32 FromBase64 FromISO8601Date
    FromISO8601Timestamp FromISO8601TimestampNanos FromJson GapFill GenerateDateArray GenerateSeries
    GenerateTimestampArray GetIgnoreCase Getbit Greatest GroupConcat Grouping GroupingId HashAgg Hex
    HexDecodeString Hll Host Hour If Initcap Inline Int64 IsArray IsAscii IsInf IsNan IsNullValue JSONArray
    JSONArrayAgg JSONArrayAppend JSONArrayContains JSONArrayInsert JSONBContains JSONBContainsAllTopKeys
    JSONBContainsAnyTopKeys JSONBContainsTopKey JSONBDeleteAtPath JSONBExists JSONBExtract
    JSONBExtractScalar JSONBObjectAgg JSONBPathExists JSONBool JSONCast JSONExists JSONExtract
    JSONExtractArray JSONExtractScalar JSONFormat JSONKeys JSONKeysAtDepth JSONObject JSONObjectAgg
    JSONRemove JSONSet JSONStripNulls JSONTable JSONType JSONValueArray JarowinklerSimilarity JustifyDays
    JustifyHours JustifyInterval Kurtosis Lag Last LastDay LastValue LaxBool LaxFloat64 LaxInt64 LaxString
    Lead Least Left Length Levenshtein List Ln Localtime Localtimestamp Log LogicalAnd LogicalOr Lower
    LowerHex MD5 MD5Digest MD5NumberLower64 MD5NumberUpper64 MakeInterval ManhattanDistance Map MapCat
    MapContainsKey MapDelete MapFromEntries MapInsert MapKeys MapPick MapSize MatchAgainst Max Median Min
    Minhash MinhashCombine Minute Mode Month Monthname MonthsBetween Nanvl Negative NetFunc NextDay Normal
    Normalize NthValue Ntile Nullif NumberToStr Nvl2 ObjectAgg ObjectId ObjectInsert OpenJSON Or Overlay Pad
    ParseBignumeric ParseDatetime ParseIp ParseJSON ParseNumeric ParseTime ParseUrl PercentRank
    PercentileCont PercentileDisc Pi Posexplode PosexplodeOuter Pow PreviousDay Quantile Quarter Radians
    Rand Randn Randstr RangeBucket RangeN Rank RegDomain RegexpCount RegexpExtract RegexpExtractAll
    RegexpFullMatch RegexpILike RegexpInstr RegexpLike RegexpReplace RegexpSplit RegexpSubstr RegrAvgx
    RegrAvgy RegrCount RegrIntercept RegrR2 RegrSlope RegrSxx RegrSxy RegrSyy RegrValx RegrValy Repeat
    Replace Reverse Right Rint Round RowNumber RtrimmedLength SHA SHA1Digest SHA2 SHA2Digest SafeAdd
    SafeConvertBytesToString SafeDivide SafeFunc SafeMultiply SafeNegate SafeSubtract SearchIp Sec Sech
    Second Seq1 Seq2 Seq4 Seq8 SessionUser Shuffle Sign Sin Sinh Skewness Soundex SoundexP123 Space Split
    SplitPart SplitToTable Sqrt StDistance StPoint Stack StandardHash StarMap StartsWith Stddev StddevPop
    StddevSamp StrPosition StrToDate StrToMap StrToTime StrToUnix String StringToArray StripNullValue Strtok
    StrtokSplitToTable StrtokToArray Struct StructExtract Stuff Substring SubstringIndex Sum Systimestamp
    Tan Tanh Time TimeAdd TimeDiff TimeFromParts TimeSlice TimeStrToDate TimeStrToTime TimeStrToUnix TimeSub
    TimeToStr TimeToTimeStr TimeToUnix TimeTrunc Timestamp TimestampAdd TimestampDiff TimestampFromParts
    TimestampLtzFromParts TimestampSub TimestampTrunc TimestampTzFromParts ToArray ToBase32 ToBase64
    ToBinary ToBoolean ToChar ToCodePoints ToDays ToDecfloat ToDouble ToMap ToNumber ToVariant Transform
    Translate Trim Trunc TryBase64DecodeBinary TryBase64DecodeString TryCast TryHexDecodeBinary
    TryHexDecodeString TryToDecfloat TsOrDiToDi TsOrDsAdd TsOrDsDiff TsOrDsToDate TsOrDsToDateStr
    TsOrDsToDatetime TsOrDsToTime TsOrDsToTimestamp Typeof Unhex Unicode Uniform UnixDate UnixMicros
    UnixMillis UnixSeconds UnixToStr UnixToTime UnixToTimeStr Unnest Upper UtcDate UtcTime UtcTimestamp Uuid
    VarMap Variance VariancePop Week WeekOfYear WeekStart WeightString WidthBucket XMLElement XMLGet
    XMLTable Xor Year YearOfWeek YearOfWeekIso Zipf
"""
TYPED = frozenset(_TYPED.split())
"""Functions that sqlglot knows by a class of their own and that only compute."""

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
    percent_rank percentile_cont percentile_disc period_add period_diff pg_backend_pid pg_column_size
    pg_database_size pg_get_constraintdef pg_get_expr pg_get_functiondef pg_get_indexdef pg_get_viewdef
    pg_indexes_size pg_relation_size pg_size_pretty pg_table_is_visible pg_table_size pg_total_relation_size
    pg_typeof phraseto_tsquery pi plainto_tsquery position pow power printf quarter quote quote_ident
    quote_literal quote_nullable quotename radians rand random range_agg range_merge rank ratio_to_report
    regexp_contains regexp_count regexp_extract regexp_extract_all regexp_instr regexp_like regexp_match
    regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table regexp_substr repeat replace
    replicate reverse right round row row_number row_to_json rpad rtrim safe_cast safe_divide scale schema
    schema_name sec_to_time second session_user setweight sha sha1 sha2 sha224 sha256 sha384 sha512
    shobj_description sign similarity sin sinh soundex space split split_part sqlite_version sqrt square
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
FUNCTIONS = frozenset(_FUNCTIONS.split())
"""Functions that sqlglot knows by name only and that only compute or describe."""

_WARNED = {
    "files": """
        pg_read_ pg_ls_ pg_stat_file pg_file_ lo_ load_file load_extension readfile writefile edit
        fts3_tokenizer readcsv readparquet xp_dirtree xp_fileexist tofile
    """,
    "network": """
        dblink openrowset opendatasource openquery postgres_fdw http net sys_eval ai ml generatetext predict
    """,
    "session": """
        set_config pg_terminate_ pg_cancel_ pg_reload_ pg_rotate_ pg_promote pg_advisory_ get_lock system$
        setval nextval sp_setapprole nextvaluefor
    """,
    "slow": """
        pg_sleep sleep benchmark randomblob
    """,
    "dynamic": """
        query_to_xml database_to_xml table_to_xml cursor_to_xml sp_executesql xp_ sp_ sys_exec eval
    """,
}
WARNED = {flag: tuple(names.split()) for flag, names in _WARNED.items()}
"""Beginnings of function names that deserve a flag of their own, for rules and reviewers; all of them are admin."""
