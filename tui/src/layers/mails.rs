//! The mail about an interview: what waits and why, what was refused, what left; and the invitation before there is any.

use greenroom_protocol::id::{InterviewId, MailId};
use greenroom_protocol::interview::{Interview, InterviewStatus};
use greenroom_protocol::mail::{Mail, MailKind, MailState};
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::listing::{self, Listed};
use crate::app::State;
use crate::screens::wording;
use crate::theme;
use crate::widgets::{Canvas, List, text, times};

/// Cells of the layer, and of its columns.
const WIDTH: u16 = 76;
const KIND: usize = 14;
const TO: usize = 20;

/// The mail of an interview, and where a person is in it.
#[derive(Debug)]
pub(crate) struct Mails {
    pub(crate) interview: InterviewId,
    pub(crate) list: List,
}

/// Something to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reads {
    /// The candidate's invitation, as it would be written now.
    Preview(InterviewId),
    /// A letter, as it would leave now.
    Letter(MailId),
}

impl Mails {
    pub(crate) fn new(interview: InterviewId) -> Self {
        Self {
            interview,
            list: List::default(),
        }
    }

    /// Everything in the list, from the top.
    pub(crate) fn all<'a>(&self, state: &'a State) -> Vec<Entry<'a>> {
        let waiting = state.mirror.mail_waiting.get(&self.interview);
        let past = state.mirror.mail_past.get(&self.interview);
        let pages = waiting.into_iter().chain(past);
        let letters: Vec<&Mail> = pages.flat_map(|page| &page.items).collect();
        let interview = state.mirror.interview(self.interview);
        let invites = |mail: &&Mail| mail.kind == MailKind::Invitation;
        let preview = interview.filter(|it| is_planned(it) && !letters.iter().any(invites));
        let preview = preview.map(Entry::Preview);
        preview
            .into_iter()
            .chain(letters.into_iter().map(Entry::Letter))
            .collect()
    }

    /// What is selected.
    pub(crate) fn selected<'a>(&self, state: &'a State) -> Option<Entry<'a>> {
        let mut all = self.all(state);
        let at = self.list.selected(all.len())?;
        Some(all.swap_remove(at))
    }

    pub(super) fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        let cells = usize::from(WIDTH.min(area.width).saturating_sub(4));
        let interview = state.mirror.interview(self.interview);
        let title = interview.map(|it| format!("Mail · {} · {}", it.candidate.name, it.stage_name));
        let title = title.as_deref().unwrap_or("Mail");
        listing::draw(canvas, area, WIDTH, title, self.lines(state, cells));
    }

    /// The lines, and which one is marked.
    fn lines(&self, state: &State, cells: usize) -> Vec<Listed> {
        let mut lines = Vec::new();
        let mut say = |words: &str, style: Style| {
            let wrapped = text::wrap(words, cells).into_iter();
            lines.extend(wrapped.map(|line| (false, Line::styled(line, style))));
        };
        if wording::reaches_nobody(state)
            && let Some(status) = state.mirror.status.latest()
        {
            say(&format!("⚠ {}", status.mail.note), theme::WAIT);
            say(" ", theme::PLAIN);
        }
        if state.mirror.mail_waiting.get(&self.interview).is_none() {
            let failure = state.mirror.mail_waiting.failure();
            say(failure.map_or("…", |error| &error.message), theme::DIM);
            return lines;
        }
        let all = self.all(state);
        if all.is_empty() {
            say("No mail was written about it.", theme::DIM);
        }
        let selected = self.list.selected(all.len());
        for (at, entry) in all.iter().enumerate() {
            let marked = selected == Some(at);
            let style = if marked {
                theme::SELECTED
            } else {
                theme::PLAIN
            };
            let mark = if marked { "▸ " } else { "  " };
            let (kind, to) = (entry.kind(), entry.to());
            let (words, how) = entry.stands(state);
            // Where there is no room for a third column, how far it is stands below.
            let narrow = cells < 2 + KIND + 2 * TO;
            let indent = if narrow { 4 } else { 2 + KIND + TO };
            let mut wrapped = text::wrap(&words, cells.saturating_sub(indent)).into_iter();
            let beside = match narrow {
                true => None,
                false => wrapped.next(),
            };
            let spans = vec![
                Span::styled(format!("{mark}{}", text::left(kind, KIND)), style),
                Span::styled(format!("{}  ", text::left(to, TO - 2)), style),
                Span::styled(beside.unwrap_or_default(), how),
            ];
            lines.push((marked, spans.into()));
            let indent = text::blanks(indent);
            lines.extend(wrapped.map(|line| (false, Line::styled(format!("{indent}{line}"), how))));
        }
        lines
    }
}

/// A line of the list.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Entry<'a> {
    /// The invitation that is not written yet.
    Preview(&'a Interview),
    Letter(&'a Mail),
}

impl<'a> Entry<'a> {
    /// What is to be read.
    pub(crate) fn reads(self) -> Reads {
        match self {
            Self::Preview(interview) => Reads::Preview(interview.id),
            Self::Letter(mail) => Reads::Letter(mail.id),
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Preview(_) => "invitation",
            Self::Letter(mail) => kind(mail.kind),
        }
    }

    fn to(self) -> &'a str {
        match self {
            Self::Preview(interview) => &interview.candidate.name,
            Self::Letter(mail) => mail.to.as_deref().unwrap_or(&mail.address),
        }
    }

    fn stands(self, state: &State) -> (String, Style) {
        match self {
            Self::Preview(interview) => {
                let when = match interview.status {
                    InterviewStatus::ToBeConfirmed => "when it is confirmed",
                    _ => "when its meeting is made",
                };
                (format!("not written: {when}"), theme::DIM)
            }
            Self::Letter(mail) => stands(mail, state),
        }
    }
}

/// How far a letter is, and why it is not further.
pub(super) fn stands(mail: &Mail, state: &State) -> (String, Style) {
    let near = |at: greenroom_protocol::time::Instant| {
        times::near(at.timestamp(), &state.zone(), state.now)
    };
    let at = mail.at.map(near).unwrap_or_default();
    let why = mail.reason.as_ref().map(|why| format!(": {why}"));
    let why = why.unwrap_or_default();
    match mail.state {
        MailState::Waiting if mail.not_before.timestamp() > state.now => {
            let left = mail.not_before.timestamp().duration_since(state.now);
            match left.as_secs() {
                soon @ 0..60 => (format!("… leaves in {soon} s"), theme::WAIT),
                _ => (format!("… leaves {}", near(mail.not_before)), theme::PLAIN),
            }
        }
        MailState::Waiting => {
            let again = mail.next_try.filter(|_| mail.attempts > 0);
            let again = again.map(|next| format!(", tried again {}", near(next)));
            (
                format!("… waits{why}{}", again.unwrap_or_default()),
                theme::WAIT,
            )
        }
        MailState::Sending => (format!("… is being handed over{why}"), theme::WAIT),
        MailState::Held => (format!("⚠ held{why}"), theme::WAIT),
        MailState::Sent => (format!("✓ sent {at}"), theme::GOOD),
        MailState::Failed => (format!("✗ refused {at}{why}"), theme::BAD),
        MailState::Withdrawn => (format!("× called back {at}{why}"), theme::DIM),
    }
}

pub(super) fn kind(kind: MailKind) -> &'static str {
    match kind {
        MailKind::Invitation => "invitation",
        MailKind::Cancellation => "cancellation",
        MailKind::Reminder => "reminder",
        MailKind::ConnectionNotice => "Zoom notice",
        MailKind::ApprovalRequest => "request",
        MailKind::ProblemNotice => "problem",
    }
}

fn is_planned(interview: &Interview) -> bool {
    matches!(
        interview.status,
        InterviewStatus::ToBeConfirmed | InterviewStatus::Confirmed
    )
}
