//! The palette: every command by name, narrowed by what is typed, and a booking in one line.

mod booking;

use crossterm::event::KeyEvent;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::keys::{Command, Context, Places, Spec, TABLE};
use crate::panes::screens::go;
use crate::state::event::Action;
use crate::state::pane::{Dispatch, Pane};
use crate::state::subject::{Hint, Subject};
use crate::state::{Screen, State};
use crate::theme;
use crate::widgets::{Canvas, List, TextInput, below, part, row, rows, text};

pub(super) static SUBJECT: Subject = Subject {
    views: &[Command::Palette],
    dispatch: |state, _| toggle(state),
    ..Subject::NONE
};

/// Shows the palette, or closes it: there is one at a time.
fn toggle(state: &mut State) -> Vec<Action> {
    let open = state.panes.top_as::<Palette>().is_some();
    state.panes.remove::<Palette>(|_| true);
    if !open {
        state.panes.push(Palette::default());
    }
    Vec::new()
}

/// What was typed, and the selected command.
#[derive(Debug, Default)]
pub(crate) struct Palette {
    typed: TextInput,
    list: List,
}

impl Palette {
    fn go(&mut self, command: Command) -> bool {
        self.list.go(command, self.matching().len())
    }

    /// The selected command.
    fn selected(&self) -> Option<Command> {
        let matching = self.matching();
        Some(matching.get(self.list.selected(matching.len())?)?.command)
    }

    /// Commands that hold every typed word; what only moves a selection is left out.
    fn matching(&self) -> Vec<&'static Spec> {
        let about = |spec: &Spec| format!("{} {}", spec.name.replace('-', " "), spec.doc);
        let typed = text::fold(self.typed.value());
        let mut matching: Vec<_> = TABLE
            .iter()
            .filter(|spec| is_for_palette(spec) && text::matches(&about(spec), &typed))
            .collect();
        // A name that begins so is meant rather than one that mentions it.
        matching.sort_by_key(|spec| !spec.name.replace('-', " ").starts_with(&typed));
        matching
    }
}

impl Pane for Palette {
    fn places(&self, _: &State) -> Places {
        Places::over_screen(Context::Chooser)
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        let height = area.height.min(17);
        let inside = canvas.float(area, 76, height, "Commands");
        canvas.text(part(row(inside, 0), 0, 2), ":", theme::SELECTED);
        let place = part(row(inside, 0), 2, inside.width);
        self.typed.draw(canvas, place, theme::PLAIN, true);
        let body = below(inside, 2);
        if booking::behind_the_word(self.typed.value()).is_some() {
            return draw_booking(canvas, body);
        }
        let matching = self.matching();
        if matching.is_empty() {
            return canvas.text(body, "no matching command", theme::DIM);
        }
        let selected = self.list.selected(matching.len());
        let places = state.places_below_help();
        for (line, at) in rows(body).zip(self.list.visible(matching.len(), body.height)) {
            let spec = matching[at];
            let marked = selected == Some(at);
            let why = state.disabled_reason(spec.command);
            let style = match (marked, why.is_some()) {
                (true, _) => theme::SELECTED,
                (false, true) => theme::DIM,
                (false, false) => theme::PLAIN,
            };
            let key = state
                .keymap
                .key(spec.command, &places)
                .map(|key| key.to_string());
            let key = key.unwrap_or_default();
            let words = why.map_or(spec.doc, |why| why);
            let room = usize::from(line.width).saturating_sub(23 + text::width(&key));
            canvas.line(
                line,
                Line::from(vec![
                    Span::styled(if marked { "▸ " } else { "  " }, style),
                    Span::styled(text::left(&spec.name.replace('-', " "), 20), style),
                    Span::styled(text::fit(words, room), theme::DIM),
                ]),
            );
            canvas.text_right(line, &key, theme::KEY);
        }
    }

    fn dispatch(&self) -> Dispatch {
        |state, command| {
            if command == Command::Enter {
                return Some(run_selected(state));
            }
            let palette = state.panes.top_as_mut::<Self>()?;
            palette.go(command).then(Vec::new)
        }
    }

    fn hint(&self, _: &State, command: Command) -> Option<Hint> {
        let nothing = self.selected().is_none();
        (command == Command::Enter).then_some(match nothing {
            true => Hint::Hidden,
            false => Hint::Words("run"),
        })
    }

    fn key(&mut self, key: KeyEvent) -> bool {
        let edited = self.typed.key(key);
        if edited {
            self.list.select(0);
        }
        edited
    }

    fn paste(&self) -> fn(&mut State, &str) -> Vec<Action> {
        |state, pasted| {
            if let Some(palette) = state.panes.top_as_mut::<Self>() {
                palette.typed.insert(pasted);
            }
            Vec::new()
        }
    }

    fn is_about_what_lies_below(&self) -> bool {
        true
    }
}

/// What a line that books is, in the place of the commands.
fn draw_booking(canvas: &mut Canvas<'_>, body: Rect) {
    canvas.line(
        row(body, 0),
        Line::from(vec![
            Span::styled("▸ ", theme::SELECTED),
            Span::styled(text::left("book", 20), theme::SELECTED),
            Span::styled("open the form, filled in", theme::DIM),
        ]),
    );
    let words = "candidate, time and colleagues, such as: book priya thu 2pm sam lena";
    canvas.text(part(row(body, 1), 2, body.width), words, theme::DIM);
}

fn run_selected(state: &mut State) -> Vec<Action> {
    let palette = state.panes.top_as::<Palette>();
    let line = palette.and_then(|it| booking::behind_the_word(it.typed.value()));
    if let Some(line) = line.map(str::to_owned) {
        state.panes.pop();
        return booking::open(state, line);
    }
    let palette = state.panes.top_as::<Palette>();
    let Some(command) = palette.and_then(Palette::selected) else {
        return Vec::new();
    };
    state.panes.pop();
    // The palette names commands of every place: those of another screen are not possible here.
    let contexts = command.spec().map_or(&[][..], |spec| spec.contexts);
    let possible = state.places().overlap(contexts);
    let mut actions = Vec::new();
    if !possible
        && state.disabled_reason(command).is_none()
        && let Some(screen) = screen_of(contexts)
    {
        actions.extend(go(state, screen));
    }
    actions.extend(state.dispatch(command));
    actions
}

/// The screen a command of these places is possible on.
fn screen_of(contexts: &[Context]) -> Option<Screen> {
    contexts.iter().find_map(|context| match context {
        Context::Candidates => Some(Screen::Candidates),
        Context::Today => Some(Screen::Today),
        Context::Pipeline => Some(Screen::Pipeline),
        Context::Interviews => Some(Screen::Interviews),
        Context::Assistant => Some(Screen::Assistant),
        Context::Settings => Some(Screen::Settings),
        _ => None,
    })
}

fn is_for_palette(spec: &Spec) -> bool {
    let places = [
        Context::Everywhere,
        Context::Today,
        Context::Candidates,
        Context::Pipeline,
        Context::Interviews,
        Context::Assistant,
        Context::Settings,
    ];
    let here = spec.contexts.iter().any(|context| places.contains(context));
    here && !matches!(
        spec.command,
        Command::Palette | Command::Back | Command::Enter
    )
}
