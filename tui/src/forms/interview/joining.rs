//! Who takes part and how people join: the fields for it, which are shown when, and what stands in
//! them.

use greenroom_protocol::interview::{Interview, MeetingType};

use crate::forms::fill::{host_trouble, key_in_form, line, members, needed, repick, select};
use crate::forms::sheet::{Entry, Field, Note, Sheet};
use crate::keys::Command;
use crate::state::State;
use crate::widgets::{Choice, MultiSelect};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    Type,
    /// Who makes the Zoom meeting: Greenroom, or somebody who enters its details.
    By,
    Link,
    MeetingId,
    Passcode,
    Details,
    Organizer,
    /// Whose Zoom hosts.
    Host,
    /// Whether Zoom writes a summary.
    Notes,
    With,
}

/// What can stand for these fields in a form that has more.
pub(super) trait Key: Copy + PartialEq + From<Name> {}

impl<N: Copy + PartialEq + From<Name>> Key for N {}

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
    /// A Zoom meeting whose details a person entered.
    pub(super) manual: bool,
    pub(super) url: String,
    pub(super) meeting_id: String,
    pub(super) passcode: String,
    pub(super) details: String,
    pub(super) organizer: String,
    /// Whose Zoom hosts, where Greenroom makes the meeting.
    pub(super) host: String,
    /// Whether Zoom writes a summary, where Greenroom makes the meeting.
    pub(super) notes: bool,
    pub(super) with: Vec<String>,
}

impl Joining {
    /// As it stands in a sheet.
    pub(super) fn of<N: Key>(sheet: &Sheet<N>) -> Self {
        let kind = kind(sheet);
        let manual = is_manual(sheet);
        let text = |name: Name, counts: bool| match counts {
            true => sheet.text(name.into()).to_owned(),
            false => String::new(),
        };
        let host = match makes_a_meeting(sheet) {
            true => sheet.chosen(Name::Host.into()),
            false => "",
        };
        Self {
            kind,
            manual,
            url: text(Name::Link, kind == MeetingType::Link || manual),
            meeting_id: text(Name::MeetingId, manual),
            passcode: text(Name::Passcode, manual),
            details: text(Name::Details, is_told_in_words(kind)),
            organizer: sheet.chosen(Name::Organizer.into()).to_owned(),
            host: host.to_owned(),
            notes: makes_a_meeting(sheet) && sheet.choice(Name::Notes.into()) == 1,
            with: sheet.taken(Name::With.into()).to_vec(),
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
            manual: meeting.kind == MeetingType::Zoom && meeting.manual,
            url: typed(&meeting.join_url),
            meeting_id: typed(&meeting.meeting_id),
            passcode: typed(&meeting.passcode),
            details: typed(&meeting.details),
            organizer: interview.organizer.id.to_string(),
            host: host.unwrap_or_default(),
            notes: interview.zoom_notes,
            with: with.map(|member| member.id.to_string()).collect(),
        }
    }

    /// Puts what an interview has now where what it had `before` still stands.
    pub(super) fn follow<N: Key>(&self, before: &Self, sheet: &mut Sheet<N>) {
        let stood = Self::of(sheet);
        let ways = (before.kind, before.manual);
        if (stood.kind, stood.manual) == ways && ways != (self.kind, self.manual) {
            let kind = TYPES.iter().position(|kind| *kind == self.kind);
            sheet.choose(Name::Type.into(), kind.unwrap_or(0));
            sheet.choose(Name::By.into(), usize::from(self.manual));
        }
        for (name, was, here, now) in [
            (Name::Link, &before.url, &stood.url, &self.url),
            (
                Name::MeetingId,
                &before.meeting_id,
                &stood.meeting_id,
                &self.meeting_id,
            ),
            (
                Name::Passcode,
                &before.passcode,
                &stood.passcode,
                &self.passcode,
            ),
            (
                Name::Details,
                &before.details,
                &stood.details,
                &self.details,
            ),
            (
                Name::Organizer,
                &before.organizer,
                &stood.organizer,
                &self.organizer,
            ),
            (Name::Host, &before.host, &stood.host, &self.host),
        ] {
            match sheet.field_mut(name.into()).map(|field| &mut field.entry) {
                Some(Entry::Text(input)) if was == here => input.set(now),
                Some(Entry::Select(select)) if was == here => select.choose(now),
                _ => {}
            }
        }
        if stood.notes == before.notes && self.notes != before.notes {
            sheet.choose(Name::Notes.into(), usize::from(self.notes));
        }
        let with = sheet.field_mut(Name::With.into());
        if let Some(Entry::MultiSelect(with)) = with.map(|field| &mut field.entry)
            && stood.with == before.with
        {
            with.take(&self.with);
        }
    }

    /// The fields, filled with this; `made` says when Greenroom makes the meeting.
    pub(super) fn fields<N: Key>(
        &self,
        state: &State,
        made: &'static [&'static str],
    ) -> Vec<(N, Field)> {
        let kind = TYPES.iter().position(|kind| *kind == self.kind);
        let kinds = &["Zoom", "Other link", "Phone", "In person"];
        let kinds = Choice::new(kinds, kind.unwrap_or(0));
        let with: Vec<&str> = self.with.iter().map(String::as_str).collect();
        let with = MultiSelect::new(members(state, false), &with);
        let by = Choice::new(made, usize::from(self.manual));
        let notes = Choice::new(&["off", "on"], usize::from(self.notes));
        let organizer = select("Organizer", members(state, false), Some(&self.organizer));
        let host = select(
            "Host (Zoom account)",
            members(state, true),
            Some(&self.host),
        );
        let fields = [
            (Name::Type, Field::new("Meeting", Entry::Choice(kinds))),
            (Name::By, Field::new("Link", Entry::Choice(by))),
            (Name::Link, line("Join link", &self.url)),
            (Name::MeetingId, line("Meeting ID", &self.meeting_id)),
            (Name::Passcode, line("Passcode", &self.passcode)),
            (Name::Details, line("Phone number", &self.details)),
            (Name::Organizer, organizer),
            (Name::Host, host),
            (Name::Notes, Field::new("Zoom notes", Entry::Choice(notes))),
            (
                Name::With,
                Field::new("Interviewers", Entry::MultiSelect(with)),
            ),
        ];
        fields.map(|(name, field)| (name.into(), field)).into()
    }
}

/// The field that a field of the request is filled from.
pub(super) fn named(of_request: &str) -> Option<Name> {
    Some(match of_request {
        "type" => Name::Type,
        "url" => Name::Link,
        "meeting_id" => Name::MeetingId,
        "passcode" => Name::Passcode,
        "details" => Name::Details,
        "organizer" => Name::Organizer,
        "zoom_user" => Name::Host,
        "zoom_notes" => Name::Notes,
        "with" => Name::With,
        _ => return None,
    })
}

/// Brings the options up to date, and shows the fields that the chosen way to join needs.
pub(super) fn refresh<N: Key>(sheet: &mut Sheet<N>, state: &State) {
    repick(sheet, Name::Organizer.into(), members(state, false));
    repick(sheet, Name::With.into(), members(state, false));
    repick(sheet, Name::Host.into(), members(state, true));
    let kind = kind(sheet);
    let manual = is_manual(sheet);
    sheet.show(Name::By.into(), kind == MeetingType::Zoom);
    sheet.show(Name::Link.into(), kind == MeetingType::Link || manual);
    sheet.show(Name::MeetingId.into(), manual);
    sheet.show(Name::Passcode.into(), manual);
    sheet.show(Name::Details.into(), is_told_in_words(kind));
    let makes = makes_a_meeting(sheet);
    sheet.show(Name::Host.into(), makes);
    sheet.show(Name::Notes.into(), makes);
    let on = sheet.choice(Name::Notes.into()) == 1;
    let words = "Zoom writes a summary; the invitation says so";
    let hint = on.then(|| Note::Hint(words.to_owned()));
    sheet.say(Name::Notes.into(), hint.into_iter().collect());
    if let Some(details) = sheet.field_mut(Name::Details.into()) {
        details.label = match kind {
            MeetingType::Place => "Location",
            _ => "Phone number",
        };
    }
}

/// What stands beside the host when its Zoom hosts nothing now: why, and the ways on.
pub(super) fn host_note<N: Key>(sheet: &Sheet<N>, state: &State) -> Option<Note> {
    let words = host_trouble(sheet.chosen(Name::Host.into()), state)?;
    let manual = key_in_form(state, Command::Manual);
    let manual = manual.map(|key| format!(", {key} to enter details manually"));
    Some(Note::Error(format!(
        "{words}{}",
        manual.unwrap_or_default()
    )))
}

/// Whether everything that the chosen way to join needs is there; what is missing is said beside
/// its field.
pub(super) fn is_complete<N: Key>(sheet: &mut Sheet<N>) -> bool {
    let kind = kind(sheet);
    let link = match kind == MeetingType::Link || is_manual(sheet) {
        true => needed(sheet, Name::Link.into(), "Enter the join link").is_some(),
        false => true,
    };
    let details = match kind {
        MeetingType::Phone => {
            needed(sheet, Name::Details.into(), "Enter the phone number").is_some()
        }
        MeetingType::Place => needed(sheet, Name::Details.into(), "Enter the location").is_some(),
        _ => true,
    };
    let with = !sheet.taken(Name::With.into()).is_empty();
    if !with {
        sheet.refuse(Name::With.into(), "Choose at least one interviewer");
    }
    link && details && with
}

/// Whether Greenroom makes the Zoom meeting.
pub(super) fn makes_a_meeting<N: Key>(sheet: &Sheet<N>) -> bool {
    kind(sheet) == MeetingType::Zoom && !is_manual(sheet)
}

/// Lets the details of the Zoom meeting be entered manually.
pub(super) fn enter_manually<N: Key>(sheet: &mut Sheet<N>) {
    sheet.choose(Name::By.into(), 1);
}

fn kind<N: Key>(sheet: &Sheet<N>) -> MeetingType {
    TYPES
        .get(sheet.choice(Name::Type.into()))
        .copied()
        .unwrap_or_default()
}

fn is_manual<N: Key>(sheet: &Sheet<N>) -> bool {
    kind(sheet) == MeetingType::Zoom && sheet.choice(Name::By.into()) == 1
}

fn is_told_in_words(kind: MeetingType) -> bool {
    matches!(kind, MeetingType::Phone | MeetingType::Place)
}
