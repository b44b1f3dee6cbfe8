//! Working hours as people write them: `mon-fri 9-12,13-17`, `mon-thu 9am-5pm; fri 9-13`, and the
//! hours and dates of single days.
//!
//! Owns the grammar both ways: what is shown can be typed again. Invariant: what cannot be read is
//! refused by the very piece that is wrong; an hour is never guessed where two would fit.

use greenroom_protocol::availability::{
    DayHours, DayHoursChange, DayOff, DayWindow, MOST_OVERRIDES,
};
use greenroom_protocol::date::Date;
use greenroom_protocol::pipeline::Window;

const DAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// The end of a day, in minutes.
const MIDNIGHT: u16 = 24 * 60;

/// A week of hours, such as `mon-fri 9-12,13-17; sat 10-12`.
pub(crate) fn week(text: &str) -> Result<Vec<Window>, String> {
    let mut windows = Vec::new();
    let (mut days, mut hours): (Vec<u8>, Vec<DayWindow>) = (Vec::new(), Vec::new());
    let mut last = "";
    let text = plain(text);
    for piece in pieces(&text) {
        last = piece;
        if !piece.starts_with(char::is_alphabetic) {
            if days.is_empty() {
                return Err(format!(
                    "“{piece}” needs days before it, such as mon-fri {piece}"
                ));
            }
            hours.push(stretch(piece)?);
            continue;
        }
        if !hours.is_empty() {
            windows.extend(taken(&mut days, &mut hours));
        }
        days.extend(days_of(piece)?);
    }
    if hours.is_empty() {
        return Err(match last {
            "" => "write hours as mon-fri 9-12,13-17".to_owned(),
            last => format!("“{last}” needs hours after it, such as {last} 9-17"),
        });
    }
    windows.extend(taken(&mut days, &mut hours));
    Ok(windows)
}

/// The windows of some days, which both lists are then without.
fn taken(days: &mut Vec<u8>, hours: &mut Vec<DayWindow>) -> Vec<Window> {
    let mut of = std::mem::take(days);
    of.sort_unstable();
    of.dedup();
    let window = |hours: DayWindow| Window {
        days: of.clone(),
        from_minute: hours.from_minute,
        to_minute: hours.to_minute,
    };
    hours.drain(..).map(window).collect()
}

/// The hours of one day, such as `9-12,13-17`; `off` is none.
pub(crate) fn day(text: &str) -> Result<Vec<DayWindow>, String> {
    let text = plain(text);
    if text == "off" {
        return Ok(Vec::new());
    }
    let hours: Result<Vec<_>, _> = pieces(&text).map(stretch).collect();
    match hours {
        Ok(hours) if hours.is_empty() => Err("write hours as 9-12,13-17, or off".to_owned()),
        hours => hours,
    }
}

/// One date, or all from one to another: `2026-12-24`, `2026-12-24..2027-01-02`.
pub(crate) fn dates(text: &str) -> Result<Vec<Date>, String> {
    let text = text.trim();
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    let date = |text: &str| {
        let wrong = |_| format!("“{text}” is not a date: write it as 2026-12-24");
        text.trim().parse::<Date>().map_err(wrong)
    };
    let (first, last) = (date(first)?, date(last)?);
    if last < first {
        return Err(format!("“{text}” ends before it begins"));
    }
    let all = std::iter::successors(Some(first), |it| Some(it.next()));
    let all: Vec<_> = all
        .take(MOST_OVERRIDES + 1)
        .take_while(|it| *it <= last)
        .collect();
    match all.len() > MOST_OVERRIDES {
        true => Err(format!("“{text}” is more than {MOST_OVERRIDES} days")),
        false => Ok(all),
    }
}

/// Days that differ, a line each: `2026-12-24 off`, `2026-12-24..2026-12-28 9-12`.
pub(crate) fn overrides(text: &str) -> Result<Vec<DayHours>, String> {
    let mut all: Vec<DayHours> = Vec::new();
    for line in text
        .split(['\n', ';'])
        .map(str::trim)
        .filter(|it| !it.is_empty())
    {
        let (dated, hours) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let dated = dates(dated)?;
        let hours = day(hours).map_err(|why| format!("“{line}”: {why}"))?;
        for date in dated {
            all.retain(|it| it.date != date);
            let hours = hours.clone();
            all.push(DayHours { date, hours });
        }
    }
    all.sort_by_key(|it| it.date);
    Ok(all)
}

/// From some days that differ to others.
pub(crate) fn changed(from: &[DayHours], to: &[DayHours]) -> Vec<DayHoursChange> {
    let gone = from
        .iter()
        .filter(|it| to.iter().all(|other| other.date != it.date));
    let gone = gone.map(|it| DayHoursChange {
        date: it.date,
        hours: None,
    });
    let new = to.iter().filter(|it| !from.contains(it));
    let new = new.map(|it| DayHoursChange {
        date: it.date,
        hours: Some(it.hours.clone()),
    });
    gone.chain(new).collect()
}

/// Days off, a line each: `2026-12-25 Christmas Day`, `2026-12-24..2026-12-31`.
pub(crate) fn days_off(text: &str) -> Result<Vec<DayOff>, String> {
    let mut all: Vec<DayOff> = Vec::new();
    for line in text.split('\n').map(str::trim).filter(|it| !it.is_empty()) {
        let (dated, label) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let label = Some(label.trim()).filter(|it| !it.is_empty());
        for date in dates(dated)? {
            all.retain(|it| it.date != date);
            let label = label.map(str::to_owned);
            all.push(DayOff { date, label });
        }
    }
    all.sort_by_key(|it| it.date);
    Ok(all)
}

/// Days off, to be read and typed again; those of one name that follow each other in one line.
pub(crate) fn days_off_shown(days: &[DayOff]) -> String {
    let together =
        |one: &DayOff, next: &DayOff| one.date.next() == next.date && one.label == next.label;
    let line = |days: &[DayOff]| {
        let (first, last) = (days.first()?, days.last()?);
        let dates = match first.date == last.date {
            true => first.date.to_string(),
            false => format!("{}..{}", first.date, last.date),
        };
        let label = first.label.as_deref().map(|it| format!(" {it}"));
        Some(format!("{dates}{}", label.unwrap_or_default()))
    };
    let lines: Vec<_> = days.chunk_by(together).filter_map(line).collect();
    lines.join("\n")
}

/// A week, to be read and typed again: `mon-fri 09:00-12:00,13:00-17:00; sat 10:00-12:00`.
pub(crate) fn week_shown(windows: &[Window]) -> String {
    let same_days = windows.chunk_by(|one, next| one.days == next.days);
    let part = |windows: &[Window]| {
        let days = windows.first().map(|it| &it.days[..]).unwrap_or_default();
        let hours = windows.iter().map(|it| shown(it.from_minute, it.to_minute));
        format!(
            "{} {}",
            ranges(days).join(","),
            hours.collect::<Vec<_>>().join(",")
        )
    };
    same_days.map(part).collect::<Vec<_>>().join("; ")
}

/// The hours of one day, to be read and typed again.
pub(crate) fn day_shown(hours: &[DayWindow]) -> String {
    if hours.is_empty() {
        return "off".to_owned();
    }
    let each = hours.iter().map(|it| shown(it.from_minute, it.to_minute));
    each.collect::<Vec<_>>().join(",")
}

/// Days that differ, one after the other with the same hours as one: dates, and their hours.
pub(crate) fn overrides_shown(days: &[DayHours]) -> Vec<(String, String)> {
    let together =
        |one: &DayHours, next: &DayHours| one.date.next() == next.date && one.hours == next.hours;
    let part = |days: &[DayHours]| match days {
        [only] => Some((only.date.to_string(), day_shown(&only.hours))),
        [first, .., last] => {
            let dates = format!("{}..{}", first.date, last.date);
            Some((dates, day_shown(&first.hours)))
        }
        [] => None,
    };
    days.chunk_by(together).filter_map(part).collect()
}

/// From one minute of a day to another, to be read and typed again.
pub(super) fn shown(from: u16, to: u16) -> String {
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    format!("{}-{}", clock(from), clock(to))
}

/// Days that follow each other as a range.
pub(crate) fn ranges(days: &[u8]) -> Vec<String> {
    let name = |day: &u8| {
        let name = DAYS.get(usize::from(*day).wrapping_sub(1));
        name.map(|it| it[..3].to_owned()).unwrap_or_default()
    };
    let runs = days.chunk_by(|before, after| before.saturating_add(1) == *after);
    let word = |run: &[u8]| match run {
        [first, .., last] => format!("{}-{}", name(first), name(last)),
        run => run.iter().map(name).collect(),
    };
    runs.map(word).collect()
}

/// In small letters, with one kind of dash and no space around it.
pub(super) fn plain(text: &str) -> String {
    let text = text.trim().to_lowercase().replace(['–', '—', '−'], "-");
    let words: Vec<_> = text.split_whitespace().collect();
    words.join(" ").replace(" -", "-").replace("- ", "-")
}

/// Days and hours, one piece each; `mon-fri:09:00-17:00` is two of them.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split([' ', ',', ';']);
    words.flat_map(cut).filter(|it| !it.is_empty())
}

fn cut(word: &str) -> [&str; 2] {
    match word.split_once(':') {
        Some((days, hours)) if days.starts_with(char::is_alphabetic) => [days, hours],
        _ => [word, ""],
    }
}

/// A day or a range of days, from 1 for Monday; a range may go over the week's end.
fn days_of(text: &str) -> Result<Vec<u8>, String> {
    match text {
        "daily" => return Ok((1..=7).collect()),
        "weekdays" => return Ok((1..=5).collect()),
        "weekends" => return Ok(vec![6, 7]),
        _ => {}
    }
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (day_of(first)?, day_of(last)?);
    Ok(match first <= last {
        true => (first..=last).collect(),
        false => (first..=7).chain(1..=last).collect(),
    })
}

fn day_of(text: &str) -> Result<u8, String> {
    let is_it = |name: &&str| text.len() >= 2 && name.starts_with(text);
    let found = (1..).zip(DAYS).find(|(_, name)| is_it(name));
    let wrong = || format!("“{text}” is not a day: write mon, tue, wed, thu, fri, sat or sun");
    found.map(|(day, _)| day).ok_or_else(wrong)
}

/// From one time of a day to another.
fn stretch(text: &str) -> Result<DayWindow, String> {
    let wrong = || format!("“{text}” is not from one time to another, such as 9-17 or 9:30am-5pm");
    let (from, to) = text.split_once('-').ok_or_else(wrong)?;
    let to_minute = clock(to).ok_or_else(wrong)?;
    // In "1-5pm" both are in the afternoon, in "9-5pm" only one can be.
    let half = to
        .get(to.len().saturating_sub(2)..)
        .filter(|it| ["am", "pm"].contains(it));
    let has_half = from.ends_with("am") || from.ends_with("pm");
    let alike = half.filter(|_| !has_half && !from.contains(':'));
    let alike = alike.and_then(|half| clock(&format!("{from}{half}")));
    let from_minute = match alike.filter(|it| *it < to_minute) {
        Some(minute) => minute,
        None => clock(from).ok_or_else(wrong)?,
    };
    if from_minute < to_minute {
        return Ok(DayWindow {
            from_minute,
            to_minute,
        });
    }
    Err(match to_minute {
        0 => format!("“{text}” ends at midnight: write {from}-24"),
        _ => format!(
            "“{text}” ends before it begins; write 9-17 or 9am-5pm, and hours over midnight as two days"
        ),
    })
}

/// The minute of the day: `9`, `09`, `9:30`, `0930`, `9am`, `5:30pm`; 24:00 is its end.
pub(super) fn clock(text: &str) -> Option<u16> {
    let half = text.strip_suffix("am").map(|rest| (rest, 0));
    let half = half.or_else(|| text.strip_suffix("pm").map(|rest| (rest, 12)));
    let (digits, shift) = half.map_or((text, None), |(rest, shift)| (rest.trim(), Some(shift)));
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() == 4 => digits.split_at_checked(2)?,
        None => (digits, "00"),
    };
    let number = |text: &str, lengths: [usize; 2]| {
        let is_number = lengths.contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit());
        is_number.then(|| text.parse::<u16>().ok())?
    };
    let (hours, minutes) = (number(hours, [1, 2])?, number(minutes, [2, 2])?);
    let hours = match shift {
        None => hours,
        Some(shift) if (1..=12).contains(&hours) => hours % 12 + shift,
        Some(_) => return None,
    };
    let minute = hours * 60 + minutes;
    (minutes < 60 && minute <= MIDNIGHT).then_some(minute)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn weeks_are_read_as_people_write_them() {
        for (text, read) in [
            ("mon-fri 9-12,13-17", "mon-fri 09:00-12:00,13:00-17:00"),
            ("Mon – Fri 9am–5pm", "mon-fri 09:00-17:00"),
            (
                "mon-thu 9-17; fri 9-13",
                "mon-thu 09:00-17:00; fri 09:00-13:00",
            ),
            (
                "mon-thu 9-17, fri 9-13",
                "mon-thu 09:00-17:00; fri 09:00-13:00",
            ),
            ("tue,thu 13:30-18", "tue,thu 13:30-18:00"),
            ("tue, thu 1330-1800", "tue,thu 13:30-18:00"),
            ("sun-thu 9-17", "mon-thu,sun 09:00-17:00"),
            ("mon-fri:09:00-17:00", "mon-fri 09:00-17:00"),
            ("weekdays 1-5pm", "mon-fri 13:00-17:00"),
            ("weekdays 9-5pm", "mon-fri 09:00-17:00"),
            ("weekdays 9-12pm", "mon-fri 09:00-12:00"),
            ("daily 0-24", "mon-sun 00:00-24:00"),
            (
                "Monday 9-10 thurs 10-11",
                "mon 09:00-10:00; thu 10:00-11:00",
            ),
        ] {
            let week = week(text);
            assert_eq!(
                week.as_deref().map(week_shown).as_deref(),
                Ok(read),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, piece) in [
            ("", "mon-fri 9-12,13-17"),
            ("9-17", "“9-17” needs days"),
            ("mon-fri", "“mon-fri” needs hours"),
            ("mon 9-17; tue", "“tue” needs hours"),
            ("mon-fry 9-17", "“fry” is not a day"),
            ("t 9-17", "“t” is not a day"),
            ("mon 9", "“9” is not from"),
            ("mon 9-25", "“9-25” is not from"),
            ("mon 9-17:60", "“9-17:60” is not from"),
            ("mon 13am-14", "“13am-14” is not from"),
            ("mon 9-5", "“9-5” ends before"),
            ("mon 22-6", "“22-6” ends before"),
            ("mon 22-0", "write 22-24"),
            ("mon 9-17 sauerkraut", "“sauerkraut” is not a day"),
        ] {
            let wrong = week(text).expect_err(text);
            assert!(wrong.contains(piece), "{text}: {wrong}");
        }
        for (text, piece) in [
            ("24.12.", "“24.12.” is not a date"),
            ("2026-12-24..2026-12-20", "ends before"),
            ("2026-12-24..2030-12-24", "more than 400 days"),
        ] {
            let wrong = dates(text).expect_err(text);
            assert!(wrong.contains(piece), "{text}: {wrong}");
        }
        for (text, piece) in [
            ("24.12. off", "“24.12.” is not a date"),
            ("2026-12-24", "off"),
            ("2026-12-24 nine", "“nine”"),
            ("2026-12-24..2026-12-20 off", "ends before"),
            ("2026-12-24..2030-12-24 off", "more than 400 days"),
        ] {
            let wrong = overrides(text).expect_err(text);
            assert!(wrong.contains(piece), "{text}: {wrong}");
        }
        for text in ["", "nine", "9", "17-9"] {
            assert!(day(text).is_err(), "{text}");
        }
        assert_eq!(day(" Off "), Ok(Vec::new()));
    }

    #[test]
    fn days_that_differ_are_read_shown_and_compared() {
        let text = "2026-12-24..2026-12-26 off; 2026-12-31 9-12";
        let days = overrides(text).expect("days");
        assert_eq!(days.len(), 4);
        let shown = overrides_shown(&days);
        let pair = |dates: &str, hours: &str| (dates.to_owned(), hours.to_owned());
        assert_eq!(
            shown,
            [
                pair("2026-12-24..2026-12-26", "off"),
                pair("2026-12-31", "09:00-12:00")
            ]
        );
        let fewer = overrides("2026-12-24 off; 2026-12-31 10-12").expect("days");
        let changes = changed(&days, &fewer);
        let told: Vec<_> = changes
            .iter()
            .map(|it| (it.date.to_string(), it.hours.as_ref().map(Vec::len)))
            .collect();
        let date = |day: &str| format!("2026-12-{day}");
        assert_eq!(
            told,
            [
                (date("25"), None),
                (date("26"), None),
                (date("31"), Some(1))
            ]
        );
        assert_eq!(changed(&days, &days), []);
    }

    #[test]
    fn days_off_are_read_with_what_they_are() {
        let text = "2026-12-25 Christmas Day\n\n2026-12-28..2026-12-31\n2026-12-30 Inventory\n";
        let days = days_off(text).expect("days");
        let shown =
            "2026-12-25 Christmas Day\n2026-12-28..2026-12-29\n2026-12-30 Inventory\n2026-12-31";
        assert_eq!(days_off_shown(&days), shown);
        assert_eq!(days_off(shown), Ok(days));
        let wrong = days_off("Christmas 2026-12-25").expect_err("a date first");
        assert!(wrong.contains("“Christmas” is not a date"), "{wrong}");
    }

    fn windows() -> impl Strategy<Value = Vec<Window>> {
        let days = proptest::sample::subsequence(vec![1u8, 2, 3, 4, 5, 6, 7], 1..=7);
        let window =
            (days, 0u16..700, 701u16..1441).prop_map(|(days, from_minute, to_minute)| Window {
                days,
                from_minute,
                to_minute,
            });
        proptest::collection::vec(window, 1..6)
    }

    proptest! {
        #[test]
        fn what_is_shown_can_be_typed_again(windows in windows()) {
            prop_assert_eq!(week(&week_shown(&windows)), Ok(windows));
        }

        #[test]
        fn no_text_is_too_strange(text in "\\PC{0,40}") {
            let _ = (week(&text), day(&text), dates(&text), overrides(&text), days_off(&text));
        }
    }
}
