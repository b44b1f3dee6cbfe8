//! Owns which parts of a row a search matched, for those who show it. It looks at the row's own
//! texts, so it costs what a page shows and nothing of what is stored.

use std::ops::Range;

use super::near::typed_words;
use crate::index::fold::{Folded, begins_word};
use crate::index::near::{Initials, Spelling, pieces};

/// What was looked for, ready to be shown in rows.
pub struct Highlights {
    words: Vec<Typed>,
}

struct Typed {
    text: String,
    initials: Option<Initials>,
    spellings: Vec<Spelling>,
}

impl Highlights {
    /// What `text` looks for; `fuzzy` as the search had it.
    #[must_use]
    pub fn new(text: &str, fuzzy: bool) -> Self {
        let words = typed_words(text).into_iter().map(|text| Typed {
            initials: Initials::read(&text).filter(|_| fuzzy),
            spellings: pieces(&text)
                .filter_map(Spelling::read)
                .filter(|_| fuzzy)
                .collect(),
            text,
        });
        Self {
            words: words.collect(),
        }
    }

    /// For each of `fields`, the name first, the bytes that matched: ascending, apart from each
    /// other, on the bounds of characters.
    #[must_use]
    pub fn of(&self, fields: &[&str]) -> Vec<Vec<Range<u32>>> {
        let mut found = vec![Vec::new(); fields.len()];
        if self.words.is_empty() {
            return found;
        }
        let folded: Vec<_> = fields.iter().map(|field| Folded::new(field)).collect();
        for word in &self.words {
            let mut spans = word.exact(&folded);
            if spans.is_empty() {
                spans = word.near(&folded);
            }
            for (field, from, to) in spans {
                found[field].extend(folded[field].source(from, to));
            }
        }
        found.into_iter().map(joined).collect()
    }
}

impl Typed {
    /// Where it stands, at the beginning of a word where it can: field, from, to.
    fn exact(&self, fields: &[Folded]) -> Vec<(usize, usize, usize)> {
        let place = |text: &str| {
            let mut places = text.match_indices(&self.text).map(|(at, _)| at);
            let begins = |at: &usize| begins_word(text, *at);
            places.clone().find(begins).or_else(|| places.next())
        };
        let fields = fields.iter().enumerate();
        fields
            .filter_map(|(field, folded)| {
                let at = place(&folded.text)?;
                Some((field, at, at + self.text.len()))
            })
            .collect()
    }

    /// Where it stands with an error in it, or as initials of the first field.
    fn near(&self, fields: &[Folded]) -> Vec<(usize, usize, usize)> {
        let name = fields.first().map_or("", |folded| &folded.text);
        let initials = self.initials.as_ref();
        if let Some(letters) = initials.and_then(|initials| initials.find(name)) {
            let letter = |at: usize| {
                let length = name[at..].chars().next().map_or(0, char::len_utf8);
                (0, at, at + length)
            };
            return letters.into_iter().map(letter).collect();
        }
        let mut found = Vec::new();
        for (field, folded) in fields.iter().enumerate() {
            for word in pieces(&folded.text) {
                let letters: Vec<char> = word.chars().collect();
                let near = |spelling: &Spelling| spelling.beginning(&letters);
                let Some(length) = self.spellings.iter().filter_map(near).max() else {
                    continue;
                };
                let at = word.as_ptr() as usize - folded.text.as_ptr() as usize;
                let length: usize = letters[..length].iter().map(|c| c.len_utf8()).sum();
                found.push((field, at, at + length));
            }
        }
        found
    }
}

fn joined(mut spans: Vec<Range<u32>>) -> Vec<Range<u32>> {
    spans.sort_by_key(|span| (span.start, span.end));
    let mut apart: Vec<Range<u32>> = Vec::new();
    for span in spans {
        match apart.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => apart.push(span),
        }
    }
    apart
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn marked(text: &str, fields: &[&str]) -> Vec<String> {
        let found = Highlights::new(text, true).of(fields);
        let mark = |(field, spans): (&&str, Vec<Range<u32>>)| {
            let mut marked = (*field).to_owned();
            for span in spans.into_iter().rev() {
                marked.insert(span.end as usize, ']');
                marked.insert(span.start as usize, '[');
            }
            marked
        };
        fields.iter().zip(found).map(mark).collect()
    }

    #[test]
    fn what_matched_is_marked_where_it_stands() {
        for (text, fields, expected) in [
            (
                "pri",
                ["Priya Nair", "priya@x.example"],
                ["[Pri]ya Nair", "[pri]ya@x.example"],
            ),
            (
                "nair PRIYA",
                ["Priya Nair", "p@x.example"],
                ["[Priya] [Nair]", "p@x.example"],
            ),
            (
                "nan",
                ["José Ñandú", "jn@x.example"],
                ["José [Ñan]dú", "jn@x.example"],
            ),
            (
                "prija",
                ["Priya Nair", "pn@x.example"],
                ["[Priya] Nair", "pn@x.example"],
            ),
            (
                "pn",
                ["Priya Nair", "x@x.example"],
                ["[P]riya [N]air", "x@x.example"],
            ),
            (
                "ana",
                ["Hana Ana", "x@x.example"],
                ["Hana [Ana]", "x@x.example"],
            ),
            ("", ["Priya Nair", ""], ["Priya Nair", ""]),
        ] {
            assert_eq!(marked(text, &fields), expected, "{text:?}");
        }
        let exact = Highlights::new("prija pn", false).of(&["Priya Nair"]);
        assert_eq!(exact, [vec![]]);
    }

    proptest! {
        #[test]
        fn marks_lie_on_characters_whatever_is_typed(text in "\\PC{0,12}", name in "\\PC{0,24}") {
            for spans in Highlights::new(&text, true).of(&[&name, "a@b.example"]) {
                for span in spans {
                    prop_assert!(span.start < span.end);
                    let whole = name.get(span.start as usize..span.end as usize);
                    prop_assert!(whole.or("a@b.example".get(span.start as usize..)).is_some());
                }
            }
        }
    }
}
