//! One of a few words, all of them visible: `( Zoom ) ( ●Phone )`.

use std::borrow::Cow;

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Canvas, text};
use crate::theme;

/// A segmented choice.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    words: Vec<Cow<'static, str>>,
    /// As many as there are words: none is chosen yet.
    chosen: usize,
}

impl Choice {
    pub(crate) fn new(words: &'static [&'static str], chosen: usize) -> Self {
        Self::of(
            words.iter().map(|word| Cow::Borrowed(*word)).collect(),
            chosen,
        )
    }

    /// The same of words that are not known beforehand.
    pub(crate) fn of(words: Vec<Cow<'static, str>>, chosen: usize) -> Self {
        let chosen = chosen.min(words.len().saturating_sub(1));
        Self { words, chosen }
    }

    /// The same, of which none is chosen before a person does.
    pub(crate) fn open(words: &'static [&'static str]) -> Self {
        let chosen = words.len();
        Self {
            chosen,
            ..Self::new(words, 0)
        }
    }

    /// Which of the words is chosen; as many as there are: none yet.
    pub(crate) fn chosen(&self) -> usize {
        self.chosen
    }

    /// Chooses a word.
    pub(crate) fn choose(&mut self, at: usize) {
        self.chosen = at.min(self.words.len().saturating_sub(1));
    }

    /// Goes to the next word, or the one before, and round.
    pub(crate) fn turn(&mut self, forward: bool) {
        let count = self.words.len().max(1);
        self.chosen = match (self.chosen >= count, forward) {
            (true, true) => 0,
            (true, false) => count - 1,
            (false, _) => (self.chosen + if forward { 1 } else { count - 1 }) % count,
        };
    }

    pub(crate) fn draw(&self, canvas: &mut Canvas<'_>, row: Rect, focused: bool) {
        canvas.line(row, self.line(row.width, focused));
    }

    /// Cells that it takes of so many.
    pub(crate) fn cells(&self, width: u16) -> u16 {
        u16::try_from(self.line(width, false).width()).unwrap_or(width)
    }

    fn line(&self, width: u16, focused: bool) -> Line<'static> {
        let cells: usize = self.words.iter().map(|word| text::width(word) + 6).sum();
        let narrow = cells > usize::from(width);
        let mut line = Line::default();
        for (at, word) in self.words.iter().enumerate() {
            // Only the chosen one has room: the arrows turn to the others.
            if narrow && at != self.chosen {
                continue;
            }
            let (mark, style) = match (at == self.chosen, focused) {
                (true, true) => ("●", theme::SELECTED),
                (true, false) => ("●", theme::PLAIN),
                (false, _) => ("", theme::DIM),
            };
            line.push_span(Span::styled(format!("( {mark}{word} )"), style));
            line.push_span(" ");
        }
        if narrow && self.chosen >= self.words.len() {
            line.push_span(Span::styled("choose… ", theme::DIM));
        }
        if narrow {
            line.push_span(Span::styled("←→ ", theme::DIM));
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_choice_has_nothing_chosen_until_it_is_turned() {
        for (forward, first) in [(true, 0), (false, 2)] {
            let mut choice = Choice::open(&["automatically", "after approval", "watch only"]);
            assert_eq!(choice.chosen(), 3);
            choice.turn(forward);
            assert_eq!(choice.chosen(), first);
            choice.turn(forward);
            assert_eq!(choice.chosen(), 1);
        }
    }
}
