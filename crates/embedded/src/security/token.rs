//! Session tokens: what a user gets for logging in, to authenticate further connections by.
//!
//! A token says whose it is and when it was made, under a code that only this server can compute:
//! so it needs to be kept nowhere.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::protocol::cursor::Cursor;
use crate::protocol::{Outcome, ResultCode};

/// Makes tokens and checks them.
#[derive(Debug)]
pub struct Tokens {
    secret: RandomState,
    started: Instant,
    lifetime: Duration,
    /// Tokens of another generation are expired.
    generation: AtomicU32,
}

impl Tokens {
    pub fn new(lifetime: Duration) -> Tokens {
        Tokens {
            secret: RandomState::new(),
            started: Instant::now(),
            lifetime,
            generation: AtomicU32::new(0),
        }
    }

    /// How long a token is good for, in seconds.
    pub fn lifetime_seconds(&self) -> u32 {
        u32::try_from(self.lifetime.as_secs()).unwrap_or(u32::MAX)
    }

    /// Lets all tokens made so far expire.
    pub fn expire_all(&self) {
        self.generation.fetch_add(1, Ordering::Relaxed);
    }

    pub fn make(&self, user: &str) -> Vec<u8> {
        let generation = self.generation.load(Ordering::Relaxed);
        let made = self.started.elapsed().as_millis() as u64;
        let mut token = self.secret.hash_one((generation, made, user)).to_be_bytes().to_vec();
        token.extend_from_slice(&generation.to_be_bytes());
        token.extend_from_slice(&made.to_be_bytes());
        token.extend_from_slice(user.as_bytes());
        token
    }

    /// Whose token it is.
    pub fn user<'a>(&self, token: &'a [u8]) -> Outcome<&'a str> {
        let mut cursor = Cursor::new(token);
        let parts = cursor.u64().zip(cursor.u32()).zip(cursor.u64());
        let ((code, generation), made) = parts.ok_or(ResultCode::InvalidCredential)?;
        let user = str::from_utf8(cursor.rest()).map_err(|_| ResultCode::InvalidCredential)?;
        if code != self.secret.hash_one((generation, made, user)) {
            return Err(ResultCode::InvalidCredential);
        }
        let age = self.started.elapsed().saturating_sub(Duration::from_millis(made));
        if generation != self.generation.load(Ordering::Relaxed) || age >= self.lifetime {
            return Err(ResultCode::ExpiredSession);
        }
        Ok(user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_its_users_until_it_expires() {
        let tokens = Tokens::new(Duration::from_secs(60));
        let token = tokens.make("ada");
        assert_eq!(tokens.user(&token), Ok("ada"));
        tokens.expire_all();
        assert_eq!(tokens.user(&token), Err(ResultCode::ExpiredSession));
        let short = Tokens::new(Duration::ZERO);
        assert_eq!(short.user(&short.make("ada")), Err(ResultCode::ExpiredSession));
    }

    #[test]
    fn a_token_that_was_changed_is_none() {
        let tokens = Tokens::new(Duration::from_secs(60));
        let token = tokens.make("ada");
        for place in 0..token.len() {
            let mut other = token.clone();
            other[place] ^= 1;
            assert_eq!(tokens.user(&other), Err(ResultCode::InvalidCredential));
            assert!(tokens.user(&token[..place]).is_err());
        }
        assert!(Tokens::new(Duration::from_secs(60)).user(&token).is_err());
    }
}
