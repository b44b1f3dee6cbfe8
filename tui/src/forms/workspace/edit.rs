//! The workspace one is in: its name, its time zone, and when interviewers who do not reply are
//! reminded.

use greenroom_protocol::Error;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::workspace as wire;

use super::zoom_app::current;
use crate::forms::fill::{changed, line, maybe, needed, zones};
use crate::forms::sheet::{Field, Sheet};
use crate::forms::{Answered, FormType, Frame, Send, unexpected};
use crate::state::State;

/// The longest time before a reminder, in hours: two weeks.
const MOST_HOURS: u32 = 14 * 24;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    Workspace,
    Zone,
    NoReply,
}

#[derive(Debug)]
pub(crate) struct WorkspaceEdit;

impl FormType for WorkspaceEdit {
    type Name = Name;

    const DOING: &'static str = "saving";
    const EDITS: bool = true;

    fn open(state: &State, subject: &str) -> Frame<Self> {
        let current = current(state);
        let name = current.map(|it| it.name.as_str()).unwrap_or_default();
        let hours = current.map_or(0, |it| it.no_reply_reminder_hours);
        let hours = match hours {
            0 => "off".to_owned(),
            hours => hours.to_string(),
        };
        let no_reply = line("Remind after", &hours)
            .unit("hours without a reply, or off")
            .hint("No-reply reminder; weekends don't count");
        let sheet = Sheet::new(vec![
            (Name::Workspace, line("Name", name)),
            (
                Name::Zone,
                Field::new("Time zone", zones(current.map(|it| it.zone.as_str())))
                    .hint("Stages offer starts by its clock, unless they have their own"),
            ),
            (Name::NoReply, no_reply),
        ]);
        Frame::new(subject, "Workspace", "Save", sheet, Self)
    }

    fn name(of_request: &str) -> Option<Name> {
        Some(match of_request {
            "workspace" | "name" => Name::Workspace,
            "zone" => Name::Zone,
            "no_reply_reminder_hours" => Name::NoReply,
            _ => return None,
        })
    }

    fn send(form: &mut Frame<Self>, state: &State) -> Option<Send> {
        let sheet = &mut form.sheet;
        let name = changed(sheet, Name::Workspace, |sheet| {
            needed(sheet, Name::Workspace, "Enter a name")
        });
        let hours = changed(sheet, Name::NoReply, hours);
        let workspace = wire::WorkspaceEdit {
            workspace: Some(current(state)?.id.to_string()),
            name: name?,
            zone: maybe(sheet.chosen(Name::Zone)).filter(|_| sheet.is_changed(Name::Zone)),
            no_reply_reminder_hours: hours?,
            ..wire::WorkspaceEdit::default()
        };
        Some(Send::Call(Box::new(Q::WorkspaceEdit { workspace })))
    }

    fn answered(_form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let R::WorkspaceEdit(done) = reply else {
            return Err(unexpected());
        };
        done.map(|workspace| Answered::Done(format!("{} saved", workspace.name)))
    }
}

/// Whole hours, with or without their unit, or off.
fn hours(sheet: &mut Sheet<Name>) -> Option<u32> {
    let words = sheet.text(Name::NoReply).trim().to_lowercase();
    let number = words.strip_suffix("hours").or(words.strip_suffix('h'));
    let number = number.unwrap_or(&words).trim();
    let hours = match &*words {
        "off" | "" => Some(0),
        _ => number.parse().ok(),
    };
    let hours = hours.filter(|hours| *hours <= MOST_HOURS);
    if hours.is_none() {
        let why = format!("Enter hours, 1 to {MOST_HOURS}, or off");
        sheet.refuse(Name::NoReply, &why);
    }
    hours
}
