//! Candidates: a search, a list, and who is selected in it.

use greenroom_protocol::pipeline::{
    ApplicationState, CandidatePage, CandidateRow, CandidateSort, HighlightField,
};
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::keys::Command;
use crate::panes::candidate;
use crate::state::{State, key_of};
use crate::theme;
use crate::widgets::{
    Canvas, below, draw_empty, draw_failure, part, row, rows, share, text, times,
};
use crate::wording;

pub(super) fn draw(state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    let view = &state.candidates;
    if !state.is_wide() {
        if view.is_open() {
            return draw_preview(state, canvas, area);
        }
        return draw_list(state, canvas, area);
    }
    let left = (area.width * 54 / 100).max(56);
    draw_list(state, canvas, part(area, 0, left));
    canvas.post(part(area, left, 1));
    draw_preview(state, canvas, part(area, left + 1, area.width));
}

fn draw_preview(state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    let area = part(area, 1, area.width.saturating_sub(2));
    let Some((id, name)) = state.candidate_selected() else {
        return;
    };
    match state.cache.candidate.get(&id) {
        Some(candidate) => candidate::draw(state, canvas, area, candidate),
        None => {
            canvas.text(row(area, 0), &text::clean(name), theme::STRONG);
            if let Some(error) = state.cache.candidate.failure() {
                draw_failure(canvas, area, error);
            }
        }
    }
}

fn draw_list(state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    draw_search(state, canvas, row(area, 0));
    draw_filters(state, canvas, row(area, 1));
    let area = below(area, 2);
    let Some(page) = state.cache.candidates.latest() else {
        if let Some(error) = state.cache.candidates.failure() {
            draw_failure(canvas, area, error);
        }
        return;
    };
    if page.items.is_empty() {
        return draw_none(state, canvas, area);
    }
    let view = &state.candidates;
    let selected = view.list.selected(page.items.len());
    let visible = view.list.visible(page.items.len(), area.height);
    let columns = Columns::of(&page.items, usize::from(area.width.saturating_sub(2)));
    for (line, at) in rows(area).zip(visible) {
        let place = Place {
            selected: selected == Some(at),
            marked: view.marks.is_marked(&page.items, selected, at),
        };
        draw_row(state, canvas, line, &page.items[at], place, columns);
    }
}

/// Which candidates are shown, where that is not all of them.
fn draw_filters(state: &State, canvas: &mut Canvas<'_>, line: Rect) {
    let words = state.candidates.filters.words();
    let views = state.cache.views.latest().map_or(&[][..], |it| it);
    let name = state.candidates.view(views).map(|view| &view.name);
    if words.is_empty() && name.is_none() {
        return;
    }
    let line = part(line, 1, line.width.saturating_sub(2));
    let key = key_of(state, Command::ClearFilters).filter(|_| !words.is_empty());
    let clear = key.map(|key| format!("{key} clears")).unwrap_or_default();
    let cells = u16::try_from(text::width(&clear)).unwrap_or(0);
    canvas.text_right(line, &clear, theme::DIM);
    let place = part(line, 2, line.width.saturating_sub(cells + 4));
    let name = name.map(|name| format!("“{}”", text::clean(name)));
    let words: Vec<_> = name.into_iter().chain(words).collect();
    canvas.text(place, &words.join(" · "), theme::WAIT);
}

fn draw_none(state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    if !state.candidates.filters.is_open() {
        let keys = "F clears the filters.";
        return draw_empty(canvas, area, "No candidates match.", keys);
    }
    if state.candidates.search().is_empty() && state.candidates.archived {
        let keys = "A shows those who are active.";
        return draw_empty(
            canvas,
            area,
            "Nobody is on hold, rejected, withdrawn or hired.",
            keys,
        );
    }
    if state.candidates.search().is_empty() {
        let keys = "a adds one, I imports a CSV or JSON file.";
        return draw_empty(
            canvas,
            area,
            "No candidates yet. Candidates appear here once they apply.",
            keys,
        );
    }
    draw_empty(
        canvas,
        area,
        "No candidates match.",
        "Esc clears the search.",
    );
}

fn draw_search(state: &State, canvas: &mut Canvas<'_>, line: Rect) {
    let view = &state.candidates;
    let line = part(line, 1, line.width.saturating_sub(2));
    let found = state.cache.candidates.latest();
    let found = found.map(|page| head(state, page)).unwrap_or_default();
    let mut cells = u16::try_from(text::width(&found)).unwrap_or(0);
    if line.width < 3 * cells {
        cells = 0;
    }
    let found = if cells > 0 { found } else { String::new() };
    let style = match view.marks.is_empty() {
        true => theme::DIM,
        false => theme::SELECTED,
    };
    canvas.text_right(line, &found, style);
    let bar = part(line, 0, line.width.saturating_sub(cells + 2));
    let style = if view.is_typing() {
        theme::SELECTED
    } else {
        theme::DIM
    };
    canvas.text(part(bar, 0, 2), "/", style);
    let place = part(bar, 2, bar.width);
    if view.query.is_empty() && !view.is_typing() {
        return canvas.text(place, "name, email, job or stage", theme::DIM);
    }
    view.query
        .draw(canvas, place, theme::PLAIN, view.is_typing());
}

/// What is said of the list: who is marked, or its order, and where one is in it.
fn head(state: &State, page: &CandidatePage) -> String {
    let view = &state.candidates;
    let marked = view.marked(page).len();
    if marked > 0 {
        return format!("{marked} selected");
    }
    let mut said = Vec::new();
    if view.archived {
        said.push("archived".to_owned());
    }
    said.extend(match view.sort {
        CandidateSort::Name => None,
        CandidateSort::Stage => Some("by stage".to_owned()),
        CandidateSort::Since => Some("longest in stage".to_owned()),
        CandidateSort::Added => Some("newest".to_owned()),
    });
    if page.nearest {
        said.push("no match, the nearest".to_owned());
    }
    said.push(match view.list.selected(page.items.len()) {
        Some(at) => format!("{} of {}", at + 1, page.total),
        None => "none".to_owned(),
    });
    said.join(" · ")
}

/// How a row stands in the list.
#[derive(Clone, Copy)]
struct Place {
    selected: bool,
    /// For a change of several.
    marked: bool,
}

/// A name, with what the search matched in it standing out.
fn name_spans(person: &CandidateRow, cells: usize, style: Style) -> Vec<Span<'static>> {
    let shown = text::left(&person.name, cells);
    let own = person.matched.iter();
    let own = own.filter(|it| it.field == HighlightField::Name);
    let mut spans = Vec::new();
    let mut done = 0;
    for part in own {
        let (from, to) = (part.from as usize, part.to as usize);
        // What does not fit, or is not shown as it is, is not marked.
        let same = shown
            .get(from..to)
            .is_some_and(|it| person.name.get(from..to) == Some(it));
        if !same || from < done {
            continue;
        }
        spans.push(Span::styled(shown[done..from].to_owned(), style));
        spans.push(Span::styled(
            shown[from..to].to_owned(),
            style.patch(theme::FIELD),
        ));
        done = to;
    }
    spans.push(Span::styled(shown[done..].to_owned(), style));
    spans
}

/// Cells of the columns of name, job and stage, without the blanks behind them.
#[derive(Clone, Copy)]
struct Columns {
    name: usize,
    job: usize,
    stage: usize,
}

/// Cells of the age, with the blanks before it, and of the marks.
const AGE: usize = 8;
const MARKS: usize = 2;

/// Cells of a row from which on the job has a column.
const WITH_JOB: usize = 58;

impl Columns {
    /// What is in them decides, of the whole page, so that they stay while one scrolls; what is left
    /// over is all of theirs.
    fn of(items: &[CandidateRow], width: usize) -> Self {
        const BETWEEN: usize = 2;
        let widest = |of: &dyn Fn(&CandidateRow) -> usize| items.iter().map(of).max().unwrap_or(0);
        let name = widest(&|it| text::width(&it.name));
        let stage = widest(&|it| text::width(standing(it)));
        let job = widest(&|it| {
            it.application
                .as_ref()
                .map_or(0, |it| text::width(&it.job_title))
        });
        let with_job = width >= WITH_JOB && job > 0;
        let gaps = BETWEEN * (1 + usize::from(with_job));
        let room = width.saturating_sub(MARKS + AGE + gaps);
        let job = if with_job { job } else { 0 };
        let [name, job, stage] = share(room, [name, job, stage]);
        let over = room.saturating_sub(name + job + stage);
        let more = if with_job { over / 3 } else { 0 };
        Self {
            name: name + over - 2 * more,
            job: job + more,
            stage: stage + more,
        }
    }
}

/// Where somebody is in the pipeline, or that they are in none.
fn standing(person: &CandidateRow) -> &str {
    match &person.application {
        Some(application) => match application.state {
            ApplicationState::Active => application.stage_name.as_str(),
            state => state.words(),
        },
        None => "no application",
    }
}

/// Columns: mark, name, job, stage, age. Narrow lists give the job's column up first.
fn draw_row(
    state: &State,
    canvas: &mut Canvas<'_>,
    line: Rect,
    person: &CandidateRow,
    at: Place,
    columns: Columns,
) {
    let line = part(line, 1, line.width.saturating_sub(2));
    let style = if at.selected {
        theme::SELECTED
    } else {
        theme::PLAIN
    };
    let application = person.application.as_ref();
    let job = application.map_or("", |it| it.job_title.as_str());
    let age = application.map(|it| times::age(it.since.timestamp(), state.now));
    let age = age.unwrap_or_default();
    let mark = match (at.selected, wording::has_unread(state, person.id)) {
        (true, _) => Span::styled("▸", style),
        (false, true) => Span::styled("✉", theme::WAIT),
        (false, false) if person.near => Span::styled("~", theme::DIM),
        (false, false) => Span::styled(" ", style),
    };
    let chosen = if at.marked { "●" } else { " " };
    let mut spans = vec![mark, Span::styled(chosen, theme::SELECTED)];
    spans.extend(name_spans(person, columns.name, style));
    spans.push(Span::raw("  "));
    if columns.job > 0 {
        spans.push(Span::styled(text::left(job, columns.job), theme::DIM));
        spans.push(Span::raw("  "));
    }
    let stage = text::left(standing(person), columns.stage);
    spans.push(Span::styled(stage, theme::PLAIN));
    spans.push(Span::styled(text::right(&age, AGE), theme::DIM));
    canvas.line(line, Line::from(spans));
}
