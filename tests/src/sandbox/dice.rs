//! Owns chance: every random value of the sandbox comes from one stream seeded once.
//!
//! Same seed, same stream, so that a fault with a seed falls in the same places again. Not fit for
//! real secrets; the values only have to look opaque and never repeat.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

/// A splitmix64 stream.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Whether an event of this probability (0 to 1) happens now.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        let unit = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        unit < probability
    }

    /// `length` random bytes as base64url.
    pub(super) fn opaque(&mut self, length: usize) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes(length))
    }

    /// A value as long and dotted as Zoom's tokens; it says nothing to anyone who takes it apart.
    pub(super) fn token(&mut self) -> String {
        let body = self.opaque(210);
        let seal = self.opaque(64);
        format!("eyJzdiI6IjAwMDAwMiIsImFsZyI6IkhTNTEyIn0.{body}.{seal}")
    }

    /// A meeting UUID: sixteen bytes as base64 with padding; `leading_slash` makes it one that
    /// begins with `/`.
    pub(super) fn uuid(&mut self, leading_slash: bool) -> String {
        let mut bytes = self.bytes(16);
        if leading_slash {
            bytes[0] |= 0b1111_1100;
        }
        STANDARD.encode(bytes)
    }

    /// A meeting id: eleven digits, every other time ten; both are more than 32 bits can hold.
    pub(super) fn meeting_id(&mut self, short: bool) -> u64 {
        let roll = self.next();
        if short {
            return 4_300_000_000 + roll % 5_600_000_000;
        }
        80_000_000_000 + roll % 19_000_000_000
    }

    /// Six digits, as Zoom makes a passcode on its own.
    pub(super) fn passcode(&mut self) -> String {
        format!("{:06}", self.next() % 1_000_000)
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        let words = length.div_ceil(8);
        let stream = (0..words).flat_map(|_| self.next().to_le_bytes());
        stream.take(length).collect()
    }
}
