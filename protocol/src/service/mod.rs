//! What the daemon does for its callers: every method, as types made from the [`methods!`] table.
//!
//! Owns [`GreenroomRequest`] and [`GreenroomResponse`], one variant a method, as they are on the
//! wire, [`Method`], a method's name without arguments, and [`Time`], how long a call may take. Each
//! method takes one argument, whose fields are only added. The first call of a connection is
//! `hello`. Must not list methods: a new one is a row of the table, and its row in the daemon.
//!
//! [`methods!`]: crate::methods

mod table;

use std::fmt;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tarpc::RequestName;

pub use self::table::*;
use crate::Error;
use crate::methods;
use crate::transport::{LONGEST_DEADLINE, USUAL_DEADLINE};

macro_rules! contract {
    ($(
        $(#[doc = $description:literal])+
        $name:ident $function:ident($($argument:ident: $type:ty)?) -> $answer:ty, $time:ident;
    )+) => {
        /// A request, by its method.
        #[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
        #[allow(missing_docs, clippy::large_enum_variant)]
        pub enum GreenroomRequest {
            $($(#[doc = $description])+ $name { $($argument: $type)? },)+
        }

        /// An answer, by its method.
        #[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
        #[allow(missing_docs, clippy::large_enum_variant)]
        pub enum GreenroomResponse {
            $($name(Result<$answer, Error>),)+
        }

        /// A method's name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Method {
            $($(#[doc = $description])+ $name,)+
        }

        impl Method {
            /// Every method, in the table's order.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Its function's name: `candidate_list`. The audit log has it.
            pub const fn function(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($function),)+
                }
            }

            /// Its name on the wire: `CandidateList`.
            pub const fn on_the_wire(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)+
                }
            }

            /// How long a call of it may take.
            pub const fn time(self) -> Time {
                match self {
                    $(Self::$name => Time::$time,)+
                }
            }
        }

        impl GreenroomRequest {
            /// The method that is called.
            pub const fn method(&self) -> Method {
                match self {
                    $(Self::$name { .. } => Method::$name,)+
                }
            }
        }
    };
}

methods!(contract);

/// How long a call may take, from the caller's side: the deadline to send with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Time {
    /// Reads and commits, the daemon's own work: 10 s.
    Soon,
    /// The answer waits for a server outside, such as Zoom, or for many commits: 60 s.
    Outside,
    /// Reads or writes everything that is stored: 30 min.
    Long,
    /// As long as its argument asks to wait, and [`Time::SLACK`] more.
    LongPoll,
}

impl Time {
    /// What a long poll's deadline has beyond its waiting: the daemon answers a second before the
    /// end.
    pub const SLACK: Duration = Duration::from_secs(10);

    /// As a duration; of a long poll that does not say how long it waits.
    pub const fn duration(self) -> Duration {
        match self {
            Self::Soon => USUAL_DEADLINE,
            Self::Outside => Duration::from_secs(60),
            Self::Long => Duration::from_secs(30 * 60),
            Self::LongPoll => Duration::from_secs(20),
        }
    }
}

impl GreenroomRequest {
    /// How long the call may take, at most [`LONGEST_DEADLINE`].
    pub fn time(&self) -> Duration {
        let time = match self {
            Self::Changes { query } => query
                .wait_seconds
                .map(|wait| Duration::from_secs(wait.into()).saturating_add(Time::SLACK)),
            _ => None,
        };
        time.unwrap_or_else(|| self.method().time().duration())
            .min(LONGEST_DEADLINE)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.function())
    }
}

/// What traces call a request.
impl RequestName for GreenroomRequest {
    fn name(&self) -> &str {
        self.method().on_the_wire()
    }
}

/// The contract's shape as JSON Schema: `request` and `response`.
pub fn schema() -> serde_json::Value {
    serde_json::json!({
        "protocol": crate::PROTOCOL,
        "request": schemars::schema_for!(GreenroomRequest),
        "response": schemars::schema_for!(GreenroomResponse),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `greenroom rpc` takes either name, and makes the one from the other.
    #[test]
    fn a_method_has_the_same_name_on_the_wire_and_as_a_function() {
        for method in Method::ALL {
            let words = method.function().split('_');
            let camel: String = words
                .map(|word| word[..1].to_uppercase() + &word[1..])
                .collect();
            assert_eq!(method.on_the_wire(), camel);
        }
    }

    #[test]
    fn only_a_call_that_waits_takes_a_long_poll() {
        let waits = |method: &&Method| method.time() == Time::LongPoll;
        let waiting: Vec<_> = Method::ALL.iter().filter(waits).collect();
        assert_eq!(waiting, [&Method::Changes]);
        let changes = |wait_seconds| {
            let query = ChangesQuery {
                after: 0,
                store: None,
                wait_seconds,
            };
            GreenroomRequest::Changes { query }.time().as_secs()
        };
        assert_eq!(
            [changes(None), changes(Some(0)), changes(Some(50))],
            [20, 10, 60]
        );
        assert_eq!(changes(Some(u32::MAX)), LONGEST_DEADLINE.as_secs());
    }
}
