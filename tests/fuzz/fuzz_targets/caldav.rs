//! What a CalDAV server answers: XML about places, entries and colleagues.
//!
//! Any text is read, without a panic and soon, and what comes out of it is no longer than it. The
//! texts of the entries in it are read as calendars are.

#![no_main]

use greenroomd::caldav::fuzzing::entries;
use greenroomd::calendars::{Frame, read_pieces};
use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;

/// 2026-12-01T00:00:00Z, and 62 days later.
const SPAN: std::ops::Range<i64> = 1_796_083_200..1_801_440_000;

fuzz_target!(|input: &[u8]| {
    let text = String::from_utf8_lossy(input);
    let texts = entries(&text);
    assert!(texts.iter().map(String::len).sum::<usize>() <= text.len());
    let frame = Frame {
        span: SPAN,
        zone: TimeZone::UTC,
        addresses: &[],
        is_ours: &|_| false,
    };
    let read = read_pieces(&texts, &frame).expect("short enough");
    for pair in read.busy.windows(2) {
        assert!(pair[0].end < pair[1].start);
    }
});
