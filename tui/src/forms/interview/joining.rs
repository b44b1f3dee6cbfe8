//! Who takes part and how people join: the fields for it, which are shown when, and what stands in
//! them.

use greenroom_protocol::interview::{Interview, MeetingType};

use super::super::Name;
use super::super::fill::{host_trouble, key_in_form, line, members, needed, repick, select};
use crate::forms::sheet::{Entry, Field, Note, Sheet};
use crate::keys::Command;
use crate::state::State;
use crate::widgets::{Choice, MultiSelect};

const TYPES: [MeetingType; 4] = [
    MeetingType::Zoom,
    MeetingType::Link,
    MeetingType::Phone,
    MeetingType::Place,
];

/// Who takes part and how people join, as it stands in a sheet. What is hidden there is empty here.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Joining {
    pub(super) kind: MeetingType,
    /// Details of a Zoom meeting that a person typed.
    pub(super) by_hand: bool,
    pub(super) url: String,
    pub(super) meeting_id: String,
    pub(super) passcode: String,
    pub(super) details: String,
    pub(super) organizer: String,
    /// Whose Zoom hosts, where Greenroom makes the meeting.
    pub(super) host: String,
    pub(super) with: Vec<String>,
}

impl Joining {
    /// As it stands in a sheet.
    pub(super) fn of(sheet: &Sheet<Name>) -> Self {
        let kind = kind(sheet);
        let by_hand = is_by_hand(sheet);
        let text = |name: Name, counts: bool| match counts {
            true => sheet.text(name).to_owned(),
            false => String::new(),
        };
        let host = match makes_a_meeting(sheet) {
            true => sheet.chosen(Name::Host),
            false => "",
        };
        Self {
            kind,
            by_hand,
            url: text(Name::Link, kind == MeetingType::Link || by_hand),
            meeting_id: text(Name::MeetingId, by_hand),
            passcode: text(Name::Passcode, by_hand),
            details: text(Name::Details, is_told_in_words(kind)),
            organizer: sheet.chosen(Name::Organizer).to_owned(),
            host: host.to_owned(),
            with: sheet.taken(Name::With).to_vec(),
        }
    }

    /// As an interview has it.
    pub(super) fn in_force(interview: &Interview) -> Self {
        let meeting = &interview.meeting;
        let typed = |words: &Option<String>| match meeting.manual {
            true => words.clone().unwrap_or_default(),
            false => String::new(),
        };
        let host = interview.host.as_ref().map(|host| host.id.to_string());
        let with = interview.interviewers.iter();
        Self {
            kind: meeting.kind,
            by_hand: meeting.kind == MeetingType::Zoom && meeting.manual,
            url: typed(&meeting.join_url),
            meeting_id: typed(&meeting.meeting_id),
            passcode: typed(&meeting.passcode),
            details: typed(&meeting.details),
            organizer: interview.organizer.id.to_string(),
            host: host.unwrap_or_default(),
            with: with.map(|member| member.id.to_string()).collect(),
        }
    }

    /// Puts what an interview has now where what it had `before` still stands.
    pub(super) fn follow(&self, before: &Self, sheet: &mut Sheet<Name>) {
        let stood = Self::of(sheet);
        let ways = (before.kind, before.by_hand);
        if (stood.kind, stood.by_hand) == ways && ways != (self.kind, self.by_hand) {
            let kind = TYPES.iter().position(|kind| *kind == self.kind);
            sheet.choose(Name::Type, kind.unwrap_or(0));
            sheet.choose(Name::By, usize::from(self.by_hand));
        }
        for field in &mut sheet.fields {
            let (was, here, now) = match field.name {
                Name::Link => (&before.url, &stood.url, &self.url),
                Name::MeetingId => (&before.meeting_id, &stood.meeting_id, &self.meeting_id),
                Name::Passcode => (&before.passcode, &stood.passcode, &self.passcode),
                Name::Details => (&before.details, &stood.details, &self.details),
                Name::Organizer => (&before.organizer, &stood.organizer, &self.organizer),
                Name::Host => (&before.host, &stood.host, &self.host),
                Name::With if stood.with == before.with => {
                    if let Entry::MultiSelect(several) = &mut field.entry {
                        several.take(&self.with);
                    }
                    continue;
                }
                _ => continue,
            };
            match &mut field.entry {
                Entry::Text(input) if was == here => input.set(now),
                Entry::Select(select) if was == here => select.choose(now),
                _ => {}
            }
        }
    }

    /// The fields, filled with this; `made` says when Greenroom makes the meeting.
    pub(super) fn fields(&self, state: &State, made: &'static [&'static str]) -> Vec<Field<Name>> {
        let kind = TYPES.iter().position(|kind| *kind == self.kind);
        let kinds = Choice::new(
            &["Zoom", "Other link", "Phone", "In person"],
            kind.unwrap_or(0),
        );
        let with: Vec<&str> = self.with.iter().map(String::as_str).collect();
        let with = MultiSelect::new(members(state, false), &with);
        let by = Choice::new(made, usize::from(self.by_hand));
        vec![
            Field::new(Name::Type, "Meeting", Entry::Choice(kinds)),
            Field::new(Name::By, "Details", Entry::Choice(by)),
            line(Name::Link, "Link", &self.url),
            line(Name::MeetingId, "Meeting ID", &self.meeting_id),
            line(Name::Passcode, "Passcode", &self.passcode),
            line(Name::Details, "Details", &self.details),
            select(
                Name::Organizer,
                "Organizer",
                members(state, false),
                Some(&self.organizer),
            ),
            select(
                Name::Host,
                "Zoom of",
                members(state, true),
                Some(&self.host),
            ),
            Field::new(Name::With, "With", Entry::MultiSelect(with)),
        ]
    }
}

/// Brings the options up to date, and shows the fields that the chosen way to join needs.
pub(super) fn refresh(sheet: &mut Sheet<Name>, state: &State) {
    repick(sheet, Name::Organizer, members(state, false));
    repick(sheet, Name::With, members(state, false));
    repick(sheet, Name::Host, members(state, true));
    let kind = kind(sheet);
    let by_hand = is_by_hand(sheet);
    sheet.show(Name::By, kind == MeetingType::Zoom);
    sheet.show(Name::Link, kind == MeetingType::Link || by_hand);
    sheet.show(Name::MeetingId, by_hand);
    sheet.show(Name::Passcode, by_hand);
    sheet.show(Name::Details, is_told_in_words(kind));
    sheet.show(Name::Host, makes_a_meeting(sheet));
}

/// What stands beside the host when its Zoom hosts nothing now: why, and the ways on.
pub(super) fn host_note(sheet: &Sheet<Name>, state: &State) -> Option<Note> {
    let words = host_trouble(sheet, state)?;
    let by_hand = key_in_form(state, Command::Manual);
    let by_hand = by_hand.map(|key| format!(", {key} takes details by hand"));
    Some(Note::Error(format!(
        "{words}{}",
        by_hand.unwrap_or_default()
    )))
}

/// Whether everything that the chosen way to join needs is there; what is missing is said beside
/// its field.
pub(super) fn is_complete(sheet: &mut Sheet<Name>) -> bool {
    let kind = kind(sheet);
    let link = match kind == MeetingType::Link || is_by_hand(sheet) {
        true => needed(sheet, Name::Link, "the link to join").is_some(),
        false => true,
    };
    let details = match kind {
        MeetingType::Phone => needed(sheet, Name::Details, "the number to call").is_some(),
        MeetingType::Place => needed(sheet, Name::Details, "where to come").is_some(),
        _ => true,
    };
    let with = !sheet.taken(Name::With).is_empty();
    if !with {
        sheet.refuse(Name::With, "who takes part?");
    }
    link && details && with
}

/// Whether Greenroom makes the Zoom meeting.
pub(in super::super) fn makes_a_meeting(sheet: &Sheet<Name>) -> bool {
    kind(sheet) == MeetingType::Zoom && !is_by_hand(sheet)
}

/// Leaves the Zoom meeting to whoever types its details.
pub(in super::super) fn type_by_hand(sheet: &mut Sheet<Name>) {
    sheet.choose(Name::By, 1);
}

fn kind(sheet: &Sheet<Name>) -> MeetingType {
    TYPES
        .get(sheet.choice(Name::Type))
        .copied()
        .unwrap_or_default()
}

fn is_by_hand(sheet: &Sheet<Name>) -> bool {
    kind(sheet) == MeetingType::Zoom && sheet.choice(Name::By) == 1
}

fn is_told_in_words(kind: MeetingType) -> bool {
    matches!(kind, MeetingType::Phone | MeetingType::Place)
}
