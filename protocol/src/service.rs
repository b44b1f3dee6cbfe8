//! Every method of the daemon, one line each. Methods are only appended; each takes one argument,
//! whose fields are only added. The first call of a connection is [`Greenroom::hello`].

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::audit::{AuditEntry, AuditQuery};
use crate::backup::{
    Backup, BackupForget, BackupPart, BackupRead, RestoreBegin, RestoreFinish, RestorePart,
    RestoreSlot, Restored,
};
use crate::change::{Changes, ChangesQuery};
use crate::drift::{CheckQuery, DriftReport, InterviewRepair, Orphan, OrphanDelete};
use crate::hello::{ClientHello, ServerHello};
use crate::insight::{Insight, InsightNote};
use crate::interview::{
    Interview, InterviewCancel, InterviewEdit, InterviewNew, InterviewNoShow, InterviewQuery,
    InterviewReschedule, InterviewUndo, Outcome,
};
use crate::mail::{InviteQuery, Mail, MailPreview, MailQuery, Written};
use crate::page::Page;
use crate::pipeline::{
    Candidate, CandidateAdd, CandidateEdit, CandidateExport, CandidateExportQuery, CandidateMove,
    CandidateQuery, CandidateRow, Erased, ExportQuery, HeldCandidate, ImportPage, ImportReport,
    Job, JobAdd, JobEdit, Moved, Stage, StageAdd, StageConfigure,
};
use crate::received::{Received, ReceivedAccept, ReceivedMail, ReceivedQuery};
use crate::schedule::{BusyLane, BusyQuery};
use crate::status::{Check, Status};
use crate::workspace::{
    Member, MemberAdd, MemberEdit, MemberLink, Reference, Setup, SetupDone, Workspace,
    WorkspaceEdit,
};
use crate::zoom::{
    ApprovalAsk, ApprovalRequest, ConnectAttempt, ConnectCancel, ConnectFinish, ConnectStart,
    Connection, ConnectionQuery, Disconnected, Told,
};
use crate::zoom_test::{ZoomTest, ZoomTestQuery};

/// What the daemon does for its callers.
#[tarpc::service(derive = [Clone, Serialize, Deserialize, JsonSchema])]
pub trait Greenroom {
    /// Binds the connection to a caller and a workspace; comes first, and may come again.
    async fn hello(client: ClientHello) -> Result<ServerHello, Error>;
    /// How the daemon is, who the caller is, and what work waits.
    async fn status() -> Result<Status, Error>;
    /// Every check, each with what to do.
    async fn doctor() -> Result<Vec<Check>, Error>;
    /// Makes the first workspace, with the caller as its first member.
    async fn setup(setup: Setup) -> Result<SetupDone, Error>;
    /// Ends the daemon when the calls under way are answered.
    async fn shutdown() -> Result<(), Error>;
    /// Waits for changes after a revision.
    async fn changes(query: ChangesQuery) -> Result<Changes, Error>;

    /// The workspaces the caller may use.
    async fn workspace_list() -> Result<Page<Workspace>, Error>;
    /// Makes another workspace, with the caller as its first member.
    async fn workspace_add(workspace: WorkspaceEdit) -> Result<Workspace, Error>;
    /// Changes the workspace's name, Zoom app or plan.
    async fn workspace_edit(workspace: WorkspaceEdit) -> Result<Workspace, Error>;
    /// Makes a workspace the caller's usual one.
    async fn workspace_use(workspace: Reference) -> Result<Workspace, Error>;

    /// The workspace's members, by name.
    async fn member_list() -> Result<Page<Member>, Error>;
    /// Adds a member.
    async fn member_add(member: MemberAdd) -> Result<Member, Error>;
    /// Changes a member.
    async fn member_edit(member: MemberEdit) -> Result<Member, Error>;
    /// Removes a member who is disconnected and has no interviews to come.
    async fn member_remove(member: Reference) -> Result<Member, Error>;
    /// Links a Unix user of this machine to a member.
    async fn member_link(link: MemberLink) -> Result<Member, Error>;
    /// Takes such a link away.
    async fn member_unlink(link: MemberLink) -> Result<Member, Error>;

    /// The connection of the caller or of a member.
    async fn zoom_status(query: ConnectionQuery) -> Result<Connection, Error>;
    /// Every member's connection, the caller's first.
    async fn zoom_list() -> Result<Page<Connection>, Error>;
    /// Starts a connect and returns the address for the browser.
    async fn zoom_connect_start(start: ConnectStart) -> Result<ConnectAttempt, Error>;
    /// Hands in what came back from the browser; answers when the connection stands or failed.
    async fn zoom_connect_finish(finish: ConnectFinish) -> Result<Connection, Error>;
    /// Ends an attempt.
    async fn zoom_connect_cancel(cancel: ConnectCancel) -> Result<(), Error>;
    /// Revokes a connection at Zoom and wipes its keys here.
    async fn zoom_disconnect(member: Reference) -> Result<Disconnected, Error>;

    /// The workspace's jobs with their stages.
    async fn job_list() -> Result<Page<Job>, Error>;
    /// Adds a job.
    async fn job_add(job: JobAdd) -> Result<Job, Error>;
    /// Changes, closes or opens a job.
    async fn job_edit(job: JobEdit) -> Result<Job, Error>;
    /// Adds a stage to a job.
    async fn stage_add(stage: StageAdd) -> Result<Stage, Error>;
    /// Changes a stage's name or plan.
    async fn stage_configure(stage: StageConfigure) -> Result<Stage, Error>;

    /// Lists and searches candidates.
    async fn candidate_list(query: CandidateQuery) -> Result<Page<CandidateRow>, Error>;
    /// One candidate with applications and interviews.
    async fn candidate_get(candidate: Reference) -> Result<Candidate, Error>;
    /// Adds a candidate.
    async fn candidate_add(candidate: CandidateAdd) -> Result<Candidate, Error>;
    /// Changes a candidate, or applies for another job.
    async fn candidate_edit(candidate: CandidateEdit) -> Result<Candidate, Error>;
    /// Moves a candidate to another stage.
    async fn candidate_move(to: CandidateMove) -> Result<Moved, Error>;
    /// Adds a page of candidates, or says what that would do.
    async fn candidate_import(page: ImportPage) -> Result<ImportReport, Error>;

    /// Lists interviews by start.
    async fn interview_list(query: InterviewQuery) -> Result<Page<Interview>, Error>;
    /// One interview.
    async fn interview_get(interview: Reference) -> Result<Interview, Error>;
    /// Judges a time and plans an interview then.
    async fn interview_new(interview: InterviewNew) -> Result<Outcome, Error>;
    /// Confirms an interview, or tries again to make its meeting.
    async fn interview_confirm(interview: Reference) -> Result<Outcome, Error>;
    /// Cancels an interview and removes its meeting.
    async fn interview_cancel(interview: InterviewCancel) -> Result<Outcome, Error>;
    /// Who is busy when.
    async fn busy(query: BusyQuery) -> Result<Vec<BusyLane>, Error>;

    /// The audit log, newest first.
    async fn audit_list(query: AuditQuery) -> Result<Page<AuditEntry>, Error>;

    /// Keeps that a Zoom admin was asked to approve the app, and returns the request to send.
    async fn zoom_request_approval(ask: ApprovalAsk) -> Result<ApprovalRequest, Error>;
    /// Makes a backup of everything, to be fetched in parts.
    async fn backup_take() -> Result<Backup, Error>;
    /// A part of such a backup.
    async fn backup_read(part: BackupRead) -> Result<BackupPart, Error>;
    /// Forgets such a backup, or one that was handed in.
    async fn backup_forget(backup: BackupForget) -> Result<(), Error>;
    /// Begins to hand in a backup to be restored.
    async fn restore_begin(restore: RestoreBegin) -> Result<RestoreSlot, Error>;
    /// Hands in its next part.
    async fn restore_part(part: RestorePart) -> Result<(), Error>;
    /// Opens what was handed in, and replaces the store by it; the daemon then begins anew.
    async fn restore_finish(restore: RestoreFinish) -> Result<Restored, Error>;

    /// Every candidate with applications and history, to take along.
    async fn candidate_export_all(query: ExportQuery) -> Result<Page<HeldCandidate>, Error>;
    /// All that is held on one candidate.
    async fn candidate_export(query: CandidateExportQuery) -> Result<CandidateExport, Error>;
    /// Erases a candidate whose interviews are over or cancelled.
    async fn candidate_erase(candidate: Reference) -> Result<Erased, Error>;

    /// Moves an interview to another time; meeting and link stay.
    async fn interview_reschedule(interview: InterviewReschedule) -> Result<Outcome, Error>;
    /// Changes who takes part or how people join.
    async fn interview_edit(interview: InterviewEdit) -> Result<Outcome, Error>;
    /// Marks an interview as having taken place.
    async fn interview_complete(interview: Reference) -> Result<Outcome, Error>;
    /// Marks an interview to which somebody did not come.
    async fn interview_no_show(interview: InterviewNoShow) -> Result<Outcome, Error>;
    /// Takes the latest change of an interview back.
    async fn interview_undo(interview: InterviewUndo) -> Result<Outcome, Error>;
    /// Holds the meetings to come against Zoom, and answers with what is known so far.
    async fn interview_check(query: CheckQuery) -> Result<DriftReport, Error>;
    /// What is known to differ between the bookings and Zoom.
    async fn drift_list() -> Result<DriftReport, Error>;
    /// Mends a difference between a booking and its meeting at Zoom.
    async fn interview_repair(interview: InterviewRepair) -> Result<Outcome, Error>;
    /// Deletes a meeting at Zoom that no booking needs.
    async fn orphan_delete(orphan: OrphanDelete) -> Result<Orphan, Error>;
    /// What is kept after the meetings of an application or a candidate.
    async fn insight_list(application: Reference) -> Result<Vec<Insight>, Error>;
    /// Writes the notes on an interview.
    async fn insight_note(insight: InsightNote) -> Result<Insight, Error>;
    /// An interview's invitation as somebody would get it now; nothing is sent.
    async fn interview_invite(query: InviteQuery) -> Result<Written, Error>;
    /// Messages that wait or were refused, or those that left.
    async fn mail_list(query: MailQuery) -> Result<Page<Mail>, Error>;
    /// One message, with its text as it would be written now.
    async fn mail_get(mail: Reference) -> Result<MailPreview, Error>;
    /// Sends a message that waits, was refused or is held as soon as it may leave.
    async fn mail_retry(mail: Reference) -> Result<Mail, Error>;
    /// Tells a member by mail that their Zoom must be connected again.
    async fn zoom_tell(member: Reference) -> Result<Told, Error>;
    /// Lets a message be that was refused or is held: it is not sent any more.
    async fn mail_drop(mail: Reference) -> Result<Mail, Error>;
    /// Tries a Zoom connection with a meeting that is deleted again; answers at once with how far
    /// it is.
    async fn zoom_test(query: ZoomTestQuery) -> Result<ZoomTest, Error>;
    /// The latest test of a Zoom connection.
    async fn zoom_test_show(query: ZoomTestQuery) -> Result<ZoomTest, Error>;
    /// Emails that came in and are kept, newest first.
    async fn mail_received(query: ReceivedQuery) -> Result<Page<ReceivedMail>, Error>;
    /// One of them with its text.
    async fn mail_received_get(mail: Reference) -> Result<Received, Error>;
    /// Marks one as read, for everybody.
    async fn mail_received_read(mail: Reference) -> Result<ReceivedMail, Error>;
    /// Accepts a reply that came from another address as the attendee's own.
    async fn mail_received_accept(accept: ReceivedAccept) -> Result<ReceivedMail, Error>;
}

/// The contract's shape as JSON Schema: `request` and `response`.
pub fn schema() -> serde_json::Value {
    serde_json::json!({
        "protocol": crate::PROTOCOL,
        "request": schemars::schema_for!(GreenroomRequest),
        "response": schemars::schema_for!(GreenroomResponse),
    })
}
