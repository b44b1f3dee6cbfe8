//! ★ Days and times as the reader's country writes them: the one place that decides it.
//!
//! All that is known of a reader is a time zone, and a zone is in one country. North America, its
//! islands and the Philippines put the month first and have twelve hours; of the others some have
//! twelve and most twenty-four. Zones are called by their common name and city, never by an
//! identifier; an offset stands only where a clock shows the same time twice.
//!
//! Source: Unicode CLDR 44, timeData (the preferred hours of each country), by the countries of the
//! time zone database's zone.tab.

use greenroom_protocol::time::Instant;
use jiff::Zoned;
use jiff::tz::TimeZone;

/// How a country writes days and times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// 5:00 PM on Tuesday, March 2
    MonthFirst,
    /// 5:00 pm, Tuesday 2 March
    TwelveHours,
    /// 17:00, Tuesday 2 March
    TwentyFourHours,
}

/// A time zone of North America by the name people there use, which is one for many cities.
fn north_american(zone: &str) -> Option<&'static str> {
    let name = match zone.strip_prefix("America/").unwrap_or(zone) {
        "New_York"
        | "Detroit"
        | "Toronto"
        | "Montreal"
        | "Nipigon"
        | "Thunder_Bay"
        | "Iqaluit"
        | "Pangnirtung"
        | "Indianapolis"
        | "Fort_Wayne"
        | "Louisville"
        | "Kentucky/Louisville"
        | "Kentucky/Monticello"
        | "Indiana/Indianapolis"
        | "Indiana/Vincennes"
        | "Indiana/Winamac"
        | "Indiana/Marengo"
        | "Indiana/Petersburg"
        | "Indiana/Vevay"
        | "US/Eastern"
        | "US/Michigan"
        | "US/East-Indiana"
        | "Canada/Eastern" => "Eastern Time",
        "Chicago"
        | "Menominee"
        | "Indiana/Tell_City"
        | "Indiana/Knox"
        | "Knox_IN"
        | "North_Dakota/Center"
        | "North_Dakota/New_Salem"
        | "North_Dakota/Beulah"
        | "Winnipeg"
        | "Rainy_River"
        | "Resolute"
        | "Rankin_Inlet"
        | "US/Central"
        | "US/Indiana-Starke"
        | "Canada/Central" => "Central Time",
        "Denver" | "Shiprock" | "Boise" | "Edmonton" | "Cambridge_Bay" | "Yellowknife"
        | "Inuvik" | "US/Mountain" | "Canada/Mountain" => "Mountain Time",
        "Phoenix" | "US/Arizona" => "Arizona Time",
        "Los_Angeles" | "Vancouver" | "US/Pacific" | "Canada/Pacific" => "Pacific Time",
        "Anchorage" | "Juneau" | "Sitka" | "Metlakatla" | "Yakutat" | "Nome" | "US/Alaska" => {
            "Alaska Time"
        }
        "Pacific/Honolulu" | "US/Hawaii" => "Hawaii Time",
        "Halifax" | "Glace_Bay" | "Moncton" | "Goose_Bay" | "Canada/Atlantic" => "Atlantic Time",
        "St_Johns" | "Canada/Newfoundland" => "Newfoundland Time",
        _ => return None,
    };
    Some(name)
}

/// Zones of the same countries that have no such name.
const MONTH_FIRST: [&str; 18] = [
    "America/Adak",
    "America/Atikokan",
    "America/Blanc-Sablon",
    "America/Creston",
    "America/Dawson",
    "America/Dawson_Creek",
    "America/Fort_Nelson",
    "America/Puerto_Rico",
    "America/Regina",
    "America/St_Thomas",
    "America/Swift_Current",
    "America/Whitehorse",
    "Asia/Manila",
    "Pacific/Guam",
    "Pacific/Midway",
    "Pacific/Pago_Pago",
    "Pacific/Saipan",
    "Pacific/Wake",
];

/// Zones of the countries that have twelve hours and put the day first, beside all of Australia's.
#[rustfmt::skip]
const TWELVE_HOURS: &[&str] = &[
    "Africa/Accra", "Africa/Addis_Ababa", "Africa/Algiers", "Africa/Asmara", "Africa/Banjul",
    "Africa/Blantyre", "Africa/Cairo", "Africa/Djibouti", "Africa/El_Aaiun", "Africa/Freetown",
    "Africa/Juba", "Africa/Khartoum", "Africa/Lusaka", "Africa/Maseru", "Africa/Mbabane",
    "Africa/Mogadishu", "Africa/Monrovia", "Africa/Ndjamena", "Africa/Nouakchott", "Africa/Tripoli",
    "Africa/Tunis", "Africa/Windhoek", "America/Antigua", "America/Argentina/Buenos_Aires",
    "America/Argentina/Catamarca", "America/Argentina/Cordoba", "America/Argentina/Jujuy",
    "America/Argentina/La_Rioja", "America/Argentina/Mendoza", "America/Argentina/Rio_Gallegos",
    "America/Argentina/Salta", "America/Argentina/San_Juan", "America/Argentina/San_Luis",
    "America/Argentina/Tucuman", "America/Argentina/Ushuaia", "America/Asuncion",
    "America/Bahia_Banderas", "America/Barbados", "America/Bogota", "America/Cancun",
    "America/Caracas", "America/Cayman", "America/Chihuahua", "America/Ciudad_Juarez",
    "America/Costa_Rica", "America/Coyhaique", "America/Dominica", "America/El_Salvador",
    "America/Grand_Turk", "America/Grenada", "America/Guatemala", "America/Guayaquil",
    "America/Guyana", "America/Havana", "America/Hermosillo", "America/Jamaica", "America/La_Paz",
    "America/Lima", "America/Managua", "America/Matamoros", "America/Mazatlan", "America/Merida",
    "America/Mexico_City", "America/Monterrey", "America/Montevideo", "America/Nassau",
    "America/Ojinaga", "America/Panama", "America/Port_of_Spain", "America/Punta_Arenas",
    "America/Santiago", "America/Santo_Domingo", "America/St_Kitts", "America/St_Lucia",
    "America/St_Vincent", "America/Tegucigalpa", "America/Tijuana", "America/Tortola",
    "Antarctica/Macquarie", "Asia/Aden", "Asia/Amman", "Asia/Baghdad", "Asia/Bahrain",
    "Asia/Beirut", "Asia/Brunei", "Asia/Calcutta", "Asia/Dacca", "Asia/Damascus", "Asia/Dhaka",
    "Asia/Dubai", "Asia/Famagusta", "Asia/Gaza", "Asia/Hebron", "Asia/Hong_Kong", "Asia/Karachi",
    "Asia/Kolkata", "Asia/Kuala_Lumpur", "Asia/Kuching", "Asia/Kuwait", "Asia/Macau", "Asia/Muscat",
    "Asia/Nicosia", "Asia/Phnom_Penh", "Asia/Pyongyang", "Asia/Qatar", "Asia/Riyadh", "Asia/Seoul",
    "Asia/Singapore", "Asia/Taipei", "Asia/Thimphu", "Atlantic/Bermuda", "Europe/Athens",
    "Europe/Tirane", "Pacific/Apia", "Pacific/Auckland", "Pacific/Bougainville", "Pacific/Chatham",
    "Pacific/Chuuk", "Pacific/Easter", "Pacific/Efate", "Pacific/Fiji", "Pacific/Galapagos",
    "Pacific/Guadalcanal", "Pacific/Kanton", "Pacific/Kiritimati", "Pacific/Kosrae",
    "Pacific/Kwajalein", "Pacific/Majuro", "Pacific/Palau", "Pacific/Pohnpei",
    "Pacific/Port_Moresby", "Pacific/Tarawa", "Pacific/Tongatapu",
];

impl Style {
    fn of(zone: &str) -> Self {
        if north_american(zone).is_some() || MONTH_FIRST.contains(&zone) {
            return Self::MonthFirst;
        }
        match zone.starts_with("Australia/") || TWELVE_HOURS.contains(&zone) {
            true => Self::TwelveHours,
            false => Self::TwentyFourHours,
        }
    }

    /// Tuesday, March 2, and its year where that is not `year`.
    fn day(self, day: &Zoned, year: i16) -> String {
        let form = match (self, day.year() == year) {
            (Self::MonthFirst, true) => "%A, %B %-d",
            (Self::MonthFirst, false) => "%A, %B %-d, %Y",
            (_, true) => "%A %-d %B",
            (_, false) => "%A %-d %B %Y",
        };
        day.strftime(form).to_string()
    }

    /// The same, short.
    fn short_day(self, day: &Zoned, year: i16) -> String {
        let form = match (self, day.year() == year) {
            (Self::MonthFirst, true) => "%a, %b %-d",
            (Self::MonthFirst, false) => "%a, %b %-d, %Y",
            (_, true) => "%a %-d %b",
            (_, false) => "%a %-d %b %Y",
        };
        day.strftime(form).to_string()
    }

    /// 5:00, without its half of the day.
    fn clock(self, time: &Zoned) -> String {
        let form = match self {
            Self::TwentyFourHours => "%H:%M",
            Self::MonthFirst | Self::TwelveHours => "%-I:%M",
        };
        time.strftime(form).to_string()
    }

    /// The half of the day, where a clock has one.
    fn half(self, time: &Zoned) -> &'static str {
        match (self, time.hour() < 12) {
            (Self::TwentyFourHours, _) => "",
            (Self::MonthFirst, true) => " AM",
            (Self::MonthFirst, false) => " PM",
            (Self::TwelveHours, true) => " am",
            (Self::TwelveHours, false) => " pm",
        }
    }

    fn time(self, time: &Zoned) -> String {
        self.clock(time) + self.half(time)
    }

    /// What people call a zone: Eastern Time where that is at home, else New York time.
    fn zone(self, at: &Zoned) -> String {
        let zone = at.time_zone().iana_name().unwrap_or_default();
        if let (Self::MonthFirst, Some(name)) = (self, north_american(zone)) {
            return name.to_owned();
        }
        let is_a_place = zone.contains('/') && !zone.starts_with("Etc/");
        let city = zone.rsplit('/').next().filter(|_| is_a_place);
        match city {
            Some(city) => format!("{} time", city.replace('_', " ")),
            None if at.offset().is_zero() => "UTC".to_owned(),
            None => at.strftime("UTC%:z").to_string(),
        }
    }
}

/// From when to when, in this zone, as a reader in the zone `home` writes it, at `now`:
/// "5:00–5:45 AM Eastern Time on Tuesday, March 2" or "11:00–11:45, Berlin time, Tuesday 2 March".
pub fn stretch(from: Instant, to: Instant, zone: &str, home: &str, now: Instant) -> String {
    let style = Style::of(home);
    let (start, end) = (zoned(from, zone), zoned(to, zone));
    let year = zoned(now, zone).year();
    let name = style.zone(&start);
    let twice = comes_twice(&start) || comes_twice(&end);
    let (first, last) = match twice || start.offset() != end.offset() {
        true => (with_offset(style, &start), with_offset(style, &end)),
        false if style.half(&start) == style.half(&end) && start.date() == end.date() => {
            (style.clock(&start), style.time(&end))
        }
        false => (style.time(&start), style.time(&end)),
    };
    let day = style.day(&start, year);
    if start.date() == end.date() {
        return match style {
            Style::MonthFirst => format!("{first}–{last} {name} on {day}"),
            _ => format!("{first}–{last}, {name}, {day}"),
        };
    }
    let other = style.day(&end, year);
    format!("{first} on {day} to {last} on {other}, {name}")
}

/// The day and time at which something begins, short, for a subject: "Tue, Mar 2 at 5:00 AM" or
/// "Tue 2 Mar at 11:00".
pub fn short(at: Instant, home: &str, now: Instant) -> String {
    let style = Style::of(home);
    let year = zoned(now, home).year();
    let at = zoned(at, home);
    format!("{} at {}", style.short_day(&at, year), style.time(&at))
}

/// A moment with its day: "5:00 AM Eastern Time on Tuesday, March 2" or "11:00, Berlin time,
/// Tuesday 2 March".
#[must_use]
pub fn moment(at: Instant, home: &str, now: Instant) -> String {
    let style = Style::of(home);
    let year = zoned(now, home).year();
    let at = zoned(at, home);
    let (time, name, day) = (style.time(&at), style.zone(&at), style.day(&at, year));
    match style {
        Style::MonthFirst => format!("{time} {name} on {day}"),
        _ => format!("{time}, {name}, {day}"),
    }
}

/// A moment as clocks in this zone show it; in UTC where nobody knows the zone.
pub(super) fn zoned(moment: Instant, zone: &str) -> Zoned {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    moment.timestamp().to_zoned(zone)
}

/// Whether clocks there show this time twice.
fn comes_twice(time: &Zoned) -> bool {
    let local = time.time_zone().to_ambiguous_zoned(time.datetime());
    local.is_ambiguous()
}

fn with_offset(style: Style, time: &Zoned) -> String {
    format!("{} ({})", style.time(time), time.strftime("UTC%:z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse::<jiff::Timestamp>().expect("a moment").into()
    }

    /// Case U11: days and times as the reader's country writes them, zones by name and city.
    #[test]
    fn times_are_written_as_in_the_readers_country() {
        for (zone, expected) in [
            (
                "America/New_York",
                "5:00–5:45 AM Eastern Time on Tuesday, March 2",
            ),
            (
                "US/Pacific",
                "2:00–2:45 AM Pacific Time on Tuesday, March 2",
            ),
            (
                "America/Regina",
                "4:00–4:45 AM Regina time on Tuesday, March 2",
            ),
            (
                "Asia/Manila",
                "6:00–6:45 PM Manila time on Tuesday, March 2",
            ),
            ("Europe/Berlin", "11:00–11:45, Berlin time, Tuesday 2 March"),
            ("Europe/London", "10:00–10:45, London time, Tuesday 2 March"),
            (
                "Asia/Kolkata",
                "3:30–4:15 pm, Kolkata time, Tuesday 2 March",
            ),
            (
                "Australia/Sydney",
                "9:00–9:45 pm, Sydney time, Tuesday 2 March",
            ),
            (
                "America/Sao_Paulo",
                "07:00–07:45, Sao Paulo time, Tuesday 2 March",
            ),
            (
                "America/Argentina/Buenos_Aires",
                "7:00–7:45 am, Buenos Aires time, Tuesday 2 March",
            ),
            ("UTC", "10:00–10:45, UTC, Tuesday 2 March"),
            ("Etc/GMT+5", "05:00–05:45, UTC-05:00, Tuesday 2 March"),
            ("Mars/Olympus", "10:00–10:45, UTC, Tuesday 2 March"),
        ] {
            let (from, to) = (at("2027-03-02T10:00:00Z"), at("2027-03-02T10:45:00Z"));
            let now = at("2027-02-25T08:00:00Z");
            assert_eq!(stretch(from, to, zone, zone, now), expected);
        }
    }

    /// Case U11: the other half of the day, another day, another year.
    #[test]
    fn what_changes_within_an_interview_is_said() {
        let now = at("2026-12-30T08:00:00Z");
        let of = |from: &str, to: &str, zone: &str| stretch(at(from), at(to), zone, zone, now);
        assert_eq!(
            of(
                "2026-12-31T16:30:00Z",
                "2026-12-31T17:15:00Z",
                "America/New_York"
            ),
            "11:30 AM–12:15 PM Eastern Time on Thursday, December 31"
        );
        assert_eq!(
            of(
                "2026-12-31T22:30:00Z",
                "2026-12-31T23:15:00Z",
                "Europe/Berlin"
            ),
            "23:30 on Thursday 31 December to 00:15 on Friday 1 January 2027, Berlin time"
        );
        assert_eq!(
            of(
                "2027-01-04T15:00:00Z",
                "2027-01-04T15:30:00Z",
                "America/Denver"
            ),
            "8:00–8:30 AM Mountain Time on Monday, January 4, 2027"
        );
    }

    /// Case U11: an offset stands only where two readings remain.
    #[test]
    fn an_offset_stands_only_where_the_clock_shows_a_time_twice() {
        let now = at("2026-10-30T08:00:00Z");
        let of = |from: &str, to: &str| {
            stretch(
                at(from),
                at(to),
                "America/New_York",
                "America/New_York",
                now,
            )
        };
        assert_eq!(
            of("2026-11-01T05:30:00Z", "2026-11-01T05:45:00Z"),
            "1:30 AM (UTC-04:00)–1:45 AM (UTC-04:00) Eastern Time on Sunday, November 1"
        );
        assert_eq!(
            of("2026-11-01T15:00:00Z", "2026-11-01T15:45:00Z"),
            "10:00–10:45 AM Eastern Time on Sunday, November 1"
        );
    }

    /// Case U11: another's zone is named by its city where it has no name at home.
    #[test]
    fn a_zone_is_named_as_its_reader_knows_it() {
        let now = at("2027-02-25T08:00:00Z");
        let (from, to) = (at("2027-03-02T10:00:00Z"), at("2027-03-02T10:45:00Z"));
        assert_eq!(
            stretch(from, to, "America/New_York", "Europe/Berlin", now),
            "05:00–05:45, New York time, Tuesday 2 March"
        );
        assert_eq!(
            stretch(from, to, "America/New_York", "America/Chicago", now),
            "5:00–5:45 AM Eastern Time on Tuesday, March 2"
        );
        assert_eq!(
            short(from, "America/New_York", now),
            "Tue, Mar 2 at 5:00 AM"
        );
        assert_eq!(short(from, "Europe/Berlin", now), "Tue 2 Mar at 11:00");
        assert_eq!(
            moment(from, "Asia/Kolkata", now),
            "3:30 pm, Kolkata time, Tuesday 2 March"
        );
    }
}
