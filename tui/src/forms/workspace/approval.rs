//! Asking a Zoom admin to approve the app: whom, the request as they will read it, and how it
//! reaches them.
//!
//! The words are the daemon's, and where it sends email, it emails them; where it does not, the
//! person copies or saves them and sends them. The form says which of the two it is before anything
//! is asked, and the daemon's answer decides what is said afterwards. Nothing is stored there
//! before the form is sent.

use std::path::PathBuf;

use greenroom_protocol::Error;
use greenroom_protocol::account::{AccountApprovalAsk, AccountProvider};
use greenroom_protocol::id::MailId;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::zoom::ApprovalAsk;
use ratatui::layout::Rect;

use super::letter::Letter;
use crate::forms::fill::{address, line, maybe, needed};
use crate::forms::sheet::{Entry, Field, Sheet};
use crate::forms::{Answered, Ask, FormType, Frame, Send, unexpected};
use crate::keys::Command;
use crate::state::State;
use crate::typed::path::at_home;
use crate::widgets::{Canvas, Choice};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    Admin,
    /// How the person sends it, where the daemon emails nothing.
    Way,
    /// What else is done with it, where the daemon emails it.
    Also,
    File,
}

/// What this side does with a request that the daemon has stored, and what is said of it.
#[derive(Debug)]
pub(crate) enum Delivery {
    /// The daemon emails it, which is all.
    Emailed {
        said: String,
    },
    Copy {
        said: String,
        text: String,
    },
    Save {
        said: String,
        path: PathBuf,
        text: String,
    },
}

/// The request as the admin will read it.
#[derive(Debug, Default)]
pub(crate) struct Approval {
    asked: bool,
    letter: Letter,
}

impl FormType for Approval {
    type Name = Name;

    const DOING: &'static str = "asking for approval";

    fn open(state: &State, subject: &str) -> Frame<Self> {
        let workspaces = state.cache.workspaces.latest().into_iter().flatten();
        let mut current = workspaces.filter(|workspace| workspace.current);
        let provider = provider_of(subject);
        let name = whose_approval(subject);
        let admin = current.find_map(|workspace| match provider {
            Some(_) => workspace.account_admin.as_deref(),
            None => workspace.zoom_admin.as_deref(),
        });
        let ways = Choice::new(&["copy it", "save it to a file"], 0);
        let also = Choice::new(&["no", "copy it", "save it to a file"], 0);
        let label = match provider {
            Some(AccountProvider::Google) => "Google admin",
            Some(AccountProvider::Microsoft) => "Admin",
            None => "Zoom admin",
        };
        let hint = format!("{name} admin's email, used for approval requests");
        let admin = line(label, admin.unwrap_or_default()).hint(&hint);
        let way = Field::new("The request", Entry::Choice(ways)).hint(&format!(
            "Email isn't set up: send it to your {name} admin yourself"
        ));
        let also = Field::new("Keep a copy", Entry::Choice(also)).hint(&format!(
            "Greenroom emails the request to your {name} admin"
        ));
        let word = provider.map_or("zoom", AccountProvider::word);
        let file = format!("{word}-approval.txt");
        let sheet = Sheet::new(vec![
            (Name::Admin, admin),
            (Name::Way, way),
            (Name::Also, also),
            (Name::File, line("File", &file)),
        ]);
        let title = format!("Ask your {name} admin");
        Frame::new(subject, title, "Send request", sheet, Self::default())
    }

    fn refresh(form: &mut Frame<Self>, state: &State) {
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

    fn name(of_request: &str) -> Option<Name> {
        Some(match of_request {
            "admin" | "zoom_admin" => Name::Admin,
            "file" => Name::File,
            _ => return None,
        })
    }

    fn send(form: &mut Frame<Self>, _state: &State) -> Option<Send> {
        let admin = address(&mut form.sheet, Name::Admin);
        if saves(&form.sheet) {
            needed(&mut form.sheet, Name::File, "Enter a file name")?;
        }
        let request = request(&form.subject, Some(admin?), false);
        Some(Send::Call(Box::new(request)))
    }

    fn answered(form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let request = read(reply)?;
        let mail = request.mail;
        Ok(Answered::Asked(delivery(form, &request), mail))
    }

    fn asks(form: &mut Frame<Self>, _state: &State) -> Vec<(Ask, Q)> {
        if std::mem::replace(&mut form.own.asked, true) {
            return Vec::new();
        }
        vec![(Ask::Request, request(&form.subject, None, true))]
    }

    fn told(form: &mut Frame<Self>, _ask: Ask, reply: Result<R, Error>) {
        match reply.and_then(read) {
            Ok(request) => form.own.letter.set(&request.subject, &request.text),
            Err(error) => form.failure = Some(error),
        }
    }

    /// Who asks, or for which app, may be another now.
    fn invalidate(&mut self) {
        self.asked = false;
    }

    fn scroll(&mut self, command: Command) -> bool {
        self.letter.scroll(command)
    }

    fn rows_below(&self, _cells: usize) -> u16 {
        Letter::rows()
    }

    fn draw_below(form: &Frame<Self>, _state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        form.own.letter.draw("The admin", canvas, area);
    }
}

/// A request to an admin, at whichever provider.
struct Request {
    admin: Option<String>,
    subject: String,
    text: String,
    sent: bool,
    /// The email, which can be undone until it leaves.
    mail: Option<MailId>,
}

/// The call for what the form is about: a member's Zoom, or an account at Google or Microsoft.
fn request(subject: &str, admin: Option<String>, dry_run: bool) -> Q {
    let Some(provider) = provider_of(subject) else {
        let ask = ApprovalAsk {
            member: maybe(subject),
            admin,
            dry_run,
        };
        return Q::ZoomRequestApproval { ask };
    };
    let ask = AccountApprovalAsk {
        provider,
        member: None,
        for_workspace: subject.ends_with(OF_WORKSPACE),
        admin,
        dry_run,
    };
    Q::AccountRequestApproval { ask }
}

/// Google or Microsoft, where the form is about an account there.
fn provider_of(subject: &str) -> Option<AccountProvider> {
    let mut providers = AccountProvider::ALL.into_iter();
    providers.find(|it| subject.split('/').next() == Some(it.word()))
}

/// Where the app is that the form of this subject asks for.
pub(crate) fn whose_approval(subject: &str) -> &'static str {
    provider_of(subject).map_or("Zoom", AccountProvider::name)
}

/// What follows the provider's word in the subject of the workspace's own account.
pub(crate) const OF_WORKSPACE: &str = "/workspace";

fn read(reply: R) -> Result<Request, Error> {
    match reply {
        R::ZoomRequestApproval(request) => request.map(|it| Request {
            admin: it.admin,
            subject: it.subject,
            text: it.text,
            sent: it.sent,
            mail: it.mail,
        }),
        R::AccountRequestApproval(request) => request.map(|it| Request {
            admin: it.admin,
            subject: it.subject,
            text: it.text,
            sent: it.sent,
            mail: it.mail,
        }),
        _ => Err(unexpected()),
    }
}

/// Whether the daemon sends email, and so the request too.
pub(super) fn emails(state: &State) -> bool {
    let status = state.cache.status.latest();
    status.is_some_and(|status| status.mail.delivers || status.mail.transport == "sandbox")
}

/// Whether a file is to be written.
fn saves(sheet: &Sheet<Name>) -> bool {
    match sheet.is_shown(Name::Also) {
        true => sheet.choice(Name::Also) == 2,
        false => sheet.choice(Name::Way) == 1,
    }
}

/// What is to be done with a request that is stored now: as the form says, but a request that was
/// not emailed is never lost.
fn delivery(form: &Frame<Approval>, request: &Request) -> Delivery {
    let admin = request.admin.as_deref().unwrap_or("your admin");
    let text = format!("{}\n\n{}\n", request.subject, request.text);
    let emailed = format!("Request emailed to {admin}");
    if saves(&form.sheet) {
        let file = form.sheet.text(Name::File);
        let said = match request.sent {
            true => format!("{emailed} · copy saved to {file}"),
            false => format!("Request to {admin} saved to {file}"),
        };
        let path = at_home(file);
        return Delivery::Save { said, path, text };
    }
    match (request.sent, form.sheet.choice(Name::Also)) {
        (true, 0) => Delivery::Emailed { said: emailed },
        (true, _) => {
            let said = format!("{emailed} · copy");
            Delivery::Copy { said, text }
        }
        (false, _) => {
            let said = format!("Request to {admin}");
            Delivery::Copy { said, text }
        }
    }
}
