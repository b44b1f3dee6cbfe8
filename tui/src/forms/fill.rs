//! Filling fields in and reading them back: what the forms share.
//!
//! Owns the options that come from what is known (members, jobs, zones) and the checks of what was
//! typed that need no daemon.

use greenroom_protocol::Error;
use greenroom_protocol::id::MemberId;

use super::sheet::{Entry, Field, Sheet};
use super::{FormType, Frame};
use crate::keys::{Characters, Chord, Command, Context, Places};
use crate::state::State;
use crate::widgets::{Pick, Select};
use crate::wording::zoom;

/// A line of text.
pub(super) fn line(label: &'static str, value: &str) -> Field {
    Field::new(label, Entry::text(value))
}

/// A dropdown.
pub(super) fn select(label: &'static str, picks: Vec<Pick>, value: Option<&str>) -> Field {
    Field::new(label, Entry::Select(Select::new(picks, value)))
}

/// Every zone there is, by name.
pub(super) fn zones(value: Option<&str>) -> Entry {
    Entry::Select(Select::new(zone_picks(), value))
}

/// The same, after a zone that is somebody else's to change.
pub(super) fn zones_after(first: Pick, value: Option<&str>) -> Entry {
    let picks = std::iter::once(first).chain(zone_picks());
    Entry::Select(Select::new(picks.collect(), value))
}

fn zone_picks() -> Vec<Pick> {
    let names = jiff::tz::db().available();
    let mut picks: Vec<Pick> = names
        .map(|name| Pick::new(name.as_str(), name.as_str(), ""))
        .filter(|pick| pick.value.contains('/') || pick.value == "UTC")
        .collect();
    picks.sort_by(|a, b| a.value.cmp(&b.value));
    picks
}

/// The members, with how their Zoom stands as a note where it matters.
pub(super) fn members(state: &State, as_hosts: bool) -> Vec<Pick> {
    let all = state.cache.members.latest().into_iter().flatten();
    all.map(|member| {
        let you = if member.you { " (you)" } else { "" };
        let note = match as_hosts {
            true => zoom::reading(member.zoom).words,
            false => &member.email,
        };
        Pick::new(
            &member.id.to_string(),
            &format!("{}{you}", member.name),
            note,
        )
    })
    .collect()
}

/// That the chosen host's Zoom hosts nothing now, why, and the way out.
pub(super) fn host_trouble(host: &str, state: &State) -> Option<String> {
    let stuck = zoom::stuck(state, host.parse().ok()?)?;
    let reason = stuck.reason().map(|why| format!(" ({why})"));
    let words = stuck.words();
    let way = stuck.way_out(state, key_in_form(state, Command::Connect));
    Some(format!("{words}{}: {way}", reason.unwrap_or_default()))
}

/// Says why a form was refused; what is said beside a host is worked out anew all the time, with
/// the keys of this form, so that what concerns the host stands under the fields.
pub(super) fn refuse_host_below<F: FormType>(
    form: &mut Frame<F>,
    host: F::Name,
    name: Option<F::Name>,
    error: Error,
) {
    if name != Some(host) {
        return form.blame(name, error);
    }
    form.failure = Some(Error {
        hint: None,
        ..error
    });
}

/// Said where a stage schedules on the Zoom of somebody who left.
pub(super) const GONE: &str = "The stage's host has left the workspace. Choose another";

/// Whether somebody a plan names is no member any more.
pub(super) fn is_gone(state: &State, member: MemberId) -> bool {
    state.cache.members.latest().is_some() && state.cache.member(member).is_none()
}

/// The key of a command that works in a form, whatever field has the focus.
pub(super) fn key_in_form(state: &State, command: Command) -> Option<Chord> {
    let places = Places::new(vec![Context::Form], Characters::Text);
    state.keymap.key(command, &places)
}

/// The key of a command that works on every screen.
pub(super) fn key_on_screens(state: &State, command: Command) -> Option<Chord> {
    let places = Places::new(vec![Context::Everywhere], Characters::Commands);
    state.keymap.key(command, &places)
}

/// The open jobs.
pub(super) fn jobs(state: &State) -> Vec<Pick> {
    let all = state.cache.jobs.latest().into_iter().flatten();
    all.filter(|job| job.open)
        .map(|job| Pick::new(&job.id.to_string(), &job.title, ""))
        .collect()
}

/// Replaces the options of a field and keeps what was chosen.
pub(super) fn repick<N: Copy + PartialEq>(sheet: &mut Sheet<N>, name: N, picks: Vec<Pick>) {
    match sheet.field_mut(name).map(|field| &mut field.entry) {
        Some(Entry::Select(select)) => select.refresh(picks),
        Some(Entry::MultiSelect(several)) => several.refresh(picks),
        _ => {}
    }
}

/// A text that must be there.
pub(super) fn needed<N: Copy + PartialEq>(
    sheet: &mut Sheet<N>,
    name: N,
    why: &str,
) -> Option<String> {
    let value = sheet.text(name).to_owned();
    if value.is_empty() {
        sheet.refuse(name, why);
        return None;
    }
    Some(value)
}

/// An address that looks like one; the daemon decides.
pub(super) fn address<N: Copy + PartialEq>(sheet: &mut Sheet<N>, name: N) -> Option<String> {
    let value = needed(sheet, name, "Enter an email address")?;
    let looks_right = value.split_once('@').is_some_and(|(who, host)| {
        !who.is_empty() && host.contains('.') && !value.contains(char::is_whitespace)
    });
    if !looks_right {
        sheet.refuse(
            name,
            "This is not an email address; write it like name@company.example",
        );
        return None;
    }
    Some(value)
}

/// What a field that the person changed comes to: `Some(None)` where they did not, `None` where it
/// is refused.
pub(super) fn changed<N: Copy + PartialEq, T>(
    sheet: &mut Sheet<N>,
    name: N,
    read: impl FnOnce(&mut Sheet<N>) -> Option<T>,
) -> Option<Option<T>> {
    match sheet.is_changed(name) {
        true => read(sheet).map(Some),
        false => Some(None),
    }
}

/// The text of a field, where the person changed it.
pub(super) fn changed_text<N: Copy + PartialEq>(sheet: &Sheet<N>, name: N) -> Option<String> {
    sheet.is_changed(name).then(|| sheet.text(name).to_owned())
}

/// What may be left empty.
pub(super) fn maybe(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}

/// A whole number in a range.
pub(super) fn number<N: Copy + PartialEq>(
    sheet: &mut Sheet<N>,
    name: N,
    from: u32,
    to: u32,
) -> Option<u32> {
    let words = sheet
        .text(name)
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_owned();
    let number = words
        .trim_end_matches(|letter: char| letter.is_alphabetic())
        .parse()
        .ok();
    let number = number.filter(|number| (from..=to).contains(number));
    if number.is_none() {
        sheet.refuse(name, &format!("Enter a number from {from} to {to}"));
    }
    number
}

/// Chooses an option where none is chosen yet: options may arrive after the form.
pub(super) fn choose_if_none<N: Copy + PartialEq>(sheet: &mut Sheet<N>, name: N, value: &str) {
    if let Some(Entry::Select(select)) = sheet.field_mut(name).map(|field| &mut field.entry)
        && select.chosen().is_none()
    {
        select.choose(value);
    }
}
