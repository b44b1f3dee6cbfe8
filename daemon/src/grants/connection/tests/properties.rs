//! What holds whatever happens to a connection, and what older records say.

use greenroom_protocol::id::AttemptId;
use greenroom_protocol::time::Instant;
use greenroom_protocol::zoom::ConnectionState;
use proptest::prelude::*;

use super::{at, ended, failed, grant, refreshed, run};
use crate::grants::connection::{ConnectionRecord, Event, Grant, Link, Profile, Waiting};
use crate::grants::reason::Reason;
use crate::grants::terms::FIRST;
use crate::grants::terms::tests::EXAMPLE;

#[test]
fn connected_without_a_needed_permission_is_no_secret() {
    let with = |scopes: &[&str]| {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        run([Event::Granted(Grant { scopes, ..grant() })])
    };
    let lacking = with(&["person:read"]);
    assert_eq!(lacking.state(at(100)), ConnectionState::Connected);
    assert_eq!(lacking.reason(&EXAMPLE), Some(Reason::ScopeMissing));
    let whole = with(&["meetings:write", "person:read"]);
    assert_eq!(whole.reason(&EXAMPLE), None);
    let untold = with(&[]);
    assert_eq!(
        untold.reason(&EXAMPLE),
        None,
        "it was not said what was granted"
    );
}

#[test]
fn what_was_not_asked_for_is_not_missing() {
    let asked = vec!["person:read".to_owned()];
    let scopes = asked.clone();
    let part = run([Event::Granted(Grant {
        asked,
        scopes,
        ..grant()
    })]);
    assert_eq!(part.reason(&EXAMPLE), None);
    assert_eq!(part.grant().unwrap().missing(&EXAMPLE).count(), 0);
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
    assert_eq!((&record.approval, record.generation), (&None, 2));
    // It does not name its provider either, and is written as it was.
    assert_eq!(record.provider, FIRST);
    let written = serde_json::to_value(&record).unwrap();
    assert_eq!(written.get("provider"), None);
}

#[test]
fn a_disconnect_leaves_nothing_of_the_user() {
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
            prop_assert!(!was_connected || is_connected || record.reason(&EXAMPLE).is_some());
        }
    }
}

#[test]
fn a_grant_stored_by_an_older_daemon_is_read() {
    let mut stored = serde_json::to_value(grant()).unwrap();
    let fields = stored.as_object_mut().unwrap();
    fields.remove("user_read_at");
    fields.remove("contested_email");
    assert_eq!(fields.remove("asked"), None);
    let user = fields["user"].as_object().unwrap();
    assert_eq!(user["plan"], "licensed");
    assert_eq!(serde_json::from_value::<Grant>(stored).unwrap(), grant());
}

/// Case Z7: what a provider says of its user is taken over, but never for another user or for keys that
/// were replaced.
#[test]
fn plan_email_and_name_follow_the_provider_for_the_same_user_alone() {
    let connected = ConnectionRecord::default()
        .step(Event::Granted(grant()), Instant::from_second(1))
        .unwrap();
    let user = Profile {
        plan: Some("basic".into()),
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
