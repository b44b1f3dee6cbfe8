//! A candidate's answer: an email of a stranger.
//!
//! Any email is read, without a panic. What is booked is one of the slots that were sent and chosen in
//! words of the email, a machine's email is never an answer, and without a proposal nothing is booked.

#![no_main]

use greenroom_protocol::reply::{ActKind, ReplyProposal, ReplySlot};
use greenroom_protocol::time::Instant;
use greenroomd::assistant::letter::{Arrival, decided};
use libfuzzer_sys::fuzz_target;

/// 2026-12-04T09:00:00Z, a Friday.
const NOW: i64 = 1_796_374_800;

/// Days and hours from then at which slots begin.
const SLOTS: [(i64, i64); 4] = [(4, 0), (5, 4), (6, -1), (7, 6)];

fuzz_target!(|input: &[u8]| {
    let Ok(mail) = std::str::from_utf8(input) else {
        return;
    };
    let now = Instant::from_second(NOW);
    let slot = |(n, (days, hours)): (u32, (i64, i64))| {
        let start = now.plus_minutes((days * 24 + hours) * 60);
        let end = start.plus_minutes(45);
        ReplySlot { n, start, end }
    };
    let proposal = ReplyProposal {
        slots: (1..).zip(SLOTS).map(slot).collect(),
        zone: "Europe/Berlin".to_owned(),
    };
    for proposal in [Some(&proposal), None] {
        let arrival = Arrival {
            now,
            zone: "America/New_York",
            locale: None,
            proposal,
            thread: None,
            server: None,
        };
        let found = decided(mail, arrival).expect("a zone");
        let books = found.act.kind == ActKind::Book;
        assert!(!books || proposal.is_some());
        assert!(!books || !found.reading.automatic);
        if let Some(n) = found.act.option {
            assert!((1..=4).contains(&n));
        }
        if books {
            let choice = found.reading.choice.expect("a choice");
            assert!(found.act.option.is_some_and(|n| choice.slots.contains(&n)));
        }
    }
});
