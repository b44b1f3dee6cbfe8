//! A drawn world as the engine takes it.
//!
//! Here, and only here, the engine's own way from weekly hours to moments is used: it is part of
//! what is tested.

use std::collections::BTreeMap;

use greenroom_protocol::availability::DayWindow;
use greenroom_protocol::id::{InterviewId, MemberId, OutreachId};
use greenroom_protocol::pipeline::{NightHours, PanelGroup};
use greenroom_protocol::schedule::{LaneKind, Wish};
use greenroom_protocol::time::Instant;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::clock::{Clock, calendar};
use super::drawn::{Again, By, Drawn, HOURS, Person, Taken, Unlike, Zone};
use super::rules::{begins, iana};
use crate::schedule::busy::{Buffer, Busy, Interval, Own, TakenBy, weeks};
use crate::schedule::fair::Talk;
use crate::schedule::hours::{self, Said, Special};
use crate::schedule::predicate::{Limits, Nights, Party, Place, Rules, WorkDays};
use crate::schedule::ranges::Seconds;
use crate::schedule::slots::World;
use crate::schedule::wishes::Wishes;

/// The ids of a world.
pub(super) struct Ids {
    /// In their order.
    people: Vec<MemberId>,
    again: InterviewId,
    outreach: OutreachId,
    outreaches: [OutreachId; 3],
}

impl Ids {
    fn new(drawn: &Drawn) -> Self {
        let mut people: Vec<_> = drawn.people.iter().map(|_| MemberId::new()).collect();
        people.sort();
        Self {
            people,
            again: InterviewId::new(),
            outreach: OutreachId::new(),
            outreaches: [(); 3].map(|()| OutreachId::new()),
        }
    }
}

/// What is searched.
pub(super) fn span(drawn: &Drawn) -> Seconds {
    begins(drawn)..begins(drawn) + HOURS * 3600
}

impl Drawn {
    /// The same for the engine. Members are in the order of their places.
    pub(super) fn world(&self) -> World {
        let ids = Ids::new(self);
        let people = self.people.iter().zip(&ids.people).map(|(person, id)| {
            let limits = Limits::WorkDays(self.work_days(person));
            let party = self.party(&ids, LaneKind::Member, 1, &person.taken, limits);
            (*id, party)
        });
        let candidate = self.candidate.as_ref().map(|it| {
            let limits = self.nights(it.zone);
            self.party(&ids, LaneKind::Candidate, 1, &it.taken, limits)
        });
        let host = self.host.as_ref().map(|(capacity, taken)| {
            self.party(&ids, LaneKind::Host, *capacity, taken, Limits::None)
        });
        let groups = self.groups.iter().map(|(rule, members)| PanelGroup {
            rule: *rule,
            members: members.iter().map(|it| ids.people[*it]).collect(),
        });
        let first = Clock::new(iana(self, self.grid), begins(self)).day(begins(self));
        let talks = self.talks.iter().map(|it| Talk {
            members: vec![ids.people[it.who]],
            date: calendar(first + it.day),
            minutes: it.minutes,
        });
        let theirs = self.candidate.as_ref().and_then(|it| it.zone);
        let candidate_zone = self.zone(theirs.unwrap_or(self.home));
        let wishes = self.only.iter().map(|window| Wish {
            window: window.clone(),
            must: true,
        });
        World {
            now: Instant::from_second(begins(self) + self.now),
            minutes: self.minutes,
            zone: self.zone(self.named),
            grid: self.zone(self.grid),
            step: self.step,
            rules: Rules {
                notice_minutes: self.notice,
                horizon_days: self.horizon,
                offer: None,
            },
            people: people.collect(),
            candidate,
            host,
            host_rules: None,
            own: Own {
                interview: (self.again != Again::Outreach).then_some(ids.again),
                outreach: (self.again != Again::Interview).then_some(ids.outreach),
                shares: self.shares,
            },
            groups: groups.collect(),
            talks: talks.collect(),
            wishes: Wishes::of(&wishes.collect::<Vec<_>>(), &candidate_zone, &span(self)),
            candidate_zone,
        }
    }

    fn zone(&self, zone: Zone) -> TimeZone {
        TimeZone::get(iana(self, zone)).unwrap()
    }

    fn nights(&self, zone: Option<Zone>) -> Limits {
        let Some((zone, (from_minute, to_minute))) = zone.zip(self.night) else {
            return Limits::None;
        };
        let place = Place::of(iana(self, zone)).unwrap();
        let hours = NightHours {
            from_minute,
            to_minute,
        };
        Limits::Nights(Nights {
            nights: hours::nights(hours, &place.zone, &span(self)).into(),
            hours,
            place,
        })
    }

    fn work_days(&self, person: &Person) -> WorkDays {
        let place = Place::of(iana(self, person.zone)).unwrap();
        let span = span(self);
        let windows = || hours::local(&self.windows, &place.zone, &span).into();
        WorkDays {
            hours: hours::working(
                &person.weekly,
                &self.special(person),
                Said::Set,
                &place.zone,
                &span,
            ),
            windows: (!self.windows.is_empty()).then(windows),
            buffer: Buffer {
                before: person.before,
                after: person.after,
            },
            most_a_day: person.a_day,
            most_a_week: person.a_week,
            place,
        }
    }

    /// As it is gathered: what somebody set for a date goes before a day off.
    fn special(&self, person: &Person) -> BTreeMap<Date, Special> {
        let first = Clock::new(iana(self, person.zone), begins(self)).day(begins(self));
        let date = |after: &i64| calendar(first + after);
        let mut special = BTreeMap::new();
        for (after, unlike) in &person.unlike {
            if let Unlike::Off = unlike {
                special.insert(date(after), Special::Off("Holiday".into()));
            }
        }
        for (after, unlike) in &person.unlike {
            if let Unlike::Hours(own) = unlike {
                let own = own.iter().map(|(from_minute, to_minute)| DayWindow {
                    from_minute: *from_minute,
                    to_minute: *to_minute,
                });
                special.insert(date(after), Special::Hours(own.collect()));
            }
        }
        special
    }

    fn party(
        &self,
        ids: &Ids,
        kind: LaneKind,
        capacity: usize,
        taken: &[Taken],
        limits: Limits,
    ) -> Party {
        let begins = Instant::from_second(begins(self));
        let interval = |(n, it): (u8, &Taken)| Interval {
            start: begins.plus_seconds(it.from),
            end: begins.plus_seconds(it.from + it.seconds),
            kept_free: Buffer {
                before: it.kept.0,
                after: it.kept.1,
            },
            taken_by: match (it.by, self.again) {
                (By::Itself, Again::Outreach) => TakenBy::HeldSlot {
                    outreach: ids.outreach,
                    n,
                    shared: n % 3 == 0,
                },
                (By::Itself, Again::Both) if n % 2 == 0 => TakenBy::HeldSlot {
                    outreach: ids.outreach,
                    n,
                    shared: n % 4 == 0,
                },
                (By::Itself, _) => TakenBy::Interview {
                    id: ids.again,
                    planned: false,
                },
                (By::Interview { planned }, _) => TakenBy::Interview {
                    id: InterviewId::new(),
                    planned,
                },
                (By::Held { outreach, shared }, _) => TakenBy::HeldSlot {
                    outreach: ids.outreaches[outreach],
                    n,
                    shared,
                },
                (By::Unknown, _) => TakenBy::Unknown,
            },
        };
        Party {
            kind,
            id: MemberId::new().to_string(),
            name: format!("{kind:?}"),
            capacity,
            busy: by_week((0..).zip(taken).map(interval)),
            limits,
        }
    }
}

/// As calendars are kept: what reaches over a week's end stands in both weeks.
fn by_week(taken: impl Iterator<Item = Interval>) -> Busy {
    let mut kept: BTreeMap<i64, Vec<Interval>> = BTreeMap::new();
    for interval in taken {
        for week in weeks(interval.start, interval.end) {
            kept.entry(week).or_default().push(interval);
        }
    }
    let sorted = kept.into_iter().map(|(week, mut intervals)| {
        intervals.sort();
        (week, intervals.into())
    });
    Busy::of(sorted.collect())
}
