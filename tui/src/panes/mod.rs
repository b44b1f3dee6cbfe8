//! What lies over a screen: a stack, of which the topmost has the keys.
//!
//! Owns the order of layers and where each one's keys go. A closed set, so that every layer can be
//! drawn, logged and tested; a layer never reaches into another.

mod assistant;
mod candidate;
pub(crate) mod candidates;
pub(crate) mod check;
pub(crate) mod chooser;
pub(crate) mod confirm;
pub(crate) mod connect;
mod help;
pub(crate) mod insights;
mod interview;
pub(crate) mod interviews;
pub(crate) mod mail;
pub(crate) mod palette;
pub(crate) mod pipeline;
pub(crate) mod screen;
pub(crate) mod settings;
pub(crate) mod workspaces;
pub(crate) mod zoom_test;

use crossterm::event::KeyEvent;
use greenroom_protocol::Error;
use greenroom_protocol::id::{CandidateId, InterviewId, StageId};
use ratatui::layout::Rect;

use self::chooser::Chooser;
use self::confirm::Confirm;
use self::connect::Connect;
use self::insights::Insights;
use self::mail::Mails;
use self::mail::email::Letter;
use self::palette::Palette;
use self::zoom_test::ZoomTestReport;
use crate::forms::Form;
use crate::forms::sheet::Did;
use crate::keys::{Characters, Context};
use crate::state::State;
use crate::theme;
use crate::widgets::{Canvas, List, Scroll, below, row, text};

/// Something over the screen.
#[derive(Debug)]
pub(crate) enum Layer {
    /// The keys that work where one was.
    Help(List),
    /// Every command by name.
    Palette(Palette),
    /// A list to choose from.
    Chooser(Chooser),
    /// A question before something that cannot be undone.
    Confirm(Confirm),
    /// A failure, until it is read.
    Failure(Error),
    Form(Box<Form>),
    Connect(Box<Connect>),
    /// A booked interview.
    Interview(InterviewId, Scroll),
    /// What differs from Zoom.
    Check(List),
    /// A test of a Zoom connection.
    ZoomTest(ZoomTestReport),
    /// The mail about an interview.
    Mails(Mails),
    /// A letter to be read.
    Letter(Letter),
    /// What is kept after a candidate's interviews.
    Insights(Box<Insights>),
    /// A candidate, whole.
    Candidate(CandidateId),
    /// A stage whose Zoom hosts nothing now.
    Trouble(StageId),
}

/// The place in the keymap.
pub(crate) fn context(layer: &Layer) -> Context {
    match layer {
        Layer::Help(_) | Layer::Failure(_) | Layer::Trouble(_) | Layer::Letter(_) => {
            Context::Reading
        }
        // What can be done with a candidate in the list can be done with the one that is open.
        Layer::Candidate(_) => Context::Candidates,
        Layer::Palette(_) | Layer::Chooser(_) => Context::Chooser,
        Layer::Confirm(_) => Context::Confirm,
        Layer::Form(form) if form.fields().is_open() => Context::Chooser,
        Layer::Form(_) => Context::Form,
        Layer::Connect(connect) => connect.context(),
        Layer::Interview(..) => Context::Interview,
        Layer::Check(_) => Context::Check,
        Layer::ZoomTest(_) => Context::ZoomTest,
        Layer::Mails(_) => Context::Mail,
        Layer::Insights(_) => Context::Insights,
    }
}

/// What unmodified characters are in a layer: what is filled in takes them all, a popup has none
/// but its own, and a record that is open is a screen of its own.
pub(crate) fn characters(layer: &Layer) -> Characters {
    match layer {
        Layer::Form(_) | Layer::Palette(_) | Layer::Chooser(_) => Characters::Text,
        Layer::Confirm(confirm) if confirm.is_typing() => Characters::Text,
        Layer::Connect(connect) if connect.is_typing() => Characters::Text,
        Layer::Confirm(_)
        | Layer::Connect(_)
        | Layer::Help(_)
        | Layer::Failure(_)
        | Layer::Letter(_)
        | Layer::ZoomTest(_)
        | Layer::Trouble(_) => Characters::Own,
        Layer::Interview(..)
        | Layer::Candidate(_)
        | Layer::Check(_)
        | Layer::Mails(_)
        | Layer::Insights(_) => Characters::Commands,
    }
}

/// Offers a key as text or as a change of a field.
pub(crate) fn key(layer: &mut Layer, key: KeyEvent) -> Did {
    let edited = match layer {
        Layer::Palette(palette) => palette.key(key),
        Layer::Chooser(chooser) => chooser.key(key),
        Layer::Form(form) => return form.fields_mut().key(key),
        Layer::Connect(connect) => connect.key(key),
        Layer::Confirm(confirm) => confirm.key(key),
        _ => false,
    };
    if edited { Did::Edited } else { Did::Nothing }
}

/// Draws a layer over what is there.
pub(crate) fn draw(state: &State, layer: &Layer, canvas: &mut Canvas<'_>, area: Rect) {
    match layer {
        Layer::Help(list) => help::draw(state, list, canvas, area),
        Layer::Palette(palette) => palette.draw(state, canvas, area),
        Layer::Chooser(chooser) => chooser.draw(canvas, area),
        Layer::Confirm(confirm) => confirm.draw(canvas, area),
        Layer::Failure(error) => draw_failure(error, canvas, area),
        Layer::Form(form) => form.draw(state, canvas, area),
        Layer::Connect(connect) => connect.draw(state, canvas, area),
        Layer::Interview(id, scroll) => interview::draw(state, *id, scroll, canvas, area),
        Layer::Check(list) => check::draw(state, list, canvas, area),
        Layer::ZoomTest(report) => report.draw(state, canvas, area),
        Layer::Mails(mails) => mails.draw(state, canvas, area),
        Layer::Letter(letter) => letter.draw(state, canvas, area),
        Layer::Insights(insights) => insights.draw(state, canvas, area),
        Layer::Trouble(stage) => pipeline::problem::draw(state, *stage, canvas, area),
        Layer::Candidate(id) => screen::draw_candidate(state, *id, canvas, area),
    }
}

/// What failed and why, then what to do.
fn draw_failure(error: &Error, canvas: &mut Canvas<'_>, area: Rect) {
    let rows = |words: &str| text::wrap(words, 62).len();
    let hint = error.hint.as_deref().map_or(0, rows).max(2);
    let words = rows(&error.message) + error.matches.len() + hint;
    let height = u16::try_from(words).unwrap_or(10) + 5;
    let inside = canvas.float(area, 66, height, "This did not work");
    let last = row(inside, inside.height.saturating_sub(1));
    let body = Rect {
        height: inside.height.saturating_sub(1),
        ..inside
    };
    let gap = u16::from(inside.height > 5);
    let taken = canvas.paragraph(below(body, gap), &error.message, theme::BAD);
    let mut rest = below(body, taken + 2 * gap);
    for line in &error.matches {
        canvas.text(row(rest, 0), &format!("  {line}"), theme::PLAIN);
        rest = below(rest, 1);
    }
    if let Some(hint) = &error.hint {
        canvas.paragraph(rest, hint, theme::PLAIN);
    }
    canvas.text_right(last, "Esc closes", theme::DIM);
}
