//! ★ Owns which time zone Zoom is given: it takes those of a list of its own, and refuses others.
//!
//! The zone only says in which digits Zoom shows a meeting; the moment is sent in UTC. So where
//! Zoom lacks a zone, one is good whose clocks say the same on that day and half a year around it.

use greenroom_protocol::time::Instant;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

/// Zones that Zoom takes, without names that IANA has given up where Zoom takes the newer one too.
/// From Zoom's "Timezones" table in "Abbreviation lists", as kept in
/// <https://github.com/PipedreamHQ/pipedream/blob/master/components/zoom_admin/zoom_tzs.mjs>.
const ZOOMS: [&str; 128] = [
    "Africa/Algiers",
    "Africa/Bangui",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/Djibouti",
    "Africa/Harare",
    "Africa/Johannesburg",
    "Africa/Khartoum",
    "Africa/Mogadishu",
    "Africa/Nairobi",
    "Africa/Nouakchott",
    "Africa/Tripoli",
    "Africa/Tunis",
    "America/Anchorage",
    "America/Araguaina",
    "America/Argentina/Buenos_Aires",
    "America/Bogota",
    "America/Caracas",
    "America/Chicago",
    "America/Costa_Rica",
    "America/Denver",
    "America/Edmonton",
    "America/El_Salvador",
    "America/Godthab",
    "America/Guatemala",
    "America/Halifax",
    "America/Lima",
    "America/Los_Angeles",
    "America/Managua",
    "America/Mazatlan",
    "America/Mexico_City",
    "America/Montevideo",
    "America/New_York",
    "America/Panama",
    "America/Phoenix",
    "America/Puerto_Rico",
    "America/Regina",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "America/Tegucigalpa",
    "America/Tijuana",
    "America/Vancouver",
    "America/Winnipeg",
    "Asia/Aden",
    "Asia/Almaty",
    "Asia/Amman",
    "Asia/Baghdad",
    "Asia/Bahrain",
    "Asia/Baku",
    "Asia/Bangkok",
    "Asia/Beirut",
    "Asia/Damascus",
    "Asia/Dhaka",
    "Asia/Dubai",
    "Asia/Hong_Kong",
    "Asia/Irkutsk",
    "Asia/Jakarta",
    "Asia/Jerusalem",
    "Asia/Kabul",
    "Asia/Kamchatka",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Krasnoyarsk",
    "Asia/Kuala_Lumpur",
    "Asia/Kuwait",
    "Asia/Magadan",
    "Asia/Muscat",
    "Asia/Nicosia",
    "Asia/Novosibirsk",
    "Asia/Qatar",
    "Asia/Riyadh",
    "Asia/Saigon",
    "Asia/Seoul",
    "Asia/Shanghai",
    "Asia/Singapore",
    "Asia/Taipei",
    "Asia/Tashkent",
    "Asia/Tehran",
    "Asia/Tokyo",
    "Asia/Vladivostok",
    "Asia/Yakutsk",
    "Asia/Yekaterinburg",
    "Atlantic/Azores",
    "Atlantic/Cape_Verde",
    "Atlantic/Reykjavik",
    "Australia/Adelaide",
    "Australia/Brisbane",
    "Australia/Darwin",
    "Australia/Hobart",
    "Australia/Perth",
    "Australia/Sydney",
    "Etc/Greenwich",
    "Europe/Amsterdam",
    "Europe/Athens",
    "Europe/Belgrade",
    "Europe/Berlin",
    "Europe/Brussels",
    "Europe/Bucharest",
    "Europe/Budapest",
    "Europe/Copenhagen",
    "Europe/Dublin",
    "Europe/Helsinki",
    "Europe/Istanbul",
    "Europe/Kiev",
    "Europe/Lisbon",
    "Europe/London",
    "Europe/Luxembourg",
    "Europe/Madrid",
    "Europe/Moscow",
    "Europe/Oslo",
    "Europe/Paris",
    "Europe/Prague",
    "Europe/Rome",
    "Europe/Sofia",
    "Europe/Stockholm",
    "Europe/Vienna",
    "Europe/Warsaw",
    "Europe/Zurich",
    "Pacific/Apia",
    "Pacific/Auckland",
    "Pacific/Fiji",
    "Pacific/Honolulu",
    "Pacific/Midway",
    "Pacific/Noumea",
    "Pacific/Pago_Pago",
    "Pacific/Port_Moresby",
    "UTC",
];

/// Zones that Zoom knows by a former name.
const RENAMED: [(&str, &str); 4] = [
    ("America/Nuuk", "America/Godthab"),
    ("Asia/Ho_Chi_Minh", "Asia/Saigon"),
    ("Europe/Kyiv", "Europe/Kiev"),
    ("Etc/UTC", "UTC"),
];

/// Weeks around a meeting in which the clocks of two zones must agree, so that a move of some
/// months is shown right too.
const WEEKS: [i64; 5] = [0, -13, 13, -26, 26];

const WEEK: i64 = 7 * 24 * 60 * 60;

/// The zone that Zoom is given for a meeting that starts then.
pub(super) fn zooms(zone: &str, start: Instant) -> &str {
    if ZOOMS.contains(&zone) {
        return zone;
    }
    if let Some((_, former)) = RENAMED.iter().find(|(name, _)| *name == zone) {
        return former;
    }
    let Ok(wanted) = TimeZone::get(zone) else {
        return "UTC";
    };
    let area = zone.split('/').next().unwrap_or_default();
    let of_area = |name: &&&str| name.split('/').next() == Some(area);
    let agrees = |weeks: &[i64], name: &str| {
        let Ok(other) = TimeZone::get(name) else {
            return false;
        };
        weeks
            .iter()
            .map(|week| start.plus_seconds(week * WEEK).timestamp())
            .all(|at| wanted.to_offset(at) == other.to_offset(at))
    };
    let best = |weeks: &[i64]| {
        let near = ZOOMS.iter().filter(of_area);
        near.chain(&ZOOMS).copied().find(|name| agrees(weeks, name))
    };
    best(&WEEKS).or_else(|| best(&WEEKS[..1])).unwrap_or("UTC")
}

/// A zone's offset from UTC at a moment; `None` where it is not known here.
pub(super) fn offset(zone: &str, at: Instant) -> Option<Offset> {
    let at: Timestamp = at.timestamp();
    Some(TimeZone::get(zone).ok()?.to_offset(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_zoom_lacks_becomes_one_that_shows_the_same_time() {
        let winter: Timestamp = "2026-12-01T10:00:00Z".parse().unwrap();
        let summer: Timestamp = "2027-07-01T10:00:00Z".parse().unwrap();
        let table = [
            ("Europe/Berlin", "Europe/Berlin"),
            ("America/Toronto", "America/New_York"),
            ("Asia/Ho_Chi_Minh", "Asia/Saigon"),
            ("Europe/Kyiv", "Europe/Kiev"),
            ("Africa/Lagos", "Africa/Algiers"),
            ("Asia/Manila", "Asia/Hong_Kong"),
            ("Asia/Karachi", "Asia/Almaty"),
            ("Asia/Yangon", "UTC"),
            ("Nowhere/At_All", "UTC"),
        ];
        for (zone, expected) in table {
            for at in [winter, summer] {
                assert_eq!(zooms(zone, at.into()), expected, "{zone}");
            }
        }
    }

    #[test]
    fn every_zone_shows_the_start_in_its_own_digits_or_in_utc() {
        let at = Instant::from_second(1_796_119_200);
        for name in jiff::tz::db().available() {
            let zoom = zooms(name.as_str(), at);
            let same = offset(zoom, at) == offset(name.as_str(), at);
            assert!(same || zoom == "UTC", "{name}: {zoom}");
        }
    }
}
