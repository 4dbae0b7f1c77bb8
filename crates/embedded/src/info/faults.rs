//! Setting faults while the server runs: commands that no other server has.

use super::parameters::Parameters;
use super::{Answer, Refusal};
use crate::faults::{Faults, Plan};

/// Replaces what goes wrong; without parameters nothing does any more.
pub fn set(faults: &Faults, parameters: &Parameters<'_>) -> Answer {
    match Plan::parse(parameters.iter()) {
        Ok(plan) => {
            faults.set(plan);
            Ok("ok".into())
        }
        Err(message) => Err(Refusal { code: 4, message: message.into() }),
    }
}
