//! What the screen shows now, and so what must be known for it.
//!
//! Owns the rule that only what is visible is fetched. It is level-triggered: after every event the
//! needs are worked out anew, and whatever is missing or old is asked for, so a lost change or a
//! reconnect needs no case of its own.

use std::mem::discriminant;

use greenroom_protocol::id::{CandidateId, InterviewId, JobId, MailId, MemberId, TurnId};
use greenroom_protocol::interview::InterviewQuery;
use greenroom_protocol::mail::{InviteQuery, MailQuery};
use greenroom_protocol::page::MOST;
use greenroom_protocol::pipeline::CandidateQuery;
use greenroom_protocol::received::ReceivedQuery;
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::zoom_test::ZoomTestQuery;

use super::event::{Action, Task};
use super::reason;
use super::state::{Screen, State};
use super::work::Purpose;
use crate::layers::Layer;
use crate::layers::mails::{About, Reads};

/// Rows of candidates asked for at a time.
pub(crate) const ROWS: u32 = 200;

/// The first protocol that knows of emails that came in.
const RECEIVED_SINCE: u32 = 2;

/// The first protocol that knows of tests of a Zoom connection.
pub(super) const ZOOM_TEST_SINCE: u32 = 2;

/// Days ahead that the interviews to come are known for.
const AHEAD_DAYS: i64 = 60;

/// Something the screen needs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Need {
    Status,
    Workspaces,
    Members,
    Connections,
    Jobs,
    /// Candidates that match a search.
    Candidates(String),
    /// Candidates to choose from in a form.
    Everyone,
    Candidate(CandidateId),
    /// A job's candidates.
    Board(JobId),
    /// Interviews that begin between two moments.
    Interviews(Instant, Instant),
    /// Interviews from yesterday on.
    Coming,
    Interview(InterviewId),
    /// What differs from Zoom.
    Drift,
    /// The latest test of a member's Zoom.
    ZoomTest(MemberId),
    /// An interview's mail that waits or was refused.
    MailWaiting(InterviewId),
    /// An interview's mail that left.
    MailPast(InterviewId),
    /// A letter with its text.
    Letter(MailId),
    /// The candidate's invitation as it would be written now.
    Invitation(InterviewId),
    /// What is kept after a candidate's interviews.
    Insights(CandidateId),
    /// The emails of a candidate that came in.
    Received(CandidateId),
    /// The emails that nobody has read.
    Unread,
    /// An email that came in, with its text.
    Email(TurnId),
}

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
                if form.wants_everyone() {
                    needs.push(Need::Everyone);
                }
                needs.extend(form.candidate().map(Need::Candidate));
                needs.extend(form.interview().map(Need::Interview));
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

/// The mail of an interview, from a cursor on.
pub(super) fn mail_of(interview: InterviewId, past: bool, cursor: Option<String>) -> MailQuery {
    MailQuery {
        past,
        interview: Some(interview.to_string()),
        cursor,
        limit: Some(ROWS),
    }
}

/// The test of a member's Zoom.
pub(super) fn test_of(member: MemberId) -> ZoomTestQuery {
    ZoomTestQuery {
        member: Some(member.to_string()),
        dry_run: false,
    }
}

fn question(need: &Need, now: Instant) -> Q {
    match need {
        Need::Status => Q::Status {},
        Need::Workspaces => Q::WorkspaceList {},
        Need::Members => Q::MemberList {},
        Need::Connections => Q::ZoomList {},
        Need::Jobs => Q::JobList {},
        Need::Candidates(text) => Q::CandidateList {
            query: CandidateQuery {
                text: text.clone(),
                limit: Some(ROWS),
                ..CandidateQuery::default()
            },
        },
        Need::Everyone => Q::CandidateList {
            query: CandidateQuery {
                limit: Some(MOST),
                ..CandidateQuery::default()
            },
        },
        Need::Candidate(id) => Q::CandidateGet {
            candidate: Reference::to(id.to_string()),
        },
        Need::Board(job) => Q::CandidateList {
            query: CandidateQuery {
                job: Some(job.to_string()),
                limit: Some(MOST),
                ..CandidateQuery::default()
            },
        },
        Need::Interviews(from, to) => Q::InterviewList {
            query: InterviewQuery {
                from: Some(*from),
                to: Some(*to),
                limit: Some(MOST),
                ..InterviewQuery::default()
            },
        },
        Need::Coming => Q::InterviewList {
            query: InterviewQuery {
                from: Some(now.plus_minutes(-24 * 60)),
                to: Some(now.plus_minutes(AHEAD_DAYS * 24 * 60)),
                limit: Some(MOST),
                ..InterviewQuery::default()
            },
        },
        Need::Drift => Q::DriftList {},
        Need::ZoomTest(member) => Q::ZoomTestShow {
            query: test_of(*member),
        },
        Need::MailWaiting(id) => Q::MailList {
            query: mail_of(*id, false, None),
        },
        Need::MailPast(id) => Q::MailList {
            query: mail_of(*id, true, None),
        },
        Need::Letter(id) => Q::MailGet {
            mail: Reference::to(id.to_string()),
        },
        Need::Invitation(id) => Q::InterviewInvite {
            query: InviteQuery {
                interview: id.to_string(),
                to: None,
            },
        },
        Need::Interview(id) => Q::InterviewGet {
            interview: Reference::to(id.to_string()),
        },
        Need::Received(candidate) => Q::MailReceived {
            query: ReceivedQuery {
                candidate: Some(candidate.to_string()),
                limit: Some(ROWS),
                ..ReceivedQuery::default()
            },
        },
        Need::Unread => Q::MailReceived {
            query: ReceivedQuery {
                unread: true,
                limit: Some(MOST),
                ..ReceivedQuery::default()
            },
        },
        Need::Email(id) => Q::MailReceivedGet {
            mail: Reference::to(id.to_string()),
        },
        Need::Insights(candidate) => Q::InsightList {
            application: Reference::to(candidate.to_string()),
        },
    }
}
