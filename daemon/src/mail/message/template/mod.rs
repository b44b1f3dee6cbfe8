//! ★ Templates: the words of an email with variables in them, checked when they are saved and
//! filled in when the email is written. Pure.
//!
//! Owns which email has which variables ([`Variable`]), the built-in words, and how both become a
//! subject and a text. Invariants: what parses can always be rendered; a value is put in once and
//! never read as a template, and it has no control, line or direction characters of its own; the
//! block [`Variable::Details`] (when, how to join, how to reply, who is writing) is in every email,
//! because a text that leaves it out has it appended. Must not read a record, nor decide who gets
//! an email.
//!
//! A line all of whose variables are empty is left out, and so is the blank line before it.
//!
//! Emails about an interview have these words for the candidate only: interviewers read the built-in
//! ones (`words`), save in `no-reply-reminder`, which is for them. The calendar part is
//! made by `event`, which no template reaches. A line that every candidate must read
//! belongs into the details (`words::description`).

mod built_in;
mod example;
mod values;
mod variable;

use std::fmt;

use greenroom_protocol::template::{MOST_SUBJECT, MOST_TEXT, TemplateName};
use greenroom_protocol::text::{seen, steers};
use strsim::levenshtein;

pub use self::example::Example;
pub use self::values::{Between, Times, Values};
pub use self::variable::Variable;
use super::Says;
use super::words::wrapped;

/// Variables in one text: what a text of 8 KiB becomes stays small, whatever it repeats.
const MOST_VARIABLES: usize = 100;

/// Characters of a subject once it is filled in; the names in it may be long.
const LONGEST_SUBJECT: usize = 500;

/// The words of one email, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    name: TemplateName,
    /// As they were written.
    words: Words,
    subject: Line,
    text: Vec<Line>,
}

/// A subject and a text with variables in them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// One line.
    pub subject: String,
    /// Several.
    pub text: String,
}

/// A finished email's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// Lines of at most 76 columns where they can be broken.
    pub text: String,
}

/// Which part of a template is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Its subject.
    Subject,
    /// Its text.
    Text,
}

/// Why words are no template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// There is nothing.
    #[error("Enter a {0}")]
    Empty(Part),
    /// It is longer than fits.
    #[error("The {0} is longer than {1}")]
    TooLong(Part, &'static str),
    /// A subject of several lines.
    #[error("The subject is one line")]
    SubjectLines,
    /// A character that cannot be shown.
    #[error("Line {line} of the {part} has a control character")]
    Control {
        /// Where.
        part: Part,
        /// From 1.
        line: usize,
    },
    /// Braces that do not close on their line.
    #[error("Line {line} of the {part} opens {{{{ and does not close it with }}}}")]
    Unclosed {
        /// Where.
        part: Part,
        /// From 1.
        line: usize,
    },
    /// A variable that this email does not have.
    #[error("{name} has no variable {{{{{unknown}}}}}")]
    Unknown {
        /// Which email.
        name: TemplateName,
        /// Where.
        part: Part,
        /// What was written.
        unknown: String,
        /// What may have been meant.
        nearest: Option<Variable>,
    },
    /// Several lines in the middle of a line, or in a subject.
    #[error("{{{{{0}}}}} is several lines: it stands once in the text, on a line of its own")]
    Block(Variable),
    /// What the reader cannot do without.
    #[error("The text needs {{{{{0}}}}} on a line of its own")]
    Missing(Variable),
    /// More variables than are filled in.
    #[error("The {0} has more than {MOST_VARIABLES} variables")]
    TooMany(Part),
}

#[derive(Debug, Clone, Default, PartialEq)]
struct Line(Vec<Piece>);

#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Text(String),
    Value(Variable),
}

impl Template {
    /// The built-in words of an email.
    #[must_use]
    pub fn built_in(name: TemplateName) -> Self {
        let words = built_in::words(name);
        // A test reads every one of them.
        Self::parse(name, &words.subject, &words.text).unwrap_or_else(|_| Self {
            name,
            words,
            subject: Line::default(),
            text: Vec::new(),
        })
    }

    /// Checks words.
    ///
    /// # Errors
    /// They are empty or too long, have control characters, braces that are not closed, a variable
    /// this email does not have, or lack one it needs.
    pub fn parse(name: TemplateName, subject: &str, text: &str) -> Result<Self, Flaw> {
        let (subject, text) = (plain(subject), plain(text));
        let (subject, text) = (subject.trim(), text.trim_matches('\n').trim_end());
        if subject.is_empty() {
            return Err(Flaw::Empty(Part::Subject));
        }
        if text.trim().is_empty() {
            return Err(Flaw::Empty(Part::Text));
        }
        if subject.chars().count() > MOST_SUBJECT {
            return Err(Flaw::TooLong(Part::Subject, "200 characters"));
        }
        if text.len() > MOST_TEXT {
            return Err(Flaw::TooLong(Part::Text, "8 KiB"));
        }
        if subject.contains('\n') {
            return Err(Flaw::SubjectLines);
        }
        let mut subject_lines = lines(name, Part::Subject, subject)?;
        let text_lines = lines(name, Part::Text, text)?;
        if let Some(block) = subject_lines.iter().find_map(Line::any_block) {
            return Err(Flaw::Block(block));
        }
        blocks_stand_alone(&text_lines)?;
        let has = |it: &&Variable| text_lines.iter().any(|line| line.has(**it));
        let mut needed = Variable::of(name).iter().filter(|it| it.is_required(name));
        if let Some(missing) = needed.find(|it| !has(it)) {
            return Err(Flaw::Missing(*missing));
        }
        Ok(Self {
            name,
            words: Words {
                subject: subject.to_owned(),
                text: text.to_owned(),
            },
            subject: subject_lines.pop().unwrap_or_default(),
            text: text_lines,
        })
    }

    /// Which email it is.
    #[must_use]
    pub fn name(&self) -> TemplateName {
        self.name
    }

    /// The words as they were written, without characters that are not seen.
    #[must_use]
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// The email, with these values. A variable without one is empty.
    #[must_use]
    pub fn render(&self, values: &Values) -> Rendered {
        let subject = self.subject.filled(values);
        let subject = subject.trim().chars().take(LONGEST_SUBJECT).collect();
        let mut lines: Vec<String> = Vec::new();
        let mut left_out = false;
        for line in &self.text {
            if line.is_left_out(values) {
                left_out = true;
                continue;
            }
            let line = line.filled(values);
            let follows_blank = lines.last().is_none_or(String::is_empty);
            if !(left_out && follows_blank && line.is_empty()) {
                lines.push(line);
            }
            left_out = false;
        }
        let details = values.of(Variable::Details);
        let names_details = self.text.iter().any(|it| it.has(Variable::Details));
        if !names_details && !details.is_empty() {
            lines.push(String::new());
            lines.push(details.to_owned());
        }
        Rendered {
            subject,
            text: wrapped(lines.join("\n").trim_matches('\n')),
        }
    }

    /// The email without a calendar part, with these values.
    #[must_use]
    pub fn says(&self, values: &Values) -> Says {
        let Rendered { subject, text } = self.render(values);
        Says::Text { subject, text }
    }
}

impl Line {
    fn variables(&self) -> impl Iterator<Item = Variable> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Value(variable) => Some(*variable),
            Piece::Text(_) => None,
        })
    }

    fn has(&self, variable: Variable) -> bool {
        self.variables().any(|it| it == variable)
    }

    fn any_block(&self) -> Option<Variable> {
        self.variables().find(|it| it.is_block())
    }

    fn is_alone(&self) -> bool {
        let blank = |piece: &Piece| match piece {
            Piece::Text(text) => text.trim().is_empty(),
            Piece::Value(_) => true,
        };
        self.variables().count() == 1 && self.0.iter().all(blank)
    }

    fn is_left_out(&self, values: &Values) -> bool {
        let mut variables = self.variables().peekable();
        variables.peek().is_some() && variables.all(|it| values.of(it).is_empty())
    }

    fn filled(&self, values: &Values) -> String {
        // What stands alone brings its own columns.
        if let Some(block) = self.any_block() {
            return values.of(block).to_owned();
        }
        let filled = self.0.iter().map(|piece| match piece {
            Piece::Text(text) => text.as_str(),
            Piece::Value(variable) => values.of(*variable),
        });
        filled.collect::<String>().trim_end().to_owned()
    }
}

fn blocks_stand_alone(lines: &[Line]) -> Result<(), Flaw> {
    let mut seen = Vec::new();
    for line in lines {
        let Some(block) = line.any_block() else {
            continue;
        };
        if !line.is_alone() || seen.contains(&block) {
            return Err(Flaw::Block(block));
        }
        seen.push(block);
    }
    Ok(())
}

fn lines(name: TemplateName, part: Part, text: &str) -> Result<Vec<Line>, Flaw> {
    let read = |(at, text): (usize, &str)| line(name, part, at + 1, text);
    let lines: Vec<_> = text
        .split('\n')
        .enumerate()
        .map(read)
        .collect::<Result<_, _>>()?;
    let variables: usize = lines.iter().map(|line| line.variables().count()).sum();
    match variables > MOST_VARIABLES {
        true => Err(Flaw::TooMany(part)),
        false => Ok(lines),
    }
}

fn line(name: TemplateName, part: Part, at: usize, text: &str) -> Result<Line, Flaw> {
    if text.chars().any(steers) {
        return Err(Flaw::Control { part, line: at });
    }
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((named, after)) = after.split_once("}}") else {
            return Err(Flaw::Unclosed { part, line: at });
        };
        if !before.is_empty() {
            pieces.push(Piece::Text(before.to_owned()));
        }
        pieces.push(Piece::Value(variable(name, part, named.trim())?));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    Ok(Line(pieces))
}

fn variable(name: TemplateName, part: Part, text: &str) -> Result<Variable, Flaw> {
    let all = Variable::of(name);
    if let Some(found) = all.iter().find(|it| it.code() == text) {
        return Ok(*found);
    }
    let unknown: String = text.chars().take(40).collect();
    let near = all.iter().map(|it| (levenshtein(&unknown, it.code()), *it));
    let near = near.min_by_key(|(slips, _)| *slips);
    let nearest = near.filter(|(slips, _)| *slips <= 1 + unknown.len() / 3);
    Err(Flaw::Unknown {
        name,
        part,
        unknown,
        nearest: nearest.map(|(_, it)| it),
    })
}

/// Without what is not seen, and with one kind of line end.
fn plain(text: &str) -> String {
    seen(&text.replace("\r\n", "\n"))
}

impl fmt::Display for Part {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.field())
    }
}

impl Part {
    /// The field of a request that has it.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Text => "text",
        }
    }
}

impl Flaw {
    /// Which part is wrong.
    #[must_use]
    pub fn part(&self) -> Part {
        match self {
            Self::Empty(part)
            | Self::TooLong(part, _)
            | Self::TooMany(part)
            | Self::Control { part, .. }
            | Self::Unclosed { part, .. }
            | Self::Unknown { part, .. } => *part,
            Self::SubjectLines => Part::Subject,
            Self::Block(_) | Self::Missing(_) => Part::Text,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Unknown { name, nearest, .. } => {
                let known = Variable::of(*name).iter();
                let known: Vec<_> = known.map(|it| format!("{{{{{it}}}}}")).collect();
                let known = known.join(", ");
                Some(match nearest {
                    Some(nearest) => format!("did you mean {{{{{nearest}}}}}? There are: {known}"),
                    None => format!("there are: {known}"),
                })
            }
            Self::Missing(variable) | Self::Block(variable) => {
                Some(format!("it stands for {}", variable.meaning()))
            }
            Self::Control { .. } => Some("use spaces in place of tabs".to_owned()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
