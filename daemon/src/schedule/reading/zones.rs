//! Zones as people name them: `CET`, `UTC+2`, `London time`, `in Kolkata`, `their time`.
//!
//! Owns the names of zones and which of several a country means. Invariant: an abbreviation that
//! several countries use is read only by the country of the person concerned, else in none. Must
//! not ask what time it is anywhere; that is `settle`.

use std::collections::HashMap;
use std::sync::OnceLock;

use jiff::tz::{Offset, TimeZone};

use super::said::{Frame, Order, Place};
use super::tokens::{Kind, Tokens};

/// A zone as it was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ZoneSaid {
    /// By a place: its IANA name.
    Named(String),
    /// By an abbreviation, in lower case.
    Short(String),
    /// By its distance from UTC, in seconds.
    Offset(i32),
    Mine,
    Theirs,
}

/// One way to read a zone.
#[derive(Debug, Clone)]
pub(super) struct ZoneReading {
    pub place: Place,
    /// For an abbreviation: the offset it literally means, in seconds.
    pub literal: Option<i32>,
}

/// The zone written at `at`, and where it ends. `follows`: a clock stands before it.
pub(super) fn zone(tokens: &Tokens<'_>, at: usize, follows: bool) -> Option<(ZoneSaid, usize)> {
    offset(tokens, at, follows)
        .or_else(|| whose(tokens, at))
        .or_else(|| short(tokens, at, follows))
        .or_else(|| region(tokens, at, follows))
        .or_else(|| iana(tokens, at))
        .or_else(|| city(tokens, at, follows))
}

/// `UTC+2`, `GMT-5:30`, `+05:30`, `Z`, `UTC`.
fn offset(tokens: &Tokens<'_>, at: usize, follows: bool) -> Option<(ZoneSaid, usize)> {
    let low = tokens.low(at);
    if low == "z" && follows && tokens.tight(at) {
        return Some((ZoneSaid::Offset(0), at + 1));
    }
    let named = matches!(low, "utc" | "gmt");
    let sign_at = if named { at + 1 } else { at };
    let sign = match tokens.low(sign_at) {
        "+" => 1,
        _ if tokens.dash(sign_at) && tokens.tight(sign_at + 1) => -1,
        _ => 0,
    };
    // Without a name, only straight after a clock: `10:00+05:30`, `10:00 +0530`. "9:00-10:00" is a
    // range, except after a date of ISO 8601.
    let four = tokens.number(sign_at + 1).is_some_and(|it| it.digits == 4);
    let minus = (four && !tokens.tight(sign_at)) || after_iso(tokens, sign_at);
    let allowed = named || (follows && tokens.tight(sign_at + 1) && (sign == 1 || minus));
    if sign != 0
        && allowed
        && let Some((seconds, to)) = distance(tokens, sign_at + 1, named)
    {
        return Some((ZoneSaid::Offset(sign * seconds), to));
    }
    match low {
        "utc" => Some((ZoneSaid::Offset(0), at + 1)),
        "gmt" => Some((ZoneSaid::Short("gmt".to_owned()), at + 1)),
        "zulu" if follows => Some((ZoneSaid::Offset(0), at + 1)),
        _ => None,
    }
}

/// Whether a date and a clock of ISO 8601 stand before `at`.
fn after_iso(tokens: &Tokens<'_>, at: usize) -> bool {
    (8..=11).any(|back| {
        at.checked_sub(back).is_some_and(|year| {
            tokens.number(year).is_some_and(|it| it.digits == 4) && tokens.is(year + 1, "-")
        })
    })
}

/// `2`, `02`, `5:30`, `0530`, in seconds.
fn distance(tokens: &Tokens<'_>, at: usize, named: bool) -> Option<(i32, usize)> {
    let number = tokens.number(at)?;
    let value = i32::try_from(number.value).ok()?;
    let (hours, minutes, to) = match number.digits {
        1 | 2 => {
            let minutes = tokens.number(at + 2).filter(|it| {
                tokens.is(at + 1, ":") && tokens.tight(at + 1) && it.digits == 2 && it.value < 60
            });
            match minutes {
                Some(minutes) => (value, i32::try_from(minutes.value).ok()?, at + 3),
                None if named => (value, 0, at + 1),
                None => return None,
            }
        }
        3 | 4 => (value / 100, value % 100, at + 1),
        _ => return None,
    };
    (hours <= 14 && minutes < 60).then_some((hours * 3600 + minutes * 60, to))
}

/// `my time`, `their time`, `your local time`, `candidate's time`.
fn whose(tokens: &Tokens<'_>, at: usize) -> Option<(ZoneSaid, usize)> {
    let at = if tokens.is(at, "the") { at + 1 } else { at };
    let mut next = at + 1;
    let said = match tokens.low(at) {
        "my" | "our" => ZoneSaid::Mine,
        "their" | "your" | "his" | "her" => ZoneSaid::Theirs,
        "candidate's" | "candidate’s" | "candidates" | "candidate" => ZoneSaid::Theirs,
        "local" if tokens.is(at + 1, "time") => return Some((ZoneSaid::Mine, at + 2)),
        "for" if tokens.is(at + 1, "me") || tokens.is(at + 1, "us") => {
            return Some((ZoneSaid::Mine, at + 2));
        }
        "for" if matches!(tokens.low(at + 1), "them" | "you" | "him" | "her") => {
            return Some((ZoneSaid::Theirs, at + 2));
        }
        _ => return None,
    };
    if tokens.is(next, "local") {
        next += 1;
    }
    match tokens.low(next) {
        "time" if matches!(tokens.low(next + 1), "zone") => Some((said, next + 2)),
        "time" | "times" | "timezone" | "tz" | "clock" => Some((said, next + 1)),
        "end" if tokens.is(at.wrapping_sub(1), "on") => Some((said, next + 1)),
        _ => None,
    }
}

/// What an abbreviation means: a place, and the offset it literally says, in minutes.
const SHORT: &[(&str, &str, i32)] = &[
    ("est", "America/New_York", -300),
    ("edt", "America/New_York", -240),
    ("et", "America/New_York", i32::MAX),
    ("cdt", "America/Chicago", -300),
    ("ct", "America/Chicago", i32::MAX),
    ("mst", "America/Denver", -420),
    ("mdt", "America/Denver", -360),
    ("mt", "America/Denver", i32::MAX),
    ("pst", "America/Los_Angeles", -480),
    ("pdt", "America/Los_Angeles", -420),
    ("pt", "America/Los_Angeles", i32::MAX),
    ("akst", "America/Anchorage", -540),
    ("akdt", "America/Anchorage", -480),
    ("hst", "Pacific/Honolulu", -600),
    ("adt", "America/Halifax", -180),
    ("nst", "America/St_Johns", -210),
    ("brt", "America/Sao_Paulo", -180),
    ("art", "America/Argentina/Buenos_Aires", -180),
    ("gmt", "Europe/London", 0),
    ("wet", "Europe/Lisbon", 0),
    ("west", "Europe/Lisbon", 60),
    ("cet", "Europe/Berlin", 60),
    ("cest", "Europe/Berlin", 120),
    ("mez", "Europe/Berlin", 60),
    ("mesz", "Europe/Berlin", 120),
    ("met", "Europe/Berlin", 60),
    ("eet", "Europe/Helsinki", 120),
    ("eest", "Europe/Helsinki", 180),
    ("msk", "Europe/Moscow", 180),
    ("trt", "Europe/Istanbul", 180),
    ("sast", "Africa/Johannesburg", 120),
    ("eat", "Africa/Nairobi", 180),
    ("wat", "Africa/Lagos", 60),
    ("cat", "Africa/Maputo", 120),
    ("gst", "Asia/Dubai", 240),
    ("idt", "Asia/Jerusalem", 180),
    ("pkt", "Asia/Karachi", 300),
    ("npt", "Asia/Kathmandu", 345),
    ("ict", "Asia/Bangkok", 420),
    ("wib", "Asia/Jakarta", 420),
    ("sgt", "Asia/Singapore", 480),
    ("myt", "Asia/Kuala_Lumpur", 480),
    ("hkt", "Asia/Hong_Kong", 480),
    ("pht", "Asia/Manila", 480),
    ("awst", "Australia/Perth", 480),
    ("jst", "Asia/Tokyo", 540),
    ("kst", "Asia/Seoul", 540),
    ("acst", "Australia/Adelaide", 570),
    ("acdt", "Australia/Adelaide", 630),
    ("aest", "Australia/Sydney", 600),
    ("aedt", "Australia/Sydney", 660),
    ("nzst", "Pacific/Auckland", 720),
    ("nzdt", "Pacific/Auckland", 780),
];

/// Abbreviations of several countries: who means which.
const SHARED: &[(&str, &[(&str, i32)])] = &[
    (
        "ist",
        &[
            ("Asia/Kolkata", 330),
            ("Asia/Jerusalem", 120),
            ("Europe/Dublin", 60),
        ],
    ),
    (
        "cst",
        &[
            ("America/Chicago", -360),
            ("Asia/Shanghai", 480),
            ("America/Havana", -300),
        ],
    ),
    ("bst", &[("Europe/London", 60), ("Asia/Dhaka", 360)]),
    ("ast", &[("America/Halifax", -240), ("Asia/Riyadh", 180)]),
];

/// Abbreviations that are words, or too short to stand alone.
fn doubtful(low: &str) -> bool {
    matches!(
        low,
        "et" | "ct"
            | "mt"
            | "pt"
            | "eat"
            | "cat"
            | "wat"
            | "met"
            | "west"
            | "art"
            | "wet"
            | "ict"
            | "nst"
            | "adt"
            | "brt"
            | "pht"
            | "ast"
            | "bst"
            | "mst"
            | "idt"
    )
}

fn short(tokens: &Tokens<'_>, at: usize, follows: bool) -> Option<(ZoneSaid, usize)> {
    let token = tokens.get(at).filter(|it| it.kind == Kind::Word)?;
    let low = token.low;
    let known = SHORT.iter().any(|row| row.0 == low) || SHARED.iter().any(|row| row.0 == low);
    if !known {
        return None;
    }
    let capital = token.text.chars().all(char::is_uppercase);
    let time = tokens.is(at + 1, "time");
    let stands = match (doubtful(low), follows) {
        (true, true) => {
            capital || matches!(low, "pt" | "et" | "ct" | "bst" | "ast" | "mst") || time
        }
        (true, false) => {
            capital
                && low.len() > 2
                && !matches!(low, "eat" | "cat" | "wat" | "met" | "art" | "wet")
        }
        (false, true) => true,
        (false, false) => capital,
    };
    stands.then(|| (ZoneSaid::Short(low.to_owned()), at + 1 + usize::from(time)))
}

/// `Eastern`, `Pacific time`, `Central European Time`.
fn region(tokens: &Tokens<'_>, at: usize, follows: bool) -> Option<(ZoneSaid, usize)> {
    let named = |name: &str, to| Some((ZoneSaid::Named(name.to_owned()), to));
    let us = tokens.is(at, "us") && tokens.low(at + 1) != "time";
    let at = if us { at + 1 } else { at };
    let mut to = at + 1;
    if tokens.is(at, "central") && tokens.is(to, "european") {
        to += 1;
        while matches!(tokens.low(to), "standard" | "summer" | "time") {
            to += 1;
        }
        return named("Europe/Berlin", to);
    }
    let name = match tokens.low(at) {
        "eastern" => "America/New_York",
        "central" => "America/Chicago",
        "mountain" => "America/Denver",
        "pacific" => "America/Los_Angeles",
        _ => return None,
    };
    while matches!(tokens.low(to), "standard" | "daylight") {
        to += 1;
    }
    let time = tokens.is(to, "time");
    (time || follows).then_some(())?;
    named(name, to + usize::from(time))
}

/// `Europe/Berlin`, `America/Argentina/Buenos_Aires`, `Etc/GMT-2`.
fn iana(tokens: &Tokens<'_>, at: usize) -> Option<(ZoneSaid, usize)> {
    let token = tokens.get(at)?;
    if !matches!(
        token.low,
        "europe"
            | "america"
            | "asia"
            | "africa"
            | "australia"
            | "pacific"
            | "atlantic"
            | "indian"
            | "us"
            | "etc"
            | "antarctica"
            | "arctic"
            | "canada"
            | "brazil"
    ) || !tokens.is(at + 1, "/")
    {
        return None;
    }
    let rest = tokens.text.get(token.start..)?;
    let is_name = |it: char| it.is_ascii_alphanumeric() || matches!(it, '/' | '_' | '-' | '+');
    let length = rest.find(|it| !is_name(it)).unwrap_or(rest.len());
    let name = rest.get(..length)?;
    let end = token.start + length;
    let known = TimeZone::get(name).ok()?;
    let name = known.iana_name()?.to_owned();
    let mut to = at;
    while tokens.get(to).is_some_and(|it| it.start < end) {
        to += 1;
    }
    Some((
        ZoneSaid::Named(name),
        to + usize::from(tokens.is(to, "time")),
    ))
}

/// Cities and countries beside those that zones are named after, each with one zone.
const PLACES: &[(&str, &str)] = &[
    ("amman", "Asia/Amman"),
    ("argentina", "America/Argentina/Buenos_Aires"),
    ("atlanta", "America/New_York"),
    ("austin", "America/Chicago"),
    ("austria", "Europe/Vienna"),
    ("bangalore", "Asia/Kolkata"),
    ("bangladesh", "Asia/Dhaka"),
    ("barcelona", "Europe/Madrid"),
    ("beijing", "Asia/Shanghai"),
    ("belgium", "Europe/Brussels"),
    ("bengaluru", "Asia/Kolkata"),
    ("boston", "America/New_York"),
    ("british", "Europe/London"),
    ("bulgaria", "Europe/Sofia"),
    ("cape town", "Africa/Johannesburg"),
    ("chennai", "Asia/Kolkata"),
    ("china", "Asia/Shanghai"),
    ("colombia", "America/Bogota"),
    ("cologne", "Europe/Berlin"),
    ("croatia", "Europe/Zagreb"),
    ("czech", "Europe/Prague"),
    ("dallas", "America/Chicago"),
    ("delhi", "Asia/Kolkata"),
    ("denmark", "Europe/Copenhagen"),
    ("dusseldorf", "Europe/Berlin"),
    ("edinburgh", "Europe/London"),
    ("egypt", "Africa/Cairo"),
    ("england", "Europe/London"),
    ("estonia", "Europe/Tallinn"),
    ("finland", "Europe/Helsinki"),
    ("france", "Europe/Paris"),
    ("frankfurt", "Europe/Berlin"),
    ("french", "Europe/Paris"),
    ("geneva", "Europe/Zurich"),
    ("german", "Europe/Berlin"),
    ("germany", "Europe/Berlin"),
    ("greece", "Europe/Athens"),
    ("hamburg", "Europe/Berlin"),
    ("hanoi", "Asia/Ho_Chi_Minh"),
    ("hong kong", "Asia/Hong_Kong"),
    ("houston", "America/Chicago"),
    ("hungary", "Europe/Budapest"),
    ("hyderabad", "Asia/Kolkata"),
    ("india", "Asia/Kolkata"),
    ("indian", "Asia/Kolkata"),
    ("ireland", "Europe/Dublin"),
    ("irish", "Europe/Dublin"),
    ("israel", "Asia/Jerusalem"),
    ("israeli", "Asia/Jerusalem"),
    ("italy", "Europe/Rome"),
    ("japan", "Asia/Tokyo"),
    ("kenya", "Africa/Nairobi"),
    ("korea", "Asia/Seoul"),
    ("krakow", "Europe/Warsaw"),
    ("kyiv", "Europe/Kyiv"),
    ("la", "America/Los_Angeles"),
    ("latvia", "Europe/Riga"),
    ("lithuania", "Europe/Vilnius"),
    ("lyon", "Europe/Paris"),
    ("manchester", "Europe/London"),
    ("miami", "America/New_York"),
    ("milan", "Europe/Rome"),
    ("montreal", "America/Toronto"),
    ("mumbai", "Asia/Kolkata"),
    ("munich", "Europe/Berlin"),
    ("netherlands", "Europe/Amsterdam"),
    ("new delhi", "Asia/Kolkata"),
    ("new york", "America/New_York"),
    ("new york city", "America/New_York"),
    ("nigeria", "Africa/Lagos"),
    ("norway", "Europe/Oslo"),
    ("ny", "America/New_York"),
    ("nyc", "America/New_York"),
    ("osaka", "Asia/Tokyo"),
    ("ottawa", "America/Toronto"),
    ("pakistan", "Asia/Karachi"),
    ("peru", "America/Lima"),
    ("philadelphia", "America/New_York"),
    ("philippines", "Asia/Manila"),
    ("poland", "Europe/Warsaw"),
    ("porto", "Europe/Lisbon"),
    ("pune", "Asia/Kolkata"),
    ("rio", "America/Sao_Paulo"),
    ("romania", "Europe/Bucharest"),
    ("san diego", "America/Los_Angeles"),
    ("san francisco", "America/Los_Angeles"),
    ("saudi arabia", "Asia/Riyadh"),
    ("scotland", "Europe/London"),
    ("seattle", "America/Los_Angeles"),
    ("serbia", "Europe/Belgrade"),
    ("sf", "America/Los_Angeles"),
    ("shenzhen", "Asia/Shanghai"),
    ("singapore", "Asia/Singapore"),
    ("slovakia", "Europe/Bratislava"),
    ("slovenia", "Europe/Ljubljana"),
    ("south africa", "Africa/Johannesburg"),
    ("south korea", "Asia/Seoul"),
    ("spain", "Europe/Madrid"),
    ("stuttgart", "Europe/Berlin"),
    ("sweden", "Europe/Stockholm"),
    ("swiss", "Europe/Zurich"),
    ("switzerland", "Europe/Zurich"),
    ("taiwan", "Asia/Taipei"),
    ("tel aviv", "Asia/Jerusalem"),
    ("thailand", "Asia/Bangkok"),
    ("turkey", "Europe/Istanbul"),
    ("uae", "Asia/Dubai"),
    ("uk", "Europe/London"),
    ("ukraine", "Europe/Kyiv"),
    ("united kingdom", "Europe/London"),
    ("vietnam", "Asia/Ho_Chi_Minh"),
    ("washington", "America/New_York"),
    ("são paulo", "America/Sao_Paulo"),
    ("bogotá", "America/Bogota"),
    ("zürich", "Europe/Zurich"),
    ("münchen", "Europe/Berlin"),
    ("köln", "Europe/Berlin"),
    ("düsseldorf", "Europe/Berlin"),
    ("malmö", "Europe/Stockholm"),
];

/// Names of zones' cities that are common words too.
fn common_word(name: &str) -> bool {
    matches!(
        name,
        "east"
            | "west"
            | "north"
            | "south"
            | "central"
            | "mountain"
            | "pacific"
            | "general"
            | "eastern"
            | "center"
            | "wake"
            | "easter"
            | "resolute"
            | "rome time"
            | "easterisland"
            | "nome"
            | "guam time"
            | "troll"
            | "vostok"
            | "mawson"
            | "casey"
            | "davis"
            | "gaza"
            | "marengo"
            | "vincennes"
            | "knox"
            | "winnipeg time"
            | "universal"
            | "zulu"
            | "greenwich"
            | "aleutian"
            | "arizona time"
            | "bering"
            | "midway"
            | "jan mayen"
            | "act"
            | "lhi"
            | "nsw"
            | "acre"
            | "thunder bay"
            | "michigan time"
            | "prc"
            | "roc"
            | "rok"
            | "navajo"
            | "eire"
            | "factory"
            | "la"
            | "nauru time"
            | "truk"
            | "yap"
            | "johnston"
    )
}

/// IANA names by what people call their cities.
fn cities() -> &'static HashMap<String, String> {
    static CITIES: OnceLock<HashMap<String, String>> = OnceLock::new();
    CITIES.get_or_init(|| {
        let mut cities = HashMap::new();
        for name in jiff::tz::db().available() {
            let name = name.as_str();
            let Some((area, city)) = name.rsplit_once('/') else {
                continue;
            };
            if matches!(
                area,
                "Etc"
                    | "SystemV"
                    | "posix"
                    | "right"
                    | "US"
                    | "Canada"
                    | "Mexico"
                    | "Brazil"
                    | "Chile"
            ) {
                continue;
            }
            let city = city.replace('_', " ").to_lowercase();
            if !common_word(&city) {
                cities.entry(city).or_insert_with(|| name.to_owned());
            }
        }
        for (place, zone) in PLACES {
            cities.insert((*place).to_owned(), (*zone).to_owned());
        }
        cities
    })
}

/// `London`, `in Kolkata`, `Berlin time`, `New York`: after a clock, or before "time".
fn city(tokens: &Tokens<'_>, at: usize, follows: bool) -> Option<(ZoneSaid, usize)> {
    let within = follows && tokens.is(at, "in");
    let at = if within { at + 1 } else { at };
    let first = tokens.get(at).filter(|it| it.kind == Kind::Word)?;
    for words in (1..=3).rev() {
        let to = at + words;
        let Some(last) = tokens.get(to - 1).filter(|it| it.kind == Kind::Word) else {
            continue;
        };
        let name = tokens.text.get(first.start..last.end)?.to_lowercase();
        let Some(zone) = cities().get(name.as_str()) else {
            continue;
        };
        let time = tokens.is(to, "time");
        let capital = first.text.starts_with(char::is_uppercase);
        let lower_fine = name.len() > 3;
        if time || (follows && (capital || lower_fine)) {
            return Some((ZoneSaid::Named(zone.clone()), to + usize::from(time)));
        }
    }
    None
}

/// The readings of a zone, the primary first; several that are equal when the second is `true`.
pub(super) fn readings(said: Option<&ZoneSaid>, frame: &Frame) -> (Vec<ZoneReading>, bool) {
    let one = |place: Place| {
        let reading = ZoneReading {
            place,
            literal: None,
        };
        (vec![reading], false)
    };
    match said {
        None | Some(ZoneSaid::Mine) => one(frame.mine.clone()),
        Some(ZoneSaid::Theirs) => match &frame.theirs {
            Some(theirs) => one(theirs.clone()),
            None => (Vec::new(), true),
        },
        Some(ZoneSaid::Named(name)) => place(name).map_or((Vec::new(), true), one),
        Some(ZoneSaid::Offset(seconds)) => fixed(*seconds, frame).map_or((Vec::new(), true), one),
        Some(ZoneSaid::Short(low)) => of_short(low, frame),
    }
}

pub(super) fn place(name: &str) -> Option<Place> {
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

/// In which order day and month are written: by the locale's country, else by the zone's.
pub(super) fn order(locale: Option<&str>, zone: &str) -> Order {
    let country = locale.and_then(|locale| {
        let name = locale.split(['.', '@']).next()?;
        let (_, country) = name.split_once(['_', '-'])?;
        Some(country.to_ascii_uppercase())
    });
    match country.as_deref() {
        Some("US" | "PR" | "GU" | "VI" | "AS" | "MP" | "UM" | "PH") => Order::MonthFirst,
        Some("CA") => Order::Both,
        Some(_) => Order::DayFirst,
        None => order_in(zone),
    }
}

fn order_in(zone: &str) -> Order {
    let city = zone.rsplit('/').next().unwrap_or(zone);
    if zone.starts_with("US/")
        || zone.starts_with("America/Indiana/")
        || zone.starts_with("America/Kentucky/")
        || zone.starts_with("America/North_Dakota/")
        || matches!(
            zone,
            "EST5EDT"
                | "CST6CDT"
                | "MST7MDT"
                | "PST8PDT"
                | "EST"
                | "MST"
                | "HST"
                | "Navajo"
                | "Asia/Manila"
        )
    {
        return Order::MonthFirst;
    }
    let american = zone.starts_with("America/") || zone.starts_with("Pacific/");
    let us = matches!(
        city,
        "New_York"
            | "Detroit"
            | "Chicago"
            | "Menominee"
            | "Denver"
            | "Boise"
            | "Phoenix"
            | "Los_Angeles"
            | "Anchorage"
            | "Juneau"
            | "Sitka"
            | "Metlakatla"
            | "Yakutat"
            | "Nome"
            | "Adak"
            | "Honolulu"
            | "Puerto_Rico"
            | "St_Thomas"
            | "Guam"
            | "Saipan"
            | "Pago_Pago"
            | "Midway"
            | "Wake"
            | "Johnston"
            | "Indianapolis"
            | "Louisville"
            | "Fort_Wayne"
            | "Shiprock"
            | "Knox_IN"
    );
    let canada = matches!(
        city,
        "Toronto"
            | "Vancouver"
            | "Montreal"
            | "Halifax"
            | "Winnipeg"
            | "Edmonton"
            | "Regina"
            | "St_Johns"
            | "Moncton"
            | "Glace_Bay"
            | "Goose_Bay"
            | "Iqaluit"
            | "Nipigon"
            | "Thunder_Bay"
            | "Rainy_River"
            | "Rankin_Inlet"
            | "Resolute"
            | "Swift_Current"
            | "Cambridge_Bay"
            | "Yellowknife"
            | "Inuvik"
            | "Dawson"
            | "Dawson_Creek"
            | "Fort_Nelson"
            | "Creston"
            | "Whitehorse"
            | "Atikokan"
            | "Blanc-Sablon"
            | "Pangnirtung"
    );
    match (
        american && us,
        zone.starts_with("Canada/") || (american && canada),
    ) {
        (true, _) => Order::MonthFirst,
        (_, true) => Order::Both,
        _ => Order::DayFirst,
    }
}
