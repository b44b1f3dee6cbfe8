//! What goes wrong: with the account for everybody, and with one calendar for its member alone.

use std::collections::BTreeMap;

use greenroom::client::Client;
use greenroom_protocol::calendar::FeedStanding;
use greenroom_protocol::company::{CompanyCalendarState as Is, CompanyCalendarsQuery};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::today::{NeedKind, NeedsMe, TodayQuery};
use greenroom_tests::sandbox::microsoft::Death;
use greenroom_tests::sandbox::{Canned, google, microsoft};
use greenroom_tests::wait;
use greenroomd::feeds::company::COMPANY_WORK;
use greenroomd::work::WorkRecord;
use serde_json::json;

use super::{
    TEN, against, busy_at_ten, codes, dentist, joins, microsoft_has, of, office, on, read, when,
};
use crate::connections::accounts::fixture::{Fixture, Google, INTERVIEWS, Microsoft, OMAR, Of};

#[tokio::test]
async fn a_dead_grant_breaks_every_calendar_and_what_was_said_last_stands() {
    let office = office().await;
    office.connect(Microsoft, Of::Workspace).await.connected();
    microsoft_has(&office, OMAR, vec![dentist()]);
    office
        .dana
        .company_calendars_set(on(Microsoft))
        .await
        .unwrap();
    read(&office, Microsoft).await;
    office
        .microsoft
        .end_grants(INTERVIEWS, Death::Revoked)
        .unwrap();
    office.seconds_pass(3 * 3600);
    let broken = when(&office, Microsoft, |it| it.state == FeedStanding::Broken).await;
    assert!(
        broken
            .reason
            .as_ref()
            .unwrap()
            .contains("must be reconnected"),
        "{broken:?}"
    );
    assert_eq!(broken.reason_code.as_deref(), Some("password-changed"));
    let omar = of(&broken, OMAR);
    assert_eq!(
        (omar.state, omar.reason.clone()),
        (Is::Broken, broken.reason.clone())
    );
    // It is one thing to do, for an admin; a member reads of their own.
    let admins = calendars_of(&office.dana).await;
    let [need] = &admins[..] else {
        panic!("{admins:?}")
    };
    let (who, message) = (&need.who, &need.message);
    assert!(
        format!("{who} {message}").starts_with(
            "Microsoft calendars of 2 members can't be read: Microsoft must be reconnected"
        ),
        "{need:?}"
    );
    assert_eq!(need.member, None);
    let omar = office.user_of(OMAR).await;
    let own = calendars_of(&omar).await;
    assert_eq!(own.len(), 1, "{own:?}");
    assert_eq!(own[0].who, "Omar Haddad");
    let checks = office.dana.doctor().await.unwrap();
    let checks = checks.iter().filter(|it| it.name == "calendars");
    let checks: Vec<_> = checks.map(|it| it.message.as_str()).collect();
    assert_eq!(checks.len(), 1, "{checks:?}");
    assert!(
        checks[0].starts_with("Microsoft calendars of 2 members: "),
        "{checks:?}"
    );
    let found = against(&office, &[OMAR], TEN).await;
    let codes: Vec<_> = found.iter().map(|(code, _)| *code).collect();
    assert_eq!(
        codes,
        [FindingCode::BusyElsewhere, FindingCode::StaleCalendar]
    );
    assert!(
        found[1].1.contains("Microsoft must be reconnected"),
        "{found:?}"
    );

    // It is read as soon as the account is connected again, without waiting for its time.
    office.connect(Microsoft, Of::Workspace).await.connected();
    let shown = when(&office, Microsoft, |it| it.state == FeedStanding::Ok).await;
    assert_eq!(of(&shown, OMAR).state, Is::Ok);
    let again = against(&office, &[OMAR], TEN).await;
    assert_eq!(again.len(), 1, "{again:?}");
}

/// Microsoft's next answer is that it is left alone for so many seconds.
fn limits(office: &Fixture, seconds: &str) {
    let limited = Canned::Json {
        status: 429,
        body: json!({ "error": { "code": "ApplicationThrottled", "message": "wait",
            "innerError": { "request-id": "1", "date": "2026-11-30T09:00:00" } } }),
        headers: BTreeMap::from([("retry-after".to_owned(), seconds.to_owned())]),
    };
    let fault = microsoft::FaultKind::Answer(limited);
    let fault = microsoft::Fault::once(microsoft::Endpoint::GetSchedule, fault);
    office.microsoft.fault(fault);
}

#[tokio::test]
async fn a_limit_is_waited_for_and_shown() {
    let office = office().await;
    office.connect(Microsoft, Of::Workspace).await.connected();
    limits(&office, "120");
    office
        .dana
        .company_calendars_set(on(Microsoft))
        .await
        .unwrap();
    let waits = when(&office, Microsoft, |it| it.state == FeedStanding::Retrying).await;
    assert_eq!(waits.reason_code.as_deref(), Some("limited"));
    let next = waits.next.unwrap().since(office.daemon.now()).as_secs();
    assert_eq!(next, 120);
    // Nobody was read yet, so nobody is free.
    assert_eq!(of(&waits, OMAR).state, Is::Retrying);
    let found = codes(&office, &[OMAR], TEN).await;
    assert_eq!(found, [FindingCode::StaleCalendar]);
    office.seconds_pass(121);
    let shown = read(&office, Microsoft).await;
    assert_eq!(shown.state, FeedStanding::Ok);
}

#[tokio::test]
async fn one_error_inside_an_answer_is_that_member_s_alone() {
    let office = office().await;
    office.connect(Microsoft, Of::Workspace).await.connected();
    joins(&office, "closed@acme.example").await;
    let closed = microsoft::Account {
        hides_calendar: true,
        ..microsoft::Account::new("closed@acme.example")
    };
    office.microsoft.add_account(closed).unwrap();
    office
        .dana
        .company_calendars_set(on(Microsoft))
        .await
        .unwrap();
    let shown = read(&office, Microsoft).await;
    assert_eq!(shown.state, FeedStanding::Ok);
    let closed = of(&shown, "closed@acme.example");
    assert_eq!(closed.state, Is::Broken);
    assert_eq!(closed.reason_code.as_deref(), Some("no-access"));
    assert_eq!(of(&shown, OMAR).state, Is::Ok);
}

/// What Today says of calendars.
async fn calendars_of(client: &Client) -> Vec<NeedsMe> {
    let today = client.today(TodayQuery::default()).await.unwrap();
    let needs = today.needs_me.into_iter();
    needs.filter(|it| it.kind == NeedKind::Calendar).collect()
}

#[tokio::test]
async fn causes_of_single_members_stay_rows_of_their_own() {
    let office = office().await;
    office.connect(Microsoft, Of::Workspace).await.connected();
    for email in ["lena@acme.example", "noor@acme.example"] {
        joins(&office, email).await;
        let hides = microsoft::Account {
            hides_calendar: true,
            ..microsoft::Account::new(email)
        };
        office.microsoft.add_account(hides).unwrap();
    }
    office
        .dana
        .company_calendars_set(on(Microsoft))
        .await
        .unwrap();
    read(&office, Microsoft).await;
    let needs = calendars_of(&office.dana).await;
    let mut who: Vec<_> = needs.iter().map(|it| it.who.as_str()).collect();
    who.sort_unstable();
    assert_eq!(who, ["lena", "noor"], "{needs:?}");
    assert!(needs.iter().all(|it| it.member.is_some()));
}

/// What reads them has put it off, so that only the question itself has them read.
#[tokio::test]
async fn who_is_asked_about_is_read_first_where_what_is_known_is_old() {
    let office = office().await;
    office.connect(Google, Of::Workspace).await.connected();
    office.dana.company_calendars_set(on(Google)).await.unwrap();
    read(&office, Google).await;
    office.daemon.rests().await.unwrap();
    office.google.set_busy(OMAR, busy_at_ten()).unwrap();
    // As new as it usually is, so nobody is asked.
    let asked = office.google.counters().of(google::Endpoint::FreeBusy);
    assert_eq!(codes(&office, &[OMAR], TEN).await, []);
    assert_eq!(
        office.google.counters().of(google::Endpoint::FreeBusy),
        asked
    );

    let workspace = office.dana.hello().workspace.as_ref().unwrap().id;
    let (space, word) = (&workspace.to_string(), Google.word());
    let later = office.daemon.now().plus_minutes(10 * 24 * 60);
    let put_off = office
        .daemon
        .services()
        .store
        .transact(|tx| async move { WorkRecord::timer(&tx, space, COMPANY_WORK, word, later) });
    put_off.await.unwrap();
    office.daemon.clock_is_set_by(30 * 60);
    wait::so("the calendar is read before it is offered by", async || {
        codes(&office, &[OMAR], TEN).await == [FindingCode::BusyElsewhere]
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_wants_to_be_left_alone_is_not_asked_by_offers() {
    let office = office().await;
    office.connect(Microsoft, Of::Workspace).await.connected();
    office
        .dana
        .company_calendars_set(on(Microsoft))
        .await
        .unwrap();
    read(&office, Microsoft).await;
    office.daemon.rests().await.unwrap();
    limits(&office, "3600");
    let query = CompanyCalendarsQuery::default();
    office.dana.company_calendars_refresh(query).await.unwrap();
    when(&office, Microsoft, |it| it.state == FeedStanding::Retrying).await;
    // What was said last is old by now, and good for a while.
    office.daemon.clock_is_set_by(30 * 60);
    let of = microsoft::Endpoint::GetSchedule;
    let asked = office.microsoft.counters().of(of);
    for _ in 0..3 {
        assert_eq!(codes(&office, &[OMAR], TEN).await, []);
    }
    assert_eq!(office.microsoft.counters().of(of), asked);
}
