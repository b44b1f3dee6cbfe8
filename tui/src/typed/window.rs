//! Stretches of the week as people write them: `mon-fri:09:00-17:00`, `tue,thu:13:00-18:00`.

use std::fmt;
use std::str::FromStr;

use greenroom_protocol::pipeline::Window;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// A [`Window`], to type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stretch(pub(crate) Window);

impl FromStr for Stretch {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        parse(&text.to_lowercase())
            .map(Self)
            .ok_or_else(|| "write it as mon-fri:09:00-17:00 or tue,thu:13:00-18:00".to_owned())
    }
}

impl fmt::Display for Stretch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(window) = self;
        let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        let (from, to) = (clock(window.from_minute), clock(window.to_minute));
        write!(out, "{}:{from}-{to}", ranges(&window.days).join(","))
    }
}

/// Days that follow each other as a range.
fn ranges(days: &[u8]) -> Vec<String> {
    let name = |day: u8| {
        DAYS.get(usize::from(day).wrapping_sub(1))
            .copied()
            .unwrap_or_default()
    };
    let runs = days.chunk_by(|before, after| before.saturating_add(1) == *after);
    let word = |run: &[u8]| match run {
        [first, .., last] => format!("{}-{}", name(*first), name(*last)),
        run => run.iter().map(|day| name(*day)).collect(),
    };
    runs.map(word).collect()
}

fn parse(text: &str) -> Option<Window> {
    let (days, hours) = text.split_once(':')?;
    let (from, to) = hours.split_once('-')?;
    let window = Window {
        days: days_of(days)?,
        from_minute: minute(from)?,
        to_minute: minute(to)?,
    };
    (window.from_minute < window.to_minute).then_some(window)
}

/// Days and ranges of days, in the week's order, each once.
fn days_of(text: &str) -> Option<Vec<u8>> {
    let mut days = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last) = (day(first)?, day(last)?);
        if first > last {
            return None;
        }
        days.extend(first..=last);
    }
    days.sort_unstable();
    days.dedup();
    Some(days)
}

/// 1 is Monday.
fn day(text: &str) -> Option<u8> {
    (1..)
        .zip(DAYS)
        .find(|(_, name)| *name == text)
        .map(|(day, _)| day)
}

/// The minute of the day; 24:00 is its end.
fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let two_digits = |part: &str| {
        let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<u16>().ok())?
    };
    let (hours, minutes) = (two_digits(hours)?, two_digits(minutes)?);
    let minute = hours * 60 + minutes;
    (minutes < 60 && minute <= 24 * 60).then_some(minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_read_or_refused() {
        let read = |text: &str| text.parse::<Stretch>().map(|Stretch(window)| window);
        let window = read("Mon-Wed,fri:09:00-24:00").unwrap();
        assert_eq!(window.days, [1, 2, 3, 5]);
        assert_eq!((window.from_minute, window.to_minute), (540, 1440));
        assert_eq!(Stretch(window).to_string(), "mon-wed,fri:09:00-24:00");
        for text in [
            "",
            "mon",
            "mon:9-17",
            "mon:09:00",
            "fri-mon:09:00-17:00",
            "day:09:00-17:00",
            "mon:17:00-09:00",
            "mon:09:60-17:00",
            "mon:09:00-25:00",
            "mon:+9:00-17:00",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
