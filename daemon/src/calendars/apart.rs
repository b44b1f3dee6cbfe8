//! What goes by the owner's clock: whole days, and times without a zone.
//!
//! Owns how such a time becomes a span by any clock, and what of a calendar is apart from it.
//! Invariants: by the clock a calendar was read with, what is here becomes what was read; by another
//! one, what would have been read with that. Where both cannot be, it is said to be mixed, for a
//! guess could leave time free that is taken.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::series::WIDEST;
use super::zone::Zone;
use crate::schedule::ranges::{Seconds, merged};

/// A time by its owner's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "(i64, i64, i64)", from = "(i64, i64, i64)")]
pub struct LocalSpan {
    /// When it begins, in local seconds since 1970-01-01T00:00.
    pub start: i64,
    /// How long it lasts by the clock, in seconds.
    pub clock: i64,
    /// How long after that, in seconds that pass.
    pub seconds: i64,
}

impl From<(i64, i64, i64)> for LocalSpan {
    fn from((start, clock, seconds): (i64, i64, i64)) -> Self {
        Self {
            start,
            clock,
            seconds,
        }
    }
}

impl From<LocalSpan> for (i64, i64, i64) {
    fn from(span: LocalSpan) -> Self {
        (span.start, span.clock, span.seconds)
    }
}

impl LocalSpan {
    /// When it begins and ends by a clock; backwards where it is written so.
    pub(super) fn moments(self, zone: &Zone) -> (i64, i64) {
        let (start, end) = (
            zone.to_utc(self.start),
            zone.to_utc(self.start + self.clock),
        );
        let end = match self.clock > 0 && end <= start {
            // It begins where the clocks leave an hour out.
            true => start + self.clock,
            false => end,
        };
        (start, end + self.seconds)
    }

    /// Whether it may be between two moments, whatever the clock.
    pub(super) fn is_near(self, span: &Seconds) -> bool {
        let (one, other) = (self.start, self.start + self.clock + self.seconds);
        one.min(other) < span.end + WIDEST && one.max(other) > span.start - WIDEST
    }
}

/// When somebody is busy, apart by what their times go by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Apart {
    /// What goes by other clocks: in order, and apart.
    pub fixed: Vec<Seconds>,
    /// What goes by the owner's: in order, each once.
    pub local: Vec<LocalSpan>,
    /// Whether some of it goes by both, and is in neither.
    pub is_mixed: bool,
}

impl Apart {
    /// When the owner is busy between two moments by another clock of theirs; `None`: only the
    /// calendar itself tells.
    #[must_use]
    pub fn told(&self, zone: &TimeZone, span: &Seconds) -> Option<Vec<Seconds>> {
        if self.is_mixed {
            return None;
        }
        let zone = Zone::Known(zone.clone());
        let local = self.local.iter().map(|it| {
            let (start, end) = it.moments(&zone);
            start.min(end).max(span.start)..start.max(end).min(span.end)
        });
        let fixed = self.fixed.iter();
        let fixed = fixed.map(|it| it.start.max(span.start)..it.end.min(span.end));
        Some(merged(fixed.chain(local).collect()))
    }

    pub(super) fn in_order(&mut self) {
        self.fixed = merged(std::mem::take(&mut self.fixed));
        self.local.sort_unstable();
        self.local.dedup();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Frame, Read, read};
    use super::*;

    const ZONES: [&str; 8] = [
        "Europe/Berlin",
        "America/New_York",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Pacific/Chatham",
        "Pacific/Kiritimati",
        "Pacific/Pago_Pago",
        "UTC",
    ];

    /// 2026-09-28 and half a year: the clocks of both halves of the world change within.
    const SPAN: Seconds = 1_790_553_600..1_806_278_400;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).expect("a zone")
    }

    fn by(text: &str, name: &str) -> Read {
        let frame = Frame {
            span: SPAN,
            zone: zone(name),
            addresses: &[],
            is_ours: &|_| false,
        };
        read(text, &frame).expect("a calendar")
    }

    fn calendar(entries: &[String]) -> String {
        let entries = entries.iter().enumerate().map(|(n, lines)| {
            format!("BEGIN:VEVENT\r\nUID:{n}@x.example\r\n{lines}\r\nEND:VEVENT\r\n")
        });
        let entries: String = entries.collect();
        format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{entries}END:VCALENDAR\r\n")
    }

    #[test]
    fn only_what_names_no_clock_goes_by_the_owners() {
        for (lines, fixed, local) in [
            ("DTSTART:20261201T090000Z\r\nDURATION:PT1H", 1, 0),
            (
                "DTSTART;TZID=Asia/Tokyo:20261201T090000\r\nDURATION:PT1H",
                1,
                0,
            ),
            ("DTSTART:20261201T090000\r\nDURATION:PT1H", 0, 1),
            (
                "DTSTART;VALUE=DATE:20261201\r\nRRULE:FREQ=DAILY;COUNT=3",
                0,
                3,
            ),
            (
                "DTSTART:20261201T090000\r\nDURATION:PT1H\r\nTRANSP:TRANSPARENT",
                0,
                0,
            ),
        ] {
            let apart = by(&calendar(&[lines.to_owned()]), "Europe/Berlin").apart;
            let found = (apart.fixed.len(), apart.local.len(), apart.is_mixed);
            assert_eq!(found, (fixed, local, false), "{lines}");
        }
        let zoned = "BEGIN:VCALENDAR\r\nX-WR-TIMEZONE:Asia/Tokyo\r\nBEGIN:VEVENT\r\n\
             DTSTART:20261201T090000\r\nDURATION:PT1H\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        let apart = by(zoned, "Europe/Berlin").apart;
        assert_eq!((apart.fixed.len(), apart.local.len()), (1, 0));
    }

    #[test]
    fn what_goes_by_two_clocks_is_not_guessed() {
        for lines in [
            "DTSTART:20261201T090000\r\nDTEND:20261201T100000Z",
            "DTSTART:20261201T090000\r\nDURATION:PT1H\r\n\
             RRULE:FREQ=DAILY;UNTIL=20261210T080000Z",
            "DTSTART;VALUE=DATE:20261201\r\nRRULE:FREQ=DAILY;COUNT=3\r\n\
             EXDATE:20261202T000000Z",
            "DTSTART:20261201T090000Z\r\nDURATION:PT1H\r\nRDATE:20261202T090000",
        ] {
            let apart = by(&calendar(&[lines.to_owned()]), "Europe/Berlin").apart;
            assert!(apart.is_mixed, "{lines}");
            assert_eq!(apart.told(&zone("UTC"), &SPAN), None, "{lines}");
        }
        // It takes no time, so it is in nobody's way.
        let free = "DTSTART:20261201T090000\r\nDTEND:20261201T100000Z\r\nTRANSP:TRANSPARENT";
        assert!(!by(&calendar(&[free.to_owned()]), "UTC").apart.is_mixed);
    }

    #[test]
    fn times_of_their_own_clock_are_stored_as_three_numbers() {
        let span = LocalSpan::from((1, 2, 3));
        let stored = serde_json::to_string(&span).expect("a text");
        assert_eq!(stored, "[1,2,3]");
        assert_eq!(serde_json::from_str::<LocalSpan>(&stored).ok(), Some(span));
    }

    /// What an entry may begin with, by each kind of clock.
    fn entry() -> impl Strategy<Value = String> {
        let start = (0..5_u8, 0..180_i64, 0..96_i64);
        let end = prop_oneof![
            Just(String::new()),
            (1..200_i64).prop_map(|it| format!("\r\nDURATION:PT{}M", it * 15)),
            (1..4_i64, 0..90_i64).prop_map(|(days, it)| format!("\r\nDURATION:P{days}DT{it}M")),
        ];
        let rule = prop_oneof![
            Just(String::new()),
            (1..40_u8, 1..4_u8)
                .prop_map(|(n, by)| format!("\r\nRRULE:FREQ=DAILY;COUNT={n};INTERVAL={by}")),
            Just("\r\nRRULE:FREQ=WEEKLY;BYDAY=SU,MO,SA".to_owned()),
        ];
        (start, end, rule, any::<bool>()).prop_map(|((kind, day, quarter), end, rule, except)| {
            let at = |day: i64| {
                let days = 20_722 + day;
                let second = days * 86_400 + quarter * 900;
                let at = jiff::Timestamp::from_second(second).expect("a moment");
                let at = at.to_zoned(TimeZone::UTC);
                match kind {
                    0 => at.strftime(";VALUE=DATE:%Y%m%d").to_string(),
                    1 | 2 => at.strftime(":%Y%m%dT%H%M%S").to_string(),
                    3 => at.strftime(":%Y%m%dT%H%M%SZ").to_string(),
                    _ => at
                        .strftime(";TZID=America/New_York:%Y%m%dT%H%M%S")
                        .to_string(),
                }
            };
            // A whole day with hours is no entry that anybody writes.
            let end = if kind == 0 { String::new() } else { end };
            let except = match except && !rule.is_empty() {
                true => format!("\r\nEXDATE{}", at(day + 7)),
                false => String::new(),
            };
            format!("DTSTART{}{end}{rule}{except}", at(day))
        })
    }

    proptest! {
        #[test]
        fn told_by_another_clock_it_is_what_would_have_been_read_with_it(
            entries in prop::collection::vec(entry(), 0..12),
            one in 0..ZONES.len(),
            other in 0..ZONES.len(),
        ) {
            let text = calendar(&entries);
            let read = by(&text, ZONES[one]);
            prop_assert!(!read.apart.is_mixed, "{text}");
            let same = read.apart.told(&zone(ZONES[one]), &SPAN);
            prop_assert_eq!(same, Some(read.busy), "{}", text);
            let moved = read.apart.told(&zone(ZONES[other]), &SPAN);
            prop_assert_eq!(moved, Some(by(&text, ZONES[other]).busy), "{}", text);
        }
    }
}
