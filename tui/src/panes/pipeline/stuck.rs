//! What is wrong with a board: stages whose Zoom hosts nothing now or in which the assistant can't
//! act, and who waits for it.

use greenroom_protocol::interview::MeetingState;
use greenroom_protocol::pipeline::{Job, Stage};

use crate::keys::Command;
use crate::state::selected::cards;
use crate::state::{State, key_of};
use crate::widgets::text;
use crate::wording::zoom::{self, Stuck};

/// The host of a stage, where their Zoom hosts nothing now.
pub(crate) fn stuck_stage<'a>(state: &'a State, stage: &Stage) -> Option<Stuck<'a>> {
    zoom::stuck(state, stage.interview.zoom_user?)
}

/// The names of those in a stage who have no meeting to come, and get none before its Zoom works.
pub(crate) fn waiting<'a>(state: &'a State, stage: &Stage) -> Vec<&'a str> {
    let Some(board) = state.cache.board.get(&stage.job) else {
        return Vec::new();
    };
    let waits = |candidate| {
        let next = state.next_interview(candidate);
        next.is_none_or(|interview| {
            let hosted = interview.host.as_ref().map(|host| host.id);
            hosted == stage.interview.zoom_user && interview.meeting.state != MeetingState::Ready
        })
    };
    let cards = cards(board, stage).filter(|card| waits(card.id));
    cards.map(|card| card.name.as_str()).collect()
}

/// The stage whose problem is shown: the selected one before the others.
pub(crate) fn problem(state: &State) -> Option<&Stage> {
    let job = state.job_shown()?;
    let selected = state.pipeline.stage(job);
    let all = selected.into_iter().chain(&job.stages);
    let mut stuck =
        all.filter(|stage| !stage.problems.is_empty() || stuck_stage(state, stage).is_some());
    stuck.next()
}

/// What is said under the board, in at most so many lines of at most `cells` cells: the longest
/// wording that fits.
pub(super) fn told(state: &State, job: &Job, cells: usize, most: usize) -> Vec<String> {
    let Some((stage, stuck)) = problem(state).and_then(|it| Some((it, stuck_stage(state, it)?)))
    else {
        return other(state, job, cells, most);
    };
    let (name, whose, stands) = (&stage.name, stuck.whose(), stuck.stands());
    let see = to_see(state);
    let (wait, short) = waiters(state, stage);
    let wordings = [
        format!("⚠ {name} uses {whose}, which {stands}{wait}.{see}"),
        format!("⚠ {name} uses {whose}, which {stands}{short}.{see}"),
        format!("⚠ {name}: {whose} {stands}.{see}"),
        format!("⚠ {name}:{see}"),
    ];
    longest_that_fits(&wordings, cells, most)
}

/// The key that shows what is wrong.
fn to_see(state: &State) -> String {
    let key = key_of(state, Command::Problem);
    key.map(|key| format!("  {key} to see")).unwrap_or_default()
}

/// How many wait in a stage, in many words and in few.
fn waiters(state: &State, stage: &Stage) -> (String, String) {
    match waiting(state, stage).len() {
        0 => (String::new(), String::new()),
        1 => (
            ": 1 candidate is waiting".to_owned(),
            ": 1 waits".to_owned(),
        ),
        many => (
            format!(": {many} candidates are waiting"),
            format!(": {many} waiting"),
        ),
    }
}

/// The first wording of two that takes one line, else the first that takes `most` lines or fewer.
fn longest_that_fits(wordings: &[String], cells: usize, most: usize) -> Vec<String> {
    let one_line = wordings
        .iter()
        .take(2)
        .find(|words| text::width(words) <= cells);
    if let Some(words) = one_line {
        return vec![words.clone()];
    }
    let wrapped = wordings.iter().map(|words| text::wrap(words, cells));
    let mut fitting = wrapped.filter(|lines| lines.len() <= most);
    fitting.next().unwrap_or_default()
}

/// What the daemon says of the selected stage, else of the first it says something of: why the
/// assistant can't act there, before all else.
fn other(state: &State, job: &Job, cells: usize, most: usize) -> Vec<String> {
    if let Some(stage) = problem(state)
        && let Some(first) = stage.problems.first()
    {
        let (name, why, see) = (&stage.name, &first.message, to_see(state));
        let more = match stage.problems.len() {
            1 => String::new(),
            all => format!(", and {} more", all - 1),
        };
        let (wait, short) = waiters(state, stage);
        let wordings = [
            format!("⚠ {name}: {why}{more}{wait}.{see}"),
            format!("⚠ {name}: {why}{more}{short}.{see}"),
            format!("⚠ {name}: {why}.{see}"),
            format!("⚠ {name}:{see}"),
        ];
        return longest_that_fits(&wordings, cells, most);
    }
    let selected = state.pipeline.stage(job);
    let all = selected.into_iter().chain(&job.stages);
    let mut said = all.filter_map(|stage| Some((stage, stage.warnings.first()?)));
    let words = said
        .next()
        .map(|(stage, words)| format!("⚠ {}: {words}", stage.name));
    let mut lines = words.map_or_else(Vec::new, |words| text::wrap(&words, cells));
    lines.truncate(most);
    lines
}
