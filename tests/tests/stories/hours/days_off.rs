//! Lists of days off: added to, replaced by an import, removed.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::availability::{DayOff, DaysOffAction, DaysOffEdit};
use greenroom_tests::harness::DANA;
use greenroom_tests::test_daemon::OWNER;

use crate::hours::fixture::{OMAR, add_days, assert_refused, desk};

fn labelled(date: &str, label: &str) -> DayOff {
    DayOff {
        date: date.parse().unwrap(),
        label: Some(label.into()),
    }
}

#[tokio::test]
async fn a_list_grows_is_replaced_and_goes() {
    let desk = desk().await;
    let made = desk
        .edits_days_off(add_days("Christmas break", &["2026-12-24"]))
        .await;
    assert_eq!(
        (made.days_off.id.as_str(), made.added),
        ("christmas-break", 1)
    );
    let dry = DaysOffEdit {
        dry_run: true,
        ..add_days("christmas BREAK", &["2026-12-24", "2026-12-28"])
    };
    let would = desk.edits_days_off(dry.clone()).await;
    assert_eq!(
        (would.added, would.days_off.days.len(), would.dry_run),
        (1, 2, true)
    );
    assert_eq!(
        desk.dana.days_off().await.unwrap().items,
        std::slice::from_ref(&made.days_off)
    );
    let grown = DaysOffEdit {
        dry_run: false,
        ..dry
    };
    let grown = desk.edits_days_off(grown).await.days_off;
    assert_eq!(
        (grown.name.as_str(), grown.days.len()),
        ("Christmas break", 2)
    );
    assert!(grown.revision > made.days_off.revision);

    // By its id, and with what each day is.
    let import = DaysOffEdit {
        action: DaysOffAction::Import,
        days: vec![
            labelled("2026-12-25", "Christmas Day"),
            labelled("2026-12-28", "Boxing Day (observed)"),
        ],
        expected_revision: Some(grown.revision),
        ..add_days("christmas-break", &[])
    };
    let imported = desk.edits_days_off(import.clone()).await;
    assert_eq!((imported.added, imported.removed), (1, 1));
    let late = desk.dana.days_off_edit(import).await.unwrap_err();
    assert_eq!(late.kind, ErrorKind::Conflict);
    let found = desk.found("2026-12-25T15:00:00Z", &[]).await;
    assert!(
        found
            .iter()
            .any(|it| it.message.contains("(Christmas Day)")),
        "{found:?}"
    );
    let found = desk.found("2026-12-24T15:00:00Z", &[]).await;
    assert!(
        !found.iter().any(|it| it.message.contains("day off")),
        "{found:?}"
    );

    let remove = |dates: &[&str]| DaysOffEdit {
        action: DaysOffAction::Remove,
        ..add_days("Christmas break", dates)
    };
    let wrong = desk
        .dana
        .days_off_edit(remove(&["2026-12-24"]))
        .await
        .unwrap_err();
    assert_refused(&wrong, ErrorKind::NotFound, "days", &["2026-12-24"]);
    let fewer = desk.edits_days_off(remove(&["2026-12-25"])).await;
    assert_eq!(
        (fewer.removed, fewer.gone, fewer.days_off.days.len()),
        (1, false, 1)
    );
    let gone = desk.edits_days_off(remove(&[])).await;
    assert!(gone.gone && gone.days_off.days.len() == 1);
    assert_eq!(desk.dana.days_off().await.unwrap().items, []);
    let unknown = desk.dana.days_off_edit(remove(&[])).await.unwrap_err();
    assert_refused(
        &unknown,
        ErrorKind::NotFound,
        "days_off",
        &["Christmas break"],
    );
}

#[tokio::test]
async fn what_is_too_much_or_nothing_is_refused() {
    let desk = desk().await;
    let nothing = desk
        .dana
        .days_off_edit(add_days("Nothing", &[]))
        .await
        .unwrap_err();
    assert_refused(&nothing, ErrorKind::Usage, "days", &["at least one day"]);
    let first: greenroom_protocol::date::Date = "2026-12-01".parse().unwrap();
    let all = std::iter::successors(Some(first), |it| Some(it.next()));
    let day = |date| DayOff { date, label: None };
    let days: Vec<_> = all.take(401).map(day).collect();
    let many = |days: &[DayOff]| DaysOffEdit {
        days: days.to_vec(),
        ..add_days("Sabbatical", &[])
    };
    let refused = desk.dana.days_off_edit(many(&days)).await.unwrap_err();
    assert_refused(&refused, ErrorKind::Usage, "days", &["400", "401"]);
    desk.edits_days_off(many(&days[..400])).await;
    let refused = desk
        .dana
        .days_off_edit(many(&days[400..]))
        .await
        .unwrap_err();
    assert_refused(&refused, ErrorKind::Usage, "days", &["400", "401"]);
    for number in 1..40 {
        desk.edits_days_off(add_days(&format!("List {number}"), &["2026-12-24"]))
            .await;
    }
    let refused = desk
        .dana
        .days_off_edit(add_days("One more", &["2026-12-24"]))
        .await;
    assert_refused(
        &refused.unwrap_err(),
        ErrorKind::Conflict,
        "days_off",
        &["40"],
    );
}

#[tokio::test]
async fn an_interviewer_sees_the_days_that_count_for_them() {
    let desk = desk().await;
    desk.omar_joins().await;
    for (name, members) in [
        ("Everyone's", vec![]),
        ("Omar's", vec![OMAR.into()]),
        ("Dana's", vec![DANA.into()]),
    ] {
        let edit = DaysOffEdit {
            members: Some(members),
            ..add_days(name, &["2026-12-24"])
        };
        desk.edits_days_off(edit).await;
    }
    let names = async |client: &greenroom::client::Client| {
        let lists = client.days_off().await.unwrap().items;
        lists.into_iter().map(|it| it.name).collect::<Vec<_>>()
    };
    let omar = desk.daemon.client_as(OWNER, OMAR).await.unwrap();
    assert_eq!(names(&omar).await, ["Everyone's", "Omar's"]);
    assert_eq!(names(&desk.dana).await, ["Dana's", "Everyone's", "Omar's"]);
}
