//! What the text in the time field names.
//!
//! Owns the question to the daemon and what its answer comes to. Invariant: a text that could mean
//! several times stands for none of them, unless the daemon says which is meant; then the others
//! are said. Reads no text itself.

use greenroom_protocol::Error;
use greenroom_protocol::schedule::{Grain, Reading, TimeFound, TimeRead, TimesRead};
use greenroom_protocol::service::GreenroomRequest as Q;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::forms::Ask;
use crate::forms::sheet::Note;
use crate::widgets::{TimeInput, times};

/// What is said where nothing is read from a text.
const EXAMPLES: &str = "thu 2pm, tomorrow 10:30 or 2.12. 11:30";

/// The text that was asked about last, and what it named.
#[derive(Debug, Default)]
pub(super) struct Reader {
    asked: Option<TimeRead>,
    answer: Option<Result<TimesRead, Error>>,
}

impl Reader {
    /// The question to ask, where a text stands there that was not read yet.
    pub(super) fn ask(&mut self, input: &TimeInput, question: TimeRead) -> Option<(Ask, Q)> {
        if input.value().is_empty() || input.time().is_some() {
            return None;
        }
        if self.asked.as_ref() == Some(&question) {
            return None;
        }
        self.asked = Some(question.clone());
        self.answer = None;
        Some((Ask::Time, Q::TimeRead { read: question }))
    }

    /// Takes the answer; of an older question it is dropped before this. A range's length comes
    /// back, in minutes.
    pub(super) fn take(
        &mut self,
        input: &mut TimeInput,
        zone: &TimeZone,
        answer: Result<TimesRead, Error>,
    ) -> Option<i64> {
        let asked = self.asked.as_ref();
        if input.time().is_some() || asked.is_none_or(|it| it.text != input.value()) {
            return None;
        }
        let meant = answer.as_ref().ok().and_then(|it| meant(it).ok()).cloned();
        self.answer = Some(answer);
        let meant = meant?;
        input.read_as(meant.start.timestamp().to_zoned(zone.clone()));
        let end = meant.end?;
        Some((end.second() - meant.start.second()) / 60)
    }

    /// Whether an answer is still to come about what stands there.
    pub(super) fn is_reading(&self, input: &TimeInput) -> bool {
        let unread = !input.value().is_empty() && input.time().is_none();
        let asked = self.asked.as_ref();
        let is_about_it = asked.is_none_or(|it| it.text == input.value());
        unread && !(is_about_it && self.answer.is_some())
    }

    /// What the daemon said is out of date: what is not read yet is asked about again.
    pub(super) fn invalidate(&mut self) {
        self.asked = None;
    }

    /// What to say about the text.
    pub(super) fn note(&self, input: &TimeInput, zone: &TimeZone, now: Timestamp) -> Option<Note> {
        let said = |it: &TimeRead| it.text == input.value();
        if input.value().is_empty() || !self.asked.as_ref().is_some_and(said) {
            return None;
        }
        let told = |readings: &[Reading]| readings_told(readings, zone, now);
        Some(match self.answer.as_ref()? {
            Err(error) => Note::Error(format!("Couldn't read the time: {}", error.message)),
            Ok(read) => match meant(read) {
                Err(why) => Note::Error(why.words(zone, now)),
                Ok(found) if !found.others.is_empty() => {
                    Note::Advice(format!("It could also mean {}", told(&found.others)))
                }
                Ok(_) => return None,
            },
        })
    }
}

/// Why a text names no time that can be taken.
#[derive(Debug)]
enum Refused<'a> {
    Nothing,
    Ambiguous(&'a str, &'a [Reading]),
    /// Words that come to nothing, and why.
    Contradicts(&'a str, &'a str),
    Several(&'a [TimeFound]),
    NoHour(&'a TimeFound),
    NotUnderstood(&'a str),
}

impl Refused<'_> {
    fn words(&self, zone: &TimeZone, now: Timestamp) -> String {
        match self {
            Self::Nothing => format!("This names no time. Write {EXAMPLES}"),
            Self::Ambiguous(words, readings) => {
                let told = readings_told(readings, zone, now);
                format!("“{words}” could mean {told}. Write it out")
            }
            Self::Contradicts(words, why) => match *why {
                "weekday-differs" => format!("The weekday and the date in “{words}” differ"),
                "dates-differ" => format!("The days in “{words}” differ"),
                "their-zone-unknown" => format!("The time zone in “{words}” is not known"),
                "out-of-range" => format!("“{words}” names no day"),
                _ => format!("“{words}” contradicts itself"),
            },
            Self::Several(times) => {
                let all = times.iter().map(|it| it.start.timestamp());
                let all: Vec<_> = all.map(|it| times::moment(it, zone, now)).collect();
                format!(
                    "These are {} times: {}. Write one",
                    all.len(),
                    all.join(", ")
                )
            }
            Self::NoHour(found) => {
                let words = &found.words;
                format!("“{words}” has no time of day. Add one, such as 14:00")
            }
            Self::NotUnderstood(words) => format!("“{words}” is not understood"),
        }
    }
}

/// The one time that is meant.
fn meant(read: &TimesRead) -> Result<&TimeFound, Refused<'_>> {
    if let Some(it) = read.ambiguous.first() {
        return Err(match it.readings.is_empty() {
            true => Refused::Contradicts(&it.words, &it.why),
            false => Refused::Ambiguous(&it.words, &it.readings),
        });
    }
    let found = match &read.times[..] {
        [] => return Err(Refused::Nothing),
        [one] => one,
        several => return Err(Refused::Several(several)),
    };
    if found.grain != Grain::Minute {
        return Err(Refused::NoHour(found));
    }
    match read.unread.first() {
        Some(it) => Err(Refused::NotUnderstood(&it.words)),
        None => Ok(found),
    }
}

fn readings_told(readings: &[Reading], zone: &TimeZone, now: Timestamp) -> String {
    let all = readings.iter().map(|it| it.start.timestamp());
    let all: Vec<_> = all.map(|it| times::moment(it, zone, now)).collect();
    all.join(" or ")
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::schedule::{Ambiguous, Unread};
    use greenroom_protocol::time::Instant;

    use super::*;

    fn instant(text: &str) -> Instant {
        text.parse::<Timestamp>().unwrap().into()
    }

    fn found(start: &str, grain: Grain) -> TimeFound {
        TimeFound {
            start: instant(start),
            end: None,
            grain,
            zone: "Europe/Berlin".into(),
            words: "thu 2pm".into(),
            rule: "weekday-next".into(),
            others: Vec::new(),
        }
    }

    fn said(read: &TimesRead) -> String {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let now = instant("2026-11-30T09:00:00Z").timestamp();
        match meant(read) {
            Ok(found) => found.start.timestamp().to_string(),
            Err(why) => why.words(&zone, now),
        }
    }

    #[test]
    fn only_one_time_with_an_hour_is_taken() {
        let reading = |start| Reading {
            start: instant(start),
            end: None,
            rule: "day-first".into(),
        };
        let one = found("2026-12-03T13:00:00Z", Grain::Minute);
        let times = |times| TimesRead {
            times,
            ..TimesRead::default()
        };
        let ambiguous = |readings: Vec<Reading>| TimesRead {
            ambiguous: vec![Ambiguous {
                words: "3/4 10am".into(),
                why: match readings.is_empty() {
                    true => "weekday-differs".into(),
                    false => "order".into(),
                },
                readings,
            }],
            ..TimesRead::default()
        };
        let unread = TimesRead {
            unread: vec![Unread {
                words: "sam".into(),
            }],
            ..times(vec![one.clone()])
        };
        let both = vec![
            reading("2027-03-04T09:00:00Z"),
            reading("2027-04-03T08:00:00Z"),
        ];
        for (read, words) in [
            (times(vec![one.clone()]), "2026-12-03T13:00:00Z"),
            (TimesRead::default(), "names no time"),
            (times(vec![one.clone(), one.clone()]), "These are 2 times"),
            (
                times(vec![found("2026-12-02T23:00:00Z", Grain::Day)]),
                "has no time of day",
            ),
            (
                ambiguous(both),
                "could mean Thu 4 Mar 2027 10:00 or Sat 3 Apr 2027 10:00",
            ),
            (ambiguous(Vec::new()), "The weekday and the date in"),
            (unread, "“sam” is not understood"),
        ] {
            assert!(said(&read).contains(words), "{}", said(&read));
        }
    }
}
