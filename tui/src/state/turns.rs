//! Several candidates who are scheduled one after the other, each in a form of their own.
//!
//! Invariant: it is about one form at a time, that of the candidate whose turn it is; any other form
//! is no part of it.

use std::collections::VecDeque;

use greenroom_protocol::id::CandidateId;

/// Whose turn it is, and who comes after.
#[derive(Debug)]
pub(crate) struct Turns {
    now: CandidateId,
    rest: VecDeque<CandidateId>,
    all: usize,
}

/// What follows on an interview that was booked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// It was no part of several.
    Single,
    Next(CandidateId),
    /// It was the last of several.
    Last,
}

impl Turns {
    /// Several in turn; `None` where there are fewer than two.
    pub(crate) fn of(people: Vec<CandidateId>) -> Option<Self> {
        let all = people.len();
        let mut rest = VecDeque::from(people);
        let now = rest.pop_front().filter(|_| all > 1)?;
        Some(Self { now, rest, all })
    }

    /// Whose turn it is.
    pub(crate) fn now(&self) -> CandidateId {
        self.now
    }

    /// Which of how many it is, from 1, for the form about this candidate; `None` for another.
    pub(crate) fn place(&self, subject: &str) -> Option<(usize, usize)> {
        let own = self.now.to_string() == subject;
        own.then(|| (self.all - self.rest.len(), self.all))
    }

    /// The form about this candidate booked. Ends what it was the last of.
    pub(crate) fn booked(turns: &mut Option<Self>, subject: &str) -> Turn {
        let Some(own) = turns.as_mut().filter(|it| it.place(subject).is_some()) else {
            return Turn::Single;
        };
        let Some(next) = own.rest.pop_front() else {
            *turns = None;
            return Turn::Last;
        };
        own.now = next;
        Turn::Next(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everyone_has_a_turn_and_others_are_no_part_of_it() {
        let people: Vec<_> = (0..4).map(|_| CandidateId::new()).collect();
        let mut turns = Turns::of(people[..3].to_vec());
        let place = |turns: &Option<Turns>, at: usize| {
            let turns = turns.as_ref()?;
            turns.place(&people[at].to_string())
        };
        let booked = |turns: &mut Option<Turns>, at: usize| {
            let subject = people[at].to_string();
            Turns::booked(turns, &subject)
        };
        assert_eq!(place(&turns, 0), Some((1, 3)));
        assert_eq!(booked(&mut turns, 3), Turn::Single);
        assert_eq!(booked(&mut turns, 0), Turn::Next(people[1]));
        assert_eq!((place(&turns, 0), place(&turns, 1)), (None, Some((2, 3))));
        assert_eq!(booked(&mut turns, 1), Turn::Next(people[2]));
        assert_eq!(booked(&mut turns, 2), Turn::Last);
        assert_eq!(booked(&mut turns, 2), Turn::Single);
        assert!(Turns::of(people[..1].to_vec()).is_none());
    }
}
