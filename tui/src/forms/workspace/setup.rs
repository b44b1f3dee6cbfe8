//! The first workspace, and oneself in it.

use greenroom_protocol::Error;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::workspace;

use crate::forms::fill::{address, line, needed, zones};
use crate::forms::sheet::{Field, Sheet};
use crate::forms::{Answered, FormType, Frame, Leave, Send, unexpected};
use crate::state::State;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    Company,
    Person,
    Email,
    Zone,
}

#[derive(Debug)]
pub(crate) struct Setup;

impl FormType for Setup {
    type Name = Name;

    const DOING: &'static str = "setting up";
    // Without a workspace there is nothing behind the form.
    const LEAVE: Leave = Leave::Never;

    fn open(state: &State, subject: &str) -> Frame<Self> {
        let zone = state.machine_zone.iana_name().unwrap_or("UTC");
        let company = line("Company", "").hint("The name of your workspace");
        let email = line("Email", "").hint("Your invitations and notices come here");
        let sheet = Sheet::new(vec![
            (Name::Company, company),
            (Name::Person, line("Your name", "")),
            (Name::Email, email),
            (Name::Zone, Field::new("Time zone", zones(Some(zone)))),
        ]);
        let title = "Welcome to Greenroom: your first workspace";
        Frame::new(subject, title, "Set up", sheet, Self)
    }

    fn name(of_request: &str) -> Option<Name> {
        Some(match of_request {
            "workspace" => Name::Company,
            "name" => Name::Person,
            "email" => Name::Email,
            "zone" => Name::Zone,
            _ => return None,
        })
    }

    fn send(form: &mut Frame<Self>, _state: &State) -> Option<Send> {
        let sheet = &mut form.sheet;
        let company = needed(sheet, Name::Company, "Enter a name");
        let name = needed(sheet, Name::Person, "Enter your name");
        let email = address(sheet, Name::Email);
        let setup = workspace::Setup {
            workspace: company?,
            name: name?,
            email: email?,
            zone: sheet.chosen(Name::Zone).to_owned(),
            // The app is a step of its own.
            zoom_client_id: None,
            zoom_client_secret: None,
        };
        Some(Send::Call(Box::new(Q::Setup { setup })))
    }

    fn answered(_form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let R::Setup(done) = reply else {
            return Err(unexpected());
        };
        done.map(|done| Answered::SetUp(format!("{} is set up", done.workspace.name)))
    }
}
