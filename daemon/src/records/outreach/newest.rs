//! The newest few moments of something that happens again and again.
//!
//! Invariant: the newest is first, and no more than `N` are kept, however many are stored.

use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

/// When it happened last, the newest first: `N` times at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Option<Instant>>", into = "Vec<Option<Instant>>")]
pub struct Newest<const N: usize>([Option<Instant>; N]);

impl<const N: usize> Newest<N> {
    /// Times that are kept, at most.
    pub const MOST: usize = N;

    /// Whether it never happened.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// With one more.
    #[must_use]
    pub fn and(self, now: Instant) -> Self {
        let mut times = self.0;
        times.rotate_right(1);
        if let Some(first) = times.first_mut() {
            *first = Some(now);
        }
        Self(times)
    }

    /// Each of them.
    pub fn times(self) -> impl Iterator<Item = Instant> {
        self.0.into_iter().flatten()
    }

    /// Whether as many as are kept happened within the last so many minutes.
    #[must_use]
    pub fn is_full(&self, minutes: i64, now: Instant) -> bool {
        let oldest = self.0.last().copied().flatten();
        oldest.is_some_and(|at| now < at.plus_minutes(minutes))
    }
}

impl<const N: usize> Default for Newest<N> {
    fn default() -> Self {
        Self([None; N])
    }
}

impl<const N: usize> From<Vec<Option<Instant>>> for Newest<N> {
    fn from(stored: Vec<Option<Instant>>) -> Self {
        let mut times = [None; N];
        for (place, at) in times.iter_mut().zip(stored) {
            *place = at;
        }
        Self(times)
    }
}

impl<const N: usize> From<Newest<N>> for Vec<Option<Instant>> {
    fn from(newest: Newest<N>) -> Self {
        newest.0.to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Instant {
        Instant::from_second(second)
    }

    fn after<const N: usize>(seconds: impl Iterator<Item = i64>) -> Newest<N> {
        seconds.fold(Newest::default(), |newest, second| newest.and(at(second)))
    }

    #[test]
    fn it_is_full_while_as_many_as_are_kept_are_that_new() {
        assert!(!after::<10>(1..=9).is_full(60, at(10)));
        let ten = after::<10>(1..=10);
        assert!(ten.is_full(60, at(11)) && ten.is_full(60, at(3600)));
        assert!(!ten.is_full(60, at(3601)));
    }

    #[test]
    fn the_newest_are_kept_and_read_back() {
        let three = after::<3>(1..=5);
        assert_eq!(three.times().collect::<Vec<_>>(), [at(5), at(4), at(3)]);
        let written = serde_json::to_string(&three).unwrap();
        assert_eq!(serde_json::from_str::<Newest<3>>(&written).unwrap(), three);
        // Of more than are kept the newest.
        let two: Newest<2> = serde_json::from_str(&written).unwrap();
        assert_eq!(two.times().collect::<Vec<_>>(), [at(5), at(4)]);
    }
}
