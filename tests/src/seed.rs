//! Random points of tests that kill, which can be repeated: `GREENROOM_SEED` is their seed, and it is
//! printed. Cargo sets it to the same number every time (`.cargo/config.toml`), so that a run draws
//! what the run before drew.

use std::fmt;

/// A sequence of numbers from one seed (the SplitMix64 generator).
#[derive(Debug)]
pub struct Random {
    seed: u64,
    state: u64,
}

impl Random {
    /// Begins with `GREENROOM_SEED`, or anywhere where that is no number, and prints where.
    pub fn new(what: &str) -> Self {
        let given = std::env::var("GREENROOM_SEED")
            .ok()
            .and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| getrandom::u64().unwrap_or_default());
        eprintln!("{what}: GREENROOM_SEED={seed}");
        Self::of(seed)
    }

    /// Begins with a seed of one's own.
    pub fn of(seed: u64) -> Self {
        Self { seed, state: seed }
    }

    /// A number from 0 to `end`, which it never is; 0 where there is no other.
    pub fn below(&mut self, end: usize) -> usize {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % end.max(1) as u64).unwrap_or_default()
    }
}

impl fmt::Display for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GREENROOM_SEED={}", self.seed)
    }
}
