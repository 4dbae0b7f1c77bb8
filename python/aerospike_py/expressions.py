"""Expressions in the official client's spelling: `Eq(IntBin("age"), 30).compile()`.

    >>> from aerospike_py import expressions as exp
    >>> adult = exp.And(exp.BinExists("age"), exp.GE(exp.IntBin("age"), 18)).compile()
    >>> client.put(key, {"age": 36})
    >>> client.get(key, policy={"expressions": adult}).bins
    {'age': 36}

Each name makes what a function of `aerospike_py.exp` makes, with the official client's order and
names of arguments; an expression is compiled as soon as it is made, and `compile()` returns it. A
str in place of a list, map, blob, text or HyperLogLog to work on is the name of a bin. Contexts are
made by `aerospike_py.cdt_ctx`, and policies are dicts.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from aerospike_py import exp
from aerospike_py._aerospike import Expression
from aerospike_py._constants import LIST_RETURN_INVERTED, MAP_RETURN_INVERTED


class ResultType:
    """What an expression results in: `EXP_TYPE_*` of `aerospike_py`.

    >>> ResultType.INTEGER == aerospike_py.EXP_TYPE_INT
    True
    """

    NIL = exp.EXP_TYPE_NIL
    BOOLEAN = exp.EXP_TYPE_BOOL
    INTEGER = exp.EXP_TYPE_INT
    STRING = exp.EXP_TYPE_STRING
    LIST = exp.EXP_TYPE_LIST
    MAP = exp.EXP_TYPE_MAP
    BLOB = exp.EXP_TYPE_BLOB
    FLOAT = exp.EXP_TYPE_FLOAT
    GEOJSON = exp.EXP_TYPE_GEO
    HLL = exp.EXP_TYPE_HLL


class ReturnType:
    """What is added to a return type of lists or maps to mean all other elements.

    >>> ReturnType.LIST_RETURN_INVERTED == aerospike_py.LIST_RETURN_INVERTED
    True
    """

    LIST_RETURN_INVERTED = LIST_RETURN_INVERTED
    MAP_RETURN_INVERTED = MAP_RETURN_INVERTED


def _spelled(
    function: Callable[..., Any], parameters: str, text: bool = False
) -> Callable[..., Any]:
    """`function` with other parameters: each its own, or `other=own`.

    None stands for a default. With `text`, the name of a bin stands for the text in it.
    """
    pairs = [pair.partition("=") for pair in parameters.split()]
    own = {other: name or other for other, _, name in pairs}
    known = inspect.signature(function).parameters

    def build(*args: Any, **keywords: Any) -> Any:
        called = function.__name__
        if len(args) > len(own):
            raise TypeError(f"exp.{called}() takes at most {len(own)} arguments, not {len(args)}")
        given = dict(zip(own, args))  # noqa: B905 - the last ones may be left out
        for other, value in keywords.items():
            if other not in own or other in given:
                raise TypeError(f"exp.{called}() got an unexpected argument {other!r}")
            given[other] = value
        if text and isinstance(given.get("bin"), str):
            given["bin"] = exp.string_bin(given["bin"])
        return function(
            **{
                own[other]: value
                for other, value in given.items()
                if value is not None or known[own[other]].default is inspect.Parameter.empty
            }
        )

    build.__doc__ = f"`exp.{function.__name__}`, with the arguments {', '.join(own)}."
    return build


def KeyInt() -> Expression:
    """The user key, if it is an integer.

    >>> KeyInt() == exp.key(exp.EXP_TYPE_INT)
    True
    """
    return exp.key(exp.EXP_TYPE_INT)


def KeyStr() -> Expression:
    """The user key, if it is text.

    >>> KeyStr() == exp.key(exp.EXP_TYPE_STRING)
    True
    """
    return exp.key(exp.EXP_TYPE_STRING)


def KeyBlob() -> Expression:
    """The user key, if it is bytes.

    >>> KeyBlob() == exp.key(exp.EXP_TYPE_BLOB)
    True
    """
    return exp.key(exp.EXP_TYPE_BLOB)


# Values, bins, metadata, comparison, logic, variables, paths.
Val = _spelled(exp.val, "value")
Unknown = exp.unknown
KeyExists = exp.key_exists
BoolBin = _spelled(exp.bool_bin, "bin=name")
IntBin = _spelled(exp.int_bin, "bin=name")
StrBin = _spelled(exp.string_bin, "bin=name")
FloatBin = _spelled(exp.float_bin, "bin=name")
BlobBin = _spelled(exp.blob_bin, "bin=name")
GeoBin = _spelled(exp.geo_bin, "bin=name")
ListBin = _spelled(exp.list_bin, "bin=name")
MapBin = _spelled(exp.map_bin, "bin=name")
HLLBin = _spelled(exp.hll_bin, "bin=name")
BinExists = _spelled(exp.bin_exists, "bin=name")
BinType = _spelled(exp.bin_type, "bin=name")
SetName = exp.set_name
DeviceSize = exp.device_size
MemorySize = exp.memory_size
RecordSize = exp.record_size
LastUpdateTime = exp.last_update
SinceUpdateTime = exp.since_update
VoidTime = exp.void_time
TTL = exp.ttl
IsTombstone = exp.is_tombstone
DigestMod = _spelled(exp.digest_modulo, "mod=modulo")
Eq = _spelled(exp.eq, "expr0=left expr1=right")
NE = _spelled(exp.ne, "expr0=left expr1=right")
GT = _spelled(exp.gt, "expr0=left expr1=right")
GE = _spelled(exp.ge, "expr0=left expr1=right")
LT = _spelled(exp.lt, "expr0=left expr1=right")
LE = _spelled(exp.le, "expr0=left expr1=right")
CmpRegex = _spelled(exp.regex_compare, "options=flags regex_str=regex cmp_str=bin_expr")
CmpGeo = _spelled(exp.geo_compare, "expr0=left expr1=right")
Not = _spelled(exp.not_, "expr")
And = exp.and_
Or = exp.or_
Exclusive = exp.xor_
Cond = exp.cond
Let = exp.let_
Def = _spelled(exp.def_, "var_name=name expr=value")
Var = _spelled(exp.var, "var_name=name")
LoopVarMap = _spelled(exp.loop_map, "var_id=what")
LoopVarList = _spelled(exp.loop_list, "var_id=what")
LoopVarStr = _spelled(exp.loop_str, "var_id=what")
LoopVarFloat = _spelled(exp.loop_float, "var_id=what")
LoopVarInt = _spelled(exp.loop_int, "var_id=what")
LoopVarBlob = _spelled(exp.loop_blob, "var_id=what")
LoopVarBool = _spelled(exp.loop_bool, "var_id=what")
LoopVarNil = _spelled(exp.loop_nil, "var_id=what")
LoopVarGeoJson = _spelled(exp.loop_geo, "var_id=what")
LoopVarHLL = _spelled(exp.loop_hll, "var_id=what")
RemoveResult = exp.remove_result
SelectByPath = _spelled(exp.select_by_path, "ctx value_type flags bin")
ModifyByPath = _spelled(exp.modify_by_path, "ctx value_type mod_exp flags bin")

# Arithmetic.
Add = exp.num_add
Sub = exp.num_sub
Mul = exp.num_mul
Div = exp.num_div
Pow = _spelled(exp.num_pow, "base exponent")
Log = _spelled(exp.num_log, "num base")
Mod = _spelled(exp.num_mod, "numerator denominator")
Abs = _spelled(exp.num_abs, "value")
Floor = _spelled(exp.num_floor, "value=num")
Ceil = _spelled(exp.num_ceil, "value=num")
ToInt = _spelled(exp.to_int, "value=num")
ToFloat = _spelled(exp.to_float, "value=num")
Min = exp.min_
Max = exp.max_

# Bits of integers.
IntAnd = exp.int_and
IntOr = exp.int_or
IntXOr = exp.int_xor
IntNot = _spelled(exp.int_not, "expr")
IntLeftShift = _spelled(exp.int_lshift, "value shift")
IntRightShift = _spelled(exp.int_rshift, "value shift")
IntArithmeticRightShift = _spelled(exp.int_arshift, "value shift")
IntCount = _spelled(exp.int_count, "value=expr")
IntLeftScan = _spelled(exp.int_lscan, "value search")
IntRightScan = _spelled(exp.int_rscan, "value search")

# Bits of blobs.
BitResize = _spelled(exp.bit_resize, "policy byte_size flags=resize_flags bin")
BitInsert = _spelled(exp.bit_insert, "policy byte_offset value bin")
BitRemove = _spelled(exp.bit_remove, "policy byte_offset byte_size bin")
BitSet = _spelled(exp.bit_set, "policy bit_offset bit_size value bin")
BitOr = _spelled(exp.bit_or, "policy bit_offset bit_size value bin")
BitXor = _spelled(exp.bit_xor, "policy bit_offset bit_size value bin")
BitAnd = _spelled(exp.bit_and, "policy bit_offset bit_size value bin")
BitNot = _spelled(exp.bit_not, "policy bit_offset bit_size bin")
BitLeftShift = _spelled(exp.bit_lshift, "policy bit_offset bit_size shift bin")
BitRightShift = _spelled(exp.bit_rshift, "policy bit_offset bit_size shift bin")
BitAdd = _spelled(exp.bit_add, "policy bit_offset bit_size value action=overflow bin")
BitSubtract = _spelled(exp.bit_subtract, "policy bit_offset bit_size value action=overflow bin")
BitSetInt = _spelled(exp.bit_set_int, "policy bit_offset bit_size value bin")
BitGet = _spelled(exp.bit_get, "bit_offset bit_size bin")
BitCount = _spelled(exp.bit_count, "bit_offset bit_size bin")
BitLeftScan = _spelled(exp.bit_lscan, "bit_offset bit_size value bin")
BitRightScan = _spelled(exp.bit_rscan, "bit_offset bit_size value bin")
BitGetInt = _spelled(exp.bit_get_int, "bit_offset bit_size sign=signed bin")
BitB64Encode = _spelled(exp.bit_b64_encode, "byte_offset byte_size invert_size bin")

# HyperLogLogs.
HLLInit = _spelled(exp.hll_init, "policy index_bit_count=index_bits mh_bit_count=minhash_bits bin")
HLLAdd = _spelled(
    exp.hll_add, "policy list=values index_bit_count=index_bits mh_bit_count=minhash_bits bin"
)
HLLGetCount = _spelled(exp.hll_count, "bin")
HLLGetUnion = _spelled(exp.hll_union, "values=hlls bin")
HLLGetUnionCount = _spelled(exp.hll_union_count, "values=hlls bin")
HLLGetIntersectCount = _spelled(exp.hll_intersect_count, "values=hlls bin")
HLLGetSimilarity = _spelled(exp.hll_similarity, "values=hlls bin")
HLLDescribe = _spelled(exp.hll_describe, "bin")
HLLMayContain = _spelled(exp.hll_may_contain, "list=values bin")

# Lists.
ListAppend = _spelled(exp.list_append, "ctx policy value bin")
ListAppendItems = _spelled(exp.list_append_items, "ctx policy value=values bin")
ListInsert = _spelled(exp.list_insert, "ctx policy index value bin")
ListInsertItems = _spelled(exp.list_insert_items, "ctx policy index values bin")
ListIncrement = _spelled(exp.list_increment, "ctx policy index value bin")
ListSet = _spelled(exp.list_set, "ctx policy index value bin")
ListClear = _spelled(exp.list_clear, "ctx bin")
ListSort = _spelled(exp.list_sort, "ctx order=sort_flags bin")
ListRemoveByValue = _spelled(exp.list_remove_by_value, "ctx value bin inverted")
ListRemoveByValueList = _spelled(exp.list_remove_by_value_list, "ctx values bin inverted")
ListRemoveByValueRange = _spelled(exp.list_remove_by_value_range, "ctx begin end bin inverted")
ListRemoveByValueRelRankToEnd = _spelled(
    exp.list_remove_by_value_rel_rank_range, "ctx value rank bin inverted"
)
ListRemoveByValueRelRankRange = _spelled(
    exp.list_remove_by_value_rel_rank_range, "ctx value rank count bin inverted"
)
ListRemoveByIndex = _spelled(exp.list_remove_by_index, "ctx index bin")
ListRemoveByIndexRangeToEnd = _spelled(exp.list_remove_by_index_range, "ctx index bin inverted")
ListRemoveByIndexRange = _spelled(exp.list_remove_by_index_range, "ctx index count bin inverted")
ListRemoveByRank = _spelled(exp.list_remove_by_rank, "ctx rank bin")
ListRemoveByRankRangeToEnd = _spelled(exp.list_remove_by_rank_range, "ctx rank bin inverted")
ListRemoveByRankRange = _spelled(exp.list_remove_by_rank_range, "ctx rank count bin inverted")
ListSize = _spelled(exp.list_size, "ctx bin")
ListGetByValue = _spelled(exp.list_get_by_value, "ctx return_type value bin inverted")
ListGetByValueRange = _spelled(
    exp.list_get_by_value_range, "ctx return_type value_begin=begin value_end=end bin inverted"
)
ListGetByValueList = _spelled(
    exp.list_get_by_value_list, "ctx return_type value=values bin inverted"
)
ListGetByValueRelRankRangeToEnd = _spelled(
    exp.list_get_by_value_rel_rank_range, "ctx return_type value rank bin inverted"
)
InList = _spelled(exp.in_list, "value bin=list_expr")
ListGetByValueRelRankRange = _spelled(
    exp.list_get_by_value_rel_rank_range, "ctx return_type value rank count bin inverted"
)
ListGetByIndex = _spelled(exp.list_get_by_index, "ctx return_type value_type index bin")
ListGetByIndexRangeToEnd = _spelled(
    exp.list_get_by_index_range, "ctx return_type index bin inverted"
)
ListGetByIndexRange = _spelled(
    exp.list_get_by_index_range, "ctx return_type index count bin inverted"
)
ListGetByRank = _spelled(exp.list_get_by_rank, "ctx return_type value_type rank bin")
ListGetByRankRangeToEnd = _spelled(exp.list_get_by_rank_range, "ctx return_type rank bin inverted")
ListGetByRankRange = _spelled(exp.list_get_by_rank_range, "ctx return_type rank count bin inverted")
ListJoin = _spelled(exp.list_join, "ctx separator bin")

# Maps.
MapPut = _spelled(exp.map_put, "ctx policy key value bin")
MapPutItems = _spelled(exp.map_put_items, "ctx policy map=items bin")
MapIncrement = _spelled(exp.map_increment, "ctx policy key value bin")
MapClear = _spelled(exp.map_clear, "ctx bin")
MapRemoveByKey = _spelled(exp.map_remove_by_key, "ctx key bin")
MapRemoveByKeyList = _spelled(exp.map_remove_by_key_list, "ctx keys bin inverted")
MapRemoveByKeyRange = _spelled(exp.map_remove_by_key_range, "ctx begin end bin inverted")
MapRemoveByKeyRelIndexRangeToEnd = _spelled(
    exp.map_remove_by_key_rel_index_range, "ctx key index bin inverted"
)
MapRemoveByKeyRelIndexRange = _spelled(
    exp.map_remove_by_key_rel_index_range, "ctx key index count bin inverted"
)
MapRemoveByValue = _spelled(exp.map_remove_by_value, "ctx value bin inverted")
MapRemoveByValueList = _spelled(exp.map_remove_by_value_list, "ctx values bin inverted")
MapRemoveByValueRange = _spelled(exp.map_remove_by_value_range, "ctx begin end bin inverted")
MapRemoveByValueRelRankRangeToEnd = _spelled(
    exp.map_remove_by_value_rel_rank_range, "ctx value rank bin inverted"
)
MapRemoveByValueRelRankRange = _spelled(
    exp.map_remove_by_value_rel_rank_range, "ctx value rank count bin inverted"
)
MapRemoveByIndex = _spelled(exp.map_remove_by_index, "ctx index bin")
MapRemoveByIndexRangeToEnd = _spelled(exp.map_remove_by_index_range, "ctx index bin inverted")
MapRemoveByIndexRange = _spelled(exp.map_remove_by_index_range, "ctx index count bin inverted")
MapRemoveByRank = _spelled(exp.map_remove_by_rank, "ctx rank bin")
MapRemoveByRankRangeToEnd = _spelled(exp.map_remove_by_rank_range, "ctx rank bin inverted")
MapRemoveByRankRange = _spelled(exp.map_remove_by_rank_range, "ctx rank count bin inverted")
MapSize = _spelled(exp.map_size, "ctx bin")
MapGetByKey = _spelled(exp.map_get_by_key, "ctx return_type value_type key bin")
MapGetByKeyRange = _spelled(exp.map_get_by_key_range, "ctx return_type begin end bin inverted")
MapGetByKeyList = _spelled(exp.map_get_by_key_list, "ctx return_type keys bin inverted")
MapGetByKeyRelIndexRangeToEnd = _spelled(
    exp.map_get_by_key_rel_index_range, "ctx return_type key index bin inverted"
)
MapGetByKeyRelIndexRange = _spelled(
    exp.map_get_by_key_rel_index_range, "ctx return_type key index count bin inverted"
)
MapGetByValue = _spelled(exp.map_get_by_value, "ctx return_type value bin inverted")
MapGetByValueRange = _spelled(
    exp.map_get_by_value_range, "ctx return_type value_begin=begin value_end=end bin inverted"
)
MapGetByValueList = _spelled(exp.map_get_by_value_list, "ctx return_type value=values bin inverted")
MapGetByValueRelRankRangeToEnd = _spelled(
    exp.map_get_by_value_rel_rank_range, "ctx return_type value rank bin inverted"
)
MapGetByValueRelRankRange = _spelled(
    exp.map_get_by_value_rel_rank_range, "ctx return_type value rank count bin inverted"
)
MapGetByIndex = _spelled(exp.map_get_by_index, "ctx return_type value_type index bin")
MapGetByIndexRangeToEnd = _spelled(exp.map_get_by_index_range, "ctx return_type index bin inverted")
MapGetByIndexRange = _spelled(
    exp.map_get_by_index_range, "ctx return_type index count bin inverted"
)
MapGetByRank = _spelled(exp.map_get_by_rank, "ctx return_type value_type rank bin")
MapGetByRankRangeToEnd = _spelled(exp.map_get_by_rank_range, "ctx return_type rank bin inverted")
MapGetByRankRange = _spelled(exp.map_get_by_rank_range, "ctx return_type rank count bin inverted")
MapGetKeys = _spelled(exp.map_keys, "map_value=bin")
MapGetValues = _spelled(exp.map_values, "map_value=bin")

# Text.
StrLen = _spelled(exp.string_strlen, "bin", text=True)
SubStr = _spelled(exp.string_substr, "start bin", text=True)
SubStrRange = _spelled(exp.string_substr, "start end bin", text=True)
CharAt = _spelled(exp.string_char_at, "index bin", text=True)
Find = _spelled(exp.string_find, "needle occurrence bin", text=True)
Contains = _spelled(exp.string_contains, "needle bin", text=True)
StartsWith = _spelled(exp.string_starts_with, "prefix bin", text=True)
EndsWith = _spelled(exp.string_ends_with, "suffix bin", text=True)
ToInteger = _spelled(exp.string_to_integer, "bin", text=True)
ToDouble = _spelled(exp.string_to_double, "bin", text=True)
ByteLength = _spelled(exp.string_byte_length, "bin", text=True)
IsNumeric = _spelled(exp.string_is_numeric, "numeric_type bin", text=True)
IsUpper = _spelled(exp.string_is_upper, "bin", text=True)
IsLower = _spelled(exp.string_is_lower, "bin", text=True)
ToBlob = _spelled(exp.string_to_blob, "bin", text=True)
Split = _spelled(exp.string_split, "bin", text=True)
SplitSeparator = _spelled(exp.string_split, "separator bin", text=True)
Base64Decode = _spelled(exp.string_base64_decode, "bin", text=True)
RegexCompare = _spelled(exp.string_regex_compare, "pattern bin regex_flags", text=True)
ToString = _spelled(exp.to_string, "bin=value", text=True)
Insert = _spelled(exp.string_insert, "policy index value bin", text=True)
Overwrite = _spelled(exp.string_overwrite, "policy index value bin", text=True)
Append = _spelled(exp.string_append, "policy value bin", text=True)
Prepend = _spelled(exp.string_prepend, "policy value bin", text=True)
Concat = _spelled(exp.string_concat, "policy values bin", text=True)
Snip = _spelled(exp.string_snip, "policy start end bin", text=True)
Replace = _spelled(exp.string_replace, "policy needle replacement bin", text=True)
ReplaceAll = _spelled(exp.string_replace_all, "policy needle replacement bin", text=True)
Upper = _spelled(exp.string_upper, "policy bin", text=True)
Lower = _spelled(exp.string_lower, "policy bin", text=True)
CaseFold = _spelled(exp.string_casefold, "policy bin", text=True)
NormalizeNFC = _spelled(exp.string_normalize_nfc, "policy bin", text=True)
TrimStart = _spelled(exp.string_trim_start, "policy bin", text=True)
TrimEnd = _spelled(exp.string_trim_end, "policy bin", text=True)
Trim = _spelled(exp.string_trim, "policy bin", text=True)
PadStart = _spelled(exp.string_pad_start, "policy target_length pad_string bin", text=True)
PadEnd = _spelled(exp.string_pad_end, "policy target_length pad_string bin", text=True)
Repeat = _spelled(exp.string_repeat, "policy count bin", text=True)
RegexReplace = _spelled(
    exp.string_regex_replace, "policy pattern replacement regex_flags bin", text=True
)

__all__ = [
    "GE",
    "GT",
    "LE",
    "LT",
    "NE",
    "TTL",
    "Abs",
    "Add",
    "And",
    "Append",
    "Base64Decode",
    "BinExists",
    "BinType",
    "BitAdd",
    "BitAnd",
    "BitB64Encode",
    "BitCount",
    "BitGet",
    "BitGetInt",
    "BitInsert",
    "BitLeftScan",
    "BitLeftShift",
    "BitNot",
    "BitOr",
    "BitRemove",
    "BitResize",
    "BitRightScan",
    "BitRightShift",
    "BitSet",
    "BitSetInt",
    "BitSubtract",
    "BitXor",
    "BlobBin",
    "BoolBin",
    "ByteLength",
    "CaseFold",
    "Ceil",
    "CharAt",
    "CmpGeo",
    "CmpRegex",
    "Concat",
    "Cond",
    "Contains",
    "Def",
    "DeviceSize",
    "DigestMod",
    "Div",
    "EndsWith",
    "Eq",
    "Exclusive",
    "Find",
    "FloatBin",
    "Floor",
    "GeoBin",
    "HLLAdd",
    "HLLBin",
    "HLLDescribe",
    "HLLGetCount",
    "HLLGetIntersectCount",
    "HLLGetSimilarity",
    "HLLGetUnion",
    "HLLGetUnionCount",
    "HLLInit",
    "HLLMayContain",
    "InList",
    "Insert",
    "IntAnd",
    "IntArithmeticRightShift",
    "IntBin",
    "IntCount",
    "IntLeftScan",
    "IntLeftShift",
    "IntNot",
    "IntOr",
    "IntRightScan",
    "IntRightShift",
    "IntXOr",
    "IsLower",
    "IsNumeric",
    "IsTombstone",
    "IsUpper",
    "KeyBlob",
    "KeyExists",
    "KeyInt",
    "KeyStr",
    "LastUpdateTime",
    "Let",
    "ListAppend",
    "ListAppendItems",
    "ListBin",
    "ListClear",
    "ListGetByIndex",
    "ListGetByIndexRange",
    "ListGetByIndexRangeToEnd",
    "ListGetByRank",
    "ListGetByRankRange",
    "ListGetByRankRangeToEnd",
    "ListGetByValue",
    "ListGetByValueList",
    "ListGetByValueRange",
    "ListGetByValueRelRankRange",
    "ListGetByValueRelRankRangeToEnd",
    "ListIncrement",
    "ListInsert",
    "ListInsertItems",
    "ListJoin",
    "ListRemoveByIndex",
    "ListRemoveByIndexRange",
    "ListRemoveByIndexRangeToEnd",
    "ListRemoveByRank",
    "ListRemoveByRankRange",
    "ListRemoveByRankRangeToEnd",
    "ListRemoveByValue",
    "ListRemoveByValueList",
    "ListRemoveByValueRange",
    "ListRemoveByValueRelRankRange",
    "ListRemoveByValueRelRankToEnd",
    "ListSet",
    "ListSize",
    "ListSort",
    "Log",
    "LoopVarBlob",
    "LoopVarBool",
    "LoopVarFloat",
    "LoopVarGeoJson",
    "LoopVarHLL",
    "LoopVarInt",
    "LoopVarList",
    "LoopVarMap",
    "LoopVarNil",
    "LoopVarStr",
    "Lower",
    "MapBin",
    "MapClear",
    "MapGetByIndex",
    "MapGetByIndexRange",
    "MapGetByIndexRangeToEnd",
    "MapGetByKey",
    "MapGetByKeyList",
    "MapGetByKeyRange",
    "MapGetByKeyRelIndexRange",
    "MapGetByKeyRelIndexRangeToEnd",
    "MapGetByRank",
    "MapGetByRankRange",
    "MapGetByRankRangeToEnd",
    "MapGetByValue",
    "MapGetByValueList",
    "MapGetByValueRange",
    "MapGetByValueRelRankRange",
    "MapGetByValueRelRankRangeToEnd",
    "MapGetKeys",
    "MapGetValues",
    "MapIncrement",
    "MapPut",
    "MapPutItems",
    "MapRemoveByIndex",
    "MapRemoveByIndexRange",
    "MapRemoveByIndexRangeToEnd",
    "MapRemoveByKey",
    "MapRemoveByKeyList",
    "MapRemoveByKeyRange",
    "MapRemoveByKeyRelIndexRange",
    "MapRemoveByKeyRelIndexRangeToEnd",
    "MapRemoveByRank",
    "MapRemoveByRankRange",
    "MapRemoveByRankRangeToEnd",
    "MapRemoveByValue",
    "MapRemoveByValueList",
    "MapRemoveByValueRange",
    "MapRemoveByValueRelRankRange",
    "MapRemoveByValueRelRankRangeToEnd",
    "MapSize",
    "Max",
    "MemorySize",
    "Min",
    "Mod",
    "ModifyByPath",
    "Mul",
    "NormalizeNFC",
    "Not",
    "Or",
    "Overwrite",
    "PadEnd",
    "PadStart",
    "Pow",
    "Prepend",
    "RecordSize",
    "RegexCompare",
    "RegexReplace",
    "RemoveResult",
    "Repeat",
    "Replace",
    "ReplaceAll",
    "ResultType",
    "ReturnType",
    "SelectByPath",
    "SetName",
    "SinceUpdateTime",
    "Snip",
    "Split",
    "SplitSeparator",
    "StartsWith",
    "StrBin",
    "StrLen",
    "Sub",
    "SubStr",
    "SubStrRange",
    "ToBlob",
    "ToDouble",
    "ToFloat",
    "ToInt",
    "ToInteger",
    "ToString",
    "Trim",
    "TrimEnd",
    "TrimStart",
    "Unknown",
    "Upper",
    "Val",
    "Var",
    "VoidTime",
]
