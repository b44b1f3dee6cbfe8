//! A test of a Zoom connection: how far it is, then its report.
//!
//! Invariant: while a new test is being started, an older report is never shown in its place. What
//! Zoom wrote is untrusted, and is cleaned like any text from outside.

use greenroom_protocol::id::MemberId;
use greenroom_protocol::status::CheckResult;
use greenroom_protocol::zoom_test::{
    MissingPermission, ZoomTest as Test, ZoomTestResult, ZoomTestStep,
};
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use crate::keys::{Command, Context, Places};
use crate::state::pane::{Dispatch, Pane};
use crate::state::queries::Need;
use crate::state::subject::Hint;
use crate::state::{State, key_of};
use crate::theme;
use crate::widgets::{Canvas, Report, Scroll, below, row, rows, text, times};

/// Cells of the pane.
const WIDTH: u16 = 76;

/// Everything a test tries, in its order.
const ALL: [ZoomTestStep; 7] = [
    ZoomTestStep::Connection,
    ZoomTestStep::Permissions,
    ZoomTestStep::Create,
    ZoomTestStep::Read,
    ZoomTestStep::List,
    ZoomTestStep::Update,
    ZoomTestStep::Delete,
];

/// The latest test of a member's Zoom, and how far its report is read.
#[derive(Debug)]
pub(crate) struct ZoomTest {
    pub(crate) member: MemberId,
    scroll: Scroll,
}

impl Pane for ZoomTest {
    fn places(&self, _: &State) -> Places {
        Places::over_screen(Context::ZoomTest)
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        let cells = usize::from(WIDTH.min(area.width).saturating_sub(4));
        let lines = self.lines(state, cells);
        let height = u16::try_from(lines.len()).unwrap_or(u16::MAX);
        let whose = state.cache.member(self.member).filter(|it| !it.you);
        let title = match whose {
            Some(member) => format!("Zoom test · {}", text::clean(&member.name)),
            None => "Zoom test".to_owned(),
        };
        let inside = canvas.float(area, WIDTH, height.saturating_add(4), &title);
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
        vec![Need::ZoomTest(self.member)]
    }

    fn dispatch(&self) -> Dispatch {
        |state, command| {
            let report = state.panes.top_as_mut::<Self>()?;
            report.scroll.go(command).then(Vec::new)
        }
    }

    fn hint(&self, _: &State, command: Command) -> Option<Hint> {
        (command == Command::TestZoom).then_some(Hint::Words("test again"))
    }
}

impl ZoomTest {
    pub(super) fn new(member: MemberId) -> Self {
        Self {
            member,
            scroll: Scroll::default(),
        }
    }

    fn lines(&self, state: &State, cells: usize) -> Vec<Line<'static>> {
        let mut page = Report::new(cells);
        let begins = super::begins(state, self.member);
        match state.cache.zoom_test.get(&self.member) {
            _ if begins => page.say("… Starting the test", theme::WAIT),
            Some(test) => report(state, test, &mut page),
            None => {
                let failure = state.cache.zoom_test.failure();
                let words = failure.map_or("…", |error| &error.message);
                page.say(words, theme::DIM);
            }
        }
        page.lines
    }
}

fn report(state: &State, test: &Test, page: &mut Report) {
    let (words, style) = verdict(test);
    page.say(words, style);
    if let Some(number) = test.left_over.as_ref().filter(|_| !test.running) {
        let words = format!("⚠ Meeting {number} is still in Zoom. Delete it there.");
        page.say(&words, theme::WAIT);
    }
    let started = test.started_at.map(|at| {
        let when = times::near(at.timestamp(), &state.zone(), state.now);
        format!("Started {when}")
    });
    let sandbox = test.sandbox.is_some();
    let sandbox = sandbox.then(|| "In the Zoom sandbox, not the real Zoom".to_owned());
    let facts: Vec<_> = started.into_iter().chain(sandbox).collect();
    page.say(&facts.join(" · "), theme::DIM);
    page.blank();
    steps(test, page);
    if !test.changes.is_empty() {
        page.blank();
        page.say("Changed by Zoom", theme::STRONG);
    }
    for change in &test.changes {
        page.indented(2, change, theme::WAIT);
    }
    if !test.missing.is_empty() {
        page.blank();
        page.say("Missing permissions", theme::STRONG);
    }
    for permission in &test.missing {
        let (words, style) = missing(permission);
        page.indented(2, &words, style);
    }
    if test.running {
        page.blank();
        let words = "You can close this. The test continues and deletes its meeting.";
        page.say(words, theme::DIM);
    } else if let Some(key) = key_of(state, Command::TestZoom) {
        page.blank();
        page.say(&format!("{key} to test again."), theme::DIM);
    }
}

fn verdict(test: &Test) -> (&'static str, Style) {
    match (test.running, test.started_at, test.result) {
        (true, ..) => ("… The test is running.", theme::WAIT),
        (false, None, _) => ("Not tested yet.", theme::DIM),
        (false, _, Some(CheckResult::Ok)) => ("✓ Zoom works as Greenroom needs it.", theme::GOOD),
        (false, _, Some(CheckResult::Warning)) => {
            ("⚠ Zoom works, with the warnings below.", theme::WAIT)
        }
        (false, _, _) => ("✗ Zoom does not work yet.", theme::BAD),
    }
}

/// What was tried, and while the test runs what it still does. After a step that failed it is not
/// known what comes next.
fn steps(test: &Test, page: &mut Report) {
    for step in &test.steps {
        tried(step, page);
    }
    if !test.running {
        return;
    }
    let failed = test
        .steps
        .iter()
        .any(|step| step.step == ZoomTestStep::Create && step.result == CheckResult::Wrong);
    if failed {
        page.say(
            "… Looking in Zoom for a meeting that may have been created.",
            theme::WAIT,
        );
        return;
    }
    let is_tried = |step: &ZoomTestStep| test.steps.iter().any(|it| it.step == *step);
    page.awaited(ALL.into_iter().filter(|it| !is_tried(it)).map(name));
}

fn tried(step: &ZoomTestResult, page: &mut Report) {
    let hint = step.hint.as_deref();
    page.tried(name(step.step), step.result, &step.message, hint);
}

fn missing(permission: &MissingPermission) -> (String, Style) {
    let MissingPermission {
        scope,
        title,
        reason,
        optional,
    } = permission;
    match optional {
        true => (format!("{title}, {reason} (optional): {scope}"), theme::DIM),
        false => (format!("{title}, {reason}: {scope}"), theme::WAIT),
    }
}

fn name(step: ZoomTestStep) -> &'static str {
    match step {
        ZoomTestStep::Connection => "Connection",
        ZoomTestStep::Permissions => "Permissions",
        ZoomTestStep::Create => "Create",
        ZoomTestStep::Read => "Read back",
        ZoomTestStep::List => "Find",
        ZoomTestStep::Update => "Move",
        ZoomTestStep::Delete => "Delete",
    }
}
