//! A new member, and the fields that a known one has, too.

use greenroom_protocol::Error;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::workspace::{Member, MemberAdd, Role};

use crate::forms::fill::{address, jobs, line, maybe, needed, repick, zones};
use crate::forms::sheet::{Entry, Field, Sheet};
use crate::forms::{Answered, FormType, Frame, Send, unexpected};
use crate::state::State;
use crate::widgets::{MultiSelect, Pick};
use crate::wording;

const ROLES: [Role; 4] = [
    Role::Admin,
    Role::Recruiter,
    Role::HiringManager,
    Role::Interviewer,
];

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    Person,
    Email,
    ZoomEmail,
    Zone,
    Roles,
    HiringJobs,
    /// Of a known member only: whether colleagues may host on their Zoom.
    Shared,
}

#[derive(Debug)]
pub(crate) struct NewMember;

impl FormType for NewMember {
    type Name = Name;

    const DOING: &'static str = "adding the member";

    fn open(state: &State, subject: &str) -> Frame<Self> {
        let sheet = Sheet::new(fields(state, None));
        Frame::new(subject, "New member", "Add", sheet, Self)
    }

    fn refresh(form: &mut Frame<Self>, state: &State) {
        refresh(&mut form.sheet, state);
    }

    fn name(of_request: &str) -> Option<Name> {
        named(of_request)
    }

    fn send(form: &mut Frame<Self>, _state: &State) -> Option<Send> {
        let sheet = &mut form.sheet;
        let name = needed(sheet, Name::Person, "Enter a name");
        let email = address(sheet, Name::Email);
        let roles = roles(sheet);
        let member = MemberAdd {
            name: name?,
            email: email?,
            zoom_email: maybe(sheet.text(Name::ZoomEmail)),
            zone: maybe(sheet.chosen(Name::Zone)),
            hiring_jobs: hiring_jobs(sheet, &roles),
            roles,
        };
        Some(Send::Call(Box::new(Q::MemberAdd { member })))
    }

    fn answered(_form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let R::MemberAdd(done) = reply else {
            return Err(unexpected());
        };
        done.map(|member| Answered::Done(format!("{} added", member.name)))
    }
}

/// The fields of a member, empty for a new one.
pub(super) fn fields(state: &State, known: Option<&Member>) -> Vec<(Name, Field)> {
    let picks = ROLES.map(|role| Pick::new(wording::role(role), wording::role(role), ""));
    let taken: Vec<&str> = match known {
        Some(member) => member
            .roles
            .iter()
            .map(|role| wording::role(*role))
            .collect(),
        None => vec![wording::role(Role::Interviewer)],
    };
    let roles = MultiSelect::new(picks.into(), &taken);
    let hires = known.into_iter().flat_map(|member| &member.hiring_jobs);
    let hires: Vec<String> = hires.map(ToString::to_string).collect();
    let hires: Vec<&str> = hires.iter().map(String::as_str).collect();
    let hires = MultiSelect::new(jobs(state), &hires);
    let zone = known.or(state.cache.me()).map(|it| it.zone.as_str());
    let name = known.map_or("", |it| &it.name);
    let email = known.map_or("", |it| &it.email);
    let zoom = known.and_then(|it| it.zoom_email.as_deref());
    let zoom = line("Zoom email", zoom.unwrap_or_default()).hint("If different");
    vec![
        (Name::Person, line("Name", name)),
        (Name::Email, line("Email", email)),
        (Name::ZoomEmail, zoom),
        (Name::Zone, Field::new("Time zone", zones(zone))),
        (Name::Roles, Field::new("Roles", Entry::MultiSelect(roles))),
        (
            Name::HiringJobs,
            Field::new("Hires for", Entry::MultiSelect(hires)),
        ),
    ]
}

/// Only a hiring manager hires for jobs.
pub(super) fn refresh(sheet: &mut Sheet<Name>, state: &State) {
    repick(sheet, Name::HiringJobs, jobs(state));
    let hires = roles(sheet).contains(&Role::HiringManager);
    sheet.show(Name::HiringJobs, hires);
}

pub(super) fn named(of_request: &str) -> Option<Name> {
    Some(match of_request {
        "name" => Name::Person,
        "email" => Name::Email,
        "zoom_email" => Name::ZoomEmail,
        "zone" => Name::Zone,
        "roles" => Name::Roles,
        _ => return None,
    })
}

pub(super) fn roles(sheet: &Sheet<Name>) -> Vec<Role> {
    let taken = sheet.taken(Name::Roles);
    let is_taken = |role: &Role| taken.iter().any(|taken| taken == wording::role(*role));
    ROLES.into_iter().filter(is_taken).collect()
}

pub(super) fn hiring_jobs(sheet: &Sheet<Name>, roles: &[Role]) -> Vec<String> {
    match roles.contains(&Role::HiringManager) {
        true => sheet.taken(Name::HiringJobs).to_vec(),
        false => Vec::new(),
    }
}
