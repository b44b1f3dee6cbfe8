//! The first time that works for everyone.
//!
//! Owns the question for it and its answer. Invariant: it is suggested only where nobody chose a
//! time; where somebody asks for it, it is written as a time they chose.

use greenroom_protocol::Error;
use greenroom_protocol::schedule::{Slot, SlotQuery, Slots};
use greenroom_protocol::service::GreenroomRequest as Q;
use jiff::tz::TimeZone;

use crate::forms::Ask;
use crate::forms::sheet::Note;
use crate::widgets::TimeInput;

/// What was asked last, and what is known.
#[derive(Debug, Default)]
pub(super) struct FirstFree {
    asked: Option<SlotQuery>,
    answer: Option<Result<Slots, Error>>,
    /// A person asked for it.
    wanted: bool,
}

impl FirstFree {
    /// The question to ask, where a time is to be suggested or somebody wants the first one.
    pub(super) fn ask(&mut self, input: &TimeInput, query: Option<SlotQuery>) -> Option<(Ask, Q)> {
        if !self.wanted && !input.is_suggested() {
            return None;
        }
        let query = query?;
        if self.asked.as_ref() == Some(&query) {
            return None;
        }
        self.asked = Some(query.clone());
        self.answer = None;
        Some((Ask::FirstFree, Q::Slots { query }))
    }

    /// Takes the answer; of an older question it is dropped before this.
    pub(super) fn take(
        &mut self,
        input: &mut TimeInput,
        zone: &TimeZone,
        answer: Result<Slots, Error>,
    ) {
        self.answer = Some(answer);
        let slot = self.slot().map(|slot| slot.start.timestamp());
        let slot = slot.map(|start| start.to_zoned(zone.clone()));
        match slot {
            Some(time) if std::mem::take(&mut self.wanted) => input.write(time),
            time if input.is_suggested() => input.suggest(time),
            _ => {}
        }
    }

    /// Writes the first time, or asks for it where it is not known.
    pub(super) fn want(&mut self) {
        self.wanted = true;
        self.asked = None;
    }

    /// Whether an answer is still to come that the time depends on.
    pub(super) fn is_looking(&self, input: &TimeInput) -> bool {
        let needed = self.wanted || input.is_suggested();
        needed && self.answer.is_none()
    }

    /// Whether the daemon was asked.
    pub(super) fn is_asked(&self) -> bool {
        self.asked.is_some()
    }

    /// What is known is out of date.
    pub(super) fn invalidate(&mut self) {
        self.asked = None;
    }

    /// The first slot, where it is known.
    pub(super) fn slot(&self) -> Option<&Slot> {
        self.answer.as_ref()?.as_ref().ok()?.items.first()
    }

    /// Why there is none.
    pub(super) fn note(&self, input: &TimeInput) -> Option<Note> {
        if !self.wanted && !input.is_suggested() {
            return None;
        }
        let slots = match self.answer.as_ref()? {
            Ok(slots) => slots,
            Err(error) => return Some(Note::Advice(error.message.clone())),
        };
        if !slots.items.is_empty() {
            return None;
        }
        let why = slots.none_because.iter().map(|it| it.message.as_str());
        let why: Vec<_> = why.take(3).collect();
        Some(Note::Advice(match why.is_empty() {
            true => "No time works for everyone. Choose one".to_owned(),
            false => format!("No time works for everyone: {}", why.join("; ")),
        }))
    }
}
