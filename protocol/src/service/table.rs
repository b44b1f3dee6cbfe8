//! The table of methods: one line each, from which everything else about a method follows.
//!
//! Owns each method's names, argument, answer, time and description. Invariant: rows are only
//! appended, and what a row says only grows. Must not: say who may call a method or what answers
//! it; that is the daemon's own table (`daemon/src/rpc/table.rs`), which does not compile without a
//! row for each of these.
//!
//! ```text
//! /// What it does, for people; it is also in `schema.json`.
//! Name on the wire   its function   its one argument, or none   its answer   how long it may take
//! CandidateList      candidate_list (query: CandidateQuery)  -> CandidatePage, Soon;
//! ```
//!
//! The types are imported below, and come with `use greenroom_protocol::service::*` to the
//! code that expands the table.

pub use crate::account::{
    Account, AccountApprovalAsk, AccountApprovalRequest, AccountAttempt, AccountConnectCancel,
    AccountConnectFinish, AccountConnectStart, AccountDisconnect, AccountDisconnected,
    AccountListQuery, AccountQuery,
};
pub use crate::audit::{AuditEntry, AuditQuery};
pub use crate::availability::{
    DaysOff, DaysOffEdit, DaysOffEdited, MemberHours, MemberHoursQuery, MemberHoursSet,
};
pub use crate::backup::{
    Backup, BackupForget, BackupPart, BackupRead, RestoreBegin, RestoreFinish, RestorePart,
    RestoreSlot, Restored,
};
pub use crate::calendar::{
    CalendarBusy, CalendarRead, CalendarUpload, CalendarUploaded, Feed, FeedAdd, FeedQuery,
    FeedRefresh, FeedRemove,
};
pub use crate::change::{Changes, ChangesQuery};
pub use crate::company::{
    CompanyCalendars, CompanyCalendarsLeaveOut, CompanyCalendarsQuery, CompanyCalendarsSet,
};
pub use crate::conversation::{
    Conversation, ConversationAnswer, ConversationQuery, ConversationSay,
};
pub use crate::drift::{CheckQuery, DriftReport, InterviewRepair, Orphan, OrphanDelete};
pub use crate::hello::{ClientHello, ServerHello};
pub use crate::insight::{Insight, InsightNote};
pub use crate::interview::{
    Interview, InterviewCancel, InterviewEdit, InterviewNew, InterviewNoShow, InterviewQuery,
    InterviewRemind, InterviewReplace, InterviewReschedule, InterviewUndo, Outcome, ReplyQuery,
    ReplyReport,
};
pub use crate::mail::{InviteQuery, Mail, MailPreview, MailQuery, MailUndo, MailUndone, Written};
pub use crate::mail_settings::{
    MailConfigure, MailDiscover, MailDiscovered, MailSettings, MailTest, MailTestQuery,
};
pub use crate::outreach::{
    Outreach, OutreachAnswer, OutreachAnswered, OutreachApprove, OutreachApproved, OutreachEdit,
    OutreachEdited, OutreachPropose, OutreachQuery, OutreachStart, OutreachStarted, OutreachStop,
    OutreachThread, Proposed, SchedulingQuery, SchedulingReport,
};
pub use crate::page::Page;
pub use crate::pipeline::{
    Candidate, CandidateAdd, CandidateEdit, CandidateEmailMany, CandidateExport,
    CandidateExportQuery, CandidateMove, CandidateMoveMany, CandidateNote, CandidateNoteRemove,
    CandidatePage, CandidateQuery, CandidateState, CandidateStateMany, CandidateView, Erased,
    ExportQuery, HeldCandidate, ImportPage, ImportReport, Job, JobAdd, JobEdit, ManyOutcome, Moved,
    Note, RetentionQuery, RetentionRow, Stage, StageAdd, StageConfigure, StateChanged, ViewDelete,
};
pub use crate::received::{Received, ReceivedAccept, ReceivedMail, ReceivedQuery};
pub use crate::reply::{AssistantEval, EvalReport, ReplyDecision, ReplyRead};
pub use crate::schedule::{
    BusyLane, BusyQuery, ExplainQuery, Explained, SlotQuery, Slots, TimeRead, TimesRead,
};
pub use crate::setting_up::{AppGuide, AppGuideQuery, SetupProgress, SetupSkip};
pub use crate::status::{Check, Status};
pub use crate::template::{
    Template, TemplateBrief, TemplateEdit, TemplateListQuery, TemplatePreview, TemplatePreviewed,
    TemplateQuery,
};
pub use crate::today::{Today, TodayQuery};
pub use crate::workspace::{
    Member, MemberAdd, MemberEdit, MemberLink, Reference, Setup, SetupDone, Workspace,
    WorkspaceEdit,
};
pub use crate::zoom::{
    ApprovalAsk, ApprovalRequest, ConnectAttempt, ConnectCancel, ConnectFinish, ConnectStart,
    Connection, ConnectionQuery, Disconnected, Told,
};
pub use crate::zoom_test::{ZoomTest, ZoomTestQuery};

/// Hands every row of the table to the macro `$each_row`, which is called once with all of them.
#[macro_export]
macro_rules! methods {
    ($each_row:ident) => {
        $each_row! {
            /// Binds the connection to a caller and a workspace; comes first, and may come again.
            Hello hello(client: ClientHello) -> ServerHello, Soon;
            /// How the daemon is, who the caller is, and what work waits.
            Status status() -> Status, Soon;
            /// Every check, each with what to do.
            Doctor doctor() -> Vec<Check>, Outside;
            /// Makes the first workspace, with the caller as its first member.
            Setup setup(setup: Setup) -> SetupDone, Soon;
            /// Stops the daemon once the calls in progress are answered.
            Shutdown shutdown() -> (), Soon;
            /// Waits for changes after a revision.
            Changes changes(query: ChangesQuery) -> Changes, LongPoll;

            /// The workspaces the caller may use.
            WorkspaceList workspace_list() -> Page<Workspace>, Soon;
            /// Makes another workspace, with the caller as its first member.
            WorkspaceAdd workspace_add(workspace: WorkspaceEdit) -> Workspace, Soon;
            /// Changes the workspace's name, Zoom app or plan.
            WorkspaceEdit workspace_edit(workspace: WorkspaceEdit) -> Workspace, Soon;
            /// Makes a workspace the caller's default.
            WorkspaceUse workspace_use(workspace: Reference) -> Workspace, Soon;

            /// The workspace's members, by name.
            MemberList member_list() -> Page<Member>, Soon;
            /// Adds a member.
            MemberAdd member_add(member: MemberAdd) -> Member, Soon;
            /// Changes a member.
            MemberEdit member_edit(member: MemberEdit) -> Member, Soon;
            /// Removes a member who is disconnected and has no interviews to come.
            MemberRemove member_remove(member: Reference) -> Member, Soon;
            /// Links a Unix user of this machine to a member.
            MemberLink member_link(link: MemberLink) -> Member, Soon;
            /// Removes such a link.
            MemberUnlink member_unlink(link: MemberLink) -> Member, Soon;

            /// The connection of the caller or of a member.
            ZoomStatus zoom_status(query: ConnectionQuery) -> Connection, Soon;
            /// Every member's connection, the caller's first.
            ZoomList zoom_list() -> Page<Connection>, Soon;
            /// Starts a connect and returns the address for the browser.
            ZoomConnectStart zoom_connect_start(start: ConnectStart) -> ConnectAttempt, Soon;
            /// Takes what came back from the browser; answers once the connection works or has failed.
            ZoomConnectFinish zoom_connect_finish(finish: ConnectFinish) -> Connection, Outside;
            /// Cancels an attempt.
            ZoomConnectCancel zoom_connect_cancel(cancel: ConnectCancel) -> (), Soon;
            /// Revokes a connection at Zoom and wipes its keys here.
            ZoomDisconnect zoom_disconnect(member: Reference) -> Disconnected, Outside;

            /// The workspace's jobs with their stages.
            JobList job_list() -> Page<Job>, Soon;
            /// Adds a job.
            JobAdd job_add(job: JobAdd) -> Job, Soon;
            /// Changes, closes or opens a job.
            JobEdit job_edit(job: JobEdit) -> Job, Soon;
            /// Adds a stage to a job.
            StageAdd stage_add(stage: StageAdd) -> Stage, Soon;
            /// Changes a stage's name or plan.
            StageConfigure stage_configure(stage: StageConfigure) -> Stage, Soon;

            /// Lists and searches candidates.
            CandidateList candidate_list(query: CandidateQuery) -> CandidatePage, Soon;
            /// One candidate with applications and interviews.
            CandidateGet candidate_get(candidate: Reference) -> Candidate, Soon;
            /// Adds a candidate.
            CandidateAdd candidate_add(candidate: CandidateAdd) -> Candidate, Soon;
            /// Changes a candidate, or applies for another job.
            CandidateEdit candidate_edit(candidate: CandidateEdit) -> Candidate, Soon;
            /// Moves a candidate to another stage.
            CandidateMove candidate_move(to: CandidateMove) -> Moved, Soon;
            /// Adds a page of candidates, or previews what that would do.
            CandidateImport candidate_import(page: ImportPage) -> ImportReport, Outside;

            /// Lists interviews by start.
            InterviewList interview_list(query: InterviewQuery) -> Page<Interview>, Soon;
            /// One interview.
            InterviewGet interview_get(interview: Reference) -> Interview, Soon;
            /// Checks a time and schedules an interview.
            InterviewNew interview_new(interview: InterviewNew) -> Outcome, Soon;
            /// Confirms an interview, or tries again to make its meeting.
            InterviewConfirm interview_confirm(interview: Reference) -> Outcome, Soon;
            /// Cancels an interview and removes its meeting.
            InterviewCancel interview_cancel(interview: InterviewCancel) -> Outcome, Soon;
            /// Who is busy, and when.
            Busy busy(query: BusyQuery) -> Vec<BusyLane>, Soon;

            /// The audit log, newest first.
            AuditList audit_list(query: AuditQuery) -> Page<AuditEntry>, Soon;

            /// Records that a Zoom admin was asked to approve the app, and returns the request to send.
            ZoomRequestApproval zoom_request_approval(ask: ApprovalAsk) -> ApprovalRequest, Soon;
            /// Makes a backup of everything, to be fetched in parts.
            BackupTake backup_take() -> Backup, Long;
            /// A part of such a backup.
            BackupRead backup_read(part: BackupRead) -> BackupPart, Soon;
            /// Deletes such a backup, or one that was uploaded.
            BackupForget backup_forget(backup: BackupForget) -> (), Soon;
            /// Begins the upload of a backup to restore.
            RestoreBegin restore_begin(restore: RestoreBegin) -> RestoreSlot, Soon;
            /// Uploads its next part.
            RestorePart restore_part(part: RestorePart) -> (), Soon;
            /// Opens what was uploaded and replaces the store with it; the daemon then starts again.
            RestoreFinish restore_finish(restore: RestoreFinish) -> Restored, Long;

            /// Every candidate with applications and history, for an export.
            CandidateExportAll candidate_export_all(query: ExportQuery)
                -> Page<HeldCandidate>, Soon;
            /// Everything stored about one candidate.
            CandidateExport candidate_export(query: CandidateExportQuery) -> CandidateExport, Soon;
            /// Erases a candidate whose interviews are over or cancelled.
            CandidateErase candidate_erase(candidate: Reference) -> Erased, Soon;

            /// Moves an interview to another time; meeting and link stay.
            InterviewReschedule interview_reschedule(interview: InterviewReschedule)
                -> Outcome, Soon;
            /// Changes who takes part or how people join.
            InterviewEdit interview_edit(interview: InterviewEdit) -> Outcome, Soon;
            /// Marks an interview as completed.
            InterviewComplete interview_complete(interview: Reference) -> Outcome, Soon;
            /// Marks an interview as a no-show.
            InterviewNoShow interview_no_show(interview: InterviewNoShow) -> Outcome, Soon;
            /// Undoes the latest change of an interview.
            InterviewUndo interview_undo(interview: InterviewUndo) -> Outcome, Soon;
            /// Compares upcoming meetings with Zoom, and answers with what is known so far.
            InterviewCheck interview_check(query: CheckQuery) -> DriftReport, Soon;
            /// Known differences between the bookings and Zoom.
            DriftList drift_list() -> DriftReport, Soon;
            /// Resolves a difference between a booking and its meeting at Zoom.
            InterviewRepair interview_repair(interview: InterviewRepair) -> Outcome, Soon;
            /// Deletes a meeting at Zoom that no booking needs.
            OrphanDelete orphan_delete(orphan: OrphanDelete) -> Orphan, Soon;
            /// Summaries and notes of an application's or a candidate's interviews.
            InsightList insight_list(application: Reference) -> Vec<Insight>, Soon;
            /// Writes the notes on an interview.
            InsightNote insight_note(insight: InsightNote) -> Insight, Soon;
            /// An interview's invitation as one recipient would get it now; sends nothing.
            InterviewInvite interview_invite(query: InviteQuery) -> Written, Soon;
            /// Emails that wait or were refused, or those that were sent.
            MailList mail_list(query: MailQuery) -> Page<Mail>, Soon;
            /// One email, with its text as it would be written now.
            MailGet mail_get(mail: Reference) -> MailPreview, Soon;
            /// Sends an email that waits, was refused or is held, as soon as it may leave.
            MailRetry mail_retry(mail: Reference) -> Mail, Soon;
            /// Emails a member that their Zoom must be reconnected.
            ZoomTell zoom_tell(member: Reference) -> Told, Soon;
            /// Drops an email that was refused or is held: it will not be sent.
            MailDrop mail_drop(mail: Reference) -> Mail, Soon;
            /// Tests a Zoom connection with a meeting that is deleted again; answers at once with the
            /// progress.
            ZoomTest zoom_test(query: ZoomTestQuery) -> ZoomTest, Soon;
            /// The latest test of a Zoom connection.
            ZoomTestShow zoom_test_show(query: ZoomTestQuery) -> ZoomTest, Soon;
            /// Received emails, newest first.
            MailReceived mail_received(query: ReceivedQuery) -> Page<ReceivedMail>, Soon;
            /// One received email with its text.
            MailReceivedGet mail_received_get(mail: Reference) -> Received, Soon;
            /// Marks a received email as read, for everyone.
            MailReceivedRead mail_received_read(mail: Reference) -> ReceivedMail, Soon;
            /// Accepts a reply that came from another address as the attendee's own.
            MailReceivedAccept mail_received_accept(accept: ReceivedAccept) -> ReceivedMail, Soon;
            /// Rejects, withdraws, pauses, hires or reopens an application, or undoes that.
            CandidateState candidate_state(change: CandidateState) -> StateChanged, Soon;
            /// Moves many candidates to one stage; each stands alone.
            CandidateMoveMany candidate_move_many(moves: CandidateMoveMany) -> ManyOutcome, Outside;
            /// Changes how many applications stand; each stands alone.
            CandidateStateMany candidate_state_many(changes: CandidateStateMany)
                -> ManyOutcome, Outside;
            /// The times that a text names, as people write them; writes nothing.
            TimeRead time_read(read: TimeRead) -> TimesRead, Soon;
            /// Times that work for everyone.
            Slots slots(query: SlotQuery) -> Slots, Soon;
            /// Why a time does or does not work.
            Explain explain(query: ExplainQuery) -> Explained, Soon;

            /// The words of emails: the workspace's, and those of stages.
            TemplateList template_list(query: TemplateListQuery) -> Page<TemplateBrief>, Soon;
            /// The words of one email, with the variables that may stand in them.
            TemplateShow template_show(template: TemplateQuery) -> Template, Soon;
            /// Gives an email other words, or forgets the workspace's or a stage's own.
            TemplateEdit template_edit(edit: TemplateEdit) -> Template, Soon;
            /// How an email would read, for a candidate or an example; sends nothing.
            TemplatePreview template_preview(preview: TemplatePreview) -> TemplatePreviewed, Soon;
            /// The caller's day: what is next, what needs them, and which candidates wait too long.
            Today today(query: TodayQuery) -> Today, Soon;
            /// Notes that the caller has opened the summary and notes of an interview.
            InsightSeen insight_seen(interview: Reference) -> (), Soon;
            /// Writes a note on a candidate, or changes one.
            CandidateNote candidate_note(note: CandidateNote) -> Note, Soon;
            /// Removes a note on a candidate, and returns it.
            CandidateNoteRemove candidate_note_remove(note: CandidateNoteRemove) -> Note, Soon;
            /// Rejected and withdrawn candidates who are to be erased, and when.
            RetentionList retention_list(query: RetentionQuery) -> Page<RetentionRow>, Soon;
            /// Emails many candidates, one email each, or shows how the first would read.
            CandidateEmailMany candidate_email_many(email: CandidateEmailMany)
                -> ManyOutcome, Outside;
            /// Reminds an interviewer who has not replied.
            InterviewRemind interview_remind(remind: InterviewRemind) -> Interview, Soon;
            /// Has somebody take an interviewer's place: the one named, else the next of their "any of".
            InterviewReplace interview_replace(replace: InterviewReplace) -> Outcome, Soon;
            /// How interviewers reply to invitations.
            ReplyReport reply_report(query: ReplyQuery) -> ReplyReport, Soon;
            /// The caller's own saved views of the list of candidates, by name.
            CandidateViewList candidate_view_list() -> Page<CandidateView>, Soon;
            /// Saves a view of the caller's, in place of theirs of this name.
            CandidateViewSave candidate_view_save(view: CandidateView) -> CandidateView, Soon;
            /// Removes a view of the caller's, and returns it.
            CandidateViewDelete candidate_view_delete(view: ViewDelete) -> CandidateView, Soon;
            /// How far setting up is: each step, and whether it is done.
            SetupProgress setup_progress() -> SetupProgress, Soon;
            /// Skips a step of setting up, or takes that back.
            SetupSkip setup_skip(skip: SetupSkip) -> SetupProgress, Soon;
            /// How an app is made at Zoom, Google or Microsoft, or an email of it to somebody else.
            AppGuide app_guide(query: AppGuideQuery) -> AppGuide, Soon;
            /// Undoes emails that were asked for alone, before they leave.
            MailUndo mail_undo(undo: MailUndo) -> MailUndone, Outside;
            /// An account at Google or Microsoft: the caller's, a member's or the workspace's own.
            AccountGet account_get(query: AccountQuery) -> Account, Soon;
            /// The accounts there are; the workspace's own and the caller's first.
            AccountList account_list(query: AccountListQuery) -> Page<Account>, Soon;
            /// Starts connecting an account; the browser goes on.
            AccountConnectStart account_connect_start(start: AccountConnectStart)
                -> AccountAttempt, Soon;
            /// Hands in what came back from the browser.
            AccountConnectFinish account_connect_finish(finish: AccountConnectFinish)
                -> Account, Outside;
            /// Ends an attempt to connect an account.
            AccountConnectCancel account_connect_cancel(cancel: AccountConnectCancel) -> (), Soon;
            /// Deletes an account's keys, and revokes them where the provider can be asked.
            AccountDisconnect account_disconnect(disconnect: AccountDisconnect)
                -> AccountDisconnected, Outside;
            /// Asks an administrator at the provider to approve the app.
            AccountRequestApproval account_request_approval(ask: AccountApprovalAsk)
                -> AccountApprovalRequest, Soon;
            /// How the workspace's email leaves and where replies are read.
            MailSettings mail_settings() -> MailSettings, Soon;
            /// Sets up the workspace's email, or goes back to the daemon's configuration.
            MailConfigure mail_configure(configure: MailConfigure) -> MailSettings, Soon;
            /// Which mail system an address has, and how to set it up.
            MailDiscover mail_discover(address: MailDiscover) -> MailDiscovered, Outside;
            /// Starts a test of the workspace's email, or shows the latest.
            MailTest mail_test(query: MailTestQuery) -> MailTest, Soon;
            /// When the owner of a calendar is busy; writes nothing.
            CalendarRead calendar_read(read: CalendarRead) -> CalendarBusy, Soon;
            /// Takes a part of a calendar that does not fit into one frame.
            CalendarUpload calendar_upload(part: CalendarUpload) -> CalendarUploaded, Soon;
            /// When a member works, and how many interviews they should have.
            MemberHours member_hours(query: MemberHoursQuery) -> MemberHours, Soon;
            /// Changes when a member works, and how many interviews they should have.
            MemberHoursSet member_hours_set(set: MemberHoursSet) -> MemberHours, Soon;
            /// The workspace's lists of days off, by name.
            DaysOff days_off() -> Page<DaysOff>, Soon;
            /// Adds days off, or removes some; makes and removes whole lists, too.
            DaysOffEdit days_off_edit(edit: DaysOffEdit) -> DaysOffEdited, Soon;
            /// Keeps the busy times of a member's calendar, from a file or an address.
            FeedAdd feed_add(feed: FeedAdd) -> Feed, Soon;
            /// A member's calendars, with their age.
            FeedList feed_list(query: FeedQuery) -> Page<Feed>, Soon;
            /// Removes a member's calendar with the busy times it gave.
            FeedRemove feed_remove(feed: FeedRemove) -> Feed, Soon;
            /// Reads a member's calendars now; answers once that was tried.
            FeedRefresh feed_refresh(feed: FeedRefresh) -> Page<Feed>, Outside;
            /// Proposes times to a candidate: holds them and emails the candidate.
            OutreachPropose outreach_propose(outreach: OutreachPropose) -> Proposed, Soon;
            /// Outreaches to candidates, those that need a person first.
            OutreachList outreach_list(query: OutreachQuery) -> Page<Outreach>, Soon;
            /// An outreach with what the candidate wrote.
            OutreachGet outreach_get(outreach: Reference) -> OutreachThread, Soon;
            /// Books one of the proposed times for the candidate, and releases the others.
            OutreachAnswer outreach_answer(answer: OutreachAnswer) -> OutreachAnswered, Soon;
            /// Stops an outreach and releases its times.
            OutreachStop outreach_stop(stop: OutreachStop) -> Outreach, Soon;
            /// The calendars of everybody that are read with one account, and how each stands.
            CompanyCalendars company_calendars(query: CompanyCalendarsQuery) -> Page<CompanyCalendars>, Soon;
            /// Has an account read the calendars of all members, or no more.
            CompanyCalendarsSet company_calendars_set(set: CompanyCalendarsSet) -> CompanyCalendars, Soon;
            /// Leaves a member's calendar out, or reads it again.
            CompanyCalendarsLeaveOut company_calendars_leave_out(leave_out: CompanyCalendarsLeaveOut) -> CompanyCalendars, Soon;
            /// Has the calendars of everybody read now; answers before they are.
            CompanyCalendarsRefresh company_calendars_refresh(query: CompanyCalendarsQuery) -> Page<CompanyCalendars>, Soon;
            /// What a candidate's email means, and what would be done about it; writes nothing.
            OutreachRead outreach_read(read: ReplyRead) -> ReplyDecision, Soon;
            /// How well labelled replies are read; writes nothing.
            AssistantEval assistant_eval(eval: AssistantEval) -> EvalReport, Soon;
            /// Has the assistant arrange the interview of a candidate, or of all in a stage who are not
            /// started.
            OutreachStart outreach_start(start: OutreachStart) -> OutreachStarted, Outside;
            /// Approves what the assistant would send.
            OutreachApprove outreach_approve(approve: OutreachApprove) -> OutreachApproved, Soon;
            /// Discards what the assistant would send, and ends the outreach.
            OutreachDiscard outreach_discard(outreach: Reference) -> Outreach, Soon;
            /// Takes an outreach over from the assistant, which is silent from then on.
            OutreachTakeOver outreach_take_over(outreach: Reference) -> Outreach, Soon;
            /// Moves one that waits for times to the front of its stage's line.
            OutreachMoveUp outreach_move_up(outreach: Reference) -> Outreach, Soon;
            /// Hands an outreach to the assistant again, which proposes other times.
            OutreachHandBack outreach_hand_back(outreach: Reference) -> Outreach, Soon;
            /// What the assistant's scheduling came to, in figures.
            SchedulingReport scheduling_report(query: SchedulingQuery) -> SchedulingReport, Soon;
            /// Changes an email that the assistant drafted.
            OutreachEdit outreach_edit(edit: OutreachEdit) -> OutreachEdited, Soon;
            /// Says something to the assistant, which answers, and does what a yes says.
            ConversationSay conversation_say(say: ConversationSay) -> ConversationAnswer, Outside;
            /// The caller's own conversations with the assistant, the newest first.
            ConversationList conversation_list(query: ConversationQuery)
                -> Page<Conversation>, Soon;
        }
    };
}
