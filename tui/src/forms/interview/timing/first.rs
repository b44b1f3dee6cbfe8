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
    /// A person asked for it, while this stood in the field: what is chosen since is not written
    /// over.
    wanted: Option<String>,
}

impl FirstFree {
    /// The question to ask, where a time is to be suggested or somebody wants the first one.
    pub(super) fn ask(&mut self, input: &TimeInput, query: Option<SlotQuery>) -> Option<(Ask, Q)> {
        if !self.is_needed(input) {
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
            Some(time) if self.is_wanted(input) => {
                self.wanted = None;
                input.write_awaited(time);
            }
            time if input.is_suggested() => input.suggest(time),
            _ => {}
        }
    }

    /// Writes the first time, or asks for it where it is not known.
    pub(super) fn want(&mut self, input: &TimeInput) {
        self.wanted = Some(input.value().to_owned());
        self.asked = None;
        self.answer = None;
    }

    /// Whether an answer is under way that is written over what stands there.
    pub(super) fn is_awaited(&self, input: &TimeInput) -> bool {
        self.is_wanted(input) && self.is_asked() && self.answer.is_none()
    }

    fn is_wanted(&self, input: &TimeInput) -> bool {
        self.wanted.as_deref() == Some(input.value())
    }

    fn is_needed(&self, input: &TimeInput) -> bool {
        self.is_wanted(input) || input.is_suggested()
    }

    /// Whether an answer is still to come that the time depends on.
    pub(super) fn is_looking(&self, input: &TimeInput) -> bool {
        self.is_needed(input) && self.answer.is_none()
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
        if !self.is_needed(input) {
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
