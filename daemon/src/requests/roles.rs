//! Who and what has which part in a request: the candidate, who takes part, may or must not, whose
//! Zoom hosts, the job and the stage.
//!
//! Invariant: a name that is not surely something is handed on with all that it may be. Reads no
//! times.

use greenroom_protocol::conversation::{Named, NamedKind, NamedMatch, RequestForm};

use super::names::Called;
use super::tokens::{Token, find, says};
use super::words;

/// Who and what has which part in a request.
pub(super) struct Roles<'a> {
    pub tokens: &'a [Token],
    pub called: &'a [Called],
    /// Those of whom something is said about a time.
    pub subjects: &'a [usize],
    pub me: Option<&'a NamedMatch>,
}

impl Roles<'_> {
    fn before(&self, name: &Called, back: usize) -> &str {
        let at = name.tokens.start.checked_sub(back);
        at.map_or("", |at| self.tokens[at].low.as_str())
    }

    /// Whether these words stand right before a name, or before the list it is in.
    fn led_by(&self, place: usize, words: &[&str]) -> bool {
        let mut place = place;
        loop {
            let name = &self.called[place];
            let before = &self.tokens[..name.tokens.start];
            let leads = |it: &&str| {
                let count = it.split(' ').count();
                before.len() >= count && says(before, before.len() - count, it)
            };
            if words.iter().any(leads) {
                return true;
            }
            let set_off = before.last().is_some_and(|it| it.low == ",")
                && words.iter().any(|it| {
                    let before = &before[..before.len() - 1];
                    let count = it.split(' ').count();
                    before.len() >= count && says(before, before.len() - count, it)
                });
            if set_off {
                return true;
            }
            let joins = matches!(self.before(name, 1), "and" | "," | "&" | "or" | "plus");
            let back =
                1 + usize::from(self.before(name, 1) == "and" && self.before(name, 2) == ",");
            let end = name.tokens.start.checked_sub(back);
            let former = place.checked_sub(1);
            match (joins, former, end) {
                (true, Some(former), Some(end)) if self.called[former].tokens.end == end => {
                    place = former
                }
                _ => return false,
            }
        }
    }

    pub(super) fn put(&self, form: &mut RequestForm) {
        let kind = |it: &Called, kind: NamedKind| it.matches.iter().any(|it| it.kind == kind);
        for (place, called) in self.called.iter().enumerate() {
            let person = kind(called, NamedKind::Candidate) || kind(called, NamedKind::Member);
            if !person {
                let named = self.named(called, None);
                match kind(called, NamedKind::Stage) {
                    true => form.stage = Some(named),
                    false => form.job = Some(named),
                }
                continue;
            }
            self.person(place, called, form);
        }
        // "With both" means those of whom a time was said.
        let all = find(
            self.tokens,
            &[
                "both",
                "them",
                "all three",
                "all of them",
                "the two",
                "everyone",
            ],
        );
        if all.is_some_and(|(at, _)| {
            at > 0 && matches!(self.tokens[at - 1].low.as_str(), "with" | "for" | "and")
        }) {
            form.people.append(&mut form.spoken_of);
        }
        form.people
            .retain(|it| !form.without.iter().any(|other| other.matches == it.matches));
    }

    fn person(&self, place: usize, called: &Called, form: &mut RequestForm) {
        // "before Lena's presentation" is about that.
        if called.own && words::RELATES.contains(&self.before(called, 1)) {
            return;
        }
        let of = |kind: NamedKind| called.matches.iter().any(|it| it.kind == kind);
        let hosts = ["hosted by", "host", "on", "using", "host is"];
        let owns_zoom = called.own
            && self
                .tokens
                .get(called.tokens.end)
                .is_some_and(|it| it.low == "zoom");
        if of(NamedKind::Member)
            && (self.led_by(place, &hosts[..2])
                || owns_zoom
                || self.follows(called, "hosts")
                || self.follows(called, "as host")
                || self.follows(called, "hosting"))
        {
            form.host = Some(self.named(called, Some(NamedKind::Member)));
            if owns_zoom || self.led_by(place, &hosts[..1]) {
                return;
            }
        }
        let beside = self.led_by(
            place,
            &[
                "with",
                "include",
                "including",
                "add",
                "adding",
                "invite",
                "plus",
                "alongside",
                "bring in",
                "together with",
                "between",
            ],
        );
        let is_member = of(NamedKind::Member)
            && (!of(NamedKind::Candidate)
                || form.candidate.is_some()
                || self.has_other_candidate(place) && (beside || self.another_is_surely(place)));
        if !is_member {
            let named = self.named(called, Some(NamedKind::Candidate));
            match &form.candidate {
                None => form.candidate = Some(named),
                Some(former) if former.matches.iter().any(|it| named.matches.contains(it)) => {
                    // The narrower of two ways to name somebody counts.
                    if named.matches.len() < former.matches.len() {
                        form.candidate = Some(named);
                    }
                }
                Some(_) => form.others.push(named),
            }
            return;
        }
        let mut named = self.named(called, Some(NamedKind::Member));
        let taken_out = self.led_by(place, &["take", "leave", "keep", "get"])
            && (self.follows(called, "out") || self.follows(called, "off"));
        if taken_out
            || self.led_by(
                place,
                &[
                    "without",
                    "instead of",
                    "except",
                    "not with",
                    "but not",
                    "drop",
                    "leave out",
                    "minus",
                    "excluding",
                    "remove",
                    "replace",
                    "swap",
                    "lose",
                ],
            )
        {
            form.without.push(named);
            return;
        }
        let is_subject = self.subjects.contains(&place);
        let optional = self.led_by(
            place,
            &[
                "optionally",
                "optional",
                "ideally",
                "ideally with",
                "ideally also",
                "maybe",
                "maybe also",
                "possibly",
                "preferably",
                "preferably with",
                "and maybe",
                "perhaps",
                "optionally with",
                "ideally add",
                "if possible",
                "if available",
            ],
        ) || self.is_left_free(called)
            || self.follows(called, "optional")
            || self.follows(called, "is optional")
            || self.follows(called, "as optional")
            || self.follows(called, "if he can")
            || self.follows(called, "if she can")
            || self.follows(called, "if they can")
            || self.follows(called, "if possible")
            || self.follows(called, "if free")
            || self.follows(called, "if available")
            || self.follows(called, "if he is free")
            || self.follows(called, "if she is free")
            || self.follows(called, "(optional");
        named.optional = optional;
        if let Some(former) = form
            .people
            .iter_mut()
            .find(|it| it.matches.iter().any(|it| named.matches.contains(it)))
        {
            former.optional |= optional;
            if named.matches.len() < former.matches.len() {
                former.matches = named.matches;
            }
            return;
        }
        // Of whom only a time is said takes part where the stage has them do so.
        if is_subject && !optional {
            form.spoken_of.push(named);
            return;
        }
        form.people.push(named);
    }

    /// "Ravi should join if he can".
    fn is_left_free(&self, called: &Called) -> bool {
        let joins = [
            "should join if",
            "can join if",
            "could join if",
            "may join if",
            "joins if",
            "should come if",
            "may come if",
            "may join",
            "might join",
            "could join",
            "is welcome",
            "should attend if",
            "would be nice to have",
            "if he has time",
            "if she has time",
            "if they have time",
        ];
        joins.iter().any(|it| self.follows(called, it))
    }

    /// Somebody else who is named is a candidate and nothing else.
    fn another_is_surely(&self, place: usize) -> bool {
        let others = self
            .called
            .iter()
            .enumerate()
            .filter(|(it, _)| *it != place);
        let mut others = others.map(|(_, it)| &it.matches);
        others.any(|it| it.iter().all(|it| it.kind == NamedKind::Candidate))
    }

    fn has_other_candidate(&self, place: usize) -> bool {
        let others = self
            .called
            .iter()
            .enumerate()
            .filter(|(it, _)| *it != place);
        let mut others = others.map(|(_, it)| it);
        others.any(|it| it.matches.iter().any(|it| it.kind == NamedKind::Candidate))
    }

    fn follows(&self, called: &Called, words: &str) -> bool {
        let at = called.tokens.end;
        let words = words.trim_start_matches('(');
        let at = at
            + usize::from(
                self.tokens
                    .get(at)
                    .is_some_and(|it| matches!(it.low.as_str(), "(" | ",")),
            );
        says(self.tokens, at, words)
    }

    fn named(&self, called: &Called, only: Option<NamedKind>) -> Named {
        let matches = called.matches.iter();
        let wanted = matches.filter(|it| only.is_none_or(|only| it.kind == only));
        let words = match self.me {
            Some(me)
                if called.matches.first() == Some(me)
                    && called.words.len() <= 6
                    && called.matches.len() == 1 =>
            {
                called.words.clone()
            }
            _ => called.words.clone(),
        };
        Named {
            words,
            matches: wanted.cloned().collect(),
            optional: false,
        }
    }
}
