//! Asking a Zoom admin to approve the app: whom, the request as they will read it, and how it leaves
//! this terminal.
//!
//! The words are the daemon's; here they are shown, copied or saved. Nothing is kept there before the
//! form is sent.

use std::path::PathBuf;

use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::zoom::{ApprovalAsk, ApprovalRequest};
use ratatui::layout::Rect;

use super::fill::{address, at_home, line, maybe, needed};
use super::{Extra, Form, FormKey, Name};
use crate::app::State;
use crate::keys::Command;
use crate::layers::form::{Entry, Field, Sheet};
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

/// How a request leaves this terminal.
pub(crate) enum Delivery {
    Copy(String),
    Save(PathBuf, String),
}

pub(super) fn form(state: &State, key: FormKey) -> Form {
    let workspaces = state.mirror.workspaces.latest().into_iter().flatten();
    let admin = workspaces
        .filter(|workspace| workspace.current)
        .find_map(|workspace| workspace.zoom_admin.as_deref());
    let ways = Choice::new(&["copy it", "save it to a file"], 0);
    let sheet = Sheet::new(vec![
        line(Name::Admin, "Zoom admin", admin.unwrap_or_default())
            .hint("who approves apps for your Zoom; the workspace remembers it"),
        Field::new(Name::Way, "The request", Entry::Choice(ways)),
        line(Name::File, "File", "zoom-approval.txt"),
    ]);
    let mut form = Form::new(key, "Ask your Zoom admin", "Copy and ask", sheet);
    form.extra = Extra::Letter(Box::default());
    form
}

pub(super) fn refresh(form: &mut Form) {
    let saves = form.sheet.choice(Name::Way) == 1;
    form.sheet.show(Name::File, saves);
    form.button = if saves {
        "Save and ask"
    } else {
        "Copy and ask"
    };
}

pub(super) fn request(form: &mut Form) -> Option<Q> {
    let admin = address(&mut form.sheet, Name::Admin);
    if form.sheet.choice(Name::Way) == 1 {
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
    pub(super) fn spoil(&mut self) {
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

    pub(super) fn height(&self) -> u16 {
        SHOWN + 2
    }

    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
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

/// What is to be done with a request that is kept now, as the form says.
pub(crate) fn delivery(form: &Form, request: &ApprovalRequest) -> Delivery {
    let whole = format!("{}\n\n{}\n", request.subject, request.text);
    match form.sheet.choice(Name::Way) {
        0 => Delivery::Copy(whole),
        _ => Delivery::Save(at_home(form.sheet.text(Name::File)), whole),
    }
}
