//! Every method of the contract as a call, with the time it may take.
//!
//! Owns the deadlines: one class a method, decided in this one table.

use std::time::{Duration, Instant};

use greenroom_protocol::Error;
use greenroom_protocol::audit::{AuditEntry, AuditQuery};
use greenroom_protocol::change::{Changes, ChangesQuery};
use greenroom_protocol::interview::{Interview, InterviewNew, InterviewQuery, Outcome};
use greenroom_protocol::page::Page;
use greenroom_protocol::pipeline::{
    Candidate, CandidateAdd, CandidateEdit, CandidateMove, CandidateQuery, CandidateRow,
    ImportPage, ImportReport, Job, JobAdd, JobEdit, Moved, Stage, StageAdd, StageConfigure,
};
use greenroom_protocol::schedule::{BusyLane, BusyQuery};
use greenroom_protocol::status::{Check, Status};
use greenroom_protocol::transport::LONGEST_DEADLINE;
use greenroom_protocol::workspace::{
    Member, MemberAdd, MemberEdit, MemberLink, Reference, Setup, SetupDone, Workspace,
    WorkspaceEdit,
};
use greenroom_protocol::zoom::{
    ConnectAttempt, ConnectCancel, ConnectFinish, ConnectStart, Connection, ConnectionQuery,
    Disconnected,
};
use tarpc::context::{self, Context};

use super::Client;
use super::failure::settle;

/// Reads and commits: the daemon's own work.
const SOON: Duration = Duration::from_secs(10);

/// Calls whose answer waits for somebody outside, such as Zoom.
const OUTSIDE: Duration = Duration::from_secs(60);

/// What a long poll's deadline has beyond its waiting: the daemon answers a second before the end.
const SLACK: Duration = Duration::from_secs(10);

/// A context that ends after `time`, never longer than the daemon accepts.
pub(super) fn within(time: Duration) -> Context {
    let mut context = context::current();
    context.deadline = Instant::now() + time.min(LONGEST_DEADLINE);
    context
}

macro_rules! calls {
    ($($time:ident $method:ident($($argument:ident: $type:ty)?) -> $answer:ty;)*) => {
        impl Client {
            $(
                #[doc = concat!(
                    "Calls [`", stringify!($method),
                    "`](greenroom_protocol::service::Greenroom::", stringify!($method), ")."
                )]
                ///
                /// # Errors
                /// What the daemon answered, or `unreachable`.
                pub async fn $method(&self $(, $argument: $type)?) -> Result<$answer, Error> {
                    settle(self.rpc.$method(within($time) $(, $argument)?).await)
                }
            )*
        }
    };
}

calls! {
    SOON status() -> Status;
    OUTSIDE doctor() -> Vec<Check>;
    SOON setup(setup: Setup) -> SetupDone;
    SOON shutdown() -> ();

    SOON workspace_list() -> Page<Workspace>;
    SOON workspace_add(workspace: WorkspaceEdit) -> Workspace;
    SOON workspace_edit(workspace: WorkspaceEdit) -> Workspace;
    SOON workspace_use(workspace: Reference) -> Workspace;

    SOON member_list() -> Page<Member>;
    SOON member_add(member: MemberAdd) -> Member;
    SOON member_edit(member: MemberEdit) -> Member;
    SOON member_remove(member: Reference) -> Member;
    SOON member_link(link: MemberLink) -> Member;
    SOON member_unlink(link: MemberLink) -> Member;

    SOON zoom_status(query: ConnectionQuery) -> Connection;
    SOON zoom_list() -> Page<Connection>;
    SOON zoom_connect_start(start: ConnectStart) -> ConnectAttempt;
    OUTSIDE zoom_connect_finish(finish: ConnectFinish) -> Connection;
    SOON zoom_connect_cancel(cancel: ConnectCancel) -> ();
    OUTSIDE zoom_disconnect(member: Reference) -> Disconnected;

    SOON job_list() -> Page<Job>;
    SOON job_add(job: JobAdd) -> Job;
    SOON job_edit(job: JobEdit) -> Job;
    SOON stage_add(stage: StageAdd) -> Stage;
    SOON stage_configure(stage: StageConfigure) -> Stage;

    SOON candidate_list(query: CandidateQuery) -> Page<CandidateRow>;
    SOON candidate_get(candidate: Reference) -> Candidate;
    SOON candidate_add(candidate: CandidateAdd) -> Candidate;
    SOON candidate_edit(candidate: CandidateEdit) -> Candidate;
    SOON candidate_move(to: CandidateMove) -> Moved;
    OUTSIDE candidate_import(page: ImportPage) -> ImportReport;

    SOON interview_list(query: InterviewQuery) -> Page<Interview>;
    SOON interview_get(interview: Reference) -> Interview;
    SOON interview_new(interview: InterviewNew) -> Outcome;
    SOON interview_confirm(interview: Reference) -> Outcome;
    SOON interview_cancel(interview: Reference) -> Outcome;
    SOON busy(query: BusyQuery) -> Vec<BusyLane>;

    SOON audit_list(query: AuditQuery) -> Page<AuditEntry>;
}

impl Client {
    /// Waits for changes after `after`, at most for `wait` (whole seconds).
    ///
    /// # Errors
    /// What the daemon answered, or `unreachable`.
    pub async fn changes(&self, after: u64, wait: Duration) -> Result<Changes, Error> {
        let wait = wait.min(LONGEST_DEADLINE.saturating_sub(SLACK));
        let query = ChangesQuery {
            after,
            store: Some(self.hello().store.clone()),
            wait_seconds: u32::try_from(wait.as_secs()).ok(),
        };
        settle(self.rpc.changes(within(wait + SLACK), query).await)
    }
}
