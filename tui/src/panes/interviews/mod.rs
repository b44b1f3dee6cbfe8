//! The screen of interviews: a week as columns, a day by people, or a list by day; and the zone times
//! are shown in.

mod conflict;
mod days;
mod draw;
mod moving;
#[cfg(test)]
mod tests;
mod week;

use greenroom_protocol::id::{InterviewId, MemberId};
use jiff::civil::{Date, Weekday};
use ratatui::layout::Rect;

use crate::forms::{self, Kind};
use crate::keys::{Command, Context, Places};
use crate::panes::candidate;
use crate::panes::chooser::Chooser;
use crate::panes::interview::Interview;
use crate::state::event::Action;
use crate::state::pane::{ConnectHint, Dispatch, Pane};
use crate::state::queries::Need;
use crate::state::selected::{Elsewhere, plus_days};
use crate::state::subject::{Subject, Then};
use crate::state::turns::Turns;
use crate::state::{Screen, State};
use crate::widgets::{Canvas, Pick, times};
use crate::wording;

pub(super) static SUBJECT: Subject = Subject {
    changes: &[Command::NewInterview],
    views: &[
        Command::Zone,
        Command::OtherZone,
        Command::Today,
        Command::PreviousWeek,
        Command::NextWeek,
        Command::ListOrWeek,
    ],
    disabled_reason,
    dispatch,
    on_answer,
    after_event: |state| {
        seek(state);
        Vec::new()
    },
    ..Subject::NONE
};

/// The screen.
#[derive(Debug)]
pub(crate) struct Interviews;

impl Pane for Interviews {
    fn places(&self, _: &State) -> Places {
        Places::on_screen(Context::Interviews)
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        draw::draw(state, canvas, area);
    }

    fn subscriptions(&self, state: &State) -> Vec<Need> {
        let week = state.interviews.stretch(&state.zone());
        // What comes next, and how many meetings each Zoom takes at once.
        vec![
            Need::Coming(()),
            Need::Interviews(week),
            Need::Connections(()),
        ]
    }

    fn dispatch(&self) -> Dispatch {
        in_screen
    }

    fn disabled_reason(&self, state: &State, command: Command) -> Option<&'static str> {
        match command {
            Command::Enter if state.interview_selected().is_none() => Some("no interview selected"),
            Command::Back => Some("already at the top level"),
            _ => None,
        }
    }

    fn hints_at_connect(&self, _: &State) -> ConnectHint {
        ConnectHint::Urgent
    }

    fn host(&self, state: &State) -> Option<MemberId> {
        state.host_of_selected()
    }
}

fn disabled_reason(state: &State, command: Command) -> Option<&'static str> {
    match command {
        Command::NewInterview if !asks_for_whom(state) => candidate::none_selected(state),
        Command::Zone => no_other_zone(state),
        Command::Today if is_at_next(state) => Some("this is what comes next"),
        _ => None,
    }
}

/// Whether nobody is selected here whom a new interview would be with, so that the form asks.
fn asks_for_whom(state: &State) -> bool {
    match state.screen {
        Screen::Interviews => true,
        Screen::Today => state.candidate_shown().is_none(),
        _ => false,
    }
}

fn no_other_zone(state: &State) -> Option<&'static str> {
    if state.interviews.elsewhere.is_some() {
        return None;
    }
    let Some(interview) = state.interview_selected() else {
        return Some("select an interview first");
    };
    let Some(zone) = &interview.candidate.zone else {
        return Some("the candidate's time zone is unknown; Z picks another");
    };
    let own = state.zone();
    (own.iana_name() == Some(zone)).then_some("the candidate is in your time zone")
}

fn dispatch(state: &mut State, command: Command) -> Vec<Action> {
    match command {
        Command::NewInterview => new_interview(state),
        Command::Zone => switch_zone(state),
        Command::OtherZone => choose_zone(state),
        Command::Today => today(state),
        Command::PreviousWeek => state.interviews.turn(-1),
        Command::NextWeek => state.interviews.turn(1),
        Command::ListOrWeek => state.interviews.change_form(),
        _ => {}
    }
    Vec::new()
}

fn in_screen(state: &mut State, command: Command) -> Option<Vec<Action>> {
    if command == Command::Enter {
        if let Some(id) = state.interview_selected().map(|it| it.id) {
            state.panes.push(Interview::new(id));
        }
        return Some(Vec::new());
    }
    let next = after(state, command)?;
    state.interviews.select(next);
    Some(Vec::new())
}

/// Where a move leads; `None` where the command moves nothing.
fn after(state: &State, command: Command) -> Option<(InterviewId, usize)> {
    let view = &state.interviews;
    let shown = view.shown(state);
    let now = view.place(state, &shown)?;
    let zone = view.zone(&state.zone());
    let places = moving::places(&shown, view.form, state, &zone);
    let next = moving::step(&places, now, command)?;
    Some((shown.get(next)?.id, next))
}

/// Opens the form for whom it is about; for several, one after the other.
fn new_interview(state: &mut State) {
    let chosen = state.candidates_chosen();
    let people = chosen.into_iter().map(|row| row.id).collect();
    if let Some(turns) = Turns::of(people) {
        state.settle_marks();
        let first = turns.now().to_string();
        state.turns = Some(turns);
        return forms::open(state, Kind::Interview, first);
    }
    let candidate = state.candidate_shown().map(|id| id.to_string());
    let candidate = candidate.filter(|_| !asks_for_whom(state));
    forms::open(state, Kind::Interview, candidate.unwrap_or_default());
}

fn today(state: &mut State) {
    let today = times::at(state.now, &state.interviews.zone(&state.zone())).date();
    state.interviews.show_now(today);
    if let Some(stays) = state.interviews.settled(state, None) {
        state.interviews.select(stays);
    }
}

/// Finds the week of what comes next, as soon as that is known.
fn seek(state: &mut State) {
    if !state.interviews.seeks() || state.screen != Screen::Interviews {
        return;
    }
    if let Some(monday) = week_of_next(state) {
        state.interviews.found(monday);
    }
}

/// The Monday of the next interview there is; with none of this week, or of the next where this one
/// is as good as over. `None` while that is not known.
fn week_of_next(state: &State) -> Option<Date> {
    let coming = state.cache.coming.latest()?;
    let zone = state.interviews.zone(&state.zone());
    let to_come = coming.iter().filter(|it| state.is_to_come(it));
    let next = to_come.map(|it| it.start.timestamp()).min();
    let next = next.map(|start| times::at(start.max(state.now), &zone).date());
    let today = times::at(state.now, &zone).date();
    let weekend = matches!(today.weekday(), Weekday::Saturday | Weekday::Sunday);
    let otherwise = if weekend { plus_days(today, 2) } else { today };
    Some(times::monday(next.unwrap_or(otherwise)))
}

/// Whether what comes next is shown and selected already.
fn is_at_next(state: &State) -> bool {
    let view = &state.interviews;
    let here = week_of_next(state) == Some(view.monday) && !view.seeks();
    here && view.is_at_now(state)
}

/// To the zone of the selected interview's candidate, and back to one's own.
fn switch_zone(state: &mut State) {
    if state.interviews.elsewhere.take().is_some() {
        return;
    }
    let selected = state.interview_selected();
    state.interviews.elsewhere = selected.and_then(|interview| {
        Some(Elsewhere {
            zone: interview.candidate.zone.clone()?,
            of: Some(wording::first_name(interview).to_owned()),
        })
    });
}

fn choose_zone(state: &mut State) {
    let mut zones: Vec<String> = vec!["UTC".into()];
    let members = state.cache.members.latest().into_iter().flatten();
    zones.extend(members.map(|member| member.zone.clone()));
    let shown = state.interviews.shown(state).into_iter();
    zones.extend(shown.filter_map(|interview| interview.candidate.zone.clone()));
    zones.sort();
    zones.dedup();
    let mine = state.zone().iana_name().unwrap_or_default().to_owned();
    let mut picks = vec![Pick::new("", "yours", &mine)];
    picks.extend(zones.iter().map(|zone| Pick::new(zone, zone, "")));
    let here = state.interviews.elsewhere.as_ref();
    let here = here.map(|it| it.zone.clone()).unwrap_or_default();
    let title = "Show times in".to_owned();
    let chooser = Chooser::new(title, picks, Some(&here), |state, pick| {
        let zone = Some(pick.value.clone()).filter(|zone| !zone.is_empty());
        state.interviews.elsewhere = zone.map(|zone| Elsewhere { zone, of: None });
        Vec::new()
    });
    state.panes.push(chooser);
}

/// What was selected stays so, as long as it is there.
fn on_answer(state: &State, need: &Need) -> Option<Then> {
    if !matches!(need, Need::Interviews(_)) {
        return None;
    }
    let before = state.interviews.selected(state).map(|it| it.id);
    Some(Box::new(move |state| {
        if let Some(stays) = state.interviews.settled(state, before) {
            state.interviews.select(stays);
        }
        Vec::new()
    }))
}
