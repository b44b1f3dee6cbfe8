//! Everybody's calendars, read with one account: who is busy is not offered, who cannot be read is
//! not free, and what cannot be read says why.

use std::collections::BTreeMap;

use greenroom::client::Client;
use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::audit::AuditQuery;
use greenroom_protocol::availability::{MemberHours, MemberHoursQuery, MemberHoursSet};
use greenroom_protocol::calendar::{
    CalendarFile, FeedAdd, FeedKind, FeedQuery, FeedRemove, FeedStanding,
};
use greenroom_protocol::company::{
    CompanyCalendar, CompanyCalendarState as Is, CompanyCalendars, CompanyCalendarsLeaveOut,
    CompanyCalendarsQuery, CompanyCalendarsSet,
};
use greenroom_protocol::edit::Edit;
use greenroom_protocol::pipeline::{CandidateAdd, JobAdd, Window};
use greenroom_protocol::schedule::{ExplainQuery, FindingCode, Planned};
use greenroom_protocol::workspace::{MemberAdd, MemberEdit, Reference};
use greenroom_protocol::{Error, ErrorKind};
use greenroom_tests::harness::DANA;
use greenroom_tests::sandbox::microsoft::{Death, Entry, Status, WorkingHours};
use greenroom_tests::sandbox::{Canned, google, microsoft};
use greenroom_tests::wait;
use jiff::Timestamp;
use serde_json::json;

use super::fixture::{Fixture, Google, INTERVIEWS, Microsoft, OMAR, Of};

const ANA: &str = "ana.lima@mail.example";

/// Ten in the morning in New York, where everybody works, on Tuesday.
const TEN: &str = "2026-12-01T15:00:00Z";

/// Between two readings, at the most.
const QUARTER: i64 = 16 * 60;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn person(number: usize) -> String {
    format!("person{number:02}@acme.example")
}

/// A workspace with a job and a candidate.
async fn office() -> Fixture {
    let office = Fixture::open().await;
    let job = JobAdd {
        title: "Designer".into(),
        stages: Vec::new(),
    };
    office.dana.job_add(job).await.unwrap();
    let candidate = CandidateAdd {
        name: "Ana Lima".into(),
        email: ANA.into(),
        job: Some("Designer".into()),
        ..CandidateAdd::default()
    };
    office.dana.candidate_add(candidate).await.unwrap();
    office
}

async fn joins(office: &Fixture, email: &str) {
    let member = MemberAdd {
        name: email.split('@').next().unwrap_or_default().to_owned(),
        email: email.to_owned(),
        zoom_email: None,
        zone: None,
        roles: Vec::new(),
        hiring_jobs: Vec::new(),
    };
    office.dana.member_add(member).await.unwrap();
}

fn on(provider: AccountProvider) -> CompanyCalendarsSet {
    CompanyCalendarsSet {
        provider,
        on: true,
        member: None,
        dry_run: false,
    }
}

fn off(provider: AccountProvider) -> CompanyCalendarsSet {
    CompanyCalendarsSet {
        on: false,
        ..on(provider)
    }
}

/// The calendars, once they are as wanted.
async fn when(
    office: &Fixture,
    provider: AccountProvider,
    wanted: impl Fn(&CompanyCalendars) -> bool,
) -> CompanyCalendars {
    let query = CompanyCalendarsQuery {
        provider: Some(provider),
    };
    let look = async || {
        let page = office.dana.company_calendars(query.clone()).await.unwrap();
        page.items.into_iter().find(&wanted)
    };
    wait::until("the calendars stand as wanted", look).await
}

/// The calendars, once they were read after this moment.
async fn read(office: &Fixture, provider: AccountProvider) -> CompanyCalendars {
    let now = office.daemon.now();
    when(office, provider, |it| it.read_at == Some(now)).await
}

/// Reads once more, a while later.
async fn read_later(office: &Fixture, provider: AccountProvider) -> CompanyCalendars {
    office.seconds_pass(QUARTER);
    let query = CompanyCalendarsQuery {
        provider: Some(provider),
    };
    office.dana.company_calendars_refresh(query).await.unwrap();
    read(office, provider).await
}

fn of<'a>(shown: &'a CompanyCalendars, email: &str) -> &'a CompanyCalendar {
    let mut members = shown.members.iter();
    members.find(|it| it.member.email == email).unwrap()
}

/// What speaks against an interview of half an hour with these at that time.
async fn against(office: &Fixture, with: &[&str], start: &str) -> Vec<(FindingCode, String)> {
    let query = ExplainQuery {
        planned: Planned {
            candidate: Some(ANA.into()),
            with: with.iter().map(|it| (*it).to_owned()).collect(),
            duration_minutes: Some(30),
            kind: Some(greenroom_protocol::interview::MeetingType::Phone),
            ..Planned::default()
        },
        start: start.into(),
        locale: None,
    };
    let explained = office.dana.explain(query).await.unwrap();
    let findings = explained.findings.into_iter();
    let of_calendars = findings.filter(|it| {
        matches!(
            it.code,
            FindingCode::BusyElsewhere | FindingCode::StaleCalendar | FindingCode::OutsideHours
        )
    });
    of_calendars.map(|it| (it.code, it.message)).collect()
}

async fn codes(office: &Fixture, with: &[&str], start: &str) -> Vec<FindingCode> {
    let found = against(office, with, start).await;
    found.into_iter().map(|(code, _)| code).collect()
}

async fn hours(client: &Client, email: &str) -> MemberHours {
    let query = MemberHoursQuery {
        member: Some(email.into()),
    };
    client.member_hours(query).await.unwrap()
}

fn microsoft_has(office: &Fixture, email: &str, entries: Vec<Entry>) {
    let account = microsoft::Account::new(email);
    office.microsoft.add_account(account).unwrap();
    office.microsoft.set_calendar(email, entries).unwrap();
}

fn dentist() -> Entry {
    Entry {
        start: at(TEN),
        end: at("2026-12-01T16:00:00Z"),
        status: Status::Busy,
        subject: "Dentist, do not tell".to_owned(),
    }
}

#[tokio::test]
async fn sixty_members_are_read_with_one_account_and_who_is_unknown_is_not_free() {
    let office = office().await;
    let all: Vec<String> = (0..58).map(person).collect();
    for email in &all {
        joins(&office, email).await;
        office
            .google
            .add_account(google::Account::new(email))
            .unwrap();
    }
    let busy = vec![(at(TEN), at("2026-12-01T16:00:00Z"))];
    office.google.set_busy(&all[7], busy).unwrap();
    office.google.remove_account(&all[9]).unwrap();

    let refused = office.dana.company_calendars_set(on(Google)).await;
    let refused = refused.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Account);
    let hint = refused.hint.unwrap();
    assert!(
        hint.contains("greenroom google connect --for-workspace"),
        "{hint}"
    );
    office.connect(Google, Of::Workspace).await.connected();
    let set = office.dana.company_calendars_set(on(Google)).await.unwrap();
    assert_eq!(set.user.as_deref(), Some(INTERVIEWS));
    let shown = read(&office, Google).await;
    assert_eq!((shown.state, shown.members.len()), (FeedStanding::Ok, 60));
    let asked = office.google.counters().of(google::Endpoint::FreeBusy);
    assert_eq!(asked, 6, "two lists of people, three stretches of time");

    let unknown = of(&shown, &all[9]);
    assert_eq!(unknown.state, Is::Broken);
    assert_eq!(unknown.reason_code.as_deref(), Some("not-found"));
    assert!(unknown.hint.as_ref().unwrap().contains("leave-out"));
    let read = shown.members.iter().filter(|it| it.state == Is::Ok);
    assert_eq!(read.count(), 59);

    let busy = against(&office, &[&all[7]], TEN).await;
    assert_eq!(busy.len(), 1, "{busy:?}");
    assert_eq!(busy[0].0, FindingCode::BusyElsewhere);
    let stale = against(&office, &[&all[9]], TEN).await;
    assert_eq!(stale.len(), 1, "{stale:?}");
    assert_eq!(stale[0].0, FindingCode::StaleCalendar);
    assert!(
        stale[0]
            .1
            .contains("`Google Workspace` has not been read yet"),
        "{stale:?}"
    );
    assert_eq!(codes(&office, &[&all[8]], TEN).await, []);
}

#[tokio::test]
async fn a_reading_that_finds_the_same_writes_no_spans_and_tells_nobody() {
    let office = office().await;
    office.connect(Google, Of::Workspace).await.connected();
    let busy = vec![(at(TEN), at("2026-12-01T16:00:00Z"))];
    office.google.set_busy(OMAR, busy).unwrap();
    office.dana.company_calendars_set(on(Google)).await.unwrap();
    read(&office, Google).await;
    let spans = async || {
        let rows = office.daemon.rows().await.unwrap();
        let spans = rows.into_iter();
        let spans = spans.filter(|(key, _)| key.contains("/busy/") || key.contains("/feed/"));
        spans.collect::<Vec<_>>()
    };
    let before = spans().await;
    assert_eq!(
        before.len(),
        2 + 1,
        "a calendar each, and one week: {before:?}"
    );
    read_later(&office, Google).await;
    assert_eq!(spans().await, before);
    // What is moved there is moved here.
    let later = vec![(at("2026-12-02T15:00:00Z"), at("2026-12-02T16:00:00Z"))];
    office.google.set_busy(OMAR, later).unwrap();
    read_later(&office, Google).await;
    assert_eq!(codes(&office, &[OMAR], TEN).await, []);
    let moved = codes(&office, &[OMAR], "2026-12-02T15:30:00Z").await;
    assert_eq!(moved, [FindingCode::BusyElsewhere]);
}

#[tokio::test]
async fn working_hours_come_from_the_calendar_until_somebody_sets_them() {
    let office = office().await;
    office.connect(Microsoft, Of::Workspace).await.connected();
    joins(&office, "lena@acme.example").await;
    microsoft_has(&office, "lena@acme.example", vec![dentist()]);
    let berlin = WorkingHours {
        start: "08:30".to_owned(),
        zone: "W. Europe Standard Time".to_owned(),
        ..WorkingHours::default()
    };
    let works = |account: &mut microsoft::Account| account.working_hours = Some(berlin);
    office
        .microsoft
        .edit_account("lena@acme.example", works)
        .unwrap();
    let before = hours(&office.dana, "lena@acme.example").await;
    assert!(before.assumed);
    office
        .dana
        .company_calendars_set(on(Microsoft))
        .await
        .unwrap();
    let shown = read(&office, Microsoft).await;
    assert!(of(&shown, "lena@acme.example").hours);

    let theirs = hours(&office.dana, "lena@acme.example").await;
    assert_eq!(
        (theirs.assumed, theirs.from_calendar),
        (false, Some(Microsoft))
    );
    assert_eq!(theirs.zone, "Europe/Berlin");
    assert_eq!(theirs.hours[0].from_minute, 8 * 60 + 30);
    // Dana's mailbox has the hours of a new one, by a clock that is not hers.
    assert!(!of(&shown, DANA).hours);
    assert!(hours(&office.dana, DANA).await.assumed);
    // 07:45 in Berlin.
    let early = against(&office, &["lena@acme.example"], "2026-12-02T06:45:00Z").await;
    assert_eq!(early.len(), 1, "{early:?}");
    assert!(early[0].1.contains("from their calendar"), "{early:?}");
    assert_eq!(
        codes(&office, &["lena@acme.example"], "2026-12-02T08:00:00Z").await,
        []
    );

    // Who sets them as they are shown sets them by the clock they are shown by.
    let set = MemberHoursSet {
        member: Some("lena@acme.example".into()),
        hours: Edit::Set(vec![Window {
            days: vec![1, 2, 3, 4, 5],
            from_minute: 10 * 60,
            to_minute: 17 * 60,
        }]),
        ..MemberHoursSet::default()
    };
    let own = office.dana.member_hours_set(set).await.unwrap();
    assert_eq!((own.assumed, own.from_calendar), (false, None));
    assert_eq!(own.zone, "Europe/Berlin");
    read_later(&office, Microsoft).await;
    let own = hours(&office.dana, "lena@acme.example").await;
    assert_eq!(own.hours[0].from_minute, 10 * 60);
    let cleared = MemberHoursSet {
        member: Some("lena@acme.example".into()),
        hours: Edit::Clear,
        ..MemberHoursSet::default()
    };
    let theirs = office.dana.member_hours_set(cleared).await.unwrap();
    assert_eq!(theirs.from_calendar, Some(Microsoft));

    // They go with their source, and so does all that was read.
    office
        .dana
        .company_calendars_set(off(Microsoft))
        .await
        .unwrap();
    wait::so("what was read is removed", async || {
        let rows = office.daemon.rows().await.unwrap();
        !rows.iter().any(|(key, _)| {
            [
                "/busy/",
                "/feed/",
                "/feed-read/",
                "/feeds/",
                "/calendar-hours/",
            ]
            .iter()
            .any(|table| key.contains(table))
        })
    })
    .await;
    assert!(hours(&office.dana, "lena@acme.example").await.assumed);
}

#[tokio::test]
async fn no_title_is_kept_anywhere() {
    let office = office().await;
    office.connect(Microsoft, Of::Workspace).await.connected();
    microsoft_has(&office, OMAR, vec![dentist()]);
    office
        .dana
        .company_calendars_set(on(Microsoft))
        .await
        .unwrap();
    read(&office, Microsoft).await;
    assert_eq!(
        codes(&office, &[OMAR], TEN).await,
        [FindingCode::BusyElsewhere]
    );
    let told = office
        .microsoft
        .exchanges()
        .iter()
        .any(|it| String::from_utf8_lossy(&it.answered.bytes).contains("Dentist"));
    assert!(told, "Microsoft tells the title");
    for (key, body) in office.daemon.rows().await.unwrap() {
        assert!(!String::from_utf8_lossy(&body).contains("Dentist"), "{key}");
    }
    for file in office.daemon.files() {
        let bytes = std::fs::read(&file).unwrap_or_default();
        let held = bytes.windows(7).any(|it| it == b"Dentist");
        assert!(!held, "{}", file.display());
    }
}

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

#[tokio::test]
async fn a_limit_is_waited_for_and_shown() {
    let office = office().await;
    office.connect(Microsoft, Of::Workspace).await.connected();
    let limited = Canned::Json {
        status: 429,
        body: json!({ "error": { "code": "ApplicationThrottled", "message": "wait",
            "innerError": { "request-id": "1", "date": "2026-11-30T09:00:00" } } }),
        headers: BTreeMap::from([("retry-after".to_owned(), "120".to_owned())]),
    };
    let fault = microsoft::FaultKind::Answer(limited);
    let fault = microsoft::Fault::once(microsoft::Endpoint::GetSchedule, fault);
    office.microsoft.fault(fault);
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

#[tokio::test]
async fn who_is_known_elsewhere_is_not_held_back_by_an_address_that_is_unknown_here() {
    let office = office().await;
    office.connect(Google, Of::Workspace).await.connected();
    joins(&office, "lena@acme.example").await;
    let file = FeedAdd {
        member: Some("lena@acme.example".into()),
        name: "Work".into(),
        file: CalendarFile {
            text: Some("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n".into()),
            upload: None,
        },
        ..FeedAdd::default()
    };
    office.dana.feed_add(file).await.unwrap();
    office.dana.company_calendars_set(on(Google)).await.unwrap();
    let shown = read(&office, Google).await;
    let lena = of(&shown, "lena@acme.example");
    assert_eq!(lena.state, Is::Elsewhere);
    assert_eq!(lena.reason_code.as_deref(), Some("not-found"));
    assert_eq!(codes(&office, &["lena@acme.example"], TEN).await, []);
    let query = FeedQuery {
        member: Some("lena@acme.example".into()),
    };
    assert_eq!(office.dana.feed_list(query).await.unwrap().total, 1);
}

#[tokio::test]
async fn a_member_may_stay_out_and_come_back() {
    let office = office().await;
    office.connect(Google, Of::Workspace).await.connected();
    let busy = vec![(at(TEN), at("2026-12-01T16:00:00Z"))];
    office.google.set_busy(OMAR, busy).unwrap();
    office.dana.company_calendars_set(on(Google)).await.unwrap();
    read(&office, Google).await;
    let omar = office.user_of(OMAR).await;
    let mine = omar.feed_list(FeedQuery::default()).await.unwrap();
    assert_eq!(mine.items[0].kind, FeedKind::Google);
    let remove = FeedRemove {
        feed: mine.items[0].name.clone(),
        ..FeedRemove::default()
    };
    let kept = omar.feed_remove(remove).await.unwrap_err();
    assert_eq!(kept.kind, ErrorKind::Conflict);
    assert!(kept.hint.unwrap().contains("leave-out"));

    let stay = |out| CompanyCalendarsLeaveOut {
        provider: Google,
        member: None,
        leave_out: out,
        dry_run: false,
    };
    omar.company_calendars_leave_out(stay(true)).await.unwrap();
    wait::so("what was read is removed", async || {
        let mine = omar.feed_list(FeedQuery::default()).await.unwrap();
        mine.total == 0
    })
    .await;
    let shown = when(&office, Google, |_| true).await;
    assert_eq!(of(&shown, OMAR).state, Is::LeftOut);
    assert_eq!(codes(&office, &[OMAR], TEN).await, []);
    omar.company_calendars_leave_out(stay(false)).await.unwrap();
    let back = |it: &CompanyCalendars| of(it, OMAR).state == Is::Ok;
    when(&office, Google, back).await;
    assert_eq!(
        codes(&office, &[OMAR], TEN).await,
        [FindingCode::BusyElsewhere]
    );

    let of_dana = CompanyCalendarsLeaveOut {
        member: Some(DANA.into()),
        ..stay(true)
    };
    let denied = omar.company_calendars_leave_out(of_dana).await.unwrap_err();
    assert_eq!(denied.kind, ErrorKind::Denied);

    let query = CompanyCalendarsQuery::default();
    office.dana.company_calendars_refresh(query).await.unwrap();
    let entries = office.dana.audit_list(AuditQuery::default()).await.unwrap();
    let written = serde_json::to_string(&entries).unwrap();
    for call in ["set", "leave_out", "refresh"] {
        assert!(
            written.contains(&format!("company_calendars_{call}")),
            "{call}"
        );
    }
    assert!(!written.contains(INTERVIEWS));
}

#[tokio::test]
async fn a_recruiter_may_have_their_own_account_read_and_no_other() {
    let office = office().await;
    let omar = office.user_of(OMAR).await;
    let own = CompanyCalendarsSet {
        member: Some(OMAR.into()),
        ..on(Google)
    };
    let denied: Error = omar.company_calendars_set(on(Google)).await.unwrap_err();
    assert_eq!(denied.kind, ErrorKind::Denied);
    office.connect(Google, Of::Member(OMAR)).await.connected();
    let tried = CompanyCalendarsSet {
        dry_run: true,
        ..own.clone()
    };
    assert!(omar.company_calendars_set(tried).await.unwrap().dry_run);
    let none = CompanyCalendarsQuery::default();
    assert_eq!(omar.company_calendars(none.clone()).await.unwrap().total, 0);
    omar.company_calendars_set(own.clone()).await.unwrap();
    let shown = read(&office, Google).await;
    assert_eq!(shown.user.as_deref(), Some(OMAR));

    // An admin takes the workspace's instead; then it is not the recruiter's to change.
    office.connect(Google, Of::Workspace).await.connected();
    office.dana.company_calendars_set(on(Google)).await.unwrap();
    let taken = omar.company_calendars_set(own).await.unwrap_err();
    assert_eq!(taken.kind, ErrorKind::Conflict);
    let denied = omar.company_calendars_set(off(Google)).await.unwrap_err();
    assert_eq!(denied.kind, ErrorKind::Denied);
}

#[tokio::test]
async fn a_new_member_and_a_new_address_are_read_at_once_and_who_leaves_leaves_nothing() {
    let office = office().await;
    office.connect(Google, Of::Workspace).await.connected();
    office.dana.company_calendars_set(on(Google)).await.unwrap();
    read(&office, Google).await;
    for email in ["lena@acme.example", "lena.roth@acme.example"] {
        office
            .google
            .add_account(google::Account::new(email))
            .unwrap();
        let busy = vec![(at(TEN), at("2026-12-01T16:00:00Z"))];
        office.google.set_busy(email, busy).unwrap();
    }
    office
        .google
        .set_busy("lena.roth@acme.example", vec![])
        .unwrap();
    joins(&office, "lena@acme.example").await;
    let is_read = |it: &CompanyCalendars| {
        let mut members = it.members.iter();
        members.any(|it| it.member.email.starts_with("lena") && it.state == Is::Ok)
    };
    when(&office, Google, is_read).await;
    let busy = codes(&office, &["lena@acme.example"], TEN).await;
    assert_eq!(busy, [FindingCode::BusyElsewhere]);

    let edit = MemberEdit {
        member: "lena@acme.example".into(),
        email: Some("lena.roth@acme.example".into()),
        ..MemberEdit::default()
    };
    office.dana.member_edit(edit).await.unwrap();
    wait::so("the calendar of the new address is read", async || {
        codes(&office, &["lena.roth@acme.example"], TEN)
            .await
            .is_empty()
    })
    .await;

    let lena = Reference::to("lena.roth@acme.example");
    let lena = office
        .dana
        .member_remove(lena)
        .await
        .unwrap()
        .id
        .to_string();
    wait::so("nothing is left of who left", async || {
        let rows = office.daemon.rows().await.unwrap();
        let left = rows.iter().filter(|(key, _)| key.contains(&lena));
        left.into_iter().all(|(key, _)| key.contains("/audit"))
    })
    .await;
}
