//! Which zones a name can be.
//!
//! Owns who means what by a shared abbreviation. Must not know how a zone is written.

use jiff::tz::{Offset, TimeZone};

use crate::schedule::reading::said::{Frame, Place};

use super::names::{SHARED, SHORT};
use super::{ZoneReading, ZoneSaid};

/// The readings of a zone, the primary first; several that are equal when the second is `true`.
pub(in crate::schedule::reading) fn readings(
    said: Option<&ZoneSaid>,
    frame: &Frame,
) -> (Vec<ZoneReading>, bool) {
    let one = |place: Place| {
        let reading = ZoneReading {
            place,
            literal: None,
        };
        (vec![reading], false)
    };
    match said {
        None => one(frame.mine.clone()),
        Some(ZoneSaid::Mine) => one(frame.own.as_ref().unwrap_or(&frame.mine).clone()),
        Some(ZoneSaid::Theirs) => match &frame.theirs {
            Some(theirs) => one(theirs.clone()),
            None => (Vec::new(), true),
        },
        Some(ZoneSaid::Named(name)) => place(name).map_or((Vec::new(), true), one),
        Some(ZoneSaid::Offset(seconds)) => fixed(*seconds, frame).map_or((Vec::new(), true), one),
        Some(ZoneSaid::Short(low)) => of_short(low, frame),
    }
}

fn place(name: &str) -> Option<Place> {
    let zone = TimeZone::get(name).ok()?;
    let name = zone.iana_name().unwrap_or(name).to_owned();
    Some(Place { name, zone })
}

/// A fixed offset. Only whole hours have an IANA name; the others are named by their offset's
/// place.
fn fixed(seconds: i32, frame: &Frame) -> Option<Place> {
    let named = |name: String| place(&name);
    if seconds == 0 {
        return named("UTC".to_owned());
    }
    if seconds % 3600 == 0 {
        let hours = seconds / 3600;
        // POSIX counts westwards.
        return named(format!(
            "Etc/GMT{}{}",
            if hours > 0 { '-' } else { '+' },
            hours.abs()
        ));
    }
    let zone = TimeZone::fixed(Offset::from_seconds(seconds).ok()?);
    let name = match seconds / 60 {
        330 => "Asia/Kolkata",
        345 => "Asia/Kathmandu",
        210 => "Asia/Tehran",
        270 => "Asia/Kabul",
        390 => "Asia/Yangon",
        _ => &frame.mine.name,
    };
    Some(Place {
        name: name.to_owned(),
        zone,
    })
}

fn of_short(low: &str, frame: &Frame) -> (Vec<ZoneReading>, bool) {
    let reading = |name: &str, minutes: i32| {
        let place = place(name)?;
        let literal = (minutes != i32::MAX).then(|| minutes * 60);
        Some(ZoneReading { place, literal })
    };
    if let Some((_, several)) = SHARED.iter().find(|row| row.0 == low) {
        let concerned = [frame.theirs.as_ref(), Some(&frame.mine)];
        for person in concerned.into_iter().flatten() {
            let theirs = several
                .iter()
                .find(|(name, _)| same_country(low, name, &person.name));
            if let Some((name, minutes)) = theirs {
                // The zone they are in, where it is one of that country's.
                return (reading(name, *minutes).into_iter().collect(), false);
            }
        }
        let all = several
            .iter()
            .filter_map(|(name, minutes)| reading(name, *minutes));
        return (all.collect(), true);
    }
    let australian = frame.mine.name.starts_with("Australia/");
    let row = match low {
        "est" | "edt" if australian => {
            Some(("", "Australia/Sydney", if low == "est" { 600 } else { 660 }))
        }
        "pst" if frame.mine.name == "Asia/Manila" => Some(("", "Asia/Manila", 480)),
        _ => SHORT.iter().find(|row| row.0 == low).copied(),
    };
    let found = row.and_then(|(_, name, minutes)| reading(name, minutes));
    let none = found.is_none();
    (found.into_iter().collect(), none)
}

/// Whether who is in `zone` means, by a shared abbreviation, the one of `place`.
fn same_country(low: &str, place: &str, zone: &str) -> bool {
    if place == zone {
        return true;
    }
    match (low, place) {
        ("cst", "America/Chicago") => zone.starts_with("America/") && zone != "America/Havana",
        ("cst", "Asia/Shanghai") => matches!(
            zone,
            "Asia/Taipei" | "Asia/Macau" | "Asia/Urumqi" | "PRC" | "Asia/Chongqing" | "Asia/Harbin"
        ),
        ("ist", "Asia/Kolkata") => zone == "Asia/Calcutta",
        ("ist", "Asia/Jerusalem") => matches!(zone, "Asia/Tel_Aviv" | "Israel"),
        ("ist", "Europe/Dublin") => zone == "Eire",
        ("bst", "Europe/London") => matches!(
            zone,
            "GB" | "Europe/Belfast" | "Europe/Jersey" | "Europe/Guernsey" | "Europe/Isle_of_Man"
        ),
        ("bst", "Asia/Dhaka") => zone == "Asia/Dacca",
        ("ast", "America/Halifax") => zone.starts_with("America/") || zone == "Atlantic/Bermuda",
        ("ast", "Asia/Riyadh") => matches!(
            zone,
            "Asia/Kuwait" | "Asia/Qatar" | "Asia/Bahrain" | "Asia/Aden" | "Asia/Baghdad"
        ),
        _ => false,
    }
}
