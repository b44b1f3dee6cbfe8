//! A question before something that cannot be undone.

use greenroom_protocol::drift::Repair;
use greenroom_protocol::id::{CandidateId, InterviewId};
use ratatui::layout::Rect;

use crate::theme;
use crate::widgets::{Canvas, below, row, text};

/// What a yes does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Act {
    /// Disconnect that member's Zoom.
    Disconnect(String),
    /// Mend what differs between that interview and Zoom.
    Repair(InterviewId, Repair),
    /// Delete that meeting at Zoom.
    DeleteStray(String),
    /// Erase that candidate, as their record stands.
    Erase(CandidateId, u64),
}

/// The question.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Confirm {
    pub(crate) title: String,
    /// What will happen, a line each.
    pub(crate) lines: Vec<String>,
    /// The words of the button.
    pub(crate) button: &'static str,
    pub(crate) act: Act,
}

impl Confirm {
    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let width = 64.min(area.width);
        let cells = usize::from(width.saturating_sub(4));
        let rows: usize = self
            .lines
            .iter()
            .map(|line| text::wrap(line, cells).len())
            .sum();
        let height = u16::try_from(rows).unwrap_or(8) + 6;
        let inside = canvas.float(area, width, height, &self.title);
        let last = row(inside, inside.height.saturating_sub(1));
        let taken = u16::try_from(rows).unwrap_or(8);
        let room = inside.height.saturating_sub(2);
        let mut rest = Rect {
            height: room + 1,
            ..inside
        };
        rest = below(rest, u16::from(taken <= room));
        for line in &self.lines {
            rest = below(rest, canvas.paragraph(rest, line, theme::PLAIN));
        }
        let esc = match last.width < 50 {
            true => "   Esc no",
            false => "   Esc leaves it as it is",
        };
        canvas.text_right(last, esc, theme::DIM);
        let cells = u16::try_from(text::width(esc)).unwrap_or(0);
        let place = crate::widgets::part(last, 0, last.width.saturating_sub(cells));
        canvas.text_right(place, &format!("[ {} ]", self.button), theme::BAD);
    }
}
