//! Owns what counts as nearly the same: a word with one typing error, and the initials of a name.
//! Pure, but for [`Words`], which keeps the distinct words of all names, so that a misspelled word
//! is compared with each word once and not with every candidate. Addresses are not compared: most
//! are a word of their own, and the name says the same.

mod initials;
mod spelling;
mod words;

pub(super) use self::initials::{Initials, initial_pairs};
pub(super) use self::spelling::{Spelling, pieces, words_of};
pub(super) use self::words::Words;
