//! What connections live through, told as tables and as properties.

use greenroom_protocol::id::AttemptId;
use greenroom_protocol::time::Instant;
use greenroom_protocol::zoom::{ConnectionState, PERMISSIONS, ZoomPlan};
use proptest::prelude::*;

use super::{ConnectionRecord, Event, Grant, Link, Profile, Waiting};
use crate::grants::reason::Reason;

fn at(second: i64) -> Instant {
    Instant::from_second(second)
}

fn grant() -> Grant {
    Grant {
        user: Profile {
            id: "u1".into(),
            email: "dana@acme.example".into(),
            name: "Dana".into(),
            plan: ZoomPlan::Licensed,
        },
        client_id: "app".into(),
        scopes: PERMISSIONS.map(|it| it.scope.to_owned()).into(),
        expires_at: at(3_600),
        last_refresh: at(0),
        refresh_attempt: None,
        user_read_at: None,
        contested_email: None,
    }
}

fn run(events: impl IntoIterator<Item = Event>) -> ConnectionRecord {
    events
        .into_iter()
        .enumerate()
        .fold(ConnectionRecord::default(), |record, (i, event)| {
            record.step(event, at(i as i64 + 1)).unwrap_or(record)
        })
}

fn refreshed(generation: u64) -> Event {
    Event::Refreshed {
        generation,
        scopes: None,
        expires_at: at(7_200),
    }
}

fn failed(generation: u64, lost: bool) -> Event {
    Event::RefreshFailed {
        generation,
        reason: Reason::Unreachable,
        lost,
        next: at(60),
    }
}

fn ended(generation: u64) -> Event {
    Event::Ended {
        generation,
        reason: Reason::ReplacedElsewhere,
    }
}

/// Its name, what happens, how it stands afterwards, why, and with which generation.
type Story = (
    &'static str,
    Vec<Event>,
    ConnectionState,
    Option<Reason>,
    u64,
);

#[test]
fn the_table() {
    use ConnectionState as S;
    use Event::{Disconnected, Granted, RefreshBegan};
    use Reason as R;
    let began = |generation| RefreshBegan { generation };
    let id = AttemptId::new();
    let started = || Event::AttemptStarted(Waiting { id, until: at(600) });
    let declined = || Event::AttemptEnded {
        id,
        reason: R::Declined,
    };
    let cancelled = || Event::AttemptEnded {
        id,
        reason: R::Cancelled,
    };
    let asked = || Event::ApprovalAsked {
        client_id: "app".into(),
    };
    let given = |app: &str| Event::ApprovalGiven {
        client_id: app.into(),
    };
    let moot = || Event::ApprovalMoot {
        client_id: "app".into(),
    };
    let stories: Vec<Story> = vec![
        (
            "asked while the browser stands at Zoom's page",
            vec![started(), asked()],
            S::PreApprovalRequested,
            Some(R::ApprovalAwaited),
            0,
        ),
        (
            "trying again",
            vec![asked(), started()],
            S::Authorizing,
            Some(R::ApprovalAwaited),
            0,
        ),
        (
            "given up again",
            vec![asked(), started(), cancelled()],
            S::PreApprovalRequested,
            Some(R::ApprovalAwaited),
            0,
        ),
        (
            "Zoom's consent page was there after all",
            vec![asked(), started(), declined()],
            S::Disconnected,
            Some(R::Declined),
            0,
        ),
        (
            "approved and connected",
            vec![asked(), started(), Granted(grant())],
            S::Connected,
            None,
            1,
        ),
        (
            "a colleague connected with the app",
            vec![asked(), given("app")],
            S::Disconnected,
            Some(R::Approved),
            0,
        ),
        (
            "a colleague connected with another app",
            vec![asked(), given("other")],
            S::PreApprovalRequested,
            Some(R::ApprovalAwaited),
            0,
        ),
        (
            "approved, and asked again",
            vec![asked(), given("app"), asked()],
            S::PreApprovalRequested,
            Some(R::ApprovalAwaited),
            0,
        ),
        (
            "the app is another one now",
            vec![asked(), moot()],
            S::Disconnected,
            None,
            0,
        ),
        (
            "asked while connected",
            vec![Granted(grant()), asked()],
            S::Connected,
            None,
            1,
        ),
        (
            "asked where the app was switched off",
            vec![Granted(grant()), began(1), ended(1), asked()],
            S::PreApprovalRequested,
            Some(R::ApprovalAwaited),
            1,
        ),
        (
            "asked, then disconnected",
            vec![asked(), Disconnected],
            S::Disconnected,
            Some(R::Revoked),
            1,
        ),
        ("a browser opens", vec![started()], S::Authorizing, None, 0),
        (
            "declined",
            vec![started(), declined()],
            S::Disconnected,
            Some(R::Declined),
            0,
        ),
        (
            "granted",
            vec![started(), Granted(grant())],
            S::Connected,
            None,
            1,
        ),
        (
            "declining again keeps it",
            vec![Granted(grant()), started(), declined()],
            S::Connected,
            None,
            1,
        ),
        (
            "renewed",
            vec![Granted(grant()), began(1), refreshed(1)],
            S::Connected,
            None,
            2,
        ),
        (
            "in the way",
            vec![Granted(grant()), began(1), failed(1, false)],
            S::Retrying,
            Some(R::Unreachable),
            1,
        ),
        (
            "back by itself",
            vec![
                Granted(grant()),
                began(1),
                failed(1, false),
                began(1),
                refreshed(1),
            ],
            S::Connected,
            None,
            2,
        ),
        (
            "ended",
            vec![Granted(grant()), began(1), ended(1)],
            S::ReconnectRequired,
            Some(R::ReplacedElsewhere),
            1,
        ),
        (
            "lost, then dead",
            vec![
                Granted(grant()),
                began(1),
                failed(1, true),
                began(1),
                ended(1),
            ],
            S::ReconnectRequired,
            Some(R::AnswerLost),
            1,
        ),
        (
            "killed, then dead",
            vec![Granted(grant()), began(1), began(1), ended(1)],
            S::ReconnectRequired,
            Some(R::AnswerLost),
            1,
        ),
        (
            "lost, in the way, then dead",
            vec![
                Granted(grant()),
                began(1),
                failed(1, true),
                began(1),
                failed(1, false),
                began(1),
                ended(1),
            ],
            S::ReconnectRequired,
            Some(R::AnswerLost),
            1,
        ),
        (
            "in the way, then dead",
            vec![
                Granted(grant()),
                began(1),
                failed(1, false),
                began(1),
                ended(1),
            ],
            S::ReconnectRequired,
            Some(R::ReplacedElsewhere),
            1,
        ),
        (
            "disconnected",
            vec![Granted(grant()), Disconnected],
            S::Disconnected,
            Some(R::Revoked),
            2,
        ),
        (
            "an answer after the disconnect",
            vec![Granted(grant()), began(1), Disconnected, refreshed(1)],
            S::Disconnected,
            Some(R::Revoked),
            2,
        ),
        (
            "an end after a new consent",
            vec![Granted(grant()), began(1), Granted(grant()), ended(1)],
            S::Connected,
            None,
            2,
        ),
        (
            "connected again",
            vec![
                Granted(grant()),
                began(1),
                ended(1),
                started(),
                Granted(grant()),
            ],
            S::Connected,
            None,
            2,
        ),
    ];
    for (story, events, state, reason, generation) in stories {
        let record = run(events);
        assert_eq!(record.state(at(100)), state, "{story}");
        assert_eq!(record.reason(), reason, "{story}");
        assert_eq!(record.generation, generation, "{story}");
    }
}

#[test]
fn connected_without_a_needed_permission_is_no_secret() {
    let with = |scopes: &[&str]| {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        run([Event::Granted(Grant { scopes, ..grant() })])
    };
    let lacking = with(&["user:read:user", "meeting:read:meeting"]);
    assert_eq!(lacking.state(at(100)), ConnectionState::Connected);
    assert_eq!(lacking.reason(), Some(Reason::ScopeMissing));
    let classic = with(&[
        "user:read",
        "meeting:read",
        "meeting:write:admin",
        "meeting_summary:read",
    ]);
    assert_eq!(classic.reason(), None);
    let untold = with(&[]);
    assert_eq!(untold.reason(), None, "Zoom did not say what it granted");
}

#[test]
fn an_attempt_that_ran_out_shows_no_more() {
    let record = run([Event::AttemptStarted(Waiting {
        id: AttemptId::new(),
        until: at(600),
    })]);
    assert_eq!(record.state(at(599)), ConnectionState::Authorizing);
    assert_eq!(record.state(at(600)), ConnectionState::Disconnected);
}

#[test]
fn a_wait_counts_from_the_first_request() {
    let asked = || Event::ApprovalAsked {
        client_id: "app".into(),
    };
    let record = run([asked(), asked()]);
    assert_eq!(record.since(at(100)), at(1));
    assert_eq!(record.approval.unwrap().asked_at, at(1));
}

#[test]
fn a_record_from_before_approvals_were_kept_waits_for_none() {
    let stored = r#"{"link":{"state":"disconnected","reason":"cancelled"},"since":"2026-11-30T09:00:00Z","generation":2,"attempt":null}"#;
    let record: ConnectionRecord = serde_json::from_str(stored).unwrap();
    assert_eq!((record.approval, record.generation), (None, 2));
}

#[test]
fn a_disconnect_leaves_nothing_of_the_zoom_user() {
    let record = run([Event::Granted(grant()), Event::Disconnected]);
    let stored = serde_json::to_string(&record).unwrap();
    assert!(
        !stored.contains("dana") && !stored.contains("u1"),
        "{stored}"
    );
}

fn any_event() -> impl Strategy<Value = Event> {
    let generation = 0u64..4;
    prop_oneof![
        Just(Event::AttemptStarted(Waiting {
            id: AttemptId::new(),
            until: at(600)
        })),
        Just(Event::Granted(grant())),
        Just(Event::Adopted {
            client_id: "app".into(),
            scopes: vec![],
            expires_at: at(9_000)
        }),
        generation
            .clone()
            .prop_map(|generation| Event::RefreshBegan { generation }),
        generation.clone().prop_map(refreshed),
        (generation.clone(), any::<bool>()).prop_map(|(generation, lost)| failed(generation, lost)),
        generation.prop_map(ended),
        Just(Event::Disconnected),
        Just(Event::ApprovalAsked {
            client_id: "app".into()
        }),
        Just(Event::ApprovalGiven {
            client_id: "app".into()
        }),
    ]
}

fn generation_of(event: &Event) -> Option<u64> {
    match event {
        Event::RefreshBegan { generation }
        | Event::Refreshed { generation, .. }
        | Event::RefreshFailed { generation, .. }
        | Event::Ended { generation, .. } => Some(*generation),
        _ => None,
    }
}

proptest! {
    #[test]
    fn whatever_happens(events in prop::collection::vec(any_event(), 0..40)) {
        let mut record = ConnectionRecord::default();
        for (i, event) in events.into_iter().enumerate() {
            let stale = generation_of(&event).is_some_and(|asked| asked != record.generation);
            let before = record.clone();
            let after = record.step(event, at(i as i64));
            prop_assert!(!(stale && after.is_some()), "a late reply changed something");
            record = after.unwrap_or(record);
            prop_assert!(record.generation >= before.generation);
            let was_connected = matches!(before.link, Link::Connected { .. });
            let is_connected = matches!(record.link, Link::Connected { .. });
            prop_assert!(!was_connected || is_connected || record.reason().is_some());
        }
    }
}

#[test]
fn a_grant_stored_by_an_older_daemon_is_read() {
    let mut stored = serde_json::to_value(grant()).unwrap();
    let fields = stored.as_object_mut().unwrap();
    fields.remove("user_read_at");
    fields.remove("contested_email");
    assert_eq!(serde_json::from_value::<Grant>(stored).unwrap(), grant());
}

/// Case Z7: what Zoom says of its user is taken over, but never for another user or for keys that
/// were replaced.
#[test]
fn plan_email_and_name_follow_zoom_for_the_same_user_alone() {
    let connected = ConnectionRecord::default()
        .step(Event::Granted(grant()), Instant::from_second(1))
        .unwrap();
    let user = Profile {
        plan: ZoomPlan::Basic,
        name: "Dana R.".into(),
        ..grant().user
    };
    let read = |generation, user: Profile| Event::UserRead {
        generation,
        user,
        contested: None,
    };
    let now = Instant::from_second(2);
    let next = connected.step(read(connected.generation, user.clone()), now);
    let next = next.unwrap();
    assert_eq!(next.grant().unwrap().user, user);
    assert_eq!(next.grant().unwrap().user_read_at, Some(now));
    assert_eq!(next.generation, connected.generation);
    let other = Profile {
        id: "another".into(),
        ..user.clone()
    };
    assert_eq!(connected.step(read(connected.generation, other), now), None);
    assert_eq!(
        connected.step(read(connected.generation + 1, user), now),
        None
    );
}
