//! The list of templates, and below it the one that is selected with what may stand in it.

use greenroom_protocol::template::{TemplateBrief, TemplateSource};
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Templates, selected};
use crate::state::State;
use crate::theme;
use crate::widgets::listing::{self, Listed};
use crate::widgets::{Canvas, text};

/// Cells of the pane and of its first columns.
const WIDTH: u16 = 96;
const NAME: usize = 19;
const WORDS: usize = 10;

pub(super) fn draw(pane: &Templates, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    let cells = usize::from(WIDTH.min(area.width).saturating_sub(4));
    let mut lines: Vec<Listed> = Vec::new();
    let all = pane.listed(state);
    let marked = pane.list.selected(all.as_ref().map_or(0, Vec::len));
    for (at, brief) in all.iter().flatten().enumerate() {
        lines.push(line(pane, brief, marked == Some(at), cells));
    }
    let mut say = |words: &str, style| {
        let wrapped = text::wrap(words, cells).into_iter();
        lines.extend(wrapped.map(|line| (false, Line::styled(line, style))));
    };
    if all.is_none() {
        let failure = state.cache.templates.failure();
        say(failure.map_or("…", |error| &error.message), theme::DIM);
    }
    if let Some(template) = selected(state) {
        say(" ", theme::PLAIN);
        say(&template.purpose, theme::PLAIN);
        if let Some(problem) = &template.problem {
            say(
                &format!("The built-in words are used: {problem}"),
                theme::WAIT,
            );
        }
        let variables = template.variables.iter();
        let variables: Vec<_> = variables.map(|it| format!("{{{{{}}}}}", it.name)).collect();
        say(&format!("Variables: {}", variables.join(" ")), theme::DIM);
    }
    let stage = pane.stage.as_ref().and_then(|id| id.parse().ok());
    let stage = stage.and_then(|id| state.cache.stage(id));
    let title = match stage {
        Some(stage) => format!("Emails · {}", stage.name),
        None => "Email templates".to_owned(),
    };
    listing::draw(canvas, area, WIDTH, &title, lines);
}

fn line(pane: &Templates, brief: &TemplateBrief, marked: bool, cells: usize) -> Listed {
    let style = if marked {
        theme::SELECTED
    } else {
        theme::PLAIN
    };
    let mark = if marked { "▸ " } else { "  " };
    let (words, how) = match (&brief.problem, brief.source) {
        (Some(_), _) => ("problem", theme::WAIT),
        (None, TemplateSource::BuiltIn) => ("built-in", theme::DIM),
        (None, TemplateSource::Workspace) => ("own", theme::GOOD),
        (None, TemplateSource::Stage) => ("stage", theme::GOOD),
    };
    let of = brief.stage.as_ref().filter(|_| pane.stage.is_none());
    let subject = match of {
        Some(stage) => format!("{} · {}: {}", stage.job_title, stage.name, brief.subject),
        None => brief.subject.clone(),
    };
    let room = cells.saturating_sub(2 + NAME + WORDS);
    let spans = vec![
        Span::styled(
            format!("{mark}{}", text::left(brief.name.code(), NAME)),
            style,
        ),
        Span::styled(text::left(words, WORDS), how),
        Span::styled(text::fit(&subject, room), theme::PLAIN),
    ];
    (marked, spans.into())
}
