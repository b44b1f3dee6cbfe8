//! The forms about interviews: scheduling one, and every change to one that needs more than a key.
//!
//! While a time or people are filled in, the daemon judges them (a dry run of the same call) and
//! says who is busy, so that blocks and advice stand beside the field before anything is written.
//! What is changed is expected as it is shown: a form shows how the interview stands now, also
//! while others change it. Fields that several of these forms have come with keys of their own:
//! [`joining`], [`timing`], [`why`].

mod calendar;
pub(super) mod cancel;
pub(super) mod edit;
mod joining;
pub(crate) mod line;
pub(super) mod new;
pub(super) mod no_show;
mod prefill;
pub(super) mod reschedule;
mod timing;
mod why;

use greenroom_protocol::interview::Interview;
use greenroom_protocol::workspace::Reference;

use super::{About, FormType, Frame};
use crate::state::State;

/// The interview a form changes.
fn changed<'a, F: FormType>(form: &Frame<F>, state: &'a State) -> Option<&'a Interview> {
    state.cache.interview(form.subject.parse().ok()?)
}

/// What a form that changes an interview is about.
fn about_interview<F: FormType>(form: &Frame<F>) -> About {
    About {
        interview: form.subject.parse().ok(),
        ..About::default()
    }
}

/// A title, with whom the interview is and in which stage.
fn title(what: &str, interview: &Interview) -> String {
    let (name, stage) = (&interview.candidate.name, &interview.stage_name);
    format!("{what} · {name} · {stage}")
}

/// The interview as it is shown: refused when it was changed since.
fn reference(interview: &Interview) -> Reference {
    Reference {
        expected_revision: Some(interview.revision),
        ..Reference::to(interview.id.to_string())
    }
}
