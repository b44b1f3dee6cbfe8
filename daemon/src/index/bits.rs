//! Owns sets of places in a chunk, one bit each.

use std::ops::{BitAnd, BitAndAssign, BitOrAssign};

const WORDS: usize = 16;

/// A set of numbers below [`Bits::LEN`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Bits([u64; WORDS]);

impl Bits {
    /// How many places there are.
    pub(super) const LEN: usize = WORDS * 64;

    /// The numbers below `count`.
    pub(super) fn first(count: usize) -> Self {
        let word = |index: usize| match count.saturating_sub(index * 64) {
            0 => 0,
            rest @ 1..64 => (1 << rest) - 1,
            _ => u64::MAX,
        };
        Self(std::array::from_fn(word))
    }

    pub(super) fn insert(&mut self, place: usize) {
        self.0[place / 64] |= 1 << (place % 64);
    }

    pub(super) fn contains(&self, place: usize) -> bool {
        self.0[place / 64] >> (place % 64) & 1 == 1
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0 == [0; WORDS]
    }

    pub(super) fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// What is here and not in `other`.
    pub(super) fn without(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] & !other.0[i]))
    }

    /// The numbers from `from` on, ascending.
    pub(super) fn from(&self, from: usize) -> impl Iterator<Item = usize> + use<> {
        self.without(Self::first(from)).iter()
    }

    /// The numbers, ascending.
    pub(super) fn iter(self) -> impl Iterator<Item = usize> {
        self.0.into_iter().enumerate().flat_map(|(index, word)| {
            let next = |word: &u64| Some(word & (word - 1)).filter(|rest| *rest != 0);
            std::iter::successors(Some(word).filter(|word| *word != 0), next)
                .map(move |word| index * 64 + word.trailing_zeros() as usize)
        })
    }
}

impl BitAnd for Bits {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] & other.0[i]))
    }
}

impl BitAndAssign for Bits {
    fn bitand_assign(&mut self, other: Self) {
        *self = *self & other;
    }
}

impl BitOrAssign for Bits {
    fn bitor_assign(&mut self, other: Self) {
        for (word, other) in self.0.iter_mut().zip(other.0) {
            *word |= other;
        }
    }
}

impl FromIterator<usize> for Bits {
    fn from_iter<I: IntoIterator<Item = usize>>(places: I) -> Self {
        let mut bits = Self::default();
        places.into_iter().for_each(|place| bits.insert(place));
        bits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out_in_order() {
        let places = [0, 1, 63, 64, 500, 1023];
        let bits: Bits = places.into_iter().rev().collect();
        assert_eq!(bits.iter().collect::<Vec<_>>(), places);
        assert_eq!(bits.from(64).collect::<Vec<_>>(), [64, 500, 1023]);
        assert_eq!(bits.count(), 6);
        assert!(bits.contains(500) && !bits.contains(501));
    }

    #[test]
    fn the_first_so_many_are_exactly_so_many() {
        for count in [0, 1, 63, 64, 65, 1023, 1024] {
            assert_eq!(Bits::first(count).count(), count as u64);
        }
        assert!(Bits::first(9).without(Bits::first(9)).is_empty());
    }
}
