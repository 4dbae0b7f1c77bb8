//! What is seen of an operation that will have a span.

use std::future::{Future, poll_fn};
use std::pin::Pin;

use super::owners::{Expected, Route};
use super::session::Session;
use crate::error::ErrorInfo;
use crate::observe::logging::Hearing;
use crate::observe::tracing::Sight;

pub struct Sighting {
    hearing: Hearing,
    expected: Option<Expected>,
}

impl Sighting {
    /// Of an operation that is about to begin.
    pub fn begin(session: &Session, route: Option<Route<'_>>) -> Self {
        let expected = route.and_then(|route| session.expect(route));
        Self { hearing: Hearing::default(), expected }
    }

    /// Lets the operation run.
    pub async fn follow<F: Future>(&mut self, mut running: Pin<&mut F>) -> F::Output {
        poll_fn(|context| {
            let _listening = self.hearing.listen();
            running.as_mut().poll(context)
        })
        .await
    }

    /// What was seen of it now that it has ended.
    pub fn end(self, session: &Session, failure: Option<&ErrorInfo>) -> Sight {
        let failed_tries = self.hearing.heard();
        let server = session.server(failure, self.expected, !failed_tries.is_empty());
        Sight { server, failed_tries, ..Sight::default() }
    }
}
