//! A value to copy elsewhere: shown, never typed into.

use ratatui::layout::Rect;

use super::{Canvas, text};
use crate::theme;

/// Something to copy, and how it reads on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Copied {
    /// What is copied, line ends included.
    value: String,
    /// What is shown in its place.
    shown: String,
    /// Whether it is an address that a browser opens.
    opens: bool,
}

impl Copied {
    /// A text that is shown as it is.
    pub(crate) fn text(value: &str) -> Self {
        Self {
            value: value.to_owned(),
            shown: text::clean(value),
            opens: false,
        }
    }

    /// An address that a browser opens.
    pub(crate) fn address(value: &str) -> Self {
        Self {
            opens: true,
            ..Self::text(value)
        }
    }

    /// Several values, a line each; `what` names them.
    pub(crate) fn all(values: &[String], what: &str) -> Self {
        Self {
            value: values.join("\n"),
            shown: format!("{} {what}", values.len()),
            opens: false,
        }
    }

    pub(crate) fn value(&self) -> &str {
        &self.value
    }

    pub(crate) fn opens(&self) -> bool {
        self.opens
    }

    pub(crate) fn draw(&self, canvas: &mut Canvas<'_>, row: Rect, focused: bool) {
        let style = match focused {
            true => theme::SELECTED,
            false => theme::GOOD,
        };
        canvas.text(row, &self.shown, style);
    }
}
