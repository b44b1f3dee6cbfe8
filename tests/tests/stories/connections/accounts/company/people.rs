//! Whose calendars are read, and with whose account.

use greenroom_protocol::audit::AuditQuery;
use greenroom_protocol::calendar::{CalendarFile, FeedAdd, FeedKind, FeedQuery, FeedRemove};
use greenroom_protocol::company::{
    CompanyCalendarState as Is, CompanyCalendars, CompanyCalendarsLeaveOut, CompanyCalendarsQuery,
    CompanyCalendarsSet,
};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::workspace::{MemberEdit, Reference};
use greenroom_protocol::{Error, ErrorKind};
use greenroom_tests::harness::DANA;
use greenroom_tests::sandbox::google;
use greenroom_tests::wait;

use super::{TEN, at, codes, joins, of, off, office, on, read, when};
use crate::connections::accounts::fixture::{Google, INTERVIEWS, OMAR, Of};

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
