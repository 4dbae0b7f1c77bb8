//! The result codes that this server answers.

/// The outcome of a command, as the protocol numbers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ResultCode {
    Ok = 0,
    Unknown = 1,
    NotFound = 2,
    Generation = 3,
    Parameter = 4,
    RecordExists = 5,
    BinExists = 6,
    Timeout = 9,
    Unavailable = 11,
    IncompatibleType = 12,
    RecordTooBig = 13,
    UnsupportedFeature = 16,
    BinNotFound = 17,
    KeyMismatch = 19,
    Namespace = 20,
    BinName = 21,
    ElementNotFound = 23,
    ElementExists = 24,
    EnterpriseOnly = 25,
    NotApplicable = 26,
    FilteredOut = 27,
    UdfExecution = 100,
    BatchTooLarge = 151,
    InvalidGeoJson = 160,
    IndexNotFound = 201,
    IndexNotReadable = 203,
    QueryAborted = 210,
}

impl ResultCode {
    const ALL: [ResultCode; 27] = [
        ResultCode::Ok,
        ResultCode::Unknown,
        ResultCode::NotFound,
        ResultCode::Generation,
        ResultCode::Parameter,
        ResultCode::RecordExists,
        ResultCode::BinExists,
        ResultCode::Timeout,
        ResultCode::Unavailable,
        ResultCode::IncompatibleType,
        ResultCode::RecordTooBig,
        ResultCode::UnsupportedFeature,
        ResultCode::BinNotFound,
        ResultCode::KeyMismatch,
        ResultCode::Namespace,
        ResultCode::BinName,
        ResultCode::ElementNotFound,
        ResultCode::ElementExists,
        ResultCode::EnterpriseOnly,
        ResultCode::NotApplicable,
        ResultCode::FilteredOut,
        ResultCode::UdfExecution,
        ResultCode::BatchTooLarge,
        ResultCode::InvalidGeoJson,
        ResultCode::IndexNotFound,
        ResultCode::IndexNotReadable,
        ResultCode::QueryAborted,
    ];

    pub fn from_u8(number: u8) -> Option<ResultCode> {
        ResultCode::ALL.into_iter().find(|code| *code as u8 == number)
    }
}
