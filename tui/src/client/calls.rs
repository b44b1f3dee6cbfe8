//! Every method of the contract as a call, with the time it may take.
//!
//! Owns nothing of its own: the calls are made from the contract's table, and so is how long each
//! may take. A new method is a call by its row there.

use std::time::{Duration, Instant};

use greenroom_protocol::service::*;
use greenroom_protocol::transport::LONGEST_DEADLINE;
use greenroom_protocol::{Error, methods};
use tarpc::context::{self, Context};

use super::Client;
use super::failure::{foreign, plumbing};

/// A context that ends after `time`, never longer than the daemon accepts.
pub(super) fn within(time: Duration) -> Context {
    let mut context = context::current();
    context.deadline = Instant::now() + time.min(LONGEST_DEADLINE);
    context
}

impl Client {
    /// Makes any one call, within the time that kind of call may take.
    ///
    /// # Errors
    /// `unreachable` when no answer comes, `usage` when the daemon does not know the call. What the
    /// method itself refuses is in the response.
    pub async fn call(&self, request: GreenroomRequest) -> Result<GreenroomResponse, Error> {
        let context = within(request.time());
        self.channel.call(context, request).await.map_err(plumbing)
    }
}

macro_rules! call {
    // `connect` says `hello`, and `changes` below knows whose changes.
    (Hello $($rest:tt)*) => {};
    (Changes $($rest:tt)*) => {};
    (
        $name:ident $(#[doc = $description:literal])+
        $function:ident($($argument:ident: $type:ty)?) -> $answer:ty
    ) => {
        $(#[doc = $description])+
        ///
        /// # Errors
        /// What the daemon answered, or `unreachable`.
        pub async fn $function(&self $(, $argument: $type)?) -> Result<$answer, Error> {
            match self.call(GreenroomRequest::$name { $($argument)? }).await? {
                GreenroomResponse::$name(answer) => answer,
                _ => Err(foreign()),
            }
        }
    };
}

macro_rules! calls {
    ($(
        $(#[doc = $description:literal])+
        $name:ident $function:ident($($argument:ident: $type:ty)?) -> $answer:ty, $time:ident;
    )+) => {
        impl Client {
            $(call! {
                $name $(#[doc = $description])+
                $function($($argument: $type)?) -> $answer
            })+
        }
    };
}

methods!(calls);

impl Client {
    /// Waits for changes after `after`, at most for `wait` (whole seconds).
    ///
    /// # Errors
    /// What the daemon answered, or `unreachable`.
    pub async fn changes(&self, after: u64, wait: Duration) -> Result<Changes, Error> {
        let wait = wait.min(LONGEST_DEADLINE.saturating_sub(Time::SLACK));
        let query = ChangesQuery {
            after,
            store: Some(self.hello().store.clone()),
            wait_seconds: u32::try_from(wait.as_secs()).ok(),
        };
        match self.call(GreenroomRequest::Changes { query }).await? {
            GreenroomResponse::Changes(changes) => changes,
            _ => Err(foreign()),
        }
    }
}
