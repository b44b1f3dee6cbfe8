//! What Graph says of people's time. Pure.
//!
//! Invariants: an entry that is not known to leave its time free takes it; whatever is no list of
//! entries is a reason, never free time. Titles and places are not even read.

use std::collections::HashMap;

use greenroom_protocol::pipeline::Window;
use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::calendars::panel::{self, Hidden, Piece, Told, Working};
use crate::schedule::hours::is_window;
use crate::schedule::ranges::Seconds;

/// Minutes of a slot of the view.
pub(super) const SLOT: i64 = 15;

const MIDNIGHT: u16 = 24 * 60;

/// A time by a zone's clock.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LocalTime {
    pub(super) date_time: String,
    pub(super) time_zone: String,
}

impl LocalTime {
    fn ambiguous(&self) -> Option<jiff::tz::AmbiguousTimestamp> {
        let zone = match self.time_zone.as_str() {
            "UTC" => TimeZone::UTC,
            name => panel::zone(name)?,
        };
        let time: DateTime = self.date_time.trim_end_matches('Z').parse().ok()?;
        Some(zone.to_ambiguous_timestamp(time))
    }
}

#[derive(Deserialize)]
struct Answer {
    value: Vec<Schedule>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Schedule {
    schedule_id: Option<String>,
    availability_view: Option<String>,
    schedule_items: Option<Vec<Item>>,
    working_hours: Option<Hours>,
    error: Option<Failure>,
}

/// An entry; it also has a title and a place, which nobody reads.
#[derive(Deserialize)]
struct Item {
    status: Option<String>,
    start: LocalTime,
    end: LocalTime,
}

impl Item {
    /// Whether it takes the time: what is not known to leave it free does.
    fn blocks(&self) -> bool {
        let status = self.status.as_deref().unwrap_or_default();
        let free = ["free", "workingElsewhere"];
        !free.iter().any(|it| it.eq_ignore_ascii_case(status))
    }

    /// In whole seconds that hold all of it.
    fn seconds(&self) -> Option<Seconds> {
        let (start, end) = (self.start.ambiguous()?, self.end.ambiguous()?);
        let (start, end) = (start.earlier().ok()?, end.later().ok()?);
        let last = end.as_second() + i64::from(end.subsec_nanosecond() > 0);
        (start <= end).then(|| start.as_second()..last)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Hours {
    #[serde(default)]
    days_of_week: Vec<String>,
    start_time: Option<String>,
    end_time: Option<String>,
    time_zone: Option<ZoneName>,
}

impl Hours {
    /// As weekly windows in a known zone. Hours that end on the next day, and those by a zone of
    /// their own making, are nothing that could be kept.
    fn read(&self) -> Option<Working> {
        let minute = |text: &Option<String>| {
            let time: Time = text.as_deref()?.parse().ok()?;
            u16::try_from(i32::from(time.hour()) * 60 + i32::from(time.minute())).ok()
        };
        let to_minute = match minute(&self.end_time)? {
            0 => MIDNIGHT,
            minute => minute,
        };
        let mut days: Vec<u8> = self
            .days_of_week
            .iter()
            .filter_map(|it| weekday(it))
            .collect();
        days.sort_unstable();
        days.dedup();
        let window = Window {
            days,
            from_minute: minute(&self.start_time)?,
            to_minute,
        };
        let zone = panel::zone(self.time_zone.as_ref()?.name.as_deref()?)?;
        is_window(&window).then_some(Working {
            hours: vec![window],
            zone: zone.iana_name()?.to_owned(),
        })
    }
}

#[derive(Deserialize)]
struct ZoneName {
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Failure {
    #[serde(default)]
    response_code: Option<String>,
}

/// What an answer says of each address; `None`: it is no answer.
pub(super) fn told(body: &[u8], piece: &Piece) -> Option<Vec<(String, Result<Told, Hidden>)>> {
    let answer = serde_json::from_slice::<Answer>(body).ok()?;
    let named = answer.value.into_iter().filter_map(|schedule| {
        let name = schedule.schedule_id.as_deref()?.trim().to_lowercase();
        Some((name, schedule))
    });
    let mut schedules: HashMap<_, _> = named.collect();
    let of = |address: &String| {
        let told = match schedules.remove(address) {
            Some(schedule) => of_schedule(&schedule, &piece.span),
            None => Err(Hidden::Missing),
        };
        (address.clone(), told)
    };
    Some(piece.addresses.iter().map(of).collect())
}

fn of_schedule(schedule: &Schedule, span: &Seconds) -> Result<Told, Hidden> {
    if let Some(failure) = &schedule.error {
        return Err(why(failure.response_code.as_deref().unwrap_or_default()));
    }
    let items = schedule.schedule_items.as_deref().unwrap_or_default();
    let mut known = Vec::with_capacity(items.len());
    let mut busy = Vec::new();
    for item in items {
        let at = item.seconds().ok_or(Hidden::Unreadable)?;
        if item.blocks() {
            busy.push(at.clone());
        }
        known.push(at);
    }
    let view = schedule.availability_view.as_deref().unwrap_or_default();
    let slots = (span.end - span.start + SLOT * 60 - 1) / (SLOT * 60);
    // What has neither entries nor a view says nothing.
    if items.is_empty() && i64::try_from(view.len()).ok() != Some(slots) {
        return Err(Hidden::Unreadable);
    }
    busy.extend(beside(view, &known, span));
    Ok(Told {
        busy,
        working: schedule.working_hours.as_ref().and_then(Hours::read),
    })
}

/// What the view has and no entry explains: of some calendars, such as those of groups and of other
/// systems, Exchange knows no more than that.
fn beside<'a>(
    view: &'a str,
    items: &'a [Seconds],
    span: &'a Seconds,
) -> impl Iterator<Item = Seconds> + 'a {
    let slots = (0_i64..).zip(view.bytes());
    let busy = slots.filter(|(_, digit)| !matches!(digit, b'0' | b'4'));
    let busy = busy.map(|(at, _)| {
        let start = span.start + at * SLOT * 60;
        start..start + SLOT * 60
    });
    busy.filter(|slot| {
        let mut items = items.iter();
        !items.any(|it| it.start < slot.end && slot.start < it.end)
    })
}

/// Why Exchange does not say when one of them is busy.
fn why(code: &str) -> Hidden {
    match code {
        "ErrorMailRecipientNotFound" | "ErrorInvalidSmtpAddress" | "ErrorNonExistentMailbox" => {
            Hidden::NotFound
        }
        "ErrorNoFreeBusyAccess" | "ErrorAccessDenied" => Hidden::NoAccess,
        "ErrorFreeBusyDLLimitReached" => Hidden::Group,
        "ErrorResultSetTooBig" | "ErrorTimeIntervalTooBig" => Hidden::TooMuch,
        _ => Hidden::Trouble,
    }
}

/// 1 Monday to 7 Sunday.
fn weekday(name: &str) -> Option<u8> {
    let days = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    let at = days.iter().position(|it| it.eq_ignore_ascii_case(name))?;
    u8::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// 2026-11-30T00:00:00Z, and four hours from there.
    const MONDAY: i64 = 1_795_996_800;

    const HOUR: i64 = 3600;

    const FREE: &str = "0000000000000000";

    fn piece() -> Piece {
        Piece {
            addresses: vec!["a@x.example".into()],
            span: MONDAY..MONDAY + 4 * HOUR,
        }
    }

    fn of(schedule: &Value) -> Result<Told, Hidden> {
        let mut schedule = schedule.clone();
        if schedule.get("scheduleId").is_none() {
            schedule["scheduleId"] = "A@x.example".into();
        }
        let body = json!({ "value": [schedule] }).to_string();
        let told = told(body.as_bytes(), &piece()).expect("an answer");
        told.into_iter().next().expect("one").1
    }

    fn time(text: &str, zone: &str) -> Value {
        json!({ "dateTime": text, "timeZone": zone })
    }

    fn entry(status: &str, from: &str, to: &str) -> Value {
        json!({
            "status": status, "subject": "Dentist", "location": "Elm Street",
            "start": time(from, "UTC"), "end": time(to, "UTC"),
        })
    }

    fn busy(spans: &[(i64, i64)]) -> Vec<Seconds> {
        let minutes = |it: &(i64, i64)| MONDAY + it.0 * 60..MONDAY + it.1 * 60;
        spans.iter().map(minutes).collect()
    }

    #[test]
    fn free_and_working_elsewhere_leave_the_time_and_all_else_takes_it() {
        for (status, takes) in [
            ("free", false),
            ("workingElsewhere", false),
            ("tentative", true),
            ("busy", true),
            ("oof", true),
            ("unknown", true),
            ("somethingNew", true),
            ("", true),
        ] {
            let items = [entry(
                status,
                "2026-11-30T01:00:00.0000000",
                "2026-11-30T02:00:00.0000000",
            )];
            let told = of(&json!({ "scheduleItems": items, "availabilityView": FREE }));
            let expected = match takes {
                true => busy(&[(60, 120)]),
                false => vec![],
            };
            assert_eq!(told.unwrap().busy, expected, "{status}");
        }
        let without = json!([{
            "start": time("2026-11-30T01:00:00", "UTC"), "end": time("2026-11-30T02:00:00", "UTC"),
        }]);
        let told = of(&json!({ "scheduleItems": without, "availabilityView": FREE }));
        assert_eq!(told.unwrap().busy, busy(&[(60, 120)]));
    }

    #[test]
    fn times_are_by_the_zone_they_name() {
        let items = json!([
            { "status": "busy", "start": time("2026-11-30T02:00:00", "W. Europe Standard Time"),
              "end": time("2026-11-30T03:00:00.5000000", "Europe/Berlin") },
        ]);
        let told = of(&json!({ "scheduleItems": items, "availabilityView": FREE }));
        let span = MONDAY + HOUR..MONDAY + 2 * HOUR + 1;
        assert_eq!(told.unwrap().busy, std::slice::from_ref(&span));
        let items = json!([{ "status": "busy", "start": time("2026-11-30T02:00:00", "Mars"),
              "end": time("2026-11-30T03:00:00", "UTC") }]);
        let told = of(&json!({ "scheduleItems": items, "availabilityView": FREE }));
        assert_eq!(told, Err(Hidden::Unreadable));
    }

    #[test]
    fn what_only_the_view_has_takes_the_time_too() {
        let view = "0120030400000005";
        let told = of(&json!({ "scheduleItems": [], "availabilityView": view }));
        assert_eq!(
            told.unwrap().busy,
            busy(&[(15, 30), (30, 45), (75, 90), (225, 240)])
        );
        // An entry explains the slots it is in, however much of them it takes.
        let items = [entry("busy", "2026-11-30T00:20:00", "2026-11-30T00:40:00")];
        let told = of(&json!({ "scheduleItems": items, "availabilityView": "0220000000000000" }));
        assert_eq!(told.unwrap().busy, busy(&[(20, 40)]));
    }

    #[test]
    fn whatever_is_no_list_of_entries_is_a_reason_and_never_free() {
        assert_eq!(
            of(&json!({ "scheduleItems": [], "availabilityView": FREE })),
            Ok(Told::default())
        );
        for (schedule, expected) in [
            (json!({}), Hidden::Unreadable),
            (json!({ "scheduleItems": [] }), Hidden::Unreadable),
            (
                json!({ "scheduleItems": [], "availabilityView": "00" }),
                Hidden::Unreadable,
            ),
            (
                json!({ "scheduleItems": [entry("busy", "2026-11-30T02:00:00", "2026-11-30T01:00:00")],
                    "availabilityView": FREE }),
                Hidden::Unreadable,
            ),
            (
                json!({ "scheduleId": "b@x.example", "availabilityView": FREE }),
                Hidden::Missing,
            ),
            (
                json!({ "scheduleItems": [], "availabilityView": FREE, "error": {} }),
                Hidden::Trouble,
            ),
        ] {
            assert_eq!(of(&schedule), Err(expected), "{schedule}");
        }
        for (code, expected) in [
            ("ErrorMailRecipientNotFound", Hidden::NotFound),
            ("ErrorNoFreeBusyAccess", Hidden::NoAccess),
            ("ErrorFreeBusyDLLimitReached", Hidden::Group),
            ("ErrorFreeBusyGenerationFailed", Hidden::Trouble),
            ("ErrorSomethingNew", Hidden::Trouble),
        ] {
            let error = json!({ "availabilityView": FREE, "scheduleItems": [],
                "error": { "message": "m", "responseCode": code } });
            assert_eq!(of(&error), Err(expected), "{code}");
        }
        for none in ["", "<html>", r#"{"value":7}"#] {
            assert!(told(none.as_bytes(), &piece()).is_none(), "{none}");
        }
    }

    #[test]
    fn hours_are_taken_where_they_can_be_kept() {
        let hours = |days: &[&str], from: &str, to: &str, zone: &str| {
            let told = of(&json!({
                "scheduleItems": [], "availabilityView": FREE,
                "workingHours": { "daysOfWeek": days, "startTime": from, "endTime": to,
                    "timeZone": { "name": zone } },
            }));
            told.unwrap().working
        };
        let berlin = hours(
            &["friday", "monday"],
            "08:30:00.0000000",
            "17:00:00.0000000",
            "W. Europe Standard Time",
        );
        let window = Window {
            days: vec![1, 5],
            from_minute: 510,
            to_minute: 1020,
        };
        let expected = Working {
            hours: vec![window],
            zone: "Europe/Berlin".into(),
        };
        assert_eq!(berlin, Some(expected));
        let late = hours(&["sunday"], "15:00:00", "00:00:00", "UTC").unwrap();
        assert_eq!(late.hours[0].to_minute, MIDNIGHT);
        let (zone, nine, five) = ("Europe/Berlin", "09:00:00", "17:00:00");
        for (days, from, to, zone) in [
            (&["monday"][..], "22:00:00", "06:00:00", zone),
            (&[], nine, five, zone),
            (&["someday"], nine, five, zone),
            (&["monday"], "nine", five, zone),
            (&["monday"], nine, five, "Customized Time Zone"),
        ] {
            assert_eq!(
                hours(days, from, to, zone),
                None,
                "{days:?} {from} {to} {zone}"
            );
        }
    }
}
