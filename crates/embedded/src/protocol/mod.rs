//! The bytes of the wire protocol.

pub mod cursor;
pub mod frame;
pub mod message;
pub mod reply;
mod result_code;
mod version;

pub use result_code::ResultCode;
pub use version::Version;

/// What a command comes to: a value, or the code to answer with.
pub type Outcome<T> = Result<T, ResultCode>;
