//! Reading a start as people and scripts write it.
//!
//! Invariant: a local time that does not exist or comes twice is never guessed; both readings are
//! named instead.

use greenroom_protocol::time::Instant;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

/// A start, with the zone it was meant in and the offset that was assumed.
#[derive(Debug, Clone, PartialEq)]
pub struct Start {
    /// The moment.
    pub instant: Instant,
    /// The IANA zone.
    pub zone: String,
    /// The zone's offset then, such as `+05:30`.
    pub offset: String,
}

/// A start that cannot be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NotATime {
    /// No such zone.
    #[error("There is no time zone `{0}`")]
    Zone(String),
    /// No time is in it.
    #[error("`{0}` names no time")]
    Form(String),
    /// A day, without an hour.
    #[error("`{0}` names no hour")]
    NoHour(String),
    /// A stretch in which a time may lie, such as "after 3".
    #[error("`{0}` is no start but a stretch of time")]
    Window(String),
    /// More than one time.
    #[error("`{text}` names several times: {}", readings.join(", "))]
    Several {
        /// As written.
        text: String,
        /// The times, for people.
        readings: Vec<String>,
    },
    /// Words with several readings of which none comes first, or which contradict themselves.
    #[error("{}", ambiguous(words, why, readings))]
    Ambiguous {
        /// As written.
        words: String,
        /// Why no reading comes first.
        why: String,
        /// The readings, for people.
        readings: Vec<String>,
    },
    /// Words beside the time that may turn its meaning.
    #[error("`{0}` was not understood")]
    Unread(String),
    /// The clocks are put forward over it.
    #[error(
        "{local} does not exist in {zone}, where the clocks go forward then; it could mean {before} or {after}"
    )]
    Gap {
        /// As written.
        local: String,
        /// The zone.
        zone: String,
        /// With the offset before the change.
        before: Instant,
        /// With the offset after the change.
        after: Instant,
    },
    /// The clocks are put back over it.
    #[error(
        "{local} comes twice in {zone}, where the clocks go back then; it could mean {before} or {after}"
    )]
    Fold {
        /// As written.
        local: String,
        /// The zone.
        zone: String,
        /// The first time.
        before: Instant,
        /// The second time.
        after: Instant,
    },
}

/// Why words have no reading that comes first, as a sentence.
fn ambiguous(words: &str, why: &str, readings: &[String]) -> String {
    let could = match readings {
        [] => String::new(),
        all => format!("; it could mean {}", all.join(" or ")),
    };
    match why {
        "weekday-differs" => format!("The weekday and the date in `{words}` differ"),
        "dates-differ" => format!("The days in `{words}` differ"),
        "their-zone-unknown" => format!("The zone in `{words}` is not known"),
        "zone-ambiguous" => format!("The zone in `{words}` has several meanings{could}"),
        "clocks-go-forward" => {
            format!("`{words}` does not exist there, where the clocks go forward then{could}")
        }
        "clocks-go-back" => {
            format!("`{words}` comes twice there, where the clocks go back then{could}")
        }
        "out-of-range" => format!("`{words}` names no day"),
        _ => format!("`{words}` has several readings{could}"),
    }
}

/// The zone of that IANA name.
pub fn zone(name: &str) -> Result<TimeZone, NotATime> {
    TimeZone::get(name).map_err(|_| NotATime::Zone(name.chars().take(60).collect()))
}

/// Reads RFC 3339 with an offset, or a local time in `zone_name`.
pub fn start(text: &str, zone_name: &str) -> Result<Start, NotATime> {
    let zone = zone(zone_name)?;
    let text = text.trim();
    let timestamp = match text.parse::<Timestamp>() {
        Ok(timestamp) => timestamp,
        Err(_) => local(text, zone_name, &zone)?,
    };
    let instant = Instant::from(timestamp);
    Ok(Start {
        instant,
        zone: zone_name.to_owned(),
        offset: offset(&zone, instant),
    })
}

/// The zone's offset at a moment, such as `+05:30`.
pub fn offset(zone: &TimeZone, instant: Instant) -> String {
    instant
        .timestamp()
        .to_zoned(zone.clone())
        .strftime("%:z")
        .to_string()
}

/// From one moment to another as people in that zone read it: `Wed 25 Nov 10:00 to 10:45 CET`.
pub fn stretch(zone: &TimeZone, from: Instant, to: Instant) -> String {
    let local = |instant: Instant| instant.timestamp().to_zoned(zone.clone());
    let (from, to) = (local(from), local(to));
    let until = match from.date() == to.date() {
        true => to.strftime("%H:%M %Z"),
        false => to.strftime("%a %-d %b %H:%M %Z"),
    };
    format!("{} to {until}", from.strftime("%a %-d %b %H:%M"))
}

fn local(text: &str, zone_name: &str, zone: &TimeZone) -> Result<Timestamp, NotATime> {
    let form = || NotATime::Form(text.chars().take(60).collect());
    // A date alone would be read as midnight, which nobody means for an interview.
    let time = text
        .contains(':')
        .then(|| text.parse::<DateTime>().ok())
        .flatten()
        .ok_or_else(form)?;
    let moment = |offset: Offset| {
        offset
            .to_timestamp(time)
            .map(Instant::from)
            .map_err(|_| form())
    };
    let (local, zone_name) = (text.to_owned(), zone_name.to_owned());
    match zone.to_ambiguous_timestamp(time).offset() {
        AmbiguousOffset::Unambiguous { offset } => Ok(moment(offset)?.timestamp()),
        AmbiguousOffset::Gap { before, after } => {
            // The offset after the change gives the earlier of the two moments.
            let (before, after) = (moment(after)?, moment(before)?);
            Err(NotATime::Gap {
                local,
                zone: zone_name,
                before,
                after,
            })
        }
        AmbiguousOffset::Fold { before, after } => {
            let (before, after) = (moment(before)?, moment(after)?);
            Err(NotATime::Fold {
                local,
                zone: zone_name,
                before,
                after,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_stretch_is_told_as_people_there_read_it() {
        let at = |text: &str| Instant::from(text.parse::<Timestamp>().unwrap());
        for (name, from, to, told) in [
            (
                "Europe/Berlin",
                "2026-11-25T09:00:00Z",
                "2026-11-25T09:45:00Z",
                "Wed 25 Nov 10:00 to 10:45 CET",
            ),
            (
                "America/New_York",
                "2026-12-01T04:30:00Z",
                "2026-12-01T05:15:00Z",
                "Mon 30 Nov 23:30 to Tue 1 Dec 00:15 EST",
            ),
        ] {
            let zone = zone(name).unwrap();
            assert_eq!(stretch(&zone, at(from), at(to)), told);
        }
    }

    #[test]
    fn both_forms_name_the_same_moment() {
        let berlin = start("2026-12-01 10:00", "Europe/Berlin").expect("a local time");
        assert_eq!(berlin.instant.to_string(), "2026-12-01T09:00:00Z");
        assert_eq!(berlin.offset, "+01:00");
        let told = start("2026-12-01T14:30:00+05:30", "Europe/Berlin").expect("a moment");
        assert_eq!(told, berlin);
        assert_eq!(start("2026-12-01T10:00", "Europe/Berlin"), Ok(berlin));
    }

    #[test]
    fn a_time_that_does_not_exist_names_both_readings() {
        let found = start("2027-03-28 02:30", "Europe/Berlin").expect_err("the clocks go forward");
        let NotATime::Gap { before, after, .. } = found else {
            panic!("{found}")
        };
        assert_eq!(before.to_string(), "2027-03-28T00:30:00Z");
        assert_eq!(after.to_string(), "2027-03-28T01:30:00Z");
    }

    #[test]
    fn a_time_that_comes_twice_names_both_readings() {
        let found = start("2026-11-01 01:30", "America/New_York").expect_err("the clocks go back");
        let NotATime::Fold { before, after, .. } = found else {
            panic!("{found}")
        };
        assert_eq!(before.to_string(), "2026-11-01T05:30:00Z");
        assert_eq!(after.to_string(), "2026-11-01T06:30:00Z");
    }

    #[test]
    fn what_is_not_a_time_is_refused() {
        for text in [
            "",
            "tomorrow",
            "2026-12-01",
            "2026-13-01 10:00",
            "10:00",
            "2026-12-01 25:00",
        ] {
            assert!(
                matches!(start(text, "Europe/Berlin"), Err(NotATime::Form(_))),
                "{text}"
            );
        }
        assert!(matches!(
            start("2026-12-01 10:00", "Mars/Base"),
            Err(NotATime::Zone(_))
        ));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,40}", zone in "[A-Za-z/_]{0,20}") {
            let _ = start(&text, &zone);
        }

        #[test]
        fn a_moment_written_in_its_zone_reads_back(second in 1_700_000_000i64..1_900_000_000) {
            let minute = Instant::from_second(second - second % 60);
            for name in ["America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"] {
                let there = minute.timestamp().to_zoned(zone(name).expect("a zone"));
                match start(&there.strftime("%Y-%m-%d %H:%M").to_string(), name) {
                    Ok(read) => prop_assert_eq!(read.instant, minute),
                    Err(NotATime::Fold { before, after, .. }) => prop_assert!(minute == before || minute == after),
                    Err(other) => prop_assert!(false, "{}", other),
                }
            }
        }
    }
}
