//! Notes and links on a candidate: a new one, or one that is changed or removed.
//!
//! Invariant: whichever note the fields are of, what was typed about another one is kept until it
//! is saved; and what somebody else saved meanwhile is not overwritten unseen.

use greenroom_protocol::pipeline::{Candidate, CandidateNote, CandidateNoteRemove, Note};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::{Error, ErrorKind};

use crate::forms::fill::{choose_if_none, line, maybe, repick, select};
use crate::forms::sheet::{Entry, Field, Sheet};
use crate::forms::{About, Answered, FormType, Frame, Send, unexpected};
use crate::state::State;
use crate::widgets::{Choice, Pick};
use crate::wording;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    Which,
    Text,
    Link,
    Marked,
    Action,
}

/// What the fields hold of a note.
#[derive(Clone, Debug, Default, PartialEq)]
struct Typed {
    text: String,
    link: String,
    marked: bool,
}

impl Typed {
    fn of(note: &Note) -> Self {
        Self {
            text: note.text.clone(),
            link: note.link.clone().unwrap_or_default(),
            marked: note.for_interviewers,
        }
    }

    fn read(sheet: &Sheet<Name>) -> Self {
        Self {
            text: sheet.text(Name::Text).to_owned(),
            link: sheet.text(Name::Link).to_owned(),
            marked: sheet.choice(Name::Marked) == 1,
        }
    }

    fn write(&self, sheet: &mut Sheet<Name>) {
        sheet.set_text(Name::Text, &self.text);
        sheet.set_text(Name::Link, &self.link);
        sheet.choose(Name::Marked, usize::from(self.marked));
    }
}

/// A note that the fields are or were of; without an id a new one.
#[derive(Clone, Debug, Default)]
struct Subject {
    id: String,
    /// What it held when it was shown here.
    stored: Typed,
    edition: Option<u32>,
    /// A change was refused because somebody else made one: the person has read so.
    refused: bool,
}

impl Subject {
    fn of(note: &Note) -> Self {
        Self {
            id: note.id.to_string(),
            stored: Typed::of(note),
            edition: Some(note.edition),
            refused: false,
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Notes {
    now: Subject,
    /// Others, with what was typed about them and is not saved yet.
    others: Vec<(Subject, Typed)>,
}

impl Notes {
    /// Shows a note in the fields; what they held of another one is kept.
    fn show(&mut self, sheet: &mut Sheet<Name>, id: &str, known: &[Note]) {
        let typed = Typed::read(sheet);
        let left = std::mem::take(&mut self.now);
        if typed != left.stored {
            self.others.push((left, typed));
        }
        let kept = self.others.iter().position(|(it, _)| it.id == id);
        let known = known.iter().find(|note| note.id.to_string() == id);
        let (subject, typed) = match (kept, known) {
            (Some(at), _) => self.others.remove(at),
            (None, Some(note)) => (Subject::of(note), Typed::of(note)),
            (None, None) => Default::default(),
        };
        typed.write(sheet);
        sheet.choose(Name::Action, 0);
        self.now = subject;
    }

    /// Takes what the record says by now: all of it where nothing was typed, else only what a
    /// refused change has to know.
    fn follow(&mut self, sheet: &mut Sheet<Name>, known: &[Note]) {
        let own = &mut self.now;
        let note = known.iter().find(|note| note.id.to_string() == own.id);
        let Some(note) = note else {
            // What is gone becomes a new one, with what stands here.
            *own = Subject::default();
            return;
        };
        if Typed::read(sheet) == own.stored && own.edition != Some(note.edition) {
            *own = Subject::of(note);
            own.stored.write(sheet);
        }
        if own.refused && own.edition != Some(note.edition) {
            (own.edition, own.refused) = (Some(note.edition), false);
        }
    }
}

impl FormType for Notes {
    type Name = Name;

    const DOING: &'static str = "saving";

    fn open(_state: &State, subject: &str) -> Frame<Self> {
        let marked = Choice::new(&["Hiring team", "Interviewers too"], 0);
        let action = Choice::new(&["Save", "Remove"], 0);
        let marked = Field::new("Who reads it", Entry::Choice(marked));
        let mut sheet = Sheet::new(vec![
            (Name::Which, select("Note", Vec::new(), Some(""))),
            (Name::Text, Field::new("Text", Entry::area(""))),
            (Name::Link, line("Link", "")),
            (
                Name::Marked,
                marked.hint("In the interviewers' invitation, never in the candidate's"),
            ),
            (Name::Action, Field::new("Then", Entry::Choice(action))),
        ]);
        sheet.focus(Name::Text);
        Frame::new(subject, "Notes", "Add Note", sheet, Self::default())
    }

    fn refresh(form: &mut Frame<Self>, state: &State) {
        let Some(known) = find(state, &form.subject) else {
            return;
        };
        form.title = format!("Notes · {}", known.name);
        let notes = &known.notes;
        let mut picks = vec![Pick::new("", "a new note or link", "")];
        picks.extend(notes.iter().rev().map(pick));
        let sheet = &mut form.sheet;
        sheet.show(Name::Which, !notes.is_empty());
        repick(sheet, Name::Which, picks);
        let had_gone = sheet.chosen(Name::Which) != form.own.now.id
            && !notes.iter().any(|it| it.id.to_string() == form.own.now.id);
        choose_if_none(sheet, Name::Which, "");
        let chosen = sheet.chosen(Name::Which).to_owned();
        match chosen == form.own.now.id || (had_gone && chosen.is_empty()) {
            true if form.own.now.id.is_empty() => {}
            true => form.own.follow(sheet, notes),
            false => form.own.show(sheet, &chosen, notes),
        }
        let stored = !form.own.now.id.is_empty();
        sheet.show(Name::Action, stored);
        form.button = match (stored, removes(sheet)) {
            (false, _) => "Add Note",
            (true, false) => "Save Note",
            (true, true) => "Remove Note",
        };
    }

    fn name(of_request: &str) -> Option<Name> {
        Some(match of_request {
            "note" => Name::Which,
            "text" => Name::Text,
            "link" => Name::Link,
            "for_interviewers" => Name::Marked,
            _ => return None,
        })
    }

    fn send(form: &mut Frame<Self>, _state: &State) -> Option<Send> {
        let (candidate, own, sheet) = (form.subject.clone(), &form.own.now, &mut form.sheet);
        if removes(sheet) {
            let note = CandidateNoteRemove {
                candidate,
                note: own.id.clone(),
                expected_edition: own.edition,
            };
            return Some(Send::Call(Box::new(Q::CandidateNoteRemove { note })));
        }
        let typed = Typed::read(sheet);
        if typed.text.is_empty() && typed.link.is_empty() {
            sheet.refuse(Name::Text, "Enter a note or a link");
            return None;
        }
        if typed == own.stored {
            sheet.refuse(Name::Text, "Nothing changed");
            return None;
        }
        // What was not touched stays as it is stored.
        let stored = &own.stored;
        let note = CandidateNote {
            candidate,
            note: maybe(&own.id),
            text: Some(typed.text).filter(|it| *it != stored.text),
            link: Some(typed.link).filter(|it| *it != stored.link),
            for_interviewers: Some(typed.marked).filter(|it| *it != stored.marked),
            expected_edition: own.edition,
        };
        Some(Send::Call(Box::new(Q::CandidateNote { note })))
    }

    fn answered(form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let words = match reply {
            R::CandidateNote(done) => match done?.edition {
                1 => "Note added",
                _ => "Note saved",
            },
            R::CandidateNoteRemove(done) => done.map(|_| "Note removed")?,
            _ => return Err(unexpected()),
        };
        // What was typed about another one comes back.
        let Some((subject, typed)) = form.own.others.pop() else {
            return Ok(Answered::Done(words.to_owned()));
        };
        if let Some(Entry::Select(which)) =
            form.sheet.field_mut(Name::Which).map(|it| &mut it.entry)
        {
            which.choose(&subject.id);
        }
        typed.write(&mut form.sheet);
        form.sheet.choose(Name::Action, 0);
        form.sheet.focus(Name::Text);
        form.own.now = subject;
        let more = "the form has another one that is not saved yet";
        Ok(Answered::Goes(format!("{words}; {more}")))
    }

    fn refuse(form: &mut Frame<Self>, name: Option<Name>, error: Error) {
        if error.kind == ErrorKind::Conflict {
            // Sent again after this was read, it is meant.
            form.own.now.refused = true;
        }
        form.blame(name, error);
    }

    fn about(form: &Frame<Self>) -> About {
        About {
            candidate: form.subject.parse().ok(),
            ..About::default()
        }
    }
}

fn removes(sheet: &Sheet<Name>) -> bool {
    sheet.is_shown(Name::Action) && sheet.choice(Name::Action) == 1
}

fn pick(note: &Note) -> Pick {
    let whose = match note.for_interviewers {
        true => "for interviewers",
        false => &note.by,
    };
    Pick::new(&note.id.to_string(), &wording::notes::note(note), whose)
}

fn find<'a>(state: &'a State, subject: &str) -> Option<&'a Candidate> {
    state.cache.candidate.get(&subject.parse().ok()?)
}
