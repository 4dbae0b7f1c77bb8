"""Where the names of other clients are in ours: tables that `test_parity` reads.

The lists of their names, in tests/client/data/names, are printed by scripts/public_names.py. A
name is here under the first pattern that matches it; what follows a `!` says why there is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

LISTS = Path(__file__).parents[1] / "client/data/names"

# A replacement is a template of `re.Match.expand`, or makes one.
Rows = list[tuple[str, str | Callable[[re.Match[str]], str]]]

EXPRESSION_PARTS = "!expressions are made by functions and compiled at once: there is no base class"
DICT_KEYS = "!the keys of the dicts that operations are: an operation is told by its function"

PULLED = "!metrics are asked for (get_metrics(), start_metrics_server()), not written to files"

OFFICIAL: Rows = [
    (r"aerospike_helpers\..*_KEY", DICT_KEYS),
    (r"aerospike_helpers\.expressions\.(base\.)?LoopVar(\.\w+)?", EXPRESSION_PARTS),
    (r"aerospike_helpers\.expressions\.resources\.Type\w+", EXPRESSION_PARTS),
    (r"aerospike_helpers\.expressions(?:\.\w+)?\.(ResultType|ReturnType)(.*)", r"expressions.\1\2"),
    (
        r"aerospike_helpers\.expressions\.(NumericType|RegexFlags|StringPolicy)(.*)",
        r"string_helpers.\1\2",
    ),
    (r"aerospike_helpers\.expressions\.(?:\w+\.)?\w+\.compile", r"Expression.compile"),
    (r"aerospike_helpers\.expressions\.(?:[a-z_]+\.)?([A-Z]\w*)", r"expressions.\1"),
    (r"aerospike_helpers\.expressions(?:\.\w+)?", r"expressions"),
    (r"aerospike_helpers\.operations\.bitwise_operations(.*)", r"bit_operations\1"),
    (r"aerospike_helpers\.operations\.(\w+)(.*)", r"\1\2"),
    (r"aerospike_helpers\.metrics\.(ConnectionStats|NodeStats|ClusterStats)", r"\1"),
    (r"aerospike_helpers\.metrics(\..*)?", PULLED),
    (r"aerospike_helpers\.batch\.records(.*)", r"batch_records\1"),
    (r"aerospike_helpers\.(batch|operations)", r""),
    (r"aerospike_helpers(?:\.(.*))?", r"\1"),
    (r"aerospike(?:\.(.*))?", r"\1"),
]

STAGES = "!the stages of an operation are not timed apart: get_metrics() tells of the whole"

OLDER: Rows = [
    (r"aerospike_py\.(\w+_internal_stage_metrics_\w+|internal_stage_profiling)", STAGES),
    (r"aerospike_py\.\w+_operations\.Operation", r"Operation"),
    (r"aerospike_py\.exp\.Expr", r"Expression"),
    (r"aerospike_py(?:\.(.*))?", r"\1"),
]

SHAPES = "!policies, keys, values and results are Python's own dicts, tuples and classes"
POOLED = "!made for benchmarks: await asyncio.gather() of operations here"
TASKS = "!verbs wait for what they have begun to be done"
PARTS = "!a part of what get_stats() and get_metrics() tell"

NATIVE: Rows = [
    # Both forms of a verb, of one class there, are a class of clients each here.
    (r"Client\.execute_udf", r"Client.apply"),
    (r"Client\.add", r"Client.increment"),
    (r"Client\.delete", r"Client.remove"),
    (r"Client\.batch", r"Client.batch_write"),
    (r"Client\.batch_delete", r"Client.batch_remove"),
    (r"Client\.(batch_exists|batch_get_header)", r"Client.batch_read"),
    (
        r"Client\.((?:change|create|drop)_(?:password|pki_user|role|user)|(?:grant|revoke)_\w+"
        r"|query_roles|set_quotas)",
        r"Client.admin_\1",
    ),
    (r"Client\.query_users", r"Client.admin_query_users_info"),
    (r"Client\.set_allowlist", r"Client.admin_set_whitelist"),
    (r"Client\.create_index", r"Client.index_single_value_create"),
    (r"Client\.create_index_using_expression", r"Client.index_expr_create"),
    (r"Client\.create_set_index", r"Client.index_set_create"),
    (r"Client\.drop_index", r"Client.index_remove"),
    (r"Client\.exists_legacy", r"Client.exists"),
    (r"Client\.info", r"Client.info_random_node"),
    (r"Client\.info_on_all_nodes", r"Client.info_all"),
    (r"Client\.get_node", r"Client.info_single_node"),
    (r"Client\.nodes", r"Client.get_nodes"),
    (r"Client\.node_names", r"Client.get_node_names"),
    (r"Client\.metrics", r"Client.get_stats"),
    (r"Client\.query_execute_udf", r"Client.query_apply"),
    (r"Client\.query_operate", r"Query.execute_background"),
    (r"Client\.query_with_plan", r"Query.where"),
    (r"QueryPlan\.index_range_bytes", r"QueryPlan.index_range"),
    (r"QueryPlan\.is_\w+|QuerySelection", r"QueryPlan.selection"),
    (r"QueryPlan\.filter_for_execute", r"Query.where"),
    (r"QueryPlan\.where_flags|QueryWhereFlags", r"Client.query_explain"),
    (r"Client\.register_udf(_from_file)?", r"Client.udf_put"),
    (r"Client\.remove_udf", r"Client.udf_remove"),
    (r"Client\.(client_version|core_version)", "!`__version__` tells it"),
    (
        r"Client\.(cluster_name|server_cluster_name|seeds|is_strong_consistency)",
        "!info_all() tells it",
    ),
    (r"Client\.metrics_enabled", r"is_metrics_enabled"),
    (r"(Client(?:\.\w+)?)", r"\1"),
    (r"new_client(_blocking)?", r"async_client"),
    # Expressions.
    (r"FilterExpression(?:\.from_server_compiled_ael)?", r"exp"),
    (r"FilterExpression\.base64", r"Expression.base64"),
    (
        r"FilterExpression\.(hll_add|hll_init|list_join|bit_b64_encode|string_is_numeric"
        r"|string_regex_compare|string_find|string_snip|string_split|string_substr)_\w+",
        r"exp.\1",
    ),
    (r"FilterExpression\.hll_get_(\w+)", r"exp.hll_\1"),
    (r"FilterExpression\.string_b64_decode", r"exp.string_base64_decode"),
    (r"FilterExpression\.string_case_fold", r"exp.string_casefold"),
    (r"FilterExpression\.geo_json_loop_var", r"exp.loop_geo"),
    (r"FilterExpression\.string_loop_var", r"exp.loop_str"),
    (r"FilterExpression\.(\w+)_loop_var", r"exp.loop_\1"),
    (r"FilterExpression\.exp_select_\w+", r"exp.select_by_path"),
    (r"FilterExpression\.exp_(?:modify\w*|remove)", r"exp.modify_by_path"),
    (r"FilterExpression\.exp_let", r"exp.let_"),
    (r"FilterExpression\.exclusive|FilterExpression\.xor", r"exp.xor_"),
    (r"FilterExpression\.(max|min)", r"exp.\1_"),
    (
        r"FilterExpression\.(\w+_by_\w+)_relative_(rank|index)_range(?:_count)?",
        r"exp.\1_rel_\2_range",
    ),
    (r"FilterExpression\.(\w+_by_\w+_range)_count", r"exp.\1"),
    (r"FilterExpression\.(\w+)", r"exp.\1"),
    # Operations.
    (r"(?:List|Map|Bit|Hll|String|Exp|Cdt|)Operation", r"Operation"),
    (r"(?:List|Map)Operation\.set_context|CTX(?:\.\w+_(?:base64|bytes))?", r"cdt_ctx"),
    (
        r"ListOperation\.(get_by|remove_by)_value_relative_rank_range",
        r"list_operations.list_\1_value_rank_range_relative",
    ),
    (r"ListOperation\.(get|pop|remove)_range_from", r"list_operations.list_\1_range"),
    (r"ListOperation\.(create|set_order)_with_index", r"list_operations.list_\1"),
    (
        r"ListOperation\.(?:set_with_policy|(increment)_by_one\w*|(set))",
        lambda found: f"list_operations.list_{found[1] or 'set'}",
    ),
    (r"ListOperation\.(\w+)", r"list_operations.list_\1"),
    (
        r"MapOperation\.(get_by|remove_by)_(key|value)_relative_(index|rank)_range",
        r"map_operations.map_\1_\2_\3_range_relative",
    ),
    (r"MapOperation\.(\w+_range)_from", r"map_operations.map_\1"),
    (r"MapOperation\.(increment|decrement)_value", r"map_operations.map_\1"),
    (r"MapOperation\.(create)_with_index", r"map_operations.map_\1"),
    (r"MapOperation\.set_(?:map_)?policy", r"map_operations.map_set_policy"),
    (r"MapOperation\.(\w+)", r"map_operations.map_\1"),
    (r"BitOperation\.(\w+?)_?", r"bit_operations.bit_\1"),
    (r"HllOperation\.(\w+)", r"hll_operations.hll_\1"),
    (r"StringOperation\.b64_decode", r"string_operations.base64_decode"),
    (r"StringOperation\.case_fold", r"string_operations.casefold"),
    (r"StringOperation\.(\w+)", r"string_operations.\1"),
    (r"ExpOperation\.(\w+)", r"expression_operations.expression_\1"),
    (r"CdtOperation\.select_\w+", r"operations.select_by_path"),
    (r"CdtOperation\.(?:modify|remove)\w*", r"operations.modify_by_path"),
    (r"Operation\.add", r"operations.increment"),
    (r"Operation\.put", r"operations.write"),
    (r"Operation\.(?:get|get_bin|get_header)", r"operations.read"),
    (r"Operation\.(?:bin_name)|has_any_write_op", DICT_KEYS),
    (r"Operation\.(\w+)", r"operations.\1"),
    (r"CTX\.(\w+)", r"cdt_ctx.cdt_ctx_\1"),
    (r"Filter\.(?:equal)\w*", r"predicates.equals"),
    (r"Filter\.(?:contains)\w*", r"predicates.contains"),
    (r"Filter\.(?:range)\w*", r"predicates.between"),
    (r"Filter\.(?:regions_containing_point)\w*", r"predicates.geo_contains_geojson_point"),
    (r"Filter\.(?:within_radius)\w*", r"predicates.geo_within_radius"),
    (r"Filter\.(?:within_region)\w*", r"predicates.geo_within_geojson_region"),
    (r"Filter\.expression", r"Query.where_with_expr"),
    (r"Filter\.context|Filter", r"Query.where"),
    # Constants.
    (r"AbortStatus\.(\w+)", r"ABORT_\1"),
    (r"AuthMode\.NONE", "!no user and no AUTH_PKI is no login"),
    (r"AuthMode\.(\w+)", r"AUTH_\1"),
    (r"BitWriteFlags\.(\w+)", r"BIT_WRITE_\1"),
    (r"BitwiseOverflowActions\.(\w+)", r"BIT_OVERFLOW_\1"),
    (r"BitwiseResizeFlags\.(\w+)", r"BIT_RESIZE_\1"),
    (r"CollectionIndexType\.MAP_(\w+)", r"INDEX_TYPE_MAP\1"),
    (r"CollectionIndexType\.SET", r"Client.index_set_create"),
    (r"CollectionIndexType\.(\w+)", r"INDEX_TYPE_\1"),
    (r"CommitLevel\.COMMIT_(\w+)", r"POLICY_COMMIT_LEVEL_\1"),
    (r"CommitStatus\.(\w+)", r"COMMIT_\1"),
    (r"Concurrency\.(\w+)", r"BATCH_CONCURRENCY_\1"),
    (r"ErrorDetailVerbosity\.EXPRESSION_TRACE", r"ERROR_DETAIL_EXP_TRACE"),
    (r"ErrorDetailVerbosity\.(\w+)", r"ERROR_DETAIL_\1"),
    (r"ExpReadFlags\.(\w+)", r"EXP_READ_\1"),
    (r"ExpType\.(\w+)", r"EXP_TYPE_\1"),
    (r"ExpWriteFlags\.(\w+)", r"EXP_WRITE_\1"),
    (r"Expiration\.DONT_UPDATE", r"TTL_DONT_UPDATE"),
    (r"Expiration\.(\w+[A-Z])", r"TTL_\1"),
    (r"GenerationPolicy\.EXPECT_GEN_EQUAL", r"POLICY_GEN_EQ"),
    (r"GenerationPolicy\.EXPECT_GEN_GREATER", r"POLICY_GEN_GT"),
    (r"GenerationPolicy\.NONE", r"POLICY_GEN_IGNORE"),
    (r"HLLWriteFlags\.(\w+)", r"HLL_WRITE_\1"),
    (r"IndexType\.GEO2D_SPHERE", r"INDEX_GEO2DSPHERE"),
    (r"IndexType\.(\w+)", r"INDEX_\1"),
    (r"ListOrderType\.(\w+)", r"LIST_\1"),
    (r"ListReturnType\.(\w+)", r"LIST_RETURN_\1"),
    (r"ListSortFlags\.(\w+)", r"LIST_SORT_\1"),
    (r"ListWriteFlags\.(\w+)", r"LIST_WRITE_\1"),
    (r"LoopVarPart\.(?:MAP_)?(\w+)", r"EXP_LOOPVAR_\1"),
    (r"MapOrder\.(\w+)", r"MAP_\1"),
    (r"MapReturnType\.(\w+)", r"MAP_RETURN_\1"),
    (r"MapWriteFlags\.(\w+)", r"MAP_WRITE_FLAGS_\1"),
    (r"MapWriteMode\.(\w+)", r"MAP_\1"),
    (r"ModifyFlags\.(\w+)", r"EXP_PATH_MODIFY_\1"),
    (r"PrivilegeCode\.Unknown", SHAPES),
    (
        r"PrivilegeCode\.(\w+)",
        lambda found: (
            "PRIV_"
            + {
                "SIndexAdmin": "SINDEX_ADMIN",
                "ReadWriteUDF": "READ_WRITE_UDF",
                "UDFAdmin": "UDF_ADMIN",
            }.get(found[1], re.sub(r"(?<=[a-z])(?=[A-Z])", "_", found[1]).upper())
        ),
    ),
    (r"QueryDuration\.(\w+)", r"QUERY_DURATION_\1"),
    (r"ReadModeAP\.(\w+)", r"POLICY_READ_MODE_AP_\1"),
    (r"ReadModeSC\.(\w+)", r"POLICY_READ_MODE_SC_\1"),
    (r"RecordExistsAction\.(\w+)", r"POLICY_EXISTS_\1"),
    (r"RegexFlag\.(\w+)", r"REGEX_\1"),
    (r"Replica\.MASTER_PROLES", r"POLICY_REPLICA_ANY"),
    (r"Replica\.(\w+)", r"POLICY_REPLICA_\1"),
    (r"SelectFlags\.(\w+)", r"EXP_PATH_SELECT_\1"),
    (r"SpecialValue\.INFINITY", r"CDTInfinite"),
    (r"SpecialValue\.WILDCARD", r"CDTWildcard"),
    (r"SpecialValue\.NULL", r"null"),
    (r"StringNumericType\.(\w+)", r"STRING_NUMERIC_\1"),
    (r"StringRegexFlags\.(\w+)", r"STRING_REGEX_\1"),
    (r"StringWriteFlags\.(\w+)", r"STRING_WRITE_\1"),
    (r"TxnState\.(\w+)", r"TXN_STATE_\1"),
    (r"UDFLang\.(\w+)", r"UDF_TYPE_\1"),
    # Classes.
    (
        r"(AdminPolicy|BasePolicy|BatchDeletePolicy|BatchPolicy|BatchReadPolicy|BatchUDFPolicy"
        r"|BatchWritePolicy|BitPolicy|HLLPolicy|ListPolicy|MapPolicy|QueryPolicy|ReadPolicy"
        r"|WritePolicy|Privilege|TlsConfig)",
        r"\1",
    ),
    (r"ClientPolicy", r"ClientConfig"),
    (r"(?:Txn)", r"Transaction"),
    (r"Txn\.(id|in_doubt|state|timeout)", r"Transaction.\1"),
    (r"Batch(Read|Write)Op", r"batch_records.\1"),
    (r"BatchDeleteOp", r"batch_records.Remove"),
    (r"BatchUDFOp", r"batch_records.Apply"),
    (r"BatchRecord", r"BatchRecord"),
    (r"BatchRecordStream(?:\.close)?", r"Client.batch_stream"),
    (r"Recordset(?:\.\w+)?|Statement(?:\.\w+)?", r"Query"),
    (r"Record", r"Record"),
    (r"(?:PartitionFilter)(?:\.(?:all|done))?", r"partition_filter_all"),
    (r"PartitionFilter\.by_(?:key|id)", r"partition_filter_by_id"),
    (r"PartitionFilter\.by_range", r"partition_filter_by_range"),
    (r"PartitionStatus", r"Query.get_partitions_status"),
    (r"(GeoJSON|null|geojson)", r"\1"),
    (r"HLL", r"HyperLogLog"),
    (r"SortedMap", r"KeyOrderedDict"),
    (r"ClusterMetrics|NodeMetricsSnapshot", r"Client.get_stats"),
    (r"MetricsPolicy|refresh_log_levels", r"set_log_level"),
    (
        r"exceptions\.(BadResponse|ClientError|Base64DecodeError|BatchError|InvalidRustClientArgs"
        r"|InvalidUTF8|IoError|ParseAddressError|ParseIntError|PasswordHashError|RecvError"
        r"|UDFBadResponse|ValueError)",
        r"exception.ClientError",
    ),
    (r"exceptions\.BatchFailedError", r"exception.BatchFailed"),
    (r"exceptions\.CommitFailedError", r"exception.TransactionFailed"),
    (r"exceptions\.GenerationError", r"exception.RecordGenerationError"),
    (r"exceptions\.InvalidNamespaceError", r"exception.NamespaceNotFound"),
    (r"exceptions\.MaxErrorRate", r"exception.MaxErrorRateExceeded"),
    (r"exceptions\.NoMoreConnections", r"exception.NoMoreConnectionsError"),
    (r"exceptions\.QuotaError", r"exception.QuotaExceeded"),
    (r"exceptions\.SecurityError", r"exception.AdminError"),
    (r"exceptions\.UdfError", r"exception.UDFError"),
    (r"exceptions(\.(?!ResultCode).*)?", r"exception\1"),
    (r"ServerError", r"exception.ServerError"),
    (r"exceptions\.ResultCode|ResultCode|SubCode", r"exception.AerospikeError"),
    (r"(?:\w*Task|TaskStatus)(?:\.\w+)?", TASKS),
    (r"CompletionDrainer|FastRng", POOLED),
    (r"(?:CommandMetric|CommandType|Histogram|LatencyUnit|Sampler)", PARTS),
    (r"Node|Version", r"Client.get_nodes"),
    (r"SubCode\.(\w+)", r"SUB_\1"),
    # What is left are the names of enumerations, and what objects hold that are dicts here.
    (r"[A-Z]\w+(?:\.\w+)?|exceptions\.ResultCode\.\w+", SHAPES),
    (r"", r""),
]

TABLES = {"aerospike": OFFICIAL, "aerospike_py": OLDER, "aerospike_native": NATIVE}


def ours(name: str, rows: Rows) -> str:
    """Where the name is in our package, "" for the package itself, or `!` and why it is not."""
    for pattern, replacement in rows:
        if found := re.fullmatch(pattern, name):
            return found.expand(replacement if isinstance(replacement, str) else replacement(found))
    raise LookupError(f"no row of the table is about {name}")


def peers() -> list[tuple[str, str]]:
    """Every name of every list, and where it is here."""
    found = []
    for package, rows in TABLES.items():
        for line in (LISTS / f"{package}.txt").read_text().splitlines():
            name = line.partition(" ")[0]
            asked = name
            if rows is NATIVE:
                # One class has both forms of a verb there; here each form is a class's.
                asked = name.removeprefix(package).lstrip(".").removesuffix("_blocking")
            found.append((name, ours(asked, rows)))
    return found
