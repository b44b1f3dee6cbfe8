//! The email that the assistant would send: its times, and a line of the person's own.
//!
//! Times that are free besides are offered to be added; the daemon judges what is added. Saving sends
//! nothing: the email is approved beside the list.

use greenroom_protocol::Error;
use greenroom_protocol::edit::Edit;
use greenroom_protocol::interview::MeetingType;
use greenroom_protocol::outreach::{
    DraftEdit, MOST_SLOTS, Outreach, OutreachEdit, OutreachSlot, OutreachState,
};
use greenroom_protocol::schedule::{Planned, SlotQuery};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;

use crate::forms::fill::{line, maybe, repick};
use crate::forms::sheet::{Entry, Field, Note, Sheet};
use crate::forms::{Answered, Ask, FormType, Frame, Send, unexpected};
use crate::state::State;
use crate::widgets::{MultiSelect, Pick, text, times};
use crate::wording;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    Times,
    Line,
}

/// Free times that are offered beside those of the email.
const OFFERED: u32 = 12;

#[derive(Debug, Default)]
pub(crate) struct Draft {
    /// The times of the email, as it was when the form was opened.
    slots: Vec<OutreachSlot>,
    /// Other times that are free, once they are known.
    free: Vec<Instant>,
    asked: Option<SlotQuery>,
}

impl FormType for Draft {
    type Name = Name;

    const DOING: &'static str = "saving the draft";
    const EDITS: bool = true;

    fn open(state: &State, subject: &str) -> Frame<Self> {
        let known = find(state, subject);
        let slots = known.map(|it| it.slots.clone()).unwrap_or_default();
        let starts: Vec<_> = slots.iter().map(|it| it.start.to_string()).collect();
        let taken: Vec<&str> = starts.iter().map(String::as_str).collect();
        let times = MultiSelect::new(Vec::new(), &taken);
        let times = Field::new("Times", Entry::MultiSelect(times));
        let own = known.and_then(|it| it.line.as_deref()).unwrap_or_default();
        let sheet = Sheet::new(vec![
            (Name::Times, times),
            (
                Name::Line,
                line("Your line", own).hint("One paragraph below the times"),
            ),
        ]);
        let title = match known {
            Some(outreach) => format!("Email to {}", text::clean(&outreach.candidate.name)),
            None => "Email with times".to_owned(),
        };
        let own = Self {
            slots,
            ..Self::default()
        };
        let mut form = Frame::new(subject, title, "Save draft", sheet, own);
        form.revision = known.map(|it| it.revision);
        Self::refresh(&mut form, state);
        form
    }

    fn refresh(form: &mut Frame<Self>, state: &State) {
        let Some(outreach) = find(state, &form.subject) else {
            return;
        };
        let own = form.own.slots.iter();
        let known = own.map(|slot| pick(state, outreach, slot.start, "in the email"));
        let new = form.own.free.iter();
        let new = new.filter(|start| !form.own.slots.iter().any(|it| it.start == **start));
        let free = new.map(|start| pick(state, outreach, *start, "free"));
        let picks = known.chain(free).collect();
        repick(&mut form.sheet, Name::Times, picks);
        let said = match outreach.state {
            OutreachState::Draft => None,
            _ => Some(Note::Advice("It is no longer a draft".to_owned())),
        };
        form.sheet.say(Name::Times, said.into_iter().collect());
    }

    fn name(of_request: &str) -> Option<Name> {
        Some(match of_request {
            "without" | "add" => Name::Times,
            "text" => Name::Line,
            _ => return None,
        })
    }

    fn send(form: &mut Frame<Self>, _state: &State) -> Option<Send> {
        let sheet = &mut form.sheet;
        let taken = sheet.taken(Name::Times).to_vec();
        let wrong = match taken.len() {
            0 => Some("Choose at least one time, or stop it with x".to_owned()),
            many if many > MOST_SLOTS => Some(format!("Choose at most {MOST_SLOTS} times")),
            _ => None,
        };
        if let Some(why) = wrong {
            sheet.refuse(Name::Times, &why);
            return None;
        }
        let is_taken = |slot: &&OutreachSlot| taken.contains(&slot.start.to_string());
        let slots = &form.own.slots;
        let without = slots.iter().filter(|slot| !is_taken(slot));
        let known: Vec<_> = slots.iter().map(|it| it.start.to_string()).collect();
        let edit = DraftEdit {
            without: without.map(|slot| slot.n).collect(),
            add: taken.into_iter().filter(|it| !known.contains(it)).collect(),
            text: match sheet.is_changed(Name::Line) {
                true => maybe(sheet.text(Name::Line)).into(),
                false => Edit::Keep,
            },
            ..DraftEdit::default()
        };
        let edit = OutreachEdit {
            outreach: Reference {
                expected_revision: form.revision,
                ..Reference::to(form.subject.clone())
            },
            edit,
        };
        Some(Send::Call(Box::new(Q::OutreachEdit { edit })))
    }

    fn answered(_form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let R::OutreachEdit(done) = reply else {
            return Err(unexpected());
        };
        let name = &done?.outreach.candidate.name;
        Ok(Answered::Done(format!("{name}: draft saved, not sent yet")))
    }

    fn asks(form: &mut Frame<Self>, state: &State) -> Vec<(Ask, Q)> {
        let query = find(state, &form.subject).map(|outreach| query(outreach, state));
        if query.is_none() || form.own.asked == query {
            return Vec::new();
        }
        form.own.asked.clone_from(&query);
        let ask = query.map(|query| (Ask::Free, Q::Slots { query }));
        ask.into_iter().collect()
    }

    fn told(form: &mut Frame<Self>, _ask: Ask, reply: Result<R, Error>) {
        // Without free times those of the email can still be left out.
        if let Ok(R::Slots(Ok(slots))) = reply {
            form.own.free = slots.items.into_iter().map(|it| it.start).collect();
            form.own.free.sort();
        }
    }

    fn invalidate(&mut self) {
        self.asked = None;
    }
}

/// The times that are free for everyone, as the assistant would look for them.
fn query(outreach: &Outreach, state: &State) -> SlotQuery {
    SlotQuery {
        planned: Planned {
            candidate: Some(outreach.candidate.id.to_string()),
            kind: Some(MeetingType::Zoom),
            zone: state.zone().iana_name().map(str::to_owned),
            ..Planned::default()
        },
        limit: Some(OFFERED),
        best: true,
        ..SlotQuery::default()
    }
}

/// A time, here and where the candidate is.
fn pick(state: &State, outreach: &Outreach, start: Instant, note: &str) -> Pick {
    let zone = state.zone();
    let minutes = i64::from(outreach.duration_minutes);
    let when = times::span(start.timestamp(), minutes, &zone, state.now);
    let there = outreach.candidate.zone.as_deref();
    let there = there.and_then(|it| wording::outreach::there(start.timestamp(), it, &zone));
    let label = match there {
        Some(there) => format!("{when}, {there}"),
        None => when,
    };
    Pick::new(&start.to_string(), &label, note)
}

fn find<'a>(state: &'a State, subject: &str) -> Option<&'a Outreach> {
    let listed = state.cache.outreaches.latest()?;
    let mut all = listed.items.iter();
    all.find(|it| it.id.to_string() == subject)
}
