//! RequestContext a Zoom admin to approve the app: whom, the request as they will read it, and how
//! it reaches them.
//!
//! The words are the daemon's, and where it sends email, it emails them; where it does not, the
//! person copies or saves them and sends them. The form says which of the two it is before anything
//! is asked, and the daemon's answer decides what is said afterwards. Nothing is stored there
//! before the form is sent.

use std::path::PathBuf;

use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::zoom::{ApprovalAsk, ApprovalRequest};
use ratatui::layout::Rect;

use super::super::fill::{address, at_home, line, maybe, needed};
use super::super::{Extra, Form, FormKey, Name};
use crate::forms::sheet::{Entry, Field, Sheet};
use crate::keys::Command;
use crate::state::State;
use crate::theme;
use crate::widgets::{Canvas, Choice, below, row, rows, text};

/// The rows it is shown in, where there is room.
const SHOWN: u16 = 9;

/// Lines a page key scrolls, and the most that are shown.
const STEP: usize = 7;
const MOST_LINES: usize = 200;

/// The request as the admin will read it.
#[derive(Debug, Default)]
pub(crate) struct Letter {
    asked: bool,
    request: Option<ApprovalRequest>,
    /// The first line that is shown, as far as there are as many.
    from: usize,
}

/// What this side does with a request that the daemon has stored.
pub(crate) enum Delivery {
    /// The daemon emails it, which is all.
    Emailed,
    Copy(String),
    Save(PathBuf, String),
}

pub(in super::super) fn form(state: &State, key: FormKey) -> Form {
    let workspaces = state.mirror.workspaces.latest().into_iter().flatten();
    let admin = workspaces
        .filter(|workspace| workspace.current)
        .find_map(|workspace| workspace.zoom_admin.as_deref());
    let ways = Choice::new(&["copy it", "save it to a file"], 0);
    let also = Choice::new(&["no", "copy it", "save it to a file"], 0);
    let sheet = Sheet::new(vec![
        line(Name::Admin, "Zoom admin", admin.unwrap_or_default())
            .hint("Zoom admin's email, used for approval requests"),
        Field::new(Name::Way, "The request", Entry::Choice(ways))
            .hint("Email isn't set up: send it to your Zoom admin yourself"),
        Field::new(Name::Also, "Keep a copy", Entry::Choice(also))
            .hint("Greenroom emails the request to your Zoom admin"),
        line(Name::File, "File", "zoom-approval.txt"),
    ]);
    let mut form = Form::new(key, "Ask your Zoom admin", "Send request", sheet);
    form.extra = Extra::Letter(Box::default());
    refresh(&mut form, state);
    form
}

pub(in super::super) fn refresh(form: &mut Form, state: &State) {
    let emails = emails(state);
    let sheet = &mut form.sheet;
    sheet.show(Name::Way, !emails);
    sheet.show(Name::Also, emails);
    let saves = saves(sheet);
    sheet.show(Name::File, saves);
    form.button = match (emails, saves) {
        (true, _) => "Send request",
        (false, true) => "Save request",
        (false, false) => "Copy request",
    };
}

/// Whether the daemon sends email, and so the request too.
fn emails(state: &State) -> bool {
    let status = state.mirror.status.latest();
    status.is_some_and(|status| status.mail.delivers || status.mail.transport == "sandbox")
}

/// Whether a file is to be written.
fn saves(sheet: &Sheet<Name>) -> bool {
    let is_shown = |name: Name| sheet.field(name).is_some_and(|field| field.shown);
    match is_shown(Name::Also) {
        true => sheet.choice(Name::Also) == 2,
        false => sheet.choice(Name::Way) == 1,
    }
}

pub(in super::super) fn request(form: &mut Form) -> Option<Q> {
    let admin = address(&mut form.sheet, Name::Admin);
    if saves(&form.sheet) {
        needed(&mut form.sheet, Name::File, "where to?")?;
    }
    Some(Q::ZoomRequestApproval {
        ask: ApprovalAsk {
            member: maybe(&form.key.subject),
            admin: Some(admin?),
            dry_run: false,
        },
    })
}

impl Letter {
    /// The dry run that brings the words, asked for once.
    pub(crate) fn to_read(form: &mut Form) -> Option<Q> {
        let member = maybe(&form.key.subject);
        let Extra::Letter(letter) = &mut form.extra else {
            return None;
        };
        if std::mem::replace(&mut letter.asked, true) {
            return None;
        }
        Some(Q::ZoomRequestApproval {
            ask: ApprovalAsk {
                member,
                admin: None,
                dry_run: true,
            },
        })
    }

    /// Who asks, or for which app, may be another now.
    pub(in super::super) fn spoil(&mut self) {
        self.asked = false;
    }

    pub(crate) fn take(&mut self, request: ApprovalRequest) {
        self.request = Some(request);
    }

    /// Scrolls; false when the command does not.
    pub(crate) fn go(&mut self, command: Command) -> bool {
        self.from = match command {
            Command::PageUp => self.from.saturating_sub(STEP),
            Command::PageDown => (self.from + STEP).min(MOST_LINES),
            _ => return false,
        };
        true
    }

    fn lines(&self, cells: usize) -> Vec<String> {
        let Some(request) = &self.request else {
            return Vec::new();
        };
        let whole = request
            .subject
            .lines()
            .chain([""])
            .chain(request.text.lines());
        // A line that fits keeps its columns.
        let lines = whole.flat_map(|line| match text::width(line) <= cells {
            true => vec![text::clean(line)],
            false => text::wrap(line, cells),
        });
        lines.take(MOST_LINES).collect()
    }

    pub(in super::super) fn height(&self) -> u16 {
        SHOWN + 2
    }

    pub(in super::super) fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if area.height < 3 {
            return;
        }
        let words = "The admin will read: ";
        canvas.rule(row(area, 0));
        canvas.text(row(area, 0), words, theme::DIM);
        let lines = self.lines(usize::from(area.width));
        let body = below(area, 1);
        let last = lines.len().saturating_sub(usize::from(body.height));
        let from = self.from.min(last);
        let more = match (from > 0, from < last) {
            (false, true) => " pagedown: more",
            (true, true) => " pageup, pagedown: more",
            (true, false) => " pageup: back",
            (false, false) => "",
        };
        canvas.text_right(row(area, 0), more, theme::DIM);
        for (line, words) in rows(body).zip(lines.iter().skip(from)) {
            canvas.text(line, words, theme::PLAIN);
        }
    }
}

/// What is to be done with a request that is stored now: as the form says, but a request that was
/// not emailed is never lost.
pub(crate) fn delivery(form: &Form, request: &ApprovalRequest) -> Delivery {
    let whole = format!("{}\n\n{}\n", request.subject, request.text);
    if saves(&form.sheet) {
        return Delivery::Save(at_home(form.sheet.text(Name::File)), whole);
    }
    match request.sent && form.sheet.choice(Name::Also) == 0 {
        true => Delivery::Emailed,
        false => Delivery::Copy(whole),
    }
}

/// How a request was emailed, in a line.
pub(crate) fn emailed(request: &ApprovalRequest) -> String {
    format!("the request is emailed to {}", admin(request))
}

/// What a copy of a request is a copy of.
pub(crate) fn copy_of(request: &ApprovalRequest) -> String {
    match request.sent {
        true => format!("{} · a copy", emailed(request)),
        false => format!("the request to {}", admin(request)),
    }
}

fn admin(request: &ApprovalRequest) -> &str {
    request.admin.as_deref().unwrap_or("your Zoom admin")
}
