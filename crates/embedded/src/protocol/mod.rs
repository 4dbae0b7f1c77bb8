//! The bytes of the wire protocol.

pub mod cursor;
pub mod frame;
pub mod message;
pub mod reply;
mod result_code;

pub use result_code::ResultCode;

/// What a command comes to: a value, or the code to answer with.
pub type Outcome<T> = Result<T, ResultCode>;
