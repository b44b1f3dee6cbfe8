//! Vendors that run on this machine, for tests, the demo and trying things out: [`zoom`],
//! [`google`] and [`microsoft`], each on 127.0.0.1.
//!
//! Each behaves as its vendor's public documents and the field say the vendor behaves; where they
//! are silent it takes the stricter reading: a sandbox that is kinder than the vendor hides faults.
//! All stay strangers to Greenroom: nothing here may use the daemon's or the client's code, or both
//! could be wrong together.
//!
//! Shared by all, and of no vendor:
//! - `front`: the port, connections, and what befalls a request · `faults`: misfortune
//! - `clock`, `dice`: time and chance · `codes`: codes of OAuth until they are exchanged
//! - `form`, `page`, `id_token`: what token endpoints read, what a person sees, who they are
//! - `smtp`, `mime`: how mail is handed in, and what vendors read of it
//! - `program`: a sandbox as a process of its own · `ledger`: what was said, for judges · `browser`: the person at a consent page
//!
//! Zoom's names are repeated here, for it was the first.

mod browser;
mod clock;
mod codes;
mod dice;
mod faults;
mod form;
mod front;
pub mod google;
mod id_token;
mod ledger;
pub mod microsoft;
mod mime;
mod page;
mod program;
mod smtp;
pub mod zoom;

pub use browser::{ConsentError, Decision, answer, consent, http_client};
pub use clock::Clock;
pub use faults::{Canned, Often};
pub use front::StartError;
pub use ledger::{Body, Exchange};
pub use smtp::{Sent, SmtpFault, Step};
pub use zoom::command;
pub use zoom::{
    Account, Answer, App, CLIENT_ID, CLIENT_SECRET, Config, ControlError, Counters, Decline,
    Distribution, Endpoint, Fault, FaultKind, Instance, Licence, Locked, Meeting, PUBLIC_CLIENT_ID,
    PasscodeRules, Passcodes, Plan, SCOPES, Sandbox, Settings, User, Zoom,
};
