//! The screen of candidates: a search, a list, and a preview of who is selected.

mod draw;
#[cfg(test)]
mod tests;

use greenroom_protocol::Error;
use greenroom_protocol::id::{CandidateId, MemberId};
use greenroom_protocol::pipeline::{CandidatePage, CandidateQuery, CandidateRow};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use ratatui::layout::Rect;

use crate::forms::{self, Form, Kind};
use crate::keys::{Command, Context, Places};
use crate::panes::interview;
use crate::panes::screens::go;
use crate::state::event::Action;
use crate::state::pane::{ConnectHint, Dispatch, Pane};
use crate::state::queries::Need;
use crate::state::subject::{Hint, Subject, Then};
use crate::state::work::Errand;
use crate::state::{LISTING_SINCE, Screen, State};
use crate::widgets::Canvas;

pub(super) static SUBJECT: Subject = Subject {
    changes: &[Command::NewCandidate, Command::Import],
    views: &[
        Command::Search,
        Command::Mark,
        Command::MarkRange,
        Command::MarkAll,
        Command::Sort,
        Command::Filter,
        Command::ClearFilters,
        Command::Archived,
    ],
    disabled_reason,
    dispatch,
    on_answer,
    after_event: |state| more_rows(state).into_iter().collect(),
    ..Subject::NONE
};

/// The screen.
#[derive(Debug)]
pub(crate) struct Candidates;

impl Pane for Candidates {
    fn places(&self, state: &State) -> Places {
        match state.candidates.is_typing() {
            true => Places::typing(Context::SearchBar),
            false => Places::on_screen(Context::Candidates),
        }
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        draw::draw(state, canvas, area);
    }

    fn subscriptions(&self, state: &State) -> Vec<Need> {
        let mut needs = vec![Need::Candidates(state.listing())];
        needs.extend(state.candidate_shown().map(Need::Candidate));
        needs.extend(state.candidate_shown().map(Need::Received));
        let shown = state.candidate_shown();
        needs.extend(shown.and_then(|id| super::candidate::waiting(state, id)));
        needs.push(Need::Unread(()));
        needs.push(Need::Views(()));
        needs.extend(with_insights(state).map(Need::Insights));
        needs
    }

    fn dispatch(&self) -> Dispatch {
        in_screen
    }

    fn disabled_reason(&self, state: &State, command: Command) -> Option<&'static str> {
        let view = &state.candidates;
        match command {
            Command::Enter if view.is_typing() => None,
            Command::Enter => super::candidate::none_selected(state).or_else(|| {
                let opens = !state.is_wide() && !view.is_open();
                let next = state
                    .candidate_shown()
                    .and_then(|id| state.next_interview(id));
                (!opens && next.is_none()).then_some("no interview scheduled")
            }),
            Command::Back => {
                let searching = view.is_typing() || !view.search().is_empty();
                let further = searching || view.is_open() || !view.marks.is_empty();
                (!further).then_some("already at the top level")
            }
            _ => None,
        }
    }

    fn hint(&self, state: &State, command: Command) -> Option<Hint> {
        let view = &state.candidates;
        match command {
            Command::Back if view.is_typing() => Some(Hint::Words("stop typing")),
            Command::Back if !view.marks.is_empty() => Some(Hint::Words("clear selection")),
            Command::Back if !view.search().is_empty() => Some(Hint::Words("clear the search")),
            _ => None,
        }
    }

    fn hints_at_connect(&self, _: &State) -> ConnectHint {
        ConnectHint::Stuck
    }

    fn host(&self, state: &State) -> Option<MemberId> {
        state.host_of_selected()
    }
}

/// The candidate who is shown, where something may be kept of a talk that began.
fn with_insights(state: &State) -> Option<CandidateId> {
    let id = state.candidate_shown()?;
    let mut interviews = state.cache.candidate.get(&id)?.interviews.iter();
    let begun = interviews.any(|it| it.start.timestamp() <= state.now);
    begun.then_some(id)
}

fn dispatch(state: &mut State, command: Command) -> Vec<Action> {
    match command {
        Command::Search => {
            let actions = go(state, Screen::Candidates);
            state.candidates.start_typing();
            return actions;
        }
        Command::NewCandidate => {
            let job = state.job_shown().map(|job| job.id.to_string());
            let job = job.filter(|_| state.screen == Screen::Pipeline);
            forms::open(state, Kind::Candidate, job.unwrap_or_default());
        }
        Command::Mark | Command::MarkRange | Command::MarkAll => state.mark(command),
        Command::Filter => {
            state
                .panes
                .bring_back::<Form>(|form| form.kind() == Kind::Filter);
            forms::open(state, Kind::Filter, String::new());
        }
        Command::ClearFilters => state.candidates.clear_filters(),
        Command::Sort => state.candidates.sort_next(),
        Command::Archived => state.candidates.turn_archived(),
        Command::Import => forms::open(state, Kind::Import, String::new()),
        _ => {}
    }
    Vec::new()
}

/// Why the list is not marked, sorted or turned now.
fn disabled_reason(state: &State, command: Command) -> Option<&'static str> {
    let newer = || {
        let hello = state.link.hello();
        let old = hello.is_some_and(|hello| hello.protocol < LISTING_SINCE);
        old.then_some("the daemon is too old for this")
    };
    match command {
        Command::Mark | Command::MarkRange | Command::MarkAll => match is_list_hidden(state) {
            true => Some("close the candidate first"),
            false => super::candidate::none_selected(state),
        },
        Command::ClearFilters if state.candidates.filters.is_open() => Some("no filter"),
        Command::Sort | Command::Filter | Command::Archived => match is_list_hidden(state) {
            true => Some("close the candidate first"),
            false => newer(),
        },
        _ => None,
    }
}

/// Whether a candidate covers the list or the board: then nothing may change in it unseen.
fn is_list_hidden(state: &State) -> bool {
    let in_list = state.screen == Screen::Candidates;
    let previewed = in_list && !state.is_wide() && state.candidates.is_open();
    previewed || state.pane_below_help().candidate().is_some()
}

fn in_screen(state: &mut State, command: Command) -> Option<Vec<Action>> {
    match command {
        Command::Enter => enter(state),
        Command::Back => back(state),
        Command::Right | Command::NextPane => state.candidates.set_open(true),
        Command::Left | Command::PreviousPane => state.candidates.set_open(false),
        _ => {
            let page = state.cache.candidates.latest();
            let len = page.map_or(0, |page| page.items.len());
            return state.candidates.go(command, len).then(Vec::new);
        }
    }
    Some(Vec::new())
}

fn enter(state: &mut State) {
    let typing = state.candidates.is_typing();
    state.candidates.stop_typing();
    if typing && state.is_wide() {
        return;
    }
    if !state.is_wide() && !state.candidates.is_open() {
        return state.candidates.set_open(true);
    }
    if let Some(id) = state.candidate_shown() {
        interview::open_next(state, id);
    }
}

fn back(state: &mut State) {
    let view = &mut state.candidates;
    if view.is_typing() {
        view.stop_typing();
    } else if view.is_open() {
        view.set_open(false);
    } else if !view.marks.is_empty() {
        view.marks.clear();
    } else {
        view.query.set("");
        view.searched();
    }
}

/// A new search begins at its best match; the same list keeps who was selected.
fn on_answer(state: &State, need: &Need) -> Option<Then> {
    if !matches!(need, Need::Candidates(_)) {
        return None;
    }
    let page = state.cache.candidates.latest();
    let before: Option<CandidateRow> = page
        .and_then(|page| state.candidates.selected(page))
        .cloned();
    Some(Box::new(move |state| {
        let same = state.candidates.is_same_search();
        match state.cache.candidates.latest().filter(|_| same) {
            Some(page) => state.candidates.follow(before.as_ref(), page),
            None => state.candidates.answered(),
        }
        Vec::new()
    }))
}

/// The next page of candidates, when the selection comes near the end of what is known.
fn more_rows(state: &mut State) -> Option<Action> {
    if state.screen != Screen::Candidates || !state.link.is_up() {
        return None;
    }
    let listing = state.listing();
    let page = state.cache.candidates.get(&listing)?;
    let cursor = page.next.clone()?;
    let near_end = state.candidates.is_near_end(page.items.len());
    if !near_end || state.work.is_under_way("more-candidates") {
        return None;
    }
    let query = CandidateQuery {
        cursor: Some(cursor),
        ..listing.query()
    };
    let errand = Errand::call("more-candidates", more).says("waiting for the daemon…");
    Some(state.call(errand, Q::CandidateList { query }))
}

fn more(state: &mut State, reply: Result<R, Error>) -> Vec<Action> {
    let Some(known) = state.cache.candidates.latest_mut() else {
        return Vec::new();
    };
    // What cannot be read now is asked for again when the list is, and not at once for ever.
    let Ok(R::CandidateList(Ok(mut page))) = reply else {
        known.next = None;
        return Vec::new();
    };
    let new = |row: &CandidateRow| !known.items.iter().any(|it| it.id == row.id);
    let items = std::mem::take(&mut page.items).into_iter();
    let new: Vec<_> = items.filter(new).collect();
    known.items.extend(new);
    let CandidatePage {
        total, next, near, ..
    } = page;
    (known.total, known.next, known.near) = (total, next, near);
    Vec::new()
}
