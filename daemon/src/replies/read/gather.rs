//! What all clauses say together.
//!
//! Owns corrections (R15), and what stands beside a choice and makes it less than one.

use greenroom_protocol::reply::{
    Choice, ChoiceKind, Confidence, Hinge, IntentKind, ReplyReading, ReplyWish, WishKind,
};
use greenroom_protocol::schedule::Grain;
use greenroom_protocol::time::Instant;

use super::second::reads_as_choice;
use super::{Read, Reader, Written, intent, left};
use crate::replies::phrases;
use crate::replies::says::{Pick, Says};
use crate::replies::slots::{Form, Spot};
use crate::replies::words::{Kind, words};
use crate::schedule::time;

/// A day, in minutes; one on which clocks are set back is an hour longer.
const A_DAY: i64 = 25 * 60;

pub(super) struct Gathered<'g> {
    pub(super) reader: &'g Reader<'g>,
    pub(super) text: &'g str,
    pub(super) spots: &'g [Spot],
    pub(super) clauses: &'g [Read],
}

impl Gathered<'_> {
    pub(super) fn words(&self, clause: &Read) -> String {
        let words = self.text.get(clause.at.clone()).unwrap_or_default();
        words
            .trim_matches(|it: char| it.is_whitespace() || matches!(it, ',' | '.' | ';'))
            .to_owned()
    }

    pub(super) fn gather(&self) -> ReplyReading {
        let mut reading = ReplyReading::default();
        let mut picks: Vec<(Pick, &Read)> = Vec::new();
        let mut named: Vec<(Pick, &Read)> = Vec::new();
        let mut agrees: Option<(ChoiceKind, &Read)> = None;
        let mut refused: Vec<u32> = Vec::new();
        let mut any: Option<(Vec<u32>, &Read)> = None;
        let (mut ends, mut begins) = (None, None);
        let (mut tentative, mut reluctant, mut place, mut corrected) = (None, false, false, None);
        let (mut elsewhere, mut others) = (false, None);
        for (nth, clause) in self.clauses.iter().enumerate() {
            let words = self.words(clause);
            for said in &clause.says {
                match said {
                    Says::Pick(pick) => picks.push((pick.clone(), clause)),
                    Says::Named(pick) => named.push((pick.clone(), clause)),
                    Says::Agrees(kind) => {
                        let weaker = agrees.is_none_or(|it| it.0 == ChoiceKind::AnyOf);
                        if weaker {
                            agrees = Some((*kind, clause));
                        }
                    }
                    Says::Refuses(slots) => {
                        refused.extend(slots);
                        reading.intents.push(intent(
                            IntentKind::Constrain,
                            &words,
                            Confidence::Likely,
                        ));
                    }
                    Says::DeclinesAll => {
                        reading.intents.push(intent(
                            IntentKind::DeclineAll,
                            &words,
                            Confidence::Sure,
                        ));
                    }
                    Says::AnyBut(but) => any = Some((but.clone(), clause)),
                    Says::AnyOther => others = Some(clause),
                    Says::Proposes { named, exact } => {
                        elsewhere |= *named;
                        let kind = match (named, exact) {
                            (true, true) => IntentKind::Propose,
                            (true, false) => self.wish_intent(clause),
                            (false, _) => IntentKind::DeclineAll,
                        };
                        reading
                            .intents
                            .push(intent(kind, &words, Confidence::Likely));
                        if kind == IntentKind::Constrain && self.names_a_day(clause) {
                            let more = intent(IntentKind::Propose, &words, Confidence::Likely);
                            reading.intents.push(more);
                        }
                    }
                    Says::Constrains => {
                        reading.intents.push(intent(
                            IntentKind::Constrain,
                            &words,
                            Confidence::Sure,
                        ));
                    }
                    Says::Ends(minute) => ends = Some(*minute),
                    Says::Begins(minute) => begins = Some(*minute),
                    Says::Is(kind) => {
                        let mut found = intent(*kind, &words, Confidence::Sure);
                        if *kind == IntentKind::Away {
                            found.until = self.away_until(clause);
                        }
                        reading.intents.push(found);
                    }
                    Says::Asks { safe } => {
                        reading.intents.push(intent(
                            IntentKind::Question,
                            &words,
                            Confidence::Sure,
                        ));
                        if !safe {
                            reading.unread.push(left(&words, Some(Hinge::Question)));
                        }
                    }
                    Says::Tentative => tentative = Some(clause),
                    Says::Reluctant => reluctant = true,
                    Says::Corrects => corrected = Some(nth),
                    Says::Machine => reading.automatic = true,
                    Says::Gone => {
                        reading.intents.push(intent(
                            IntentKind::WrongPerson,
                            &words,
                            Confidence::Sure,
                        ));
                    }
                    Says::Place => place = true,
                    Says::Left(hinge) => {
                        if !words.is_empty() {
                            reading.unread.push(left(&words, *hinge));
                        }
                    }
                }
            }
            let empty = |it: &Says| matches!(it, Says::Left(None) | Says::Agrees(_));
            let nothing = clause.says.iter().all(empty);
            if nothing && clause.adverse && !words.is_empty() && self.says_much(clause) {
                reading.unread.push(left(&words, Some(Hinge::Condition)));
            }
            for (kind, spot) in &clause.wishes {
                reading.wishes.push(self.wish(*kind, *spot));
            }
        }
        if let Some(clause) = others {
            // "The others work" says of which only where some were refused.
            match refused.is_empty() {
                false => any = Some((Vec::new(), clause)),
                true => reading
                    .unread
                    .push(left(&self.words(clause), Some(Hinge::Condition))),
            }
        }
        refused.sort_unstable();
        refused.dedup();
        for n in &refused {
            let named = reading
                .wishes
                .iter()
                .any(|it| it.kind == WishKind::Not && it.slots.contains(n));
            if !named {
                reading.wishes.push(ReplyWish {
                    kind: WishKind::Not,
                    start: None,
                    end: None,
                    slots: vec![*n],
                    words: String::new(),
                });
            }
        }
        // R15: what was said before it was corrected does not count.
        if let Some(at) = corrected {
            let from = self.clauses[at].at.start;
            let after = |it: &(Pick, &Read)| it.1.at.start >= from;
            if picks.iter().any(after) {
                let late = picks.iter().filter(|it| after(it)).count();
                if late < picks.len() || late == 1 {
                    picks.retain(after);
                }
            } else if !picks.is_empty() {
                for (pick, _) in &mut picks {
                    pick.kind = ChoiceKind::Unclear;
                }
            }
        }
        // One slot, named in words nobody taught the grammar: the examples say whether it is chosen.
        if let Some(at) = corrected {
            let from = self.clauses[at].at.start;
            named.retain(|it| it.1.at.start >= from);
        }
        // "I can get away on Wednesday, so Wednesday it is": said again of the same slot.
        let again = |slots: &[u32]| picks.iter().any(|it| it.0.slots == slots);
        named.retain(|it| !again(&it.0.slots));
        let alone = picks.is_empty()
            && any.is_none()
            && named.len() == 1
            && !reading
                .intents
                .iter()
                .any(|it| it.kind == IntentKind::Question)
            && reading.unread.iter().all(|it| it.hinge.is_none());
        if alone && reads_as_choice(self.text) {
            picks.append(&mut named);
        }
        for (_, clause) in named {
            reading
                .unread
                .push(left(&self.words(clause), Some(Hinge::Time)));
        }
        let choice_from = picks.iter().map(|it| it.1.at.start).max();
        self.choose(&mut reading, picks, any, agrees, &refused, (ends, begins));
        if elsewhere && self.same_day(&reading) {
            // "Friday, but at 11 instead": the day is theirs, and not the slot.
            reading.choice = None;
            reading
                .intents
                .retain(|it| it.kind != IntentKind::AcceptTime);
        }
        let unless = words(self.text).iter().any(|it| it.low == "unless");
        if unless && reading.choice.is_some() {
            // Whatever it is said of.
            reading.unread.push(left("unless", Some(Hinge::Condition)));
        }
        if let Some(choice) = &mut reading.choice {
            if let Some(clause) = tentative {
                // "Let me see… yes, Tuesday": what comes later may settle it.
                let later = choice_from.is_some_and(|from| from > clause.at.end);
                let settled = matches!(
                    choice.kind,
                    ChoiceKind::One | ChoiceKind::AnyOf | ChoiceKind::InOrder
                );
                choice.kind = match later && settled {
                    true => ChoiceKind::Unclear,
                    false => ChoiceKind::Tentative,
                };
            }
            if reluctant {
                choice.kind = ChoiceKind::Reluctant;
            }
            let away = reading
                .intents
                .iter()
                .find(|it| it.kind == IntentKind::Away);
            let inside = away.is_some_and(|it| {
                choice.slots.iter().any(|n| {
                    self.reader
                        .slots
                        .iter()
                        .any(|slot| slot.n == *n && it.until.is_none_or(|until| slot.start < until))
                })
            });
            let absent = reading.wishes.iter().any(|it| {
                it.kind == WishKind::Not && choice.slots.iter().any(|n| it.slots.contains(n))
            });
            let open_end = away.is_some_and(|it| it.until.is_none());
            if (inside && (absent || open_end)) || place {
                choice.kind = ChoiceKind::Unclear;
            }
            let only = |it: &&ReplyWish| it.kind == WishKind::Only;
            let bound = reading.wishes.iter().any(|it| only(&it));
            let fits = |n: &u32| {
                let mut wishes = reading.wishes.iter().filter(only);
                wishes.any(|it| it.slots.contains(n))
            };
            if bound && !choice.slots.iter().all(fits) {
                // "I can make Wednesday, but only after 3."
                choice.kind = ChoiceKind::Unfit;
            }
            // A time besides the choice that is not among what was sent.
            if elsewhere
                && matches!(
                    choice.kind,
                    ChoiceKind::One | ChoiceKind::AnyOf | ChoiceKind::InOrder
                )
            {
                choice.kind = ChoiceKind::Unclear;
            }
        } else if let Some(clause) = tentative
            && !reading.intents.iter().any(|it| {
                matches!(
                    it.kind,
                    IntentKind::Propose
                        | IntentKind::DeclineAll
                        | IntentKind::Reschedule
                        | IntentKind::Away
                )
            })
        {
            reading.choice = Some(Choice {
                kind: ChoiceKind::Tentative,
                slots: Vec::new(),
                words: self.words(clause),
            });
        } else if place || self.other_clock() {
            let names = self.spots.iter().any(|it| it.form == Form::Exact);
            let wishes = reading.intents.iter().any(|it| {
                matches!(
                    it.kind,
                    IntentKind::Propose | IntentKind::Constrain | IntentKind::DeclineAll
                )
            });
            if names || (place && wishes) {
                reading.choice = Some(Choice {
                    kind: ChoiceKind::Unclear,
                    slots: Vec::new(),
                    words: self.text.to_owned(),
                });
            }
        }
        reading
    }

    /// Whether the day of the one slot that is chosen is named, and another time on it.
    fn same_day(&self, reading: &ReplyReading) -> bool {
        let Some(choice) = &reading.choice else {
            return false;
        };
        let [n] = choice.slots[..] else {
            return false;
        };
        let date = |at: Instant| at.timestamp().to_zoned(self.reader.zone.clone()).date();
        let slot = self.reader.slots.iter().find(|it| it.n == n);
        let by_day = self
            .spots
            .iter()
            .any(|it| it.slots == [n] && it.form == Form::Window && it.time.grain == Grain::Day);
        let by_hour = self
            .spots
            .iter()
            .any(|it| it.slots.contains(&n) && it.form == Form::Exact);
        let other = self.spots.iter().any(|it| {
            it.form == Form::Exact
                && it.slots.is_empty()
                && !it.doubtful
                && slot.is_some_and(|slot| date(it.time.start) == slot.date)
        });
        by_day && !by_hour && other
    }

    /// Whether a time is named by a zone that is not theirs, or their clock is not the one we know
    /// (R3).
    fn other_clock(&self) -> bool {
        let exact = |it: &&Spot| it.form == Form::Exact && it.slots.is_empty();
        let zoned = self.spots.iter().filter(exact).any(|it| it.zoned);
        let Written::At(at, Some(offset)) = self.reader.frame.written else {
            return zoned;
        };
        let Ok(zone) = time::zone(self.reader.frame.zone) else {
            return zoned;
        };
        let theirs = zone.to_offset(at.timestamp()).seconds();
        let named = self.spots.iter().filter(exact).any(|it| !it.doubtful);
        zoned || (named && theirs != offset)
    }

    fn says_much(&self, clause: &Read) -> bool {
        let words = words(self.text.get(clause.at.clone()).unwrap_or_default());
        let seen: Vec<phrases::Seen<'_>> = words
            .iter()
            .map(|it| phrases::Seen::Word(&it.low))
            .collect();
        let mut at = 1;
        let mut left = 0;
        while at < seen.len() {
            match phrases::phrase(&seen, at) {
                Some((_, end)) => at = end,
                None => {
                    left += usize::from(words[at].kind == Kind::Letters);
                    at += 1;
                }
            }
        }
        left > 1
    }

    /// Windows and parts of days are what times must be like; days and hours are times.
    fn wish_intent(&self, clause: &Read) -> IntentKind {
        let whole_days = clause
            .wishes
            .iter()
            .any(|(_, spot)| self.spots[*spot].time.grain == Grain::Day);
        match whole_days {
            true => IntentKind::Propose,
            false => IntentKind::Constrain,
        }
    }

    /// Whether a wish is for a part of a day, and not of every day.
    fn names_a_day(&self, clause: &Read) -> bool {
        clause.wishes.iter().any(|(_, spot)| {
            let spot = &self.spots[*spot];
            matches!(spot.time.grain, Grain::Part | Grain::Minute) && !spot.clock_only
        })
    }

    fn away_until(&self, clause: &Read) -> Option<Instant> {
        let spots = clause.wishes.iter().map(|(_, spot)| &self.spots[*spot]);
        let ends = spots.map(|it| {
            let end = it.time.end.unwrap_or(it.time.start);
            let is_day = end <= it.time.start.plus_minutes(A_DAY);
            // "Back on the 14th": that day they are there.
            match clause.back && is_day {
                true => it.time.start,
                false => end,
            }
        });
        ends.max()
    }

    fn wish(&self, kind: WishKind, spot: usize) -> ReplyWish {
        let spot = &self.spots[spot];
        let back = spot.time.end.is_none() && spot.form == Form::Exact;
        let slots = match kind {
            WishKind::Not if back => Vec::new(),
            WishKind::Not => spot.touches.clone(),
            _ => spot.slots.clone(),
        };
        ReplyWish {
            kind,
            start: (!spot.clock_only).then_some(spot.time.start),
            end: spot.time.end.filter(|_| !spot.clock_only),
            slots,
            words: spot.time.words.clone(),
        }
    }
}
