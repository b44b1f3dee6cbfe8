//! What Zoom's API answers a call.
//!
//! A refusal is named by its body, in JSON or XML; a 4xx that Zoom does not explain refused nothing and did nothing; an outcome that
//! may have happened is never called undone. Whatever a person may see is short and steers no terminal; a limit ends within a day
//! or so.

#![no_main]

use greenroom_fuzz::{Answer, ends_within_a_day, is_harmless};
use greenroom_protocol::text::steers;
use greenroomd::zoom::fuzzing::{answered, who_is};
use greenroomd::zoom::{Outcome, RefusalReason, ZoomMeeting};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|input: &[u8]| {
    let Some(answer) = Answer::read(input) else {
        return;
    };
    let Answer {
        status,
        retry_after,
        body,
    } = answer;
    let anything: Outcome<Value> = answered(status, retry_after, body);
    is_judged_by_status(&anything, status);
    if let Outcome::Done(value) = &anything {
        assert!(
            status == 204 || serde_json::from_slice::<Value>(body).ok().as_ref() == Some(value)
        );
    }
    let nothing: Outcome<()> = answered(status, retry_after, body);
    is_judged_by_status(&nothing, status);

    let meeting: Outcome<ZoomMeeting> = answered(status, retry_after, body);
    is_judged_by_status(&meeting, status);
    if let Outcome::Done(meeting) = meeting {
        let passcode = meeting.password.as_deref().unwrap_or_default();
        for text in [&meeting.uuid, &meeting.topic, &meeting.join_url, passcode] {
            assert!(!text.contains(steers), "{text:?}");
        }
    }
    let user = who_is(status, retry_after, body);
    is_judged_by_status(&user, status);
    if let Outcome::Done(user) = user {
        assert!(is_harmless(&user.id) && !user.id.is_empty());
        assert!(is_harmless(&user.email) && is_harmless(&user.name));
    }
});

fn is_judged_by_status<T>(outcome: &Outcome<T>, status: u16) {
    match outcome {
        Outcome::Done(_) => assert!((200..300).contains(&status)),
        Outcome::Refused(refusal) => {
            assert!((200..300).contains(&status) || (400..500).contains(&status));
            assert_eq!(refusal.status, status);
            assert!(is_harmless(&refusal.text), "{:?}", refusal.text);
            if let RefusalReason::MissingScope(scopes) = &refusal.reason {
                assert!(scopes.len() <= 200, "{} permissions", scopes.len());
                assert!(
                    scopes
                        .iter()
                        .all(|scope| !scope.is_empty() && is_harmless(scope))
                );
            }
        }
        Outcome::Limited { until } => {
            assert_eq!(status, 429);
            ends_within_a_day(*until);
        }
        Outcome::Lost(why) => {
            assert!(
                status == 408 || !(400..500).contains(&status),
                "{status} is a refusal"
            );
            assert!(is_harmless(why));
        }
        Outcome::NotSent(why) => {
            assert!((400..500).contains(&status), "{status} may have happened");
            assert!(is_harmless(why));
        }
        Outcome::Disconnected(_) => panic!("it was sent"),
    }
}
