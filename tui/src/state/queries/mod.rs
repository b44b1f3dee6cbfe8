//! The daemon's records, as far as they are shown.
//!
//! Owns every copy the client keeps. Invariant: nothing here is ever changed by the person; it
//! changes only when the daemon answers.

use std::collections::HashSet;

use greenroom_protocol::Error;
use greenroom_protocol::change::Changes;
use greenroom_protocol::drift::DriftReport;
use greenroom_protocol::hello::ServerHello;
use greenroom_protocol::id::{CandidateId, InterviewId, JobId, MailId, MemberId, StageId, TurnId};
use greenroom_protocol::insight::Insight;
use greenroom_protocol::interview::{Interview, InterviewQuery};
use greenroom_protocol::mail::{InviteQuery, Mail, MailPreview, MailQuery, Written};
use greenroom_protocol::page::{MOST, Page};
use greenroom_protocol::pipeline::{Candidate, CandidateQuery, CandidateRow, Job, Stage};
use greenroom_protocol::received::{Received, ReceivedMail, ReceivedQuery};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::status::Status;
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::{Member, Reference, Workspace};
use greenroom_protocol::zoom::Connection;
use greenroom_protocol::zoom_test::{ZoomTest, ZoomTestQuery};

use super::cache::Cache;
use super::work::Ticket;

/// Rows of candidates asked for at a time.
pub(crate) const ROWS: u32 = 200;

/// The first protocol that knows of emails that came in.
pub(crate) const RECEIVED_SINCE: u32 = 2;

/// The first protocol that knows of tests of a Zoom connection.
pub(crate) const ZOOM_TEST_SINCE: u32 = 2;

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

/// Everything mirrored.
#[derive(Debug, Default)]
pub(crate) struct Mirror {
    pub(crate) status: Cache<(), Status>,
    pub(crate) workspaces: Cache<(), Vec<Workspace>>,
    pub(crate) members: Cache<(), Vec<Member>>,
    pub(crate) connections: Cache<(), Vec<Connection>>,
    pub(crate) jobs: Cache<(), Vec<Job>>,
    pub(crate) candidates: Cache<String, Page<CandidateRow>>,
    pub(crate) everyone: Cache<(), Page<CandidateRow>>,
    pub(crate) candidate: Cache<CandidateId, Candidate>,
    pub(crate) board: Cache<JobId, Page<CandidateRow>>,
    pub(crate) interviews: Cache<(Instant, Instant), Vec<Interview>>,
    pub(crate) coming: Cache<(), Vec<Interview>>,
    pub(crate) interview: Cache<InterviewId, Interview>,
    pub(crate) drift: Cache<(), DriftReport>,
    pub(crate) zoom_test: Cache<MemberId, ZoomTest>,
    pub(crate) mail_waiting: Cache<InterviewId, Page<Mail>>,
    pub(crate) mail_past: Cache<InterviewId, Page<Mail>>,
    pub(crate) letter: Cache<MailId, MailPreview>,
    pub(crate) invitation: Cache<InterviewId, Written>,
    pub(crate) insights: Cache<CandidateId, Vec<Insight>>,
    pub(crate) received: Cache<CandidateId, Page<ReceivedMail>>,
    pub(crate) unread: Cache<(), Page<ReceivedMail>>,
    pub(crate) email: Cache<TurnId, Received>,
}

impl Mirror {
    /// Whether the daemon should be asked.
    pub(crate) fn is_wanted(&self, need: &Need) -> bool {
        match need {
            Need::Status => self.status.is_wanted(&()),
            Need::Workspaces => self.workspaces.is_wanted(&()),
            Need::Members => self.members.is_wanted(&()),
            Need::Connections => self.connections.is_wanted(&()),
            Need::Jobs => self.jobs.is_wanted(&()),
            Need::Candidates(text) => self.candidates.is_wanted(text),
            Need::Everyone => self.everyone.is_wanted(&()),
            Need::Candidate(id) => self.candidate.is_wanted(id),
            Need::Board(job) => self.board.is_wanted(job),
            Need::Interviews(from, to) => self.interviews.is_wanted(&(*from, *to)),
            Need::Coming => self.coming.is_wanted(&()),
            Need::Interview(id) => self.interview.is_wanted(id),
            Need::Drift => self.drift.is_wanted(&()),
            Need::ZoomTest(member) => self.zoom_test.is_wanted(member),
            Need::MailWaiting(id) => self.mail_waiting.is_wanted(id),
            Need::MailPast(id) => self.mail_past.is_wanted(id),
            Need::Letter(id) => self.letter.is_wanted(id),
            Need::Invitation(id) => self.invitation.is_wanted(id),
            Need::Insights(candidate) => self.insights.is_wanted(candidate),
            Need::Received(candidate) => self.received.is_wanted(candidate),
            Need::Unread => self.unread.is_wanted(&()),
            Need::Email(id) => self.email.is_wanted(id),
        }
    }

    /// Notes that the daemon was asked.
    pub(crate) fn ask(&mut self, need: &Need, ticket: Ticket) {
        match need {
            Need::Status => self.status.ask((), ticket),
            Need::Workspaces => self.workspaces.ask((), ticket),
            Need::Members => self.members.ask((), ticket),
            Need::Connections => self.connections.ask((), ticket),
            Need::Jobs => self.jobs.ask((), ticket),
            Need::Candidates(text) => self.candidates.ask(text.clone(), ticket),
            Need::Everyone => self.everyone.ask((), ticket),
            Need::Candidate(id) => self.candidate.ask(*id, ticket),
            Need::Board(job) => self.board.ask(*job, ticket),
            Need::Interviews(from, to) => self.interviews.ask((*from, *to), ticket),
            Need::Coming => self.coming.ask((), ticket),
            Need::Interview(id) => self.interview.ask(*id, ticket),
            Need::Drift => self.drift.ask((), ticket),
            Need::ZoomTest(member) => self.zoom_test.ask(*member, ticket),
            Need::MailWaiting(id) => self.mail_waiting.ask(*id, ticket),
            Need::MailPast(id) => self.mail_past.ask(*id, ticket),
            Need::Letter(id) => self.letter.ask(*id, ticket),
            Need::Invitation(id) => self.invitation.ask(*id, ticket),
            Need::Insights(candidate) => self.insights.ask(*candidate, ticket),
            Need::Received(candidate) => self.received.ask(*candidate, ticket),
            Need::Unread => self.unread.ask((), ticket),
            Need::Email(id) => self.email.ask(*id, ticket),
        }
    }

    /// Takes the daemon's answer to a need.
    pub(crate) fn answer(&mut self, need: &Need, ticket: Ticket, reply: Result<R, Error>) {
        let reply = match reply {
            Ok(reply) => reply,
            Err(error) => return self.fail(need, ticket, error),
        };
        match (need, reply) {
            (Need::Status, R::Status(it)) => self.status.answer(ticket, it, newer),
            (Need::Workspaces, R::WorkspaceList(it)) => {
                self.workspaces.answer(ticket, it.map(items), newer);
            }
            (Need::Members, R::MemberList(it)) => self.members.answer(ticket, it.map(items), newer),
            (Need::Connections, R::ZoomList(it)) => {
                self.connections.answer(ticket, it.map(items), newer);
            }
            (Need::Jobs, R::JobList(it)) => self.jobs.answer(ticket, it.map(items), newer),
            (Need::Candidates(_), R::CandidateList(it)) => {
                self.candidates.answer(ticket, it, with_tail);
            }
            (Need::Everyone, R::CandidateList(it)) => self.everyone.answer(ticket, it, newer),
            (Need::Candidate(_), R::CandidateGet(it)) => self.candidate.answer(ticket, it, newer),
            (Need::Board(_), R::CandidateList(it)) => self.board.answer(ticket, it, newer),
            (Need::Interviews(..), R::InterviewList(it)) => {
                self.interviews.answer(ticket, it.map(items), newer);
            }
            (Need::Coming, R::InterviewList(it)) => {
                self.coming.answer(ticket, it.map(items), newer)
            }
            (Need::Interview(_), R::InterviewGet(it)) => self.interview.answer(ticket, it, newer),
            (Need::Drift, R::DriftList(it)) => self.drift.answer(ticket, it, newer),
            (Need::ZoomTest(_), R::ZoomTestShow(it)) => self.zoom_test.answer(ticket, it, newer),
            (Need::MailWaiting(_), R::MailList(it)) => self.mail_waiting.answer(ticket, it, newer),
            (Need::MailPast(_), R::MailList(it)) => self.mail_past.answer(ticket, it, newer),
            (Need::Letter(_), R::MailGet(it)) => self.letter.answer(ticket, it, newer),
            (Need::Invitation(_), R::InterviewInvite(it)) => {
                self.invitation.answer(ticket, it, newer);
            }
            (Need::Insights(_), R::InsightList(it)) => self.insights.answer(ticket, it, newer),
            (Need::Received(_), R::MailReceived(it)) => self.received.answer(ticket, it, newer),
            (Need::Unread, R::MailReceived(it)) => self.unread.answer(ticket, it, newer),
            (Need::Email(_), R::MailReceivedGet(it)) => self.email.answer(ticket, it, newer),
            (need, _) => {
                let error = Error::failed("read the daemon's answer: it answers something else");
                self.fail(need, ticket, error);
            }
        }
    }

    /// Marks what these changes touched as old.
    pub(crate) fn spoil(&mut self, changes: &Changes) {
        if changes.reset {
            return self.spoil_all();
        }
        let tables: HashSet<&str> = changes
            .changed
            .iter()
            .map(|row| row.table.as_str())
            .collect();
        for table in tables {
            self.spoil_table(table);
        }
    }

    /// Marks everything as old: after a reconnect, or in another workspace.
    pub(crate) fn spoil_all(&mut self) {
        for table in [
            "workspace",
            "member",
            "connection",
            "job",
            "candidate",
            "interview",
            "insight",
            "received",
        ] {
            self.spoil_table(table);
        }
    }

    /// Lets what failed be asked again.
    pub(crate) fn forgive(&mut self) {
        self.status.forgive();
        self.workspaces.forgive();
        self.members.forgive();
        self.connections.forgive();
        self.jobs.forgive();
        self.candidates.forgive();
        self.everyone.forgive();
        self.candidate.forgive();
        self.board.forgive();
        self.interviews.forgive();
        self.coming.forgive();
        self.interview.forgive();
        self.drift.forgive();
        self.zoom_test.forgive();
        self.mail_waiting.forgive();
        self.mail_past.forgive();
        self.letter.forgive();
        self.invitation.forgive();
        self.insights.forgive();
        self.received.forgive();
        self.unread.forgive();
        self.email.forgive();
    }

    fn spoil_table(&mut self, table: &str) {
        self.status.spoil();
        match table {
            "workspace" => self.workspaces.spoil(),
            "member" => self.members.spoil(),
            "connection" => {
                self.connections.spoil();
                self.zoom_test.spoil();
                self.members.spoil();
                self.jobs.spoil();
            }
            "job" | "stage" => self.jobs.spoil(),
            "candidate" | "application" => {
                self.jobs.spoil();
                self.candidates.spoil();
                self.everyone.spoil();
                self.candidate.spoil();
                self.board.spoil();
            }
            "interview" => {
                // What is booked on them, and what their Zoom took today.
                self.connections.spoil();
                self.spoil_interviews();
            }
            "insight" => self.insights.spoil(),
            "mail" => self.spoil_mail(),
            "received" => self.spoil_received(),
            "drift" => self.drift.spoil(),
            _ => {}
        }
    }

    /// Marks every interview as old.
    pub(crate) fn spoil_interviews(&mut self) {
        self.interviews.spoil();
        self.coming.spoil();
        self.interview.spoil();
        self.drift.spoil();
        self.spoil_mail();
        self.candidate.spoil();
        self.insights.spoil();
    }

    /// Marks what came in as old.
    pub(crate) fn spoil_received(&mut self) {
        self.received.spoil();
        self.unread.spoil();
        self.email.spoil();
    }

    /// Marks the mail as old.
    pub(crate) fn spoil_mail(&mut self) {
        self.mail_waiting.spoil();
        self.mail_past.spoil();
        self.letter.spoil();
        self.invitation.spoil();
    }

    fn fail(&mut self, need: &Need, ticket: Ticket, error: Error) {
        match need {
            Need::Status => self.status.answer(ticket, Err(error), newer),
            Need::Workspaces => self.workspaces.answer(ticket, Err(error), newer),
            Need::Members => self.members.answer(ticket, Err(error), newer),
            Need::Connections => self.connections.answer(ticket, Err(error), newer),
            Need::Jobs => self.jobs.answer(ticket, Err(error), newer),
            Need::Candidates(_) => self.candidates.answer(ticket, Err(error), newer),
            Need::Everyone => self.everyone.answer(ticket, Err(error), newer),
            Need::Candidate(_) => self.candidate.answer(ticket, Err(error), newer),
            Need::Board(_) => self.board.answer(ticket, Err(error), newer),
            Need::Interviews(..) => self.interviews.answer(ticket, Err(error), newer),
            Need::Coming => self.coming.answer(ticket, Err(error), newer),
            Need::Interview(_) => self.interview.answer(ticket, Err(error), newer),
            Need::Drift => self.drift.answer(ticket, Err(error), newer),
            Need::ZoomTest(_) => self.zoom_test.answer(ticket, Err(error), newer),
            Need::MailWaiting(_) => self.mail_waiting.answer(ticket, Err(error), newer),
            Need::MailPast(_) => self.mail_past.answer(ticket, Err(error), newer),
            Need::Letter(_) => self.letter.answer(ticket, Err(error), newer),
            Need::Invitation(_) => self.invitation.answer(ticket, Err(error), newer),
            Need::Insights(_) => self.insights.answer(ticket, Err(error), newer),
            Need::Received(_) => self.received.answer(ticket, Err(error), newer),
            Need::Unread => self.unread.answer(ticket, Err(error), newer),
            Need::Email(_) => self.email.answer(ticket, Err(error), newer),
        }
    }

    /// The member who is the person in front of the screen.
    pub(crate) fn me(&self) -> Option<&Member> {
        self.members.latest()?.iter().find(|member| member.you)
    }

    /// A member by id.
    pub(crate) fn member(&self, id: MemberId) -> Option<&Member> {
        self.members.latest()?.iter().find(|member| member.id == id)
    }

    /// A job by id.
    pub(crate) fn job(&self, id: JobId) -> Option<&Job> {
        self.jobs.latest()?.iter().find(|job| job.id == id)
    }

    /// A stage by id.
    pub(crate) fn stage(&self, id: StageId) -> Option<&Stage> {
        let jobs = self.jobs.latest()?;
        jobs.iter()
            .flat_map(|job| &job.stages)
            .find(|stage| stage.id == id)
    }

    /// An interview by id, from wherever it is newest.
    pub(crate) fn interview(&self, id: InterviewId) -> Option<&Interview> {
        let lists = [self.interviews.latest(), self.coming.latest()];
        let listed = lists.into_iter().flatten().flatten();
        let candidates = self
            .candidate
            .latest()
            .into_iter()
            .flat_map(|c| &c.interviews);
        let alone = self.interview.latest();
        alone
            .into_iter()
            .chain(listed)
            .chain(candidates)
            .filter(|interview| interview.id == id)
            .max_by_key(|interview| interview.revision)
    }

    /// Forgets everything when the store behind the socket is another one.
    pub(crate) fn begin(&mut self, before: Option<&ServerHello>, now: &ServerHello) {
        let same = before.is_some_and(|b| b.store == now.store && b.workspace == now.workspace);
        if same {
            self.spoil_all();
        } else {
            *self = Self::default();
        }
    }
}

fn items<T>(page: Page<T>) -> Vec<T> {
    page.items
}

fn newer<T>(_: T, new: T) -> T {
    new
}

/// A fresh first page in front of what was scrolled to before, so that a change elsewhere does not
/// move the list under the person.
fn with_tail(old: Page<CandidateRow>, mut new: Page<CandidateRow>) -> Page<CandidateRow> {
    if new.next.is_none() || old.items.len() <= new.items.len() {
        return new;
    }
    let known: HashSet<CandidateId> = new.items.iter().map(|row| row.id).collect();
    let tail = old.items.into_iter().skip(new.items.len());
    new.items
        .extend(tail.filter(|row| !known.contains(&row.id)));
    new.next = old.next;
    new
}

/// The mail of an interview, from a cursor on.
pub(crate) fn mail_of(interview: InterviewId, past: bool, cursor: Option<String>) -> MailQuery {
    MailQuery {
        past,
        interview: Some(interview.to_string()),
        cursor,
        limit: Some(ROWS),
    }
}

/// The test of a member's Zoom.
pub(crate) fn test_of(member: MemberId) -> ZoomTestQuery {
    ZoomTestQuery {
        member: Some(member.to_string()),
        dry_run: false,
    }
}

/// The call that answers a need.
pub(crate) fn question(need: &Need, now: Instant) -> Q {
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
