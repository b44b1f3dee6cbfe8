//! Meetings: made, read back, found again, deleted, and every way that goes wrong.

use greenroom_tests::sandbox::{Account, Answer, Config, Endpoint, Fault, FaultKind, Plan, User};
use greenroomd::zoom::{Outcome, Reason, RefusalReason, Unavailable, differences, plan};

use crate::zoom_connection::fixture::{DANA, Fixture, an_interview};

#[tokio::test]
async fn a_meeting_is_made_read_back_and_deleted() {
    let office = Fixture::open().await;
    office.dana_connects().await;
    let plan = an_interview(&office.clock);
    let Outcome::Done(made) = office.zoom.create_meeting(office.dana, &plan).await else {
        panic!()
    };
    let Outcome::Done(read) = office.zoom.get_meeting(office.dana, made.id).await else {
        panic!()
    };
    assert_eq!(differences(&plan, &read), Vec::<String>::new());
    assert_eq!(read.password.as_deref(), Some(plan.passcode.as_str()));
    assert!(read.join_url.contains(&made.id.to_string()));

    let deleted = office.zoom.delete_meeting(office.dana, made.id).await;
    assert!(matches!(deleted, Outcome::Done(())));
    let Outcome::Refused(again) = office.zoom.delete_meeting(office.dana, made.id).await else {
        panic!()
    };
    assert_eq!(
        (again.status, again.code, again.reason),
        (404, Some(3001), RefusalReason::NoMeeting)
    );
}

#[tokio::test]
async fn a_locked_waiting_room_is_noticed() {
    let account = Account {
        force_waiting_room: true,
        ..Account::new("acme", Plan::Business)
    };
    let office = Fixture::with(Config {
        accounts: vec![account],
        ..Config::default()
    })
    .await;
    office.dana_connects().await;
    let plan = an_interview(&office.clock);
    let Outcome::Done(made) = office.zoom.create_meeting(office.dana, &plan).await else {
        panic!()
    };
    let Outcome::Done(read) = office.zoom.get_meeting(office.dana, made.id).await else {
        panic!()
    };
    let found = differences(&plan, &read);
    assert!(
        found
            .iter()
            .any(|sentence| sentence.contains("waiting room")),
        "{found:?}"
    );
}

#[tokio::test]
async fn a_meeting_whose_answer_was_lost_is_found_by_its_mark() {
    let office = Fixture::open().await;
    office.dana_connects().await;
    let plan = an_interview(&office.clock);
    office
        .sandbox
        .fault(Fault::once(Endpoint::CreateMeeting, FaultKind::LostAfter));
    let lost = office.zoom.create_meeting(office.dana, &plan).await;
    assert!(matches!(lost, Outcome::Lost(_)), "{lost:?}");
    let Outcome::Done(found) = office.zoom.find_meetings(office.dana, &plan.mark).await else {
        panic!()
    };
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].id, office.sandbox.meetings()[0].id);
}

/// Case Z1: JSON is asked for everywhere, and a Zoom that writes XML all the same is understood.
#[tokio::test]
async fn refusals_in_xml_mean_the_same() {
    let granted = [
        "user:read:user",
        "meeting:read:meeting",
        "meeting:write:meeting",
        "meeting:update:meeting",
    ];
    let user = User::new(DANA).granting_only(&granted);
    let office = Fixture::with(Config {
        users: vec![user],
        ..Config::default()
    })
    .await;
    office.sandbox.refuse_in_xml(true);
    office.dana_connects().await;
    let plan = an_interview(&office.clock);
    let zoom = &office.zoom;
    let Outcome::Done(made) = zoom.create_meeting(office.dana, &plan).await else {
        panic!()
    };

    // Of the limits, the daily one.
    let midnight = plan::next_utc_day(office.clock.clock().now());
    let limit = FaultKind::Answer(Answer::HostLimit);
    office
        .sandbox
        .fault(Fault::once(Endpoint::UpdateMeeting, limit));
    let limited = zoom
        .update_meeting(office.dana, made.id, &plan, false)
        .await;
    assert!(
        matches!(limited, Outcome::Limited { until } if until == midnight),
        "{limited:?}"
    );

    let deleted = zoom.delete_meeting(office.dana, made.id).await;
    let Outcome::Refused(refusal) = deleted else {
        panic!("{deleted:?}")
    };
    let missing = RefusalReason::MissingScope(vec!["meeting:delete:meeting".into()]);
    assert_eq!(refusal.reason, missing);

    office.sandbox.delete_meeting(made.id).unwrap();
    let gone = zoom.get_meeting(office.dana, made.id).await;
    let Outcome::Refused(refusal) = gone else {
        panic!("{gone:?}")
    };
    assert_eq!(refusal.reason, RefusalReason::NoMeeting);
    assert_eq!(refusal.code, Some(3001));

    // A token that ended shows by its refusal, and a grant that did by the renewal's.
    office.sandbox.advance(jiff::SignedDuration::from_mins(61));
    let again = zoom.create_meeting(office.dana, &plan).await;
    assert!(matches!(again, Outcome::Done(_)), "{again:?}");
    office.sandbox.end_grants(DANA).unwrap();
    let ended = zoom.create_meeting(office.dana, &plan).await;
    let replaced = Reason::ReplacedElsewhere;
    assert!(
        matches!(
            ended,
            Outcome::Disconnected(Unavailable::ReconnectRequired(reason)) if reason == replaced
        ),
        "{ended:?}"
    );
    assert_eq!(office.sandbox.counters().json_not_asked_for, 0);
}

/// Case Z1: what something between here and Zoom refuses, Zoom has not refused.
#[tokio::test]
async fn a_gateways_refusal_is_none_of_zooms() {
    let office = Fixture::open().await;
    office.dana_connects().await;
    for page in [
        Answer::Html { status: 403 },
        Answer::Html { status: 404 },
        Answer::Empty { status: 400 },
    ] {
        let named = format!("{page:?}");
        let page = FaultKind::Answer(page);
        office
            .sandbox
            .fault(Fault::once(Endpoint::CreateMeeting, page));
        let plan = an_interview(&office.clock);
        let outcome = office.zoom.create_meeting(office.dana, &plan).await;
        assert!(
            matches!(outcome, Outcome::NotSent(_)),
            "{named}: {outcome:?}"
        );
    }
}

#[tokio::test]
async fn limits_say_until_when() {
    let office = Fixture::open().await;
    office.dana_connects().await;
    let now = office.clock.clock().now();
    let meeting = an_interview(&office.clock);
    let midnight = plan::next_utc_day(now);
    let table = [
        (Answer::PerSecondLimit, now.plus_seconds(2)),
        (Answer::DailyLimit, midnight),
        (Answer::HostLimit, midnight),
    ];
    for (answer, expected) in table {
        let named = format!("{answer:?}");
        office.sandbox.fault(Fault::once(
            Endpoint::CreateMeeting,
            FaultKind::Answer(answer),
        ));
        let outcome = office.zoom.create_meeting(office.dana, &meeting).await;
        let Outcome::Limited { until } = outcome else {
            panic!("{named}: {outcome:?}")
        };
        assert_eq!(until, expected, "{named}");
    }
    assert_eq!(office.sandbox.counters().meetings_made, 0);
}

#[tokio::test]
async fn a_gateways_page_instead_of_an_answer_is_lost() {
    let office = Fixture::open().await;
    office.dana_connects().await;
    let page = FaultKind::Answer(Answer::Html { status: 502 });
    office
        .sandbox
        .fault(Fault::once(Endpoint::CreateMeeting, page));
    let lost = office
        .zoom
        .create_meeting(office.dana, &an_interview(&office.clock))
        .await;
    assert!(matches!(lost, Outcome::Lost(_)), "{lost:?}");
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let office = Fixture::open().await;
    office.dana_connects().await;
    // Zoom's clock runs ahead of ours: the token ends there before it does here.
    office.sandbox.advance(jiff::SignedDuration::from_mins(61));
    let made = office
        .zoom
        .create_meeting(office.dana, &an_interview(&office.clock))
        .await;
    assert!(matches!(made, Outcome::Done(_)), "{made:?}");
    assert_eq!(office.sandbox.counters().refreshes, 1);
    assert_eq!(office.sandbox.counters().meetings_made, 1);
}

#[tokio::test]
async fn a_missing_permission_is_named() {
    let scopes = [
        "user:read:user",
        "meeting:read:meeting",
        "meeting:write:meeting",
    ];
    let only_scopes = Some(scopes.map(str::to_owned).into());
    let user = User {
        only_scopes,
        ..User::new(DANA)
    };
    let office = Fixture::with(Config {
        users: vec![user],
        ..Config::default()
    })
    .await;
    office.dana_connects().await;
    let plan = an_interview(&office.clock);
    let Outcome::Done(made) = office.zoom.create_meeting(office.dana, &plan).await else {
        panic!()
    };
    let Outcome::Refused(refusal) = office.zoom.delete_meeting(office.dana, made.id).await else {
        panic!()
    };
    let missing = RefusalReason::MissingScope(vec!["meeting:delete:meeting".into()]);
    assert_eq!(refusal.reason, missing);
}

#[tokio::test]
async fn without_a_connection_nothing_is_sent() {
    let office = Fixture::open().await;
    let outcome = office
        .zoom
        .create_meeting(office.dana, &an_interview(&office.clock))
        .await;
    assert!(matches!(
        outcome,
        Outcome::Disconnected(Unavailable::NotConnected)
    ));
    assert_eq!(office.sandbox.counters().of(Endpoint::CreateMeeting), 0);
}

#[tokio::test]
async fn nobody_at_zoom_is_not_sent() {
    let office = Fixture::open().await;
    office.dana_connects().await;
    let office = office.unreachable();
    let outcome = office
        .zoom
        .create_meeting(office.dana, &an_interview(&office.clock))
        .await;
    assert!(matches!(outcome, Outcome::NotSent(_)), "{outcome:?}");
}
