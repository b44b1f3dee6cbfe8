//! A text as words, numbers and marks.
//!
//! Owns where each token stands in the text and what it says in lower case. Invariant: tokens are
//! in the order of the text, do not overlap, and begin and end between characters. What is surely
//! no time (links, addresses, versions, prices, phone numbers) is one opaque token, so that nothing
//! inside it is ever read. Must not know what a word means.

use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, with apostrophes inside.
    Word,
    /// Digits, at most nine.
    Number,
    /// Any other character.
    Mark,
    /// What no time can be in.
    Opaque,
}

/// What stands before a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    None,
    Space,
    Line,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'t> {
    pub kind: Kind,
    pub gap: Gap,
    /// Where it stands, in bytes.
    pub start: usize,
    pub end: usize,
    /// As it is written, and in lower case.
    pub text: &'t str,
    pub low: &'t str,
}

/// A number and how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    pub value: u32,
    pub digits: usize,
}

/// A text's tokens.
pub(super) struct Tokens<'t> {
    pub text: &'t str,
    all: Vec<Token<'t>>,
}

impl<'t> Tokens<'t> {
    /// `low` is `text` in ASCII lower case, so that both have the same places.
    pub(super) fn new(text: &'t str, low: &'t str) -> Self {
        let mut all = Vec::with_capacity(text.len() / 4 + 1);
        let mut gap = Gap::None;
        let mut at = 0;
        while let Some(first) = text[at..].chars().next() {
            if first.is_whitespace() {
                gap = gap.max(if first == '\n' { Gap::Line } else { Gap::Space });
                at += first.len_utf8();
                continue;
            }
            let rest = &text[at..];
            let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
            let end = at + length;
            chunk(text, low, at, end, gap, &mut all);
            gap = Gap::None;
            at = end;
        }
        let mut tokens = Self { text, all };
        tokens.hide_phones();
        tokens
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn get(&self, at: usize) -> Option<&Token<'t>> {
        self.all.get(at)
    }

    /// The word or mark there in lower case; empty where there is none.
    pub(super) fn low(&self, at: usize) -> &'t str {
        match self.all.get(at) {
            Some(token) if token.kind != Kind::Opaque => token.low,
            _ => "",
        }
    }

    /// The word there as a word: in lower case, without `'s`.
    pub(super) fn word(&self, at: usize) -> &'t str {
        let low = match self.all.get(at) {
            Some(token) if token.kind == Kind::Word => token.low,
            _ => return "",
        };
        low.strip_suffix("'s")
            .or_else(|| low.strip_suffix("’s"))
            .unwrap_or(low)
    }

    pub(super) fn number(&self, at: usize) -> Option<Number> {
        let token = self.all.get(at).filter(|it| it.kind == Kind::Number)?;
        let value = token.text.parse().ok()?;
        let digits = token.text.len();
        Some(Number { value, digits })
    }

    pub(super) fn is(&self, at: usize, low: &str) -> bool {
        self.low(at) == low
    }

    /// Whether the token there touches the one before it.
    pub(super) fn tight(&self, at: usize) -> bool {
        self.all.get(at).is_some_and(|it| it.gap == Gap::None)
    }

    pub(super) fn gap(&self, at: usize) -> Gap {
        self.all.get(at).map_or(Gap::Line, |it| it.gap)
    }

    /// A dash of any length.
    pub(super) fn dash(&self, at: usize) -> bool {
        matches!(self.low(at), "-" | "–" | "—" | "‐" | "‑" | "−")
    }

    /// The text of tokens `from..to`.
    pub(super) fn words(&self, from: usize, to: usize) -> &'t str {
        self.text.get(self.place(from, to)).unwrap_or_default()
    }

    /// Where tokens `from..to` stand in the text, in bytes.
    pub(super) fn place(&self, from: usize, to: usize) -> Range<usize> {
        let start = self.all.get(from).map_or(self.text.len(), |it| it.start);
        let end = to
            .checked_sub(1)
            .and_then(|last| self.all.get(last))
            .map_or(start, |it| it.end);
        start..end.max(start)
    }

    /// A phone number's digits are no times: `+49 171 1234567`, `(415) 555-0143`, `0171 2345678`.
    fn hide_phones(&mut self) {
        let mut at = 0;
        while at < self.all.len() {
            let end = self.phone(at);
            for token in self.all[at..end.max(at)].iter_mut() {
                token.kind = Kind::Opaque;
            }
            at = end.max(at + 1);
        }
    }

    /// Where a phone number that begins at `at` ends; `at` where none does.
    fn phone(&self, at: usize) -> usize {
        let opens = matches!(self.low(at), "+" | "(");
        if !opens && self.number(at).is_none() {
            return at;
        }
        if at > 0 && self.tight(at) && !matches!(self.low(at - 1), ":" | "(") {
            return at;
        }
        let (mut digits, mut longest, mut end, mut groups, mut plain) = (0, 0, at, 0, true);
        let mut next = at;
        // A number has few groups; longer runs of figures are tables.
        while next < self.all.len().min(at + 16) {
            match self.number(next) {
                Some(number) => {
                    digits += number.digits;
                    longest = longest.max(number.digits);
                    groups += 1;
                    end = next + 1;
                }
                None if matches!(self.low(next), "+" | "(" | ")" | "-" | "–" | ".") => {
                    plain &= !matches!(self.low(next), ".") || groups > 0;
                }
                None => break,
            }
            next += 1;
            if self.gap(next) == Gap::Line {
                break;
            }
        }
        let first = self.all.get(at).map_or("", |it| it.low);
        let area = self.number(at + 1).is_some_and(|it| it.digits == 3) && self.is(at + 2, ")");
        let shape = |sizes: &[usize]| {
            let mut numbers = (at..end).filter_map(|it| self.number(it));
            sizes
                .iter()
                .all(|size| numbers.next().is_some_and(|it| it.digits == *size))
                && numbers.next().is_none()
        };
        let is = match first {
            "+" => digits >= 8,
            "(" => area && digits >= 7,
            _ => {
                (groups > 1 && first.starts_with('0') && first.len() >= 3 && longest >= 5)
                    || shape(&[3, 3, 4])
                    || (shape(&[3, 4]) && self.dash(at + 1) && self.low(end - 1).starts_with('0'))
            }
        };
        if is && plain { end } else { at }
    }
}

/// The tokens of one run of characters without a space.
fn chunk<'t>(
    text: &'t str,
    low: &'t str,
    start: usize,
    end: usize,
    gap: Gap,
    all: &mut Vec<Token<'t>>,
) {
    let mut push = |kind, from: usize, to: usize| {
        all.push(Token {
            kind,
            gap: if from == start { gap } else { Gap::None },
            start: from,
            end: to,
            text: &text[from..to],
            low: &low[from..to],
        });
    };
    let inner = low[start..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')']);
    if !inner.is_empty() && opaque(inner) {
        push(Kind::Opaque, start, start + inner.len());
        for (at, mark) in text[start + inner.len()..end].char_indices() {
            let from = start + inner.len() + at;
            push(Kind::Mark, from, from + mark.len_utf8());
        }
        return;
    }
    let mut at = start;
    while let Some(first) = text[at..end].chars().next() {
        let rest = &text[at..end];
        let (kind, length) = if first.is_ascii_digit() {
            let length = run(rest, |it| it.is_ascii_digit());
            let kind = if length > 9 {
                Kind::Opaque
            } else {
                Kind::Number
            };
            (kind, length)
        } else if first.is_alphabetic() {
            (Kind::Word, word(rest))
        } else {
            (Kind::Mark, first.len_utf8())
        };
        push(kind, at, at + length);
        at += length;
    }
}

fn run(text: &str, is: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !is(letter)).unwrap_or(text.len())
}

/// How long the word is that `text` begins with; an apostrophe belongs to it between letters.
fn word(text: &str) -> usize {
    let mut end = run(text, char::is_alphabetic);
    while let Some(mark @ ('\'' | '’')) = text[end..].chars().next() {
        let more = run(&text[end + mark.len_utf8()..], char::is_alphabetic);
        if more == 0 {
            break;
        }
        end += mark.len_utf8() + more;
    }
    end
}

/// What is surely no time: links, addresses, paths, money, percent, ids, versions.
fn opaque(chunk: &str) -> bool {
    let bytes = chunk.as_bytes();
    let has_digit = bytes.iter().any(u8::is_ascii_digit);
    if chunk.contains("://") || chunk.starts_with("www.") || chunk.contains('\\') {
        return true;
    }
    if let Some((before, after)) = chunk.split_once('@')
        && before.ends_with(|it: char| it.is_alphanumeric())
        && after.contains('.')
        && after.starts_with(|it: char| it.is_alphabetic())
    {
        return true;
    }
    if !has_digit {
        return chunk.starts_with('/') && chunk.len() > 1;
    }
    if chunk.contains(['$', '€', '£', '¥', '₹', '%', '#', '_', '=', '°']) {
        return true;
    }
    // `1,000` and `120,000`.
    if let Some((before, after)) = chunk.split_once(',')
        && before.ends_with(|it: char| it.is_ascii_digit())
        && run(after, |it| it.is_ascii_digit()) == 3
    {
        return true;
    }
    letters_before_digits(chunk) || version(chunk) || counted(chunk)
}

/// `v1.2`, `B12`, `INC-1203`; but `dec3`, `mon10`, `utc+2`, `q3` and the `T` of `01T10` are times.
fn letters_before_digits(chunk: &str) -> bool {
    let bytes = chunk.as_bytes();
    for at in 1..bytes.len() {
        if !bytes[at].is_ascii_digit() {
            continue;
        }
        let dashed = bytes[at - 1] == b'-' && at >= 2 && bytes[at - 2].is_ascii_alphabetic();
        if !bytes[at - 1].is_ascii_alphabetic() && !dashed {
            continue;
        }
        let letters_end = if dashed { at - 1 } else { at };
        let letters = &bytes[..letters_end];
        let from = letters
            .iter()
            .rposition(|it| !it.is_ascii_alphabetic())
            .map_or(0, |it| it + 1);
        let word = chunk.get(from..letters_end).unwrap_or_default();
        let after_digit = from > 0 && bytes[from - 1].is_ascii_digit();
        if !(may_touch_digits(word) || (after_digit && after_digits(word))) {
            return true;
        }
    }
    false
}

/// Words that digits follow without a space.
fn may_touch_digits(word: &str) -> bool {
    super::words::month(word).is_some()
        || super::words::weekday(word).is_some()
        || matches!(
            word,
            "utc" | "gmt" | "z" | "q" | "kw" | "cw" | "at" | "am" | "pm" | "to" | "noon" | "from"
        )
}

/// Words between digits: `10h30`, `01T10`, `3pm-4pm`, `9am-5pm`.
fn after_digits(word: &str) -> bool {
    matches!(
        word,
        "h" | "t" | "z" | "am" | "pm" | "a" | "p" | "st" | "nd" | "rd" | "th" | "hrs" | "uhr"
    )
}

/// Three numbers with dots that are no date: `10.3.1` has no year.
fn version(chunk: &str) -> bool {
    let chunk = chunk.trim_start_matches('(');
    let parts: Vec<&str> = chunk.splitn(5, '.').collect();
    if parts.len() < 3
        || !parts
            .iter()
            .all(|part| part.bytes().all(|it| it.is_ascii_digit()))
    {
        return false;
    }
    match parts[..] {
        [a, b, year] => {
            let years = year.len() == 2 || year.len() == 4;
            let first = a.len() == 4 && year.len() == 2 && b.len() == 2;
            !(first || (years && a.len() <= 2 && b.len() <= 2) || year.is_empty())
        }
        _ => parts.iter().any(|part| !part.is_empty()) && parts.len() > 3 && !chunk.ends_with('.'),
    }
}

/// Numbers with a unit that is no time: `10k`, `5x`, `120kg`, `3gb`, `2nd-hand`.
fn counted(chunk: &str) -> bool {
    let digits = run(chunk, |it| it.is_ascii_digit());
    if digits == 0 {
        return false;
    }
    let unit = &chunk[digits..];
    matches!(
        unit,
        "k" | "x"
            | "kg"
            | "km"
            | "gb"
            | "mb"
            | "tb"
            | "ms"
            | "px"
            | "eur"
            | "usd"
            | "gbp"
            | "m²"
            | "mm"
            | "cm"
            | "cc"
            | "fps"
            | "g"
            | "l"
            | "lpa"
            | "kb"
            | "kw"
            | "v"
            | "w"
            | "+"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opaque_in(text: &str) -> Vec<&str> {
        let low = text.to_ascii_lowercase();
        let tokens = Tokens::new(text, &low);
        let hidden = |at: &usize| tokens.get(*at).is_some_and(|it| it.kind == Kind::Opaque);
        let places: Vec<_> = (0..tokens.len()).filter(hidden).collect();
        let start = |at: usize| tokens.get(at).map_or(0, |it| it.start);
        let end = |at: usize| tokens.get(at).map_or(0, |it| it.end);
        places
            .iter()
            .map(|at| &text[start(*at)..end(*at)])
            .collect()
    }

    #[test]
    fn what_no_time_can_be_in_is_one_token() {
        for text in [
            "https://meet.example/10:30",
            "a.b@c.example",
            "v1.2",
            "10.3.1",
            "INC-1203",
            "$10",
            "10%",
            "120,000",
            "10k",
        ] {
            assert_eq!(opaque_in(text), [text]);
        }
        for text in [
            "dec3",
            "Mon10am",
            "UTC+2",
            "10h30",
            "2.12.2026",
            "3pm-4pm",
            "2026-12-01T10:00Z",
        ] {
            assert!(opaque_in(text).is_empty(), "{text}: {:?}", opaque_in(text));
        }
    }

    #[test]
    fn phone_numbers_are_hidden_and_dates_are_not() {
        for text in [
            "+49 171 1234567",
            "(415) 555-0143",
            "0171 2345678",
            "415-555-0143",
            "555-0143",
        ] {
            assert!(!opaque_in(text).is_empty(), "{text}");
        }
        for text in [
            "10:00 +0530",
            "2026-12-01 10:00",
            "12-01-2026",
            "1400-1500",
            "01.12.2026 10:00",
        ] {
            assert!(opaque_in(text).is_empty(), "{text}: {:?}", opaque_in(text));
        }
    }
}
