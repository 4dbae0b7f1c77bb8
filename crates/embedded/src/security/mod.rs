//! Users, their roles and what these permit.
//!
//! * `permission` are the privileges that roles have, `allow_list` the addresses that users may come
//!   from, `activity` what counts toward quotas;
//! * `directory` is all users and roles, `file` reads them;
//! * `identity` is who is at the other end of a connection, `caller` what that permits;
//! * `admin` answers the messages by which clients log in and administer users.

mod activity;
mod admin;
mod allow_list;
mod caller;
mod directory;
mod file;
mod identity;
mod password;
mod permission;
mod settings;
mod token;

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};

pub use activity::{Direction, RunningQuery};
pub use admin::{answer, refuse};
pub use caller::Caller;
pub use identity::Identity;
pub use permission::Permissions;
pub use settings::Settings;

use directory::Directory;
use password::Password;
use token::Tokens;

/// The users of a server.
#[derive(Debug)]
pub struct Security {
    directory: Mutex<Directory>,
    /// Counts changes of the directory, after which callers' rights are looked up again.
    version: AtomicU64,
    tokens: Tokens,
}

impl Security {
    /// The users, if there are to be any.
    ///
    /// # Errors
    /// When the file of users can't be read, or something is wrong in it.
    pub fn new(settings: &Settings) -> io::Result<Option<Security>> {
        if !settings.security && settings.users.is_none() {
            return Ok(None);
        }
        let mut directory = Directory::default();
        match &settings.users {
            Some(path) => load(&mut directory, path)?,
            None => {
                let _ = directory.create_user("admin", Password::of_admin(), &["user-admin"]);
            }
        }
        Ok(Some(Security {
            directory: Mutex::new(directory),
            version: AtomicU64::new(0),
            tokens: Tokens::new(Duration::from_secs(settings.session_ttl)),
        }))
    }

    fn directory(&self) -> MutexGuard<'_, Directory> {
        self.directory.lock()
    }

    fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// Tells the connections to look up their users' rights again.
    fn note_change(&self) {
        self.version.fetch_add(1, Ordering::Release);
    }

    /// Ends all sessions: their tokens don't authenticate further connections.
    pub fn expire_sessions(&self) {
        self.tokens.expire_all();
    }
}

fn load(directory: &mut Directory, path: &Path) -> io::Result<()> {
    let named = |kind, message| io::Error::new(kind, format!("{}: {message}", path.display()));
    let text = std::fs::read(path).map_err(|error| named(error.kind(), error.to_string()))?;
    file::load(directory, &text).map_err(|message| named(io::ErrorKind::InvalidData, message))
}
