//! ★ What the assistant would have done where it only watches, beside what a person did.
//!
//! Invariant: what is compared is compared once; where nobody can say whether a person did the same,
//! nothing is counted. Decides nothing that happens.

use greenroom_protocol::id::TurnId;

use super::{Event, Next};
use crate::records::outreach::{Acted, Did, Shadow, Would};

/// Where a comparison is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    Same,
    Wrong,
    Asked,
    Left,
}

/// What a person does by an event; `None`: no person acts.
pub(super) fn did(event: &Event) -> Option<Did> {
    match event {
        Event::Booked { n, .. } => Some(Did::Chose { n: *n }),
        Event::HandedBack | Event::GaveWay => Some(Did::Others),
        Event::Stopped => Some(Did::Stopped),
        Event::Looked(looked) if looked.booked.is_some() => Some(Did::Otherwise),
        _ => None,
    }
}

/// How they compare; `None`: that can't be said.
pub(super) fn compared(would: Would, did: Did) -> Option<Counted> {
    Some(match (would, did) {
        (Would::Unknown, _) | (_, Did::Unknown) => return None,
        (Would::Book { n }, Did::Chose { n: chosen }) if n == chosen => Counted::Same,
        // It may be the same time, booked another way.
        (Would::Book { .. }, Did::Otherwise) => return None,
        (Would::Book { .. }, _) => Counted::Wrong,
        (Would::Others, Did::Others | Did::Otherwise) => Counted::Same,
        (Would::Others, Did::Chose { .. } | Did::Stopped) => Counted::Wrong,
        (Would::Ask, _) => Counted::Asked,
        (Would::Wait | Would::Person, _) => Counted::Left,
    })
}

impl Next {
    /// What it would do about an answer is kept until a person acts.
    pub(super) fn watched(&mut self, to: Option<TurnId>, would: Would) {
        if let Some(assisted) = self.record.assisted.as_mut()
            && assisted.reading.take().is_some()
        {
            assisted.read_to = to;
            match assisted.acted.take() {
                // The person was faster.
                Some(acted) => {
                    if let Some(counted) = compared(would, acted.did) {
                        count(&mut assisted.shadow, counted);
                    }
                }
                None => assisted.would = Some(would),
            }
        }
    }

    /// A person acts; where the answer is not read yet, that is compared once it is.
    pub(super) fn compare(&mut self, did: Did) {
        let watches = self.record.watches();
        let Some(assisted) = self.record.assisted.as_mut() else {
            return;
        };
        let Some(would) = assisted.would.take() else {
            if watches && assisted.reading.is_some() && assisted.acted.is_none() {
                let round = assisted.rounds;
                assisted.acted = Some(Acted { did, round });
            }
            return;
        };
        if let Some(counted) = compared(would, did) {
            count(&mut assisted.shadow, counted);
        }
    }
}

fn count(shadow: &mut Shadow, counted: Counted) {
    let place = match counted {
        Counted::Same => &mut shadow.same,
        Counted::Wrong => &mut shadow.wrong,
        Counted::Asked => &mut shadow.asked,
        Counted::Left => &mut shadow.left,
    };
    *place = place.saturating_add(1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_booking_is_right_only_if_the_person_chose_the_same_time() {
        use Counted::{Asked, Left, Same, Wrong};
        let book = Would::Book { n: 2 };
        for (would, did, expected) in [
            (book, Did::Chose { n: 2 }, Some(Same)),
            (book, Did::Chose { n: 3 }, Some(Wrong)),
            (book, Did::Others, Some(Wrong)),
            (book, Did::Stopped, Some(Wrong)),
            (book, Did::Otherwise, None),
            (Would::Others, Did::Others, Some(Same)),
            (Would::Others, Did::Otherwise, Some(Same)),
            (Would::Others, Did::Chose { n: 2 }, Some(Wrong)),
            (Would::Ask, Did::Chose { n: 2 }, Some(Asked)),
            (Would::Person, Did::Stopped, Some(Left)),
            (Would::Wait, Did::Chose { n: 1 }, Some(Left)),
            (Would::Unknown, Did::Chose { n: 1 }, None),
            (book, Did::Unknown, None),
        ] {
            assert_eq!(compared(would, did), expected, "{would:?} {did:?}");
        }
    }
}
