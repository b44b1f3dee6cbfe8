//! A calendar that says when a member is busy elsewhere: from a file that is read on this side.
//!
//! Owns the order of its calls: a large file goes to the daemon in parts, and then the calendar is
//! kept. Only times are kept of it, and nothing before the last call.

use std::path::Path;

use greenroom_protocol::Error;
use greenroom_protocol::calendar::{CalendarFile, CalendarUpload, Feed, FeedAdd};
use greenroom_protocol::id::MemberId;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};

use crate::forms::fill::{line, needed};
use crate::forms::sheet::Sheet;
use crate::forms::{Answered, FormType, Frame, Send, unexpected};
use crate::state::State;
use crate::typed::path::at_home;
use crate::widgets::text;
use crate::wording::calendar::entries;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    File,
    Name,
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
        let replaces = known.find(|it| it.id.to_string() == feed);
        let replaces = replaces.map(|feed| feed.name.clone());
        let whose = id.and_then(|id| state.cache.member(id));
        let title = match (&replaces, whose) {
            (Some(name), _) => format!("Read {} again", text::clean(name)),
            (None, Some(whose)) if !whose.you => {
                format!("Add a calendar of {}", text::clean(&whose.name))
            }
            _ => "Add a calendar".to_owned(),
        };
        let about = "An .ics file, as calendar programs export it. Only times are kept, no titles";
        let called = replaces.as_deref().unwrap_or_default();
        let mut sheet = Sheet::new(vec![
            (Name::File, line("File", "").hint(about)),
            (
                Name::Name,
                line("Name", called).hint("Leave empty to use the file's name"),
            ),
        ]);
        sheet.show(Name::Name, replaces.is_none());
        let button = match replaces {
            Some(_) => "Replace",
            None => "Add",
        };
        let own = Self {
            member: member.to_owned(),
            replaces,
            file: None,
        };
        Frame::new(subject, title, button, sheet, own)
    }

    fn refresh(form: &mut Frame<Self>, _state: &State) {
        // Another file is another calendar.
        let path = form.sheet.text(Name::File);
        form.own.file.take_if(|file| file.path != path);
    }

    fn name(of_request: &str) -> Option<Name> {
        Some(match of_request {
            "file" | "text" | "upload" => Name::File,
            "name" => Name::Name,
            _ => return None,
        })
    }

    fn send(form: &mut Frame<Self>, _state: &State) -> Option<Send> {
        let path = needed(
            &mut form.sheet,
            Name::File,
            "Enter the path of an .ics file",
        )?;
        let path = at_home(&path);
        let Some(file) = &mut form.own.file else {
            return Some(Send::ReadCalendar(path));
        };
        let add = FeedAdd {
            member: Some(form.own.member.clone()),
            name: called(&form.sheet, form.own.replaces.as_deref(), &path),
            replace: form.own.replaces.is_some(),
            ..FeedAdd::default()
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

/// What it is called: as typed, as the one it replaces, or as its file.
fn called(sheet: &Sheet<Name>, replaces: Option<&str>, path: &Path) -> String {
    let of_file = || Some(path.file_stem()?.to_string_lossy().into_owned());
    match (replaces, sheet.text(Name::Name)) {
        (Some(name), _) => name.to_owned(),
        (None, "") => of_file().unwrap_or_default(),
        (None, typed) => typed.to_owned(),
    }
}

/// What was kept, and what to bear in mind.
fn kept(feed: &Feed) -> String {
    let (name, entries) = (text::clean(&feed.name), entries(feed));
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
