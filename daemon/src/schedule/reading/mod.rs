//! Times as people write them, in English.
//!
//! Owns the one grammar by which every text is read for times: fields, the command line and emails.
//!
//! ```text
//! text ─tokens─▶ words, numbers, marks ─pieces─▶ days, clocks, zones, links
//!      ─combine─▶ days × clocks that belong together ─settle─▶ moments, each with its rule
//! ```
//!
//! `days`, `spans`, `clocks`, `zones` and `amounts` each read one kind of thing; `words` is the
//! vocabulary; `judge` says what was left over; `start` asks for exactly one start.
//!
//! Invariants: one pass, with a bounded look ahead, over at most [`LONGEST`] bytes. The words of a
//! time are a piece of the text, byte for byte. What has several sensible readings never loses all
//! but one: the others stand beside the primary one, and where none comes first there is no time.
//! Must not ask a clock, a store or a person's record: all that a text is read against is in the
//! [`Frame`].

mod amounts;
mod clocks;
mod combine;
mod days;
mod judge;
mod pieces;
mod said;
mod settle;
mod spans;
mod start;
#[cfg(test)]
mod tests;
mod tokens;
mod words;
mod zones;

use std::ops::Range;

use greenroom_protocol::schedule::{Ambiguous, Grain, TimeFound, TimesRead, Unread};
use greenroom_protocol::time::Instant;
use jiff::civil::Date;

use self::combine::{Hull, Said1};
pub use self::said::Frame;
use self::said::Place;
use self::settle::Settled;
pub use self::start::{StartRead, start};
use self::tokens::Tokens;
use super::time::{self, NotATime};

/// The longest text that is read, in bytes; the rest of a longer one is passed over.
pub const LONGEST: usize = 20_000;

/// More times than these are not looked for; no email proposes as many.
const MOST: usize = 500;

impl Frame {
    /// What a text written at `now` by somebody in `zone` is read against. `theirs`: the zone of
    /// the other person. `locale`: as in `en_US.UTF-8`; `None`: the zone's country.
    ///
    /// # Errors
    /// [`NotATime::Zone`] if there is no zone of that name.
    pub fn new(
        now: Instant,
        zone: &str,
        theirs: Option<&str>,
        locale: Option<&str>,
    ) -> Result<Self, NotATime> {
        let place = |name: &str| {
            let zone = time::zone(name)?;
            let name = name.to_owned();
            Ok::<_, NotATime>(Place { name, zone })
        };
        let mine = place(zone)?;
        let theirs = theirs.map(place).transpose()?;
        let today = now.timestamp().to_zoned(mine.zone.clone()).date();
        let order = zones::order(locale, zone);
        Ok(Self {
            now,
            today,
            mine,
            theirs,
            own: None,
            order,
        })
    }
}

impl Frame {
    /// The same, where the writer's calendar showed another day than their zone's.
    #[must_use]
    pub fn written_on(self, today: Date) -> Self {
        Self { today, ..self }
    }

    /// The same, written by somebody in `zone` who was sent times of another one: "my time" is by
    /// their clock, and a time without a zone by the one they were sent.
    ///
    /// # Errors
    /// [`NotATime::Zone`] if there is no zone of that name.
    pub fn written_in(self, zone: &str) -> Result<Self, NotATime> {
        let own = Place {
            zone: time::zone(zone)?,
            name: zone.to_owned(),
        };
        Ok(Self {
            own: Some(own),
            ..self
        })
    }
}

/// All times that a text names.
pub fn times(text: &str, frame: &Frame) -> TimesRead {
    everything(text, frame).read()
}

/// A time, and where in the text it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Marked {
    /// The time.
    pub time: TimeFound,
    /// Said as a window or an open end, so that its start is no appointment's.
    pub window: bool,
    /// The rule that chose its day; `clock-next` where no day was said at all.
    pub day: &'static str,
    /// Its words, as bytes of the text.
    pub at: Range<usize>,
}

/// The times of a text with their places, for a reader of what stands around them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Places {
    /// Those with a primary reading, in the order of the text.
    pub times: Vec<Marked>,
    /// Words without a primary reading.
    pub ambiguous: Vec<(Ambiguous, Range<usize>)>,
}

/// All times that a text names, with their places.
pub fn places(text: &str, frame: &Frame) -> Places {
    let found = everything(text, frame);
    Places {
        times: found.times,
        ambiguous: found.ambiguous,
    }
}

/// What was read.
#[derive(Default)]
struct Everything {
    times: Vec<Marked>,
    ambiguous: Vec<(Ambiguous, Range<usize>)>,
    unread: Vec<Unread>,
}

impl Everything {
    /// A time that only says again what the one before it said is not repeated.
    fn read(mut self) -> TimesRead {
        self.times
            .dedup_by(|b, a| a.time.start == b.time.start && a.time.end == b.time.end);
        TimesRead {
            times: self.times.into_iter().map(|it| it.time).collect(),
            ambiguous: self.ambiguous.into_iter().map(|it| it.0).collect(),
            unread: self.unread,
        }
    }
}

fn everything(text: &str, frame: &Frame) -> Everything {
    let text = cut(text);
    let low = text.to_ascii_lowercase();
    let tokens = Tokens::new(text, &low);
    let pieces = pieces::pieces(&tokens, frame);
    let said = combine::combine(&pieces, frame);
    let words = |(from, to): Hull| tokens.words(from, to).to_owned();
    let mut found = Everything::default();
    let mut hulls = Vec::new();
    let mut carried = None;
    for said in said {
        if found.times.len() >= MOST {
            break;
        }
        let (time, window, day, hull) = match said {
            Said1::Group(group) => {
                for settled in settle::group(&group, &words, frame, &mut carried) {
                    match settled {
                        Settled::Found(it) => {
                            hulls.push(it.hull);
                            let at = tokens.place(it.hull.0, it.hull.1);
                            found.push(it.time, it.window, it.day, at);
                        }
                        Settled::Ambiguous(ambiguous, hull) => {
                            hulls.push(hull);
                            let at = tokens.place(hull.0, hull.1);
                            found.ambiguous.push((ambiguous, at));
                        }
                    }
                }
                continue;
            }
            Said1::Moment(start, end, rule, minutes, hull) => {
                let window = end.is_some();
                let end = end.or_else(|| minutes.map(|it| start.plus_minutes(it)));
                carried = Some(start.timestamp().to_zoned(frame.mine.zone.clone()).date());
                let time = TimeFound {
                    start,
                    end,
                    grain: Grain::Minute,
                    zone: frame.mine.name.clone(),
                    words: words(hull),
                    rule: rule.to_owned(),
                    others: Vec::new(),
                };
                (time, window, rule, hull)
            }
        };
        hulls.push(hull);
        let at = tokens.place(hull.0, hull.1);
        found.times.push(Marked {
            time,
            window,
            day,
            at,
        });
    }
    found.unread = judge::unread(&tokens, &hulls);
    found
}

impl Everything {
    fn push(&mut self, time: TimeFound, window: bool, day: &'static str, at: Range<usize>) {
        self.times.push(Marked {
            time,
            window,
            day,
            at,
        });
    }
}

/// The text as far as it is read.
fn cut(text: &str) -> &str {
    if text.len() <= LONGEST {
        return text;
    }
    let end = (0..=LONGEST).rev().find(|at| text.is_char_boundary(*at));
    &text[..end.unwrap_or_default()]
}
