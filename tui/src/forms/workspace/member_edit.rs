//! A known member.

use greenroom_protocol::Error;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::workspace::{self, Member};

use super::member::{Name, fields, hiring_jobs, named, refresh, roles};
use crate::forms::fill::{address, changed, changed_text, maybe, needed};
use crate::forms::sheet::{Entry, Field, Sheet};
use crate::forms::{Answered, FormType, Frame, Send, unexpected};
use crate::state::State;
use crate::widgets::Choice;

#[derive(Debug)]
pub(crate) struct MemberEdit;

impl FormType for MemberEdit {
    type Name = Name;

    const DOING: &'static str = "saving";
    const EDITS: bool = true;

    fn open(state: &State, subject: &str) -> Frame<Self> {
        let Some(member) = find(state, subject) else {
            return Frame::new(subject, "Member", "Save", Sheet::new(Vec::new()), Self);
        };
        let mut fields = fields(state, Some(member));
        let shared = Choice::new(&["no", "yes"], usize::from(member.shared));
        let shared = Field::new("Shared Zoom", Entry::Choice(shared));
        fields.push((
            Name::Shared,
            shared.hint("Colleagues may host on this Zoom"),
        ));
        let mut form = Frame::new(subject, &member.name, "Save", Sheet::new(fields), Self);
        form.revision = Some(member.revision);
        form
    }

    fn refresh(form: &mut Frame<Self>, state: &State) {
        refresh(&mut form.sheet, state);
    }

    fn name(of_request: &str) -> Option<Name> {
        named(of_request)
    }

    fn send(form: &mut Frame<Self>, _state: &State) -> Option<Send> {
        let sheet = &mut form.sheet;
        let name = changed(sheet, Name::Person, |sheet| {
            needed(sheet, Name::Person, "Enter a name")
        });
        let email = changed(sheet, Name::Email, |sheet| address(sheet, Name::Email));
        let roles = roles(sheet);
        let other_roles = sheet.is_changed(Name::Roles);
        let other_jobs = other_roles || sheet.is_changed(Name::HiringJobs);
        let shared = sheet.choice(Name::Shared) == 1;
        let member = workspace::MemberEdit {
            member: form.subject.clone(),
            name: name?,
            email: email?,
            zoom_email: changed_text(sheet, Name::ZoomEmail),
            zone: maybe(sheet.chosen(Name::Zone)).filter(|_| sheet.is_changed(Name::Zone)),
            hiring_jobs: other_jobs.then(|| hiring_jobs(sheet, &roles)),
            roles: Some(roles).filter(|_| other_roles),
            shared: Some(shared).filter(|_| sheet.is_changed(Name::Shared)),
            expected_revision: form.revision,
        };
        Some(Send::Call(Box::new(Q::MemberEdit { member })))
    }

    fn answered(_form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let R::MemberEdit(done) = reply else {
            return Err(unexpected());
        };
        done.map(|member| Answered::Done(format!("{} saved", member.name)))
    }
}

fn find<'a>(state: &'a State, subject: &str) -> Option<&'a Member> {
    state.cache.member(subject.parse().ok()?)
}
