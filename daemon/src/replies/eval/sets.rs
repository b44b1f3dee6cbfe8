//! How a labelled set is written.
//!
//! Owns the lines of a set and their frames. Must not know how well anything is read.
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
    ActKind, IntentKind, ReplyAround, ReplyBooked, ReplyProposal, ReplyReading, ReplyRound,
    ReplySlot,
};
use greenroom_protocol::time::Instant;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::replies::{Around, Frame, Hearing, Written, own, read};
use crate::schedule::time::{self, NotATime};

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

/// How a value of a closed set is written.
pub(super) fn name<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

/// The lines below a bracket.
#[derive(Debug, Clone)]
struct Section {
    set: String,
    case: Case,
}

/// What a label says is right.
pub(in crate::replies) struct Label {
    pub acts: Vec<ActKind>,
    pub options: Vec<u32>,
    pub intents: Vec<IntentKind>,
}

/// A reply of a set, with what is right.
pub(in crate::replies) struct Labelled {
    /// From 1.
    pub line: usize,
    /// The name of its set.
    pub set: String,
    pub case: Case,
    pub label: Label,
}

/// Every reply of a text of sets; a line that can't be read is the last one.
pub(in crate::replies) fn labelled_lines(
    text: &str,
) -> impl Iterator<Item = Result<Labelled, BadLine>> + '_ {
    let mut section: Option<Section> = None;
    let read = move |(nth, line): (usize, &str)| {
        let line = line.trim();
        let bad = |why: String| Some(Err(BadLine { line: nth + 1, why }));
        if line.is_empty() || line.starts_with("# ") || line == "#" {
            return None;
        }
        if let Some(inner) = line.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
            match begin(inner, section.as_ref()) {
                Ok(begun) => section = Some(begun),
                Err(why) => return bad(why),
            }
            return None;
        }
        let Some(section) = &section else {
            return bad("a frame in brackets comes first".to_owned());
        };
        let (said, label) = match labelled(line) {
            Ok(found) => found,
            Err(why) => return bad(why),
        };
        let case = Case {
            said,
            ..section.case.clone()
        };
        Some(Ok(Labelled {
            line: nth + 1,
            set: section.set.clone(),
            case,
            label,
        }))
    };
    text.lines().enumerate().filter_map(read)
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
