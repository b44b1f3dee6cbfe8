//! Random values that look like Zoom's.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::sandbox::dice::Dice;

impl Dice {
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
}
