//! Who did not come: the candidate, or some of the interviewers.

use greenroom_protocol::interview::InterviewNoShow;
use greenroom_protocol::service::GreenroomRequest as Q;

use super::super::{Form, FormKey, Name};
use super::{changed, reference, title};
use crate::forms::sheet::{Entry, Field, Sheet};
use crate::state::State;
use crate::widgets::{Choice, MultiSelect, Pick};

pub(in super::super) fn form(state: &State, key: FormKey) -> Form {
    let id = key.subject.parse().ok();
    let interview = id.and_then(|id| state.mirror.interview(id));
    let absent = interview.into_iter().flat_map(|it| &it.absent);
    let absent: Vec<String> = absent.map(|member| member.id.to_string()).collect();
    let members = interview.into_iter().flat_map(|it| &it.interviewers);
    let members = members.map(|it| Pick::new(&it.id.to_string(), &it.name, &it.email));
    let taken: Vec<&str> = absent.iter().map(String::as_str).collect();
    let who = Choice::new(
        &["The candidate", "Interviewers"],
        usize::from(!taken.is_empty()),
    );
    let sheet = Sheet::new(vec![
        Field::new(Name::Absent, "Did not come", Entry::Choice(who)),
        Field::new(
            Name::With,
            "Who",
            Entry::MultiSelect(MultiSelect::new(members.collect(), &taken)),
        ),
    ]);
    Form::new(key, "Absent", "Mark", sheet)
}

pub(in super::super) fn refresh(form: &mut Form, state: &State) {
    if let Some(interview) = changed(form, state) {
        form.title = title("Absent", interview);
    }
    let ours = form.sheet.choice(Name::Absent) == 1;
    form.sheet.show(Name::With, ours);
}

pub(in super::super) fn request(form: &mut Form, state: &State) -> Option<Q> {
    let interview = reference(changed(form, state)?);
    let ours = form.sheet.choice(Name::Absent) == 1;
    let absent = match ours {
        true => form.sheet.taken(Name::With).to_vec(),
        false => Vec::new(),
    };
    if ours && absent.is_empty() {
        form.sheet.refuse(Name::With, "which of them?");
        return None;
    }
    let interview = InterviewNoShow { interview, absent };
    Some(Q::InterviewNoShow { interview })
}
