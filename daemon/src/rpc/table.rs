//! The daemon's table: for each method of the contract who may call it, what state the data must be
//! in, and the use case that answers.
//!
//! Owns [`TABLE`], the access rows, and `Connected::respond`, the way from a request to its use
//! case. Invariant: both are made from the same rows, and a method of the contract without a row
//! does not compile (`non-exhaustive patterns`, with its name). Must hold no rule beyond its rows: a
//! use case narrows by record, and says with its second parameter what it wants to know of the call
//! (`Admitted`, a [`Caller`], or a [`RequestContext`] where there must be a workspace).
//!
//! [`Caller`]: crate::access::Caller
//! [`RequestContext`]: crate::access::RequestContext

use futures::future::BoxFuture;
use greenroom_protocol::service::GreenroomRequest;
use greenroom_protocol::service::GreenroomResponse;
use greenroom_protocol::service::Method;
use tarpc::context::Context;

use super::admission::Connected;
use super::admission::Data;
use super::admission::FromCall;
use super::{backups, changes, doctor, hello, shutdown, status};
use crate::access::Need;
use crate::interviews::zoom_test;
use crate::workspace::accounts;
use crate::{
    assistant, feeds, interviews, mail_settings, outreach, pipeline, received, setting_up,
    templates, today, workspace,
};

/// Makes a method's answer in a place of its own. Without optimization the frames of all methods
/// together would be one, which does not fit a thread's stack.
#[inline(never)]
fn apart<'a, F: Future + Send + 'a>(answer: impl FnOnce() -> F) -> BoxFuture<'a, F::Output> {
    Box::pin(answer())
}

macro_rules! table {
    ($($data:ident {
        $($method:ident($($argument:ident)?) $need:ident => $use_case:path;)+
    })+) => {
        /// Every method, and what it needs of its caller.
        pub const TABLE: &[(Method, Need)] = &[$($((Method::$method, Need::$need),)+)+];

        impl Connected {
            /// Lets a call in, and answers it by its use case.
            pub(super) async fn respond(
                &self,
                context: Context,
                request: GreenroomRequest,
            ) -> GreenroomResponse {
                match request {
                    $($(GreenroomRequest::$method { $($argument)? } => {
                        let answer = apart(|| async {
                            let (method, need) = (Method::$method, Need::$need);
                            let call = self.admit(method, need, Data::$data, &context).await?;
                            let asked = FromCall::from_call(call)?;
                            $use_case(&self.served.services, &asked $(, $argument)?).await
                        });
                        GreenroomResponse::$method(answer.await)
                    })+)+
                }
            }
        }
    };
}

table! {
    // Method(its argument)               who may             the use case
    // Nobody is bound to the connection yet.
    BeforeHello {
        Hello(client)                     Anyone           => hello::hello;
    }
    // Answered whatever state the data is in: how the daemon is, and the way out of damage.
    Always {
        Status()                          Anyone           => status::status;
        Shutdown()                        Operator         => shutdown::shutdown;
        BackupForget(backup)              Operator         => backups::forget;
        RestoreBegin(restore)             Operator         => backups::receive;
        RestorePart(part)                 Operator         => backups::receive_part;
        RestoreFinish(restore)            Operator         => backups::restore;
    }
    // The same, but not before lists and references can be answered where they ever can.
    IndexedUnlessDamaged {
        Doctor()                          AdminOrOperator  => doctor::doctor;
    }
    // Reads what is stored, and waits for no index.
    Readable {
        BackupTake()                      Operator         => backups::take;
        BackupRead(part)                  Operator         => backups::read;
    }
    // Everything else: answered once lists and references can be.
    Indexed {
        Setup(setup)                      Operator         => workspace::setup;
        Changes(query)                    MemberOrOperator => changes::changes;

        WorkspaceList()                   MemberOrOperator => workspace::workspaces;
        WorkspaceAdd(workspace)           Operator         => workspace::add_workspace;
        WorkspaceEdit(workspace)          AdminOrOperator  => workspace::edit_workspace;
        WorkspaceUse(workspace)           MemberOrOperator => workspace::use_workspace;

        MemberList()                      MemberOrOperator => workspace::list;
        MemberAdd(member)                 AdminOrOperator  => workspace::add;
        // Anyone may change their own name, zone and Zoom address; the rest needs an admin.
        MemberEdit(member)                MemberOrOperator => workspace::edit;
        MemberRemove(member)              AdminOrOperator  => workspace::remove;
        MemberLink(link)                  Operator         => workspace::link;
        MemberUnlink(link)                Operator         => workspace::unlink;

        ZoomStatus(query)                 MemberOrOperator => workspace::connection;
        ZoomList()                        MemberOrOperator => workspace::connections;
        // One's own; an admin for someone else.
        ZoomConnectStart(start)           MemberOrOperator => workspace::start;
        ZoomConnectFinish(finish)         MemberOrOperator => workspace::finish;
        ZoomConnectCancel(cancel)         MemberOrOperator => workspace::cancel;
        ZoomDisconnect(member)            MemberOrOperator => workspace::disconnect;

        JobList()                         Member           => pipeline::jobs;
        JobAdd(job)                       Staff            => pipeline::add_job;
        JobEdit(job)                      Staff            => pipeline::edit_job;

        StageAdd(stage)                   Staff            => pipeline::add_stage;
        StageConfigure(stage)             Hiring           => pipeline::configure;

        CandidateList(query)              Member           => pipeline::list;
        CandidateGet(candidate)           Member           => pipeline::get;
        CandidateAdd(candidate)           Hiring           => pipeline::add;
        CandidateEdit(candidate)          Hiring           => pipeline::edit;
        CandidateMove(to)                 Hiring           => pipeline::move_to;
        CandidateImport(page)             Staff            => pipeline::import;

        InterviewList(query)              Member           => interviews::list;
        InterviewGet(interview)           Member           => interviews::get;
        InterviewNew(interview)           Hiring           => interviews::book;
        InterviewConfirm(interview)       Hiring           => interviews::confirm;
        InterviewCancel(interview)        Hiring           => interviews::cancel;

        Busy(query)                       Hiring           => interviews::busy;

        AuditList(query)                  AdminOrOperator  => workspace::entries;

        // One's own; an admin for someone else.
        ZoomRequestApproval(ask)          MemberOrOperator => workspace::request_approval;

        CandidateExportAll(query)         Admin            => pipeline::export;
        CandidateExport(query)            Staff            => pipeline::export_one;
        CandidateErase(candidate)         Admin            => pipeline::erase;

        InterviewReschedule(interview)    Hiring           => interviews::reschedule;
        InterviewEdit(interview)          Hiring           => interviews::edit;
        InterviewComplete(interview)      Hiring           => interviews::complete;
        InterviewNoShow(interview)        Hiring           => interviews::no_show;
        InterviewUndo(interview)          Hiring           => interviews::undo;
        InterviewCheck(query)             Staff            => interviews::check::check;

        DriftList()                       Staff            => interviews::check::list;

        InterviewRepair(interview)        Hiring           => interviews::check::repair;

        OrphanDelete(orphan)              Staff            => interviews::check::delete_orphan;

        InsightList(application)          Member           => interviews::insight::list;
        // Of an interview the caller may see.
        InsightNote(insight)              Member           => interviews::insight::note;

        InterviewInvite(query)            Member           => interviews::invitation;

        // Of interviews they see, and emails to themselves.
        MailList(query)                   Member           => interviews::letters;
        MailGet(mail)                     Member           => interviews::letter;
        MailRetry(mail)                   Hiring           => interviews::retry_letter;

        ZoomTell(member)                  Hiring           => workspace::tell;

        MailDrop(mail)                    Hiring           => interviews::drop_letter;

        // One's own; an admin for someone else.
        ZoomTest(query)                   MemberOrOperator => zoom_test::start;
        ZoomTestShow(query)               MemberOrOperator => zoom_test::show;

        // About interviews they see, and from candidates whose every application they see.
        MailReceived(query)               Member           => received::list;
        MailReceivedGet(mail)             Member           => received::get;
        MailReceivedRead(mail)            Member           => received::read;
        MailReceivedAccept(accept)        Hiring           => received::accept;

        CandidateState(change)            Hiring           => pipeline::change_state;
        CandidateMoveMany(moves)          Hiring           => pipeline::move_many;
        CandidateStateMany(changes)       Hiring           => pipeline::change_many;

        TimeRead(read)                    Member           => interviews::read_times;
        // Of jobs they hire for.
        Slots(query)                      Hiring           => interviews::slots;
        Explain(query)                    Hiring           => interviews::explain;
        TemplateList(query)               Hiring           => templates::list;
        TemplateShow(template)            Hiring           => templates::show;
        TemplateEdit(edit)                Staff            => templates::edit;
        TemplatePreview(preview)          Hiring           => templates::preview;
        Today(query)                      Member           => today::today;
        // Of an interview the caller may see.
        InsightSeen(interview)            Member           => interviews::insight::seen;

        CandidateEmailMany(email)         Hiring           => pipeline::email_many;

        RetentionList(query)              Admin            => pipeline::retention::list;

        // Of candidates of theirs.
        CandidateNote(note)               Hiring           => pipeline::save_note;
        CandidateNoteRemove(note)         Hiring           => pipeline::remove_note;
        InterviewRemind(remind)           Hiring           => interviews::remind;
        InterviewReplace(replace)         Hiring           => interviews::replace;
        ReplyReport(query)                Hiring           => interviews::report;

        // One's own.
        CandidateViewList()               Member           => pipeline::views;
        CandidateViewSave(view)           Member           => pipeline::save_view;
        CandidateViewDelete(view)         Member           => pipeline::delete_view;
        // Before there is a workspace, too.
        SetupProgress()                   AdminOrOperator  => setting_up::progress;
        SetupSkip(skip)                   AdminOrOperator  => setting_up::skip;
        AppGuide(query)                   AdminOrOperator  => setting_up::app_guide;

        // Emails that they asked for.
        MailUndo(undo)                    Member           => interviews::undo_letters;

        AccountGet(query)                 MemberOrOperator => accounts::get;
        AccountList(query)                MemberOrOperator => accounts::list;
        // One's own; an admin for someone else and for the workspace.
        AccountConnectStart(start)        MemberOrOperator => accounts::start;
        AccountConnectFinish(finish)      MemberOrOperator => accounts::finish;
        AccountConnectCancel(cancel)      MemberOrOperator => accounts::cancel;
        AccountDisconnect(disconnect)     MemberOrOperator => accounts::disconnect;
        AccountRequestApproval(ask)       MemberOrOperator => accounts::request;

        MailSettings()                    MemberOrOperator => mail_settings::settings;
        MailConfigure(configure)          AdminOrOperator  => mail_settings::configure;
        MailDiscover(address)             AdminOrOperator  => mail_settings::discover;
        MailTest(query)                   AdminOrOperator  => mail_settings::test;

        CalendarRead(read)                Member           => feeds::read_calendar;
        CalendarUpload(part)              Member           => feeds::upload_calendar;
        // One's own; those who schedule see everybody's.
        MemberHours(query)                MemberOrOperator => workspace::member_hours;
        // One's own; an admin for someone else.
        MemberHoursSet(set)               MemberOrOperator => workspace::set_member_hours;
        // Those that count for them; all for those who schedule.
        DaysOff()                         MemberOrOperator => workspace::days_off;
        DaysOffEdit(edit)                 AdminOrOperator  => workspace::edit_days_off;
        // One's own; an admin for someone else.
        FeedAdd(feed)                     MemberOrOperator => feeds::add;
        FeedList(query)                   MemberOrOperator => feeds::list;
        FeedRemove(feed)                  MemberOrOperator => feeds::remove;
        FeedRefresh(feed)                 MemberOrOperator => feeds::refresh;
        // For jobs they hire for.
        OutreachPropose(outreach)         Hiring           => outreach::propose;
        OutreachList(query)               Hiring           => outreach::list;
        OutreachGet(outreach)             Hiring           => received::thread;
        OutreachAnswer(answer)            Hiring           => outreach::answer;
        OutreachStop(stop)                Hiring           => outreach::stop;
        // One's own; those who schedule see everybody's.
        CompanyCalendars(query)           MemberOrOperator => feeds::company::list;
        // A recruiter with their own account.
        CompanyCalendarsSet(set)          Staff            => feeds::company::set;
        // One's own; an admin for someone else.
        CompanyCalendarsLeaveOut(leave_out) MemberOrOperator => feeds::company::leave_out;
        CompanyCalendarsRefresh(query)    Staff            => feeds::company::refresh;

        OutreachRead(read)                Member           => assistant::read_reply;
        AssistantEval(eval)               Member           => assistant::eval;
        // For jobs they hire for.
        OutreachStart(start)              Hiring           => outreach::start;
        OutreachApprove(approve)          Hiring           => outreach::approve;
        OutreachDiscard(outreach)         Hiring           => outreach::discard;
        OutreachTakeOver(outreach)        Hiring           => outreach::take_over;
        OutreachMoveUp(outreach)          Hiring           => outreach::move_up;
        OutreachHandBack(outreach)        Hiring           => outreach::hand_back;
        SchedulingReport(query)           Hiring           => outreach::report;
        OutreachEdit(edit)                Hiring           => outreach::edit;
        // Hiring managers; others read who is one. One's own conversations.
        ConversationSay(say)              Member           => assistant::say;
        ConversationList(query)           Member           => assistant::conversations;
    }
}
