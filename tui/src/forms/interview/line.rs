//! A booking in one line: `wen thu 2pm sam lena`, as the palette takes it.
//!
//! Owns what the words of a line are: those the daemon reads as a time, colleagues by name, and
//! before them the candidate. Invariant: nothing is booked by a line; it opens the form with what it
//! says filled in, and a word that is nobody's name is said there.

use greenroom_protocol::id::MemberId;
use greenroom_protocol::pipeline::CandidateRow;
use greenroom_protocol::schedule::TimesRead;
use greenroom_protocol::workspace::Member;

use super::joining;
use super::new::{NewInterview, WHEN};
use crate::forms::sheet::{Entry, Note};
use crate::forms::{Form, FormKey, Frame, Kind};
use crate::state::State;
use crate::widgets::text;

/// Words that only join others.
const JOINING: [&str; 6] = ["with", "and", "at", "on", "zoom", "&"];

/// What a line says.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Line {
    /// Whom it is with, as it was typed.
    pub(crate) candidate: String,
    time: String,
    with: Vec<MemberId>,
    /// Whose Zoom hosts: `mina's`.
    host: Option<MemberId>,
    /// Words that are nobody's name.
    unknown: Vec<String>,
}

impl Line {
    /// Takes a line apart; `read` is what the daemon read in it.
    pub(crate) fn of(line: &str, read: &TimesRead, members: &[Member]) -> Self {
        let times = read.times.iter().map(|it| it.words.as_str());
        let unclear = read.ambiguous.iter().map(|it| it.words.as_str());
        let mut rest = line.to_owned();
        let mut time = Vec::new();
        for words in times.chain(unclear).filter(|it| !it.is_empty()) {
            if let Some(at) = rest.find(words) {
                rest.replace_range(at..at + words.len(), " ");
                time.push(words);
            }
        }
        let mut made = Self {
            time: time.join(" "),
            ..Self::default()
        };
        let words = rest.split([' ', ',']).filter(|it| !it.is_empty());
        let words = words.filter(|it| !JOINING.contains(&text::fold(it).as_str()));
        let mut candidate: Vec<&str> = Vec::new();
        for word in words {
            let whose = word.strip_suffix("'s").or(word.strip_suffix("’s"));
            let member = of_name(whose.unwrap_or(word), members);
            match (member, whose) {
                // The first name is the candidate's, even where others share it.
                _ if candidate.is_empty() => candidate.push(word),
                (Some(host), Some(_)) => made.host = Some(host),
                (Some(member), None) => made.with.push(member),
                (None, _) if made.with.is_empty() => candidate.push(word),
                (None, _) => made.unknown.push(word.to_owned()),
            }
        }
        made.candidate = candidate.join(" ");
        made
    }
}

/// The one member of whom a name begins so, the first names first.
fn of_name(word: &str, members: &[Member]) -> Option<MemberId> {
    let word = text::fold(word);
    let begins = |place: usize| {
        let mut found = members.iter().filter(|member| {
            let name = text::fold(&member.name);
            let part = name.split(' ').nth(place);
            part.is_some_and(|it| it.starts_with(&word))
        });
        let first = found.next()?;
        found.next().is_none().then_some(first.id)
    };
    begins(0).or_else(|| begins(1))
}

/// Opens the form with what a line says filled in; `rows` are the candidates who match.
pub(crate) fn open(state: &mut State, line: &Line, rows: &[CandidateRow]) {
    let chosen = the_one(&line.candidate, rows);
    let subject = chosen.map(|row| row.id.to_string()).unwrap_or_default();
    let is_open = chosen.is_some();
    let kind = Kind::Interview;
    let mut form = Form::open(state, FormKey { kind, subject });
    if let Form::Interview(frame) = &mut *form {
        fill(frame, line, is_open);
    }
    state.panes.push(*form);
}

/// The candidate who is meant: the only one, or the only one whose name begins so.
fn the_one<'a>(typed: &str, rows: &'a [CandidateRow]) -> Option<&'a CandidateRow> {
    if let [one] = rows {
        return Some(one);
    }
    let typed = text::fold(typed);
    let begins = |name: &str| {
        let name = text::fold(name);
        let mut words = name.split(' ');
        name.starts_with(&typed) || words.any(|word| word == typed)
    };
    let mut found = rows.iter().filter(|row| begins(&row.name));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn fill(form: &mut Frame<NewInterview>, line: &Line, is_chosen: bool) {
    let sheet = &mut form.sheet;
    let with = joining::Name::With.into();
    if let Some(field) = sheet.field_mut(with).filter(|_| !line.with.is_empty()) {
        let members: Vec<_> = line.with.iter().map(ToString::to_string).collect();
        if let Entry::MultiSelect(several) = &mut field.entry {
            several.take(&members);
        }
    }
    if !line.unknown.is_empty() {
        let words = line.unknown.join(", ");
        let why = format!("No colleague's name begins with {words}");
        sheet.say(with, vec![Note::Error(why)]);
    }
    if let Some(host) = line.host {
        let field = sheet.field_mut(joining::Name::Host.into());
        if let Some(Entry::Select(select)) = field.map(|field| &mut field.entry) {
            select.choose(&host.to_string());
        }
    }
    if !line.time.is_empty()
        && let Some(field) = sheet.field_mut(WHEN)
    {
        field.write_text(&line.time);
    }
    match is_chosen {
        true => sheet.focus(WHEN),
        // The list of those who match hangs open.
        false => sheet.search(super::new::Name::Candidate, &line.candidate),
    }
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::schedule::{Grain, TimeFound};
    use jiff::Timestamp;

    use super::*;
    use crate::app::tests::records::members;

    fn read(words: &[&str]) -> TimesRead {
        let time = |words: &&str| TimeFound {
            start: Timestamp::UNIX_EPOCH.into(),
            end: None,
            grain: Grain::Minute,
            zone: "Europe/Berlin".into(),
            words: (*words).to_owned(),
            rule: String::new(),
            others: Vec::new(),
        };
        TimesRead {
            times: words.iter().map(time).collect(),
            ..TimesRead::default()
        }
    }

    fn said(line: &str, times: &[&str]) -> (String, String, Vec<String>, Option<String>) {
        let members = members();
        let line = Line::of(line, &read(times), &members);
        let name = |id: &MemberId| {
            let found = members.iter().find(|it| it.id == *id);
            found.unwrap().name.split(' ').next().unwrap().to_owned()
        };
        let with = line.with.iter().map(name).chain(line.unknown.clone());
        (
            line.candidate.clone(),
            line.time.clone(),
            with.collect(),
            line.host.as_ref().map(name),
        )
    }

    #[test]
    fn a_line_is_a_candidate_a_time_and_colleagues() {
        for (line, times, candidate, time, with, host) in [
            (
                "wen thu 2pm sam lena",
                vec!["thu 2pm"],
                "wen",
                "thu 2pm",
                vec!["Sam", "Lena"],
                None,
            ),
            (
                "priya nair with Sam, lena, mina's zoom at thu 2pm",
                vec!["thu 2pm"],
                "priya nair",
                "thu 2pm",
                vec!["Sam", "Lena"],
                Some("Mina"),
            ),
            (
                "sam thu 2pm sam",
                vec!["thu 2pm"],
                "sam",
                "thu 2pm",
                vec!["Sam"],
                None,
            ),
            (
                "wen sam nobody",
                vec![],
                "wen",
                "",
                vec!["Sam", "nobody"],
                None,
            ),
            ("wen", vec![], "wen", "", vec![], None),
            ("", vec![], "", "", vec![], None),
        ] {
            let found = said(line, &times);
            let with: Vec<String> = with.into_iter().map(str::to_owned).collect();
            let expected = (
                candidate.to_owned(),
                time.to_owned(),
                with,
                host.map(str::to_owned),
            );
            assert_eq!(found, expected, "{line}");
        }
    }
}
