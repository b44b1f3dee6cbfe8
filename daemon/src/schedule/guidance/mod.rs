//! ★ What a stage's guidance says of times: closed preferences, read once when the stage is saved.
//!
//! Owns the preferences, their words, and whether a time meets one. Invariants: a preference only
//! orders times or leaves some out, and never makes one possible; a sentence is read whole or not at
//! all, so that no condition of it is lost: what is not read is a note for people. Must not know
//! records; who a candidate is comes to it as a zone.

mod places;
mod read;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use self::places::{CONTINENTS, COUNTRIES};
pub use self::read::{Guidance, read};
use super::ranges::{Seconds, common, merged, without};
use super::wishes::Wishes;

/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// Seconds around what is asked about in which hours are known, too: an interview may reach over its
/// end.
const DAYS_AROUND: i64 = 2 * 24 * 60 * 60;

/// A preference about times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preference {
    /// What it does.
    pub does: Does,
    /// Days of the week, 1 Monday to 7 Sunday; empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<u8>,
    /// First minute of the day, and the minute it ends before; `None`: the whole day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<(u16, u16)>,
    /// A week of the month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub week: Option<Week>,
    /// Of candidates in these places alone, as guidance names them; empty: of all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<String>,
    /// By whose clock days and minutes count.
    #[serde(default)]
    pub clock: Clock,
}

/// What a preference does with the times it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Does {
    /// They come first.
    Prefer,
    /// They come last.
    Avoid,
    /// There are no others.
    Only,
    /// There are none of them.
    Never,
    /// What a later version wrote: it does nothing here.
    #[serde(other)]
    Unknown,
}

/// A week of the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Week {
    /// Its first seven days.
    First,
    /// Its last seven days.
    Last,
}

/// Whose clock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clock {
    /// The candidate's.
    #[default]
    Theirs,
    /// The stage's.
    Ours,
}

impl Preference {
    /// Whether it is about candidates in this zone. Who has none is in no place.
    #[must_use]
    pub fn is_about(&self, zone: Option<&str>) -> bool {
        let lies = |place: &String| zone.is_some_and(|zone| lies_in(zone, place));
        self.places.is_empty() || self.places.iter().any(lies)
    }

    /// The preference in a few words, `prefer Tue, before 12:00 · candidates in Asia · their clock`.
    #[must_use]
    pub fn words(&self) -> String {
        let does = match self.does {
            Does::Prefer => "prefer",
            Does::Avoid => "avoid",
            Does::Only => "only",
            Does::Never => "never",
            Does::Unknown => "newer version",
        };
        let mut when = Vec::new();
        if !self.days.is_empty() {
            when.push(days(&self.days));
        }
        if let Some((from, to)) = self.minutes {
            when.push(match (from, to) {
                (0, to) => format!("before {}", clock(to)),
                (from, DAY) => format!("from {}", clock(from)),
                (from, to) => format!("{}–{}", clock(from), clock(to)),
            });
        }
        when.extend(self.week.map(|week| match week {
            Week::First => "first week of the month".to_owned(),
            Week::Last => "last week of the month".to_owned(),
        }));
        let mut words = format!("{does} {}", when.join(", "));
        if !self.places.is_empty() {
            words += &format!(" · candidates in {}", self.places.join(", "));
        }
        words
            + match self.clock {
                Clock::Theirs => " · their clock",
                Clock::Ours => " · our clock",
            }
    }
}

impl Week {
    fn has(self, day: Date) -> bool {
        let (at, last) = (day.day(), day.days_in_month());
        match self {
            Self::First => at <= 7,
            Self::Last => at > last - 7,
        }
    }
}

/// What preferences come to for a candidate in this zone, around `span`, together with what is wished
/// for otherwise: the only hours, and the better ones. Who has no zone lives by the stage's clock.
#[must_use]
pub fn guided(
    wishes: Wishes,
    preferences: &[Preference],
    (candidate, grid): (Option<&str>, &TimeZone),
    span: &Seconds,
) -> Wishes {
    let theirs = candidate.and_then(|zone| TimeZone::get(zone).ok());
    let theirs = theirs.as_ref().unwrap_or(grid);
    let mut wishes = wishes;
    for preference in preferences.iter().filter(|it| it.is_about(candidate)) {
        let zone = match preference.clock {
            Clock::Theirs => theirs,
            Clock::Ours => grid,
        };
        let whole = span.start - DAYS_AROUND..span.end + DAYS_AROUND;
        let stretches = preference.stretches(zone, &whole);
        let whole = std::slice::from_ref(&whole);
        let about = common(whole, &stretches);
        let (hours, of) = match preference.does {
            Does::Only => (about, &mut wishes.only),
            Does::Never => (without(whole, &about), &mut wishes.only),
            Does::Prefer => (about, &mut wishes.rather),
            Does::Avoid => (without(whole, &about), &mut wishes.rather),
            Does::Unknown => continue,
        };
        let both = match &of {
            Some(others) => common(others, &hours),
            None => hours,
        };
        *of = Some(both.into());
    }
    wishes
}

impl Preference {
    /// The stretches it is about, by the clock of a zone, around `span`.
    fn stretches(&self, zone: &TimeZone, span: &Seconds) -> Vec<Seconds> {
        let date = |second: i64| {
            let at = Timestamp::from_second(second).unwrap_or_default();
            at.to_zoned(zone.clone()).date()
        };
        let last = date(span.end);
        let days = date(span.start).series(jiff::Span::new().days(1));
        let days = days.take_while(|day| *day <= last);
        let named = days.filter(|day| {
            let weekday = u8::try_from(day.weekday().to_monday_one_offset()).unwrap_or_default();
            let is_day = self.days.is_empty() || self.days.contains(&weekday);
            is_day && self.week.is_none_or(|week| week.has(*day))
        });
        let (from, to) = self.minutes.unwrap_or((0, DAY));
        let stretches = named.filter_map(|day| {
            let at = |minute: u16| {
                let next = minute >= DAY;
                let day = if next { day.tomorrow().ok()? } else { day };
                let (hour, minute) = (minute % DAY / 60, minute % 60);
                let (hour, minute) = (i8::try_from(hour).ok()?, i8::try_from(minute).ok()?);
                let at = day.at(hour, minute, 0, 0).to_zoned(zone.clone()).ok()?;
                Some(at.timestamp().as_second())
            };
            Some(at(from)?..at(to)?)
        });
        merged(stretches.collect())
    }
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn days(days: &[u8]) -> String {
    const NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    match days {
        [1, 2, 3, 4, 5] => "weekdays".to_owned(),
        [6, 7] => "weekends".to_owned(),
        _ => {
            let names = days.iter().filter_map(|day| {
                let at = usize::from(*day).checked_sub(1)?;
                NAMES.get(at).copied()
            });
            names.collect::<Vec<_>>().join(" ")
        }
    }
}

/// Whether a zone lies in a place of this name.
fn lies_in(zone: &str, place: &str) -> bool {
    let continent = CONTINENTS.iter().find(|(name, _, _)| *name == place);
    if let Some((_, _, first)) = continent {
        return first.iter().any(|it| zone.starts_with(it));
    }
    let country = COUNTRIES.iter().find(|(name, _, _)| *name == place);
    country.is_some_and(|(_, _, zones)| zones.contains(&zone))
}

#[cfg(test)]
mod tests;
