"""Which parts of a SQL statement are known to be harmless. What is not named here is not.

The names are sqlglot's.
"""

from __future__ import annotations

__all__ = ["CHANGING", "DEFINING", "NODES", "TYPED"]

_NODES = """
    Add Adjacent Alias Aliases All Any AtTimeZone Between BitString BitwiseAnd BitwiseLeftShift BitwiseNot
    BitwiseOr BitwiseRightShift BitwiseXor Boolean Bracket ByteString CTE Changes CharacterSet Cluster Collate
    Column Columns Comprehension Connect Cube DPipe DataType DataTypeParam Declare DeclareItem Distance
    DistanceNd Distinct Distribute Div Dot EQ Escape Except ExtendsLeft ExtendsRight Fetch Filter Final
    ForClause FormatJson From FromTimeZone GT GTE Glob Group GroupConcat GroupingSets Having HavingMax HexString
    HistoricalData ILike Identifier IgnoreNulls In IndexTableHint IntDiv Intersect Interval IntervalSpan
    Introducer Is JSON JSONColumnDef JSONExtractQuote JSONKeyValue JSONPath JSONPathFilter JSONPathKey
    JSONPathPart JSONPathRecursive JSONPathRoot JSONPathScript JSONPathSelector JSONPathSlice JSONPathSubscript
    JSONPathUnion JSONPathWildcard JSONSchema JSONValue Join Kwarg LT LTE Lambda Lateral Like Limit LimitOptions
    Literal Match MatchRecognize MatchRecognizeMeasure Mod Mul NEQ National Neg NestedJSONSelect Not Null
    NullSafeEQ NullSafeNEQ ObjectIdentifier Offset OnCondition OpenJSONColumnDef Order Ordered
    OverflowTruncateBehavior Overlaps Parameter Paren Pivot PivotAlias PivotAny Placeholder PositionalColumn
    PreWhere Prior PseudoType Qualify QueryOption RawString RespectNulls Rollup ScopeResolution Select
    SessionParameter SetItem SetOperation SimilarTo Slice Sort Star Sub Subquery Table TableAlias TableColumn
    TableFromRows TableSample TranslateCharacters Tuple UnicodeString Union UnpivotColumns Values Var Version
    Where Window WindowSpec With WithFill WithOperator WithTableHint WithinGroup XMLKeyValueOption
"""
NODES = frozenset(_NODES.split())
"""Parts of a query that do nothing by themselves."""

_CHANGING = """
    ColumnDef ConditionalInsert DefaultColumnConstraint Delete Insert Merge OnConflict Returning Schema Update
    When Whens
"""
CHANGING = frozenset(_CHANGING.split())
"""Parts of statements that change rows."""

_DEFINING = """
    Add AddConstraint AddPartition Alter AlterColumn AlterRename AssumeColumnConstraint
    AutoIncrementColumnConstraint AutoIncrementProperty BinaryColumnConstraint CaseSpecificColumnConstraint
    CharacterSetColumnConstraint CharacterSetProperty Check CheckColumnConstraint Clone ClusteredByProperty
    ClusteredColumnConstraint CollateColumnConstraint CollateProperty ColumnConstraint ColumnPosition Comment
    CommentColumnConstraint CompressColumnConstraint ComputedColumnConstraint Constraint Create
    DateFormatColumnConstraint DefaultColumnConstraint Drop DropPartition DropPrimaryKey EncodeColumnConstraint
    EphemeralColumnConstraint ExcludeColumnConstraint ForeignKey GeneratedAsIdentityColumnConstraint
    GeneratedAsRowColumnConstraint InOutColumnConstraint Index IndexColumnConstraint IndexConstraintOption
    IndexParameters InlineLengthColumnConstraint InvisibleColumnConstraint LikeProperty MaterializedProperty
    ModifyColumn NonClusteredColumnConstraint NotForReplicationColumnConstraint NotNullColumnConstraint
    OnCommitProperty OnUpdateColumnConstraint Opclass Partition PartitionBoundSpec PartitionedByProperty
    PartitionedOfProperty PathColumnConstraint PrimaryKey PrimaryKeyColumnConstraint Properties Reference
    RenameColumn RenameIndex ReplacePartition SchemaCommentProperty SequenceProperties SwapTable
    TemporaryProperty TitleColumnConstraint TransientProperty TruncateTable Undrop UniqueColumnConstraint
    UnloggedProperty UppercaseColumnConstraint WatermarkColumnConstraint ZeroFillColumnConstraint
"""
DEFINING = frozenset(_DEFINING.split())
"""Parts of statements that change tables."""

_TYPED = """
    Abs Acos Acosh AddMonths Agg And AnyValue Apply ApproxDistinct ApproxPercentileAccumulate
    ApproxPercentileCombine ApproxPercentileEstimate ApproxQuantile ApproxQuantiles ApproxTopK
    ApproxTopKAccumulate ApproxTopKCombine ApproxTopKEstimate ApproxTopSum ApproximateSimilarity ArgMax ArgMin
    Array ArrayAgg ArrayAll ArrayAny ArrayAppend ArrayCompact ArrayConcat ArrayConcatAgg ArrayConstructCompact
    ArrayContainedBy ArrayContains ArrayContainsAll ArrayDistinct ArrayExcept ArrayFilter ArrayFirst ArrayInsert
    ArrayIntersect ArrayLast ArrayMax ArrayMin ArrayOverlaps ArrayPosition ArrayPrepend ArrayRemove
    ArrayRemoveAt ArrayReverse ArraySize ArraySlice ArraySort ArraySum ArrayToString ArrayUnionAgg
    ArrayUniqueAgg ArraysZip Ascii Asin Asinh Atan Atan2 Atanh Avg Base64DecodeBinary Base64DecodeString
    Base64Encode BitLength BitmapBitPosition BitmapBucketNumber BitmapConstructAgg BitmapCount BitmapOrAgg
    BitwiseAndAgg BitwiseCount BitwiseOrAgg BitwiseXorAgg Booland Boolnot Boolor BoolxorAgg ByteLength Case Cast
    CastToStrType Cbrt Ceil CheckJson CheckXml Chr CityHash64 Coalesce CodePointsToBytes CodePointsToString
    Collate Collation Columns Compress Concat ConcatWs ConnectByRoot Contains Convert ConvertTimezone
    ConvertToCharset Corr Cos Cosh CosineDistance Cot Coth Count CountIf CovarPop CovarSamp Csc Csch CumeDist
    CurrentAccount CurrentAccountName CurrentAvailableRoles CurrentCatalog CurrentClient CurrentDatabase
    CurrentDate CurrentDatetime CurrentIpAddress CurrentOrganizationName CurrentOrganizationUser CurrentRegion
    CurrentRole CurrentRoleType CurrentSchema CurrentSchemas CurrentSecondaryRoles CurrentSession
    CurrentStatement CurrentTime CurrentTimestamp CurrentTimestampLTZ CurrentTimezone CurrentTransaction
    CurrentUser CurrentUserId CurrentVersion CurrentWarehouse Date DateAdd DateBin DateDiff DateFromParts
    DateFromUnixDate DateStrToDate DateSub DateToDateStr DateToDi DateTrunc Datetime DatetimeAdd DatetimeDiff
    DatetimeSub DatetimeTrunc Day DayOfMonth DayOfWeek DayOfWeekIso DayOfYear Dayname Decode DecodeCase
    DecompressBinary DecompressString Decrypt DecryptRaw Degrees DenseRank DiToDate DotProduct Elt Encode
    Encrypt EncryptRaw EndsWith EqualNull EuclideanDistance Exists Exp Explode ExplodingGenerateSeries Extract
    Factorial FarmFingerprint First FirstValue Flatten Float64 Floor Format FromBase FromBase32 FromBase64
    FromISO8601Date FromISO8601Timestamp FromISO8601TimestampNanos FromJson GapFill GenerateDateArray
    GenerateSeries GenerateTimestampArray Generator GetIgnoreCase Getbit Greatest GroupConcat Grouping
    GroupingId HashAgg Hex HexDecodeString Hll Host Hour If Initcap Inline Int64 IsArray IsAscii IsInf IsNan
    IsNullValue JSONArray JSONArrayAgg JSONArrayAppend JSONArrayContains JSONArrayInsert JSONBContains
    JSONBContainsAllTopKeys JSONBContainsAnyTopKeys JSONBContainsTopKey JSONBDeleteAtPath JSONBExists
    JSONBExtract JSONBExtractScalar JSONBObjectAgg JSONBPathExists JSONBool JSONCast JSONExists JSONExtract
    JSONExtractArray JSONExtractScalar JSONFormat JSONKeys JSONKeysAtDepth JSONObject JSONObjectAgg JSONRemove
    JSONSet JSONStripNulls JSONTable JSONType JSONValueArray JarowinklerSimilarity JustifyDays JustifyHours
    JustifyInterval Kurtosis Lag Last LastDay LastValue LaxBool LaxFloat64 LaxInt64 LaxString Lead Least Left
    Length Levenshtein List Ln Localtime Localtimestamp Log LogicalAnd LogicalOr Lower LowerHex MD5 MD5Digest
    MD5NumberLower64 MD5NumberUpper64 MakeInterval ManhattanDistance Map MapCat MapContainsKey MapDelete
    MapFromEntries MapInsert MapKeys MapPick MapSize MatchAgainst Max Median Min Minhash MinhashCombine Minute
    Mode Month Monthname MonthsBetween Nanvl Negative NetFunc NextDay Normal Normalize NthValue Ntile Nullif
    NumberToStr Nvl2 ObjectAgg ObjectId ObjectInsert ObjectTransform OpenJSON Or Overlay Pad ParseBignumeric
    ParseDatetime ParseIp ParseJSON ParseNumeric ParseTime ParseUrl PercentRank PercentileCont PercentileDisc Pi
    Posexplode PosexplodeOuter Pow PreviousDay Quantile Quarter Radians Rand Randn Randstr RangeBucket RangeN
    Rank Reduce RegDomain RegexpCount RegexpExtract RegexpExtractAll RegexpFullMatch RegexpILike RegexpInstr
    RegexpLike RegexpReplace RegexpSplit RegexpSubstr RegrAvgx RegrAvgy RegrCount RegrIntercept RegrR2 RegrSlope
    RegrSxx RegrSxy RegrSyy RegrValx RegrValy Repeat Replace Reverse Right Rint Round RowNumber RtrimmedLength
    SHA SHA1Digest SHA2 SHA2Digest SafeAdd SafeConvertBytesToString SafeDivide SafeFunc SafeMultiply SafeNegate
    SafeSubtract Search SearchIp Sec Sech Second Seq1 Seq2 Seq4 Seq8 SessionUser Shuffle Sign Sin Sinh Skewness
    Soundex SoundexP123 Space Split SplitPart SplitToTable Sqrt StDistance StPoint Stack StandardHash StarMap
    StartsWith Stddev StddevPop StddevSamp StrPosition StrToDate StrToMap StrToTime StrToUnix String
    StringToArray StripNullValue Strtok StrtokSplitToTable StrtokToArray Struct StructExtract Stuff Substring
    SubstringIndex Sum Systimestamp Tan Tanh Time TimeAdd TimeDiff TimeFromParts TimeSlice TimeStrToDate
    TimeStrToTime TimeStrToUnix TimeSub TimeToStr TimeToTimeStr TimeToUnix TimeTrunc Timestamp TimestampAdd
    TimestampDiff TimestampFromParts TimestampLtzFromParts TimestampSub TimestampTrunc TimestampTzFromParts
    ToArray ToBase32 ToBase64 ToBinary ToBoolean ToChar ToCodePoints ToDays ToDecfloat ToDouble ToMap ToNumber
    ToVariant Transform Translate Trim Trunc Try TryBase64DecodeBinary TryBase64DecodeString TryCast
    TryHexDecodeBinary TryHexDecodeString TryToDecfloat TsOrDiToDi TsOrDsAdd TsOrDsDiff TsOrDsToDate
    TsOrDsToDateStr TsOrDsToDatetime TsOrDsToTime TsOrDsToTimestamp Typeof Unhex Unicode Uniform UnixDate
    UnixMicros UnixMillis UnixSeconds UnixToStr UnixToTime UnixToTimeStr Unnest Upper UtcDate UtcTime
    UtcTimestamp Uuid VarMap Variance VariancePop Week WeekOfYear WeekStart WeightString WidthBucket XMLElement
    XMLGet XMLTable Xor Year YearOfWeek YearOfWeekIso Zipf
"""
TYPED = frozenset(_TYPED.split())
"""Functions that sqlglot knows by a class of their own and that only compute."""
