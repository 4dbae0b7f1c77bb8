//! What users there are at the start.

use std::path::PathBuf;

/// Whether there are users, and which.
#[derive(Debug, Clone, Default, clap::Args)]
#[group(skip)]
pub struct Settings {
    /// Have users: at first admin, whose password is admin and who administers users
    #[arg(long)]
    pub security: bool,

    /// Have the users and roles of this file, in place of admin
    #[arg(long, value_name = "FILE")]
    pub users: Option<PathBuf>,

    /// How many seconds after a login further connections need no password
    #[arg(long, value_name = "SECONDS", default_value_t = 86400)]
    pub session_ttl: u64,
}
