//! Times that were sent to a candidate before the present ones.

use greenroom_protocol::id::MailId;
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

/// One round of times, as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierRound {
    /// The emails that had them: the proposal first, then what reminded of it and asked about it.
    pub emails: Vec<MailId>,
    /// When each begins, by its number; the first is 1.
    pub starts: Vec<Instant>,
}

impl EarlierRound {
    /// Rounds that are kept.
    pub const MOST: usize = 5;

    /// Emails of each that are kept.
    pub const MOST_EMAILS: usize = 3;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_reads_back_as_it_was_written() {
        let round = EarlierRound {
            emails: vec![MailId::new()],
            starts: vec![Instant::from_second(1_796_000_000)],
        };
        let written = serde_json::to_string(&round).expect("written");
        assert_eq!(
            serde_json::from_str::<EarlierRound>(&written).expect("read"),
            round
        );
    }
}
