//! Owns chance: every random value of the sandbox comes from one stream seeded once.
//!
//! Same seed, same stream, so that a fault with a seed falls in the same places again. Not fit for
//! real secrets; the values only have to look opaque and never repeat.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

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

    /// Sixteen bytes as a UUID writes them.
    pub(super) fn guid(&mut self) -> String {
        let hex: String = self
            .bytes(16)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let parts = [
            &hex[..8],
            &hex[8..12],
            &hex[12..16],
            &hex[16..20],
            &hex[20..],
        ];
        parts.join("-")
    }

    pub(super) fn bytes(&mut self, length: usize) -> Vec<u8> {
        let words = length.div_ceil(8);
        let stream = (0..words).flat_map(|_| self.next().to_le_bytes());
        stream.take(length).collect()
    }
}
