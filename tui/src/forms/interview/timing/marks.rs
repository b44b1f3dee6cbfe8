//! Times that are marked in the calendar, to be proposed to the candidate.
//!
//! Owns which times are marked and in which order, and what the daemon says of each: it is asked
//! about one at a time, so that what it refuses is known to be that one. Invariant: only a time that
//! may be held stays marked, with whatever else stands in the form; why another one is not is said.
//! Proposes nothing itself.

use greenroom_protocol::outreach::{MOST_SLOTS, OutreachPropose, Proposed};
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::time::Instant;
use greenroom_protocol::{Error, ErrorKind};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::forms::Ask;
use crate::widgets::{text, times};

/// Days in which a weekday alone says which day is meant.
const NEAR_DAYS: i64 = 6;

/// The marked times.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// In the order of their starts: the first has the number 1.
    all: Vec<Marked>,
    /// What they would be proposed with.
    about: Option<OutreachPropose>,
    /// The one that the daemon is asked about.
    asked: Option<Instant>,
    /// Why something is not marked.
    refused: Option<Refused>,
}

#[derive(Debug)]
struct Marked {
    start: Instant,
    /// Something speaks against it, though it may be proposed.
    warned: bool,
    /// The daemon has said so of what stands in the form.
    judged: bool,
}

#[derive(Debug)]
struct Refused {
    /// Which time, where it is about one.
    start: Option<Instant>,
    why: String,
}

impl Marks {
    /// Marks a time, or no longer.
    pub(super) fn toggle(&mut self, time: &Zoned, now: Timestamp) {
        self.refused = None;
        let start = Instant::from(time.timestamp());
        if let Some(place) = self.place(start) {
            self.all.remove(place);
            return;
        }
        let why = match time.timestamp() {
            past if past <= now => "That time is in the past".to_owned(),
            _ if self.all.len() == MOST_SLOTS => {
                format!("{MOST_SLOTS} times are marked, and no more can be proposed at once")
            }
            _ => {
                let place = self.all.partition_point(|it| it.start < start);
                let marked = Marked {
                    start,
                    warned: false,
                    judged: false,
                };
                return self.all.insert(place, marked);
            }
        };
        self.refused = Some(Refused { start: None, why });
    }

    /// The question to ask, about one that the daemon has not judged; `about` is what they would be
    /// proposed with, without times.
    pub(super) fn ask(&mut self, about: Option<OutreachPropose>) -> Option<(Ask, Q)> {
        if self.about != about {
            self.about = about;
            self.invalidate();
        }
        if self.asked.is_some() {
            return None;
        }
        let outreach = self.about.clone()?;
        let next = self.all.iter().find(|it| !it.judged)?.start;
        self.asked = Some(next);
        let outreach = OutreachPropose {
            slots: vec![next.to_string()],
            dry_run: true,
            ..outreach
        };
        Some((Ask::Mark, Q::OutreachPropose { outreach }))
    }

    /// Takes the answer; of an older question it is dropped before this.
    pub(super) fn take(&mut self, answer: Result<Proposed, Error>) {
        let Some(start) = self.asked.take() else {
            return;
        };
        let Some(place) = self.place(start) else {
            return;
        };
        let marked = &mut self.all[place];
        marked.judged = true;
        let error = match answer {
            Ok(proposed) => {
                marked.warned = proposed.warnings.iter().any(|it| it.n.is_some());
                return;
            }
            Err(error) => error,
        };
        let is_of_it = matches!(error.field.as_deref(), Some("slots" | "start"));
        if is_of_it {
            self.all.remove(place);
        }
        // What else is missing in the form is said when it is sent: half a form is no mistake.
        if is_of_it || error.kind == ErrorKind::Conflict {
            self.refused = Some(Refused {
                start: is_of_it.then_some(start),
                why: error.message,
            });
        }
    }

    /// What is known of the daemon is out of date.
    pub(super) fn invalidate(&mut self) {
        self.asked = None;
        for marked in &mut self.all {
            marked.judged = false;
        }
    }

    /// Somebody went on: what was refused has been read.
    pub(super) fn calm(&mut self) {
        self.refused = None;
    }

    /// The marked times, in order.
    pub(super) fn starts(&self) -> Vec<Instant> {
        self.all.iter().map(|it| it.start).collect()
    }

    pub(super) fn count(&self) -> usize {
        self.all.len()
    }

    /// Whether this time is marked.
    pub(super) fn is_marked(&self, start: Instant) -> bool {
        self.place(start).is_some()
    }

    /// Why something is not marked, in the room there is.
    pub(super) fn refusal(&self, zone: &TimeZone, now: Timestamp) -> Option<String> {
        let refused = self.refused.as_ref()?;
        Some(match refused.start {
            Some(start) => {
                let when = times::moment(start.timestamp(), zone, now);
                format!("✗ {when}: {}", refused.why)
            }
            None => format!("✗ {}", refused.why),
        })
    }

    /// The list of them, in so many cells; a `!` behind the number of one that something speaks
    /// against. `None`: there is none.
    pub(super) fn list(&self, zone: &TimeZone, now: Timestamp, cells: usize) -> Option<String> {
        if self.all.is_empty() {
            return None;
        }
        let whole = |at: Timestamp| times::moment(at, zone, now);
        let short = |at: Timestamp| {
            let (time, today) = (times::at(at, zone), times::at(now, zone).date());
            let days = time
                .date()
                .since(today)
                .map_or(i64::MAX, |it| it.get_days().into());
            let day = match days {
                ..=NEAR_DAYS => times::weekday(time.weekday()).to_owned(),
                _ => times::short_day(time.date()),
            };
            format!("{day} {}", times::clock(&time))
        };
        let wordings = ["To propose:  ", ""].into_iter().flat_map(|begin| {
            let listed = [self.written(whole), self.written(short)];
            listed.map(|all| format!("{begin}{}", all.join(" · ")))
        });
        let mut wordings = wordings.collect::<Vec<_>>();
        // The words before they are cut: the days whole matter more than what begins the line.
        wordings.swap(1, 2);
        let fits = |words: &String| text::width(words) <= cells;
        if let Some(place) = wordings.iter().position(fits) {
            return Some(wordings.swap_remove(place));
        }
        let mut all = self.written(short);
        while all.len() > 1 {
            all.pop();
            let more = self.all.len() - all.len();
            let words = format!("{} +{more}", all.join(" · "));
            if fits(&words) {
                return Some(words);
            }
        }
        all.pop()
    }

    fn written(&self, when: impl Fn(Timestamp) -> String) -> Vec<String> {
        let numbered = (1..).zip(&self.all);
        let written = numbered.map(|(n, it)| {
            let sign = if it.warned { "!" } else { "" };
            format!("{n}{sign} {}", when(it.start.timestamp()))
        });
        written.collect()
    }

    fn place(&self, start: Instant) -> Option<usize> {
        self.all.iter().position(|it| it.start == start)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").unwrap()
    }

    /// A time of the week that begins on Monday, 30 November 2026.
    fn at(day: i8, hour: i8) -> Zoned {
        let date = date(2026, 11, 30).saturating_add(jiff::Span::new().days(i64::from(day)));
        date.at(hour, 0, 0, 0).to_zoned(berlin()).unwrap()
    }

    fn now() -> Timestamp {
        at(0, 8).timestamp()
    }

    fn marked(times: &[Zoned]) -> Marks {
        let mut marks = Marks::default();
        for time in times {
            marks.toggle(time, now());
        }
        marks
    }

    fn listed(marks: &Marks, cells: usize) -> String {
        marks.list(&berlin(), now(), cells).unwrap_or_default()
    }

    fn about(candidate: &str) -> Option<OutreachPropose> {
        Some(OutreachPropose {
            candidate: candidate.into(),
            ..OutreachPropose::default()
        })
    }

    fn asked(marks: &mut Marks, candidate: &str) -> Option<String> {
        let (_, question) = marks.ask(about(candidate))?;
        let Q::OutreachPropose { outreach } = question else {
            panic!("another question");
        };
        assert!(outreach.dry_run);
        Some(outreach.slots.join(" "))
    }

    #[test]
    fn times_are_numbered_by_their_starts_and_at_most_five_are_marked() {
        let mut marks = marked(&[at(2, 10), at(1, 10), at(3, 10)]);
        assert_eq!(
            listed(&marks, 76),
            "To propose:  1 Tue 1 Dec 10:00 · 2 Wed 2 Dec 10:00 · 3 Thu 3 Dec 10:00"
        );
        marks.toggle(&at(1, 10), now());
        assert_eq!(marks.count(), 2);
        for day in [1, 4, 7, 8] {
            marks.toggle(&at(day, 10), now());
        }
        assert_eq!(marks.count(), 5);
        let why = "✗ 5 times are marked, and no more can be proposed at once";
        assert_eq!(marks.refusal(&berlin(), now()).as_deref(), Some(why));
        assert_eq!(
            listed(&marks, 76),
            "1 Tue 10:00 · 2 Wed 10:00 · 3 Thu 10:00 · 4 Fri 10:00 · 5 7 Dec 10:00"
        );
        assert_eq!(listed(&marks, 36), "1 Tue 10:00 · 2 Wed 10:00 +3");
        marks.toggle(&at(0, 7), now());
        let why = marks.refusal(&berlin(), now());
        assert_eq!(why.as_deref(), Some("✗ That time is in the past"));
    }

    #[test]
    fn each_is_judged_alone_and_what_may_not_be_held_is_marked_no_longer() {
        let mut marks = marked(&[at(1, 10), at(2, 10)]);
        assert_eq!(
            asked(&mut marks, "ana"),
            Some("2026-12-01T09:00:00Z".into())
        );
        assert_eq!(asked(&mut marks, "ana"), None, "one at a time");
        let why = "Sam Ito has an interview from 10:00 to 10:45";
        marks.take(Err(Error::conflict(why).field("slots")));
        assert_eq!(marks.starts(), [Instant::from(at(2, 10).timestamp())]);
        let said = marks.refusal(&berlin(), now()).unwrap();
        assert_eq!(said, format!("✗ Tue 1 Dec 10:00: {why}"));
        assert!(asked(&mut marks, "ana").is_some());
        // What is missing in the form is no fault of the time.
        marks.take(Err(Error::usage("Enter the phone number").field("details")));
        assert_eq!(marks.count(), 1);
        assert_eq!(asked(&mut marks, "ana"), None);
        // For somebody else all are judged anew.
        assert!(asked(&mut marks, "ben").is_some());
        marks.calm();
        assert_eq!(marks.refusal(&berlin(), now()), None);
    }

    #[test]
    fn an_answer_about_a_time_that_is_marked_no_longer_says_nothing() {
        let mut marks = marked(&[at(1, 10)]);
        assert!(asked(&mut marks, "ana").is_some());
        marks.toggle(&at(1, 10), now());
        marks.take(Err(Error::conflict("taken").field("slots")));
        assert_eq!((marks.count(), marks.refusal(&berlin(), now())), (0, None));
    }
}
