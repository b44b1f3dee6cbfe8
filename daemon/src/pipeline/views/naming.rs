//! Whether a saved view names somebody who is to be erased. Pure.
//!
//! Names and addresses are what a list is searched by, so a view may hold them: in what it searches
//! for, and in what it is called. A view is kept where its words are of others too, a stage's or a
//! job's: they say nothing of this person once they are gone.

use greenroom_protocol::pipeline::CandidateView;

use crate::index::fold;

/// The fewest characters of a word that can point to one person.
const SHORTEST: usize = 2;

/// What somebody is recognized by.
#[derive(Debug)]
pub(in crate::pipeline) struct Named {
    address: String,
    name: Vec<String>,
    /// The words of the name, and of the address before its domain.
    words: Vec<String>,
}

impl Named {
    /// By their name and email.
    pub fn new(name: &str, email: &str) -> Self {
        let (address, name) = (fold(email), words(name));
        let local = address.split('@').next().unwrap_or_default();
        let words = name.iter().cloned().chain(words(local)).collect();
        Self {
            address,
            name,
            words,
        }
    }

    /// Whether a view names them: by their whole address or name, or by a word that begins one of
    /// theirs and that, as `only_theirs` says, finds nobody else.
    pub fn is_in(&self, view: &CandidateView, only_theirs: impl Fn(&str) -> bool) -> bool {
        let texts = [&view.query.text, &view.name];
        texts.into_iter().any(|text| self.says(text, &only_theirs))
    }

    fn says(&self, text: &str, only_theirs: impl Fn(&str) -> bool) -> bool {
        if !self.address.is_empty() && fold(text).contains(&self.address) {
            return true;
        }
        let said = words(text);
        if !self.name.is_empty() && self.name.iter().all(|word| said.contains(word)) {
            return true;
        }
        let points = |word: &&String| word.chars().count() >= SHORTEST && self.begins(word);
        said.iter().filter(points).any(|word| only_theirs(word))
    }

    fn begins(&self, word: &str) -> bool {
        self.words.iter().any(|theirs| theirs.starts_with(word))
    }
}

fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::pipeline::CandidateQuery;

    use super::*;

    #[test]
    fn a_view_names_somebody_by_address_by_whole_name_or_by_a_word_that_is_theirs_alone() {
        let priya = Named::new("Priya Nair", "P.Nair+jobs@mail.example");
        for (text, others, named) in [
            ("p.nair+jobs@MAIL.example", "everything", true),
            ("nair, PRIYA", "everything", true),
            ("Priya Nair onsite", "everything", true),
            ("priya", "", true),
            ("pri onsite", "onsite", true),
            ("nair", "nair", false),
            ("priya ramanathan", "priya ramanathan", false),
            // Too short to point to anyone, and of nobody's name.
            ("p", "", false),
            ("backend", "", false),
            ("mail.example", "", false),
            ("", "", false),
        ] {
            let alone = |word: &str| others != "everything" && !others.contains(word);
            let view = |name: &str, text: &str| CandidateView {
                name: name.into(),
                query: CandidateQuery {
                    text: text.into(),
                    ..CandidateQuery::default()
                },
            };
            assert_eq!(priya.is_in(&view("Onsites", text), alone), named, "{text}");
            assert_eq!(priya.is_in(&view(text, ""), alone), named, "{text}");
        }
    }

    #[test]
    fn a_name_without_letters_names_nobody() {
        let nobody = Named::new("…", "");
        let view = CandidateView {
            name: "…".into(),
            query: CandidateQuery::default(),
        };
        assert!(!nobody.is_in(&view, |_| true));
        let tanaka = Named::new("田中", "t@x.example");
        let view = CandidateView {
            name: "田中 waits".into(),
            ..view
        };
        assert!(tanaka.is_in(&view, |_| false));
    }
}
