//! What is typed in a stage's settings, read back.
//!
//! Invariant: what was not changed is as it is stored; minutes are not rounded. Everything that is
//! wrong is said at once, each beside its field.

use greenroom_protocol::pipeline::{Approval, Night, STEPS, StageInterview, Window};

use super::fields::{APPROVALS, NEEDS_HOST};
use super::{Name, panel};
use crate::forms::fill::{changed, changed_text, maybe, number};
use crate::forms::sheet::Sheet;
use crate::typed::hours::week;
use crate::typed::{Minutes, TypedNight};

/// How interviews are scheduled, from what is changed in the sheet and what is stored; `None`: it
/// can't be saved like this.
pub(super) fn interview(
    sheet: &mut Sheet<Name>,
    stored: &StageInterview,
) -> Option<StageInterview> {
    let in_range = |sheet: &mut Sheet<Name>, name: Name, from: u32, to: u32| {
        changed(sheet, name, |sheet| number(sheet, name, from, to))
    };
    // All of them are read, so that everything that is wrong is said at once.
    let ai = sheet.choice(Name::Ai) == 1;
    let approval = approval(sheet, stored, ai);
    let zoom_user = match sheet.is_changed(Name::Host) {
        true => sheet.chosen(Name::Host).parse().ok(),
        false => stored.zoom_user,
    };
    let had_none = stored.ai && stored.zoom_user.is_none();
    // A daemon that asks how emails are sent asks for the Zoom user, too.
    let asks = stored.approval_chosen.is_some();
    let has_host = !asks || !ai || zoom_user.is_some() || had_none;
    if !has_host {
        sheet.refuse(Name::Host, NEEDS_HOST);
    }
    let windows = changed(sheet, Name::Windows, typed_windows);
    let duration = in_range(sheet, Name::Duration, 5, 480);
    let before = in_range(sheet, Name::Before, 0, 240);
    let after = in_range(sheet, Name::After, 0, 240);
    let notice = changed(sheet, Name::Notice, typed_notice);
    let horizon = in_range(sheet, Name::Horizon, 1, 365);
    let cap = in_range(sheet, Name::Cap, 0, 100);
    let cap_week = in_range(sheet, Name::CapWeek, 0, 100);
    let night = changed(sheet, Name::Night, typed_night);
    let (approval, approval_chosen) = approval.filter(|_| has_host)?;
    Some(StageInterview {
        ai,
        zoom_user,
        duration_minutes: duration?.unwrap_or(stored.duration_minutes),
        panel: panel::panel(sheet, stored),
        windows: windows?.unwrap_or_else(|| stored.windows.clone()),
        buffer_before_minutes: before?.unwrap_or(stored.buffer_before_minutes),
        buffer_after_minutes: after?.unwrap_or(stored.buffer_after_minutes),
        notice_minutes: notice?.unwrap_or(stored.notice_minutes),
        horizon_days: horizon?.unwrap_or(stored.horizon_days),
        daily_cap: cap?.unwrap_or(stored.daily_cap),
        approval,
        guidance: changed_text(sheet, Name::Guidance).unwrap_or_else(|| stored.guidance.clone()),
        zoom_notes: match sheet.is_changed(Name::Notes) {
            true => Some(sheet.choice(Name::Notes) == 1),
            false => stored.zoom_notes,
        },
        zone: match sheet.is_changed(Name::Zone) {
            true => maybe(sheet.chosen(Name::Zone)),
            false => stored.zone.clone(),
        },
        step_minutes: match sheet.is_changed(Name::Step) {
            true => STEPS.get(sheet.choice(Name::Step)).copied(),
            false => stored.step_minutes,
        },
        weekly_cap: cap_week?.or(stored.weekly_cap),
        night: night?.or(stored.night),
        organizer: match sheet.is_changed(Name::Organizer) {
            true => sheet.chosen(Name::Organizer).parse().ok(),
            false => stored.organizer,
        },
        approval_chosen,
    })
}

/// How emails are sent, and whether somebody has chosen it; refused where AI scheduling is on and
/// nobody has.
fn approval(
    sheet: &mut Sheet<Name>,
    stored: &StageInterview,
    ai: bool,
) -> Option<(Approval, Option<bool>)> {
    let chosen = APPROVALS.get(sheet.choice(Name::Approval));
    match chosen.filter(|_| sheet.is_changed(Name::Approval)) {
        Some((approval, _)) => Some((*approval, stored.approval_chosen.map(|_| true))),
        None if ai && stored.approval_chosen == Some(false) => {
            sheet.refuse(Name::Approval, "Choose how emails are sent");
            None
        }
        None => Some((stored.approval, stored.approval_chosen)),
    }
}

/// A bare number is hours; with units it is what they say.
fn typed_notice(sheet: &mut Sheet<Name>) -> Option<u32> {
    const MOST_HOURS: u32 = 60 * 24;
    let words = sheet.text(Name::Notice).to_owned();
    let minutes = match words.parse::<u32>() {
        Ok(hours) => hours.checked_mul(60),
        Err(_) => words
            .parse::<Minutes>()
            .ok()
            .map(|Minutes(minutes)| minutes),
    };
    let minutes = minutes.filter(|minutes| *minutes <= MOST_HOURS * 60);
    if minutes.is_none() {
        let why = format!("Enter hours, such as 24 or 1h30m, up to {MOST_HOURS}");
        sheet.refuse(Name::Notice, &why);
    }
    minutes
}

fn typed_windows(sheet: &mut Sheet<Name>) -> Option<Vec<Window>> {
    let words = sheet.text(Name::Windows).trim().to_owned();
    if words.is_empty() {
        return Some(Vec::new());
    }
    let read = week(&words);
    read.map_err(|why| sheet.refuse(Name::Windows, &why)).ok()
}

fn typed_night(sheet: &mut Sheet<Name>) -> Option<Night> {
    let read = sheet.text(Name::Night).parse::<TypedNight>();
    let read = read.map_err(|why| sheet.refuse(Name::Night, &why)).ok();
    read.map(|TypedNight(night)| night)
}
