//! Owns what a search means beyond what it says: for each word those words of names, titles and
//! stages that are nearly it, and names with these initials. [`Near`] is one error away and is
//! added below what matches; [`Nearest`] is for when nothing is, and always finds somebody who is
//! least unlike.

use super::run::PlaceNames;
use crate::index::bits::Bits;
use crate::index::fold::fold;
use crate::index::near::{Initials, Spelling, Words, pieces};
use crate::index::scan::Scan;
use crate::index::word::Word;

/// The most different words one search looks for: each costs time, and nobody's line has so many.
pub(super) const MOST_WORDS: usize = 64;

/// The different words of a text, folded, those first that are quick to look for or leave few.
pub(in crate::index) fn typed_words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut words: Vec<_> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    words.sort_by_key(|word| (word.len() > 2, std::cmp::Reverse(word.len()), *word));
    words.dedup();
    words.into_iter().map(str::to_owned).collect()
}

/// A word, or what stands between its marks, with all that is near it.
struct Piece {
    /// As it is written; `None` for initials with dots, whose letters are no words.
    word: Option<Word>,
    initials: Option<Initials>,
    spelling: Option<Spelling>,
    /// By number of the word.
    words: Option<Vec<bool>>,
    /// By number of the place.
    places: Option<Vec<bool>>,
}

impl Piece {
    fn find(&self, scan: &Scan, within: Bits) -> Bits {
        let mut found = Bits::default();
        if let Some(word) = &self.word {
            found |= scan.find(word, within).all;
        }
        if let Some(initials) = &self.initials {
            found |= scan.with_initials(initials, within);
        }
        if let Some(words) = &self.words {
            found |= scan.with_words(words) & within;
        }
        if let Some(places) = &self.places {
            found |= scan.in_places(places) & within;
        }
        found
    }

    fn finds_more(&self) -> bool {
        self.initials.is_some() || self.words.is_some() || self.places.is_some()
    }
}

/// Everything within one error of a search.
pub(super) struct Near {
    pieces: Vec<Piece>,
}

impl Near {
    /// `None` where nothing more can be found than what is written.
    pub(super) fn new(words: &[Word], known: &Words, places: &PlaceNames<'_>) -> Option<Self> {
        let pieces: Vec<_> = pieces_of(words, known, places);
        let split = pieces.len() != words.len();
        (split || pieces.iter().any(Piece::finds_more)).then_some(Self { pieces })
    }

    /// Those of `within` in which every word is, nearly.
    pub(super) fn find(&self, scan: &Scan, within: Bits) -> Bits {
        let mut found = within;
        for piece in &self.pieces {
            if found.is_empty() {
                return found;
            }
            found = piece.find(scan, found);
        }
        found
    }
}

/// What is least unlike a search that nobody matches.
pub(super) struct Nearest {
    steps: Vec<Step>,
}

/// One word, and what is farther and farther from it.
struct Step {
    piece: Piece,
    /// Words with two errors.
    farther: Option<Vec<bool>>,
    /// Words that begin alike.
    alike: Option<Vec<bool>>,
}

impl Nearest {
    /// How much an entry counts for a word that is there or nearly so, with two errors, or with
    /// the same beginning.
    const COUNTS: [u8; 3] = [3, 2, 1];

    pub(super) fn new(words: &[Word], known: &Words, places: &PlaceNames<'_>) -> Self {
        let steps = pieces_of(words, known, places).into_iter().map(|piece| {
            let spelling = piece.spelling.as_ref();
            Step {
                farther: spelling.and_then(|spelling| known.farther(spelling)),
                alike: spelling.and_then(|spelling| known.sharing(spelling)),
                piece,
            }
        });
        Self {
            steps: steps.collect(),
        }
    }

    /// How much each of the entries `within` counts, where it does.
    pub(super) fn count(&self, scan: &Scan, within: Bits) -> Vec<(usize, u8)> {
        let mut counts = vec![0_u8; Bits::LEN];
        let mut counted = Bits::default();
        for step in &self.steps {
            let farther = |words: &Option<Vec<bool>>| {
                let found = words.as_ref().map(|words| scan.with_words(words) & within);
                found.unwrap_or_default()
            };
            let mut left = within;
            let levels = [
                step.piece.find(scan, within),
                farther(&step.farther),
                farther(&step.alike),
            ];
            for (found, count) in levels.into_iter().zip(Self::COUNTS) {
                for entry in (found & left).iter() {
                    counts[entry] = counts[entry].saturating_add(count);
                }
                left = left.without(found);
            }
            counted |= within.without(left);
        }
        counted.iter().map(|entry| (entry, counts[entry])).collect()
    }
}

fn pieces_of(words: &[Word], known: &Words, places: &PlaceNames<'_>) -> Vec<Piece> {
    let mut found = Vec::new();
    for word in words {
        let initials = Initials::read(&word.text);
        if initials.is_some() && word.text.contains('.') {
            found.push(Piece {
                word: None,
                initials,
                spelling: None,
                words: None,
                places: None,
            });
            continue;
        }
        for piece in pieces(&word.text) {
            let spelling = Spelling::read(piece);
            let initials = initials.clone();
            found.push(Piece {
                word: Some(places.word(piece)),
                initials,
                words: spelling.as_ref().and_then(|spelling| known.near(spelling)),
                places: spelling.as_ref().and_then(|spelling| places.near(spelling)),
                spelling,
            });
        }
    }
    found.truncate(MOST_WORDS);
    found
}
