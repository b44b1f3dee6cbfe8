//! A person changes what the assistant would send, before it leaves.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::edit::Edit;
use greenroom_protocol::interview::MeetingType;
use greenroom_protocol::outreach::{
    DraftEdit, Outreach, OutreachApprove, OutreachEdit, OutreachState, SlotState,
};
use greenroom_protocol::pipeline::Approval;
use greenroom_protocol::schedule::{Planned, SlotQuery};
use greenroom_protocol::time::Instant;
use greenroom_tests::wait;

use crate::outreach::assisted::Assisted;
use crate::outreach::fixture::{ANA, BEN, HOUR, UNDO, by_phone, the};

/// A line in which nothing is substituted, and that is no header.
const LINE: &str = "Sam shows you the office first.\r\nBcc: x@evil.example {{organizer}}";

/// The same as it is kept: one paragraph.
const KEPT: &str = "Sam shows you the office first. Bcc: x@evil.example {{organizer}}";

async fn drafted(office: &Assisted, who: &str) -> Outreach {
    let outreach = office.enters(who).await;
    office.becomes(&outreach, OutreachState::Draft).await
}

fn edit(outreach: &Outreach, edit: DraftEdit) -> OutreachEdit {
    OutreachEdit {
        outreach: the(outreach),
        edit,
    }
}

fn starts(outreach: &Outreach) -> Vec<Instant> {
    outreach.slots.iter().map(|it| it.start).collect()
}

/// A free time that is not in the email.
async fn another(office: &Assisted, outreach: &Outreach) -> Instant {
    let query = SlotQuery {
        planned: Planned {
            candidate: Some(ANA.into()),
            kind: Some(MeetingType::Zoom),
            ..Planned::default()
        },
        limit: Some(200),
        ..SlotQuery::default()
    };
    let free = office.dana.slots(query).await.unwrap().items;
    let apart = |start: Instant| {
        let mut all = starts(outreach).into_iter();
        all.all(|it| (it.second() - start.second()).abs() >= 2 * HOUR)
    };
    let mut free = free.into_iter().rev().map(|it| it.start);
    free.find(|it| apart(*it)).unwrap()
}

#[tokio::test]
async fn times_are_left_out_and_added_and_a_line_stands_below_them() {
    let office = Assisted::open(Approval::Draft).await;
    let draft = drafted(&office, ANA).await;
    let (first, new) = (draft.slots[0].start, another(&office, &draft).await);
    let changes = DraftEdit {
        without: vec![1],
        add: vec![new.to_string()],
        text: Edit::Set(LINE.to_owned()),
        ..DraftEdit::default()
    };
    let mut dry = edit(&draft, changes.clone());
    dry.outreach.dry_run = true;
    let tried = office.dana.outreach_edit(dry).await.unwrap();
    assert!(tried.dry_run && tried.letter.unwrap().text.contains(KEPT));
    assert_eq!(office.outreach(&draft).await.slots, draft.slots);

    let edited = office
        .dana
        .outreach_edit(edit(&draft, changes))
        .await
        .unwrap();
    let after = starts(&edited.outreach);
    assert!(!after.contains(&first) && after.contains(&new));
    assert!(after.is_sorted());
    assert_eq!(edited.outreach.line.as_deref(), Some(KEPT));
    assert_eq!(edited.outreach.state, OutreachState::Draft);
    assert_eq!(office.takes(ANA).await, [], "nothing is held");

    let approve = OutreachApprove {
        outreach: the(&draft),
        without: Vec::new(),
    };
    let approved = office.dana.outreach_approve(approve).await.unwrap();
    assert_eq!(approved.replaced, []);
    office.daemon.seconds_pass(UNDO);
    let sent = office.becomes(&draft, OutreachState::Proposed).await;
    assert_eq!(starts(&sent), after);
    let email = office.mail().to(ANA).unwrap().pop().unwrap();
    assert!(email.text.contains(KEPT), "{}", email.text);
    assert_eq!(email.text.matches("evil.example").count(), 1);
    // What was sent is not changed any more.
    let late = edit(&draft, DraftEdit::default());
    let refused = office.dana.outreach_edit(late).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
}

#[tokio::test]
async fn what_is_added_is_judged_as_a_time_of_the_assistants() {
    let office = Assisted::open(Approval::Draft).await;
    let draft = drafted(&office, ANA).await;
    let taken = another(&office, &draft).await;
    let booking = by_phone(BEN, &taken.to_string());
    office.dana.interview_new(booking).await.unwrap();
    let adds = |add: String| DraftEdit {
        add: vec![add],
        ..DraftEdit::default()
    };
    for (wrong, kind) in [
        (adds(taken.to_string()), ErrorKind::Conflict),
        (adds("sometime".into()), ErrorKind::Usage),
        (adds(draft.slots[0].start.to_string()), ErrorKind::Usage),
    ] {
        let refused = office.dana.outreach_edit(edit(&draft, wrong)).await;
        let refused = refused.unwrap_err();
        assert_eq!(
            (refused.kind, refused.field.as_deref()),
            (kind, Some("add"))
        );
    }
    let none = DraftEdit {
        without: vec![1, 2, 3, 4],
        ..DraftEdit::default()
    };
    let refused = office
        .dana
        .outreach_edit(edit(&draft, none))
        .await
        .unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("without"));
    let unknown = DraftEdit {
        without: vec![9],
        ..DraftEdit::default()
    };
    let refused = office
        .dana
        .outreach_edit(edit(&draft, unknown))
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Usage);
    assert_eq!(office.outreach(&draft).await.slots, draft.slots);
}

#[tokio::test]
async fn what_was_changed_stays_when_times_are_chosen_anew() {
    let office = Assisted::open(Approval::Draft).await;
    let draft = drafted(&office, ANA).await;
    let first = draft.slots[0].start;
    let changes = DraftEdit {
        without: vec![1],
        text: Edit::Set("Bring your portfolio.".to_owned()),
        ..DraftEdit::default()
    };
    let edited = office
        .dana
        .outreach_edit(edit(&draft, changes))
        .await
        .unwrap();
    let before = edited.outreach.since;
    // A working day later the times are too old, and others are chosen.
    office.daemon.seconds_pass(25 * HOUR);
    let anew = wait::until("the draft is chosen anew", async || {
        let outreach = office.outreach(&draft).await;
        let is_new = outreach.state == OutreachState::Draft && outreach.since > before;
        is_new.then_some(outreach)
    })
    .await;
    assert!(!starts(&anew).contains(&first));
    assert!(anew.slots.iter().all(|it| it.state == SlotState::Drafted));
    assert_eq!(anew.line.as_deref(), Some("Bring your portfolio."));
}
