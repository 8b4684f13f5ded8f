"""Asking the processor for memory before it is needed, inside compiled loops that visit rows far apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.base import BaseContext
from numba.core.typing.templates import Signature
from numba.extending import intrinsic

ROWS_AHEAD = 8
"""How many visits before it is needed a row is asked for: memory takes about as long to come as these take."""

_ADDRESS, _WORD, _FLAG = ir.IntType(8).as_pointer(), ir.IntType(64), ir.IntType(32)
_READ, _KEEP, _DATA = (ir.Constant(_FLAG, flag) for flag in (0, 3, 1))


if TYPE_CHECKING:

    def read_ahead(rows: object, row: object) -> None:
        """Ask for the memory in which a row of an array begins (first axis), without waiting for it.

        Changes nothing but the time, and may name a row that does not exist. Only for compiled code. Source: the
        intrinsic `llvm.prefetch` of the LLVM language reference.
        """
else:

    @intrinsic
    def read_ahead(typing: object, rows: types.Array, row: types.Integer) -> tuple[Signature, object]:
        """Give the code of a read ahead (what numba asks an intrinsic for)."""

        def code(context: BaseContext, builder: ir.IRBuilder, kind: Signature, given: list[ir.Value]) -> ir.Value:
            held = context.make_array(kind.args[0])(context, builder, given[0])
            steps = builder.mul(builder.extract_value(held.strides, 0), given[1])
            address = builder.inttoptr(builder.add(builder.ptrtoint(held.data, _WORD), steps), _ADDRESS)
            asks = ir.FunctionType(ir.VoidType(), [_ADDRESS, _FLAG, _FLAG, _FLAG])
            prefetch = cgutils.get_or_insert_function(builder.module, asks, "llvm.prefetch.p0i8")
            builder.call(prefetch, [address, _READ, _KEEP, _DATA])
            return context.get_dummy_value()

        return types.void(rows, types.int64), code
