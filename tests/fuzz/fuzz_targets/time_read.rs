//! A text that may name times: an email of a stranger, or what somebody types.
//!
//! Any text is read, without a panic. The words of what was read are a piece of the text, no time
//! ends before it begins, and a start that books is one that was found.

#![no_main]

use greenroom_protocol::time::Instant;
use greenroomd::schedule::reading::{Frame, start, times};
use libfuzzer_sys::fuzz_target;

/// 2026-12-02T08:15:00Z, a Wednesday.
const NOW: i64 = 1_796_199_300;

/// Where people write: each pair has another order of day and month.
const FRAMES: [(&str, &str); 3] = [
    ("Europe/Berlin", "en_GB"),
    ("America/New_York", "en_US"),
    ("America/Toronto", "en_CA"),
];

fuzz_target!(|input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    for (zone, locale) in FRAMES {
        let now = Instant::from_second(NOW);
        let frame = Frame::new(now, zone, Some("Asia/Kolkata"), Some(locale)).expect("a frame");
        let read = times(text, &frame);
        for time in &read.times {
            assert!(!time.words.is_empty() && text.contains(&time.words));
            assert!(time.end.is_none_or(|end| end >= time.start), "{time:?}");
        }
        let doubts = read.ambiguous.iter().map(|it| &it.words);
        let left = read.unread.iter().map(|it| &it.words);
        for words in doubts.chain(left) {
            assert!(text.contains(words), "{words:?}");
        }
        let _ = start(text, &frame);
    }
});
