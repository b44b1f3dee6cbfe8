//! Which slots an answer chooses as a whole.
//!
//! Owns order and delegation (R6), what has to fit (R5), and what contradicts itself.

use greenroom_protocol::reply::{
    Choice, ChoiceKind, Confidence, Hinge, IntentKind, ReplyReading, ReplyWish, WishKind,
};

use super::gather::Gathered;
use super::{Read, Written, intent};
use crate::replies::says::Pick;
use crate::replies::slots::Counted;

impl Gathered<'_> {
    /// Which slots are chosen, if any.
    pub(super) fn choose(
        &self,
        reading: &mut ReplyReading,
        picks: Vec<(Pick, &Read)>,
        any: Option<(Vec<u32>, &Read)>,
        agrees: Option<(ChoiceKind, &Read)>,
        refused: &[u32],
        (ends, begins): (Option<i64>, Option<i64>),
    ) {
        let all: Vec<u32> = self.reader.slots.iter().map(|it| it.n).collect();
        let declined = reading
            .intents
            .iter()
            .any(|it| it.kind == IntentKind::DeclineAll);
        if declined && !picks.is_empty() && picks.iter().all(|it| it.0.loose) {
            // "None of them; the following week?": the week after the one that was proposed.
            reading
                .intents
                .push(intent(IntentKind::Constrain, "", Confidence::Unsure));
            return;
        }
        let fits = |n: u32| {
            let slot = self.reader.slots.iter().find(|it| it.n == n);
            slot.is_some_and(|it| {
                ends.is_none_or(|end| it.to <= end) && begins.is_none_or(|begin| it.from >= begin)
            })
        };
        let declines = reading
            .intents
            .iter()
            .any(|it| it.kind == IntentKind::DeclineAll);
        let bounded = ends.is_some() || begins.is_some();
        if picks.is_empty()
            && let Some((but, clause)) = &any
        {
            let words = self.words(clause);
            let asked: Vec<&ReplyWish> = reading
                .wishes
                .iter()
                .filter(|it| matches!(it.kind, WishKind::Only | WishKind::Free))
                .collect();
            let within = |n: &u32| asked.is_empty() || asked.iter().any(|it| it.slots.contains(n));
            let left: Vec<u32> = all
                .iter()
                .copied()
                .filter(|n| !but.contains(n) && !refused.contains(n) && within(n) && fits(*n))
                .collect();
            reading
                .intents
                .push(intent(IntentKind::AcceptAny, &words, Confidence::Sure));
            if !asked.is_empty() || declines {
                // Any of other times.
                return;
            }
            if left.is_empty() {
                reading
                    .intents
                    .push(intent(IntentKind::Constrain, &words, Confidence::Likely));
                return;
            }
            reading.choice = Some(Choice {
                kind: ChoiceKind::AnyOf,
                slots: left,
                words,
            });
            return;
        }
        if picks.is_empty() {
            let Some((kind, clause)) = agrees.filter(|_| !declines) else {
                return;
            };
            let words = self.words(clause);
            let names_nothing = reading.wishes.is_empty()
                && !reading
                    .intents
                    .iter()
                    .any(|it| it.kind == IntentKind::Propose);
            if !names_nothing {
                return;
            }
            let polite = kind == ChoiceKind::AnyOf
                && reading.intents.iter().any(|it| {
                    matches!(
                        it.kind,
                        IntentKind::Thanks | IntentKind::Confirm | IntentKind::Question
                    )
                });
            // A question is answered by a person, who sees the rest, too.
            let asks = reading
                .intents
                .iter()
                .any(|it| it.kind == IntentKind::Question);
            if (polite || asks) && all.len() != 1 {
                return;
            }
            let kind = match (all.len(), kind) {
                (1, ChoiceKind::One | ChoiceKind::AnyOf) if !bounded || fits(all[0]) => {
                    ChoiceKind::One
                }
                (_, ChoiceKind::Tentative) => ChoiceKind::Tentative,
                (_, ChoiceKind::Reluctant) => ChoiceKind::Reluctant,
                _ => ChoiceKind::Unclear,
            };
            reading
                .intents
                .push(intent(IntentKind::Confirm, &words, Confidence::Likely));
            let slots = if all.len() == 1 { all } else { Vec::new() };
            reading.choice = Some(Choice { kind, slots, words });
            return;
        }
        let words = picks
            .iter()
            .map(|it| self.words(it.1))
            .collect::<Vec<_>>()
            .join(" … ");
        let (mut picks, fallback): (Vec<_>, Vec<_>) =
            picks.into_iter().partition(|it| !it.0.second);
        let in_order =
            !fallback.is_empty() || (picks.iter().any(|it| it.0.preferred) && picks.len() > 1);
        picks.sort_by_key(|it| !it.0.preferred);
        picks.extend(fallback);
        // An exact time within a window that was said, too, is the choice.
        let exact: Vec<u32> = picks
            .iter()
            .filter(|it| !it.0.loose)
            .flat_map(|it| it.0.slots.clone())
            .collect();
        if !exact.is_empty() {
            let covers =
                |it: &(Pick, &Read)| !it.0.loose || !exact.iter().any(|n| it.0.slots.contains(n));
            picks.retain(covers);
        }
        narrowed(&mut picks);
        let mut slots: Vec<u32> = Vec::new();
        let mut kind: Option<ChoiceKind> = None;
        let count = picks.len();
        for (pick, _) in &picks {
            for n in &pick.slots {
                if !slots.contains(n) {
                    slots.push(*n);
                }
            }
            kind = Some(match kind {
                None => pick.kind,
                Some(before) => weaker(before, pick.kind),
            });
        }
        let mut kind = kind.unwrap_or(ChoiceKind::Unclear);
        let settled = matches!(
            kind,
            ChoiceKind::One | ChoiceKind::AnyOf | ChoiceKind::InOrder
        );
        if settled {
            kind = match (slots.len(), in_order, count) {
                (0, ..) => ChoiceKind::Unclear,
                (1, ..) => ChoiceKind::One,
                (_, true, _) => ChoiceKind::InOrder,
                (_, false, 1) => kind,
                _ if any.is_some() => ChoiceKind::AnyOf,
                _ => ChoiceKind::Unclear,
            };
        }
        // "I have nothing on next week, so whichever you like": any of what was named.
        if let Some((but, _)) = &any
            && picks
                .iter()
                .all(|it| (it.0.loose || it.0.by == IntentKind::Accept) && !it.0.contradicts)
            && kind == ChoiceKind::Unclear
            && count == 1
        {
            slots.retain(|n| !but.contains(n));
            kind = match slots.len() {
                0 => ChoiceKind::Unclear,
                1 => ChoiceKind::One,
                _ => ChoiceKind::AnyOf,
            };
        }
        let contradicted = declines || slots.iter().any(|n| refused.contains(n));
        if contradicted {
            kind = ChoiceKind::Unclear;
        }
        let loose = picks.iter().all(|it| it.0.loose);
        if bounded && !slots.is_empty() && slots.iter().any(|n| !fits(*n)) {
            if loose && slots.iter().all(|n| !fits(*n)) {
                // "Thursday, but I must leave at 10:10": no slot of that day, so another one.
                reading
                    .intents
                    .push(intent(IntentKind::Constrain, &words, Confidence::Likely));
                reading
                    .intents
                    .push(intent(IntentKind::Propose, &words, Confidence::Likely));
                return;
            }
            kind = ChoiceKind::Unfit;
        } else if bounded {
            // The condition is met, so it is none.
            reading
                .unread
                .retain(|it| it.hinge != Some(Hinge::Condition) && it.hinge != Some(Hinge::Time));
        }
        if self.needs_the_day(&picks)
            && !matches!(kind, ChoiceKind::Tentative | ChoiceKind::Reluctant)
        {
            kind = ChoiceKind::Unclear;
        }
        if kind == ChoiceKind::Unclear && loose && slots.len() > 1 {
            // "Mornings are best": a wish that leaves several.
            let wish = intent(IntentKind::Constrain, &words, Confidence::Likely);
            reading.intents.push(wish);
        }
        let certain = matches!(
            kind,
            ChoiceKind::One | ChoiceKind::AnyOf | ChoiceKind::InOrder
        );
        for (pick, clause) in &picks {
            let by = match pick.by {
                IntentKind::AcceptTime if pick.slots.is_empty() => IntentKind::Propose,
                IntentKind::AcceptTime
                    if pick.kind == ChoiceKind::AnyOf && pick.slots.len() > 1 =>
                {
                    IntentKind::AcceptAny
                }
                by => by,
            };
            let mut found = intent(
                by,
                &self.words(clause),
                if certain {
                    Confidence::Sure
                } else {
                    Confidence::Unsure
                },
            );
            found.option = pick.slots.first().copied();
            reading.intents.push(found);
        }
        reading.choice = Some(Choice { kind, slots, words });
    }

    /// Whether a choice counts from a day that is not known (R1).
    fn needs_the_day(&self, picks: &[(Pick, &Read)]) -> bool {
        let by_time = picks.iter().any(|it| it.0.by != IntentKind::Accept);
        let from = |least: Counted| {
            let mut spots = self.spots.iter();
            spots.any(|it| !it.slots.is_empty() && it.counted >= least)
        };
        match self.reader.frame.written {
            Written::At(..) => false,
            Written::Unsaid => by_time && from(Counted::FromThatDay),
            Written::Wrong => by_time && from(Counted::Weekday),
        }
    }
}

/// "Thursday, but the afternoon one": two windows, of which one slot is in both.
fn narrowed(picks: &mut [(Pick, &Read)]) {
    let [(a, _), (b, _)] = &*picks else {
        return;
    };
    let both = a.slots.iter().copied().filter(|n| b.slots.contains(n));
    let both: Vec<u32> = both.collect();
    let open = |it: &Pick| it.loose && it.kind == ChoiceKind::Unclear && !it.contradicts;
    if both.len() != 1 || !(open(a) || open(b)) || !(a.loose && b.loose) {
        return;
    }
    for (pick, _) in picks {
        pick.slots.clone_from(&both);
        pick.kind = ChoiceKind::One;
    }
}

/// Of two choices the one that says less.
fn weaker(a: ChoiceKind, b: ChoiceKind) -> ChoiceKind {
    let rank = |it: ChoiceKind| match it {
        ChoiceKind::Unfit => 0,
        ChoiceKind::Unclear => 1,
        ChoiceKind::Reluctant => 2,
        ChoiceKind::Tentative => 3,
        ChoiceKind::InOrder => 4,
        ChoiceKind::AnyOf => 5,
        ChoiceKind::One => 6,
    };
    if rank(a) <= rank(b) { a } else { b }
}
