//! What is read, what is kept of it, and what comes of it for offers.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::availability::MemberHoursSet;
use greenroom_protocol::calendar::FeedStanding;
use greenroom_protocol::company::CompanyCalendarState as Is;
use greenroom_protocol::edit::Edit;
use greenroom_protocol::pipeline::Window;
use greenroom_protocol::schedule::FindingCode;
use greenroom_tests::harness::DANA;
use greenroom_tests::sandbox::microsoft::WorkingHours;
use greenroom_tests::sandbox::{google, microsoft};
use greenroom_tests::wait;

use super::{
    TEN, against, at, codes, dentist, hours, joins, microsoft_has, of, off, office, on, person,
    read, read_later,
};
use crate::connections::accounts::fixture::{Google, INTERVIEWS, Microsoft, OMAR, Of};

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
