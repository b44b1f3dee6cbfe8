//! Busy times of a whole panel by one account: asked for in the pieces that Google and Microsoft
//! take, and never free by mistake.

use std::collections::BTreeMap;

use greenroom_protocol::account::Purpose;
use greenroom_tests::judges;
use greenroom_tests::sandbox::google::scopes;
use greenroom_tests::sandbox::microsoft::{Death, Entry, Status, WorkingHours};
use greenroom_tests::sandbox::{Canned, Often, google, microsoft};
use greenroom_tests::wait;
use greenroomd::calendars::panel::{Hidden, Told};
use greenroomd::grants::{Unanswered, Unavailable};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::fixture::{Fixture, Google, INTERVIEWS, Microsoft, OMAR, Of};

const WEEK: i64 = 7 * 24 * 3600;

/// 27 weeks from the Monday of the stories on.
const SPAN: std::ops::Range<i64> = 1_795_996_800..1_795_996_800 + 27 * WEEK;

type Found = Result<BTreeMap<String, Result<Told, Hidden>>, Unanswered>;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn person(number: usize) -> String {
    format!("person{number:02}@acme.example")
}

async fn by_google(office: &Fixture, addresses: &[String]) -> Found {
    let google = &office.daemon.services().accounts.google;
    let who = office.who(Of::Workspace);
    google.free_busy(who, addresses, &SPAN).await
}

async fn by_microsoft(office: &Fixture, addresses: &[String]) -> Found {
    let microsoft = &office.daemon.services().accounts.microsoft;
    let who = office.who(Of::Workspace);
    microsoft.schedules(who, addresses, &SPAN).await
}

fn entry(status: Status, from: &str, to: &str) -> Entry {
    Entry {
        start: at(from),
        end: at(to),
        status,
        subject: "Dentist".to_owned(),
    }
}

fn busy(found: &BTreeMap<String, Result<Told, Hidden>>, who: &str) -> Vec<(Timestamp, Timestamp)> {
    let told = found[who].as_ref().unwrap();
    let moment = |at| Timestamp::from_second(at).unwrap();
    let spans = told.busy.iter();
    spans.map(|it| (moment(it.start), moment(it.end))).collect()
}

#[tokio::test]
async fn google_is_asked_for_fifty_calendars_at_once_and_who_is_not_found_is_not_free() {
    let office = Fixture::open().await;
    office.connect(Google, Of::Workspace).await.connected();
    let meeting = (at("2026-12-01T10:00:00Z"), at("2026-12-01T11:00:00Z"));
    let late = (at("2027-05-31T10:00:00Z"), at("2027-05-31T10:30:00Z"));
    let mut all: Vec<String> = (0..57).map(person).collect();
    for email in &all {
        let account = google::Account::new(email);
        office.google.add_account(account).unwrap();
        office.google.set_busy(email, vec![meeting, late]).unwrap();
    }
    let hides = google::Account {
        hides_calendar: true,
        ..google::Account::new("closed@acme.example")
    };
    office.google.add_account(hides).unwrap();
    let (first, second) = (person(0), person(1));
    office
        .google
        .add_group("panel@acme.example", &[&first, &second]);
    let others = ["closed", "nobody", "panel"];
    all.extend(others.map(|it| format!("{it}@acme.example")));

    let found = by_google(&office, &all).await.unwrap();
    assert_eq!(found.len(), 60);
    for number in 0..57 {
        assert_eq!(busy(&found, &person(number)), [meeting, late]);
    }
    for (who, why) in others
        .into_iter()
        .zip([Hidden::NotFound, Hidden::NotFound, Hidden::Group])
    {
        let address = format!("{who}@acme.example");
        assert_eq!(found[&address], Err(why), "{who}");
    }
    // Two lists of people, in three stretches of nine weeks each.
    let asked = office.google.counters().of(google::Endpoint::FreeBusy);
    assert_eq!(asked, 6);
    if let Some(faults) = judges::google(&office.google.exchanges()) {
        assert_eq!(faults, [""; 0]);
    }
}

#[tokio::test]
async fn microsoft_is_asked_for_twenty_addresses_and_tells_when_people_work() {
    let office = Fixture::open().await;
    office.connect(Microsoft, Of::Workspace).await.connected();
    let mut all: Vec<String> = (0..58).map(person).collect();
    for email in &all {
        let account = microsoft::Account::new(email);
        office.microsoft.add_account(account).unwrap();
        let entries = vec![
            entry(Status::Busy, "2026-12-01T10:00:00Z", "2026-12-01T11:00:00Z"),
            entry(Status::Free, "2026-12-02T00:00:00Z", "2026-12-03T00:00:00Z"),
            entry(
                Status::WorkingElsewhere,
                "2026-12-03T09:00:00Z",
                "2026-12-03T17:00:00Z",
            ),
            entry(
                Status::Tentative,
                "2026-12-04T09:00:00Z",
                "2026-12-04T09:05:00Z",
            ),
            entry(Status::Oof, "2027-05-31T00:00:00Z", "2027-06-01T00:00:00Z"),
        ];
        office.microsoft.set_calendar(email, entries).unwrap();
    }
    let berlin = WorkingHours {
        start: "08:30".to_owned(),
        zone: "W. Europe Standard Time".to_owned(),
        ..WorkingHours::default()
    };
    let works = |account: &mut microsoft::Account| account.working_hours = Some(berlin);
    office.microsoft.edit_account(&person(0), works).unwrap();
    let hides = |account: &mut microsoft::Account| account.hides_calendar = true;
    office.microsoft.edit_account(&person(1), hides).unwrap();
    let others = ["nobody", "stranger"].map(|it| format!("{it}@acme.example"));
    all.extend(others.clone());

    let found = by_microsoft(&office, &all).await.unwrap();
    assert_eq!(found.len(), 60);
    for number in (0..58).filter(|it| *it != 1) {
        let expected = [
            ("2026-12-01T10:00:00Z", "2026-12-01T11:00:00Z"),
            ("2026-12-04T09:00:00Z", "2026-12-04T09:05:00Z"),
            ("2027-05-31T00:00:00Z", "2027-06-01T00:00:00Z"),
        ];
        let expected = expected.map(|(from, to)| (at(from), at(to)));
        assert_eq!(busy(&found, &person(number)), expected);
    }
    let works = found[&person(0)].as_ref().unwrap().working.clone().unwrap();
    assert_eq!(works.zone, "Europe/Berlin");
    let window = &works.hours[0];
    assert_eq!(window.days, [1, 2, 3, 4, 5]);
    assert_eq!((window.from_minute, window.to_minute), (510, 1020));
    assert_eq!(found[&person(1)], Err(Hidden::NoAccess));
    for other in others {
        assert_eq!(found[&other], Err(Hidden::NotFound), "{other}");
    }
    // Three lists of people, in four stretches of less than 62 days each.
    let asked = office
        .microsoft
        .counters()
        .of(microsoft::Endpoint::GetSchedule);
    assert_eq!(asked, 12);
    assert_eq!(judges::microsoft(&office.microsoft.exchanges()), [""; 0]);
}

#[tokio::test]
async fn a_limit_is_kept_and_nothing_is_told_of_anybody() {
    let office = Fixture::open().await;
    office.connect(Microsoft, Of::Workspace).await.connected();
    let limited = Canned::Json {
        status: 429,
        body: json!({ "error": { "code": "ApplicationThrottled", "message": "wait",
            "innerError": { "request-id": "1", "date": "2026-11-30T09:00:00" } } }),
        headers: BTreeMap::from([("retry-after".to_owned(), "120".to_owned())]),
    };
    let fault = microsoft::Fault::once(
        microsoft::Endpoint::GetSchedule,
        microsoft::FaultKind::Answer(limited),
    );
    office.microsoft.fault(fault);
    let why = by_microsoft(&office, &[OMAR.into()]).await.unwrap_err();
    let now = office.daemon.services().clock.now();
    assert_eq!(why.not_before().unwrap().since(now).as_secs(), 120);
    assert!(!why.is_lasting());
    let found = by_microsoft(&office, &[OMAR.into()]).await.unwrap();
    assert_eq!(busy(&found, OMAR), []);

    office.connect(Google, Of::Workspace).await.connected();
    let lost = google::Fault::once(google::Endpoint::FreeBusy, google::FaultKind::LostAfter);
    office.google.fault(lost);
    let why = by_google(&office, &[OMAR.into()]).await.unwrap_err();
    assert!(matches!(why, Unanswered::NoReply(_)), "{why:?}");
    // 600 calls a minute, of which one was lost.
    for _ in 0..199 {
        by_google(&office, &[OMAR.into()]).await.unwrap();
    }
    let why = by_google(&office, &[OMAR.into()]).await.unwrap_err();
    assert!(matches!(why, Unanswered::Limited { .. }), "{why:?}");
    office.seconds_pass(60);
    by_google(&office, &[OMAR.into()]).await.unwrap();
}

#[tokio::test]
async fn a_mailbox_that_is_busy_with_four_requests_is_asked_again_later() {
    let office = Fixture::open().await;
    office.connect(Microsoft, Of::Workspace).await.connected();
    let slow = microsoft::FaultKind::Slow { ms: 600_000 };
    let slow = microsoft::Fault::once(microsoft::Endpoint::GetSchedule, slow);
    office.microsoft.fault(slow.often(Often::Times(4)));
    let omar = [OMAR.to_owned()];
    let four = (0..4).map(|_| by_microsoft(&office, &omar));
    let four = futures::future::join_all(four);
    let fifth = async {
        let under_way = async || {
            let asked = office.microsoft.counters();
            asked.of(microsoft::Endpoint::GetSchedule) == 4
        };
        wait::so("four requests are under way", under_way).await;
        by_microsoft(&office, &omar).await
    };
    let why = tokio::select! {
        _ = four => panic!("they are still under way"),
        fifth = fifth => fifth.unwrap_err(),
    };
    let now = office.daemon.services().clock.now();
    assert_eq!(why.not_before().unwrap().since(now).as_secs(), 10);
}

#[tokio::test]
async fn without_the_permission_nothing_is_asked_and_what_to_do_is_said() {
    let office = Fixture::open().await;
    office
        .connect_for(Microsoft, Of::Workspace, &[Purpose::Mail])
        .await
        .connected();
    let why = by_microsoft(&office, &[OMAR.into()]).await.unwrap_err();
    assert!(
        matches!(why, Unanswered::Keys(Unavailable::NotGranted)),
        "{why:?}"
    );
    let asked = office.microsoft.counters();
    assert_eq!(asked.of(microsoft::Endpoint::GetSchedule), 0);

    // Google's page lets people untick it.
    office
        .google
        .edit_account(INTERVIEWS, |it| {
            it.only_scopes = Some(vec![scopes::MAIL.into()])
        })
        .unwrap();
    office.connect(Google, Of::Workspace).await.connected();
    let why = by_google(&office, &[OMAR.into()]).await.unwrap_err();
    let words = office.grants(Google).terms().words;
    assert_eq!(why.code(words), "scope-missing");
    assert_eq!(
        why.text(words),
        "Google is connected without the permission this needs"
    );
    assert_eq!(
        why.hint(words).as_deref(),
        Some("connect Google again and allow it")
    );
    assert!(why.is_lasting());
}

#[tokio::test]
async fn an_api_that_is_off_and_a_grant_that_is_dead_are_told_apart() {
    let office = Fixture::open().await;
    let why = by_google(&office, &[OMAR.into()]).await.unwrap_err();
    let words = office.grants(Google).terms().words;
    assert_eq!(why.code(words), "not-connected");
    office.connect(Google, Of::Workspace).await.connected();
    office.google.edit_projects(|it| it.calendar_api = false);
    let why = by_google(&office, &[OMAR.into()]).await.unwrap_err();
    assert_eq!(why.code(words), "api-off");
    assert!(why.hint(words).unwrap().contains("Google Calendar API"));
    office.google.edit_projects(|it| it.calendar_api = true);

    office.connect(Microsoft, Of::Workspace).await.connected();
    office
        .microsoft
        .end_grants(INTERVIEWS, Death::Revoked)
        .unwrap();
    office.google.end_grants(INTERVIEWS).unwrap();
    let hours = SignedDuration::from_hours(2).as_secs();
    office.seconds_pass(hours);
    for (provider, found) in [
        (Google, by_google(&office, &[OMAR.into()]).await),
        (Microsoft, by_microsoft(&office, &[OMAR.into()]).await),
    ] {
        let why = found.unwrap_err();
        let words = office.grants(provider).terms().words;
        assert!(
            why.text(words).contains("must be reconnected"),
            "{provider:?}: {why:?}"
        );
        assert!(why.is_lasting());
    }
}
