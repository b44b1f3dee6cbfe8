//! What mail servers and Graph answer: to a log-in, to a message, and where a folder's changes go on.
//!
//! Why a log-in was refused is said in our own words alone; a message that may have been taken is never called refused or waiting; a
//! limit ends within an hour; and no address leads away from Graph, for a token travels with it.

#![no_main]

use greenroom_fuzz::{Answer, is_harmless};
use greenroomd::mail::fuzzing::{GRAPH, log_in_refused, page, sent};
use greenroomd::outbox::Handed;
use greenroomd::zoom::fuzzing::now;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some(answer) = Answer::read(input) else {
        return;
    };
    let Answer {
        status,
        retry_after,
        body,
    } = answer;
    let words = String::from_utf8_lossy(body);
    for told in log_in_refused(status, &words) {
        assert!(told.chars().count() <= 700 && is_harmless(&told), "{told}");
    }
    match sent(status, retry_after, body, now()) {
        Handed::Taken => panic!("nothing but 202 says so"),
        Handed::Unknown(_) => assert!(!(400..500).contains(&status) || status == 408),
        Handed::Refused { .. } | Handed::NotTaken(_) => {
            assert!((400..500).contains(&status), "{status} may have been taken");
        }
        Handed::NotBefore { until, .. } => {
            assert!(status == 429 || status == 503);
            let wait = until.since(now()).as_secs();
            assert!((0..=3600).contains(&wait), "{wait}");
        }
    }
    if let Some((link, names)) = page(body) {
        let url = url::Url::parse(&link).expect("an address");
        assert_eq!(
            url.origin(),
            url::Url::parse(GRAPH).expect("an address").origin()
        );
        assert!(url.path().starts_with("/v1.0/"));
        for name in names {
            assert!(!name.is_empty() && name.bytes().all(|it| it.is_ascii_graphic()));
        }
    }
});
