//! A calendar somebody else wrote: from an address that we were given, or a file.
//!
//! Any bytes are read, without a panic and soon. What is busy is in order, apart and within what was
//! asked about, and warnings are harmless to show.

#![no_main]

use greenroom_fuzz::is_harmless;
use greenroomd::calendars::{Frame, read, text};
use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;

/// 2026-12-01T00:00:00Z, and 62 days later.
const SPAN: std::ops::Range<i64> = 1_796_083_200..1_801_440_000;

fuzz_target!(|input: &[u8]| {
    let addresses = ["sam@acme.example".to_owned()];
    let frame = Frame {
        span: SPAN,
        zone: TimeZone::get("Australia/Lord_Howe").expect("a zone"),
        addresses: &addresses,
        is_ours: &|uid| uid.ends_with("@greenroom"),
    };
    let Ok(read) = read(&text(input), &frame) else {
        return;
    };
    for it in &read.busy {
        assert!(SPAN.start <= it.start && it.start < it.end && it.end <= SPAN.end);
    }
    for pair in read.busy.windows(2) {
        assert!(pair[0].end < pair[1].start);
    }
    for warning in &read.warnings {
        assert!(is_harmless(&warning.message), "{}", warning.message);
    }
});
