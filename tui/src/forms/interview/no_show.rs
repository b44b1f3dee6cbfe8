//! Who was absent: the candidate, or some of the interviewers.

use greenroom_protocol::Error;
use greenroom_protocol::interview::InterviewNoShow;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};

use super::{about_interview, changed, reference, title};
use crate::forms::sheet::{Entry, Field, Sheet};
use crate::forms::{About, Answered, FormType, Frame, Send, unexpected};
use crate::state::State;
use crate::widgets::{Choice, MultiSelect, Pick};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    Side,
    Absent,
}

#[derive(Debug)]
pub(crate) struct NoShow;

impl FormType for NoShow {
    type Name = Name;

    const DOING: &'static str = "marking";

    fn open(state: &State, subject: &str) -> Frame<Self> {
        let id = subject.parse().ok();
        let interview = id.and_then(|id| state.cache.interview(id));
        let absent = interview.into_iter().flat_map(|it| &it.absent);
        let absent: Vec<String> = absent.map(|member| member.id.to_string()).collect();
        let absent: Vec<&str> = absent.iter().map(String::as_str).collect();
        let members = interview.into_iter().flat_map(|it| &it.interviewers);
        let members = members.map(|it| Pick::new(&it.id.to_string(), &it.name, &it.email));
        let sides = &["The candidate", "Interviewers"];
        let side = Choice::new(sides, usize::from(!absent.is_empty()));
        let absent = MultiSelect::new(members.collect(), &absent);
        let sheet = Sheet::new(vec![
            (Name::Side, Field::new("Absent", Entry::Choice(side))),
            (Name::Absent, Field::new("Who", Entry::MultiSelect(absent))),
        ]);
        Frame::new(subject, "No-show", "Mark No-Show", sheet, Self)
    }

    fn refresh(form: &mut Frame<Self>, state: &State) {
        if let Some(interview) = changed(form, state) {
            form.title = title("No-show", interview);
        }
        let ours = is_ours(&form.sheet);
        form.sheet.show(Name::Absent, ours);
    }

    fn name(of_request: &str) -> Option<Name> {
        (of_request == "absent").then_some(Name::Absent)
    }

    fn send(form: &mut Frame<Self>, state: &State) -> Option<Send> {
        let interview = reference(changed(form, state)?);
        let ours = is_ours(&form.sheet);
        let absent = match ours {
            true => form.sheet.taken(Name::Absent).to_vec(),
            false => Vec::new(),
        };
        if ours && absent.is_empty() {
            form.sheet.refuse(Name::Absent, "Choose who was absent");
            return None;
        }
        let interview = InterviewNoShow { interview, absent };
        Some(Send::Call(Box::new(Q::InterviewNoShow { interview })))
    }

    fn answered(_form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let R::InterviewNoShow(done) = reply else {
            return Err(unexpected());
        };
        done.map(|outcome| Answered::Changed(Box::new(outcome)))
    }

    fn about(form: &Frame<Self>) -> About {
        about_interview(form)
    }
}

/// Whether interviewers were absent, rather than the candidate.
fn is_ours(sheet: &Sheet<Name>) -> bool {
    sheet.choice(Name::Side) == 1
}
