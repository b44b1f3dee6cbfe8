//! What the command line prints: data on stdout, everything else on stderr.
//!
//! Owns the two shapes of every answer (a table or lines for people, one line of JSON for
//! programs), colours, and what is done when the reader is gone. Invariant: no control character of
//! a record reaches the terminal, in either shape.

mod stop;
mod table;

use std::io::{self, IsTerminal, Write};

use greenroom_protocol::Error;
use greenroom_protocol::page::Page;
use serde::Serialize;
pub(crate) use stop::{Failure, Stop, exit_code};
pub(crate) use table::Table;

use crate::widgets::text::clean;

/// Where and how to print.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    json: bool,
    terminal: bool,
    colour: bool,
    colour_errors: bool,
}

impl Output {
    /// For `--json` and `--plain`.
    pub(crate) fn new(json: bool, plain: bool) -> Self {
        let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let coloured = !plain && !no_colour;
        let terminal = io::stdout().is_terminal();
        Self {
            json,
            terminal,
            colour: coloured && terminal,
            colour_errors: coloured && io::stderr().is_terminal(),
        }
    }

    /// Whether programs read this.
    pub(crate) fn is_json(self) -> bool {
        self.json
    }

    /// Whether a person reads it as it comes.
    pub(crate) fn is_terminal(self) -> bool {
        self.terminal && !self.json
    }

    /// A record: itself as JSON, or as `lines` for people.
    pub(crate) fn record(
        self,
        record: &impl Serialize,
        lines: impl FnOnce() -> Lines,
    ) -> Result<(), Stop> {
        if self.json {
            return self.json(record);
        }
        self.print(&lines().render(self.colour))
    }

    /// A record that people read as a table.
    pub(crate) fn rows(
        self,
        record: &impl Serialize,
        table: impl FnOnce() -> Table,
    ) -> Result<(), Stop> {
        if self.json {
            return self.json(record);
        }
        self.print(&table().render(self.colour))
    }

    /// A list: `{"items","total","next"}`, or a table.
    pub(crate) fn list<T: Serialize>(
        self,
        page: &Page<T>,
        table: impl FnOnce(&[T]) -> Table,
    ) -> Result<(), Stop> {
        if self.json {
            return self.json(page);
        }
        self.print(&table(&page.items).render(self.colour))?;
        if page.next.is_some() {
            let shown = page.items.len();
            self.note(&format!("{shown} shown; for the rest: --all"));
        }
        Ok(())
    }

    /// A table for people.
    pub(crate) fn table(self, table: &Table) -> Result<(), Stop> {
        self.print(&table.render(self.colour))
    }

    /// One line of JSON.
    pub(crate) fn json(self, value: &impl Serialize) -> Result<(), Stop> {
        let line = serde_json::to_string(value)
            .map_err(|error| Error::failed(format!("Couldn't print the answer: {error}")))?;
        self.print(&(escaped(&line) + "\n"))
    }

    /// JSON as people read it; one line for programs.
    pub(crate) fn pretty(self, value: &impl Serialize) -> Result<(), Stop> {
        if self.json {
            return self.json(value);
        }
        let text = serde_json::to_string_pretty(value)
            .map_err(|error| Error::failed(format!("Couldn't print the answer: {error}")))?;
        self.print(&(escaped(&text) + "\n"))
    }

    /// Text as it is, to stdout. A reader who is gone ends the command in silence.
    pub(crate) fn print(self, text: &str) -> Result<(), Stop> {
        let mut out = io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(Stop::ReaderGone),
            Err(error) => Err(Error::failed(format!("Couldn't print the answer: {error}")).into()),
        }
    }

    /// A remark for people, to stderr.
    pub(crate) fn note(self, text: &str) {
        // Nobody reads stderr: then there is nobody to tell.
        writeln!(io::stderr(), "{}", clean(text)).ok();
    }

    /// A warning, to stderr, in both shapes.
    pub(crate) fn warn(self, text: &str) {
        self.note(&format!("warning: {text}"));
    }

    /// A failure: to stderr for people, to stdout for programs.
    pub(crate) fn failure(self, failure: &Failure) {
        if self.json {
            // With stdout gone as well there is only the exit code.
            self.json(&failure.to_json()).ok();
            return;
        }
        let text = failure.to_text(self.colour_errors);
        io::stderr().write_all(text.as_bytes()).ok();
    }
}

/// Whether a person sits there: questions go to stderr and answers come from stdin.
pub(crate) fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// JSON may carry characters that move a terminal's cursor or reorder its lines; as escapes they
/// mean the same to a program.
fn escaped(json: &str) -> String {
    let mut line = String::with_capacity(json.len());
    for letter in json.chars() {
        match letter {
            '\u{7f}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' => line.push_str(&format!("\\u{:04x}", u32::from(letter))),
            _ => line.push(letter),
        }
    }
    line
}

/// A record for people: names and values under each other.
#[derive(Debug, Default)]
pub(crate) struct Lines(Table);

impl Lines {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// `name  value`.
    #[must_use]
    pub(crate) fn line(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.0.row([name, value.as_ref()]);
        self
    }

    /// A line that is there when the value is.
    #[must_use]
    pub(crate) fn maybe(self, name: &str, value: Option<impl AsRef<str>>) -> Self {
        match value {
            Some(value) => self.line(name, value),
            None => self,
        }
    }

    /// One line a value; the name stands beside the first.
    #[must_use]
    pub(crate) fn each(mut self, name: &str, values: impl IntoIterator<Item = String>) -> Self {
        let mut name = name;
        for value in values {
            self.0.row([name, value.as_str()]);
            name = "";
        }
        self
    }

    /// A text of several lines; the name stands beside the first.
    #[must_use]
    pub(crate) fn text(self, name: &str, text: Option<&str>) -> Self {
        self.each(name, text.unwrap_or_default().lines().map(str::to_owned))
    }

    /// These, and then others.
    #[must_use]
    pub(crate) fn all(mut self, others: Self) -> Self {
        self.0.append(others.0);
        self
    }

    fn render(self, colour: bool) -> String {
        self.0.render(colour)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_means_the_same_and_moves_no_cursor() {
        let hostile = "a\u{9b}2J\u{202e}b\u{1b}[0m\u{7f}";
        let json = escaped(&serde_json::to_string(hostile).unwrap());
        assert!(
            json.chars().all(|letter| (' '..='~').contains(&letter)),
            "{json}"
        );
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), hostile);
    }
}
