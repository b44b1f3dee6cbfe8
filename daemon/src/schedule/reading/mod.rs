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

use greenroom_protocol::schedule::{Grain, TimeFound, TimesRead};
use greenroom_protocol::time::Instant;

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
            order,
        })
    }
}

/// All times that a text names.
pub fn times(text: &str, frame: &Frame) -> TimesRead {
    everything(text, frame).read
}

/// What was read, and of each time whether it is a window or open at an end.
struct Everything {
    read: TimesRead,
    windows: Vec<bool>,
}

fn everything(text: &str, frame: &Frame) -> Everything {
    let text = cut(text);
    let low = text.to_ascii_lowercase();
    let tokens = Tokens::new(text, &low);
    let pieces = pieces::pieces(&tokens, frame);
    let said = combine::combine(&pieces, frame);
    let words = |(from, to): Hull| tokens.words(from, to).to_owned();
    let mut read = TimesRead::default();
    let (mut windows, mut hulls) = (Vec::new(), Vec::new());
    let mut carried = None;
    for said in said {
        if read.times.len() >= MOST {
            break;
        }
        match said {
            Said1::Group(group) => {
                for settled in settle::group(&group, &words, frame, &mut carried) {
                    match settled {
                        Settled::Found(found) => {
                            hulls.push(found.hull);
                            let same = |it: &TimeFound| {
                                it.start == found.time.start && it.end == found.time.end
                            };
                            let again = read.times.last().is_some_and(same);
                            if !again {
                                read.times.push(found.time);
                                windows.push(found.window);
                            }
                        }
                        Settled::Ambiguous(ambiguous, hull) => {
                            hulls.push(hull);
                            read.ambiguous.push(ambiguous);
                        }
                    }
                }
            }
            Said1::Moment(start, end, rule, minutes, hull) => {
                hulls.push(hull);
                let window = end.is_some();
                let end = end.or_else(|| minutes.map(|it| start.plus_minutes(it)));
                carried = Some(start.timestamp().to_zoned(frame.mine.zone.clone()).date());
                windows.push(window);
                read.times.push(TimeFound {
                    start,
                    end,
                    grain: Grain::Minute,
                    zone: frame.mine.name.clone(),
                    words: words(hull),
                    rule: rule.to_owned(),
                    others: Vec::new(),
                });
            }
        }
    }
    read.unread = judge::unread(&tokens, &hulls);
    Everything { read, windows }
}

/// The text as far as it is read.
fn cut(text: &str) -> &str {
    if text.len() <= LONGEST {
        return text;
    }
    let end = (0..=LONGEST).rev().find(|at| text.is_char_boundary(*at));
    &text[..end.unwrap_or_default()]
}
