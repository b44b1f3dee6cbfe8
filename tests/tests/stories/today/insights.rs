//! A summary or notes stand on Today for everyone concerned, until they open them.

use greenroom_protocol::insight::InsightNote;
use greenroom_protocol::today::{NeedAction, NeedKind};

use crate::today::fixture::{
    ANA, Fixture, HELEN, HUGO, RITA, SAM, TEN, by_phone, by_zoom, of_kind, to, today,
};

/// From the beginning of a story to the end of an interview at [`TEN`], and five minutes more.
const UNTIL_FIVE_PAST_THE_END: i64 = (24 + 1) * 60 * 60 + 35 * 60;

#[tokio::test]
async fn a_summary_is_new_for_organizer_interviewers_and_managers_until_each_opens_it() {
    let office = Fixture::open().await;
    let booked = office.books(by_zoom(ANA, TEN)).await;
    let ready = office.settled(&booked).await;
    let id: u64 = ready.meeting.meeting_id.unwrap().parse().unwrap();
    office.daemon.zoom.summarize(id, "knows queues").unwrap();
    office.daemon.seconds_pass(UNTIL_FIVE_PAST_THE_END);
    office.daemon.rests().await.unwrap();

    let (sam, hugo) = (office.client(SAM).await, office.client(HUGO).await);
    for client in [&office.dana, &sam, &hugo] {
        let needs = of_kind(today(client).await, NeedKind::NewInsight);
        assert_eq!(needs[0].who, "Ana Lima");
        assert_eq!(needs[0].message, "Zoom's summary of Applied, today is here");
        assert_eq!(needs[0].action, NeedAction::ReadInsight);
    }
    for email in [RITA, HELEN] {
        let needs = of_kind(
            today(&office.client(email).await).await,
            NeedKind::NewInsight,
        );
        assert!(needs.is_empty(), "{email}");
    }
    sam.insight_seen(to(booked.id)).await.unwrap();
    assert!(of_kind(today(&sam).await, NeedKind::NewInsight).is_empty());
    assert_eq!(office.needs(NeedKind::NewInsight).await.len(), 1);
    // Once more, and by somebody for whom it was never new.
    sam.insight_seen(to(booked.id)).await.unwrap();
    let rita = office.client(RITA).await;
    rita.insight_seen(to(booked.id)).await.unwrap();
    let helen = office.client(HELEN).await;
    assert!(
        helen.insight_seen(to(booked.id)).await.is_err(),
        "not hers to see"
    );
    office.dana.insight_seen(to(booked.id)).await.unwrap();
    hugo.insight_seen(to(booked.id)).await.unwrap();
    let left = office.daemon.rows().await.unwrap();
    assert!(!left.iter().any(|(key, _)| key.contains("/insight-new/")));
}

/// That somebody looked is no change of the notes: nobody who writes hears of a conflict.
#[tokio::test]
async fn notes_are_new_for_the_others_and_looking_changes_nothing() {
    let office = Fixture::open().await;
    let interview = office.books(by_phone(ANA, TEN)).await;
    office.daemon.seconds_pass(UNTIL_FIVE_PAST_THE_END);
    let sam = office.client(SAM).await;
    let note = |notes: &str, revision| InsightNote {
        interview: greenroom_protocol::workspace::Reference {
            expected_revision: Some(revision),
            ..to(interview.id)
        },
        notes: notes.into(),
    };
    let written = sam.insight_note(note("calm", 0)).await.unwrap();
    assert!(
        of_kind(today(&sam).await, NeedKind::NewInsight).is_empty(),
        "his own"
    );
    let needs = office.needs(NeedKind::NewInsight).await;
    assert_eq!(needs[0].message, "Sam Ito wrote notes on Applied, today");
    office.dana.insight_seen(to(interview.id)).await.unwrap();
    // A change of what is there is no news.
    let again = sam
        .insight_note(note("calm, precise", written.revision))
        .await;
    assert!(again.is_ok(), "{again:?}");
    assert!(office.needs(NeedKind::NewInsight).await.is_empty());
}

#[tokio::test]
async fn after_thirty_days_nothing_is_new_and_with_the_candidate_it_is_gone() {
    let office = Fixture::open().await;
    let interview = office.books(by_phone(ANA, TEN)).await;
    office.daemon.seconds_pass(UNTIL_FIVE_PAST_THE_END);
    let note = InsightNote {
        interview: to(interview.id),
        notes: "calm".into(),
    };
    office.client(SAM).await.insight_note(note).await.unwrap();
    office.daemon.seconds_pass(30 * 24 * 60 * 60 - 60);
    assert_eq!(office.needs(NeedKind::NewInsight).await.len(), 1);
    office.daemon.seconds_pass(120);
    assert!(office.needs(NeedKind::NewInsight).await.is_empty());
    office.dana.candidate_erase(to(ANA)).await.unwrap();
    let left = office.daemon.rows().await.unwrap();
    assert!(!left.iter().any(|(key, _)| key.contains("/insight-new/")));
}
