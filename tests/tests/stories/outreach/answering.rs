//! Answers: what comes in is kept and shown to a person, who chooses with one call.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::interview::{Interview, InterviewStatus, InterviewUndo};
use greenroom_protocol::outreach::{OutreachBrief, OutreachState, OutreachWhy, SlotState};
use greenroom_protocol::pipeline::CandidateQuery;
use greenroom_protocol::received::ReceivedFrom;
use greenroom_protocol::schedule::BusyWith;
use greenroom_protocol::time::Instant;
use greenroom_protocol::today::{NeedAction, NeedKind, TodayQuery};
use greenroom_protocol::workspace::Reference;

use crate::outreach::fixture::{
    ANA, BEN, Fixture, HOUR, ONE, SAM, TWO, UNDO, at, by_phone, the, to,
};

#[tokio::test]
async fn the_chosen_time_is_booked_and_the_others_are_released_in_one_step() {
    let office = Fixture::open().await;
    let (outreach, _) = office.proposed().await;
    let answered = office.answers(&outreach, 2).await.unwrap();
    let interview = &answered.interview;
    assert_eq!(interview.status, InterviewStatus::Confirmed);
    assert_eq!(interview.start, at(TWO));
    assert_eq!(interview.duration_minutes, 30);
    assert_eq!(interview.interviewers[0].email, SAM);
    assert_eq!(
        interview.meeting.details.as_deref(),
        Some("+49 30 5550 1234")
    );
    assert!(
        !interview
            .warnings
            .iter()
            .any(|it| it.message.contains("hold"))
    );
    let booked = &answered.outreach;
    assert_eq!(booked.state, OutreachState::Booked);
    assert_eq!(booked.interview, Some(interview.id));
    let states: Vec<_> = booked.slots.iter().map(|slot| slot.state).collect();
    let released = SlotState::Released;
    assert_eq!(states, [released, SlotState::Booked, released]);
    for who in [SAM, ANA] {
        assert_eq!(office.takes(who).await, [(at(TWO), BusyWith::Interview)]);
    }
    office.daemon.seconds_pass(UNDO);
    office.daemon.rests().await.unwrap();
    let emails = office.mail().to(ANA).unwrap();
    assert_eq!(emails.len(), 2);
    assert_eq!(emails[1].method(), Some("REQUEST"));

    // Asked again after a lost answer, it is the same interview.
    let again = office.answers(&outreach, 2).await.unwrap();
    assert!(again.repeated);
    assert_eq!(again.interview.id, interview.id);
    let other = office.answers(&outreach, 1).await.unwrap_err();
    assert_eq!(other.kind, ErrorKind::Conflict);
    let none = office.answers(&outreach, 4).await.unwrap_err();
    assert_eq!(
        (none.kind, none.message.as_str()),
        (ErrorKind::Usage, "The times are 1 to 3")
    );
    assert_eq!(office.listed(false).await, []);
    assert_eq!(office.listed(true).await.len(), 1);
}

#[tokio::test]
async fn a_choice_that_is_undone_is_to_be_made_again() {
    let office = Fixture::open().await;
    let (outreach, email) = office.proposed().await;
    office
        .gets("1", &email.words("The second one suits me well."))
        .await;
    office.needs_person(&outreach, OutreachWhy::Answered).await;
    let wrong = office.answers(&outreach, 1).await.unwrap();
    undo(&office, &wrong.interview).await;
    let again = office.needs_person(&outreach, OutreachWhy::Answered).await;
    assert_eq!(again.interview, None);
    assert_eq!(
        again.message,
        "replied about the proposed times; no time is held any more"
    );
    assert_eq!(office.takes(SAM).await, []);
    // One outreach of an application is open, as before.
    let refused = office
        .dana
        .outreach_stop(greenroom_protocol::outreach::OutreachStop {
            outreach: the(&outreach),
            tell: None,
        });
    assert_eq!(refused.await.unwrap_err().field.as_deref(), Some("tell"));
    let right = office.answers(&outreach, 2).await.unwrap();
    assert_eq!(right.interview.start, at(TWO));
    assert_eq!(right.outreach.state, OutreachState::Booked);
    office.daemon.seconds_pass(UNDO);
    office.daemon.rests().await.unwrap();
    // Of the undone booking nobody heard.
    let emails = office.mail().to(ANA).unwrap();
    assert_eq!(emails.len(), 2);
    assert_eq!(emails[1].method(), Some("REQUEST"));
}

#[tokio::test]
async fn a_choice_that_is_undone_after_new_times_were_proposed_stays_as_it_was() {
    let office = Fixture::open().await;
    let (outreach, _) = office.proposed().await;
    let booked = office.answers(&outreach, 1).await.unwrap();
    let other = office.dana.outreach_propose(to(ANA, &[TWO])).await.unwrap();
    undo(&office, &booked.interview).await;
    office.daemon.rests().await.unwrap();
    assert_eq!(
        office.outreach(&outreach).await.state,
        OutreachState::Booked
    );
    let open = office.outreach(&other.outreach).await;
    assert_eq!(open.state, OutreachState::Sending);
}

/// Undoes a booking before its invitations leave.
async fn undo(office: &Fixture, interview: &Interview) {
    let undo = InterviewUndo {
        interview: Reference::to(interview.id.to_string()),
        change: interview.change,
        unsent: false,
    };
    office.dana.interview_undo(undo).await.unwrap();
}

#[tokio::test]
async fn a_dry_run_of_a_choice_writes_nothing() {
    let office = Fixture::open().await;
    let (outreach, _) = office.proposed().await;
    let before = office.daemon.rows().await.unwrap();
    let answer = greenroom_protocol::outreach::OutreachAnswer {
        outreach: Reference {
            dry_run: true,
            ..the(&outreach)
        },
        n: 1,
    };
    let would_be = office.dana.outreach_answer(answer).await.unwrap();
    assert!(would_be.dry_run && would_be.verdict.blocks.is_empty());
    assert_eq!(would_be.outreach.state, OutreachState::Booked);
    assert_eq!(would_be.interview.start, at(ONE));
    assert_eq!(office.daemon.rows().await.unwrap(), before);
}

#[tokio::test]
async fn an_answer_in_words_goes_to_a_person_and_stands_first() {
    let office = Fixture::open().await;
    let (outreach, email) = office.proposed().await;
    let bens = to(BEN, &["2026-12-02T15:00:00Z"]);
    let other = office.dana.outreach_propose(bens).await.unwrap().outreach;
    let until = outreach.until.unwrap();
    office.daemon.seconds_pass(40 * HOUR);
    office
        .gets("1", &email.words("The second one suits me well."))
        .await;
    let answered = office.needs_person(&outreach, OutreachWhy::Answered).await;
    // What was chosen is kept for a slow person too.
    assert!(answered.until.unwrap() > until);
    let order: Vec<_> = office.listed(false).await.iter().map(|it| it.id).collect();
    assert_eq!(order, [outreach.id, other.id]);
    let thread = office.thread(&outreach).await;
    assert_eq!(thread.received.len(), 1);
    let received = &thread.received[0];
    assert_eq!(received.text, "The second one suits me well.");
    assert_eq!(received.mail.who, ReceivedFrom::Candidate);
    assert_eq!(received.mail.outreach, Some(outreach.id));

    let today = office.dana.today(TodayQuery::default()).await.unwrap();
    let needs: Vec<_> = today
        .needs_me
        .iter()
        .filter(|it| it.who == "Ana Lima")
        .collect();
    assert_eq!(needs.len(), 1, "{needs:?}");
    assert_eq!(needs[0].kind, NeedKind::ProposedSlots);
    assert_eq!(needs[0].action, NeedAction::Read);
    assert_eq!(needs[0].email, Some(received.mail.id));
    assert_eq!(needs[0].outreach, Some(outreach.id));
    assert_eq!(
        needs[0].message,
        "replied about the proposed times; 3 times are held"
    );

    // Words book nothing; a person does.
    let taken = office.takes(SAM).await;
    assert!(taken.iter().all(|(_, with)| *with == BusyWith::HeldSlot));
    let booked = office.answers(&outreach, 2).await.unwrap();
    assert_eq!(booked.interview.start, at(TWO));
}

#[tokio::test]
async fn the_board_the_candidate_and_the_badge_say_how_it_stands() {
    let office = Fixture::open().await;
    assert_eq!(on_board(&office, ANA).await, None);
    let (outreach, email) = office.proposed().await;
    let sent = on_board(&office, ANA).await.unwrap();
    assert_eq!((sent.id, sent.slots), (outreach.id, 3));
    assert_eq!((sent.state, sent.why), (OutreachState::Proposed, None));
    assert_eq!(on_board(&office, BEN).await, None);
    assert_eq!(badge(&office).await, (0, None));

    office
        .gets("1", &email.words("The second one suits me well."))
        .await;
    let answered = office.needs_person(&outreach, OutreachWhy::Answered).await;
    let needs = on_board(&office, ANA).await.unwrap();
    let why = Some(OutreachWhy::Answered);
    assert_eq!((needs.state, needs.why), (OutreachState::Person, why));
    assert_eq!(badge(&office).await, (1, Some(answered.since)));
    let ana = office.dana.candidate_get(Reference::to(ANA)).await.unwrap();
    assert_eq!(ana.applications[0].outreach, Some(needs));

    office.answers(&outreach, 2).await.unwrap();
    assert_eq!(on_board(&office, ANA).await, None);
    assert_eq!(badge(&office).await.0, 0);
}

/// What the board says of a candidate's open outreach.
async fn on_board(office: &Fixture, who: &str) -> Option<OutreachBrief> {
    let query = CandidateQuery {
        job: Some("Designer".into()),
        ..CandidateQuery::default()
    };
    let rows = office.dana.candidate_list(query).await.unwrap().items;
    let row = rows.into_iter().find(|it| it.email == who);
    row.unwrap().application.unwrap().outreach
}

/// The badge of the assistant, and since when the oldest email waits.
async fn badge(office: &Fixture) -> (u64, Option<Instant>) {
    let today = office.dana.today(TodayQuery::default()).await.unwrap();
    (today.badges.assistant, today.oldest_email)
}

#[tokio::test]
async fn what_was_sent_is_read_as_it_left_whatever_became_of_the_times() {
    let office = Fixture::open().await;
    let (outreach, email) = office.proposed().await;
    let sent = async || {
        let mail = Reference::to(outreach.email.unwrap().to_string());
        office.dana.mail_get(mail).await.unwrap().letter.unwrap()
    };
    let before = sent().await;
    assert_eq!(before.subject, email.subject);
    assert_eq!(before.text.trim(), email.text.trim());
    office.books(by_phone(BEN, ONE)).await;
    office.answers(&outreach, 2).await.unwrap();
    assert_eq!(sent().await, before);
}

#[tokio::test]
async fn the_same_email_read_twice_is_heard_once() {
    let office = Fixture::open().await;
    let (outreach, email) = office.proposed().await;
    let words = email.words("The first, please.");
    office.gets("1", &words).await;
    let once = office.needs_person(&outreach, OutreachWhy::Answered).await;
    office.gets("2", &words).await;
    assert_eq!(office.outreach(&outreach).await, once);
    assert_eq!(office.thread(&outreach).await.received.len(), 1);
}

#[tokio::test]
async fn a_tap_on_a_link_answers_without_naming_the_email_and_only_from_their_address() {
    let office = Fixture::open().await;
    let (outreach, _) = office.proposed().await;
    let id = outreach.id;
    let tapped = |from: &str, name: &str| {
        format!(
            "From: {from}\nTo: interviews@acme.example\nSubject: Option 2 [{id}]\n\
             Message-ID: <{name}@phone.example>\n\nOption 2\n"
        )
    };
    office
        .gets("1", &tapped("mallory@elsewhere.example", "m"))
        .await;
    office.gets("2", &tapped(BEN, "b")).await;
    assert_eq!(office.outreach(&outreach).await, outreach);
    assert_eq!(office.thread(&outreach).await.received.len(), 0);
    office.gets("3", &tapped(ANA, "a")).await;
    office.needs_person(&outreach, OutreachWhy::Answered).await;
    let thread = office.thread(&outreach).await;
    assert_eq!(thread.received[0].text, "Option 2");
}

#[tokio::test]
async fn an_answer_in_the_thread_from_another_address_is_shown_as_that() {
    let office = Fixture::open().await;
    let (outreach, email) = office.proposed().await;
    let words = email.words("The second, please.");
    let elsewhere = words.replace(&format!("From: {ANA}"), "From: ana@private.example");
    office.gets("1", &elsewhere).await;
    office.needs_person(&outreach, OutreachWhy::Answered).await;
    let received = office.thread(&outreach).await.received.remove(0);
    assert_eq!(received.mail.who, ReceivedFrom::Other);
    assert_eq!(received.mail.from, "ana@private.example");
}

#[tokio::test]
async fn an_automatic_answer_is_shown_and_does_not_count() {
    let office = Fixture::open().await;
    let (outreach, email) = office.proposed().await;
    let words = email.words("I am away until Monday.");
    let automatic = words.replace(
        "Subject: Re:",
        "Auto-Submitted: auto-replied\nSubject: Automatic reply:",
    );
    office.gets("1", &automatic).await;
    let received = office.thread(&outreach).await.received;
    assert_eq!(received.len(), 1);
    assert!(received[0].mail.automatic);
    assert_eq!(
        office.outreach(&outreach).await.state,
        OutreachState::Proposed
    );
}

#[tokio::test]
async fn a_bounce_releases_the_times_and_needs_a_person() {
    let office = Fixture::open().await;
    let (outreach, email) = office.proposed().await;
    office.gets("1", &email.bounce()).await;
    let bounced = office.needs_person(&outreach, OutreachWhy::Address).await;
    assert_eq!(bounced.until, None);
    assert_eq!(office.takes(SAM).await, []);
    let query = greenroom_protocol::mail::MailQuery {
        past: true,
        ..Default::default()
    };
    let sent = office.dana.mail_list(query).await.unwrap().items;
    let why = sent[0].reason.clone().unwrap();
    assert!(why.starts_with("bounced:"), "{why}");
}

#[tokio::test]
async fn a_time_that_was_taken_meanwhile_is_refused_and_the_others_stay_held() {
    let office = Fixture::open().await;
    let (outreach, _) = office.proposed().await;
    office.books(by_phone(BEN, ONE)).await;
    office.daemon.rests().await.unwrap();
    let refused = office.answers(&outreach, 1).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    assert!(
        refused.message.contains("Sam Ito has an interview"),
        "{refused:?}"
    );
    let still = office.outreach(&outreach).await;
    assert_eq!(still.state, OutreachState::Proposed);
    assert_eq!(office.takes(SAM).await.len(), 3);
    let booked = office.answers(&outreach, 2).await.unwrap();
    assert_eq!(booked.interview.start, at(TWO));
}
