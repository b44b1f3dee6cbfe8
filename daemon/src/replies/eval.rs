//! How well replies are read: labelled sets, and the figures over them.
//!
//! Owns how a set is written and what counts as clear, needless and wrong. Must hold no rule of
//! reading.
//!
//! A set is text. A line in brackets is the frame of the lines below it: `set=` its name, `now=`
//! the local time of arrival, `zone=`, and where given `date=` (of the email, RFC 3339, `none`
//! or `wrong`), `locale=`, `printed=` (the zone of the slots), `auto=yes` and `slots=`, a list of
//! `2026-12-08T10:00/45`, or `none`. What stands around: `booked=` (as a slot is written, with
//! `sequence=`, `moving=yes` and `asked=yes`), `author=` (`shared`, `member` or `other`, with
//! `others=`, names with commas between them and `_` for a space), `sent=` (when our email left), `message-id=`, and
//! `earlier=`, the slots of a round before, whose Message-ID is `round-1@greenroom.example`.
//! Every other line is `text | act option | intents`: several acts, options or intents that are as
//! right are parted by `/`, `-` is any intent, and `\n` ends a line of the text. A text that begins
//! with headers of an email is one.

use greenroom_protocol::reply::{
    Act, ActKind, EvalFigures, EvalMiss, EvalReport, EvalSet, Hinge, IntentKind, ReplyAround,
    ReplyBooked, ReplyProposal, ReplyReading, ReplyRound, ReplySlot,
};
use greenroom_protocol::time::Instant;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::{Around, Frame, Hearing, Written, decide, own, read};
use crate::schedule::time::{self, NotATime};

/// The longest text that is shown of a reply, in characters.
const SHOWN: usize = 160;

/// A line of a set that can't be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct BadLine {
    /// From 1.
    pub line: usize,
    /// What is wrong.
    pub why: String,
}

/// The Message-ID of the round before the newest.
const EARLIER: &str = "round-1@greenroom.example";

/// What a labelled text is read against.
#[derive(Debug, Clone)]
pub struct Case {
    /// What is written.
    pub said: String,
    /// When it arrived.
    pub now: Instant,
    /// When it was written.
    pub written: Written,
    /// The candidate's zone.
    pub zone: String,
    /// As in `en_US`; `None`: the zone's country.
    pub locale: Option<String>,
    /// A machine wrote it.
    pub automatic: bool,
    /// What it answers.
    pub proposal: Option<ReplyProposal>,
    /// What else stands around it.
    pub thread: ReplyAround,
}

impl Case {
    /// What it is read against.
    #[must_use]
    pub fn frame(&self) -> Frame<'_> {
        Frame {
            written: self.written,
            now: self.now,
            zone: &self.zone,
            locale: self.locale.as_deref(),
            proposal: self.proposal.as_ref(),
            booked: self.thread.booked.as_ref().filter(|it| !it.moving),
        }
    }

    /// Reads it as a text that has no headers.
    ///
    /// # Errors
    /// [`NotATime::Zone`] if there is no zone of that name.
    pub fn as_text(&self) -> Result<(ReplyReading, Around), NotATime> {
        let hearing = Hearing {
            automatic: self.automatic,
            ..Hearing::default()
        };
        let around = Around {
            booked: self.thread.booked,
            ..Around::of(self.proposal.as_ref())
        };
        Ok((read(&own(&self.said), hearing, &self.frame())?, around))
    }
}

/// The lines below a bracket.
#[derive(Debug, Clone)]
struct Section {
    set: String,
    case: Case,
}

/// What a label says is right.
struct Label {
    acts: Vec<ActKind>,
    options: Vec<u32>,
    intents: Vec<IntentKind>,
}

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
    let mut section: Option<Section> = None;
    for (nth, line) in text.lines().enumerate() {
        let line = line.trim();
        let bad = |why: &str| BadLine {
            line: nth + 1,
            why: why.to_owned(),
        };
        if line.is_empty() || line.starts_with("# ") || line == "#" {
            continue;
        }
        if let Some(inner) = line.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
            section = Some(begin(inner, section.as_ref()).map_err(|why| bad(&why))?);
            continue;
        }
        let section = section
            .as_ref()
            .ok_or_else(|| bad("a frame in brackets comes first"))?;
        let (said, label) = labelled(line).map_err(|why| bad(&why))?;
        let case = Case {
            said,
            ..section.case.clone()
        };
        let set = match report.sets.iter().position(|it| it.name == section.set) {
            Some(at) => &mut report.sets[at],
            None => {
                report.sets.push(EvalSet {
                    name: section.set.clone(),
                    ..EvalSet::default()
                });
                let last = report.sets.len() - 1;
                &mut report.sets[last]
            }
        };
        let line = u32::try_from(nth + 1).unwrap_or(u32::MAX);
        let read = reader(&case).map_err(|why| bad(&why.to_string()))?;
        judge(&case, &label, &read, line, set);
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

/// How a value of a closed set is written.
fn name<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

fn named<T: serde::de::DeserializeOwned>(name: &str) -> Result<T, String> {
    let value = serde_json::Value::String(name.to_owned());
    serde_json::from_value(value).map_err(|_| format!("`{name}` is not known here"))
}

fn labelled(line: &str) -> Result<(String, Label), String> {
    let mut parts = line.rsplitn(3, " | ");
    let (Some(intents), Some(act), Some(text)) = (parts.next(), parts.next(), parts.next()) else {
        return Err("write it as `text | act option | intents`".to_owned());
    };
    let (acts, options) = act.trim().split_once(' ').unwrap_or((act.trim(), ""));
    let split = |it: &str| -> Vec<String> {
        let parts = it
            .split('/')
            .map(str::trim)
            .filter(|it| !it.is_empty() && *it != "-");
        parts.map(str::to_owned).collect()
    };
    let number = |it: &String| it.parse().map_err(|_| format!("`{it}` is no option"));
    let label = Label {
        acts: split(acts)
            .iter()
            .map(|it| named(it))
            .collect::<Result<_, _>>()?,
        options: split(options)
            .iter()
            .map(number)
            .collect::<Result<_, _>>()?,
        intents: split(intents)
            .iter()
            .map(|it| named(it))
            .collect::<Result<_, _>>()?,
    };
    if label.acts.is_empty() {
        return Err("an act is missing".to_owned());
    }
    Ok((text.replace("\\n", "\n"), label))
}

/// What a bracket says, by its keys.
struct Keys<'k>(&'k str);

impl Keys<'_> {
    fn value(&self, key: &str) -> Option<&str> {
        let mut all = self.0.split_whitespace();
        all.find_map(|it| it.strip_prefix(key)?.strip_prefix('='))
    }

    fn says(&self, key: &str) -> bool {
        self.value(key) == Some("yes")
    }
}

/// The frame that a bracket begins: the set, its moment, zone and slots are as before where it does
/// not say them.
fn begin(inner: &str, before: Option<&Section>) -> Result<Section, String> {
    let keys = Keys(inner);
    let zone = keys
        .value("zone")
        .or(before.map(|it| it.case.zone.as_str()))
        .ok_or("a zone is missing")?
        .to_owned();
    let tz = time::zone(&zone).map_err(|it| it.to_string())?;
    let now = match (keys.value("now"), before) {
        (Some(text), _) => local(text, &tz)?,
        (None, Some(before)) => before.case.now,
        (None, None) => return Err("now is missing".to_owned()),
    };
    let printed = keys.value("printed").unwrap_or(&zone).to_owned();
    let proposal = match keys.value("slots") {
        Some("none") => None,
        None => before.and_then(|it| it.case.proposal.clone()),
        Some(list) => Some(slots(list, &printed)?),
    };
    let set = keys.value("set").or(before.map(|it| it.set.as_str()));
    Ok(Section {
        set: set.unwrap_or("unnamed").to_owned(),
        case: Case {
            said: String::new(),
            now,
            written: written(&keys, now, &tz)?,
            locale: keys.value("locale").map(str::to_owned),
            automatic: keys.says("auto"),
            proposal,
            thread: thread(&keys, &tz, &printed)?,
            zone,
        },
    })
}

fn local(text: &str, tz: &TimeZone) -> Result<Instant, String> {
    let local: DateTime = text
        .parse()
        .map_err(|_| format!("`{text}` is no local time"))?;
    let moment = local.to_zoned(tz.clone()).map_err(|it| it.to_string())?;
    Ok(moment.timestamp().into())
}

/// `2026-12-08T10:00/45`.
fn span(text: &str, tz: &TimeZone) -> Result<(Instant, Instant), String> {
    let (start, minutes) = text.split_once('/').ok_or("a slot has a length")?;
    let start = local(start, tz)?;
    let minutes = minutes
        .parse()
        .map_err(|_| format!("`{minutes}` is no length"))?;
    Ok((start, start.plus_minutes(minutes)))
}

fn slots(list: &str, zone: &str) -> Result<ReplyProposal, String> {
    let tz = time::zone(zone).map_err(|it| it.to_string())?;
    let slot = |(n, text): (u32, &str)| {
        let (start, end) = span(text, &tz)?;
        Ok(ReplySlot { n, start, end })
    };
    let slots: Result<Vec<_>, String> = (1..).zip(list.split(',')).map(slot).collect();
    Ok(ReplyProposal {
        slots: slots?,
        zone: zone.to_owned(),
    })
}

fn written(keys: &Keys<'_>, now: Instant, tz: &TimeZone) -> Result<Written, String> {
    Ok(match keys.value("date") {
        None => Written::At(now, Some(tz.to_offset(now.timestamp()).seconds())),
        Some("none") => Written::Unsaid,
        Some("wrong") => Written::Wrong,
        Some(text) => {
            let moment: Timestamp = text.parse().map_err(|_| format!("`{text}` is no time"))?;
            let pieces = jiff::fmt::temporal::Pieces::parse(text).map_err(|it| it.to_string())?;
            let offset = match pieces.offset() {
                Some(jiff::fmt::temporal::PiecesOffset::Numeric(it)) => Some(it.offset().seconds()),
                _ => None,
            };
            Written::At(moment.into(), offset)
        }
    })
}

fn thread(keys: &Keys<'_>, tz: &TimeZone, printed: &str) -> Result<ReplyAround, String> {
    let booked = keys.value("booked").map(|it| span(it, tz)).transpose()?;
    let sequence = keys.value("sequence").unwrap_or("0");
    let sequence = sequence
        .parse()
        .map_err(|_| format!("`{sequence}` is no sequence"))?;
    let booked = booked.map(|(start, end)| ReplyBooked {
        start,
        end,
        sequence,
        moving: keys.says("moving"),
        asked: keys.says("asked"),
    });
    let earlier = keys.value("earlier").map(|it| slots(it, printed));
    let earlier = earlier.transpose()?.map(|proposal| ReplyRound {
        message_id: EARLIER.to_owned(),
        proposal,
    });
    let others = keys.value("others").unwrap_or_default().split(',');
    Ok(ReplyAround {
        booked,
        author: keys.value("author").map_or(Ok(Default::default()), named)?,
        others: others
            .filter(|it| !it.is_empty())
            .map(|it| it.replace('_', " "))
            .collect(),
        sent_at: keys.value("sent").map(|it| local(it, tz)).transpose()?,
        message_id: keys.value("message-id").map(str::to_owned),
        earlier: earlier.into_iter().collect(),
    })
}
