//! Whose clock an entry goes by. Pure.

use super::Clocks;
use super::entry::{Counts, Ends, Entry, Stamp, Time};
use super::rule::{Rule, Until};

/// By whose clock entries of one UID go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GoesBy {
    /// Clocks that they name.
    Others,
    /// The owner's alone.
    Owners,
    /// Both: where one is changed, nobody knows which of them is meant.
    Both,
}

impl GoesBy {
    /// Of entries that take time.
    pub(super) fn of(entries: &[Entry<'_>], clocks: &Clocks) -> Self {
        let mut busy = entries.iter().filter(|it| it.counts == Counts::Busy);
        if busy.next().is_none() {
            return Self::Others;
        }
        let ends = |ends: &Ends, with: &Time| match ends {
            // Named otherwise it is of another clock, even where nobody knows either.
            Ends::At(end) => Some(clocks.is_owners(end) && is_named_alike(end, with)),
            Ends::After { .. } | Ends::Unsaid => None,
        };
        let takes = |entry: &Entry<'_>| {
            let besides = entry.besides.iter().flat_map(|it| {
                let end = it.end.as_ref().and_then(|end| ends(end, &it.start));
                std::iter::once(clocks.is_owners(&it.start)).chain(end)
            });
            let end = match clocks.is_owners(&entry.start) {
                true => ends(&entry.ends, &entry.start),
                false => match &entry.ends {
                    Ends::At(end) => Some(clocks.is_owners(end)),
                    Ends::After { .. } | Ends::Unsaid => None,
                },
            };
            let own = std::iter::once(clocks.is_owners(&entry.start)).chain(end);
            own.chain(besides).collect::<Vec<_>>()
        };
        let all: Vec<_> = entries.iter().flat_map(takes).collect();
        if !all.contains(&true) {
            return Self::Others;
        }
        let names_a_moment = |entry: &Entry<'_>| {
            let named = entry.except.iter().chain(&entry.instead_of);
            let is_timed = !matches!(entry.start.stamp, Stamp::Date(_));
            let until = |rule: &&_| {
                let until = Rule::of(rule, 0, is_timed).until;
                is_timed && matches!(until, Some(Until::Utc(_)))
            };
            named.into_iter().any(|it| !clocks.is_owners(it))
                || entry.and_after
                || entry.rules.iter().any(until)
        };
        match all.contains(&false) || entries.iter().any(names_a_moment) {
            true => Self::Both,
            false => Self::Owners,
        }
    }
}

/// Whether two times name the same clock, known here or not; a date names none.
fn is_named_alike(one: &Time, other: &Time) -> bool {
    matches!(one.stamp, Stamp::Date(_)) || one.named == other.named
}
