//! The vault's key in the hands of an administrator: changed, lost, copied, taken from elsewhere, and killed in the
//! middle of a change.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod killed;
mod life;
