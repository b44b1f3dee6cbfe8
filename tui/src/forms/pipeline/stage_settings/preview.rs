//! When an interview of a stage could be, as its settings stand in the form.
//!
//! Owns the question and its answer, and the rows under the fields that say it. Invariant: what is
//! said belongs to what stands in the form, else it is left out. Saves nothing.

use greenroom_protocol::Error;
use greenroom_protocol::pipeline::GuidanceRead;
use greenroom_protocol::schedule::{SlotQuery, Slots};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use ratatui::layout::Rect;

use crate::forms::none_works::none_works;
use crate::forms::{Ask, unexpected};
use crate::state::State;
use crate::theme;
use crate::widgets::{Canvas, row, text, times};

/// Times that are shown at most: as many as a proposal names.
pub(super) const TIMES: u32 = 4;

/// Rows that it takes.
pub(super) const ROWS: u16 = 3;

/// What was asked last, and what is known of it.
#[derive(Debug, Default)]
pub(crate) struct Preview {
    asked: Option<SlotQuery>,
    answer: Option<Result<Slots, Error>>,
}

impl Preview {
    /// The question to ask, when something else stands in the form; `query` is `None` where it could
    /// not be saved as it stands.
    pub(super) fn ask(&mut self, query: Option<SlotQuery>) -> Option<(Ask, Q)> {
        if self.asked == query {
            return None;
        }
        self.asked = query.clone();
        self.answer = None;
        Some((Ask::Free, Q::Slots { query: query? }))
    }

    /// Takes the answer; of an older question it is dropped before this.
    pub(super) fn take(&mut self, reply: Result<R, Error>) {
        self.answer = Some(match reply {
            Ok(R::Slots(slots)) => slots,
            Ok(_) => Err(unexpected()),
            Err(error) => Err(error),
        });
    }

    /// What the guidance in the form is read as, once it is known.
    pub(super) fn guidance(&self) -> Option<&GuidanceRead> {
        self.answer.as_ref()?.as_ref().ok()?.guidance.as_ref()
    }

    /// What is known is out of date.
    pub(super) fn invalidate(&mut self) {
        self.asked = None;
    }

    pub(super) fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        if area.height == 0 {
            return;
        }
        let cells = usize::from(area.width);
        let (words, style) = match &self.answer {
            _ if self.asked.is_none() => return,
            None if state.link.is_up() => ("Looking for times…".to_owned(), theme::DIM),
            None => return,
            Some(Err(error)) => (format!("! {}", error.message), theme::WAIT),
            Some(Ok(slots)) if slots.items.is_empty() => (
                format!("! {}", none_works(&slots.none_because)),
                theme::WAIT,
            ),
            Some(Ok(slots)) => return draw_times(slots, state, canvas, area),
        };
        for (at, line) in (0..area.height).zip(text::wrap(&words, cells)) {
            canvas.text(row(area, at), &line, style);
        }
    }
}

fn draw_times(slots: &Slots, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
    let zone = state.zone();
    let cells = usize::from(area.width);
    let mut starts: Vec<_> = slots.items.iter().map(|slot| slot.start).collect();
    starts.sort();
    let starts = starts.iter();
    let said = starts.map(|start| times::moment(start.timestamp(), &zone, state.now));
    let mut all = said.collect::<Vec<_>>();
    while text::width(&all.join(" · ")) > cells && all.len() > 1 {
        all.pop();
    }
    let names = slots
        .items
        .first()
        .map_or(&[][..], |best| &best.interviewers);
    let names: Vec<_> = names.iter().map(|it| it.name.as_str()).collect();
    let assumed = slots.assumed_hours.iter();
    let assumed: Vec<_> = assumed.filter_map(|it| it.name.as_deref()).collect();
    let mut who = Vec::new();
    if !names.is_empty() {
        who.push(format!("with {}", names.join(", ")));
    }
    if !assumed.is_empty() {
        who.push(format!("hours assumed: {}", assumed.join(", ")));
    }
    let who = who.join(" · ");
    canvas.text(
        row(area, 0),
        "The best times for an interview here",
        theme::DIM,
    );
    canvas.text(row(area, 1), &all.join(" · "), theme::GOOD);
    canvas.text(row(area, 2), &text::fit(&who, cells), theme::DIM);
}
