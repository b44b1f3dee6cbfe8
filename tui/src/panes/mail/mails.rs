//! The mail about an interview: what came in, what waits and why, what was refused, what left; and
//! the invitation before there is any. Of a candidate: what came in.

use greenroom_protocol::id::{CandidateId, InterviewId};
use greenroom_protocol::interview::{Interview, InterviewStatus};
use greenroom_protocol::mail::{Mail, MailKind, MailState};
use greenroom_protocol::received::ReceivedMail;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::email_preview::Reads;
use crate::keys::{Command, Context, Places};
use crate::state::State;
use crate::state::pane::{Dispatch, Pane};
use crate::state::queries::Need;
use crate::state::subject::Hint;
use crate::theme;
use crate::widgets::listing::{self, Listed};
use crate::widgets::{Canvas, List, text, times};
use crate::wording;

/// Cells of the pane, and of its columns.
const WIDTH: u16 = 76;
const KIND: usize = 14;
const TO: usize = 20;

/// The mail of an interview or a candidate, and where a person is in it.
#[derive(Debug)]
pub(crate) struct Mails {
    pub(crate) about: About,
    pub(crate) list: List,
}

/// What the mail is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// An interview.
    Interview(InterviewId),
    /// A candidate: only what came in.
    Candidate(CandidateId),
}

impl Mails {
    pub(crate) fn new(about: About) -> Self {
        Self {
            about,
            list: List::default(),
        }
    }

    /// Everything in the list, from the top.
    pub(crate) fn all<'a>(&self, state: &'a State) -> Vec<Entry<'a>> {
        let id = match self.about {
            About::Interview(id) => id,
            About::Candidate(id) => return of_candidate(state, id).map(Entry::Received).collect(),
        };
        let waiting = state.cache.mail_waiting.get(&id);
        let past = state.cache.mail_past.get(&id);
        let pages = waiting.into_iter().chain(past);
        let emails: Vec<&Mail> = pages.flat_map(|page| &page.items).collect();
        let interview = state.cache.interview(id);
        let received = interview.map(|it| of_candidate(state, it.candidate.id));
        // What they write of their own accord may well be about this.
        let here = |mail: &&ReceivedMail| mail.interview.is_none_or(|it| it == id);
        let received = received.into_iter().flatten().filter(here);
        let invites = |mail: &&Mail| mail.kind == MailKind::Invitation;
        let preview = interview.filter(|it| is_planned(it) && !emails.iter().any(invites));
        let preview = preview.map(Entry::Preview);
        received
            .map(Entry::Received)
            .chain(preview)
            .chain(emails.into_iter().map(Entry::Email))
            .collect()
    }

    /// What is selected.
    pub(crate) fn selected<'a>(&self, state: &'a State) -> Option<Entry<'a>> {
        let mut all = self.all(state);
        let at = self.list.selected(all.len())?;
        Some(all.swap_remove(at))
    }

    /// The lines, and which one is marked.
    fn lines(&self, state: &State, cells: usize) -> Vec<Listed> {
        let mut lines = Vec::new();
        let mut say = |words: &str, style: Style| {
            let wrapped = text::wrap(words, cells).into_iter();
            lines.extend(wrapped.map(|line| (false, Line::styled(line, style))));
        };
        if wording::reaches_nobody(state)
            && let About::Interview(_) = self.about
            && let Some(status) = state.cache.status.latest()
        {
            say(&format!("⚠ {}", status.mail.note), theme::WAIT);
            say(" ", theme::PLAIN);
        }
        let (known, failure) = match self.about {
            About::Interview(id) => (
                state.cache.mail_waiting.get(&id).is_some(),
                state.cache.mail_waiting.failure(),
            ),
            About::Candidate(id) => (
                state.cache.received.get(&id).is_some(),
                state.cache.received.failure(),
            ),
        };
        if !known {
            say(failure.map_or("…", |error| &error.message), theme::DIM);
            return lines;
        }
        let all = self.all(state);
        if all.is_empty() {
            let words = match self.about {
                About::Interview(_) => "No emails yet.",
                About::Candidate(_) => "No emails from this candidate.",
            };
            say(words, theme::DIM);
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

impl Pane for Mails {
    fn places(&self, _: &State) -> Places {
        Places::over_screen(Context::Mail)
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        let cells = usize::from(WIDTH.min(area.width).saturating_sub(4));
        let title = match self.about {
            About::Interview(id) => {
                let interview = state.cache.interview(id);
                interview.map(|it| format!("Emails · {} · {}", it.candidate.name, it.stage_name))
            }
            About::Candidate(id) => {
                let candidate = state.cache.candidate.get(&id);
                candidate.map(|it| format!("Emails · {}", it.name))
            }
        };
        let title = title.as_deref().unwrap_or("Emails");
        listing::draw(canvas, area, WIDTH, title, self.lines(state, cells));
    }

    fn subscriptions(&self, state: &State) -> Vec<Need> {
        let id = match self.about {
            About::Candidate(id) => return vec![Need::Candidate(id), Need::Received(id)],
            About::Interview(id) => id,
        };
        let mut needs = vec![
            Need::Interview(id),
            Need::MailWaiting(id),
            Need::MailPast(id),
        ];
        let interview = state.cache.interview(id);
        needs.extend(interview.map(|it| Need::Received(it.candidate.id)));
        needs
    }

    fn dispatch(&self) -> Dispatch {
        |state, command| {
            if command == Command::Enter {
                return Some(super::read(state));
            }
            let len = state.panes.top_as::<Self>()?.all(state).len();
            let mails = state.panes.top_as_mut::<Self>()?;
            mails.list.go(command, len).then(Vec::new)
        }
    }

    fn disabled_reason(&self, state: &State, command: Command) -> Option<&'static str> {
        let none = command == Command::Enter && self.selected(state).is_none();
        none.then_some("no emails")
    }

    fn hint(&self, _: &State, command: Command) -> Option<Hint> {
        (command == Command::Enter).then_some(Hint::Words("read"))
    }

    /// Until when an email waits is shown to the second.
    fn counts_seconds(&self) -> bool {
        true
    }
}

/// A line of the list.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Entry<'a> {
    /// The invitation that is not written yet.
    Preview(&'a Interview),
    Email(&'a Mail),
    /// One that came in.
    Received(&'a ReceivedMail),
}

impl<'a> Entry<'a> {
    /// What is to be read.
    pub(crate) fn reads(self) -> Reads {
        match self {
            Self::Preview(interview) => Reads::Invitation(interview.id),
            Self::Email(mail) => Reads::Email(mail.id),
            Self::Received(mail) => Reads::Received(mail.id),
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Preview(_) => "invitation",
            Self::Email(mail) => kind(mail.kind),
            Self::Received(mail) if mail.automatic => "automatic",
            Self::Received(_) => "received",
        }
    }

    fn to(self) -> &'a str {
        match self {
            Self::Preview(interview) => &interview.candidate.name,
            Self::Email(mail) => mail.to.as_deref().unwrap_or(&mail.address),
            Self::Received(mail) => &mail.name,
        }
    }

    fn stands(self, state: &State) -> (String, Style) {
        match self {
            Self::Preview(interview) => {
                let when = match interview.status {
                    InterviewStatus::ToBeConfirmed => "once confirmed",
                    _ => "once its meeting is ready",
                };
                (format!("not written: {when}"), theme::DIM)
            }
            Self::Email(mail) => stands(mail, state),
            Self::Received(mail) => {
                let near = times::near(mail.at.timestamp(), &state.zone(), state.now);
                let style = match mail.unread {
                    true => theme::WAIT,
                    false => theme::DIM,
                };
                (format!("{near} {}", wording::received(mail)), style)
            }
        }
    }
}

/// What came in from a candidate, newest first.
fn of_candidate(state: &State, id: CandidateId) -> impl Iterator<Item = &ReceivedMail> {
    let page = state.cache.received.get(&id);
    page.into_iter().flat_map(|page| &page.items)
}

/// How far an email is, and why it is not further.
pub(crate) fn stands(mail: &Mail, state: &State) -> (String, Style) {
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
                soon @ 0..60 => (format!("… going out in {soon} s"), theme::WAIT),
                _ => (format!("… leaves {}", near(mail.not_before)), theme::PLAIN),
            }
        }
        MailState::Waiting => {
            let again = mail.next_try.filter(|_| mail.attempts > 0);
            let again = again.map(|next| format!(", next try {}", near(next)));
            (
                format!("… waits{why}{}", again.unwrap_or_default()),
                theme::WAIT,
            )
        }
        MailState::Sending => (format!("… sending{why}"), theme::WAIT),
        MailState::Held => (format!("⚠ held{why}"), theme::WAIT),
        MailState::Sent => (format!("✓ sent {at}"), theme::GOOD),
        MailState::Failed => (format!("✗ refused {at}{why}"), theme::BAD),
        MailState::Withdrawn => (format!("× cancelled {at}{why}"), theme::DIM),
    }
}

pub(crate) fn kind(kind: MailKind) -> &'static str {
    match kind {
        MailKind::NoReplyReminder => "reply reminder",
        MailKind::ReplyNotice => "reply notice",
        MailKind::UrgentNotice => "urgent notice",
        MailKind::WaitingNotice => "waiting notice",
        MailKind::BookingQuestion => "booked time?",
        MailKind::Invitation => "invitation",
        MailKind::Cancellation => "cancellation",
        MailKind::Reminder => "reminder",
        MailKind::ConnectionNotice => "Zoom notice",
        MailKind::ApprovalRequest => "request",
        MailKind::ProblemNotice => "problem",
        MailKind::ApprovalReply => "admin's reply",
        MailKind::ApprovalTry => "try again",
        MailKind::ApprovalGiven => "approved",
        MailKind::Rejected => "rejected",
        MailKind::Withdrawn => "withdrawn",
        MailKind::OnHold => "on hold",
        MailKind::Message => "message",
        MailKind::RetentionNotice => "retention",
        MailKind::Proposal => "times to choose",
        MailKind::ProposalWithdrawn => "times withdrawn",
        MailKind::ProposalQuestion => "which time",
        MailKind::ProposalReminder => "reminder",
        MailKind::AppSteps => "app steps",
    }
}

fn is_planned(interview: &Interview) -> bool {
    matches!(
        interview.status,
        InterviewStatus::ToBeConfirmed | InterviewStatus::Confirmed
    )
}
