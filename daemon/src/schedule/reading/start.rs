//! Exactly one start, for what books.
//!
//! Owns what a text must say to be somebody's appointment: one time, with an hour, with one primary
//! reading and nothing beside it that could turn its meaning. Everything else is refused with what
//! was read. Invariant: RFC 3339 and `2026-12-01 10:00` mean what they always did.

use greenroom_protocol::schedule::Grain;
use greenroom_protocol::time::Instant;

use super::{Frame, LONGEST, everything};
use crate::schedule::time::{self, NotATime, Start};

/// More readings than these are not named in a refusal.
const MOST_NAMED: usize = 4;

/// A start, and the length where the text says one.
#[derive(Debug, Clone, PartialEq)]
pub struct StartRead {
    /// The moment and its zone.
    pub start: Start,
    /// How long, in minutes, if it was said.
    pub minutes: Option<u32>,
}

/// Reads the one start that `text` names.
///
/// # Errors
/// [`NotATime`] where it names none, several, one without an hour, or one whose words have several
/// readings of which none comes first; a local time that does not exist or comes twice.
pub fn start(text: &str, frame: &Frame) -> Result<StartRead, NotATime> {
    match time::start(text, &frame.mine.name) {
        Ok(start) => {
            return Ok(StartRead {
                start,
                minutes: None,
            });
        }
        Err(NotATime::Form(_)) => {}
        Err(error) => return Err(error),
    }
    let cut = || text.trim().chars().take(60).collect::<String>();
    if text.len() > LONGEST {
        return Err(NotATime::Form(cut()));
    }
    let all = everything(text, frame);
    let zone = &frame.mine.name;
    let said = |instant: Instant| instant.in_zone(zone);
    if let Some(doubt) = all.ambiguous.first().map(|it| &it.0) {
        let readings = doubt
            .readings
            .iter()
            .take(MOST_NAMED)
            .map(|it| said(it.start));
        return Err(NotATime::Ambiguous {
            words: doubt.words.clone(),
            why: doubt.why.clone(),
            readings: readings.collect(),
        });
    }
    let [marked] = all.times.as_slice() else {
        if all.times.is_empty() {
            return Err(NotATime::Form(cut()));
        }
        let times = all.times.iter().take(MOST_NAMED);
        let readings = times.map(|it| said(it.time.start));
        return Err(NotATime::Several {
            text: cut(),
            readings: readings.collect(),
        });
    };
    let found = &marked.time;
    if found.grain != Grain::Minute {
        return Err(NotATime::NoHour(found.words.clone()));
    }
    if marked.window {
        return Err(NotATime::Window(found.words.clone()));
    }
    if let Some(left) = all.unread.first() {
        return Err(NotATime::Unread(left.words.clone()));
    }
    let minutes = found
        .end
        .map(|end| end.since(found.start).as_mins())
        .and_then(|it| u32::try_from(it).ok());
    Ok(StartRead {
        start: Start {
            instant: found.start,
            zone: zone.clone(),
            offset: time::offset(&frame.mine.zone, found.start),
        },
        minutes,
    })
}
