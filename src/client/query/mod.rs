//! Queries and scans.
//!
//! - [`statement`]: what is looked for, as it is put together
//! - [`records`]: the records that are found, read as they arrive, for which [`arrival`] is the way
//! - [`values`]: what a function makes of the stream of them
//! - [`plan`]: how the server would carry one out
//! - [`background`]: statements that the server carries out by itself

mod arrival;
mod background;
mod plan;
mod records;
mod statement;
mod values;

pub use self::background::{Background, JobInfo, QueryApply, ScanApply};
pub use self::plan::{QueryExplain, QueryPlan};
pub use self::records::ReadRecords;
pub use self::statement::{Query, Scan, Statement};
