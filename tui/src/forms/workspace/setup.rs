//! The first workspace, and oneself in it.

use greenroom_protocol::secret::Opaque;
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::workspace::Setup;

use super::super::fill::{address, line, maybe, needed, zones};
use super::super::{Form, FormKey, Name};
use crate::forms::sheet::{Field, Sheet};
use crate::state::State;

pub(in super::super) fn form(state: &State, key: FormKey) -> Form {
    let zone = state.machine_zone.iana_name().unwrap_or("UTC");
    let sheet = Sheet::new(vec![
        line(Name::Workspace, "Company", "").hint("the name of the workspace"),
        line(Name::Person, "Your name", ""),
        line(Name::Email, "Address", "").hint("invitations come from you, and replies go there"),
        Field::new(Name::Zone, "Time zone", zones(Some(zone))),
        line(Name::ClientId, "Zoom app", "").hint("its client id; can wait until Settings"),
    ]);
    Form::new(
        key,
        "Welcome to Greenroom: your first workspace",
        "Set up",
        sheet,
    )
}

pub(in super::super) fn request(sheet: &mut Sheet<Name>) -> Option<Q> {
    let workspace = needed(sheet, Name::Workspace, "Enter a name");
    let name = needed(sheet, Name::Person, "your name is needed");
    let email = address(sheet, Name::Email);
    let setup = Setup {
        workspace: workspace?,
        name: name?,
        email: email?,
        zone: sheet.chosen(Name::Zone).to_owned(),
        zoom_client_id: maybe(sheet.text(Name::ClientId)),
        zoom_client_secret: maybe(sheet.text(Name::ClientSecret)).map(Opaque::new),
    };
    Some(Q::Setup { setup })
}
