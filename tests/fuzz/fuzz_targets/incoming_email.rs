//! An email that comes in: parsed, judged and committed, as in the daemon.
//!
//! An email changes what is known of a person and nothing else; it says something only where it names something of ours; and what is
//! kept of it is short, and no text of it steers a terminal.

#![no_main]

use greenroom_fuzz::is_harmless;
use greenroom_protocol::text::steers;
use greenroomd::interviews::fuzzing::{Heard, heard};
use greenroomd::records::interview::InterviewRecord;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Heard {
        says,
        before,
        after,
    } = heard(input);
    if after != before {
        assert!(says);
    }
    let text = |it: &InterviewRecord| serde_json::to_value(it).expect("a record has a JSON");
    let (was, mut is) = (text(&before), text(&after));
    for known in ["invitation", "warnings"] {
        is[known] = was[known].clone();
    }
    assert_eq!(was, is, "an email changes what is booked");
    let invitation = &after.invitation;
    assert!(invitation.asks.len() <= 10);
    for (guest, then) in invitation.invitees.iter().zip(&before.invitation.invitees) {
        assert_eq!((guest.guest, &guest.address), (then.guest, &then.address));
        assert!(guest.unreached.as_deref().is_none_or(is_harmless));
    }
    let comments = invitation
        .asks
        .iter()
        .filter_map(|it| it.comment.as_deref());
    let notes = invitation
        .invitees
        .iter()
        .filter_map(|it| it.note.as_deref());
    for text in comments.chain(notes) {
        assert!(
            text.chars().count() <= 2000 && !text.contains(steers),
            "{text:?}"
        );
    }
    let (warned, known) = (after.warnings.len(), before.warnings.len());
    assert!(warned <= known + 4, "{warned} warnings");
    for warning in &after.warnings {
        assert!(warning.message.chars().count() <= 700, "{warning:?}");
    }
});
