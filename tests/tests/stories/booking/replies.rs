//! What a candidate's email means, read for a caller; nothing is stored and nothing is sent.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::reply::{
    ActKind, AssistantEval, IntentKind, ReplyProposal, ReplyRead, ReplySlot,
};
use greenroom_protocol::time::Instant;

use crate::booking::fixture::{Fixture, assert_refused};

fn moment(text: &str) -> Instant {
    serde_json::from_value(text.into()).expect("a moment")
}

/// Two slots of Wednesday and Thursday, in Berlin.
fn proposal() -> ReplyProposal {
    let slot = |n, start: &str| {
        let start = moment(start);
        let end = start.plus_minutes(45);
        ReplySlot { n, start, end }
    };
    ReplyProposal {
        slots: vec![
            slot(1, "2026-12-09T13:00:00Z"),
            slot(2, "2026-12-10T08:30:00Z"),
        ],
        zone: "Europe/Berlin".into(),
    }
}

fn read(mail: &str) -> ReplyRead {
    ReplyRead {
        mail: mail.into(),
        now: Some(moment("2026-12-07T06:00:00Z")),
        proposal: Some(proposal()),
        ..ReplyRead::default()
    }
}

#[tokio::test]
async fn every_member_may_have_an_email_read() {
    let desk = Fixture::open().await;
    let mail = "From: Jo <jo@mail.example>\r\nDate: Sun, 6 Dec 2026 22:00:00 +0100\r\n\r\n\
                Hi, Thursday at half past nine works for me.\r\n-- \r\nJo\r\n";
    let found = desk.dana.outreach_read(read(mail)).await.unwrap();
    assert_eq!((found.act.kind, found.act.option), (ActKind::Book, Some(2)));
    let intent = &found.reading.intents[0];
    assert_eq!(
        (intent.kind, intent.option),
        (IntentKind::AcceptTime, Some(2))
    );
    assert!(
        intent
            .words
            .contains("Thursday at half past nine works for me")
    );
    assert_eq!(found.reading.times[0].start, moment("2026-12-10T08:30:00Z"));
    let asked = desk
        .dana
        .outreach_read(read("I can do both"))
        .await
        .unwrap();
    assert!(matches!(asked.act.kind, ActKind::Book | ActKind::Ask));
    let nothing_sent = ReplyRead {
        proposal: None,
        ..read("Option 2 please")
    };
    let found = desk.dana.outreach_read(nothing_sent).await.unwrap();
    assert_eq!((found.act.kind, found.act.option), (ActKind::Person, None));
}

#[tokio::test]
async fn an_email_or_a_proposal_that_cannot_be_one_is_refused() {
    let desk = Fixture::open().await;
    let refused = async |read: ReplyRead| desk.dana.outreach_read(read).await.unwrap_err();
    let long = refused(read(&"x".repeat((256 << 10) + 1))).await;
    assert_refused(&long, ErrorKind::Usage, "mail", &["262144 bytes"]);
    let elsewhere = ReplyRead {
        zone: Some("Mars/Base".into()),
        ..read("2")
    };
    let elsewhere = refused(elsewhere).await;
    assert_refused(&elsewhere, ErrorKind::Usage, "zone", &["Mars/Base"]);
    let mut twice = proposal();
    twice.slots[1].n = 1;
    let mut backwards = proposal();
    backwards.slots[0].end = backwards.slots[0].start;
    let mut many = proposal();
    many.slots = (1..=21).map(|n| ReplySlot { n, ..many.slots[0] }).collect();
    for (proposal, words) in [
        (twice, "number of its own"),
        (backwards, "ends after it starts"),
        (many, "at most 20 slots"),
    ] {
        let asked = ReplyRead {
            proposal: Some(proposal),
            ..read("2")
        };
        let found = refused(asked).await;
        assert_refused(&found, ErrorKind::Usage, "proposal", &[words]);
    }
}

#[tokio::test]
async fn labelled_replies_are_measured_set_by_set() {
    let desk = Fixture::open().await;
    let set = "[set=one now=2026-12-04T10:00 zone=Europe/Berlin slots=2026-12-09T14:00/45,2026-12-10T09:30/45]\n\
               2 please | book 2 | accept\n\
               1 works for me | book 2 | accept\n\
               [set=two]\n\
               None of these work | propose | decline-all\n";
    let eval = AssistantEval { set: set.into() };
    let report = desk.dana.assistant_eval(eval).await.unwrap();
    let [one, two] = report.sets.as_slice() else {
        panic!("{report:?}");
    };
    assert_eq!(
        (
            one.figures.replies,
            one.figures.clear_right,
            one.figures.wrong
        ),
        (2, 1, 1)
    );
    assert_eq!(one.wrong[0].line, 3);
    assert_eq!(
        (
            two.figures.replies,
            two.figures.clear_right,
            two.figures.wrong
        ),
        (1, 1, 0)
    );
    let bad = AssistantEval {
        set: "2 please".into(),
    };
    let bad = desk.dana.assistant_eval(bad).await.unwrap_err();
    assert_refused(&bad, ErrorKind::Usage, "set", &["line 1"]);
}
