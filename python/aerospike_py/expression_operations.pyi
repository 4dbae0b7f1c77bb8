# Made by scripts/stubs.py of the module of this name: change that one, and run the script.
# ruff: noqa
# fmt: off
from typing import overload
from aerospike_py._aerospike import Expression
from aerospike_py._constants import EXP_READ_DEFAULT
from aerospike_py._constants import EXP_WRITE_DEFAULT
from aerospike_py.types import Operation
__all__ = ['expression_read', 'expression_write']
@overload
def expression_read(bin: str, expression: Expression, flags: int=EXP_READ_DEFAULT) -> Operation: ...
@overload
def expression_read(bin_name: str, expression: Expression, expression_read_flags: int=EXP_READ_DEFAULT) -> Operation: ...
@overload
def expression_write(bin: str, expression: Expression, flags: int=EXP_WRITE_DEFAULT) -> Operation: ...
@overload
def expression_write(bin_name: str, expression: Expression, expression_write_flags: int=EXP_WRITE_DEFAULT) -> Operation: ...
