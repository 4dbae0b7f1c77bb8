"""What expressions on lists and maps have in common: contexts, return types, policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aerospike_py._aerospike import pack_expression as pack
from aerospike_py._constants import (
    LIST_ORDERED,
    LIST_RETURN_COUNT,
    LIST_RETURN_EXISTS,
    LIST_RETURN_INDEX,
    LIST_RETURN_RANK,
    LIST_RETURN_REVERSE_INDEX,
    LIST_RETURN_REVERSE_RANK,
    LIST_RETURN_VALUE,
    LIST_UNORDERED,
    MAP_KEY_ORDERED,
    MAP_KEY_VALUE_ORDERED,
    MAP_RETURN_KEY,
    MAP_RETURN_KEY_VALUE,
    MAP_RETURN_ORDERED_MAP,
    MAP_RETURN_UNORDERED_MAP,
    MAP_UNORDERED,
)
from aerospike_py.exp._kinds import BOOL, BY_NAME, CONTEXT, HLL, IN_COLLECTION, INT, LIST, MAP

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aerospike_py._aerospike import Expression
    from aerospike_py.exp._kinds import Operand

CALL = 127
CHANGING = 0x40
IN_CONTEXT = 0xFF
OF_A_LIST = 0x10
INVERTED = 0x10000

POSITIONS = (
    LIST_RETURN_INDEX,
    LIST_RETURN_REVERSE_INDEX,
    LIST_RETURN_RANK,
    LIST_RETURN_REVERSE_RANK,
)
WHOLE_PAIRS = (MAP_RETURN_KEY_VALUE, MAP_RETURN_UNORDERED_MAP, MAP_RETURN_ORDERED_MAP)
RETURNED = {
    "list": (*POSITIONS, LIST_RETURN_COUNT, LIST_RETURN_VALUE, LIST_RETURN_EXISTS),
    "map": (
        *POSITIONS,
        LIST_RETURN_COUNT,
        MAP_RETURN_KEY,
        LIST_RETURN_VALUE,
        LIST_RETURN_EXISTS,
        *WHOLE_PAIRS,
    ),
}


def number(kind: int) -> int:
    """The number that a type has on the wire."""
    return kind.bit_length() - 1


def read(name: str, args: dict[str, Any], kind: int, result: int, items: list[Any]) -> Expression:
    """Reads from a list or map, of type `kind`, that is in the context if there is one."""
    bin = ("bin", outermost(args["ctx"], kind) | BY_NAME)
    return pack(name, args, [CALL, number(result), 0, in_context(args["ctx"], items), bin])


def modify(name: str, args: dict[str, Any], kind: int, items: list[Any]) -> Expression:
    """Changes a list or map; the result is what holds it, the context's outermost collection."""
    whole = outermost(args["ctx"], kind)
    items = in_context(args["ctx"], items)
    return pack(name, args, [CALL, number(whole), CHANGING, items, ("bin", whole | BY_NAME)])


def in_context(ctx: Any, items: list[Any]) -> list[Any]:
    return [IN_CONTEXT, ("ctx", CONTEXT), items] if ctx else items


def outermost(ctx: Any, kind: int) -> int:
    """The type of the collection that a context starts from: its first step tells."""
    if not ctx:
        return kind
    try:
        return LIST if ctx[0]["ctx"] & OF_A_LIST else MAP
    except (TypeError, LookupError):
        # What is wrong with the context is told when it is packed.
        return kind


def given(value: Any, item: tuple[str, int]) -> list[Any]:
    """An operand that may be left out."""
    return [] if value is None else [item]


def upper(end: Operand) -> list[Any]:
    """The end of a range."""
    return [b"\xd4\xff\x01"] if end is None else [("end", IN_COLLECTION)]


def returning(return_type: int, inverted: bool = False) -> int:
    return return_type | (INVERTED if inverted else 0)


def several(name: str, family: str, return_type: int) -> int:
    """The type of what is returned of several items."""
    plain = checked(name, family, return_type)
    if plain == LIST_RETURN_COUNT:
        return INT
    if plain == LIST_RETURN_EXISTS:
        return BOOL
    return MAP if plain in WHOLE_PAIRS else LIST


def single(name: str, family: str, return_type: int, value_type: int | None) -> int:
    """The type of what is returned of one item."""
    plain = checked(name, family, return_type)
    if plain in POSITIONS or plain == LIST_RETURN_COUNT:
        return INT
    if plain == LIST_RETURN_EXISTS:
        return BOOL
    if plain in WHOLE_PAIRS:
        return MAP
    if isinstance(value_type, bool) or not isinstance(value_type, int):
        raise TypeError(
            f"exp.{name}(): value_type must be an EXP_TYPE_* for what is returned, "
            f"not {type(value_type).__name__}"
        )
    if not 0 <= value_type <= number(HLL):
        raise ValueError(f"exp.{name}(): value_type must be an EXP_TYPE_*, not {value_type}")
    return 1 << value_type


def checked(name: str, family: str, return_type: Any) -> int:
    if isinstance(return_type, bool) or not isinstance(return_type, int):
        raise TypeError(f"exp.{name}(): return_type must be int, not {type(return_type).__name__}")
    plain: int = return_type & ~INVERTED
    if plain not in RETURNED[family]:
        raise ValueError(
            f"exp.{name}(): return_type must be a {family.upper()}_RETURN_* of "
            f"{', '.join(map(str, RETURNED[family]))}, not {return_type}"
        )
    return plain


def list_policy(name: str, policy: Mapping[str, Any] | None) -> list[int]:
    """The order of a list that is made, and the flags of writes."""
    if policy is None:
        return []
    order, flags = settings(name, policy, [("list_order", "order"), ("write_flags", "flags")])
    return [one_of(name, "list_order", order, (LIST_UNORDERED, LIST_ORDERED)), bits(name, flags)]


def list_flags(name: str, policy: Mapping[str, Any] | None) -> list[int]:
    """The flags of writes that need a list to be there."""
    return list_policy(name, policy)[1:]


def map_policy(name: str, policy: Mapping[str, Any] | None) -> list[int]:
    """The order of a map that is made, and the flags of writes."""
    if policy is None:
        return []
    keys = [("map_order", "order"), ("map_write_flags", "write_mode"), ("persist_index",)]
    order, flags, _ = settings(name, policy, keys)
    orders = (MAP_UNORDERED, MAP_KEY_ORDERED, MAP_KEY_VALUE_ORDERED)
    return [one_of(name, "map_order", order, orders), bits(name, flags)]


def map_order(name: str, policy: Mapping[str, Any] | None) -> list[int]:
    """The order of a map that is made, where the server takes no flags."""
    return map_policy(name, policy)[:1]


def settings(name: str, policy: Mapping[str, Any], keys: list[tuple[str, ...]]) -> list[Any]:
    """The values of a policy's keys, each of which may have several names; 0 by default."""
    if not isinstance(policy, dict):
        raise TypeError(f"exp.{name}(): policy must be a dict, not {type(policy).__name__}")
    known = [key for names in keys for key in names]
    for key in policy:
        if key not in known:
            raise ValueError(
                f"exp.{name}(): policy has an unknown key {key!r}. Permitted are: "
                f"{', '.join(known)}"
            )
    values = []
    for names in keys:
        told = [key for key in names if key in policy]
        if len(told) > 1:
            raise ValueError(f"exp.{name}(): policy has {told[0]!r} and {told[1]!r}: give one")
        value = policy[told[0]] if told else 0
        if not isinstance(value, int):
            raise TypeError(
                f"exp.{name}(): policy key {told[0]!r} must be int, not {type(value).__name__}"
            )
        values.append(value)
    return values


def one_of(name: str, key: str, value: int, permitted: tuple[int, ...]) -> int:
    if value not in permitted:
        raise ValueError(
            f"exp.{name}(): policy key {key!r} must be one of "
            f"{', '.join(map(str, permitted))}, not {value}"
        )
    return value


def bits(name: str, flags: int) -> int:
    """Flags of writes: four, of each family."""
    if not 0 <= flags < 16:
        raise ValueError(f"exp.{name}(): flags of policy must be from 0 to 15, not {flags}")
    return flags
