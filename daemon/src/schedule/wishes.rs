//! When somebody wishes an interview to be.
//!
//! Owns what a wish rules out and what it only makes less good. Invariant: a wish is met where one
//! stretch of its hours holds the whole interview, as it is with anybody's hours. Must not know who
//! wishes.

use std::sync::Arc;

use greenroom_protocol::pipeline::Window;
use greenroom_protocol::schedule::Wish;
use jiff::tz::TimeZone;

use super::hours;
use super::ranges::{Seconds, hold};

/// Wishes as stretches of time, merged, around everything that is asked about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes {
    /// The only hours; `None`: any.
    pub only: Option<Arc<[Seconds]>>,
    /// The better hours; `None`: none are better.
    pub rather: Option<Arc<[Seconds]>>,
}

impl Wishes {
    /// By the clock of a zone, around `span`.
    #[must_use]
    pub fn of(wishes: &[Wish], zone: &TimeZone, span: &Seconds) -> Self {
        let hours = |must: bool| {
            let of_them = wishes.iter().filter(|it| it.must == must);
            let windows: Vec<Window> = of_them.map(|it| it.window.clone()).collect();
            (!windows.is_empty()).then(|| hours::local(&windows, zone, span).into())
        };
        Self {
            only: hours(true),
            rather: hours(false),
        }
    }

    /// Whether an interview is when it has to be.
    #[must_use]
    pub fn allow(&self, span: &Seconds) -> bool {
        self.only.as_ref().is_none_or(|only| hold(only, span))
    }

    /// Whether an interview is when it had better be.
    #[must_use]
    pub fn prefer(&self, span: &Seconds) -> bool {
        self.rather.as_ref().is_none_or(|rather| hold(rather, span))
    }
}
