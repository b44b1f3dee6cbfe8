//! ★ What was asked before, changed by what is said now.
//!
//! Invariant: what is said now wins, and what it does not speak of stays. Decides nothing about times
//! that are free.

use greenroom_protocol::conversation::{RequestAct, RequestForm, RequestPick, Stated, StatedWhen};
use greenroom_protocol::time::Instant;
use jiff::ToSpan as _;
use jiff::tz::TimeZone;

use crate::schedule::time;

/// What was asked before, with what is said now.
pub(super) fn changed(before: &RequestForm, now: RequestForm) -> RequestForm {
    let mut form = before.clone();
    if now.act == RequestAct::Why {
        form.act = RequestAct::Why;
    }
    if form.act == RequestAct::Help {
        form.act = now.act;
    }
    form.candidate = now.candidate.or(form.candidate);
    form.others = now.others;
    for named in now.people {
        let id = named.only().map(|it| it.id.clone());
        // The answer to "which Sam?".
        form.people.retain(|it| {
            it.matches.len() == 1 || !it.matches.iter().any(|it| Some(&it.id) == id.as_ref())
        });
        if !form.people.iter().any(|it| it.matches == named.matches) {
            form.people.push(named);
        }
    }
    form.people
        .retain(|it| !now.without.iter().any(|other| other.matches == it.matches));
    form.without = now.without;
    form.host = now.host.or(form.host);
    form.job = now.job.or(form.job);
    form.stage = now.stage.or(form.stage);
    form.minutes = now.minutes.or(form.minutes);
    form.kind = now.kind.or(form.kind);
    form.shift_minutes = now.shift_minutes.or(form.shift_minutes);
    if now.pick != RequestPick::Best {
        form.pick = now.pick;
    }
    // Another day is instead of the days before; hours and what is ruled out come to them.
    let dated = |it: &&Stated| {
        it.must && !it.not && !matches!(it.when.first(), Some(StatedWhen::Hours { .. }))
    };
    if now.times.iter().any(|it| dated(&it)) {
        form.times.retain(|it| !dated(&it));
    }
    // Another hour is instead of the hour before, on its day.
    if now.times.iter().any(is_an_hour) {
        let moments = form.times.iter_mut().flat_map(|it| it.when.iter_mut());
        for when in moments {
            on_its_day(when, &form.zone);
        }
    }
    let next = form.times.iter().map(|it| it.part + 1).max().unwrap_or(0);
    form.times.extend(now.times.into_iter().map(|mut it| {
        it.part = it.part.saturating_add(next);
        it
    }));
    form.doubtful = now.doubtful;
    form.unplaced = now.unplaced;
    form
}

/// Whether it says at which hour the meeting begins, and no day.
fn is_an_hour(stated: &Stated) -> bool {
    let at = |when: &StatedWhen| matches!(when, StatedWhen::Hours { days, from, until } if days.is_empty() && from == until);
    stated.must && !stated.not && stated.when.iter().all(at)
}

/// Of a time at which the meeting would begin, the whole day in this zone.
fn on_its_day(when: &mut StatedWhen, zone: &str) {
    let StatedWhen::At { start } = when else {
        return;
    };
    let place = time::zone(zone).unwrap_or(TimeZone::UTC);
    let midnight = |days: i64| {
        let date = start.timestamp().to_zoned(place.clone()).date();
        let date = date.checked_add(days.days()).ok()?;
        Some(Instant::from(
            date.to_zoned(place.clone()).ok()?.timestamp(),
        ))
    };
    if let (Some(start), Some(end)) = (midnight(0), midnight(1)) {
        *when = StatedWhen::Between { start, end };
    }
}
