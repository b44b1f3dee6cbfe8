//! How answers are worded: times with their day, date and zone, and what was understood.

use greenroom_protocol::conversation::{Named, RequestAct, RequestForm, RequestPick, Stated};
use greenroom_protocol::time::Instant;
use jiff::tz::TimeZone;

use crate::schedule::time;

/// `Tue 8 December 2026, 10:00–10:45, Europe/Berlin`.
pub(super) fn span(start: Instant, end: Instant, zone: &str) -> String {
    let tz = time::zone(zone).unwrap_or(TimeZone::UTC);
    let from = start.timestamp().to_zoned(tz.clone());
    let to = end.timestamp().to_zoned(tz);
    let day = from.strftime("%a %-d %B %Y, %H:%M");
    let last = match from.date() == to.date() {
        true => to.strftime("%H:%M").to_string(),
        false => to.strftime("%a %-d %B, %H:%M").to_string(),
    };
    format!("{day}\u{2013}{last}, {zone}")
}

/// ` (15:30 in Kolkata)`: a start by the candidate's clock.
pub(super) fn theirs(start: Instant, zone: &str) -> String {
    let Ok(tz) = time::zone(zone) else {
        return String::new();
    };
    let there = start.timestamp().to_zoned(tz);
    let city = zone.rsplit('/').next().unwrap_or(zone).replace('_', " ");
    format!(" ({} in {city})", there.strftime("%H:%M"))
}

fn names(all: &[Named]) -> Vec<String> {
    let name = |it: &Named| {
        let name = it.only().map_or(it.words.as_str(), |it| it.name.as_str());
        match it.optional {
            true => format!("{name} (optional)"),
            false => name.to_owned(),
        }
    };
    all.iter().map(name).filter(|it| !it.is_empty()).collect()
}

fn stated(it: &Stated) -> String {
    let not = if it.not { "not " } else { "" };
    let wish = if it.must { "" } else { " if possible" };
    let said = it.words.trim();
    format!("{not}{said}{wish}")
}

/// What was understood, in one line; empty where nothing was.
pub(super) fn understood(form: &RequestForm) -> String {
    let act = match form.act {
        RequestAct::Schedule => "Schedule",
        RequestAct::Reschedule => "Reschedule",
        RequestAct::Cancel => "Cancel",
        RequestAct::Free => "Free times",
        RequestAct::Agenda => "Interviews",
        RequestAct::Why => "Why not",
        RequestAct::Waiting => "Who waits",
        RequestAct::Move => "Move",
        RequestAct::Yes => "Yes",
        RequestAct::AskCandidate => "Ask the candidate",
        RequestAct::Undo => "Undo",
        RequestAct::Never => "Nothing after all",
        RequestAct::Change => "Change",
        RequestAct::Help | RequestAct::Other => return String::new(),
    };
    let mut parts = vec![act.to_owned()];
    parts.extend(
        form.candidate
            .iter()
            .flat_map(|it| names(std::slice::from_ref(it))),
    );
    let people = names(&form.people);
    if !people.is_empty() {
        parts.push(format!("with {}", people.join(", ")));
    }
    let without = names(&form.without);
    if !without.is_empty() {
        parts.push(format!("without {}", without.join(", ")));
    }
    parts.extend(
        form.stage
            .iter()
            .flat_map(|it| names(std::slice::from_ref(it))),
    );
    parts.extend(
        form.job
            .iter()
            .flat_map(|it| names(std::slice::from_ref(it))),
    );
    parts.extend(form.minutes.map(|it| format!("{it} min")));
    match form.pick {
        RequestPick::Best => {}
        RequestPick::Earliest => parts.push("the earliest".to_owned()),
        RequestPick::Latest => parts.push("the latest".to_owned()),
    }
    let times: Vec<String> = form.about.iter().chain(&form.times).map(stated).collect();
    for (at, words) in times.iter().enumerate() {
        // The days of "next week in the afternoon" are several times, said once, and "Tue or Wed
        // afternoon" says the afternoon, too.
        let says = |(other, it): (usize, &String)| match it == words {
            true => other < at,
            false => it.ends_with(words.as_str()),
        };
        if !times.iter().enumerate().any(says) {
            parts.push(words.clone());
        }
    }
    parts.join(" \u{b7} ")
}

/// What can be asked.
pub(super) const HELP: &str = "\
You can ask me to schedule, move or cancel an interview, who is free, what is planned, why a time \
does not work, who waits, and to move a candidate to another stage. For example:
  45 min Zoom with Priya Nair and Sam, Tuesday or Wednesday afternoon
  Move Wen's interview to Thursday at 14:00
  When are Mina and Sam free next week?
  Why not Tuesday at 10 for Priya Nair?";
