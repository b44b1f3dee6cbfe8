//! How well replies are read: labelled sets, and the figures over them.
//!
//! Owns what counts as clear, needless and wrong. Must hold no rule of reading.

mod sets;

use greenroom_protocol::reply::{
    Act, ActKind, EvalFigures, EvalMiss, EvalReport, EvalSet, Hinge, IntentKind, ReplyReading,
};

pub use self::sets::{BadLine, Case};
use self::sets::{Label, name};
pub(super) use self::sets::{Labelled, labelled_lines};
use super::{Around, decide};
use crate::schedule::time::NotATime;

/// The longest text that is shown of a reply, in characters.
const SHOWN: usize = 160;

/// What a text says, and what stands around it.
pub type Heard = (ReplyReading, Around);

/// Reads every reply of a file of sets with `reader`.
///
/// # Errors
/// [`BadLine`]: the first line that is not written as a set is.
pub fn eval(
    text: &str,
    reader: &dyn Fn(&Case) -> Result<Heard, NotATime>,
) -> Result<EvalReport, BadLine> {
    let mut report = EvalReport::default();
    for found in labelled_lines(text) {
        let Labelled {
            line,
            set,
            case,
            label,
        } = found?;
        let at = match report.sets.iter().position(|it| it.name == set) {
            Some(at) => at,
            None => {
                report.sets.push(EvalSet {
                    name: set,
                    ..EvalSet::default()
                });
                report.sets.len() - 1
            }
        };
        let read = reader(&case).map_err(|why| BadLine {
            line,
            why: why.to_string(),
        })?;
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        judge(&case, &label, &read, line, &mut report.sets[at]);
    }
    Ok(report)
}

fn judge(
    case: &Case,
    label: &Label,
    (reading, around): &(ReplyReading, Around),
    line: u32,
    set: &mut EvalSet,
) {
    let act = decide(reading, around, case.now);
    let read_right = label.intents.is_empty()
        || reading
            .intents
            .iter()
            .any(|it| label.intents.contains(&it.kind));
    let wrong = count(&mut set.figures, label, &act, read_right);
    let mut strict = reading.clone();
    for left in &mut strict.unread {
        left.hinge = left.hinge.or(Some(Hinge::Long));
    }
    let strict_act = decide(&strict, around, case.now);
    count(&mut set.without_hinges, label, &strict_act, read_right);
    if wrong || !is_right(label, &act) || !read_right {
        let miss = EvalMiss {
            line,
            text: case.said.replace('\n', " ⏎ ").chars().take(SHOWN).collect(),
            expected: expected(label),
            found: found(&act, reading),
        };
        match wrong {
            true => set.wrong.push(miss),
            false => set.missed.push(miss),
        }
    }
}

fn is_right(label: &Label, act: &Act) -> bool {
    let option = act.option.is_some_and(|n| label.options.contains(&n));
    label.acts.contains(&act.kind) && (act.kind != ActKind::Book || option)
}

/// Counts a reply; whether it was acted on in another way than its label says.
fn count(figures: &mut EvalFigures, label: &Label, act: &Act, read_right: bool) -> bool {
    let right = is_right(label, act);
    let needs_person = label.acts == [ActKind::Person];
    let clear_act = !label
        .acts
        .iter()
        .any(|it| matches!(it, ActKind::Person | ActKind::Ask));
    let clear_intent = label.intents.is_empty()
        || label.intents.iter().any(|it| {
            matches!(
                it,
                IntentKind::Accept
                    | IntentKind::AcceptTime
                    | IntentKind::AcceptAny
                    | IntentKind::DeclineAll
                    | IntentKind::Propose
                    | IntentKind::Reschedule
                    | IntentKind::Away
                    | IntentKind::Confirm
            )
        });
    // To ask back where the act was plain loses time and does no harm.
    let harmless = match act.kind {
        ActKind::Person => true,
        ActKind::Ask => label
            .acts
            .iter()
            .any(|it| matches!(it, ActKind::Book | ActKind::Propose)),
        _ => false,
    };
    let wrong = !right && !harmless;
    figures.replies += 1;
    figures.intents_right += u32::from(read_right);
    figures.wrong += u32::from(wrong);
    if clear_act && clear_intent {
        figures.clear += 1;
        figures.clear_right += u32::from(right);
    }
    if !needs_person {
        figures.without_person += 1;
        figures.needless += u32::from(act.kind == ActKind::Person && !right);
    }
    wrong
}

fn expected(label: &Label) -> String {
    let acts: Vec<String> = label.acts.iter().map(name).collect();
    let options: Vec<String> = label.options.iter().map(u32::to_string).collect();
    let intents: Vec<String> = label.intents.iter().map(name).collect();
    let act = format!("{} {}", acts.join("/"), options.join("/"));
    format!("{} · {}", act.trim(), intents.join("/"))
}

fn found(act: &Act, reading: &ReplyReading) -> String {
    let option = act.option.map_or_else(String::new, |n| format!(" {n}"));
    let intents: Vec<String> = reading.intents.iter().map(|it| name(&it.kind)).collect();
    let left = reading.unread.iter().filter_map(|it| {
        let hinge = it.hinge?;
        Some(format!("{}: {}", name(&hinge), it.words))
    });
    let left: Vec<String> = left.collect();
    let left = if left.is_empty() {
        String::new()
    } else {
        format!(" · {}", left.join(", "))
    };
    format!(
        "{}{option} ({}) · {}{left}",
        name(&act.kind),
        act.why,
        intents.join(" ")
    )
}
