//! Questions that change nothing: who is free, what is booked, why not, who waits.

use greenroom_protocol::Error;
use greenroom_protocol::conversation::{AnswerKind, RequestForm, StatedWhen};
use greenroom_protocol::interview::{InterviewQuery, InterviewStatus};
use greenroom_protocol::schedule::{BusyLane, BusyQuery, ExplainQuery};
use greenroom_protocol::time::Instant;
use jiff::tz::TimeZone;

use super::propose::propose;
use super::say::{Said, Turn};
use super::subject::{about, exact, line};
use super::words;
use crate::access::Scope;
use crate::interviews;
use crate::requests::Fits;
use crate::schedule::ranges::{Seconds, common, merged, without};
use crate::schedule::time;

/// Days that a question without a time is about.
const USUAL_DAYS: i64 = 7;

/// The longest stretch that is asked about, in minutes: what lists of busy times allow.
const LONGEST: i64 = 62 * 24 * 60;

/// A free stretch is shown from this length on, in minutes, where no length was said.
const WORTH_TELLING: u32 = 30;

/// Lines of an answer.
const MOST_LINES: usize = 20;

/// Candidates that are named of each stage.
const NAMED: usize = 10;

/// From when to when a question is about.
fn stretch(form: &RequestForm, now: Instant) -> (Instant, Instant) {
    let dated = form
        .times
        .iter()
        .filter(|it| !it.not)
        .flat_map(|it| &it.when);
    let spans = dated.filter_map(|it| match it {
        StatedWhen::At { start } => Some((*start, start.plus_minutes(60))),
        StatedWhen::Between { start, end } => Some((*start, *end)),
        StatedWhen::Hours { .. } => None,
    });
    let spans: Vec<_> = spans.collect();
    let from = spans.iter().map(|it| it.0).min().unwrap_or(now).max(now);
    let to = spans.iter().map(|it| it.1).max();
    let to = to
        .filter(|to| *to > from)
        .unwrap_or(from.plus_minutes(USUAL_DAYS * 24 * 60));
    (from, to.min(from.plus_minutes(LONGEST)))
}

pub(super) async fn free(said: &Said<'_>, form: &RequestForm) -> Result<Turn, Error> {
    match about(said, form) {
        Err(turn) => return Ok(*turn),
        Ok(Some(planned)) => {
            let proposal = propose(said.services, said.context, form, &planned).await?;
            let lines: Vec<String> = match proposal.slots.is_empty() {
                true => vec![proposal.why_none],
                false => proposal.slots.iter().map(|it| it.text.clone()).collect(),
            };
            let mut turn = Turn::of(form, AnswerKind::Tells, lines.join("\n"));
            turn.answer.slots = proposal.slots;
            turn.answer.none_because = proposal.none_because;
            return Ok(turn);
        }
        Ok(None) => {}
    }
    let named: Vec<String> = form
        .people
        .iter()
        .filter_map(|it| it.only())
        .map(|it| it.id.clone())
        .collect();
    let is_everybody = named.is_empty();
    let members = match is_everybody {
        false => named,
        true => {
            let all = said.services.index.members(said.context.workspace);
            all.iter().map(|row| row.id.to_string()).collect()
        }
    };
    let (from, to) = stretch(form, said.now);
    let query = BusyQuery {
        members,
        candidate: None,
        zoom_user: None,
        job: None,
        interview: None,
        from,
        to,
    };
    let lanes = interviews::busy(said.services, said.context, query).await?;
    let zone = time::zone(&form.zone).unwrap_or(TimeZone::UTC);
    let minutes = form.minutes.unwrap_or(WORTH_TELLING);
    let is_meant = |it: &Seconds| {
        let fits = Fits::new(&form.times, &zone);
        let (start, end) = (Instant::from_second(it.start), Instant::from_second(it.end));
        fits.of(start, end, &|_| true).fits
    };
    let mut lines = Vec::new();
    if is_everybody {
        for lane in &lanes {
            let free = free_of(lane, minutes, &is_meant);
            if !free.is_empty() {
                lines.push(format!("{}: {}", lane.name, told(&free, &form.zone)));
            }
        }
    } else {
        let all = lanes.iter().map(stretches);
        let together = all
            .reduce(|all, free| common(&all, &free))
            .unwrap_or_default();
        let free = pieces(&together, minutes, &is_meant);
        lines.extend(free.iter().map(|it| {
            words::span(
                Instant::from_second(it.start),
                Instant::from_second(it.end),
                &form.zone,
            )
        }));
    }
    if lines.is_empty() {
        lines.push("Nobody you asked about is free then.".to_owned());
    }
    lines.truncate(MOST_LINES);
    Ok(Turn::of(form, AnswerKind::Tells, lines.join("\n")))
}

/// When somebody works and nothing is booked.
fn stretches(lane: &BusyLane) -> Vec<Seconds> {
    let open = lane
        .open
        .iter()
        .map(|it| it.start.second()..it.end.second());
    let busy = lane
        .busy
        .iter()
        .map(|it| it.start.second()..it.end.second());
    without(&merged(open.collect()), &merged(busy.collect()))
}

fn free_of(lane: &BusyLane, minutes: u32, is_meant: &dyn Fn(&Seconds) -> bool) -> Vec<Seconds> {
    pieces(&stretches(lane), minutes, is_meant)
}

/// What of free stretches is meant: quarters of an hour that are, put together where they meet.
fn pieces(free: &[Seconds], minutes: u32, is_meant: &dyn Fn(&Seconds) -> bool) -> Vec<Seconds> {
    const QUARTER: i64 = 15 * 60;
    let mut all = Vec::new();
    for stretch in free {
        let begin = (stretch.start + QUARTER - 1) / QUARTER * QUARTER;
        let starts = (0..)
            .map(|n| begin + n * QUARTER)
            .take_while(|it| it + QUARTER <= stretch.end);
        all.extend(starts.map(|it| it..it + QUARTER).filter(|it| is_meant(it)));
    }
    let joined = merged(all);
    let long = |it: &Seconds| it.end - it.start >= i64::from(minutes) * 60;
    joined.into_iter().filter(long).collect()
}

fn told(free: &[Seconds], zone: &str) -> String {
    let one = |it: &Seconds| {
        words::span(
            Instant::from_second(it.start),
            Instant::from_second(it.end),
            zone,
        )
    };
    free.iter().take(3).map(one).collect::<Vec<_>>().join("; ")
}

pub(super) async fn agenda(said: &Said<'_>, form: &RequestForm) -> Result<Turn, Error> {
    let (from, to) = stretch(form, said.now);
    // Of a candidate all that is to come is meant.
    let to = match form.candidate.is_some() && form.times.is_empty() {
        true => None,
        false => Some(to),
    };
    let query = InterviewQuery {
        from: Some(from),
        to,
        candidate: form
            .candidate
            .as_ref()
            .and_then(|it| it.only())
            .map(|it| it.id.clone()),
        member: form
            .people
            .first()
            .and_then(|it| it.only())
            .map(|it| it.id.clone()),
        status: vec![InterviewStatus::ToBeConfirmed, InterviewStatus::Confirmed],
        ..InterviewQuery::default()
    };
    let page = interviews::list(said.services, said.context, query).await?;
    let mut lines: Vec<String> = page
        .items
        .iter()
        .take(MOST_LINES)
        .map(|it| line(it, &form.zone))
        .collect();
    if page.items.is_empty() {
        lines.push("No interview is scheduled then.".to_owned());
    }
    if page.total > lines.len() as u64 && page.items.len() > MOST_LINES {
        lines.push(format!("and {} more", page.total - MOST_LINES as u64));
    }
    let mut turn = Turn::of(form, AnswerKind::Tells, lines.join("\n"));
    turn.answer.interviews = page.items;
    Ok(turn)
}

pub(super) async fn why(said: &Said<'_>, form: &RequestForm) -> Result<Turn, Error> {
    let planned = match about(said, form) {
        Err(turn) => return Ok(*turn),
        Ok(Some(planned)) => planned,
        Ok(None) => {
            let text =
                "For which candidate? Say \u{201c}Why not Tuesday at 10 for Priya Nair?\u{201d}.";
            return Ok(Turn::asks(form, said.now, text));
        }
    };
    let Some(start) = exact(form) else {
        let proposal = propose(said.services, said.context, form, &planned).await?;
        let text = match proposal.slots.first() {
            Some(slot) => format!("Times that work then include {}.", slot.text),
            None => proposal.why_none,
        };
        let mut turn = Turn::of(form, AnswerKind::Tells, text);
        turn.answer.slots = proposal.slots;
        turn.answer.none_because = proposal.none_because;
        return Ok(turn);
    };
    let query = ExplainQuery {
        planned,
        start: start.to_string(),
        locale: None,
    };
    let explained = interviews::explain(said.services, said.context, query).await?;
    let at = words::span(explained.start, explained.end, &form.zone);
    let mut lines = match (explained.offered, explained.findings.is_empty()) {
        (true, true) => vec![format!("{at} works: nothing speaks against it.")],
        (true, false) => vec![format!("{at} works. Before you book:")],
        (false, _) => vec![format!("{at} does not work:")],
    };
    lines.extend(
        explained
            .findings
            .iter()
            .map(|it| format!("- {}", it.message)),
    );
    let minutes = explained.end.second() - explained.start.second();
    let near = [explained.earlier, explained.later].into_iter().flatten();
    lines.extend(near.map(|it| {
        format!(
            "Near it, {} works.",
            words::span(it, it.plus_seconds(minutes), &form.zone)
        )
    }));
    let mut turn = Turn::of(form, AnswerKind::Tells, lines.join("\n"));
    turn.answer.findings = explained.findings;
    Ok(turn)
}

pub(super) fn waiting(said: &Said<'_>, form: &RequestForm) -> Result<Turn, Error> {
    let (index, ws) = (&said.services.index, said.context.workspace);
    let jobs = match said.context.scope() {
        Scope::All => None,
        Scope::Jobs(jobs, _) => Some(jobs),
        Scope::Own(_) | Scope::Nothing => Some(Default::default()),
    };
    let idle = index.waiting(ws, jobs.as_ref(), said.now, NAMED);
    let is_meant = |of: &Option<greenroom_protocol::conversation::Named>, id: String| {
        of.as_ref()
            .is_none_or(|it| it.matches.iter().any(|it| it.id == id))
    };
    let mut lines = Vec::new();
    for it in idle {
        if !is_meant(&form.job, it.job.to_string()) || !is_meant(&form.stage, it.stage.to_string())
        {
            continue;
        }
        let title = index
            .job(ws, it.job)
            .map(|row| row.record.title.clone())
            .unwrap_or_default();
        let stage = index
            .stage(ws, it.stage)
            .map(|row| row.record.name.clone())
            .unwrap_or_default();
        let name = |(_, candidate, since): &(_, _, Instant)| {
            let days = (said.now.second() - since.second()) / 86_400;
            let name = index.candidate(ws, *candidate)?.name;
            Some(format!("{name} ({days} d)"))
        };
        let names: Vec<String> = it.longest.iter().filter_map(name).collect();
        let more = it.count.saturating_sub(names.len() as u64);
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        lines.push(format!("{title}, {stage}: {}{more}", names.join(", ")));
    }
    if lines.is_empty() {
        lines.push("Nobody waits for an interview.".to_owned());
    }
    lines.truncate(MOST_LINES);
    Ok(Turn::of(form, AnswerKind::Tells, lines.join("\n")))
}
