//! What the assistant's scheduling came to in the last 90 days, in figures: in all, and for each
//! stage where there are several.

use greenroom_protocol::outreach::{SchedulingReport, StageScheduling};
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::keys::{Context, Places};
use crate::state::State;
use crate::state::pane::{Dispatch, Pane};
use crate::state::queries::Need;
use crate::theme;
use crate::widgets::{Canvas, Scroll, below, row, rows, text, times};
use crate::wording::scheduling;

/// Cells of the pane, and of the names of figures.
const WIDTH: u16 = 76;
const NAMES: usize = 22;

/// The figures, and how far they are read.
#[derive(Debug, Default)]
pub(super) struct Figures {
    scroll: Scroll,
}

impl Pane for Figures {
    fn places(&self, _: &State) -> Places {
        Places::over_screen(Context::Reading)
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        let cells = usize::from(WIDTH.min(area.width).saturating_sub(4));
        let lines = lines(state, cells);
        let height = u16::try_from(lines.len()).unwrap_or(u16::MAX);
        let title = "Scheduling report";
        let inside = canvas.float(area, WIDTH, height.saturating_add(4), title);
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
        vec![Need::Scheduling(())]
    }

    fn dispatch(&self) -> Dispatch {
        |state, command| {
            let figures = state.panes.top_as_mut::<Self>()?;
            figures.scroll.go(command).then(Vec::new)
        }
    }
}

fn lines(state: &State, cells: usize) -> Vec<Line<'static>> {
    let cache = &state.cache.scheduling;
    let Some(report) = cache.latest() else {
        let failure = cache.failure();
        let words = failure.map_or("…", |error| &error.message);
        let wrapped = text::wrap(&text::clean(words), cells).into_iter();
        return wrapped.map(|it| Line::styled(it, theme::DIM)).collect();
    };
    let mut lines = vec![Line::styled(since(state, report), theme::DIM)];
    if report.total.started == 0 {
        let words =
            "Nothing yet. The assistant starts when a candidate enters a stage with AI scheduling.";
        let wrapped = text::wrap(words, cells).into_iter();
        lines.extend(wrapped.map(Line::from));
        return lines;
    }
    for (name, value) in scheduling::figures(&report.total) {
        let room = cells.saturating_sub(NAMES);
        let words = text::wrap(&value, room).into_iter();
        let names = std::iter::once(name).chain(std::iter::repeat(""));
        lines.extend(names.zip(words).map(|(name, words)| {
            let style = match words.contains("above the goal") {
                true => theme::WAIT,
                false => theme::PLAIN,
            };
            figure(name, words, style)
        }));
    }
    if report.stages.len() > 1 {
        lines.push(Line::default());
        lines.extend(report.stages.iter().map(|it| stage(it, cells)));
    }
    lines
}

/// Since when they are counted.
fn since(state: &State, report: &SchedulingReport) -> String {
    let zone = state.zone();
    let date = |it| times::at(it, &zone).date();
    let since = times::day(date(report.since.timestamp()), date(state.now));
    match report.cut {
        true => format!("since {since}, only the newest"),
        false => format!("since {since}"),
    }
}

fn figure(name: &str, words: String, style: Style) -> Line<'static> {
    Line::from(vec![
        Span::styled(text::left(name, NAMES), theme::DIM),
        Span::styled(words, style),
    ])
}

/// `Phone screen, Designer   12 booked of 20, 3.2 h, 2.1 emails, 15 % touched`
fn stage(stage: &StageScheduling, cells: usize) -> Line<'static> {
    let figures = &stage.figures;
    let name = text::clean(&format!("{}, {}", stage.stage_name, stage.job_title));
    let words = format!(
        "{} of {} booked · {} · {} emails · {} touched",
        figures.booked,
        figures.started,
        scheduling::median(figures),
        scheduling::emails(figures),
        scheduling::touched(figures),
    );
    let room = cells.saturating_sub(text::width(&words) + 2);
    Line::from(vec![
        Span::styled(text::left(&text::fit(&name, room), room + 2), theme::PLAIN),
        Span::styled(words, theme::DIM),
    ])
}
