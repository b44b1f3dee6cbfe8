//! Answers between the lines of a quote.

use greenroom_protocol::reply::{
    Choice, ChoiceKind, Confidence, IntentKind, ReplyReading, ReplyWish, WishKind,
};

use super::{Reader, intent};
use crate::replies::clauses::Target;
use crate::replies::words::{among, words};
use crate::schedule::time::NotATime;

impl Reader<'_> {
    /// An answer below a quoted line is about the slot in that line.
    pub(super) fn between(
        &self,
        asked: &str,
        said: &str,
        reading: &mut ReplyReading,
    ) -> Result<(), NotATime> {
        let (parsed, spots) = self.parse(asked)?;
        let mut about: Vec<u32> = parsed
            .targets
            .iter()
            .filter_map(|it| match it {
                Target::Option(option) => Some(option.n),
                Target::Times { .. } => None,
            })
            .collect();
        if about.is_empty() {
            about = spots.iter().flat_map(|it| it.slots.clone()).collect();
        }
        let own = self.read(said)?;
        let one = about
            .first()
            .copied()
            .filter(|n| about.iter().all(|it| it == n));
        let Some(n) = one.filter(|n| self.slots.iter().any(|it| it.n == *n)) else {
            // Below anything else an answer is read as it stands.
            merge(reading, own);
            return Ok(());
        };
        let (slots, kind) = match &own.choice {
            Some(choice)
                if choice.slots.is_empty()
                    && choice.kind == ChoiceKind::Unclear
                    && !said.contains('?') =>
            {
                (vec![n], ChoiceKind::One)
            }
            Some(choice) if choice.slots.is_empty() || choice.slots == [n] => {
                (vec![n], choice.kind)
            }
            Some(_) => (vec![n], ChoiceKind::Unclear),
            None => {
                let short = said.split_whitespace().count() <= 3;
                let no = words(said)
                    .iter()
                    .any(|it| matches!(it.low.as_str(), "no" | "nope" | "not" | "x" | "-"));
                let refused = own
                    .intents
                    .iter()
                    .any(|it| it.kind == IntentKind::DeclineAll);
                if own.wishes.is_empty() && (refused || (short && no)) {
                    reading.wishes.push(ReplyWish {
                        kind: WishKind::Not,
                        start: None,
                        end: None,
                        slots: vec![n],
                        words: said.to_owned(),
                    });
                    let kind = IntentKind::Constrain;
                    reading.intents.push(intent(kind, said, Confidence::Likely));
                    return Ok(());
                }
                let thanks = own.intents.iter().any(|it| it.kind == IntentKind::Thanks);
                let agrees = words(said).iter().any(|it| {
                    among(
                        &it.low,
                        "great perfect yes ok good fine works super excellent lovely",
                    )
                });
                let plain = own.unread.iter().all(|it| it.hinge.is_none()) && !said.contains('?');
                if !(thanks && short && agrees && plain) {
                    if !thanks {
                        merge(reading, own);
                    }
                    return Ok(());
                }
                (vec![n], ChoiceKind::One)
            }
        };
        let more = reading.choice.take();
        let choice = match more {
            None => Choice {
                kind: if kind == ChoiceKind::AnyOf {
                    ChoiceKind::One
                } else {
                    kind
                },
                slots,
                words: said.to_owned(),
            },
            Some(before) => Choice {
                kind: ChoiceKind::Unclear,
                slots: before.slots.into_iter().chain(slots).collect(),
                words: said.to_owned(),
            },
        };
        let mut found = intent(IntentKind::Accept, said, Confidence::Likely);
        found.option = Some(n);
        reading
            .intents
            .retain(|it| it.kind != IntentKind::DeclineAll);
        reading.intents.push(found);
        reading.choice = Some(choice);
        reading.unread.extend(own.unread);
        Ok(())
    }
}

fn merge(reading: &mut ReplyReading, other: ReplyReading) {
    reading.intents.extend(other.intents);
    reading.wishes.extend(other.wishes);
    reading.unread.extend(other.unread);
    reading.times.extend(other.times);
    reading.choice = match (reading.choice.take(), other.choice) {
        (Some(before), Some(_)) => Some(Choice {
            kind: ChoiceKind::Unclear,
            ..before
        }),
        (before, after) => before.or(after),
    };
}
