//! Made-up worlds for the search for times: people with hours and taken time.
//!
//! Owns how such a world is put together, so that benches and experiments speak of the same ones.
//! Must not decide about a time.

pub mod proposals;

use anyhow::Context as _;
use greenroom_protocol::id::{InterviewId, MemberId};
use greenroom_protocol::pipeline::{Night, PanelGroup, PanelRule, Window};
use greenroom_protocol::schedule::LaneKind;
use greenroom_protocol::time::Instant;
use greenroomd::schedule::busy::{Buffer, Busy, Interval, Own, TakenBy};
use greenroomd::schedule::hours;
use greenroomd::schedule::predicate::{Limits, Nights, Party, Place, Rules, WorkDays};
use greenroomd::schedule::ranges::Seconds;
use greenroomd::schedule::slots::World;
use greenroomd::schedule::wishes::Wishes;

/// Seconds of a day.
pub const DAY: i64 = 24 * 3600;

/// Somebody who may interview.
#[derive(Debug, Clone)]
pub struct Person {
    /// Who.
    pub id: MemberId,
    /// Their IANA zone.
    pub zone: String,
    /// Their week.
    pub hours: Vec<Window>,
    /// What stays free around each interview.
    pub buffer: Buffer,
    /// Interviews a day at most; 0: no limit.
    pub most_a_day: u32,
    /// Their interviews.
    pub busy: Busy,
}

impl Person {
    /// With these interviews, from second to second.
    pub fn new(zone: &str, hours: Vec<Window>, interviews: &[Seconds]) -> Self {
        Self {
            id: MemberId::new(),
            zone: zone.to_owned(),
            hours,
            buffer: Buffer::default(),
            most_a_day: 0,
            busy: interviews.iter().map(interview).collect(),
        }
    }

    /// For a search over `span`.
    ///
    /// # Errors
    /// There is no such zone.
    pub fn party(&self, span: &Seconds) -> anyhow::Result<Party> {
        let place = place(&self.zone)?;
        Ok(Party {
            kind: LaneKind::Member,
            id: self.id.to_string(),
            name: self.id.to_string(),
            capacity: 1,
            busy: self.busy.clone(),
            limits: Limits::WorkDays(WorkDays {
                hours: hours_of(&self.hours, &place, span),
                windows: None,
                buffer: self.buffer,
                most_a_day: self.most_a_day,
                most_a_week: 0,
                place,
            }),
        })
    }
}

/// A week from Monday to Friday, from one minute of the day to another.
pub fn working_week(from_minute: u16, to_minute: u16) -> Vec<Window> {
    vec![Window {
        days: vec![1, 2, 3, 4, 5],
        from_minute,
        to_minute,
    }]
}

/// An interview from second to second.
pub fn interview(span: &Seconds) -> Interval {
    Interval {
        start: Instant::from_second(span.start),
        end: Instant::from_second(span.end),
        taken_by: TakenBy::Interview {
            id: InterviewId::new(),
            planned: false,
        },
        kept_free: Buffer::default(),
    }
}

/// A candidate who sleeps in a zone.
///
/// # Errors
/// There is no such zone.
pub fn candidate(zone: &str, span: &Seconds) -> anyhow::Result<Party> {
    let place = place(zone)?;
    let limits = match Night::default() {
        Night::Off => Limits::None,
        Night::Hours(hours) => Limits::Nights(Nights {
            nights: hours::nights(hours, &place.zone, span).into(),
            hours,
            place,
        }),
    };
    Ok(Party {
        kind: LaneKind::Candidate,
        id: "candidate".into(),
        name: "Ana".into(),
        capacity: 1,
        busy: Busy::default(),
        limits,
    })
}

/// What is asked about: 45 minutes every 15, of `people` by one rule, in a zone, from `span` on.
///
/// # Errors
/// There is no such zone.
pub fn world(
    people: &[Person],
    rule: PanelRule,
    zone: &str,
    candidate: Option<Party>,
    span: &Seconds,
) -> anyhow::Result<World> {
    let candidate_zone = match candidate.as_ref().map(|it| &it.limits) {
        Some(Limits::Nights(nights)) => nights.place.zone.clone(),
        _ => place(zone)?.zone,
    };
    let parties = people.iter().map(|it| Ok((it.id, it.party(span)?)));
    Ok(World {
        now: Instant::from_second(span.start - DAY),
        minutes: 45,
        zone: place(zone)?.zone,
        grid: place(zone)?.zone,
        candidate_zone,
        step: 15,
        rules: Rules::default(),
        people: parties.collect::<anyhow::Result<_>>()?,
        candidate,
        host: None,
        host_rules: None,
        own: Own::default(),
        groups: vec![PanelGroup {
            rule,
            members: people.iter().map(|it| it.id).collect(),
        }],
        talks: Vec::new(),
        wishes: Wishes::default(),
    })
}

fn place(zone: &str) -> anyhow::Result<Place> {
    Place::of(zone).with_context(|| format!("no zone {zone}"))
}

fn hours_of(windows: &[Window], place: &Place, span: &Seconds) -> hours::Hours {
    hours::Hours::of(hours::local(windows, &place.zone, span), hours::Said::Set)
}
