//! Local times and the VTIMEZONE that explains them, from the one time zone database everything
//! else here reads too.
//!
//! Only the changes around the event are written, each as an observance of its own: exact for rules
//! that hold for ever, for half hours, and for zones whose rules were changed. Source: RFC 5545,
//! 3.6.5.

use greenroom_protocol::time::Instant;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone, TimeZoneTransition};
use jiff::{SignedDuration, Timestamp};

use super::line::Lines;

/// Changes this long before and after the event are included, so that a calendar sees both of the
/// zone's yearly offsets.
const AROUND: SignedDuration = SignedDuration::from_hours(400 * 24);

/// When an event is, as a calendar reads it.
pub(super) enum Times {
    /// In a zone.
    Local {
        name: String,
        zone: TimeZone,
        start: DateTime,
        end: DateTime,
    },
    /// In UTC: the zone is UTC, or unknown, or the local time comes twice and the second is meant,
    /// for which local time has no word.
    Utc { start: Timestamp, end: Timestamp },
}

impl Times {
    pub fn new(name: &str, start: Instant, end: Instant) -> Self {
        let (start, end) = (start.timestamp(), end.timestamp());
        let utc = Self::Utc { start, end };
        let Ok(zone) = TimeZone::get(name) else {
            return utc;
        };
        if zone == TimeZone::UTC || matches!(name, "UTC" | "Etc/UTC") {
            return utc;
        }
        match (local(&zone, start), local(&zone, end)) {
            (Some(start), Some(end)) => Self::Local {
                // As the database spells it: it is asked without regard to case.
                name: zone.iana_name().unwrap_or(name).to_owned(),
                zone,
                start,
                end,
            },
            _ => utc,
        }
    }

    /// Writes the VTIMEZONE, where one is needed.
    pub fn zone(&self, calendar: &mut Lines, start: Instant, end: Instant) {
        let Self::Local { name, zone, .. } = self else {
            return;
        };
        calendar.plain("BEGIN", "VTIMEZONE");
        calendar.plain("TZID", name);
        observances(calendar, zone, start.timestamp(), end.timestamp());
        calendar.plain("END", "VTIMEZONE");
    }

    /// Writes DTSTART and DTEND.
    pub fn dates(&self, calendar: &mut Lines) {
        match self {
            Self::Local {
                name, start, end, ..
            } => {
                calendar.plain(&format!("DTSTART;TZID={name}"), &basic(*start));
                calendar.plain(&format!("DTEND;TZID={name}"), &basic(*end));
            }
            Self::Utc { start, end } => {
                calendar.plain("DTSTART", &utc(*start));
                calendar.plain("DTEND", &utc(*end));
            }
        }
    }
}

/// The moment in UTC, as iCalendar writes it.
pub(super) fn utc(moment: Timestamp) -> String {
    format!("{}Z", basic(Offset::UTC.to_datetime(moment)))
}

/// The local time, where it means this moment: one that comes twice means the first.
fn local(zone: &TimeZone, moment: Timestamp) -> Option<DateTime> {
    let local = zone.to_datetime(moment);
    let read = zone.to_ambiguous_timestamp(local).compatible().ok()?;
    (read == moment).then_some(local)
}

fn observances(calendar: &mut Lines, zone: &TimeZone, start: Timestamp, end: Timestamp) {
    let (from, to) = (
        start.saturating_sub(AROUND).unwrap_or(start),
        end.saturating_add(AROUND).unwrap_or(end),
    );
    let changes: Vec<_> = zone
        .following(from)
        .take_while(|change| change.timestamp() <= to)
        .collect();
    if changes
        .first()
        .is_none_or(|first| first.timestamp() > start)
    {
        // Nothing changed for long: what holds at the start has held all along.
        let offset = zone.to_offset(start);
        let name = zone.to_offset_info(start).abbreviation().to_owned();
        observance(
            calendar,
            "STANDARD",
            "19700101T000000",
            offset,
            offset,
            &name,
        );
    }
    for change in &changes {
        let before = before(zone, change);
        // Readers take for granted that clocks are put forward for summer. Where the law says that
        // winter is what is saved, as in Ireland, the database says so too; what counts is
        // the offset.
        let kind = match change.offset() > before {
            true => "DAYLIGHT",
            false => "STANDARD",
        };
        let onset = basic(before.to_datetime(change.timestamp()));
        observance(
            calendar,
            kind,
            &onset,
            before,
            change.offset(),
            change.abbreviation(),
        );
    }
}

/// The offset until a change.
fn before(zone: &TimeZone, change: &TimeZoneTransition<'_>) -> Offset {
    let second = SignedDuration::from_secs(1);
    let just_before = change.timestamp().saturating_sub(second);
    zone.to_offset(just_before.unwrap_or(change.timestamp()))
}

fn observance(calendar: &mut Lines, kind: &str, onset: &str, from: Offset, to: Offset, name: &str) {
    calendar.plain("BEGIN", kind);
    calendar.plain("DTSTART", onset);
    calendar.plain("TZOFFSETFROM", &signed(from));
    calendar.plain("TZOFFSETTO", &signed(to));
    calendar.text("TZNAME", name);
    calendar.plain("END", kind);
}

fn basic(local: DateTime) -> String {
    local.strftime("%Y%m%dT%H%M%S").to_string()
}

fn signed(offset: Offset) -> String {
    let seconds = offset.seconds();
    let (sign, seconds) = (if seconds < 0 { '-' } else { '+' }, seconds.unsigned_abs());
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match rest {
        0 => format!("{sign}{hours:02}{minutes:02}"),
        _ => format!("{sign}{hours:02}{minutes:02}{rest:02}"),
    }
}
