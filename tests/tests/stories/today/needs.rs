//! Each thing that needs somebody appears when it begins to and is gone when it is seen to.

use greenroom_protocol::interview::InterviewNew;
use greenroom_protocol::today::{NeedAction, NeedKind};
use greenroom_protocol::workspace::Reference;

use crate::today::fixture::{ANA, BEN, Fixture, SAM, TEN, by_phone, by_zoom, email, to};

#[tokio::test]
async fn an_empty_day_needs_nobody() {
    let office = Fixture::open().await;
    let today = office.today().await;
    assert!(today.next.is_empty() && today.needs_me.is_empty());
    assert_eq!((today.badges.today, today.waiting_total), (0, 0));
    assert!(today.connections.is_empty());
}

#[tokio::test]
async fn what_is_next_reaches_to_the_end_of_tomorrow_in_ones_own_zone() {
    let office = Fixture::open().await;
    // 23:30 and half past midnight of the day after tomorrow, for Dana.
    for (candidate, start) in [(ANA, "2026-12-02T04:30:00Z"), (BEN, "2026-12-02T05:30:00Z")] {
        office.books(by_phone(candidate, start)).await;
    }
    let today = office.today().await;
    let next: Vec<_> = today.next.iter().collect();
    assert_eq!((next.len(), today.next_total), (1, 1));
    assert_eq!(next[0].interview.candidate.name, "Ana Lima");
    assert_eq!(next[0].note, None, "all is well");
    assert_eq!(today.until.to_string(), "2026-12-02T05:00:00Z");
    // One that is on is still next; over, it is not.
    let start = "2026-12-02T04:30:00Z".parse::<jiff::Timestamp>().unwrap();
    let until = |minutes| {
        let then = start + jiff::SignedDuration::from_mins(minutes);
        then.duration_since(office.daemon.now().timestamp())
            .as_secs()
    };
    office.daemon.seconds_pass(until(29));
    assert_eq!(office.today().await.next_total, 2);
    office.daemon.seconds_pass(until(30));
    assert_eq!(office.today().await.next_total, 1);
}

#[tokio::test]
async fn a_proposed_time_is_there_until_the_interview_is_moved() {
    let office = Fixture::open().await;
    let interview = office.invited(by_phone(ANA, TEN)).await;
    let stamp = "20261130T090100Z";
    let ana = office.letter(ANA);
    let counter = ana.counter("20261203T140000Z", "20261203T143000Z", "A fair", stamp);
    office.gets("1", &counter).await;
    let needs = office.needs(NeedKind::ProposedTime).await;
    let [need] = &needs[..] else {
        panic!("{needs:?}")
    };
    let said = format!("{} {}", need.who, need.message);
    assert_eq!(
        said,
        "Ana Lima proposes Thu 09:00 instead of tomorrow 05:00"
    );
    assert_eq!(need.action, NeedAction::Reschedule);
    assert_eq!(need.proposed.unwrap().to_string(), "2026-12-03T14:00:00Z");
    assert!(!need.urgent, "it is more than a day away");
    assert_eq!(office.today().await.badges.today, 1);
    office.moves(&interview, "2026-12-03T14:00:00Z", None).await;
    assert!(office.needs(NeedKind::ProposedTime).await.is_empty());
}

/// Who proposes a time and accepts the first one after all needs nothing any more.
#[tokio::test]
async fn a_proposed_time_is_gone_when_the_first_one_is_accepted() {
    let office = Fixture::open().await;
    office.invited(by_phone(ANA, TEN)).await;
    let ana = office.letter(ANA);
    let counter = ana.counter(
        "20261203T140000Z",
        "20261203T143000Z",
        "",
        "20261130T090100Z",
    );
    office.gets("1", &counter).await;
    assert_eq!(office.needs(NeedKind::ProposedTime).await.len(), 1);
    office
        .gets("2", &ana.reply("ACCEPTED", "20261130T093000Z"))
        .await;
    assert!(office.needs(NeedKind::ProposedTime).await.is_empty());
}

#[tokio::test]
async fn an_email_is_there_until_somebody_reads_it() {
    let office = Fixture::open().await;
    let text = "I am ill and cannot come tomorrow.";
    office.gets("1", &email(ANA, "Ill", text)).await;
    let needs = office.needs(NeedKind::WroteEmail).await;
    let [need] = &needs[..] else {
        panic!("{needs:?}")
    };
    let said = format!("{} {}", need.who, need.message);
    assert_eq!(said, format!("Ana Lima writes: “{text}”"));
    assert_eq!(need.action, NeedAction::Read);
    let mail = need.email.unwrap();
    office.dana.mail_received_read(to(mail)).await.unwrap();
    assert!(office.needs(NeedKind::WroteEmail).await.is_empty());
}

#[tokio::test]
async fn a_reply_from_another_address_is_there_until_it_is_accepted() {
    let office = Fixture::open().await;
    office.invited(by_phone(ANA, TEN)).await;
    let sam = office.letter(SAM);
    let from = format!("From: {SAM}");
    let elsewhere = sam.reply("DECLINED", "20261130T090100Z");
    let elsewhere = elsewhere.replace(&from, "From: sam@home.example");
    office.gets("1", &elsewhere).await;
    let needs = office.needs(NeedKind::OtherAddress).await;
    let [need] = &needs[..] else {
        panic!("{needs:?}")
    };
    assert!(
        need.message.contains("sam@home.example: declined"),
        "{need:?}"
    );
    assert!(
        office.needs(NeedKind::Declined).await.is_empty(),
        "it does not count yet"
    );
    let accept = serde_json::json!({"mail": {"reference": need.email.unwrap()}});
    let accept = serde_json::from_value(accept).unwrap();
    office.dana.mail_received_accept(accept).await.unwrap();
    assert!(office.needs(NeedKind::OtherAddress).await.is_empty());
    let declined = office.needs(NeedKind::Declined).await;
    assert_eq!(declined[0].who, "Sam Ito");
    let said = &declined[0].message;
    assert!(
        said.starts_with("declined tomorrow 05:00 with Ana Lima"),
        "{said}"
    );
}

#[tokio::test]
async fn an_unconfirmed_interview_needs_somebody_when_it_is_near() {
    let office = Fixture::open().await;
    let planned = InterviewNew {
        confirm: false,
        ..by_phone(ANA, "2026-12-04T10:00:00Z")
    };
    let interview = office.books(planned).await;
    assert!(
        office.needs(NeedKind::Unconfirmed).await.is_empty(),
        "four days"
    );
    office.daemon.seconds_pass(25 * 60 * 60);
    let needs = office.needs(NeedKind::Unconfirmed).await;
    assert_eq!(needs[0].message, "Fri 05:00 is not confirmed");
    assert!(!needs[0].urgent);
    office.daemon.seconds_pass(2 * 24 * 60 * 60);
    assert!(office.needs(NeedKind::Unconfirmed).await[0].urgent);
    office
        .dana
        .interview_confirm(to(interview.id))
        .await
        .unwrap();
    assert!(office.needs(NeedKind::Unconfirmed).await.is_empty());
}

#[tokio::test]
async fn a_bounced_address_is_there_until_it_is_corrected() {
    let office = Fixture::open().await;
    let interview = office.invited(by_phone(ANA, TEN)).await;
    office.gets("1", &office.letter(ANA).bounce()).await;
    let needs = office.needs(NeedKind::EmailBounced).await;
    let [need] = &needs[..] else {
        panic!("{needs:?}")
    };
    assert!(need.message.contains(ANA), "{need:?}");
    assert_eq!(need.interview, Some(interview.id));
    let next = &office.today().await.next[0];
    assert!(next.note.as_ref().unwrap().contains("bounced"), "{next:?}");
    office.cancels(&interview).await;
    assert!(office.needs(NeedKind::EmailBounced).await.is_empty());
}

#[tokio::test]
async fn a_meeting_that_failed_and_one_that_is_deleted_in_zoom_are_there_until_fixed() {
    let office = Fixture::open().await;
    let interview = office.books(by_zoom(ANA, TEN)).await;
    let ready = office.settled(&interview).await;
    let id: u64 = ready.meeting.meeting_id.unwrap().parse().unwrap();
    office.daemon.zoom.delete_meeting(id).unwrap();
    office.daemon.seconds_pass(60);
    office
        .dana
        .interview_check(serde_json::from_value(serde_json::json!({})).unwrap())
        .await
        .unwrap();
    let differs = office.when(&interview, |it| it.drift.is_some()).await;
    let needs = office.needs(NeedKind::OutOfSync).await;
    let [need] = &needs[..] else {
        panic!("{needs:?} of {differs:?}")
    };
    assert_eq!(need.action, NeedAction::Repair);
    assert!(need.message.contains("deleted in Zoom"), "{need:?}");
    let repair = serde_json::json!({"reference": interview.id, "repair": "recreate"});
    let repair = serde_json::from_value(repair).unwrap();
    office.dana.interview_repair(repair).await.unwrap();
    assert!(office.needs(NeedKind::OutOfSync).await.is_empty());
}

/// What can be is asked for, what cannot is refused by the field.
#[tokio::test]
async fn a_query_out_of_range_is_refused() {
    let office = Fixture::open().await;
    for (query, field) in [
        (serde_json::json!({"zone": "Mars/Olympus"}), "zone"),
        (serde_json::json!({"waiting_days": 0}), "waiting_days"),
        (serde_json::json!({"waiting_days": 366}), "waiting_days"),
    ] {
        let query = serde_json::from_value(query).unwrap();
        let refused = office.dana.today(query).await.unwrap_err();
        assert_eq!(refused.field.as_deref(), Some(field));
    }
    let unknown = office.dana.insight_seen(Reference::to("int_nothing")).await;
    assert!(unknown.is_err());
}
