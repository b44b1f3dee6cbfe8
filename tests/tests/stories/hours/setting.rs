//! Hours are set, seen and forgotten.

use std::time::Duration;

use greenroom::client::Client;
use greenroom_protocol::ErrorKind;
use greenroom_protocol::audit::AuditQuery;
use greenroom_protocol::availability::{
    DayHoursChange, DaysOffAction, DaysOffEdit, MemberHoursQuery, MemberHoursSet,
};
use greenroom_protocol::edit::Edit;
use greenroom_protocol::workspace::Reference;
use greenroom_tests::harness::DANA;
use greenroom_tests::test_daemon::OWNER;

use crate::hours::fixture::{OMAR, add_days, always, assert_refused, desk, on};

#[tokio::test]
async fn hours_are_assumed_until_somebody_sets_them_and_can_be_forgotten() {
    let desk = desk().await;
    let mine = || desk.dana.member_hours(MemberHoursQuery::default());
    let assumed = mine().await.unwrap();
    assert!(assumed.assumed && assumed.revision == 0, "{assumed:?}");
    assert_eq!(assumed.zone, "America/New_York");
    let week = &assumed.hours[0];
    assert_eq!(
        (&week.days[..], week.from_minute, week.to_minute),
        (&[1, 2, 3, 4, 5][..], 540, 1020)
    );
    let member = || async { desk.dana.member_list().await.unwrap().items.remove(0) };
    assert!(member().await.hours_assumed);

    let set = MemberHoursSet {
        overrides: vec![on("2026-12-24", &[])],
        cap_day: Some(3),
        buffer_after_minutes: Some(10),
        ..always(600, 900)
    };
    let shown = desk.sets(set).await;
    assert_eq!(shown, mine().await.unwrap());
    assert!(!shown.assumed && !member().await.hours_assumed);
    assert_eq!((shown.cap_day, shown.buffer_after_minutes), (3, 10));
    assert_eq!(shown.overrides[0].date.to_string(), "2026-12-24");

    // What is absent stays, and what changes nothing writes nothing.
    let again = MemberHoursSet {
        cap_day: Some(3),
        ..MemberHoursSet::default()
    };
    assert_eq!(desk.sets(again).await, shown);
    let dry = MemberHoursSet {
        dry_run: true,
        ..always(0, 1440)
    };
    assert_eq!(desk.sets(dry).await.hours[0].to_minute, 1440);
    assert_eq!(mine().await.unwrap(), shown);

    let late = MemberHoursSet {
        cap_day: Some(4),
        expected_revision: Some(0),
        ..MemberHoursSet::default()
    };
    let refused = desk.dana.member_hours_set(late).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict, "{refused:?}");

    let forgotten = MemberHoursSet {
        hours: Edit::Clear,
        overrides: vec![DayHoursChange {
            date: "2026-12-24".parse().unwrap(),
            hours: None,
        }],
        cap_day: Some(0),
        buffer_after_minutes: Some(0),
        expected_revision: Some(shown.revision),
        ..MemberHoursSet::default()
    };
    let forgotten = desk.sets(forgotten).await;
    assert_eq!(forgotten, assumed);
    let entries = desk.dana.audit_list(AuditQuery::default()).await;
    let entries = entries.unwrap().items.into_iter();
    let ours = entries.filter(|it| it.call == "member_hours_set");
    let fields: Vec<_> = ours.map(|it| it.fields.join(" ")).collect();
    let all = "hours overrides buffer_after_minutes cap_day";
    assert_eq!(fields, [all, all]);
}

#[tokio::test]
async fn what_cannot_be_is_refused_by_its_field() {
    let desk = desk().await;
    let refused = async |set: MemberHoursSet, field: &str| {
        let refused = desk.dana.member_hours_set(set).await.unwrap_err();
        assert_refused(&refused, ErrorKind::Usage, field, &[]);
    };
    let set = MemberHoursSet::default;
    refused(always(600, 600), "hours").await;
    refused(always(600, 1441), "hours").await;
    let overrides = vec![on("2026-12-24", &[(700, 600)])];
    refused(MemberHoursSet { overrides, ..set() }, "overrides").await;
    let buffer_before_minutes = Some(241);
    refused(
        MemberHoursSet {
            buffer_before_minutes,
            ..set()
        },
        "buffer_before_minutes",
    )
    .await;
    let cap_week = Some(101);
    refused(MemberHoursSet { cap_week, ..set() }, "cap_week").await;
    let zone = Some("Mars/Olympus".to_owned());
    refused(MemberHoursSet { zone, ..set() }, "zone").await;
    let unknown = Some("nobody@acme.example".to_owned());
    let refused = desk
        .dana
        .member_hours_set(MemberHoursSet {
            member: unknown,
            ..set()
        })
        .await;
    assert_eq!(refused.unwrap_err().kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn a_change_is_heard_of_and_all_of_it_goes_with_the_member() {
    let desk = desk().await;
    desk.omar_joins().await;
    let omar = desk.daemon.client_as(OWNER, OMAR).await.unwrap();
    let before = omar.hello().revision;
    let mine = MemberHoursSet {
        zone: Some("Europe/Berlin".into()),
        ..always(0, 600)
    };
    let id = omar
        .member_hours_set(mine)
        .await
        .unwrap()
        .member
        .id
        .to_string();
    let for_omar = DaysOffEdit {
        members: Some(vec![OMAR.into()]),
        ..add_days("Omar's move", &["2026-12-01"])
    };
    desk.edits_days_off(for_omar).await;
    let both = DaysOffEdit {
        members: Some(vec![OMAR.into(), DANA.into()]),
        ..add_days("Offsite", &["2026-12-02"])
    };
    desk.edits_days_off(both).await;
    let heard = async |client: &Client| {
        let changes = client.changes(before, Duration::ZERO).await.unwrap();
        let rows = changes.changed.into_iter();
        rows.map(|row| format!("{} {}", row.table, row.id))
            .collect::<Vec<_>>()
    };
    for client in [&omar, &desk.dana] {
        let heard = heard(client).await;
        for row in [format!("availability {id}"), "days-off days-off".to_owned()] {
            assert!(heard.contains(&row), "{row}: {heard:?}");
        }
    }
    let kept = async || {
        let rows = desk.daemon.rows().await.unwrap();
        let ours = rows.into_iter().filter(|(key, body)| {
            let is_ours = key.contains("/availability/") || key.contains("/days-off/");
            is_ours && (key.contains(&id) || String::from_utf8_lossy(body).contains(&id))
        });
        ours.map(|(key, _)| key).collect::<Vec<_>>()
    };
    assert_eq!(kept().await.len(), 3);
    desk.dana.member_remove(Reference::to(OMAR)).await.unwrap();
    assert_eq!(kept().await, Vec::<String>::new());
    let left = desk.dana.days_off().await.unwrap().items;
    let left: Vec<_> = left
        .iter()
        .map(|it| (it.name.as_str(), it.members.len()))
        .collect();
    assert_eq!(left, [("Offsite", 1)], "what was his alone is for nobody");
    // Nor may removing him have made anything of it everyone's.
    let edit = DaysOffEdit {
        action: DaysOffAction::Remove,
        ..add_days("Omar's move", &[])
    };
    let gone = desk.dana.days_off_edit(edit).await.unwrap_err();
    assert_eq!(gone.kind, ErrorKind::NotFound);
}
