//! One outreach, to be read whole: the times, what was sent, what came in.
//!
//! What came in is other people's text: it is drawn as text, and none of it speaks to the terminal.
//! An email that is shown here counts as read.

use greenroom_protocol::Error;
use greenroom_protocol::id::{CandidateId, OutreachId, TurnId};
use greenroom_protocol::outreach::{Outreach, SlotState};
use greenroom_protocol::received::{Received, ReceivedMail};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{PICKS, picking};
use crate::keys::{Context, Places};
use crate::state::event::Action;
use crate::state::pane::{Dispatch, Pane};
use crate::state::queries::Need;
use crate::state::selected::{Standing, standing};
use crate::state::work::{Errand, answer};
use crate::state::{Screen, State};
use crate::theme;
use crate::widgets::{Canvas, Scroll, below, row, rows, text, times};
use crate::wording;
use crate::wording::outreach::LETTERS;

/// Cells of the pane, in which a line of an email fits, and of what became of a time.
const WIDTH: u16 = 84;
const BECAME: usize = 9;

/// An outreach that is read.
#[derive(Debug)]
pub(super) struct Thread {
    id: OutreachId,
    candidate: Option<CandidateId>,
    scroll: Scroll,
    /// The emails that the daemon knows to be read, or will.
    told: Vec<TurnId>,
}

impl Thread {
    pub(super) fn new(id: OutreachId, candidate: Option<CandidateId>) -> Self {
        Self {
            id,
            candidate,
            scroll: Scroll::default(),
            told: Vec::new(),
        }
    }

    /// The outreach, as far as it is known.
    pub(super) fn outreach<'a>(&self, state: &'a State) -> Option<&'a Outreach> {
        known(state, self.id)
    }
}

/// An outreach, as it is newest here.
fn known(state: &State, id: OutreachId) -> Option<&Outreach> {
    let thread = state.cache.thread.get(&id).map(|it| &it.outreach);
    let listed = state.cache.outreaches.latest();
    let listed = || listed?.items.iter().find(|it| it.id == id);
    thread.or_else(listed)
}

/// What must be known to show one.
pub(super) fn needs(id: OutreachId, outreach: Option<&Outreach>) -> Vec<Need> {
    let mut needs = vec![Need::Thread(id)];
    let email = outreach.and_then(|it| it.email);
    needs.extend(email.map(Need::Preview));
    needs
}

impl Pane for Thread {
    fn places(&self, _: &State) -> Places {
        Places::over_screen(Context::Outreach)
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        let cells = usize::from(WIDTH.min(area.width).saturating_sub(4));
        let lines = lines(state, self.id, cells);
        let height = u16::try_from(lines.len()).unwrap_or(u16::MAX);
        let outreach = self.outreach(state);
        let title = outreach.map_or_else(|| "Proposed times".to_owned(), title);
        let inside = canvas.float(area, WIDTH, height.saturating_add(4), &title);
        let last = row(inside, inside.height.saturating_sub(1));
        let body = Rect {
            height: inside.height.saturating_sub(1),
            ..inside
        };
        let body = below(body, u16::from(body.height > height));
        let visible = self.scroll.visible(lines.len(), body.height);
        for (place, line) in rows(body).zip(lines.into_iter().skip(visible.start)) {
            canvas.line(place, line);
        }
        let rest = self.scroll.rest();
        let gap = if rest.is_empty() { "" } else { "   " };
        canvas.text_right(last, &format!("{rest}{gap}Esc close"), theme::DIM);
    }

    fn subscriptions(&self, state: &State) -> Vec<Need> {
        let outreach = self.outreach(state);
        let mut needs = needs(self.id, outreach);
        needs.extend(outreach.map(|it| Need::Candidate(it.candidate.id)));
        needs
    }

    fn dispatch(&self) -> Dispatch {
        |state, command| {
            let thread = state.panes.top_as_mut::<Self>()?;
            thread.scroll.go(command).then(Vec::new)
        }
    }

    fn candidate(&self) -> Option<CandidateId> {
        self.candidate
    }
}

/// `Priya Nair · Onsite, Backend Engineer`
pub(super) fn title(outreach: &Outreach) -> String {
    format!(
        "{} · {}, {}",
        outreach.candidate.name, outreach.stage_name, outreach.job_title
    )
}

/// Everything there is to read of one, in so many cells.
pub(super) fn lines(state: &State, id: OutreachId, cells: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let Some(outreach) = known(state, id) else {
        let failure = state.cache.thread.failure();
        let words = failure.map_or("…", |error| &error.message);
        say(&mut lines, words, theme::DIM, cells);
        return lines;
    };
    stands(&mut lines, outreach, state, cells);
    lines.push(Line::default());
    slots(&mut lines, outreach, state, cells);
    // The newest first: what they answered is what somebody came to read.
    let thread = state.cache.thread.get(&id);
    let received = thread.into_iter().flat_map(|it| &it.received);
    for email in received.rev() {
        came(&mut lines, email, state, cells);
    }
    sent(&mut lines, outreach, state, cells);
    lines
}

fn say(lines: &mut Vec<Line<'static>>, words: &str, style: Style, cells: usize) {
    let wrapped = text::wrap(words, cells).into_iter();
    lines.extend(wrapped.map(|line| Line::styled(line, style)));
}

/// How it stands, and until when the times are held.
fn stands(lines: &mut Vec<Line<'static>>, outreach: &Outreach, state: &State, cells: usize) {
    let words = match standing(outreach) {
        Standing::Done => sentence(&outreach.message),
        _ => {
            let first = wording::first(&outreach.candidate.name);
            format!("{first} {}", outreach.message)
        }
    };
    let style = super::draw::tone(outreach);
    say(lines, &text::clean(&words), style, cells);
    let moment = |at: Instant| times::moment(at.timestamp(), &state.zone(), state.now);
    let mut about = Vec::new();
    about.extend(
        outreach
            .until
            .map(|until| format!("held until {}", moment(until))),
    );
    about.push(wording::meeting_type(outreach.kind).to_owned());
    about.push(format!("invited by {}", outreach.organizer.name));
    say(lines, &text::clean(&about.join(" · ")), theme::DIM, cells);
    if let Some(would) = outreach.would {
        let would = wording::outreach::would(would);
        let words = format!("The assistant only watches: it would have {would}.");
        say(lines, &words, theme::PLAIN, cells);
    }
}

/// Words that begin a sentence.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|it| it.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// The times, each with the letter that chooses it where it can be chosen.
fn slots(lines: &mut Vec<Line<'static>>, outreach: &Outreach, state: &State, cells: usize) {
    for (at, slot) in outreach.slots.iter().enumerate() {
        let possible = picking::cannot(state, outreach, at).is_none();
        let letter = LETTERS.get(at).filter(|_| possible && at < PICKS.len());
        let words = wording::outreach::slot(outreach, slot, state);
        let (became, style) = wording::outreach::became(slot.state);
        let names = slot.interviewers.iter().map(|it| wording::first(&it.name));
        let names = names.collect::<Vec<_>>().join(", ");
        let plain = match slot.state {
            SlotState::Held | SlotState::Booked => theme::PLAIN,
            _ => theme::DIM,
        };
        let key = letter.map_or_else(|| "  ".to_owned(), |letter| format!("{letter} "));
        let room = cells.saturating_sub(5 + BECAME);
        let told = format!("{words}  {}", text::clean(&names));
        let told = match text::width(&told) <= room {
            true => told,
            false => words,
        };
        lines.push(Line::from(vec![
            Span::styled(key, theme::KEY),
            Span::styled(format!("{}  ", slot.n), theme::DIM),
            Span::styled(text::left(became, BECAME), style),
            Span::styled(text::fit(&told, room), plain),
        ]));
    }
}

/// The email with the times.
fn sent(lines: &mut Vec<Line<'static>>, outreach: &Outreach, state: &State, cells: usize) {
    let near = |at: Instant| times::near(at.timestamp(), &state.zone(), state.now);
    let (sign, when) = match (outreach.sent_at, outreach.not_before) {
        (Some(at), _) => ("→", format!("sent {}", near(at))),
        (None, Some(at)) if at.timestamp() > state.now => {
            let seconds = at.second() - state.now.as_second();
            ("…", format!("goes out in {seconds} s"))
        }
        (None, Some(_)) => ("…", "about to go out".to_owned()),
        (None, None) => return drafted(lines, outreach, state, cells),
    };
    lines.push(Line::default());
    let heading = format!("{sign} Email to {}, {when}", outreach.candidate.name);
    say(lines, &text::clean(&heading), theme::STRONG, cells);
    let preview = outreach.email.and_then(|id| state.cache.preview.get(&id));
    if let Some(letter) = preview.and_then(|it| it.letter.as_ref()) {
        let subject = format!("Subject: {}", letter.subject);
        say(lines, &text::clean(&subject), theme::PLAIN, cells);
        let words = text::wrap_columns(&letter.text, cells);
        lines.extend(words.into_iter().map(Line::from));
    }
}

/// The email that somebody is to approve, as it would leave now.
fn drafted(lines: &mut Vec<Line<'static>>, outreach: &Outreach, state: &State, cells: usize) {
    let thread = state.cache.thread.get(&outreach.id);
    let Some(letter) = thread.and_then(|it| it.letter.as_ref()) else {
        return;
    };
    lines.push(Line::default());
    let heading = format!("… Email to {}, to approve", outreach.candidate.name);
    say(lines, &text::clean(&heading), theme::STRONG, cells);
    let subject = format!("Subject: {}", letter.subject);
    say(lines, &text::clean(&subject), theme::PLAIN, cells);
    let words = text::wrap_columns(&letter.text, cells);
    lines.extend(words.into_iter().map(Line::from));
}

/// An email that came in: what is new first, what it repeats below, dim.
fn came(lines: &mut Vec<Line<'static>>, email: &Received, state: &State, cells: usize) {
    let mail = &email.mail;
    let near = times::near(mail.at.timestamp(), &state.zone(), state.now);
    let how = match mail.automatic {
        true => ", automatic",
        false => "",
    };
    lines.push(Line::default());
    let heading = format!("← {} <{}>, {near}{how}", mail.name, mail.from);
    say(lines, &text::clean(&heading), heading_style(mail), cells);
    let subject = format!("Subject: {}", mail.subject);
    say(lines, &text::clean(&subject), theme::DIM, cells);
    let new = text::wrap_columns(&email.text, cells);
    lines.extend(new.into_iter().map(Line::from));
    if let Some(made) = &email.understood {
        let read = format!(
            "The assistant read: {}",
            wording::outreach::understood(made)
        );
        say(lines, &text::clean(&read), theme::DIM, cells);
    }
    if email.cut {
        let words = "The email continues in the mailbox.";
        say(lines, words, theme::DIM, cells);
    }
    if let Some(quoted) = &email.quoted {
        let quoted = text::wrap_columns(quoted, cells).into_iter();
        lines.extend(quoted.map(|line| Line::styled(line, theme::DIM)));
    }
}

fn heading_style(mail: &ReceivedMail) -> Style {
    match mail.unread {
        true => theme::WAIT.patch(theme::STRONG),
        false => theme::STRONG,
    }
}

/// Tells the daemon that the emails of the outreach that is read are read; each once.
pub(super) fn mark_read(state: &mut State) -> Vec<Action> {
    if !state.link.is_up() {
        return Vec::new();
    }
    let Some(open) = state.panes.top_as::<Thread>() else {
        return Vec::new();
    };
    let thread = state.cache.thread.get(&open.id);
    let mails = thread.into_iter().flat_map(|it| &it.received);
    let unread = mails.map(|it| &it.mail).filter(|it| it.unread);
    let new: Vec<_> = unread
        .map(|it| it.id)
        .filter(|id| !open.told.contains(id))
        .collect();
    if let Some(open) = state.panes.top_as_mut::<Thread>() {
        open.told.extend(&new);
    }
    let mut told = Vec::new();
    for id in new {
        let mail = Reference::to(id.to_string());
        let errand = Errand::call("read-outreach", marked).changes();
        told.push(state.call(errand, Q::MailReceivedRead { mail }));
    }
    told
}

/// Where the daemon cannot say so, it only goes on counting as unread.
fn marked(state: &mut State, reply: Result<R, Error>) -> Vec<Action> {
    if answer!(reply, MailReceivedRead).is_ok() {
        state.cache.invalidate("received");
    }
    Vec::new()
}

/// Whether the screen shows this one beside the list.
pub(super) fn is_beside(state: &State) -> bool {
    state.screen == Screen::Assistant && state.is_wide()
}
