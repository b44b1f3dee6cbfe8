//! A stage whose Zoom hosts nothing now, or in which the assistant can't act: why, who waits for it,
//! and the ways out.

use greenroom_protocol::id::{MemberId, StageId};
use greenroom_protocol::pipeline::{StageProblem, StageProblemCode as Code};
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::stuck::{stuck_stage, waiting};
use crate::keys::{Command, Context, Places};
use crate::state::pane::{ConnectHint, Pane};
use crate::state::queries::Need;
use crate::state::{State, key_of};
use crate::theme;
use crate::widgets::{Canvas, below, row, rows, text, times};

/// Cells of the pane.
const WIDTH: u16 = 76;

/// Names of waiting candidates that are shown; the rest is a number.
const MOST_NAMES: usize = 6;

/// The stage, and what is wrong with it.
#[derive(Debug)]
pub(super) struct Problem(pub(super) StageId);

impl Pane for Problem {
    fn places(&self, _: &State) -> Places {
        Places::over_screen(Context::Reading)
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        let lines = lines(
            state,
            self.0,
            usize::from(WIDTH.min(area.width).saturating_sub(4)),
        );
        let stage = state.cache.stage(self.0);
        let job = stage.and_then(|stage| state.cache.job(stage.job));
        let title = match stage.zip(job) {
            Some((stage, job)) => format!("{} · {}", stage.name, job.title),
            None => "Stage".to_owned(),
        };
        let height = u16::try_from(lines.len())
            .unwrap_or(u16::MAX)
            .saturating_add(4);
        let inside = canvas.float(area, WIDTH, height, &title);
        let last = row(inside, inside.height.saturating_sub(1));
        let room = inside.height.saturating_sub(1);
        let gap = u16::from(usize::from(room) > lines.len());
        let body = Rect {
            height: room,
            ..inside
        };
        for (place, (words, style)) in rows(below(body, gap)).zip(lines) {
            canvas.text(place, &words, style);
        }
        canvas.text_right(last, "Esc close", theme::DIM);
    }

    fn subscriptions(&self, _: &State) -> Vec<Need> {
        vec![Need::Connections(())]
    }

    fn hints_at_connect(&self, _: &State) -> ConnectHint {
        ConnectHint::Stuck
    }

    fn host(&self, state: &State) -> Option<MemberId> {
        state.cache.stage(self.0)?.interview.zoom_user
    }
}

fn lines(state: &State, id: StageId, cells: usize) -> Vec<(String, Style)> {
    let mut lines = Vec::new();
    let mut say = |words: &str, style: Style| {
        let wrapped = text::wrap(words, cells).into_iter();
        lines.extend(wrapped.map(|line| (line, style)));
    };
    let Some(stage) = state.cache.stage(id) else {
        say("This stage no longer exists.", theme::DIM);
        return lines;
    };
    let stuck = stuck_stage(state, stage);
    // What is said of the Zoom user below says more.
    let of_zoom = |it: &&StageProblem| stuck.is_some() && it.who.is_some();
    let others: Vec<_> = stage.problems.iter().filter(|it| !of_zoom(it)).collect();
    if stuck.is_none() && others.is_empty() {
        say("✓ Nothing is in the way any more.", theme::GOOD);
        return lines;
    }
    if let Some(stuck) = &stuck {
        say(
            &format!("✗ It uses {}, which {}.", stuck.whose(), stuck.stands()),
            theme::BAD,
        );
        if let Some(reason) = stuck.reason() {
            say(reason, theme::PLAIN);
        }
        let since = stuck.connection.and_then(|connection| connection.since);
        if let Some(since) = since {
            let when = times::near(since.timestamp(), &state.zone(), state.now);
            say(&format!("since {when}"), theme::DIM);
        }
        say(
            &format!(
                "To do: {}, or choose another host for the stage.",
                stuck.way_out(state, key_of(state, Command::Connect))
            ),
            theme::PLAIN,
        );
    }
    for problem in others {
        say(&format!("✗ {}.", problem.message), theme::BAD);
        say(&format!("To do: {}.", to_do(problem.code)), theme::PLAIN);
    }
    say("", theme::PLAIN);
    let waiting = waiting(state, stage);
    let heading = match waiting.len() {
        0 => "No candidates are waiting.",
        1 => "One candidate is waiting:",
        _ => "These candidates are waiting:",
    };
    say(heading, theme::DIM);
    let names = waiting.iter().take(MOST_NAMES);
    lines.extend(names.map(|name| (format!("  {name}"), theme::PLAIN)));
    let more = waiting.len().saturating_sub(MOST_NAMES);
    if more > 0 {
        lines.push((format!("  and {more} more"), theme::DIM));
    }
    lines
}

/// The way out of what keeps the assistant from acting in a stage.
fn to_do(code: Code) -> &'static str {
    match code {
        Code::Paused => "turn it on with greenroom workspace edit or job edit, --assistant on",
        Code::JobClosed => "open the job again, or turn AI scheduling off",
        Code::NoEmail => "set up email in Settings",
        Code::NoInterviewers => "choose interviewers in the stage's settings",
        Code::NoHours => "change the hours or the interviewers in the stage's settings",
        Code::OrganizerLeft => "choose another organizer in the stage's settings",
        Code::NoZoomUser
        | Code::ZoomUserLeft
        | Code::ZoomNotConnected
        | Code::ZoomReconnect
        | Code::ZoomApproval => "choose a Zoom user in the stage's settings",
        Code::Unknown => "look at the stage's settings",
    }
}
