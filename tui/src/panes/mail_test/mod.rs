//! Testing the workspace's email: beginning a test, and its steps ticked off as they happen.
//!
//! Invariant: while a new test is being started, an older report is never shown in its place. What a
//! server said is untrusted, and is cleaned like any text from outside.

#[cfg(test)]
mod tests;

use greenroom_protocol::Error;
use greenroom_protocol::mail_settings::{MailTest as Test, MailTestQuery, MailTestStep};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::status::CheckResult;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use crate::keys::{Command, Context, Places};
use crate::panes::failure::fail;
use crate::state::State;
use crate::state::event::Action;
use crate::state::pane::{Dispatch, Pane};
use crate::state::queries::Need;
use crate::state::subject::{Hint, Subject};
use crate::state::work::{Errand, answer};
use crate::theme;
use crate::widgets::{Canvas, Report, Scroll, below, row, rows};

/// Cells of the pane.
const WIDTH: u16 = 76;

/// Everything a test tries, in its order.
const ALL: [MailTestStep; 4] = [
    MailTestStep::LogIn,
    MailTestStep::Send,
    MailTestStep::LogInToRead,
    MailTestStep::Read,
];

pub(super) static SUBJECT: Subject = Subject {
    changes: &[Command::TestMail],
    disabled_reason: |state, _| disabled_reason(state),
    dispatch: |state, _| start(state),
    ..Subject::NONE
};

/// The latest test, and how far its report is read.
#[derive(Debug, Default)]
pub(crate) struct MailTest {
    scroll: Scroll,
}

fn is_running(state: &State) -> bool {
    let test = state.cache.mail_test.latest();
    test.is_some_and(|test| test.running)
}

fn begins(state: &State) -> bool {
    state.work.is_under_way("test-mail")
}

fn disabled_reason(state: &State) -> Option<&'static str> {
    if !state.sets_up() {
        return Some("only an admin can test it");
    }
    let shown = state.panes.below_help_as::<MailTest>().is_some();
    (begins(state) || shown && is_running(state)).then_some("the test is still running")
}

/// Starts a test and shows it.
pub(crate) fn start(state: &mut State) -> Vec<Action> {
    state.panes.remove::<MailTest>(|_| true);
    state.panes.push(MailTest::default());
    let errand = Errand::call("test-mail", started).says("starting the test…");
    let query = MailTestQuery {
        start: true,
        dry_run: false,
    };
    vec![state.call(errand, Q::MailTest { query })]
}

fn started(state: &mut State, reply: Result<R, Error>) -> Vec<Action> {
    match answer!(reply, MailTest) {
        Ok(test) => state.cache.mail_test.learn((), test),
        Err(error) => {
            state.panes.remove::<MailTest>(|_| true);
            return fail(state, error);
        }
    }
    Vec::new()
}

impl Pane for MailTest {
    fn places(&self, _: &State) -> Places {
        Places::over_screen(Context::MailTest)
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        let width = WIDTH.min(area.width);
        let lines = lines(state, usize::from(width.saturating_sub(4)));
        let height = u16::try_from(lines.len()).unwrap_or(u16::MAX);
        let inside = canvas.float(area, WIDTH, height.saturating_add(4), "Email test");
        let last = row(inside, inside.height.saturating_sub(1));
        let body = Rect {
            height: inside.height.saturating_sub(1),
            ..inside
        };
        let body = below(body, u16::from(body.height > height));
        let visible = self.scroll.visible(lines.len(), body.height);
        for (place, line) in rows(body).zip(lines.into_iter().skip(visible.start)) {
            canvas.line(place, line);
        }
        let rest = self.scroll.rest();
        let gap = if rest.is_empty() { "" } else { "   " };
        canvas.text_right(last, &format!("{rest}{gap}Esc close"), theme::DIM);
    }

    fn subscriptions(&self, _: &State) -> Vec<Need> {
        vec![Need::MailTest(())]
    }

    fn dispatch(&self) -> Dispatch {
        |state, command| {
            if command == Command::Enter {
                let pane = state.panes.pop()?;
                return Some(pane.close(state));
            }
            let report = state.panes.top_as_mut::<Self>()?;
            report.scroll.go(command).then(Vec::new)
        }
    }

    fn hint(&self, _: &State, command: Command) -> Option<Hint> {
        match command {
            Command::TestMail => Some(Hint::Words("test again")),
            Command::Enter => Some(Hint::Words("close")),
            _ => None,
        }
    }

    fn counts_seconds(&self) -> bool {
        true
    }
}

fn lines(state: &State, cells: usize) -> Vec<Line<'static>> {
    let mut page = Report::new(cells);
    match state.cache.mail_test.latest() {
        _ if begins(state) => page.say("… Starting the test", theme::WAIT),
        Some(test) => report(test, &mut page),
        None => {
            let failure = state.cache.mail_test.failure();
            let words = failure.map_or("…", |error| &error.message);
            page.say(words, theme::DIM);
        }
    }
    page.lines
}

fn report(test: &Test, page: &mut Report) {
    let (words, style) = verdict(test);
    page.say(words, style);
    page.blank();
    for step in &test.steps {
        let hint = step.hint.as_deref();
        page.tried(name(step.step), step.result, &step.message, hint);
    }
    if test.running {
        let is_tried = |step: &MailTestStep| test.steps.iter().any(|it| it.step == *step);
        page.awaited(ALL.into_iter().filter(|it| !is_tried(it)).map(name));
        page.blank();
        page.say("You can close this. The test continues.", theme::DIM);
    }
}

fn verdict(test: &Test) -> (&'static str, Style) {
    match (test.running, test.started_at, test.result) {
        (true, ..) => ("… The test is running.", theme::WAIT),
        (false, None, _) => ("Not tested yet.", theme::DIM),
        (false, _, Some(CheckResult::Ok)) => {
            ("✓ Emails leave, and replies can be read.", theme::GOOD)
        }
        (false, _, Some(CheckResult::Warning)) => {
            ("⚠ Email works, with the warnings below.", theme::WAIT)
        }
        (false, _, _) => ("✗ Email does not work yet.", theme::BAD),
    }
}

fn name(step: MailTestStep) -> &'static str {
    match step {
        MailTestStep::LogIn => "Log in",
        MailTestStep::Send => "Send",
        MailTestStep::LogInToRead => "Mailbox",
        MailTestStep::Read => "Read back",
    }
}
