//! Every method of the contract as a call, with the time it may take.
//!
//! Owns the deadlines: one class a method, decided in this one table.

use std::time::{Duration, Instant};

use greenroom_protocol::Error;
use greenroom_protocol::audit::{AuditEntry, AuditQuery};
use greenroom_protocol::backup::{
    Backup, BackupForget, BackupPart, BackupRead, RestoreBegin, RestoreFinish, RestorePart,
    RestoreSlot, Restored,
};
use greenroom_protocol::change::{Changes, ChangesQuery};
use greenroom_protocol::drift::{CheckQuery, DriftReport, InterviewRepair, Orphan, OrphanDelete};
use greenroom_protocol::insight::{Insight, InsightNote};
use greenroom_protocol::interview::{
    Interview, InterviewCancel, InterviewEdit, InterviewNew, InterviewNoShow, InterviewQuery,
    InterviewReschedule, InterviewUndo, Outcome,
};
use greenroom_protocol::mail::{InviteQuery, Mail, MailPreview, MailQuery, Written};
use greenroom_protocol::page::Page;
use greenroom_protocol::pipeline::{
    Candidate, CandidateAdd, CandidateEdit, CandidateExport, CandidateExportQuery, CandidateMove,
    CandidateQuery, CandidateRow, Erased, ExportQuery, HeldCandidate, ImportPage, ImportReport,
    Job, JobAdd, JobEdit, Moved, Stage, StageAdd, StageConfigure,
};
use greenroom_protocol::received::{Received, ReceivedAccept, ReceivedMail, ReceivedQuery};
use greenroom_protocol::schedule::{BusyLane, BusyQuery};
use greenroom_protocol::service::{GreenroomRequest, GreenroomResponse};
use greenroom_protocol::status::{Check, Status};
use greenroom_protocol::transport::LONGEST_DEADLINE;
use greenroom_protocol::workspace::{
    Member, MemberAdd, MemberEdit, MemberLink, Reference, Setup, SetupDone, Workspace,
    WorkspaceEdit,
};
use greenroom_protocol::zoom::{
    ApprovalAsk, ApprovalRequest, ConnectAttempt, ConnectCancel, ConnectFinish, ConnectStart,
    Connection, ConnectionQuery, Disconnected, Told,
};
use greenroom_protocol::zoom_test::{ZoomTest, ZoomTestQuery};
use tarpc::context::{self, Context};

use super::Client;
use super::failure::{foreign, plumbing};

/// Reads and commits: the daemon's own work.
const SOON: Duration = Duration::from_secs(10);

/// Calls whose answer waits for somebody outside, such as Zoom.
const OUTSIDE: Duration = Duration::from_secs(60);

/// Calls that read or write everything that is stored.
const LONG: Duration = Duration::from_secs(30 * 60);

/// What a long poll's deadline has beyond its waiting: the daemon answers a second before the end.
const SLACK: Duration = Duration::from_secs(10);

/// How long a call may take.
fn time_for(request: &GreenroomRequest) -> Duration {
    match request {
        GreenroomRequest::Doctor {}
        | GreenroomRequest::ZoomConnectFinish { .. }
        | GreenroomRequest::ZoomDisconnect { .. }
        | GreenroomRequest::CandidateImport { .. } => OUTSIDE,
        GreenroomRequest::BackupTake {} | GreenroomRequest::RestoreFinish { .. } => LONG,
        GreenroomRequest::Changes { query } => {
            let wait = query
                .wait_seconds
                .map_or(SOON, |wait| Duration::from_secs(wait.into()));
            wait.saturating_add(SLACK)
        }
        _ => SOON,
    }
}

/// A context that ends after `time`, never longer than the daemon accepts.
pub(super) fn within(time: Duration) -> Context {
    let mut context = context::current();
    context.deadline = Instant::now() + time.min(LONGEST_DEADLINE);
    context
}

impl Client {
    /// Makes any one call, within the time that kind of call may take.
    ///
    /// # Errors
    /// `unreachable` when no answer comes, `usage` when the daemon does not know the call. What the
    /// method itself refuses is in the response.
    pub async fn call(&self, request: GreenroomRequest) -> Result<GreenroomResponse, Error> {
        let context = within(time_for(&request));
        self.channel.call(context, request).await.map_err(plumbing)
    }
}

macro_rules! calls {
    ($($call:ident $method:ident($($argument:ident: $type:ty)?) -> $answer:ty;)*) => {
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
                    match self.call(GreenroomRequest::$call { $($argument)? }).await? {
                        GreenroomResponse::$call(answer) => answer,
                        _ => Err(foreign()),
                    }
                }
            )*
        }
    };
}

calls! {
    Status status() -> Status;
    Doctor doctor() -> Vec<Check>;
    Setup setup(setup: Setup) -> SetupDone;
    Shutdown shutdown() -> ();

    WorkspaceList workspace_list() -> Page<Workspace>;
    WorkspaceAdd workspace_add(workspace: WorkspaceEdit) -> Workspace;
    WorkspaceEdit workspace_edit(workspace: WorkspaceEdit) -> Workspace;
    WorkspaceUse workspace_use(workspace: Reference) -> Workspace;

    MemberList member_list() -> Page<Member>;
    MemberAdd member_add(member: MemberAdd) -> Member;
    MemberEdit member_edit(member: MemberEdit) -> Member;
    MemberRemove member_remove(member: Reference) -> Member;
    MemberLink member_link(link: MemberLink) -> Member;
    MemberUnlink member_unlink(link: MemberLink) -> Member;

    ZoomStatus zoom_status(query: ConnectionQuery) -> Connection;
    ZoomList zoom_list() -> Page<Connection>;
    ZoomConnectStart zoom_connect_start(start: ConnectStart) -> ConnectAttempt;
    ZoomConnectFinish zoom_connect_finish(finish: ConnectFinish) -> Connection;
    ZoomConnectCancel zoom_connect_cancel(cancel: ConnectCancel) -> ();
    ZoomDisconnect zoom_disconnect(member: Reference) -> Disconnected;

    JobList job_list() -> Page<Job>;
    JobAdd job_add(job: JobAdd) -> Job;
    JobEdit job_edit(job: JobEdit) -> Job;
    StageAdd stage_add(stage: StageAdd) -> Stage;
    StageConfigure stage_configure(stage: StageConfigure) -> Stage;

    CandidateList candidate_list(query: CandidateQuery) -> Page<CandidateRow>;
    CandidateGet candidate_get(candidate: Reference) -> Candidate;
    CandidateAdd candidate_add(candidate: CandidateAdd) -> Candidate;
    CandidateEdit candidate_edit(candidate: CandidateEdit) -> Candidate;
    CandidateMove candidate_move(to: CandidateMove) -> Moved;
    CandidateImport candidate_import(page: ImportPage) -> ImportReport;

    InterviewList interview_list(query: InterviewQuery) -> Page<Interview>;
    InterviewGet interview_get(interview: Reference) -> Interview;
    InterviewNew interview_new(interview: InterviewNew) -> Outcome;
    InterviewConfirm interview_confirm(interview: Reference) -> Outcome;
    InterviewCancel interview_cancel(interview: InterviewCancel) -> Outcome;
    Busy busy(query: BusyQuery) -> Vec<BusyLane>;

    AuditList audit_list(query: AuditQuery) -> Page<AuditEntry>;

    ZoomRequestApproval zoom_request_approval(ask: ApprovalAsk) -> ApprovalRequest;
    BackupTake backup_take() -> Backup;
    BackupRead backup_read(part: BackupRead) -> BackupPart;
    BackupForget backup_forget(backup: BackupForget) -> ();
    RestoreBegin restore_begin(restore: RestoreBegin) -> RestoreSlot;
    RestorePart restore_part(part: RestorePart) -> ();
    RestoreFinish restore_finish(restore: RestoreFinish) -> Restored;
    CandidateExportAll candidate_export_all(query: ExportQuery) -> Page<HeldCandidate>;
    CandidateExport candidate_export(query: CandidateExportQuery) -> CandidateExport;
    CandidateErase candidate_erase(candidate: Reference) -> Erased;
    InterviewReschedule interview_reschedule(interview: InterviewReschedule) -> Outcome;
    InterviewEdit interview_edit(interview: InterviewEdit) -> Outcome;
    InterviewComplete interview_complete(interview: Reference) -> Outcome;
    InterviewNoShow interview_no_show(interview: InterviewNoShow) -> Outcome;
    InterviewUndo interview_undo(interview: InterviewUndo) -> Outcome;
    InterviewCheck interview_check(query: CheckQuery) -> DriftReport;
    DriftList drift_list() -> DriftReport;
    InterviewRepair interview_repair(interview: InterviewRepair) -> Outcome;
    OrphanDelete orphan_delete(orphan: OrphanDelete) -> Orphan;
    InsightList insight_list(application: Reference) -> Vec<Insight>;
    InsightNote insight_note(insight: InsightNote) -> Insight;
    InterviewInvite interview_invite(query: InviteQuery) -> Written;
    MailList mail_list(query: MailQuery) -> Page<Mail>;
    MailGet mail_get(mail: Reference) -> MailPreview;
    MailRetry mail_retry(mail: Reference) -> Mail;
    ZoomTell zoom_tell(member: Reference) -> Told;
    MailDrop mail_drop(mail: Reference) -> Mail;
    ZoomTest zoom_test(query: ZoomTestQuery) -> ZoomTest;
    ZoomTestShow zoom_test_show(query: ZoomTestQuery) -> ZoomTest;
    MailReceived mail_received(query: ReceivedQuery) -> Page<ReceivedMail>;
    MailReceivedGet mail_received_get(mail: Reference) -> Received;
    MailReceivedRead mail_received_read(mail: Reference) -> ReceivedMail;
    MailReceivedAccept mail_received_accept(accept: ReceivedAccept) -> ReceivedMail;
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
        match self.call(GreenroomRequest::Changes { query }).await? {
            GreenroomResponse::Changes(changes) => changes,
            _ => Err(foreign()),
        }
    }
}
