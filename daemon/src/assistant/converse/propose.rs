//! Slots that are as a request states, the best first.
//!
//! Invariant: every slot is one that [`crate::interviews::slots`] offers and that keeps to all that
//! has to be; a wish lowers the score and is shown where it is not met. Nothing is written.

use greenroom_protocol::Error;
use greenroom_protocol::conversation::{AnswerSlot, RequestForm, RequestPick, Stated, StatedWhen};
use greenroom_protocol::schedule::{
    ExplainQuery, Finding, NoneBecause, Planned, Slot, SlotQuery, Slots,
};
use greenroom_protocol::time::Instant;
use jiff::tz::TimeZone;

use super::words;
use crate::access::RequestContext;
use crate::interviews;
use crate::records::conversation::OpenSlot;
use crate::requests::Fits;
use crate::schedule::time;
use crate::services::Services;

/// Slots of an answer.
const MOST_SLOTS: usize = 5;

/// What a wish that is not met takes off the score: as much as the score itself takes off for one.
const UNMET: i32 = 15;

/// What somebody optional who has no time takes off, as the score itself does.
const OPTIONAL_BUSY: i32 = 5;

/// By how much the best has to be ahead to be taken without being named.
const AHEAD: i32 = 10;

/// Slots of one question, and questions at most.
const PAGE: u32 = 1000;
const MOST_PAGES: usize = 4;

/// The longest search, in minutes: what one question allows.
const LONGEST: i64 = 62 * 24 * 60;

/// What was found for a request.
#[derive(Default)]
pub(super) struct Proposal {
    pub slots: Vec<AnswerSlot>,
    pub open: Vec<OpenSlot>,
    /// The slot that is clearly the best, from 1.
    pub best: Option<u8>,
    /// Wishes that no slot meets.
    pub unmet: Vec<String>,
    pub none_because: Vec<NoneBecause>,
    /// What speaks against the times, or has to be known of all of them.
    pub findings: Vec<Finding>,
    /// The candidate's zone, where it is known and another than the request's.
    pub their_zone: Option<String>,
    /// Why there is none, for people.
    pub why_none: String,
}

/// A slot with how it keeps to the request.
struct Weighed {
    slot: Slot,
    score: i32,
    unmet: Vec<usize>,
    without: Vec<String>,
}

/// Looks for slots.
pub(super) async fn propose(
    services: &Services,
    context: &RequestContext,
    form: &RequestForm,
    planned: &Planned,
) -> Result<Proposal, Error> {
    let now = services.clock.now();
    let Some((from, to)) = stretch(&form.times, now) else {
        return Ok(Proposal {
            why_none: "That time is in the past.".to_owned(),
            ..Proposal::default()
        });
    };
    let Slots {
        items: found,
        none_because,
        advises,
        candidate_zone,
        ..
    } = search(services, context, planned, (from, to)).await?;
    let zone = time::zone(&form.zone).unwrap_or(TimeZone::UTC);
    let fits = Fits::new(&form.times, &zone);
    let candidate = form
        .candidate
        .as_ref()
        .and_then(|it| it.only())
        .map(|it| it.id.clone());
    let of = |slot: &Slot| {
        let takes_part = |id: &str| {
            candidate.as_deref() == Some(id)
                || slot.interviewers.iter().any(|it| it.id.to_string() == id)
        };
        fits.of(slot.start, slot.end, &takes_part)
    };
    let mut weighed: Vec<Weighed> = Vec::new();
    for slot in &found {
        let fit = of(slot);
        if fit.fits {
            let lost = i32::try_from(fit.unmet.len())
                .unwrap_or(i32::MAX)
                .saturating_mul(UNMET);
            weighed.push(Weighed {
                slot: slot.clone(),
                score: slot.score.saturating_sub(lost),
                unmet: fit.unmet,
                without: Vec::new(),
            });
        }
    }
    if weighed.is_empty() {
        return none(
            services,
            context,
            (form, planned),
            (&found, none_because, &zone),
        )
        .await;
    }
    add_optional(services, context, (form, planned), (from, to), &mut weighed).await?;
    Ok(Proposal {
        findings: advises,
        their_zone: candidate_zone.filter(|it| *it != form.zone),
        ..chosen(form, weighed)
    })
}

/// From when to when a request can be met at all; `None`: that is over.
fn stretch(times: &[Stated], now: Instant) -> Option<(Instant, Option<Instant>)> {
    let dated = times
        .iter()
        .filter(|it| it.must && !it.not)
        .flat_map(|it| &it.when);
    let spans = dated.filter_map(|it| match it {
        StatedWhen::At { start } => Some((*start, start.plus_minutes(24 * 60))),
        StatedWhen::Between { start, end } => Some((*start, *end)),
        StatedWhen::Hours { .. } => None,
    });
    let spans: Vec<_> = spans.collect();
    let (Some(first), Some(last)) = (
        spans.iter().map(|it| it.0).min(),
        spans.iter().map(|it| it.1).max(),
    ) else {
        return Some((now, None));
    };
    let from = first.max(now);
    let to = last.min(from.plus_minutes(LONGEST));
    (from < to).then_some((from, Some(to)))
}

async fn search(
    services: &Services,
    context: &RequestContext,
    planned: &Planned,
    (from, to): (Instant, Option<Instant>),
) -> Result<Slots, Error> {
    let (mut all, mut from) = (Vec::new(), from);
    let mut pages = 0;
    loop {
        let query = SlotQuery {
            planned: planned.clone(),
            from: Some(from),
            to,
            limit: Some(PAGE),
            ..SlotQuery::default()
        };
        let mut page = interviews::slots(services, context, query).await?;
        pages += 1;
        let last = page.items.last().map(|it| it.start);
        let is_whole = page.items.len() < PAGE as usize || pages == MOST_PAGES;
        all.append(&mut page.items);
        match last.filter(|_| !is_whole) {
            Some(last) if to.is_none_or(|to| last.plus_seconds(1) < to) => {
                from = last.plus_seconds(1);
            }
            _ => return Ok(Slots { items: all, ..page }),
        }
    }
}

/// Who is optional takes part where they have time.
async fn add_optional(
    services: &Services,
    context: &RequestContext,
    (form, planned): (&RequestForm, &Planned),
    stretch: (Instant, Option<Instant>),
    weighed: &mut [Weighed],
) -> Result<(), Error> {
    for named in form.people.iter().filter(|it| it.optional) {
        let Some(person) = named.only() else {
            continue;
        };
        let mut with = planned.clone();
        with.with.push(person.id.clone());
        let also = search(services, context, &with, stretch).await?.items;
        for it in &mut *weighed {
            let start = it.slot.start;
            let found = also.binary_search_by_key(&start, |slot| slot.start);
            let brief = found.ok().and_then(|at| {
                let people = also[at].interviewers.iter();
                people
                    .clone()
                    .find(|it| it.id.to_string() == person.id)
                    .cloned()
            });
            match brief {
                Some(brief) => it.slot.interviewers.push(brief),
                None => {
                    it.score = it.score.saturating_sub(OPTIONAL_BUSY);
                    it.without.push(format!("without {}", person.name));
                }
            }
        }
    }
    Ok(())
}

/// The slots of the answer: the first by what was asked for, and others that do not overlap them.
fn chosen(form: &RequestForm, mut weighed: Vec<Weighed>) -> Proposal {
    match form.pick {
        RequestPick::Best => weighed.sort_by_key(|it| (-it.score, it.slot.start)),
        RequestPick::Earliest => weighed.sort_by_key(|it| it.slot.start),
        RequestPick::Latest => weighed.sort_by_key(|it| std::cmp::Reverse(it.slot.start)),
    }
    let mut picked: Vec<Weighed> = Vec::new();
    for it in weighed {
        let meets =
            |other: &Weighed| it.slot.start < other.slot.end && other.slot.start < it.slot.end;
        if picked.len() < MOST_SLOTS && !picked.iter().any(meets) {
            picked.push(it);
        }
    }
    let is_clear = match picked.as_slice() {
        [_] => true,
        [first, second, ..] => {
            form.pick != RequestPick::Best || first.score - second.score >= AHEAD
        }
        [] => false,
    };
    let words = |place: &usize| form.times.get(*place).map(wish);
    let never: Vec<usize> = match picked.first() {
        Some(first) => {
            let places = first.unmet.iter().copied();
            places
                .filter(|place| picked.iter().all(|it| it.unmet.contains(place)))
                .collect()
        }
        None => Vec::new(),
    };
    let letters = ('a'..='e').zip(&picked);
    let slots = letters.map(|(letter, it)| AnswerSlot {
        letter,
        start: it.slot.start,
        end: it.slot.end,
        text: words::span(it.slot.start, it.slot.end, &form.zone),
        interviewers: it.slot.interviewers.clone(),
        score: it.score,
        why: it.slot.why.clone(),
        unmet: it
            .unmet
            .iter()
            .filter_map(words)
            .chain(it.without.clone())
            .collect(),
    });
    let open = picked.iter().map(|it| OpenSlot {
        start: it.slot.start,
        minutes: u32::try_from((it.slot.end.second() - it.slot.start.second()) / 60).unwrap_or(0),
        interviewers: it.slot.interviewers.iter().map(|it| it.id).collect(),
    });
    Proposal {
        slots: slots.collect(),
        open: open.collect(),
        best: is_clear.then_some(1),
        unmet: never.iter().filter_map(words).collect(),
        ..Proposal::default()
    }
}

/// A wish in its words.
fn wish(it: &Stated) -> String {
    match it.not {
        true => format!("not {}", it.words),
        false => it.words.clone(),
    }
}

/// Why there is no slot: what is stated that leaves none, else what the search says.
async fn none(
    services: &Services,
    context: &RequestContext,
    (form, planned): (&RequestForm, &Planned),
    (found, none_because, zone): (&[Slot], Vec<NoneBecause>, &TimeZone),
) -> Result<Proposal, Error> {
    let mut proposal = Proposal {
        none_because,
        ..Proposal::default()
    };
    let mut lines = vec!["No time works for everyone as you asked.".to_owned()];
    let exact = form
        .times
        .iter()
        .filter(|it| it.must && !it.not)
        .find_map(|it| match it.when.as_slice() {
            [StatedWhen::At { start }] => Some(*start),
            _ => None,
        });
    if let Some(start) = exact {
        let query = ExplainQuery {
            planned: planned.clone(),
            start: start.to_string(),
            locale: None,
        };
        let explained = interviews::explain(services, context, query).await?;
        lines.extend(
            explained
                .findings
                .iter()
                .map(|it| format!("{}.", it.message)),
        );
        for near in [explained.earlier, explained.later].into_iter().flatten() {
            let minutes = explained.end.second() - explained.start.second();
            let text = words::span(near, near.plus_seconds(minutes), &form.zone);
            lines.push(format!("Nearby, {text} works."));
        }
        proposal.findings = explained.findings;
    }
    for (place, it) in form.times.iter().enumerate().filter(|(_, it)| it.must) {
        let mut others = form.times.clone();
        others.remove(place);
        let fits = Fits::new(&others, zone);
        let takes_part = |_: &str| true;
        let left = found
            .iter()
            .filter(|slot| fits.of(slot.start, slot.end, &takes_part).fits);
        let left = left.count();
        if left > 0 {
            let of_them = if left == 1 {
                "1 time works".to_owned()
            } else {
                format!("{left} times work")
            };
            lines.push(format!("Without \u{201c}{}\u{201d}, {of_them}.", wish(it)));
        }
    }
    if found.is_empty() {
        let reasons = proposal.none_because.iter().take(3);
        lines.extend(reasons.map(|it| format!("{} ({} % of the times).", it.message, it.share)));
    }
    proposal.why_none = lines.join("\n");
    Ok(proposal)
}
