//! What the screen shows now, and so what must be known for it.
//!
//! Owns the rule that only what is visible is fetched. It is level-triggered: after every event the
//! needs are worked out anew, and whatever is missing or old is asked for, so a lost change or a
//! reconnect needs no case of its own.

use std::mem::discriminant;

use greenroom_protocol::id::CandidateId;

use super::reason;
use crate::panes::Layer;
use crate::panes::mail::{About, Reads};
use crate::state::event::{Action, Task};
use crate::state::queries::{Need, RECEIVED_SINCE, ZOOM_TEST_SINCE, question};
use crate::state::work::Purpose;
use crate::state::{Screen, State};

/// What the state's screen and layers show, one need of a kind: the mirror holds one value of each,
/// and what lies on top has it.
pub(crate) fn needs(state: &State) -> Vec<Need> {
    let mut one_of_a_kind: Vec<Need> = Vec::new();
    for need in all_needs(state) {
        one_of_a_kind.retain(|other| discriminant(other) != discriminant(&need));
        one_of_a_kind.push(need);
    }
    let protocol = state.link.hello().map_or(0, |hello| hello.protocol);
    if protocol < RECEIVED_SINCE {
        one_of_a_kind
            .retain(|need| !matches!(need, Need::Received(_) | Need::Unread | Need::Email(_)));
    }
    if protocol < ZOOM_TEST_SINCE {
        one_of_a_kind.retain(|need| !matches!(need, Need::ZoomTest(_)));
    }
    one_of_a_kind
}

fn all_needs(state: &State) -> Vec<Need> {
    let Some(hello) = state.link.hello() else {
        return Vec::new();
    };
    let mut needs = vec![Need::Status];
    if hello.workspace.is_none() {
        return needs;
    }
    // Members, jobs and workspaces are few, and forms, moves and switches begin from them.
    needs.extend([Need::Members, Need::Jobs, Need::Workspaces]);
    match state.screen {
        Screen::Candidates => {
            needs.push(Need::Candidates(state.candidates.search().to_owned()));
            needs.extend(state.candidate_shown().map(Need::Candidate));
            needs.extend(state.candidate_shown().map(Need::Received));
            needs.push(Need::Unread);
            needs.extend(kept_of(state).map(Need::Insights));
        }
        Screen::Pipeline => {
            needs.push(Need::Coming);
            needs.extend(state.job_shown().map(|job| Need::Board(job.id)));
            needs.extend(state.candidate_shown().map(Need::Candidate));
            needs.push(Need::Unread);
        }
        Screen::Interviews => {
            let (from, to) = state.interviews.stretch(&state.zone());
            // How many meetings each Zoom takes at once.
            needs.extend([Need::Interviews(from, to), Need::Connections]);
        }
        Screen::Settings => {
            needs.push(Need::Connections);
            needs.extend(reason::is_staff(state).then_some(Need::Drift));
        }
        Screen::Assistant => {}
    }
    for layer in &state.layers {
        match layer {
            Layer::Form(form) => {
                needs.push(Need::Connections);
                let about = form.about();
                if about.everyone {
                    needs.push(Need::Everyone);
                }
                needs.extend(about.candidate.map(Need::Candidate));
                needs.extend(about.interview.map(Need::Interview));
            }
            Layer::Interview(id, _) => {
                needs.extend([Need::Interview(*id), Need::Connections]);
                let interview = state.mirror.interview(*id);
                let begun = interview.filter(|it| it.start.timestamp() <= state.now);
                needs.extend(begun.map(|it| Need::Insights(it.candidate.id)));
                needs.extend(interview.map(|it| Need::Received(it.candidate.id)));
            }
            Layer::Check(_) => needs.push(Need::Drift),
            Layer::ZoomTest(report) => needs.push(Need::ZoomTest(report.member)),
            Layer::Mails(mails) => match mails.about {
                About::Interview(id) => {
                    needs.extend([
                        Need::Interview(id),
                        Need::MailWaiting(id),
                        Need::MailPast(id),
                    ]);
                    let interview = state.mirror.interview(id);
                    needs.extend(interview.map(|it| Need::Received(it.candidate.id)));
                }
                About::Candidate(id) => {
                    needs.extend([Need::Candidate(id), Need::Received(id)]);
                }
            },
            Layer::Letter(letter) => needs.push(match letter.reads {
                Reads::Preview(id) => Need::Invitation(id),
                Reads::Letter(id) => Need::Letter(id),
                Reads::Email(id) => Need::Email(id),
            }),
            Layer::Candidate(id) => needs.extend([Need::Candidate(*id), Need::Received(*id)]),
            Layer::Insights(it) => {
                needs.extend([Need::Candidate(it.candidate), Need::Insights(it.candidate)]);
            }
            Layer::Connect(_) | Layer::Trouble(_) => needs.push(Need::Connections),
            _ => {}
        }
    }
    needs
}

/// The candidate who is shown, where something may be kept of a talk that began.
fn kept_of(state: &State) -> Option<CandidateId> {
    let id = state.candidate_shown()?;
    let mut interviews = state.mirror.candidate.get(&id)?.interviews.iter();
    let begun = interviews.any(|it| it.start.timestamp() <= state.now);
    begun.then_some(id)
}

/// Asks for everything needed that is missing or old.
pub(crate) fn fetch(state: &mut State) -> Vec<Action> {
    if !state.link.is_up() {
        return Vec::new();
    }
    let mut actions = Vec::new();
    for need in needs(state) {
        if !state.mirror.is_wanted(&need) {
            continue;
        }
        let request = question(&need, state.now.into());
        let ticket = state.work.begin(Purpose::Show(need.clone()), state.now);
        state.mirror.ask(&need, ticket);
        actions.push(Action::Do(ticket, Task::Call(Box::new(request))));
    }
    actions
}
