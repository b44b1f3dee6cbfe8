//! What a provider says of many people's time, asked for in pieces.
//!
//! Owns how many addresses over a long time become requests that a provider takes, and how the
//! answers become one again. Invariants: somebody's time is known only where every piece of it was
//! answered, else why it is not stands in its place, so that nobody is free by mistake; an answer
//! that is too large is asked for again in halves. Pure, but for the asking, which is the caller's.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use greenroom_protocol::pipeline::Window;
use serde::{Deserialize, Serialize};

use super::zone::{self, Zone};
use crate::schedule::ranges::{Seconds, merged};

const WEEK: i64 = 7 * 24 * 3600;

/// The shortest time that is asked about apart, in seconds.
const SHORTEST: i64 = 24 * 3600;

/// What a provider says of somebody's time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// When they are busy, in order and apart.
    pub busy: Vec<Seconds>,
    /// When they work, where the provider says that.
    pub working: Option<Working>,
}

/// When somebody works, as their calendar has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Working {
    /// The week; never empty.
    pub hours: Vec<Window>,
    /// By whose clock: an IANA zone.
    pub zone: String,
}

/// Why a provider does not say when somebody is busy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hidden {
    /// It has no calendar of this address, or none that the account may see.
    NotFound,
    /// The account may not see this calendar.
    NoAccess,
    /// The address is a group's.
    Group,
    /// The calendar has more entries than an answer holds.
    TooMuch,
    /// It failed there for this address alone.
    Trouble,
    /// The answer does not have this address.
    Missing,
    /// What it says of this address cannot be read.
    Unreadable,
    /// A reason that only a later version knows.
    #[serde(other)]
    Unknown,
}

/// What is asked at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Of whom, in lower case.
    pub addresses: Vec<String>,
    /// Between which moments.
    pub span: Seconds,
}

/// What came of asking for a piece.
pub enum Part {
    /// What it says of each.
    Told(Vec<(String, Result<Told, Hidden>)>),
    /// More than is read.
    TooLarge,
}

/// What is asked for `addresses` over a time, `most` of them and so many `weeks` at once.
#[must_use]
pub fn pieces(addresses: &[String], span: &Seconds, most: usize, weeks: i64) -> Vec<Piece> {
    let mut all: Vec<_> = addresses
        .iter()
        .map(|it| it.trim().to_lowercase())
        .collect();
    all.sort_unstable();
    all.dedup();
    let mut pieces = Vec::new();
    for addresses in all.chunks(most.max(1)) {
        let mut from = span.start;
        while from < span.end {
            let to = (from + weeks.max(1) * WEEK).min(span.end);
            pieces.push(Piece {
                addresses: addresses.to_vec(),
                span: from..to,
            });
            from = to;
        }
    }
    pieces
}

/// Asks for every piece, one after the other, and joins what comes.
///
/// # Errors
/// The first that `ask` says; what came before is dropped.
pub async fn gather<E, F>(
    pieces: Vec<Piece>,
    ask: impl Fn(Piece) -> F,
) -> Result<BTreeMap<String, Result<Told, Hidden>>, E>
where
    F: Future<Output = Result<Part, E>>,
{
    let mut found = BTreeMap::new();
    let mut left = pieces;
    while let Some(piece) = left.pop() {
        match ask(piece.clone()).await? {
            Part::Told(told) => add(&mut found, &piece, told),
            Part::TooLarge => match piece.halves() {
                Some(halves) => left.extend(halves),
                None => {
                    let hidden = piece.addresses.iter().cloned();
                    let hidden = hidden.map(|it| (it, Err(Hidden::TooMuch))).collect();
                    add(&mut found, &piece, hidden);
                }
            },
        }
    }
    for told in found.values_mut().flatten() {
        told.busy = merged(std::mem::take(&mut told.busy));
    }
    Ok(found)
}

fn add(
    found: &mut BTreeMap<String, Result<Told, Hidden>>,
    piece: &Piece,
    told: Vec<(String, Result<Told, Hidden>)>,
) {
    let mut told: BTreeMap<_, _> = told.into_iter().collect();
    for address in &piece.addresses {
        let of_piece = told.remove(address).unwrap_or(Err(Hidden::Missing));
        let of_piece = of_piece.map(|it| it.within(&piece.span));
        match found.entry(address.clone()) {
            Entry::Vacant(new) => drop(new.insert(of_piece)),
            Entry::Occupied(mut known) => match (known.get_mut(), of_piece) {
                (Ok(known), Ok(more)) => {
                    known.busy.extend(more.busy);
                    known.working = known.working.take().or(more.working);
                }
                (Err(_), _) => {}
                (known, Err(why)) => *known = Err(why),
            },
        }
    }
}

impl Told {
    /// What of it falls between two moments.
    fn within(self, span: &Seconds) -> Self {
        let cut = self.busy.into_iter();
        let cut = cut.map(|it| it.start.max(span.start)..it.end.min(span.end));
        Self {
            busy: merged(cut.collect()),
            ..self
        }
    }
}

impl Piece {
    /// Half of the people each, or of the time where it is one; `None`: it is as small as can be.
    fn halves(&self) -> Option<[Self; 2]> {
        if self.addresses.len() > 1 {
            let (first, second) = self.addresses.split_at(self.addresses.len() / 2);
            let of = |addresses: &[String]| Self {
                addresses: addresses.to_vec(),
                span: self.span.clone(),
            };
            return Some([of(first), of(second)]);
        }
        let length = self.span.end - self.span.start;
        if length < 2 * SHORTEST {
            return None;
        }
        let middle = self.span.start + length / 2;
        let of = |span| Self {
            addresses: self.addresses.clone(),
            span,
        };
        Some([of(self.span.start..middle), of(middle..self.span.end)])
    }
}

/// The zone that people, Windows or the database know by this name.
#[must_use]
pub fn zone(name: &str) -> Option<jiff::tz::TimeZone> {
    match zone::named(name)? {
        Zone::Known(zone) => Some(zone),
        Zone::Own(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use proptest::prelude::*;

    use super::*;

    fn names(many: usize) -> Vec<String> {
        (0..many)
            .map(|n| format!("Person{n:03}@acme.example"))
            .collect()
    }

    fn busy(span: Seconds) -> Result<Told, Hidden> {
        Ok(Told {
            busy: vec![span],
            working: None,
        })
    }

    /// Asks, where nothing has to be waited for.
    fn gathered(
        pieces: Vec<Piece>,
        ask: impl Fn(&Piece) -> Result<Part, &'static str>,
    ) -> Result<BTreeMap<String, Result<Told, Hidden>>, &'static str> {
        let asked = gather(pieces, |piece| std::future::ready(ask(&piece)));
        futures::FutureExt::now_or_never(asked).expect("nothing waits")
    }

    fn all(piece: &Piece, told: impl Fn() -> Result<Told, Hidden>) -> Part {
        Part::Told(
            piece
                .addresses
                .iter()
                .map(|it| (it.clone(), told()))
                .collect(),
        )
    }

    #[test]
    fn many_people_over_a_long_time_are_asked_for_in_pieces() {
        let pieces = pieces(&names(60), &(0..27 * WEEK), 50, 9);
        assert_eq!(pieces.len(), 2 * 3);
        assert!(
            pieces
                .iter()
                .all(|it| it.span.end - it.span.start == 9 * WEEK)
        );
        assert_eq!(pieces[0].addresses.len(), 50);
        assert_eq!(pieces[5].addresses.len(), 10);
        assert_eq!(pieces[0].addresses[0], "person000@acme.example");
        let twice = ["A@x.example".to_owned(), "a@X.example ".to_owned()];
        assert_eq!(super::pieces(&twice, &(0..1), 50, 9)[0].addresses.len(), 1);
        assert_eq!(super::pieces(&names(3), &(5..5), 50, 9), []);
    }

    #[test]
    fn somebody_is_known_only_where_every_piece_was_answered() {
        let pieces = pieces(&names(2), &(0..3 * WEEK), 50, 1);
        let found = gathered(pieces, |piece| {
            let second = piece.span.start == WEEK;
            let told = piece.addresses.iter().enumerate().map(|(at, name)| {
                let told = match (second, at) {
                    (true, 1) => Err(Hidden::Trouble),
                    _ => busy(piece.span.start - 10..piece.span.start + 10),
                };
                (name.clone(), told)
            });
            Ok(Part::Told(told.collect()))
        });
        let found = found.unwrap();
        let first = found["person000@acme.example"].as_ref().unwrap();
        assert_eq!(
            first.busy,
            [0..10, WEEK..WEEK + 10, 2 * WEEK..2 * WEEK + 10]
        );
        assert_eq!(found["person001@acme.example"], Err(Hidden::Trouble));
    }

    #[test]
    fn who_is_missing_in_an_answer_is_not_free() {
        let found = gathered(pieces(&names(2), &(0..WEEK), 50, 1), |piece| {
            let first = piece.addresses[0].clone();
            Ok(Part::Told(vec![(first, Ok(Told::default()))]))
        });
        let found = found.unwrap();
        assert_eq!(found["person000@acme.example"], Ok(Told::default()));
        assert_eq!(found["person001@acme.example"], Err(Hidden::Missing));
    }

    #[test]
    fn the_first_refusal_is_told_and_nothing_else() {
        let asked = RefCell::new(0);
        let found = gathered(pieces(&names(60), &(0..WEEK), 20, 1), |piece| {
            *asked.borrow_mut() += 1;
            match *asked.borrow() {
                2 => Err("limited"),
                _ => Ok(all(piece, || busy(0..1))),
            }
        });
        assert_eq!(found, Err("limited"));
        assert_eq!(*asked.borrow(), 2);
    }

    #[test]
    fn a_calendar_that_is_too_large_hides_nobody_else() {
        let large = "person007@acme.example".to_owned();
        let found = gathered(pieces(&names(20), &(0..8 * WEEK), 20, 8), |piece| {
            Ok(match piece.addresses.contains(&large) {
                true => Part::TooLarge,
                false => all(piece, || busy(1..2)),
            })
        });
        let found = found.unwrap();
        assert_eq!(found.len(), 20);
        for (name, told) in &found {
            match *name == large {
                true => assert_eq!(*told, Err(Hidden::TooMuch)),
                false => assert_eq!(*told, busy(1..2), "{name}"),
            }
        }
    }

    #[test]
    fn windows_names_lead_to_the_database() {
        let name = |it: &str| zone(it).and_then(|it| it.iana_name().map(str::to_owned));
        assert_eq!(
            name("W. Europe Standard Time").as_deref(),
            Some("Europe/Berlin")
        );
        assert_eq!(
            name("Pacific Standard Time").as_deref(),
            Some("America/Los_Angeles")
        );
        assert_eq!(name("Asia/Kathmandu").as_deref(), Some("Asia/Kathmandu"));
        assert!(zone("Customized Time Zone").is_none());
    }

    proptest! {
        #[test]
        fn nothing_is_lost_whatever_the_limit(limit in 1_usize..40, weeks in 1_i64..5) {
            let names = names(30);
            let span = 0..11 * WEEK;
            let found = gathered(pieces(&names, &span, 20, weeks), |piece| {
                let size = piece.addresses.len() * usize::try_from((piece.span.end - piece.span.start) / WEEK + 1).unwrap();
                Ok(match size > limit + 1 {
                    true => Part::TooLarge,
                    false => all(piece, || busy(0..11 * WEEK)),
                })
            });
            let found = found.unwrap();
            prop_assert_eq!(found.len(), 30);
            for told in found.values() {
                prop_assert_eq!(told, &busy(0..11 * WEEK));
            }
        }
    }
}
