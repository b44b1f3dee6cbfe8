//! A member, new or known.

use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::workspace::{Member, MemberAdd, MemberEdit, Role};

use super::super::fill::{
    address, changed, changed_text, jobs, line, maybe, needed, repick, zones,
};
use super::super::{Form, FormKey, Name};
use crate::forms::sheet::{Entry, Field, Sheet};
use crate::state::State;
use crate::widgets::{Choice, MultiSelect, Pick};
use crate::wording;

const ROLES: [Role; 4] = [
    Role::Admin,
    Role::Recruiter,
    Role::HiringManager,
    Role::Interviewer,
];

pub(in super::super) fn form(state: &State, key: FormKey) -> Form {
    let zone = state.mirror.me().map(|me| me.zone.clone());
    let usual = [wording::role(Role::Interviewer)];
    let sheet = Sheet::new(fields(state, "", "", "", zone.as_deref(), &usual, &[]));
    Form::new(key, "New member", "Add", sheet)
}

/// A known member.
pub(in super::super) fn edit_form(state: &State, key: FormKey) -> Form {
    let Some(member) = find(state, &key.subject) else {
        return Form::new(key, "Member", "Save", Sheet::new(Vec::new()));
    };
    let roles: Vec<&str> = member
        .roles
        .iter()
        .map(|role| wording::role(*role))
        .collect();
    let hires: Vec<String> = member.hiring_jobs.iter().map(ToString::to_string).collect();
    let hires: Vec<&str> = hires.iter().map(String::as_str).collect();
    let zoom = member.zoom_email.as_deref().unwrap_or_default();
    let zone = Some(member.zone.as_str());
    let mut fields = fields(
        state,
        &member.name,
        &member.email,
        zoom,
        zone,
        &roles,
        &hires,
    );
    let shared = Choice::new(&["no", "yes"], usize::from(member.shared));
    let label = "Zoom shared";
    fields.push(
        Field::new(Name::Shared, label, Entry::Choice(shared))
            .hint("Colleagues may host on this Zoom"),
    );
    let mut form = Form::new(key, member.name.clone(), "Save", Sheet::new(fields));
    form.revision = Some(member.revision);
    form
}

fn fields(
    state: &State,
    name: &str,
    email: &str,
    zoom: &str,
    zone: Option<&str>,
    roles: &[&str],
    hires: &[&str],
) -> Vec<Field<Name>> {
    let all = ROLES
        .map(|role| Pick::new(wording::role(role), wording::role(role), ""))
        .into();
    vec![
        line(Name::Person, "Name", name),
        line(Name::Email, "Email", email),
        line(Name::ZoomEmail, "Zoom email", zoom).hint("if different"),
        Field::new(Name::Zone, "Time zone", zones(zone)),
        Field::new(
            Name::Roles,
            "Roles",
            Entry::MultiSelect(MultiSelect::new(all, roles)),
        ),
        Field::new(
            Name::HiringJobs,
            "Hires for",
            Entry::MultiSelect(MultiSelect::new(jobs(state), hires)),
        ),
    ]
}

pub(in super::super) fn refresh(form: &mut Form, state: &State) {
    repick(&mut form.sheet, Name::HiringJobs, jobs(state));
    let manager = wording::role(Role::HiringManager);
    let hires = form
        .sheet
        .taken(Name::Roles)
        .iter()
        .any(|role| role == manager);
    form.sheet.show(Name::HiringJobs, hires);
}

pub(in super::super) fn request(sheet: &mut Sheet<Name>) -> Option<Q> {
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
    Some(Q::MemberAdd { member })
}

pub(in super::super) fn edit_request(form: &mut Form) -> Option<Q> {
    let sheet = &mut form.sheet;
    let name = changed(sheet, Name::Person, |sheet| {
        needed(sheet, Name::Person, "Enter a name")
    });
    let email = changed(sheet, Name::Email, |sheet| address(sheet, Name::Email));
    let roles = roles(sheet);
    let other_roles = sheet.is_changed(Name::Roles);
    let other_jobs = other_roles || sheet.is_changed(Name::HiringJobs);
    let member = MemberEdit {
        member: form.key.subject.clone(),
        name: name?,
        email: email?,
        zoom_email: changed_text(sheet, Name::ZoomEmail),
        zone: maybe(sheet.chosen(Name::Zone)).filter(|_| sheet.is_changed(Name::Zone)),
        hiring_jobs: other_jobs.then(|| hiring_jobs(sheet, &roles)),
        roles: Some(roles).filter(|_| other_roles),
        shared: Some(sheet.choice(Name::Shared) == 1).filter(|_| sheet.is_changed(Name::Shared)),
        expected_revision: form.revision,
    };
    Some(Q::MemberEdit { member })
}

fn roles(sheet: &Sheet<Name>) -> Vec<Role> {
    let taken = sheet.taken(Name::Roles);
    let is_taken = |role: &Role| taken.iter().any(|taken| taken == wording::role(*role));
    ROLES.into_iter().filter(is_taken).collect()
}

fn hiring_jobs(sheet: &Sheet<Name>, roles: &[Role]) -> Vec<String> {
    match roles.contains(&Role::HiringManager) {
        true => sheet.taken(Name::HiringJobs).to_vec(),
        false => Vec::new(),
    }
}

fn find<'a>(state: &'a State, subject: &str) -> Option<&'a Member> {
    state.mirror.member(subject.parse().ok()?)
}
