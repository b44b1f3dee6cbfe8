//! The times that work, around the week that is shown.
//!
//! Owns the question for them and its answer, and where a step leads from one to the next.
//! Invariant: what is known is about whom and how long stands in the form now; of anything else
//! nothing is known. Moves nothing itself.

use greenroom_protocol::Error;
use greenroom_protocol::schedule::{Planned, Slot, SlotQuery, Slots, Source};
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::time::Instant;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Zoned};

use crate::forms::Ask;
use crate::forms::interview::calendar::Way;

/// More times than three weeks have, by the quarter of an hour from morning to night.
const MOST: u32 = 1000;

/// What was asked last, and what is known.
#[derive(Debug, Default)]
pub(super) struct Free {
    asked: Option<SlotQuery>,
    /// The question that was answered last.
    answered: Option<SlotQuery>,
    /// What is known is to be asked again.
    is_stale: bool,
    known: Option<Known>,
}

/// Times that work, in order, of those between two moments.
#[derive(Debug)]
struct Known {
    planned: Planned,
    from: Instant,
    to: Instant,
    slots: Vec<Slot>,
    /// Where it is known from who is busy elsewhere.
    sources: Vec<Source>,
}

/// Where a step leads.
#[derive(Debug, PartialEq)]
pub(super) enum Leads {
    To(Zoned),
    /// It is not known before the daemon has answered.
    Later,
    /// Nothing works on that side of what is known: beyond this moment it is to be looked for.
    Beyond(Instant),
    /// It is not known what works.
    Nowhere,
}

impl Free {
    /// The question to ask, when other people, another length or another week stand in the form;
    /// `planned` is `None` where nothing could be looked for.
    pub(super) fn ask(
        &mut self,
        planned: Option<&Planned>,
        monday: Date,
        zone: &TimeZone,
    ) -> Option<(Ask, Q)> {
        let query = planned.and_then(|planned| around(planned, monday, zone));
        let about = query.as_ref().map(|it| &it.planned);
        if self.known.as_ref().map(|it| &it.planned) != about {
            self.known = None;
        }
        if self.asked == query && !self.is_stale {
            return None;
        }
        self.is_stale = false;
        self.answered = None;
        self.asked = query.clone();
        Some((Ask::Free, Q::Slots { query: query? }))
    }

    /// Takes the answer; of an older question it is dropped before this. Where there is none, what
    /// was known stays.
    pub(super) fn take(&mut self, answer: Result<Slots, Error>) {
        let Some(asked) = self.asked.clone() else {
            return;
        };
        self.answered = Some(asked.clone());
        let (Ok(slots), Some(from), Some(to)) = (answer, asked.from, asked.to) else {
            return;
        };
        let (slots, sources) = (slots.items, slots.sources);
        // Where there are more than were asked for, what comes after them is not known.
        let is_whole = slots.len() < MOST as usize;
        let last = slots.last().map(|slot| slot.start.plus_minutes(1));
        self.known = Some(Known {
            planned: asked.planned,
            from,
            to: last.filter(|_| !is_whole).unwrap_or(to),
            slots,
            sources,
        });
    }

    /// What is known is out of date.
    pub(super) fn invalidate(&mut self) {
        self.is_stale = true;
        self.answered = None;
    }

    /// The times that work, in order; `None`: it is not known which do.
    pub(super) fn slots(&self) -> Option<&[Slot]> {
        self.known.as_ref().map(|known| &known.slots[..])
    }

    /// Where it is known from who is busy elsewhere, and how old that was.
    pub(super) fn sources(&self) -> &[Source] {
        let known = self.known.as_ref();
        known.map_or(&[], |known| &known.sources[..])
    }

    /// The time that works and begins then.
    pub(super) fn at(&self, start: Instant) -> Option<&Slot> {
        let slots = self.slots()?;
        let place = slots.binary_search_by_key(&start, |slot| slot.start).ok()?;
        slots.get(place)
    }

    /// The first time that works and begins within so many minutes from a moment.
    pub(super) fn within(&self, from: Instant, minutes: i64) -> Option<&Slot> {
        let slots = self.slots()?;
        let place = slots.partition_point(|slot| slot.start < from);
        let next = slots.get(place)?;
        (next.start < from.plus_minutes(minutes)).then_some(next)
    }

    /// Where a step leads from a time; `is_up`: the daemon can be asked.
    pub(super) fn leads(&self, from: &Zoned, way: Way, is_up: bool) -> Leads {
        let at = Instant::from(from.timestamp());
        let covers = |known: &&Known| known.from <= at && at < known.to;
        let is_answered = self.answered == self.asked;
        match self.known.as_ref().filter(covers) {
            Some(known) if is_answered || !is_up => return known.leads(from, way),
            _ => {}
        }
        let Some(asked) = self.asked.as_ref().filter(|_| is_up) else {
            return Leads::Nowhere;
        };
        let is_about_it = asked.from <= Some(at) && Some(at) < asked.to;
        match is_answered && is_about_it {
            true => Leads::Nowhere,
            // Of another week, it is asked as soon as the calendar shows that.
            false => Leads::Later,
        }
    }
}

impl Known {
    fn leads(&self, from: &Zoned, way: Way) -> Leads {
        let at = Instant::from(from.timestamp());
        let zone = from.time_zone();
        let local = |slot: &Slot| slot.start.timestamp().to_zoned(zone.clone());
        let before = &self.slots[..self.slots.partition_point(|slot| slot.start < at)];
        let after = &self.slots[self.slots.partition_point(|slot| slot.start <= at)..];
        let found = match way {
            Way::Earlier => before.last().map(local),
            Way::Later => after.first().map(local),
            Way::DayBefore => {
                let days = before.iter().rev().map(local);
                nearest(from, days.skip_while(|it| it.date() == from.date()))
            }
            Way::DayAfter => {
                let days = after.iter().map(local);
                nearest(from, days.skip_while(|it| it.date() == from.date()))
            }
        };
        let end = match way.is_forward() {
            true => self.to,
            false => self.from,
        };
        found.map_or(Leads::Beyond(end), Leads::To)
    }
}

/// Of the first day of these times, the one whose clock is nearest to that of `from`; of two that
/// are as near, the earlier one.
fn nearest(from: &Zoned, times: impl Iterator<Item = Zoned>) -> Option<Zoned> {
    let minute = |time: &Zoned| i32::from(time.hour()) * 60 + i32::from(time.minute());
    let mut times = times.peekable();
    let day = times.peek()?.date();
    let of_day = times.take_while(|time| time.date() == day);
    of_day.min_by_key(|time| (minute(time).abs_diff(minute(from)), time.timestamp()))
}

/// The question for the week that is shown, the one before it and the one after.
fn around(planned: &Planned, monday: Date, zone: &TimeZone) -> Option<SlotQuery> {
    let begin = |weeks: i64| {
        let date = monday.checked_add(Span::new().weeks(weeks)).ok()?;
        let midnight = date.to_zoned(zone.clone()).ok()?;
        Some(Instant::from(midnight.timestamp()))
    };
    Some(SlotQuery {
        planned: planned.clone(),
        from: Some(begin(-1)?),
        to: Some(begin(2)?),
        limit: Some(MOST),
        ..SlotQuery::default()
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    /// Monday, 30 November 2026.
    const MONDAY: Date = date(2026, 11, 30);

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").unwrap()
    }

    fn at(day: i64, hour: i8, minute: i8) -> Zoned {
        let date = MONDAY.saturating_add(Span::new().days(day));
        date.at(hour, minute, 0, 0).to_zoned(berlin()).unwrap()
    }

    fn slot(time: &Zoned) -> Slot {
        let start = Instant::from(time.timestamp());
        Slot {
            start,
            end: start.plus_minutes(45),
            interviewers: Vec::new(),
            score: 0,
            why: Vec::new(),
        }
    }

    fn answer(times: &[Zoned]) -> Slots {
        Slots {
            items: times.iter().map(slot).collect(),
            ..Slots::default()
        }
    }

    fn known(times: &[Zoned]) -> Free {
        let mut free = Free::default();
        let asks = free.ask(Some(&Planned::default()), MONDAY, &berlin());
        assert!(asks.is_some());
        free.take(Ok(answer(times)));
        free
    }

    #[test]
    fn a_step_leads_to_the_next_time_that_works_and_by_days_to_the_nearest_clock() {
        let times = [at(0, 9, 0), at(0, 16, 0), at(2, 10, 0), at(2, 14, 30)];
        let free = known(&times);
        for (from, way, to) in [
            (at(0, 9, 0), Way::Later, at(0, 16, 0)),
            (at(0, 12, 0), Way::Later, at(0, 16, 0)),
            (at(0, 12, 0), Way::Earlier, at(0, 9, 0)),
            (at(0, 16, 0), Way::Later, at(2, 10, 0)),
            (at(0, 9, 0), Way::DayAfter, at(2, 10, 0)),
            (at(0, 16, 0), Way::DayAfter, at(2, 14, 30)),
            (at(0, 12, 15), Way::DayAfter, at(2, 10, 0)),
            (at(2, 14, 30), Way::DayBefore, at(0, 16, 0)),
        ] {
            assert_eq!(
                free.leads(&from, way, true),
                Leads::To(to),
                "{from} {way:?}"
            );
        }
        let beyond = |way, day| {
            let end = Instant::from(at(day, 0, 0).timestamp());
            assert_eq!(free.leads(&at(2, 14, 30), way, true), Leads::Beyond(end));
        };
        beyond(Way::Later, 14);
        beyond(Way::DayAfter, 14);
        let from = at(0, 9, 0);
        let end = Instant::from(at(-7, 0, 0).timestamp());
        assert_eq!(free.leads(&from, Way::Earlier, true), Leads::Beyond(end));
    }

    #[test]
    fn a_step_waits_for_an_answer_and_without_one_leads_nowhere() {
        let mut free = Free::default();
        let from = at(0, 9, 0);
        assert_eq!(free.leads(&from, Way::Later, true), Leads::Nowhere);
        free.ask(Some(&Planned::default()), MONDAY, &berlin());
        assert_eq!(free.leads(&from, Way::Later, true), Leads::Later);
        assert_eq!(free.leads(&from, Way::Later, false), Leads::Nowhere);
        free.take(Err(Error::failed("no")));
        assert_eq!(free.leads(&from, Way::Later, true), Leads::Nowhere);

        // Somebody else is chosen: what was known is of others.
        let mut free = known(&[at(0, 16, 0)]);
        assert_eq!(free.leads(&from, Way::Later, true), Leads::To(at(0, 16, 0)));
        let others = Planned {
            with: vec!["mem".into()],
            ..Planned::default()
        };
        free.ask(Some(&others), MONDAY, &berlin());
        assert!(free.slots().is_none());
        assert_eq!(free.leads(&from, Way::Later, true), Leads::Later);
        // Nobody is: nothing is looked for.
        assert!(free.ask(None, MONDAY, &berlin()).is_none());
        assert_eq!(free.leads(&from, Way::Later, true), Leads::Nowhere);
    }

    #[test]
    fn another_week_keeps_what_is_known_until_its_answer_comes() {
        let mut free = known(&[at(0, 16, 0)]);
        let next = MONDAY.saturating_add(Span::new().weeks(1));
        assert!(
            free.ask(Some(&Planned::default()), next, &berlin())
                .is_some()
        );
        assert_eq!(free.slots().map(<[Slot]>::len), Some(1));
        assert_eq!(free.leads(&at(0, 9, 0), Way::Later, true), Leads::Later);
        // While the daemon is away, what was known last is walked in.
        let leads = free.leads(&at(0, 9, 0), Way::Later, false);
        assert_eq!(leads, Leads::To(at(0, 16, 0)));
        free.take(Err(Error::failed("no")));
        assert_eq!(free.slots().map(<[Slot]>::len), Some(1));
    }

    proptest! {
        /// Later and earlier visit every time in order, and a day's step leads to another day.
        #[test]
        fn steps_visit_every_time_in_order(
            quarters in proptest::collection::btree_set(0_i64..7 * 96, 1..40),
        ) {
            let times: Vec<_> = quarters.iter().map(|quarter| {
                let minutes = Span::new().minutes(15 * quarter);
                at(0, 0, 0).checked_add(minutes).unwrap()
            }).collect();
            let free = known(&times);
            for pair in times.windows(2) {
                prop_assert_eq!(
                    free.leads(&pair[0], Way::Later, true), Leads::To(pair[1].clone())
                );
                prop_assert_eq!(
                    free.leads(&pair[1], Way::Earlier, true), Leads::To(pair[0].clone())
                );
            }
            for time in &times {
                for way in [Way::DayBefore, Way::DayAfter] {
                    if let Leads::To(there) = free.leads(time, way, true) {
                        prop_assert!(times.contains(&there));
                        let is_after = there.date() > time.date();
                        prop_assert_eq!(is_after, way == Way::DayAfter);
                        prop_assert_ne!(there.date(), time.date());
                    }
                }
            }
        }
    }
}
