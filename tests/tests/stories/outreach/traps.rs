//! Where coordination by email goes wrong, as `outreach` is made not to: each trap once. Those that
//! have a story of their own are not here.

use std::collections::{BTreeMap, HashSet};

use greenroom_protocol::edit::Edit;
use greenroom_protocol::outreach::{OutreachState, OutreachWhy, SlotState};
use greenroom_protocol::pipeline::{Approval, CandidateEdit, StageInterviewChange, Window};
use greenroom_protocol::reply::{ActKind, ReplyProposal, ReplyRead, ReplySlot};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;
use greenroom_tests::candidates::printed;
use greenroom_tests::test_daemon::OWNER;

use crate::outreach::assisted::{Assisted, READ_AFTER, SCREEN, SETTLES};
use crate::outreach::fixture::{ANA, BEN, UNDO, at};
use crate::outreach::many::Many;

#[tokio::test]
async fn an_answer_that_came_as_the_times_ended_is_booked_though_it_is_read_later() {
    let office = Assisted::open(Approval::Auto).await;
    let outreach = office.is_sent_times(ANA).await;
    let email = office.mail().to(ANA).unwrap().remove(0);
    let until = outreach.until.unwrap();
    // Reminded meanwhile, she answers in the last seconds.
    loop {
        let left = until.since(office.daemon.now()).as_secs();
        if left <= READ_AFTER / 2 {
            break;
        }
        office.daemon.hears_answers().await.unwrap();
        office.daemon.rests().await.unwrap();
        let step = (left - READ_AFTER / 2).min(3600);
        office.daemon.seconds_pass(step);
    }
    office
        .gets("late", &email.words("Option 2 works for me."))
        .await;
    office.daemon.seconds_pass(READ_AFTER / 2);
    office.daemon.rests().await.unwrap();
    office.daemon.seconds_pass(READ_AFTER);
    let booked = office.becomes(&outreach, OutreachState::Booked).await;
    assert_eq!(booked.slots[1].state, SlotState::Booked);
}

#[tokio::test]
async fn an_answer_that_comes_once_by_each_of_two_ways_is_heard_once() {
    let office = Assisted::open(Approval::Auto).await;
    let outreach = office.is_sent_times(ANA).await;
    let email = office.mail().to(ANA).unwrap().remove(0);
    // Replied to all: the same email, to the mailbox and by a list to the mailbox again.
    let answer = email.words("Option 2 works for me.");
    let answer = answer.replacen(
        "Subject:",
        "Message-ID: <one@mail.example>\nCc: sam.ito@acme.example\nSubject:",
        1,
    );
    office.gets("once", &answer).await;
    let listed = answer.replacen("From:", "Received: by lists.example\nFrom:", 1);
    office.gets("again", &listed).await;
    office.daemon.seconds_pass(READ_AFTER);
    office.becomes(&outreach, OutreachState::Booked).await;
    office.gets("and again", &listed).await;
    assert_eq!(office.thread(&outreach).await.received.len(), 1);
    let interviews = office.dana.interview_list(Default::default()).await;
    assert_eq!(interviews.unwrap().total, 1);
}

#[tokio::test]
async fn a_time_is_the_one_that_was_printed_also_when_clocks_change_before_it() {
    let office = Assisted::open(Approval::Auto).await;
    // Some months on, a Thursday before a Sunday on which clocks in New York change.
    let then = at("2027-03-11T15:00:00Z");
    let away = then.since(office.daemon.now()).as_secs();
    office.daemon.seconds_pass(away);
    office.daemon.rests().await.unwrap();
    let zone = CandidateEdit {
        candidate: ANA.into(),
        zone: Some("America/New_York".into()),
        ..CandidateEdit::default()
    };
    office.dana.candidate_edit(zone).await.unwrap();
    office
        .configures(StageInterviewChange {
            windows: Edit::Set(vec![Window {
                days: vec![1, 2, 3, 4, 5],
                from_minute: 14 * 60,
                to_minute: 17 * 60,
            }]),
            zone: Edit::Set("UTC".into()),
            ..StageInterviewChange::default()
        })
        .await;
    let outreach = office.is_sent_times(ANA).await;
    let email = office.mail().to(ANA).unwrap().remove(0);
    let last = printed(&email.text).pop().unwrap();
    let chosen = outreach.slots.last().unwrap().start;
    assert!(chosen > at("2027-03-14T07:00:00Z"), "{outreach:?}");
    let text = format!("{} at {} works for me.", last.day, last.hour);
    office.gets("one", &email.words(&text)).await;
    office.daemon.seconds_pass(READ_AFTER);
    let booked = office.becomes(&outreach, OutreachState::Booked).await;
    assert_eq!(booked.slots.last().unwrap().state, SlotState::Booked);
    let interviews = office.dana.interview_list(Default::default()).await;
    assert_eq!(interviews.unwrap().items[0].start, chosen);
}

#[tokio::test]
async fn an_answer_of_somebody_who_was_erased_brings_nothing_back() {
    let office = Assisted::open(Approval::Auto).await;
    office.is_sent_times(ANA).await;
    let email = office.mail().to(ANA).unwrap().remove(0);
    office
        .dana
        .candidate_erase(Reference::to(ANA))
        .await
        .unwrap();
    office.daemon.rests().await.unwrap();
    let before = office.daemon.rows().await.unwrap().len();
    office
        .gets("late", &email.words("Option 2 works for me."))
        .await;
    office.daemon.seconds_pass(READ_AFTER);
    office.daemon.rests().await.unwrap();
    for (key, row) in office.daemon.rows().await.unwrap() {
        let row = String::from_utf8_lossy(&row);
        assert!(!row.contains("works for me"), "{key}");
    }
    assert!(office.daemon.rows().await.unwrap().len() <= before + 1);
    let received = office.dana.mail_received(Default::default()).await;
    assert_eq!(received.unwrap().total, 0);
}

#[tokio::test]
async fn after_a_restore_who_waits_and_what_is_drafted_go_on_and_who_was_asked_is_a_persons() {
    let mut office = Assisted::open(Approval::Auto).await;
    // Ana was asked which time she means; with the rest of the times held Ben waits.
    office.has_half_an_hour_on(&[3, 4]).await;
    let asked = office.is_sent_times(ANA).await;
    let email = office.mail().to(ANA).unwrap().remove(0);
    office.gets("one", &email.words("1 and 2.")).await;
    office.daemon.seconds_pass(READ_AFTER);
    office.daemon.rests().await.unwrap();
    office.daemon.seconds_pass(UNDO);
    office.was_emailed(ANA, 2).await;
    let waits = office.enters(BEN).await;
    office.waits_for(&waits, OutreachWhy::Time).await;
    let backup = office.daemon.take_backup(&office.dana).await.unwrap();
    let dana = office.daemon.client(OWNER).await.unwrap();
    office.daemon.restore(&dana, &backup).await.unwrap();
    office.dana = office.daemon.client(OWNER).await.unwrap();
    office.needs_person(&asked, OutreachWhy::Restored).await;
    // Nothing is sent before what came in meanwhile was read.
    office.daemon.hears_answers().await.unwrap();
    office.stops(&asked, Some(false)).await;
    office.becomes(&waits, OutreachState::Sending).await;
    office.daemon.rests().await.unwrap();
    office.was_emailed(ANA, 2).await;
}

#[tokio::test]
async fn after_a_restore_a_draft_is_still_to_be_approved() {
    let mut office = Assisted::open(Approval::Draft).await;
    let drafted = office.enters(ANA).await;
    let drafted = office.becomes(&drafted, OutreachState::Draft).await;
    let backup = office.daemon.take_backup(&office.dana).await.unwrap();
    let dana = office.daemon.client(OWNER).await.unwrap();
    office.daemon.restore(&dana, &backup).await.unwrap();
    office.dana = office.daemon.client(OWNER).await.unwrap();
    office.daemon.rests().await.unwrap();
    let still = office.outreach(&drafted).await;
    assert_eq!((still.state, still.slots), (drafted.state, drafted.slots));
}

/// Everybody may be interviewed on one day of the week, three at most.
#[tokio::test]
async fn a_cap_of_three_is_three_however_many_are_proposed_and_choose_at_once() {
    let people: Vec<_> = (0..10)
        .map(|n| (format!("Person Number{n}"), format!("p{n}@crowd.example")))
        .collect();
    let office = Many::enter(1, &people).await;
    office
        .configures(StageInterviewChange {
            daily_cap: Edit::Set(3),
            ..StageInterviewChange::default()
        })
        .await;
    office.start(people.len()).await;
    let mut answers = 0;
    for _ in 0..30 {
        office.are_sent_times().await;
        for letter in office.mail().letters().unwrap() {
            office.mail().take(&letter).unwrap();
            if letter.method().is_some() || printed(&letter.text).is_empty() {
                continue;
            }
            answers += 1;
            let first = letter.words("Option 1, please.");
            office
                .mail()
                .answer(&format!("{answers:03}"), &first)
                .unwrap();
        }
        office.is_read().await;
        office.agrees("with a cap").await;
        let mut of_day = BTreeMap::<_, usize>::new();
        for interview in office.interviews().await {
            let day = interview.start.timestamp().strftime("%F").to_string();
            *of_day.entry(day).or_default() += 1;
        }
        assert!(of_day.values().all(|many| *many <= 3), "{of_day:?}");
        if of_day.values().sum::<usize>() == people.len() {
            return;
        }
        office.an_hour_passes().await;
    }
    panic!("{:#?}", office.outreaches().await);
}

#[tokio::test]
async fn a_number_that_is_also_an_hour_is_asked_about_where_it_matters() {
    let office = Assisted::open(Approval::Auto).await;
    let slot = |n, start: &str| {
        let start = at(start);
        ReplySlot {
            n,
            start,
            end: start.plus_minutes(45),
        }
    };
    let reads = async |slots: Vec<ReplySlot>| {
        let read = ReplyRead {
            mail: "From: jo@mail.example\n\nI can be there at 4 as scheduled.\n".into(),
            now: Some(at("2026-12-01T09:00:00Z")),
            zone: Some("UTC".into()),
            proposal: Some(ReplyProposal {
                slots,
                zone: "UTC".into(),
            }),
            ..ReplyRead::default()
        };
        office.dana.outreach_read(read).await.unwrap().act
    };
    // The fourth is at four.
    let one = reads(vec![
        slot(1, "2026-12-08T10:00:00Z"),
        slot(4, "2026-12-11T16:00:00Z"),
    ])
    .await;
    assert!(
        one.kind != ActKind::Book || one.option == Some(4),
        "{one:?}"
    );
    // The first is at four, and the fourth is another.
    let two = reads(vec![
        slot(1, "2026-12-08T16:00:00Z"),
        slot(4, "2026-12-11T10:00:00Z"),
    ])
    .await;
    assert_ne!(two.kind, ActKind::Book, "{two:?}");
}

/// However an entry comes to the assistant again, it begins with it once.
#[tokio::test]
async fn an_entry_is_begun_with_once_however_often_its_work_is_done() {
    let office = Assisted::open(Approval::Auto).await;
    office.moves_to(ANA, SCREEN).await;
    office.newest(ANA).await;
    office.daemon.rests().await.unwrap();
    // Started by a person at the same time, and begun again over the same store.
    let started = office.starts(ANA).await;
    assert!(started.repeated, "{started:?}");
    office.daemon.seconds_pass(SETTLES);
    office.daemon.rests().await.unwrap();
    office.daemon.seconds_pass(UNDO);
    office.was_emailed(ANA, 1).await;
    let starts: HashSet<Instant> = office.of(ANA).await[0]
        .slots
        .iter()
        .map(|slot| slot.start)
        .collect();
    assert_eq!(starts.len(), 4, "each time is held once");
    assert_eq!(office.of(ANA).await.len(), 1);
}
