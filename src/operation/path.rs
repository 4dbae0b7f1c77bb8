//! Operations on all that a path leads to.

use aerospike_core::operations::path::{self, ModifyFlag, SelectFlag};

use super::answer::{Answer, Kind};
use super::{Made, Row};

pub const ROWS: &[Row] = &[
    Row {
        code: 2300,
        name: "OP_SELECT_BY_PATH",
        keys: &["bin", "ctx", "flags"],
        make: |op| {
            let (flags, context) = (op.required("flags")?, op.path()?);
            let flags = SelectFlag::from_bits(flags.flags(SELECT_FLAGS)?.into());
            op.on_bin(|bin| path::select_by_path(bin, flags, &context))
        },
    },
    Row {
        code: 2301,
        name: "OP_MODIFY_BY_PATH",
        keys: &["bin", "ctx", "expression", "flags"],
        make: |op| {
            let (expression, context) = (op.required("expression")?.expression()?, op.path()?);
            let flags = ModifyFlag::from_bits(op.flags("flags", MODIFY_FLAGS)?.into());
            let modify = |bin| path::modify_by_path(bin, flags, expression, &context);
            let made = op.on_bin(modify)?;
            Ok(Made { answer: Answer { kind: Kind::Nil, ..made.answer }, ..made })
        },
    },
];

const SELECT_FLAGS: &[(u8, &str)] = &[
    (1, "EXP_PATH_SELECT_VALUE"),
    (2, "EXP_PATH_SELECT_MAP_KEY"),
    (16, "EXP_PATH_SELECT_NO_FAIL"),
];

const MODIFY_FLAGS: &[(u8, &str)] = &[(16, "EXP_PATH_MODIFY_NO_FAIL")];
