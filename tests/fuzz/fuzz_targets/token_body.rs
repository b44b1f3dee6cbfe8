//! What the token endpoint answers a renewal.
//!
//! Keys come of a 200 only, and can be used: they fit into a header, and their end into a calendar. A grant is called dead only
//! where Zoom says so. After a 5xx nothing is taken for undone unless Zoom says that it refused.

#![no_main]

use greenroom_fuzz::{Answer, ends_within_a_day, is_harmless};
use greenroomd::zoom::fuzzing::{Failure, Keys, now, refreshed};
use libfuzzer_sys::fuzz_target;
use serde::Deserialize;
use serde_json::Value;

fuzz_target!(|input: &[u8]| {
    let Some(Answer {
        status,
        retry_after,
        body,
    }) = Answer::read(input)
    else {
        return;
    };
    let said: Said = serde_json::from_slice(body).unwrap_or_default();
    match refreshed(status, retry_after, body) {
        Ok(keys) => {
            assert_eq!(status, 200);
            are_usable(&keys, body);
        }
        Err(Failure::Dead(_)) => {
            let ended = said.error.as_deref() == Some("invalid_grant");
            assert!(ended || said.reason.as_deref() == Some("Invalid Token!"));
        }
        Err(Failure::Passing(_)) => {
            let refused = said.error.is_some() || said.code.is_some();
            assert!(
                (400..500).contains(&status) || refused,
                "{status} is no refusal"
            );
        }
        Err(Failure::Limited { until }) => {
            assert_eq!(status, 429);
            ends_within_a_day(until);
        }
        Err(Failure::Lost(_)) => {
            assert!(!(400..500).contains(&status), "{status} is a refusal");
        }
    }
});

/// What a refusal says.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Said {
    error: Option<String>,
    reason: Option<String>,
    #[serde(rename = "errorCode")]
    code: Option<u64>,
}

fn are_usable(keys: &Keys, body: &[u8]) {
    let said: Value = serde_json::from_slice(body).unwrap_or_default();
    for (secret, name) in [
        (&keys.access, "access_token"),
        (&keys.refresh, "refresh_token"),
    ] {
        assert!(
            !secret.is_empty() && secret.bytes().all(|byte| byte.is_ascii_graphic()),
            "{secret:?}"
        );
        assert!(said[name].is_null() || said[name] == **secret);
    }
    assert!(now().plus_seconds(keys.expires_in) >= now());
    let scopes = keys.scopes.as_deref().unwrap_or_default();
    assert!(scopes.len() <= 200, "{} permissions", scopes.len());
    for scope in scopes {
        assert!(!scope.is_empty() && is_harmless(scope), "{scope:?}");
    }
}
