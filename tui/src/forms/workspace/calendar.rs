//! A calendar that says when a member is busy elsewhere: at an address, at a CalDAV server, or from
//! a file that is read on this side.
//!
//! Owns the order of its calls: a large file goes to the daemon in parts, and then the calendar is
//! kept. Only times are kept of it, and nothing before the last call. An address is a secret, as a
//! password is: it is typed as dots, and the daemon never says it again.

use greenroom_protocol::Error;
use greenroom_protocol::calendar::{
    CalendarAccount, CalendarFile, CalendarUpload, Feed, FeedAdd, FeedKind,
};
use greenroom_protocol::id::MemberId;
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};

use crate::forms::fill::{line, needed};
use crate::forms::sheet::{Entry, Field, Note, Sheet};
use crate::forms::{Answered, FormType, Frame, Send, unexpected};
use crate::state::State;
use crate::typed::path::at_home;
use crate::widgets::{Choice, SecretInput, text};
use crate::wording::calendar::entries;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    From,
    Address,
    Server,
    User,
    Password,
    File,
    Title,
}

/// Where it is read from: again and again, or once.
const FROM: &[&str] = &["web address", "CalDAV account", "file"];

/// The same, in this order.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Source {
    Address,
    Account,
    File,
}

/// Whose, and the file on its way.
#[derive(Debug, Default)]
pub(crate) struct Calendar {
    member: String,
    /// It takes the place of the one of this name.
    replaces: Option<String>,
    file: Option<Loaded>,
}

/// A file that was read.
#[derive(Debug)]
struct Loaded {
    /// As it was typed.
    path: String,
    /// What has not been sent, in order; all that goes before the last is uploaded.
    rest: Vec<String>,
    /// The upload so far.
    upload: Option<String>,
}

/// What the form is about: the member, and the calendar it takes the place of.
pub(crate) fn subject(member: MemberId, replaces: Option<&Feed>) -> String {
    let feed = replaces.map(|feed| feed.id.to_string());
    format!("{member}/{}", feed.unwrap_or_default())
}

impl Loaded {
    fn of(path: &str, mut parts: Vec<String>) -> Self {
        parts.reverse();
        Self {
            path: path.to_owned(),
            rest: parts,
            upload: None,
        }
    }

    /// What is sent next: a part, or with the last one the calendar itself.
    fn next(&mut self, add: FeedAdd) -> Q {
        let whole = self.upload.is_none() && self.rest.len() == 1;
        let text = self.rest.pop();
        if let Some(text) = text.as_ref().filter(|_| !whole) {
            let part = CalendarUpload {
                upload: self.upload.clone(),
                text: text.clone(),
            };
            return Q::CalendarUpload { part };
        }
        let upload = self.upload.take();
        let file = CalendarFile { text, upload };
        Q::FeedAdd {
            feed: FeedAdd { file, ..add },
        }
    }
}

impl FormType for Calendar {
    type Name = Name;

    const DOING: &'static str = "reading the calendar";

    fn open(state: &State, subject: &str) -> Frame<Self> {
        let (member, feed) = subject.split_once('/').unwrap_or((subject, ""));
        let id: Option<MemberId> = member.parse().ok();
        let known = id.and_then(|id| state.cache.feeds.get(&id));
        let mut known = known.into_iter().flatten();
        let feed = known.find(|it| it.id.to_string() == feed);
        let source = match feed.map(|feed| feed.kind) {
            Some(FeedKind::File) => Source::File,
            Some(FeedKind::CalDav) => Source::Account,
            _ => Source::Address,
        };
        let is_file = source == Source::File;
        let replaces = feed.map(|feed| feed.name.clone());
        let whose = id.and_then(|id| state.cache.member(id));
        let title = match (&replaces, whose) {
            (Some(name), _) if is_file => format!("Read {} again", text::clean(name)),
            (Some(name), _) if source == Source::Account => {
                format!("Account of {}", text::clean(name))
            }
            (Some(name), _) => format!("Address of {}", text::clean(name)),
            (None, Some(whose)) if !whose.you => {
                format!("Add a calendar of {}", text::clean(&whose.name))
            }
            _ => "Add a calendar".to_owned(),
        };
        let file = "An .ics file, as calendar programs export it. Only times are kept, no titles";
        let secret = Field::new("Address", Entry::Secret(SecretInput::default()));
        let address = "The calendar's secret address (https or webcal), read every 15 minutes. It is not shown again";
        let server = "Such as caldav.example.com, or the address of one calendar there";
        let password = Field::new("Password", Entry::Secret(SecretInput::default()));
        let for_apps =
            "Where the system has passwords for apps, one of those. It is not shown again";
        let from = Choice::new(FROM, source as usize);
        let called = replaces.as_deref().unwrap_or_default();
        let mut sheet = Sheet::new(vec![
            (Name::From, Field::new("From", Entry::Choice(from))),
            (Name::Address, secret.hint(address)),
            (Name::Server, line("Server", "").hint(server)),
            (Name::User, line("User", "")),
            (Name::Password, password.hint(for_apps)),
            (Name::File, line("File", "").hint(file)),
            (Name::Title, line("Name", called)),
        ]);
        sheet.show(Name::From, replaces.is_none());
        sheet.show(Name::Title, replaces.is_none());
        let button = match &replaces {
            Some(_) if is_file => "Replace",
            Some(_) => "Save",
            None => "Add",
        };
        let own = Self {
            member: member.to_owned(),
            replaces,
            file: None,
        };
        let mut form = Frame::new(subject, title, button, sheet, own);
        Self::refresh(&mut form, state);
        form
    }

    fn refresh(form: &mut Frame<Self>, _state: &State) {
        let source = source(&form.sheet);
        form.sheet.show(Name::Address, source == Source::Address);
        for name in [Name::Server, Name::User, Name::Password] {
            form.sheet.show(name, source == Source::Account);
        }
        form.sheet.show(Name::File, source == Source::File);
        let empty = match source {
            Source::File => "Leave empty to use the file's name",
            Source::Address | Source::Account => "Leave empty to use the server's name",
        };
        form.sheet
            .say(Name::Title, vec![Note::Hint(empty.to_owned())]);
        // Another file is another calendar.
        let path = form.sheet.text(Name::File);
        form.own.file.take_if(|file| file.path != path);
    }

    fn name(of_request: &str) -> Option<Name> {
        Some(match of_request {
            "file" | "text" | "upload" => Name::File,
            "url" => Name::Address,
            "caldav.url" | "caldav" => Name::Server,
            "caldav.user" => Name::User,
            "caldav.password" => Name::Password,
            "name" => Name::Title,
            _ => return None,
        })
    }

    fn send(form: &mut Frame<Self>, _state: &State) -> Option<Send> {
        let add = FeedAdd {
            member: Some(form.own.member.clone()),
            replace: form.own.replaces.is_some(),
            ..FeedAdd::default()
        };
        let replaces = form.own.replaces.as_deref();
        let feed = match source(&form.sheet) {
            Source::File => None,
            Source::Address => {
                let why = "Enter the calendar's secret address";
                let url = secret(&mut form.sheet, Name::Address, why)?;
                Some(FeedAdd {
                    name: called(&form.sheet, replaces, || host(url.reveal())),
                    url: Some(url),
                    ..add.clone()
                })
            }
            Source::Account => {
                let account = account(&mut form.sheet)?;
                Some(FeedAdd {
                    name: called(&form.sheet, replaces, || server(&account.url)),
                    caldav: Some(account),
                    ..add.clone()
                })
            }
        };
        if let Some(feed) = feed {
            return Some(Send::Call(Box::new(Q::FeedAdd { feed })));
        }
        let path = needed(
            &mut form.sheet,
            Name::File,
            "Enter the path of an .ics file",
        )?;
        let path = at_home(&path);
        let Some(file) = &mut form.own.file else {
            return Some(Send::ReadCalendar(path));
        };
        let of_file = || Some(path.file_stem()?.to_string_lossy().into_owned());
        let add = FeedAdd {
            name: called(&form.sheet, form.own.replaces.as_deref(), of_file),
            ..add
        };
        Some(Send::Call(Box::new(file.next(add))))
    }

    fn answered(form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let reply = match reply {
            R::CalendarUpload(reply) => reply.map(|done| {
                if let Some(file) = &mut form.own.file {
                    file.upload = Some(done.upload);
                }
                Answered::NextPage
            }),
            R::FeedAdd(reply) => reply.map(|feed| Answered::Done(kept(&feed))),
            _ => Err(unexpected()),
        };
        if !matches!(reply, Ok(Answered::NextPage)) {
            // An upload is read once: the next try begins with the file.
            form.own.file = None;
        }
        reply
    }
}

/// What it is called: as typed, as the one it replaces, or as what it is read from.
fn called(
    sheet: &Sheet<Name>,
    replaces: Option<&str>,
    of_source: impl FnOnce() -> Option<String>,
) -> String {
    match (replaces, sheet.text(Name::Title)) {
        (Some(name), _) => name.to_owned(),
        (None, "") => of_source().unwrap_or_default(),
        (None, typed) => typed.to_owned(),
    }
}

fn source(sheet: &Sheet<Name>) -> Source {
    match sheet.choice(Name::From) {
        0 => Source::Address,
        1 => Source::Account,
        _ => Source::File,
    }
}

/// A secret that must be there.
fn secret(sheet: &mut Sheet<Name>, name: Name, why: &str) -> Option<Opaque> {
    let typed = match sheet.field(name).map(|field| &field.entry) {
        Some(Entry::Secret(secret)) => secret.value(),
        _ => None,
    };
    if typed.is_none() {
        sheet.refuse(name, why);
    }
    typed
}

/// The server of an account, of which a name alone is enough.
fn server(url: &str) -> Option<String> {
    host(url).or_else(|| host(&format!("https://{}", url.trim())))
}

fn account(sheet: &mut Sheet<Name>) -> Option<CalendarAccount> {
    Some(CalendarAccount {
        url: needed(sheet, Name::Server, "Enter the calendar server")?,
        user: needed(sheet, Name::User, "Enter the user name there")?,
        password: secret(sheet, Name::Password, "Enter the password")?,
        colleague: None,
    })
}

/// The server of an address; what follows it is what must not be seen.
fn host(url: &str) -> Option<String> {
    let (_, rest) = url.trim().split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = rest[..end].rsplit('@').next()?;
    let host = host.split(':').next()?;
    (!host.is_empty()).then(|| host.to_lowercase())
}

/// What was kept, and what to bear in mind.
fn kept(feed: &Feed) -> String {
    let (name, entries) = (text::clean(&feed.name), entries(feed));
    if feed.read_at.is_none() {
        return format!("{name} saved; it is being read");
    }
    match feed.warnings.len() {
        0 => format!("{name} saved: {entries}"),
        1 => format!("{name} saved: {entries}, 1 warning"),
        many => format!("{name} saved: {entries}, {many} warnings"),
    }
}

impl Frame<Calendar> {
    /// Takes what the file holds, in parts.
    pub(crate) fn load(&mut self, parts: Vec<String>) {
        let path = self.sheet.text(Name::File);
        self.own.file = Some(Loaded::of(path, parts));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calendar_is_called_as_its_server_and_as_nothing_that_must_not_be_seen() {
        for (url, expected) in [
            (
                "https://Calendar.example.com/private-s3cret/basic.ics",
                Some("calendar.example.com"),
            ),
            ("webcal://cal.example:8443?key=s3cret", Some("cal.example")),
            ("https://dana:s3cret@cal.example", Some("cal.example")),
            ("https://dana:s3c@ret@cal.example/x", Some("cal.example")),
            ("https:///private-s3cret", None),
            ("private-s3cret", None),
        ] {
            assert_eq!(host(url).as_deref(), expected, "{url}");
        }
    }
}
