//! From clauses to one reading of the whole answer.
//!
//! Owns how clauses go together: corrections (R15), wishes and bounds over a choice (R5, R7), order
//! and delegation (R6), and what contradicts itself. Must not decide what is done.

mod between;
mod choose;
mod doubts;
mod gather;
mod plain;
mod second;
mod slips;
mod times;

use std::ops::Range;

use greenroom_protocol::reply::{
    Choice, ChoiceKind, Confidence, Hinge, Intent, IntentKind, Left, ReplyBooked, ReplyProposal,
    ReplyReading, ReplySlot, WishKind,
};
use greenroom_protocol::time::Instant;
use jiff::tz::TimeZone;

use self::doubts::doubts;
use self::gather::Gathered;
use self::plain::{after_hours, plain_clocks};
use self::second::second_look;
use super::clauses::{Clause, Parsed, Target, parse};
use super::options;
use super::own::Own;
use super::phrases::Cue;
use super::says::{Known, Says, WishSaid, says};
use super::slots::{Slot, Spot, slots};
use super::words::words;
use crate::schedule::time::{self, NotATime};

/// The most of an answer that is read, in bytes.
pub const LONGEST: usize = 20_000;

/// The number of a slot that was never sent with one: none that anybody writes.
const NO_OPTION: u32 = 1000;

/// What an answer is read against.
#[derive(Debug, Clone)]
pub struct Frame<'f> {
    /// When it was written, as far as that is known (R1).
    pub written: Written,
    /// When it arrived.
    pub now: Instant,
    /// The candidate's zone.
    pub zone: &'f str,
    /// As in `en_US`; `None`: the zone's country.
    pub locale: Option<&'f str>,
    /// What it answers.
    pub proposal: Option<&'f ReplyProposal>,
    /// The interview that is booked, while nobody has asked to move it: what is said of times is
    /// said of it.
    pub booked: Option<&'f ReplyBooked>,
}

/// When an email was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// By its `Date`: the moment and the offset from UTC in seconds; `None`: a server's, not the
    /// writer's.
    At(Instant, Option<i32>),
    /// It has no `Date`.
    Unsaid,
    /// Its `Date` can't be right, so that only full dates count.
    Wrong,
}

/// What the email says besides its words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hearing {
    /// A machine wrote it, by its headers (R12).
    pub automatic: bool,
    /// Why a person has to look at it, whatever its text says (R11, R13).
    pub doubt: Option<Hinge>,
}

/// One clause and what it says.
struct Read {
    says: Vec<Says>,
    wishes: Vec<WishSaid>,
    at: Range<usize>,
    adverse: bool,
    /// It says when they are back.
    back: bool,
}

/// Reads an answer.
///
/// # Errors
/// [`NotATime::Zone`] if there is no zone of that name.
pub fn read(own: &Own, hearing: Hearing, frame: &Frame<'_>) -> Result<ReplyReading, NotATime> {
    let printed = frame.proposal.map_or(frame.zone, |it| it.zone.as_str());
    let zone = time::zone(printed)?;
    time::zone(frame.zone)?;
    let slots = match frame.booked {
        Some(booked) => slots(&arranged(booked, frame.proposal, printed), &zone),
        None => frame.proposal.map_or_else(Vec::new, |it| slots(it, &zone)),
    };
    let reader = Reader {
        frame,
        printed,
        zone: &zone,
        slots: &slots,
    };
    let lowered;
    let text = match is_shouted(&own.text) {
        true => {
            lowered = own.text.to_ascii_lowercase();
            cut(&lowered)
        }
        false => cut(&own.text),
    };
    let mut reading = reader.read(text)?;
    for (asked, said) in &own.between {
        reader.between(asked, said, &mut reading)?;
    }
    if frame.booked.is_some() {
        moves(&mut reading);
        let silent = reading
            .intents
            .iter()
            .all(|it| it.kind == IntentKind::Other)
            && reading.unread.iter().all(|it| it.hinge.is_none());
        if silent && text.to_lowercase().contains("looking forward") {
            reading
                .intents
                .push(intent(IntentKind::Confirm, text.trim(), Confidence::Likely));
        }
    }
    let settled = reading
        .choice
        .as_ref()
        .is_some_and(|it| is_settled(it.kind));
    if own.forwarded && !settled {
        // What is passed on may be what they speak of (R10).
        reading.unread.push(left("", Some(Hinge::Question)));
    }
    if own.forwarded && text.trim().is_empty() {
        reading
            .intents
            .push(intent(IntentKind::Other, "", Confidence::Sure));
    }
    if hearing.doubt.is_some() {
        reading.unread.push(left("", hearing.doubt));
    }
    reading.automatic |= hearing.automatic;
    if reading.automatic {
        reading.choice = None;
        let keeps = |it: &Intent| matches!(it.kind, IntentKind::Away | IntentKind::WrongPerson);
        reading.intents.retain(keeps);
    }
    if reading.intents.is_empty() {
        reading
            .intents
            .push(intent(IntentKind::Other, "", Confidence::Sure));
    }
    second_look(text, frame.booked.is_some(), &mut reading);
    last_return(&mut reading);
    reading.intents.sort_by_key(|it| it.kind);
    reading
        .intents
        .dedup_by(|a, b| a.kind == b.kind && a.option == b.option);
    Ok(reading)
}

/// Who says twice that they are away, and once until when, is away until then.
fn last_return(reading: &mut ReplyReading) {
    let is_away = |it: &&Intent| it.kind == IntentKind::Away;
    let until = reading
        .intents
        .iter()
        .filter(is_away)
        .filter_map(|it| it.until);
    let until = until.max();
    let mut aways = reading.intents.iter_mut();
    for away in aways.by_ref().filter(|it| it.kind == IntentKind::Away) {
        away.until = until;
    }
}

/// Other times than the one booked are a wish to move it, and that one confirms it.
fn moves(reading: &mut ReplyReading) {
    let settled = reading
        .choice
        .as_ref()
        .is_some_and(|it| it.kind == ChoiceKind::One);
    for said in &mut reading.intents {
        if settled && said.kind == IntentKind::AcceptTime {
            said.kind = IntentKind::Confirm;
        }
    }
    let asks = |it: &&Intent| {
        matches!(it.kind, IntentKind::Propose | IntentKind::DeclineAll) && reading.choice.is_none()
    };
    let Some(found) = reading.intents.iter().find(asks) else {
        return;
    };
    let found = intent(IntentKind::Reschedule, &found.words, found.confidence);
    reading.intents.push(found);
}

/// What is booked as the one slot there is, by the number it was sent with.
fn arranged(booked: &ReplyBooked, sent: Option<&ReplyProposal>, zone: &str) -> ReplyProposal {
    let mut sent = sent.iter().flat_map(|it| &it.slots);
    let n = sent.find(|it| it.start == booked.start).map(|it| it.n);
    let slot = ReplySlot {
        n: n.unwrap_or(NO_OPTION),
        start: booked.start,
        end: booked.end,
    };
    ReplyProposal {
        slots: vec![slot],
        zone: zone.to_owned(),
    }
}

/// Written in capitals from its beginning to its end, which say nothing then.
fn is_shouted(text: &str) -> bool {
    let capitals = text.chars().filter(|it| it.is_uppercase()).count();
    capitals >= 8 && !text.chars().any(char::is_lowercase)
}

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST)]
}

fn intent(kind: IntentKind, words: &str, confidence: Confidence) -> Intent {
    Intent {
        kind,
        confidence,
        words: words.to_owned(),
        option: None,
        until: None,
    }
}

fn left(words: &str, hinge: Option<Hinge>) -> Left {
    Left {
        words: words.to_owned(),
        hinge,
    }
}

struct Reader<'r> {
    frame: &'r Frame<'r>,
    printed: &'r str,
    zone: &'r TimeZone,
    slots: &'r [Slot],
}

impl Reader<'_> {
    fn parse(&self, text: &str) -> Result<(Parsed, Vec<Spot>), NotATime> {
        let words = words(text);
        let mut named = options::named(&words);
        // What is called an option is no hour: its words are hidden from the reader of times.
        let mut masked = text.to_owned();
        for option in &named {
            let range = words[option.from].at.start..words[option.to - 1].at.end;
            let hidden: String = text[range.clone()]
                .chars()
                .map(|it| if it.is_ascii() { "x" } else { "" })
                .collect();
            if hidden.len() == range.len() {
                masked.replace_range(range, &hidden);
            }
        }
        let masked = after_hours(&plain_clocks(&masked))
            .replace("apart from", "apart xxxx")
            .replace("aside from", "aside xxxx")
            .replace("first thing", "xxxxx xxxxx")
            .replace("First thing", "xxxxx xxxxx");
        let mut spots = self.spots(&masked)?;
        self.add_loose_days(&words, &mut spots);
        let in_time = |at: usize| {
            spots
                .iter()
                .any(|it| words[at].at.start < it.at.end && it.at.start < words[at].at.end)
        };
        let in_option = |at: usize| named.iter().any(|it| (it.from..it.to).contains(&at));
        let free = |at: usize| !in_time(at) && !in_option(at);
        let most = self.slots.iter().map(|it| it.n).max().unwrap_or(4);
        let bare = options::bare(&words, &free, most);
        named.extend(bare);
        named.sort_by_key(|it| it.from);
        named.retain(|it| {
            !spots
                .iter()
                .any(|spot| spot.at.contains(&words[it.from].at.start) && !it.strong)
        });
        Ok((parse(text, &words, &spots, named), spots))
    }

    fn read(&self, text: &str) -> Result<ReplyReading, NotATime> {
        let (parsed, spots) = self.parse(text)?;
        let city = self.frame.zone.to_lowercase().replace(['_', '/'], " ");
        let known = Known {
            slots: self.slots,
            spots: &spots,
            city: &city,
            booked: self.frame.booked.is_some(),
        };
        let clauses: Vec<Read> = parsed
            .clauses
            .iter()
            .map(|clause| {
                let (says, wishes) = says(&parsed, clause, &known);
                Read {
                    says,
                    wishes,
                    at: place(&parsed, clause),
                    adverse: clause.adverse,
                    back: clause.has(Cue::Back),
                }
            })
            .collect();
        let mut reading = Gathered {
            reader: self,
            text,
            spots: &spots,
            clauses: &clauses,
        }
        .gather();
        if let Some(choice) = &mut reading.choice
            && is_settled(choice.kind)
            && let Some(kind) = doubts(&parsed)
        {
            choice.kind = kind;
        }
        if self.frame.booked.is_none()
            && reading.choice.is_none()
            && let Some(n) = self.left_standing(&parsed, &reading)
        {
            // An option is named, nobody refuses it, and others are asked for.
            reading.choice = Some(Choice {
                kind: ChoiceKind::Unclear,
                slots: vec![n],
                words: text.trim().to_owned(),
            });
        }
        reading.times = spots.into_iter().map(|it| it.time).collect();
        Ok(reading)
    }
}

impl Reader<'_> {
    /// An option that is named beside a wish for other times, and is not refused.
    fn left_standing(&self, parsed: &Parsed, reading: &ReplyReading) -> Option<u32> {
        let wants = reading
            .intents
            .iter()
            .any(|it| matches!(it.kind, IntentKind::Propose | IntentKind::DeclineAll));
        let refused = |n: &u32| {
            let mut not = reading.wishes.iter().filter(|it| it.kind == WishKind::Not);
            not.any(|it| it.slots.contains(n))
        };
        let named = parsed.targets.iter().filter_map(|it| match it {
            Target::Option(option) => Some(option.n),
            Target::Times { .. } => None,
        });
        let mut sent = named.filter(|n| self.slots.iter().any(|it| it.n == *n));
        sent.find(|n| wants && !refused(n))
    }
}

fn is_settled(kind: ChoiceKind) -> bool {
    matches!(
        kind,
        ChoiceKind::One | ChoiceKind::AnyOf | ChoiceKind::InOrder
    )
}

fn place(parsed: &Parsed, clause: &Clause) -> Range<usize> {
    let tokens = &parsed.tokens[clause.tokens.clone()];
    let start = tokens.first().map_or(0, |it| it.at.start);
    let end = tokens.last().map_or(start, |it| it.at.end);
    start..end
}
