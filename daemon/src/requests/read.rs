//! From a sentence to a form.
//!
//! Invariant: each word is read by one of the rooms, is one that says nothing, or stands in
//! `unplaced`.

use std::ops::Range;

use greenroom_protocol::conversation::{
    Named, NamedKind, NamedMatch, RequestAct, RequestForm, RequestPick, Stated, StatedWhen,
};
use greenroom_protocol::interview::MeetingType;
use jiff::tz::TimeZone;

use super::acts::{self, Around};
use super::lengths;
use super::moments::{self, Blank, Moment};
use super::names::{self, Called, Names};
use super::scopes::Walk;
use super::tokens::{self, Token, find, says};
use super::words;
use crate::schedule::reading::Frame;

/// The longest request that is read, in bytes; of a longer one nothing is.
pub const LONGEST: usize = 2_000;

/// What a request is read against.
pub struct Asker<'a> {
    /// When it was written, and in which zones.
    pub frame: &'a Frame,
    /// The IANA zone of who asks.
    pub zone: &'a str,
    /// The same.
    pub time_zone: &'a TimeZone,
    /// Who asks, if a member does: whom "me" means.
    pub me: Option<NamedMatch>,
    /// Who and what can be named.
    pub names: &'a dyn Names,
}

/// What a request asks for.
#[must_use]
pub fn read(text: &str, asker: &Asker<'_>) -> RequestForm {
    if text.len() > LONGEST {
        return RequestForm {
            zone: asker.zone.to_owned(),
            unplaced: vec!["everything: it is too long".to_owned()],
            ..RequestForm::default()
        };
    }
    let tokens = tokens::tokens(text);
    let mut called = names::find(text, &tokens, asker.names);
    narrow(&mut called);
    add_me(&tokens, &mut called, asker);
    let lengths = lengths::find(&tokens);
    let of_names: Vec<Range<usize>> = called.iter().map(|it| it.tokens.clone()).collect();
    let of_lengths: Vec<Range<usize>> = lengths.iter().map(|it| it.tokens.clone()).collect();
    let blank = Blank {
        names: &of_names,
        lengths: &of_lengths,
    };
    let breaks = moved_from(&tokens);
    let found = moments::find(
        text,
        &tokens,
        (&blank, &breaks),
        (asker.frame, asker.time_zone),
    );
    let walk = Walk {
        tokens: &tokens,
        names: &called,
        moments: &found.all,
    };
    let walked = walk.walk();
    let length = lengths.iter().find(|it| it.shift.is_none());
    let shift = lengths.iter().find_map(|it| it.shift);

    let mut form = RequestForm {
        zone: asker.zone.to_owned(),
        minutes: length.map(|it| it.minutes),
        shift_minutes: shift,
        kind: kind(&tokens),
        pick: pick(&tokens, &found.all),
        doubtful: found.doubtful.iter().map(|(_, it)| it.clone()).collect(),
        ..RequestForm::default()
    };
    let roles = Roles {
        tokens: &tokens,
        called: &called,
        subjects: &walked.subjects,
        me: asker.me.as_ref(),
    };
    roles.put(&mut form);
    if form.stage.is_some() && form.kind == Some(MeetingType::Place) {
        form.kind = None;
    }
    let around = Around {
        has_candidate: form.candidate.is_some(),
        has_people: !(form.people.is_empty()
            && form.without.is_empty()
            && form.spoken_of.is_empty()),
        has_stage: form.stage.is_some(),
        has_time: !walked.stated.is_empty() || !form.doubtful.is_empty(),
        has_length: form.minutes.is_some(),
        has_shift: shift.is_some(),
    };
    (form.act, form.option) = acts::act(&tokens, around);
    let (about, stated) = about(
        &tokens,
        &found.all,
        (walked.stated, &walked.passed),
        form.act,
    );
    form.about = about;
    form.times = exact(stated, &found.all);
    if form.minutes.is_none() && form.act == RequestAct::Schedule {
        form.minutes = spanned(&form.times);
    }
    match form.act {
        // "Why not Tuesday?" rules nothing out.
        RequestAct::Why => {
            form.times
                .iter_mut()
                .for_each(|it| (it.not, it.must) = (false, true));
            form.people.append(&mut form.spoken_of);
        }
        RequestAct::Schedule => {}
        RequestAct::Change | RequestAct::Reschedule => {}
        _ => form.people.append(&mut form.spoken_of),
    }
    if form.act == RequestAct::Yes {
        form.times.clear();
        form.doubtful.clear();
    }
    let times: Vec<Range<usize>> = found.all.iter().map(|it| it.tokens.clone()).collect();
    let mut read = [of_names, of_lengths].concat();
    read.extend(found.all.iter().map(|it| it.tokens.clone()));
    read.extend(found.doubtful.iter().map(|(at, _)| at.clone()));
    read.extend(walked.read);
    form.unplaced = match form.act {
        RequestAct::Yes => Vec::new(),
        RequestAct::Never | RequestAct::Undo | RequestAct::AskCandidate => Vec::new(),
        _ => unplaced(
            text,
            &tokens,
            (&read, &times),
            lengths
                .iter()
                .filter(|it| it.shift.is_none())
                .skip(1)
                .map(|it| it.tokens.clone())
                .collect(),
        ),
    };
    form
}

/// Who is named twice, once more exactly, is meant both times.
fn narrow(called: &mut [Called]) {
    let exact: Vec<NamedMatch> = called
        .iter()
        .filter(|it| it.matches.len() == 1)
        .flat_map(|it| it.matches.clone())
        .collect();
    for it in called.iter_mut().filter(|it| it.matches.len() > 1) {
        let meant = it.matches.iter().filter(|it| exact.contains(it));
        let meant: Vec<NamedMatch> = meant.cloned().collect();
        if meant.len() == 1 {
            it.matches = meant;
        }
    }
}

/// `me` is a name, too, where somebody is meant to take part.
fn add_me(tokens: &[Token], called: &mut Vec<Called>, asker: &Asker<'_>) {
    let Some(me) = &asker.me else {
        return;
    };
    let low = |at: usize| tokens.get(at).map_or("", |it| it.low.as_str());
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).map_or("", low);
        let after = low(at + 1);
        let named_before = called.iter().any(|it| it.tokens.end == at);
        let takes_part = match token.low.as_str() {
            "me" | "myself" => {
                matches!(
                    before,
                    "with"
                        | "and"
                        | "&"
                        | "plus"
                        | "for"
                        | "between"
                        | "include"
                        | ","
                        | "including"
                        | "without"
                        | "to"
                ) && !(before == "for" && matches!(after, "to" | "please"))
                    && (before != "to" || called.iter().any(|it| it.tokens.end < at))
                    || matches!(after, "and" | "&")
                        && !matches!(
                            before,
                            "give"
                                | "show"
                                | "tell"
                                | "send"
                                | "find"
                                | "get"
                                | "book"
                                | "let"
                                | "remind"
                                | "help"
                        )
            }
            "i" => {
                matches!(after, "and" | "&")
                    || (matches!(before, "and" | "&") && (named_before || at > 1))
            }
            _ => false,
        };
        if takes_part {
            called.push(Called {
                tokens: at..at + 1,
                words: token.low.clone(),
                matches: vec![me.clone()],
                own: false,
            });
        }
    }
    called.sort_by_key(|it| it.tokens.start);
}

/// How people join, as far as it is said.
fn kind(tokens: &[Token]) -> Option<MeetingType> {
    let has = |phrases: &[&str]| find(tokens, phrases).is_some();
    if has(&[
        "zoom",
        "video",
        "videocall",
        "online",
        "remote",
        "remotely",
        "virtual",
        "virtually",
    ]) {
        return Some(MeetingType::Zoom);
    }
    if has(&[
        "by phone",
        "over the phone",
        "on the phone",
        "phone call",
        "telephone",
        "by telephone",
        "via phone",
    ]) {
        return Some(MeetingType::Phone);
    }
    has(&[
        "in person",
        "onsite",
        "on site",
        "face to face",
        "in the office",
        "at the office",
        "at our office",
    ])
    .then_some(MeetingType::Place)
}

/// Which of the times that work.
fn pick(tokens: &[Token], moments: &[Moment]) -> RequestPick {
    let in_time = |at: usize| moments.iter().any(|it| it.tokens.contains(&at));
    let stands = |phrases: &[&str]| {
        find(tokens, phrases).is_some_and(|(at, words)| !in_time(at) && !in_time(at + words - 1))
    };
    if stands(&[
        "earliest",
        "as soon as",
        "asap",
        "soonest",
        "first available",
        "first free",
        "first possible",
        "next available",
        "next free",
        "as early as",
        "urgently",
        "quickly",
        "soon",
        "first slot",
        "first opening",
        "next opening",
        "next slot",
        "sooner the better",
        "sooner the",
        "right away",
        "straight away",
        "immediately",
        "without delay",
    ]) {
        return RequestPick::Earliest;
    }
    match stands(&["latest", "as late as", "last possible", "last available"]) {
        true => RequestPick::Latest,
        false => RequestPick::Best,
    }
}

/// Who and what has which part in a request.
struct Roles<'a> {
    tokens: &'a [Token],
    called: &'a [Called],
    /// Those of whom something is said about a time.
    subjects: &'a [usize],
    me: Option<&'a NamedMatch>,
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

    fn put(&self, form: &mut RequestForm) {
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

/// How long a meeting is that is said as "10:00-11:00".
fn spanned(times: &[Stated]) -> Option<u32> {
    let [only] = times else {
        return None;
    };
    let said = only.words.to_lowercase();
    let window = ["between", "from", "after", "before", "until", "by"];
    let is_window = only.not || !only.must || said.split(' ').any(|it| window.contains(&it));
    let clocks = said.contains(['-', '\u{2013}']) || said.contains(" to ");
    match only.when.first() {
        Some(StatedWhen::Between { start, end }) if clocks && !is_window => {
            let minutes = (end.second() - start.second()) / 60;
            u32::try_from(minutes).ok().filter(|it| *it <= 120)
        }
        _ => None,
    }
}

/// The `from` and `to` of what is moved from one time to another, between which no stretch lies.
fn moved_from(tokens: &[Token]) -> Vec<usize> {
    let verbs = [
        "move",
        "reschedule",
        "shift",
        "push",
        "change",
        "switch",
        "rebook",
        "postpone",
        "swap",
    ];
    if find(tokens, &verbs).is_none() {
        return Vec::new();
    }
    let at = |word: &str| tokens.iter().position(|it| it.low == word);
    match (at("from"), tokens.iter().rposition(|it| it.low == "to")) {
        (Some(from), Some(to)) if from < to => vec![from, to],
        (_, Some(to)) => vec![to],
        _ => at("until").or(at("till")).into_iter().collect(),
    }
}

/// Apart from the times that are wanted, those of the meeting that is booked: "Tuesday's meeting",
/// "from Tuesday to Wednesday", and all where it is only cancelled.
fn about(
    tokens: &[Token],
    moments: &[Moment],
    (stated, passed): (Vec<Stated>, &[usize]),
    act: RequestAct,
) -> (Vec<Stated>, Vec<Stated>) {
    let nouns = [
        "interview",
        "meeting",
        "call",
        "slot",
        "one",
        "appointment",
        "chat",
        "session",
    ];
    let is_of = |moment: &Moment| {
        let next = tokens
            .get(moment.tokens.end)
            .map_or("", |it| it.low.as_str());
        let before = moment
            .tokens
            .start
            .checked_sub(1)
            .map_or("", |it| tokens[it].low.as_str());
        nouns.contains(&next) || matches!(before, "from" | "of")
    };
    let mut places = moments
        .iter()
        .enumerate()
        .filter(|(it, _)| !passed.contains(it))
        .map(|(_, it)| it);
    let (mut about, mut wanted) = (Vec::new(), Vec::new());
    for mut it in stated {
        let moment = places.next();
        let told = match act {
            RequestAct::Cancel => true,
            RequestAct::Reschedule => moment.is_some_and(is_of),
            _ => false,
        };
        if let (RequestAct::Reschedule, Some(moment)) = (act, moment)
            && ["until", "till"]
                .iter()
                .any(|word| it.words.to_lowercase().starts_with(word))
        {
            // What is put off until Wednesday is on Wednesday.
            it.when = vec![moment.base.clone()];
        }
        match told {
            true => about.push(it),
            false => wanted.push(it),
        }
    }
    (about, wanted)
}

/// A week in which a day is named too is left out: the day says it more exactly.
fn exact(stated: Vec<Stated>, moments: &[Moment]) -> Vec<Stated> {
    let span = |it: &Stated| match it.when.first() {
        Some(StatedWhen::Between { start, end }) => Some((*start, *end)),
        Some(StatedWhen::At { start }) => Some((*start, *start)),
        _ => None,
    };
    let is_wide = |place: usize| moments.get(place).is_some_and(|it| it.wide);
    let same = |one: &Stated, other: &Stated| {
        (one.must, one.not) == (other.must, other.not) && one.who == other.who
    };
    let keep: Vec<bool> = stated
        .iter()
        .enumerate()
        .map(|(place, wide)| {
            let Some((from, to)) = span(wide).filter(|_| is_wide(place) && !wide.not) else {
                return true;
            };
            let inside = |(other, it): (usize, &Stated)| {
                other != place
                    && !is_wide(other)
                    && same(wide, it)
                    && span(it).is_some_and(|(start, end)| from <= start && end <= to)
            };
            !stated.iter().enumerate().any(inside)
        })
        .collect();
    let mut kept = keep.into_iter();
    stated
        .into_iter()
        .filter(|_| kept.next() == Some(true))
        .collect()
}

/// Words that were read nowhere, neighbours together.
fn unplaced(
    text: &str,
    tokens: &[Token],
    (read, times): (&[Range<usize>], &[Range<usize>]),
    more: Vec<Range<usize>>,
) -> Vec<String> {
    let is_read = |at: usize| {
        read.iter().any(|it| it.contains(&at)) && !more.iter().any(|it| it.contains(&at))
    };
    let is_left = |at: usize| {
        let token = &tokens[at];
        !is_read(at) && !token.mark && !words::is_common(&token.low)
    };
    let hangs = |at: usize| {
        let low = tokens[at].low.as_str();
        !is_read(at)
            && words::RELATES.contains(&low)
            && !times.iter().any(|it| it.contains(&(at + 1)))
            && tokens.get(at + 1).is_some_and(|next| {
                !next.mark && !matches!(next.low.as_str(), "that" | "then" | "long" | "all")
            })
    };
    let mut all: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if hangs(at) {
            // All of it hangs on what could not be read: to the end of the breath.
            let ends = |it: &Token| it.mark && it.low != "-" && it.low != "'" || it.low == "but";
            let to = tokens[at..]
                .iter()
                .position(ends)
                .map_or(tokens.len(), |it| at + it);
            let to = (at + 1..to)
                .find(|it| is_read(*it) && read.iter().any(|r| r.start == *it && r.len() > 1))
                .unwrap_or(to);
            all.push(at..to);
            at = to.max(at + 1);
            continue;
        }
        if is_left(at) {
            match all.last_mut() {
                Some(last) if last.end == at => last.end = at + 1,
                _ => all.push(at..at + 1),
            }
        }
        at += 1;
    }
    let words =
        |it: Range<usize>| text[tokens[it.start].at.start..tokens[it.end - 1].at.end].to_owned();
    all.into_iter().map(words).collect()
}
