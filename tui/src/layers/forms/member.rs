//! A new member.

use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::workspace::{MemberAdd, Role};

use super::{Form, FormKey, Name, address, jobs, line, maybe, needed, repick, zones};
use crate::app::State;
use crate::layers::form::{Entry, Field, Sheet};
use crate::screens::wording;
use crate::widgets::{Pick, Several};

const ROLES: [Role; 4] = [
    Role::Admin,
    Role::Recruiter,
    Role::HiringManager,
    Role::Interviewer,
];

pub(super) fn form(state: &State, key: FormKey) -> Form {
    let roles = ROLES
        .map(|role| Pick::new(wording::role(role), wording::role(role), ""))
        .into();
    let usual = wording::role(Role::Interviewer);
    let zone = state.mirror.me().map(|me| me.zone.clone());
    let sheet = Sheet::new(vec![
        line(Name::Person, "Name", ""),
        line(Name::Email, "Address", ""),
        line(Name::ZoomEmail, "Zoom user", "").hint("where it is another address"),
        Field::new(Name::Zone, "Time zone", zones(zone.as_deref())),
        Field::new(
            Name::Roles,
            "May",
            Entry::Several(Several::new(roles, &[usual])),
        ),
        Field::new(
            Name::HiringJobs,
            "Hires for",
            Entry::Several(Several::new(jobs(state), &[])),
        ),
    ]);
    Form::new(key, "New member", "Add", sheet)
}

pub(super) fn refresh(form: &mut Form, state: &State) {
    repick(&mut form.sheet, Name::HiringJobs, jobs(state));
    let manager = wording::role(Role::HiringManager);
    let hires = form
        .sheet
        .taken(Name::Roles)
        .iter()
        .any(|role| role == manager);
    form.sheet.show(Name::HiringJobs, hires);
}

pub(super) fn request(sheet: &mut Sheet<Name>) -> Option<Q> {
    let name = needed(sheet, Name::Person, "a name is needed");
    let email = address(sheet, Name::Email);
    let taken = sheet.taken(Name::Roles);
    let is_taken = |role: &Role| taken.iter().any(|taken| taken == wording::role(*role));
    let roles: Vec<Role> = ROLES.into_iter().filter(is_taken).collect();
    let hires = roles.contains(&Role::HiringManager);
    let member = MemberAdd {
        name: name?,
        email: email?,
        zoom_email: maybe(sheet.text(Name::ZoomEmail)),
        zone: maybe(sheet.chosen(Name::Zone)),
        hiring_jobs: if hires {
            sheet.taken(Name::HiringJobs).to_vec()
        } else {
            Vec::new()
        },
        roles,
    };
    Some(Q::MemberAdd { member })
}
