//! An email as its reader gets it, scrolled. Its text comes from outside too: nothing of it speaks
//! to the terminal.

use greenroom_protocol::id::{InterviewId, MailId, TurnId};
use greenroom_protocol::interview::AttendeeState;
use greenroom_protocol::mail::Written;
use greenroom_protocol::received::{Received, SetAside};
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use super::mails;
use crate::keys::{Command, Context, Places};
use crate::state::pane::{Dispatch, Pane};
use crate::state::queries::Need;
use crate::state::{State, key_of};
use crate::theme;
use crate::widgets::{Canvas, Scroll, below, row, rows, text, times};

/// Cells of the pane, in which a line of an email fits, and of the column of labels.
const WIDTH: u16 = 82;
const LABELS: usize = 9;

/// Something to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reads {
    /// The candidate's invitation, as it would be written now.
    Invitation(InterviewId),
    /// An email, as it would leave now.
    Email(MailId),
    /// An email that came in.
    Received(TurnId),
}

/// An email, and how far it is read.
#[derive(Debug)]
pub(crate) struct EmailPreview {
    pub(crate) reads: Reads,
    scroll: Scroll,
}

impl Pane for EmailPreview {
    fn places(&self, _: &State) -> Places {
        Places::over_screen(Context::Reading)
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        let title = match self.reads {
            Reads::Invitation(_) => "Invitation preview",
            Reads::Email(_) => "Email preview",
            Reads::Received(_) => "Received email",
        };
        let lines = |cells| self.lines(state, cells);
        page(canvas, area, title, &self.scroll, false, lines);
    }

    fn subscriptions(&self, _: &State) -> Vec<Need> {
        vec![match self.reads {
            Reads::Invitation(id) => Need::Invitation(id),
            Reads::Email(id) => Need::Preview(id),
            Reads::Received(id) => Need::Email(id),
        }]
    }

    fn dispatch(&self) -> Dispatch {
        |state, command| {
            let email = state.panes.top_as_mut::<Self>()?;
            email.scroll.go(command).then(Vec::new)
        }
    }
}

impl EmailPreview {
    pub(crate) fn new(reads: Reads) -> Self {
        Self {
            reads,
            scroll: Scroll::default(),
        }
    }

    fn lines(&self, state: &State, cells: usize) -> Vec<Line<'static>> {
        let cache = &state.cache;
        let mut lines = Vec::new();
        let (letter, failure) = match &self.reads {
            Reads::Received(id) => {
                match cache.email.get(id) {
                    Some(email) => received(&mut lines, email, state, cells),
                    None => {
                        let failure = cache.email.failure();
                        let words = failure.map_or("…", |error| &error.message);
                        let wrapped = text::wrap(words, cells).into_iter();
                        lines.extend(wrapped.map(|line| Line::styled(line, theme::DIM)));
                    }
                }
                return lines;
            }
            Reads::Invitation(id) => (cache.invitation.get(id), cache.invitation.failure()),
            Reads::Email(id) => {
                let preview = cache.preview.get(id);
                if let Some(mail) = preview.map(|preview| &preview.mail) {
                    let (stands, style) = mails::stands(mail, state);
                    labelled(&mut lines, "State", &stands, style, cells);
                    let kind = mails::kind(mail.kind);
                    labelled(&mut lines, "Kind", kind, theme::PLAIN, cells);
                }
                let letter = preview.and_then(|preview| preview.letter.as_ref());
                if preview.is_some() && letter.is_none() {
                    let words = "Nobody will receive it.";
                    lines.push(Line::styled(words, theme::DIM));
                    return lines;
                }
                (letter, cache.preview.failure())
            }
        };
        match letter {
            Some(letter) => written(&mut lines, letter, cells),
            None => {
                let words = failure.map_or("…", |error| &error.message);
                let wrapped = text::wrap(words, cells).into_iter();
                lines.extend(wrapped.map(|line| Line::styled(line, theme::DIM)));
            }
        }
        lines
    }
}

/// Something to be read in a box of its own; `several`: it is one of several.
pub(super) fn page(
    canvas: &mut Canvas<'_>,
    area: Rect,
    title: &str,
    scroll: &Scroll,
    several: bool,
    lines: impl FnOnce(usize) -> Vec<Line<'static>>,
) {
    let lines = lines(usize::from(WIDTH.min(area.width).saturating_sub(4)));
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let inside = canvas.float(area, WIDTH, height.saturating_add(4), title);
    let last = row(inside, inside.height.saturating_sub(1));
    let body = Rect {
        height: inside.height.saturating_sub(1),
        ..inside
    };
    let body = below(body, u16::from(body.height > height));
    let visible = scroll.visible(lines.len(), body.height);
    for (place, line) in rows(body).zip(lines.into_iter().skip(visible.start)) {
        canvas.line(place, line);
    }
    let turn = if several {
        "← → other emails   "
    } else {
        ""
    };
    let rest = scroll.rest();
    let gap = if rest.is_empty() { "" } else { "   " };
    let words = format!("{rest}{gap}{turn}Esc close");
    canvas.text_right(last, &words, theme::DIM);
}

pub(super) fn written(lines: &mut Vec<Line<'static>>, letter: &Written, cells: usize) {
    labelled(lines, "From", &letter.from, theme::PLAIN, cells);
    labelled(lines, "To", &letter.to, theme::PLAIN, cells);
    labelled(lines, "Subject", &letter.subject, theme::STRONG, cells);
    if letter.calendar.is_some() {
        let words = "a calendar entry";
        labelled(lines, "With", words, theme::PLAIN, cells);
    }
    lines.push(Line::default());
    let text = text::wrap_columns(&letter.text, cells);
    lines.extend(text.into_iter().map(Line::from));
}

/// An email that came in: what is new first, what it repeats below, dim.
fn received(lines: &mut Vec<Line<'static>>, email: &Received, state: &State, cells: usize) {
    let mail = &email.mail;
    let from = format!("{} <{}>", mail.name, mail.from);
    labelled(lines, "From", &from, theme::PLAIN, cells);
    let near = times::near(mail.at.timestamp(), &state.zone(), state.now);
    let when = match mail.automatic {
        true => format!("{near}, automatic"),
        false => near,
    };
    labelled(lines, "Received", &when, theme::PLAIN, cells);
    labelled(lines, "Subject", &mail.subject, theme::STRONG, cells);
    if !email.files.is_empty() {
        let files = format!("{} (in the mailbox)", email.files.join(", "));
        labelled(lines, "Files", &files, theme::PLAIN, cells);
    }
    if let Some(aside) = &mail.set_aside {
        labelled(lines, "", &set_aside(aside, state), theme::WAIT, cells);
    }
    lines.push(Line::default());
    let new = text::wrap_columns(&email.text, cells);
    lines.extend(new.into_iter().map(Line::from));
    if email.cut {
        let words = "The email continues in the mailbox.";
        lines.push(Line::styled(words, theme::DIM));
    }
    if let Some(quoted) = &email.quoted {
        lines.push(Line::default());
        let quoted = text::wrap_columns(quoted, cells).into_iter();
        lines.extend(quoted.map(|line| Line::styled(line, theme::DIM)));
    }
}

/// That a reply came from another address, and for whom.
fn set_aside(aside: &SetAside, state: &State) -> String {
    let whose = aside.attendee.as_deref();
    let whose = whose.map(|name| format!(" for {name}")).unwrap_or_default();
    let answer = match aside.answer {
        Some(AttendeeState::Accepted) => ": accepted",
        Some(AttendeeState::Declined) => ": declined",
        Some(AttendeeState::Tentative) => ": tentative",
        _ => "",
    };
    let start = aside.start.map(|start| {
        let at = times::moment(start.timestamp(), &state.zone(), state.now);
        format!(", proposes {at}")
    });
    let start = start.unwrap_or_default();
    let key = key_of(state, Command::AcceptReply);
    let key = key.map(|key| format!(": {key} to accept"));
    let key = key.unwrap_or_default();
    format!("A reply{whose} from another address{answer}{start}. Not accepted yet{key}.")
}

pub(super) fn labelled(
    lines: &mut Vec<Line<'static>>,
    label: &str,
    words: &str,
    style: Style,
    cells: usize,
) {
    use ratatui::text::Span;
    let labels = std::iter::once(label).chain(std::iter::repeat(""));
    let wrapped = text::wrap(words, cells.saturating_sub(LABELS));
    lines.extend(labels.zip(wrapped).map(|(label, words)| {
        let label = Span::styled(text::left(label, LABELS), theme::DIM);
        Line::from(vec![label, Span::styled(words, style)])
    }));
}
