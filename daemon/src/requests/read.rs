//! From a sentence to a form.
//!
//! Invariant: each word is read by one of the rooms, is one that says nothing, or stands in
//! `unplaced`.

use std::ops::Range;

use greenroom_protocol::conversation::{
    NamedMatch, RequestAct, RequestForm, RequestPick, Stated, StatedWhen,
};
use greenroom_protocol::interview::MeetingType;
use jiff::tz::TimeZone;

use super::acts::{self, Around};
use super::lengths;
use super::moments::{self, Blank, Moment};
use super::names::{self, Called, Names};
use super::roles::Roles;
use super::scopes::Walk;
use super::tokens::{self, Token, find};
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
