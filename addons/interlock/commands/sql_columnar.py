"""Functions that only compute or describe in DuckDB or in ClickHouse: what they list themselves.

Left out are those that reach files, the network, other sessions or what is kept of them, and those that read a table
or a dictionary that is named in a text.
"""

from __future__ import annotations

__all__ = ["COLUMNAR"]

_NAMES = {
    "duckdb": """
        add aggregate ago alias apply arbitrary arg_max_nulls_last arg_min_nulls_last array_dot_product
        array_negative_dot_product array_negative_inner_product array_reverse assert_true binom
        bitstring_byte_comparable cast_to_type col_description combine_aggr constant_or_null current_catalog
        current_connection_id current_localtime current_localtimestamp current_query current_query_id
        current_schemas current_transaction_id currval days_in_month decimal_average decimal_division decode
        duckdb_approx_database_count duckdb_available_metrics duckdb_columns duckdb_connection_count
        duckdb_constraints duckdb_coordinate_systems duckdb_databases duckdb_dependencies duckdb_dialects
        duckdb_eviction_queues duckdb_extension_repositories duckdb_extensions duckdb_functions
        duckdb_grammar_extensions duckdb_indexes duckdb_keywords duckdb_log_contexts duckdb_memory
        duckdb_optimizers duckdb_prepared_statements duckdb_schemas duckdb_sequences duckdb_settings
        duckdb_tables duckdb_triggers duckdb_types duckdb_variables duckdb_views editdist3 element_at encode
        ends_with enum_range_boundary error fill filter finalize format_pg_type from_binary from_hex from_json
        from_json_strict get_block_size get_current_time get_current_timestamp get_type getvariable
        greatest_common_divisor has_any_column_privilege has_database_privilege
        has_foreign_data_wrapper_privilege has_function_privilege has_language_privilege has_sequence_privilege
        has_server_privilege has_tablespace_privilege ilike_escape in_search_path index_key invoke isinf
        json_copy_strftime_if_date json_copy_strftime_if_timestamp json_deep_merge json_deserialize_sql
        json_merge_patch_diff json_normalize json_serialize_sql julian least_common_multiple like_escape
        list_bit_or list_bit_xor list_kurtosis list_kurtosis_pop list_mad list_negative_dot_product
        list_negative_inner_product list_sem lttb make_type map_contains_entry map_contains_value map_to_pg_oid
        md5_number md5_number_lower md5_number_upper normalized_interval not_like_escape
        parse_duckdb_log_message parse_formatted_bytes path_join pg_collation_is_visible
        pg_conversion_is_visible pg_function_is_visible pg_has_role pg_is_other_temp_schema pg_my_temp_schema
        pg_opclass_is_visible pg_operator_is_visible pg_opfamily_is_visible pg_postmaster_start_time
        pg_timezone_names pg_ts_config_is_visible pg_ts_dict_is_visible pg_ts_parser_is_visible
        pg_ts_template_is_visible pg_type_is_visible pragma_collations pragma_database_size pragma_metadata_info
        pragma_platform pragma_show pragma_storage_info pragma_user_agent pragma_version rank_dense reduce
        regr_sxx regr_sxy regr_syy repeat_row replace_type round_even set_bit setseed st_asbinary st_asgeojson
        st_aswkb st_crs st_geomfromgeojson st_geomfromwkb st_intersects_extent st_setcrs stats struct_contains
        struct_extract_at struct_has struct_indexof struct_keys struct_position struct_update substring_grapheme
        subtract sum_no_overflow switch timezone timezone_hour timezone_minute to_aggregate_state txid_current
        uuid_extract_timestamp uuid_extract_version variant_array_length variant_bytes_to_variant
        variant_comparator variant_contains variant_exists variant_extract variant_extract_string
        variant_group_array variant_group_object variant_keys variant_normalize variant_type variant_typeof
        vertex_extract wavg weighted_avg
    """,
    "clickhouse": """
        accuratecast adddate addinterval addmicroseconds addmilliseconds addnanoseconds addquarters
        addtupleofintervals aes_decrypt_mysql aes_encrypt_mysql alphatokens analysisofvariance and anova
        any_respect_nulls any_value_respect_nulls anylast_respect_nulls anylastrespectnulls anyrespectnulls
        anyvaluerespectnulls appendtrailingcharifabsent approx_top_count approx_top_sum areacartesian
        areaspherical argandmax argandmin array_concat_agg arrayauc arrayaucpr arrayautocorrelation arraybottomk
        arraycompact arraycumsumnonnegative arraydifference arraydotproduct arrayenumeratedense
        arrayenumeratedenseranked arrayenumerateuniq arrayenumerateuniqranked arrayexcept arrayflattenedlength
        arrayfold arrayjaccardindex arraylast arraylastindex arraylevenshteindistance
        arraylevenshteindistanceweighted arraynormalizedgini arraypartialreversesort arraypartialshuffle
        arraypartialsort arrayprauc arrayproduct arrayrandomsample arrayremove arrayreversefill
        arrayreversesplit arrayrocauc arrayrotateleft arrayrotateright arrayshiftleft arrayshiftright
        arrayshingles arrayshuffle arraysimilarity arraysplit arraysymmetricdifference arraytopk arraytranspose
        arrayunion arraywithconstant authenticateduser avg2 base32decode base32encode base58decode base58encode
        base64decode base64encode base64urldecode base64urlencode basename bithammingdistance bitmapand
        bitmapandcardinality bitmapandnot bitmapandnotcardinality bitmapcontains bitmaphasall bitmaphasany
        bitmapmax bitmapmin bitmapor bitmaporcardinality bitmapsubsetinrange bitmapsubsetlimit bitmaptoarray
        bitmaptransform bitmapxor bitmapxorcardinality bitmasktoarray bitmasktolist bitpositionstoarray
        bitrotateleft bitrotateright bitslice bittest bittestall bittestany blocksize bytehammingdistance
        bytesize byteslice byteswap casefoldutf8 casewithexpr casewithexpression casewithoutexpr
        casewithoutexpression categoricalinformationvalue changeday changehour changeminute changemonth
        changesecond changeyear clamp coloroklabtosrgb coloroklchtosrgb colorsrgbtooklab colorsrgbtooklch
        comparesubstrings concatassumeinjective concatwithseparatorassumeinjective contingency convertcharset
        corrmatrix cosinedistance cosinedistancetransposed cosinedistancetransposedquantized countmatches
        covarpopmatrix covarpopstable covarsampmatrix covarsampstable cramersvbiascorrected crc32ieee crc64
        current_query_id current_schemas currentdatabase currentprofiles currentqueryid currentroles
        currentschemas currentuser cutfragment cutipv6 cutquerystringandfragment
        cuttofirstsignificantsubdomaincustom cuttofirstsignificantsubdomaincustomwithwww
        cuttofirstsignificantsubdomainwithwww cuturlparameter dameraulevenshteindistance datetime64tosnowflakeid
        datetimetosnowflakeid datetimetouuidv7 decodehtmlcomponent decodeurlformcomponent decodexmlcomponent
        decrypt defaultprofiles defaultroles defaultvalueofargumenttype defaultvalueoftypename denserank
        dequantizeint8tobfloat16 digits displayname distancecosine distancecosinetransposed distancel1
        distancel2 distancel2squared distancel2transposed distancelinf distancelp distinctdynamictypes
        distinctjsonpaths distinctjsonpathsandtypes dividedecimal dotproduct dotproducttransposed
        dotproducttransposedquantized dynamicelement dynamictype editdistance emptyarraydate emptyarraydatetime
        emptyarrayfloat32 emptyarrayfloat64 emptyarrayint16 emptyarrayint32 emptyarrayint64 emptyarrayint8
        emptyarraystring emptyarraytosingle emptyarrayuint16 emptyarrayuint32 emptyarrayuint64 emptyarrayuint8
        enabledprofiles enabledroles encodeurlformcomponent encodexmlcomponent encrypt erfc exp10 exp2
        exponentialtimedecayedavg exponentialtimedecayedcount exponentialtimedecayedmax
        exponentialtimedecayedsum extractallgroups extractallgroupshorizontal extractallgroupsvertical
        extractkeyvaluepairs extractkeyvaluepairswithescaping extracttextfromhtml extracturlparameternames
        farmfingerprint64 finalizeaggregation financialinternalrateofreturn
        financialinternalrateofreturnextended financialnetpresentvalue financialnetpresentvalueextended
        firstline firstnondefault firstsignificantsubdomaincustom firstvaluerespectnulls flipcoordinates
        formatdatetimeinjodasyntax formatquery formatqueryfromjson formatquerysingleline formatrow
        formatrownonewline fqdn from_utc_timestamp fromdayssinceyearzero fromdayssinceyearzero32
        frommodifiedjulianday fromunixtimestamp64micro fromunixtimestamp64nano fromunixtimestamp64second
        fromunixtimestampinjodasyntax fromutctimestamp fullhostname fuzzbits gccmurmurhash
        generaterandomstructure generatesnowflakeid generateuuidv7 geohashdecode geohashesinbox
        geometryintersectcartesian geometryintersectspherical geotoh3 geotomgrs geotoutm getmacro getsetting
        getsizeofenumtype getsubcolumn gettypeserializationstreams gini globalnullin greatcircleangle
        grouparrayinsertat grouparrayintersect grouparraysorted groupbitmapand groupbitmapor groupbitmapxor
        groupconcat groupformat groupnumericindexedvector h3cellaream2 h3cellarearads2 h3distance h3edgeangle
        h3edgelengthkm h3edgelengthm h3exactedgelengthkm h3exactedgelengthm h3exactedgelengthrads h3getbasecell
        h3getdestinationindexfromunidirectionaledge h3getfaces h3getindexesfromunidirectionaledge
        h3getoriginindexfromunidirectionaledge h3getpentagonindexes h3getres0indexes h3getresolution
        h3getunidirectionaledge h3getunidirectionaledgeboundary h3getunidirectionaledgesfromhexagon h3hexareakm2
        h3hexaream2 h3hexring h3indexesareneighbors h3ispentagon h3isresclassiii h3isvalid h3kring h3line
        h3numhexagons h3pointdistkm h3pointdistm h3pointdistrads h3polygontocells
        h3polygontocellswithcontainment h3tocenterchild h3tochildren h3togeo h3togeoboundary h3toparent
        h3tostring h3unidirectionaledgeisvalid hasalltoken hasalltokens hasanytoken hasanytokens
        hascolumnintable hasphrase hassubsequence hierarchicalkmeans highlightquery hilbertdecode hilbertencode
        hivehash hmac hop hopend hopstart hostname hypot icebergbucket iceberghash icebergtruncate ignore ilike
        indexhint indexof indexofassumesorted inet6_aton inet6_ntoa inthash32 inthash64 ipv4cidrtorange
        ipv4numtostringclassc ipv4toipv6 ipv6cidrtorange isascii isconstant isdecimaloverflow isdistinctfrom
        isdynamicelementinshareddata isipaddressinrange isnotdistinctfrom isnullable isprime isprobableprime
        isvalidascii iszeroornull jarosimilarity jarowinklersimilarity javahashutf16le jsonallpaths
        jsonallpathswithtypes jsonallvalues jsonarraylength jsondynamicpaths jsondynamicpathswithtypes
        jsonextractkeysandvaluesraw jsonkey jsonmergepatch jsonshareddatapaths jsonshareddatapathswithtypes
        jumpconsistenthash kafkamurmurhash keccak256 kolmogorovsmirnovtest kostikconsistenthash kqlbin kqlbinat
        kqldatetimebinat kqldivide kqlmultiply kqlparametercast kqlrangecount kqltotimespan l1distance l1norm
        l1normalize l2distance l2distancetransposed l2distancetransposedquantized l2norm l2normalize
        l2squareddistance l2squarednorm largesttrianglethreebuckets last_value_respect_nulls
        lastvaluerespectnulls leftpad linfdistance linfnorm linfnormalize log1p lowcardinalityindices
        lowcardinalitykeys lpdistance lpnorm lpnormalize lttb macnumtostring macstringtonum macstringtooui
        makedate32 makedatetime makedatetime64 map_from_arrays mapall mapconcat mapcontainskey
        mapcontainskeylike mapcontainsvalue mapcontainsvaluelike mapexists mapextractkeylike mapextractvaluelike
        mapfromstring mappartialreversesort mappartialsort mappopulateseries mapreversesort mapsort mapsubtract
        mapupdate match matchphrase maxintersectionsposition maxmappedarrays md4 meanztest medianbfloat16
        medianbfloat16weighted mediandd medianexacthigh medianexactlow medianexactweighted
        medianexactweightedinterpolated mediangk medianinterpolatedweighted mediantdigest mediantdigestweighted
        mediantimingweighted mergedjsonpatch metrohash64 mgrstogeo midpoint minmappedarrays
        minsamplesizecontinous minsamplesizecontinuous minsamplesizeconversion mortondecode mortonencode
        multifuzzymatchallindices multifuzzymatchany multifuzzymatchanyindex multimatchallindices multimatchany
        multimatchanyindex multiplydecimal multisearchallpositions multisearchfirstindex murmurhash2_32
        murmurhash3_128 murmurhash3_32 mvtboundingbox mvtboundingboxmercator mvtencode mvtencodegeom
        natural_sort_key naturalsortkey neighbor netloc ngramminhash ngramminhasharg ngrams ngramsearch
        ngramsimhash normalizedqueryhash normalizedqueryhashkeepnames normalizel1 normalizel2 normalizelinf
        normalizelp normalizequerykeepnames normalizeutf8nfc normalizeutf8nfd normalizeutf8nfkc
        normalizeutf8nfkccasefold normalizeutf8nfkd norml1 norml2 norml2squared normlinf normlp nothas notilike
        notin notlike notmatch notnullin nowinblock64 numericindexedvectorallvaluesum numericindexedvectorbuild
        numericindexedvectorcardinality numericindexedvectorgetvalue numericindexedvectorpointwiseadd
        numericindexedvectorpointwisedivide numericindexedvectorpointwiseequal
        numericindexedvectorpointwisegreater numericindexedvectorpointwisegreaterequal
        numericindexedvectorpointwiseless numericindexedvectorpointwiselessequal
        numericindexedvectorpointwisemultiply numericindexedvectorpointwisenotequal
        numericindexedvectorpointwisesubtract numericindexedvectorshortdebugstring numericindexedvectortomap
        obfuscatequery obfuscatequerywithseed or parsedatetime32besteffort parsedatetime64
        parsedatetime64besteffort parsedatetime64besteffortus parsedatetime64injodasyntax
        parsedatetimebesteffortus parsedatetimeinjodasyntax parseiso8601duration parsequerytojson
        parsereadablesize parsetimedelta partitionid percentrank perimetercartesian perimeterspherical
        pg_get_userbyid pggetuserbyid pgtableisvisible pmod pointinellipses pointinpolygon polygonareacartesian
        polygonareaspherical polygonconvexhullcartesian polygonperimetercartesian polygonperimeterspherical
        polygonsdistancecartesian polygonsdistancespherical polygonsequalscartesian polygonsintersectcartesian
        polygonsintersectioncartesian polygonsintersectionspherical polygonsintersectspherical
        polygonssymdifferencecartesian polygonssymdifferencespherical polygonsunioncartesian
        polygonsunionspherical polygonswithincartesian polygonswithinspherical positive_modulo
        positive_modulo_or_null positivemodulo prettyprintjson proportionsztest quantilebfloat16
        quantilebfloat16weighted quantiledd quantileexactexclusive quantileexacthigh quantileexactinclusive
        quantileexactlow quantileexactweightedinterpolated quantilegk quantileinterpolatedweighted
        quantileprometheushistogram quantilesbfloat16 quantilesbfloat16weighted quantilesdd
        quantilesdeterministic quantilesexactexclusive quantilesexacthigh quantilesexactinclusive
        quantilesexactlow quantilesexactweighted quantilesexactweightedinterpolated quantilesgk
        quantilesinterpolatedweighted quantilesprometheushistogram quantilestdigestweighted quantilestiming
        quantilestimingweighted quantiletdigestweighted quantiletimingweighted quantizebfloat16toint8 query_id
        queryid querystringandfragment rand32 rand64 randbernoulli randbinomial randcanonical randchisquared
        randconstant randexponential randfisherf randlognormal randnegativebinomial randnormal randomfixedstring
        randomhadamardtransform randomprintableascii randomstring randpoisson randstudentt randuniform readwkb
        readwkblinestring readwkbmultilinestring readwkbmultipoint readwkbmultipolygon readwkbpoint
        readwkbpolygon readwkt readwktlinestring readwktmultilinestring readwktmultipoint readwktmultipolygon
        readwktpoint readwktpolygon readwktring regexpextract regexpinstr regexpposition regr_sxx regr_sxy
        regr_syy reinterpret reinterpretasdate reinterpretasdatetime reinterpretasfixedstring
        reinterpretasfloat32 reinterpretasfloat64 reinterpretasint128 reinterpretasint16 reinterpretasint256
        reinterpretasint32 reinterpretasint64 reinterpretasint8 reinterpretasstring reinterpretasuint128
        reinterpretasuint16 reinterpretasuint256 reinterpretasuint32 reinterpretasuint64 reinterpretasuint8
        reinterpretasuuid removeaccentsutf8 removediacriticsutf8 reversebyseparator revision rightpad ripemd160
        runningconcurrency runningdifferencestartingwithfirstvalue scalarproduct scalarproducttransposed
        sequencematchevents sequencenextnode seriesdecomposestl seriesoutliersdetecttukey servertimezone
        serveruuid sha512_256 shardcount shardnum sigmoid simplejsonextractbool simplejsonextractfloat
        simplejsonextractuint singlevalueornull siphash128 siphash128keyed siphash128reference
        siphash128referencekeyed siphash64keyed snowflakeidtodatetime snowflakeidtodatetime64 sparkbar
        sparsegrams sparsegramshashes splitbyalpha sqid sqiddecode sqidencode sqr st_asmvt st_asmvtgeom
        st_linefromwkb st_mlinefromwkb st_mpointfromwkb st_mpolyfromwkb st_pointfromwkb st_polyfromwkb std
        stddevpopstable stddevsampstable stochasticlogisticregression str_to_map stringbytesentropy
        stringbytesuniq stringtoh3 studentttestonesample subbitmap substringindex subtractinterval
        subtractmicroseconds subtractmilliseconds subtractnanoseconds subtractquarters subtracttupleofintervals
        summapfiltered summapfilteredwithoverflow summappedarrays svg tcpport tgamma theilsu throwif
        timeseriesavgtogrid timeseriesbottomkmasks timeserieschangestogrid timeseriescounttogrid
        timeseriesdeltatogrid timeseriesderivtogrid timeseriesextracttag timeseriesfromgrid timeseriesgrouparray
        timeseriesgrouptosamplingkey timeseriesgrouptotags timeseriesidtogroup timeseriesidtotags
        timeseriesidtotagsgroup timeseriesincreasetogrid timeseriesinstantdeltatogrid
        timeseriesinstantratetogrid timeseriesjointags timeserieslasttogrid timeserieslasttwosamples
        timeserieslimitkmasks timeseriesmaxtogrid timeseriesmetrictypetosuffixes timeseriesmintogrid
        timeseriespredictlineartogrid timeseriesprometheusvaluetostring timeseriesrange timeseriesratetogrid
        timeseriesremovealltagsexcept timeseriesremovetag timeseriesremovetags timeseriesreplacetag
        timeseriesresampletogridwithstaleness timeseriesresetstogrid timeseriessumtogrid
        timeseriestagsgrouptotags timeseriestagstogroup timeseriestagstomap timeseriesthrowduplicateseriesif
        timeseriestimestampofmaxtogrid timeseriestimestampofmintogrid timeseriestopkmasks timezone timezoneof
        timezoneoffset to_unixtime to_utc_timestamp tobfloat16 tocolumntypename todatetime32 todaysinmonth
        todayssinceyearzero todecimal256 todecimalstring toint128 toint256 tointerval tointervalmicrosecond
        tointervalmillisecond tointervalnanosecond tointervalquarter tokenizequery tokens tokensforlikepattern
        tolastdayofweek tomicrosecond tomillisecond tomodifiedjulianday tomonthnumsinceepoch tonanosecond
        torelativeminutenum torelativemonthnum torelativequarternum torelativesecondnum torelativeweeknum
        torelativeyearnum tostartoffiveminute tostartofmicrosecond tostartofmillisecond tostartofnanosecond
        tostringcuttozero totime64 totimewithfixeddate touint128 touint256 tounixtimestamp64micro
        tounixtimestamp64nano tounixtimestamp64second toutctimestamp toyearnumsinceepoch trybase32decode
        trybase58decode trybase64decode trybase64urldecode trydecrypt tumble tumbleend tumblestart tupleconcat
        tupledivide tupledividebynumber tupleintdiv tupleintdivbynumber tupleintdivorzerobynumber tupleminus
        tuplemodulo tuplemodulobynumber tuplemultiply tuplemultiplybynumber tuplenames tuplenegate tupleplus
        tuplepositivemodulobynumber tupletonamevaluepairs uniqupto uptime urlhash urlhierarchy urlpathhierarchy
        utctimestamp utmtogeo uuidtonum uuidv7todatetime validatenestedarraysizes variantelement varianttype
        varpopstable varsampstable vectordifference vectorsum visiblewidth visitparamextractbool
        visitparamextractfloat visitparamextractuint wkb wkt wordshingleminhash wordshingleminhasharg
        wordshinglesimhash wyhash64 xxh3 xxh3_128 xxhash64spark yandexconsistenthash yyyymmddhhmmsstodatetime
        yyyymmddhhmmsstodatetime64 yyyymmddtodate yyyymmddtodate32
    """,
}
COLUMNAR = {dialect: frozenset(names.split()) for dialect, names in _NAMES.items()}
"""By dialect."""
