//! Owns which entries of a chunk hold which *terms*: single characters, pairs of neighbouring
//! bytes, initials, words of names, places, domains and zones. Terms of up to two bytes answer a short word exactly; the pairs of a
//! longer one leave few entries to look at. What few entries hold is a list, what many hold a bit
//! for every entry.

use std::collections::HashMap;
use std::ops::Range;

use super::bits::Bits;
use super::word::{Hit, Hits};

/// Something an entry can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Term {
    /// This byte is in its text.
    Byte(u8),
    /// A word of its text begins with this byte.
    FirstByte(u8),
    /// These bytes stand side by side in its text.
    Pair(u8, u8),
    /// A word of its text begins with these bytes.
    FirstPair(u8, u8),
    /// Its name begins with the first letter, and a later word of it with the other.
    Initials(char, char),
    /// Its name contains the word of this number.
    Word(u32),
    /// It has an application in this place.
    Place(u32),
    /// Its address has this domain.
    Domain(u32),
    /// It is in this time zone.
    Zone(u32),
}

const BYTES: u32 = 1 << 8;
const PAIRS: u32 = 1 << 16;
/// Terms of texts are below.
const TEXT: u32 = 2 * (BYTES + PAIRS);
/// What follows has a number of at most so many bits.
const NUMBER: u32 = 29;
const INITIALS: u32 = 1 << NUMBER;
const WORD: u32 = 2 << NUMBER;
const PLACE: u32 = 3 << NUMBER;
const DOMAIN: u32 = 4 << NUMBER;
const ZONE: u32 = 5 << NUMBER;
/// Of a letter of initials: the text tells apart letters that share these bits.
const LETTER: u32 = (1 << 14) - 1;

impl Term {
    fn key(self) -> u32 {
        let pair = |first: u8, second: u8| u32::from(first) << 8 | u32::from(second);
        match self {
            Self::Byte(byte) => u32::from(byte),
            Self::FirstByte(byte) => BYTES + u32::from(byte),
            Self::Pair(first, second) => 2 * BYTES + pair(first, second),
            Self::FirstPair(first, second) => 2 * BYTES + PAIRS + pair(first, second),
            Self::Initials(first, other) => {
                INITIALS | (first as u32 & LETTER) << 14 | (other as u32 & LETTER)
            }
            Self::Word(number) => WORD | number,
            Self::Place(number) => PLACE | number,
            Self::Domain(number) => DOMAIN | number,
            Self::Zone(number) => ZONE | number,
        }
    }
}

/// A list shorter than this takes less room than bits do.
const DENSE: usize = Bits::LEN / 16;
/// In a span: the rest is the number of a set of bits, not of the start of a list.
const IS_DENSE: u32 = 1 << 31;
/// In a span: the rest is the only entry. Most terms have one, and a list of its own would be one
/// more miss of a cache.
const IS_ONE: u32 = 1 << 30;

/// The terms of a chunk's entries.
#[derive(Default)]
pub(super) struct Terms {
    /// Each term's key, ascending, and its span: where its entries are.
    spans: Vec<(u32, u32)>,
    /// Lists of entries, the length before each.
    lists: Vec<u16>,
    dense: Vec<Bits>,
}

impl Terms {
    /// The entries that hold `term`.
    pub(super) fn entries(&self, term: Term) -> Bits {
        let mut entries = Bits::default();
        if let Ok(found) = self.spans.binary_search_by_key(&term.key(), |span| span.0) {
            self.add_to(&mut entries, self.spans[found].1);
        }
        entries
    }

    /// The entries with an application in a place that is hit, by how it is.
    pub(super) fn in_places(&self, hit: impl Fn(usize) -> Hit) -> Hits {
        self.numbered(PLACE..DOMAIN, hit)
    }

    /// The entries whose address has a domain that is hit, by how it is.
    pub(super) fn in_domains(&self, hit: impl Fn(usize) -> Hit) -> Hits {
        self.numbered(DOMAIN..ZONE, hit)
    }

    /// The entries in a zone that is wanted, by its number.
    pub(super) fn in_zones(&self, wanted: &[bool]) -> Bits {
        self.numbered(ZONE..u32::MAX, among(wanted)).all
    }

    /// The entries whose name has a word that is wanted, by its number.
    pub(super) fn with_words(&self, wanted: &[bool]) -> Bits {
        self.numbered(WORD..PLACE, among(wanted)).all
    }

    fn numbered(&self, range: Range<u32>, hit: impl Fn(usize) -> Hit) -> Hits {
        let mut hits = Hits::default();
        let first = self.spans.partition_point(|(key, _)| *key < range.start);
        let spans = self.spans[first..].iter();
        for (key, span) in spans.take_while(|(key, _)| *key < range.end) {
            match hit((*key - range.start) as usize) {
                Hit::Not => {}
                Hit::Inside => self.add_to(&mut hits.all, *span),
                Hit::Begins => self.add_to(&mut hits.begins, *span),
            }
        }
        hits.all |= hits.begins;
        hits
    }

    /// Takes in a term's entries; returns its span.
    fn keep(&mut self, entries: Vec<u16>) -> u32 {
        if let [one] = entries[..] {
            return IS_ONE | u32::from(one);
        }
        if entries.len() >= DENSE {
            self.dense
                .push(entries.into_iter().map(usize::from).collect());
            return IS_DENSE | (self.dense.len() as u32 - 1);
        }
        let start = self.lists.len() as u32;
        self.lists.push(entries.len() as u16);
        self.lists.extend(entries);
        start
    }

    fn add_to(&self, bits: &mut Bits, span: u32) {
        if span & IS_ONE != 0 {
            return bits.insert((span & !IS_ONE) as usize);
        }
        if span & IS_DENSE != 0 {
            *bits |= self.dense[(span & !IS_DENSE) as usize];
            return;
        }
        let (length, list) = (self.lists[span as usize], &self.lists[span as usize + 1..]);
        for entry in &list[..length.into()] {
            bits.insert(usize::from(*entry));
        }
    }
}

/// A hit where `wanted` says so.
pub(super) fn among(wanted: &[bool]) -> impl Fn(usize) -> Hit {
    |number| match wanted.get(number) {
        Some(true) => Hit::Inside,
        _ => Hit::Not,
    }
}

/// Gathers terms, entry after entry.
pub(super) struct Gather {
    /// For each key of a text the number of its list, from 1.
    texts: Vec<u32>,
    others: HashMap<u32, usize>,
    lists: Vec<(u32, Vec<u16>)>,
}

impl Gather {
    pub(super) fn new() -> Self {
        Self {
            texts: vec![0; TEXT as usize],
            others: HashMap::new(),
            lists: Vec::new(),
        }
    }

    /// `entry` holds `term`. Entries come in ascending order.
    pub(super) fn add(&mut self, term: Term, entry: usize) {
        let key = term.key();
        let next = self.lists.len();
        let list = match key < TEXT {
            true => {
                let number = &mut self.texts[key as usize];
                if *number == 0 {
                    *number = next as u32 + 1;
                }
                *number as usize - 1
            }
            false => *self.others.entry(key).or_insert(next),
        };
        if list == next {
            self.lists.push((key, Vec::new()));
        }
        let entries = &mut self.lists[list].1;
        if entries.last() != Some(&(entry as u16)) {
            entries.push(entry as u16);
        }
    }

    pub(super) fn finish(mut self) -> Terms {
        self.lists.sort_unstable_by_key(|(key, _)| *key);
        let mut terms = Terms::default();
        for (key, entries) in self.lists {
            let span = terms.keep(entries);
            terms.spans.push((key, span));
        }
        terms.spans.shrink_to_fit();
        terms.lists.shrink_to_fit();
        terms.dense.shrink_to_fit();
        terms
    }
}
