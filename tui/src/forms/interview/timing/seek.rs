//! A time that works and is looked for: the best one to begin with, and what somebody asks for.
//!
//! Owns the question for it and its answer. Invariant: it is suggested only where nobody chose a
//! time; where somebody asks for it, it is written as a time they chose, unless they chose another
//! meanwhile.

use greenroom_protocol::Error;
use greenroom_protocol::schedule::{Planned, Slot, SlotQuery, Slots};
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::time::Instant;
use jiff::tz::TimeZone;

use crate::forms::Ask;
use crate::forms::none_works::none_works;
use crate::forms::sheet::Note;
use crate::widgets::TimeInput;

/// Times that are asked for where the best are wanted: as many as a proposal names.
const BEST: u32 = 4;

/// The furthest that is looked, in minutes: 62 days.
const FURTHEST: i64 = 62 * 24 * 60;

/// As many as there may be before a time.
const ALL: u32 = 1000;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Wish {
    /// The best one; the next best where the best stands there.
    Best,
    /// The first one from now on.
    First,
    /// The first one from a moment on.
    After(Instant),
    /// The last one before a moment, from now on.
    Before(Instant),
}

/// What was asked last, and what is known.
#[derive(Debug, Default)]
pub(super) struct Seek {
    asked: Option<SlotQuery>,
    answer: Option<Result<Slots, Error>>,
    /// A person asked for it, while this stood in the field: what is chosen since is not written
    /// over.
    wanted: Option<(Wish, String)>,
    /// There is none, as long as this stands there.
    missed: Option<(Wish, String)>,
}

impl Seek {
    /// The question to ask, where a time is to be suggested or somebody wants one.
    pub(super) fn ask(&mut self, input: &TimeInput, planned: Option<Planned>) -> Option<(Ask, Q)> {
        let query = query(self.wish(input)?, planned?);
        if self.asked.as_ref() == Some(&query) {
            return None;
        }
        self.asked = Some(query.clone());
        self.answer = None;
        Some((Ask::Seek, Q::Slots { query }))
    }

    /// Takes the answer; of an older question it is dropped before this. True where it was written.
    pub(super) fn take(
        &mut self,
        input: &mut TimeInput,
        zone: &TimeZone,
        answer: Result<Slots, Error>,
    ) -> bool {
        self.answer = Some(answer);
        let wish = self.wish(input);
        // The next best is for who asks for another one.
        let is_wanted = self.is_wanted(input);
        let stands = input.time().filter(|_| is_wanted);
        let stands = stands.map(|time| Instant::from(time.timestamp()));
        let slot = wish.and_then(|wish| self.found(wish, stands));
        let time = slot.map(|start| start.timestamp().to_zoned(zone.clone()));
        match (time, is_wanted) {
            (Some(time), true) => {
                self.wanted = None;
                input.write_awaited(time);
                return true;
            }
            (None, true) => self.missed = self.wanted.take(),
            (time, false) if input.is_suggested() => input.suggest(time),
            _ => {}
        }
        false
    }

    /// The start that answers a wish.
    fn found(&self, wish: Wish, stands: Option<Instant>) -> Option<Instant> {
        let starts = self.items().iter().map(|slot| slot.start);
        let starts: Vec<_> = starts.collect();
        match wish {
            Wish::First | Wish::After(_) => starts.first().copied(),
            Wish::Before(_) => starts.last().copied(),
            Wish::Best => {
                let of_it = starts.iter().position(|it| Some(*it) == stands);
                let next = of_it.map_or(0, |place| (place + 1) % starts.len());
                starts.get(next).copied()
            }
        }
    }

    /// Writes the time that is wished for as soon as it is known.
    pub(super) fn want(&mut self, wish: Wish, input: &TimeInput) {
        self.wanted = Some((wish, input.value().to_owned()));
        self.missed = None;
        self.asked = None;
        self.answer = None;
    }

    /// Whether an answer is under way that is written over what stands there.
    pub(super) fn is_awaited(&self, input: &TimeInput) -> bool {
        self.is_wanted(input) && self.is_asked() && self.answer.is_none()
    }

    pub(super) fn is_wanted(&self, input: &TimeInput) -> bool {
        let wanted = self.wanted.as_ref();
        wanted.is_some_and(|(_, text)| text == input.value())
    }

    fn wish(&self, input: &TimeInput) -> Option<Wish> {
        match &self.wanted {
            Some((wish, text)) if text == input.value() => Some(*wish),
            _ => input.is_suggested().then_some(Wish::Best),
        }
    }

    /// Whether an answer is still to come that the time depends on.
    pub(super) fn is_looking(&self, input: &TimeInput) -> bool {
        self.wish(input).is_some() && self.answer.is_none()
    }

    /// Whether the daemon was asked.
    pub(super) fn is_asked(&self) -> bool {
        self.asked.is_some()
    }

    /// What is known is out of date.
    pub(super) fn invalidate(&mut self) {
        self.asked = None;
    }

    fn items(&self) -> &[Slot] {
        let answer = self.answer.as_ref().and_then(|it| it.as_ref().ok());
        answer.map_or(&[], |slots| &slots.items)
    }

    /// The first slot of the answer, where it is known.
    pub(super) fn slot(&self) -> Option<&Slot> {
        self.items().first()
    }

    /// Whether the best time stands there because nobody chose one.
    pub(super) fn is_best(&self, input: &TimeInput) -> bool {
        input.is_suggested() && input.time().is_some() && self.slot().is_some()
    }

    /// Why there is none.
    pub(super) fn note(&self, input: &TimeInput) -> Option<Note> {
        let missed = self.missed.as_ref();
        if let Some((wish, _)) = missed.filter(|(_, text)| text == input.value()) {
            return Some(self.missed_note(*wish));
        }
        self.wish(input)?;
        let slots = match self.answer.as_ref()? {
            Ok(slots) => slots,
            Err(error) => return Some(Note::Advice(error.message.clone())),
        };
        slots
            .items
            .is_empty()
            .then(|| Note::Advice(none_works(&slots.none_because)))
    }

    fn missed_note(&self, wish: Wish) -> Note {
        let slots = match self.answer.as_ref() {
            Some(Ok(slots)) => slots,
            Some(Err(error)) => return Note::Advice(error.message.clone()),
            None => return Note::Advice(none_works(&[])),
        };
        Note::Advice(match wish {
            Wish::After(_) => "No later time works within 62 days".to_owned(),
            Wish::Before(_) => "No earlier time works".to_owned(),
            Wish::Best | Wish::First => none_works(&slots.none_because),
        })
    }
}

fn query(wish: Wish, planned: Planned) -> SlotQuery {
    let all = SlotQuery {
        planned,
        ..SlotQuery::default()
    };
    match wish {
        Wish::Best => SlotQuery {
            limit: Some(BEST),
            best: true,
            ..all
        },
        Wish::First => SlotQuery {
            limit: Some(1),
            ..all
        },
        Wish::After(from) => SlotQuery {
            from: Some(from),
            to: Some(from.plus_minutes(FURTHEST)),
            limit: Some(1),
            ..all
        },
        Wish::Before(to) => SlotQuery {
            from: Some(to.plus_minutes(-FURTHEST)),
            to: Some(to),
            limit: Some(ALL),
            ..all
        },
    }
}
