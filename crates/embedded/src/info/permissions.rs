//! What a user must be permitted to give a command.

use super::Refusal;
use super::parameters::Parameters;
use crate::protocol::ResultCode;
use crate::security::{Caller, Permissions};

/// What a command needs; most are for everyone who is logged in.
fn wanted(command: &str) -> Permissions {
    match command {
        "sindex-create" | "sindex-delete" | "sindex-exists" => Permissions::SINDEX_ADMIN,
        "udf-put" | "udf-remove" | "udf-clear-cache" => Permissions::UDF_ADMIN,
        "query-abort" | "query-abort-all" => Permissions::QUERY_ADMIN,
        "truncate" | "truncate-namespace" => Permissions::TRUNCATE,
        "set-config" | "faults-set" | "sessions-expire" => Permissions::SET_CONFIG,
        "quiesce" | "quiesce-undo" | "recluster" | "revive" | "roster-set" => {
            Permissions::SERVICE_CTRL
        }
        _ => Permissions::NONE,
    }
}

pub fn check(caller: &Caller, command: &str, parameters: &Parameters<'_>) -> Result<(), Refusal> {
    let wanted = wanted(command);
    let namespace = parameters.namespace().unwrap_or_default();
    let set = parameters.get("set").unwrap_or_default();
    caller.may(wanted, namespace.as_bytes(), set.as_bytes()).map_err(|code| Refusal {
        code: code as u8,
        message: match code {
            ResultCode::RoleViolation => {
                format!("role violation - requires permission '{wanted}'").into()
            }
            _ => "not authenticated".into(),
        },
    })
}

/// The line that answers requests of those who are not logged in.
pub fn refusal(code: ResultCode) -> String {
    match code {
        ResultCode::NotAuthenticated => "ERROR:80:not authenticated\n".into(),
        code => format!("ERROR:{}:unexpected security result\n", code as u8),
    }
}
