//! Every method of the contract: who may, then the use case.

use std::sync::{Arc, PoisonError, RwLock};

use greenroom_protocol::audit::{AuditEntry, AuditQuery};
use greenroom_protocol::backup::{
    Backup, BackupForget, BackupPart, BackupRead, RestoreBegin, RestoreFinish, RestorePart,
    RestoreSlot, Restored,
};
use greenroom_protocol::change::{Changes, ChangesQuery};
use greenroom_protocol::drift::{CheckQuery, DriftReport, InterviewRepair, Orphan, OrphanDelete};
use greenroom_protocol::hello::{Caller as WireCaller, ClientHello, ServerHello};
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
use greenroom_protocol::service::Greenroom;
use greenroom_protocol::status::{Check, Status};
use greenroom_protocol::workspace::{
    Member, MemberAdd, MemberEdit, MemberLink, Reference, Setup, SetupDone, Workspace,
    WorkspaceBrief, WorkspaceEdit,
};
use greenroom_protocol::zoom::{
    ApprovalAsk, ApprovalRequest, ConnectAttempt, ConnectCancel, ConnectFinish, ConnectStart,
    Connection, ConnectionQuery, Disconnected, Told,
};
use greenroom_protocol::zoom_test::{ZoomTest, ZoomTestQuery};
use greenroom_protocol::{BUILD, Error, ErrorKind, OLDEST_PROTOCOL, PROTOCOL};
use tarpc::context::Context;

use super::serve::{Peer, Shutdown};
use super::{changes, doctor, status};
use crate::access::{Caller, RequestContext};
use crate::interviews::zoom_test;
use crate::records::workspace::WorkspaceRecord;
use crate::services::Services;
use crate::store::engine::ReadError;
use crate::store::{GLOBAL, StoreError};
use crate::{interviews, pipeline, received, workspace};

/// What is answered while the data is damaged, besides `hello`: what is wrong, and the way out.
const WITHOUT_DATA: &[&str] = &[
    "status",
    "doctor",
    "shutdown",
    "restore_begin",
    "restore_part",
    "restore_finish",
    "backup_forget",
];

/// One caller's connection.
#[derive(Clone)]
pub(super) struct Connected {
    pub services: Services,
    pub shutdown: Shutdown,
    guest: Peer,
    bound: Arc<RwLock<Option<Caller>>>,
}

impl Connected {
    pub fn new(services: Services, shutdown: Shutdown, guest: Peer) -> Self {
        Self {
            services,
            shutdown,
            guest,
            bound: Arc::default(),
        }
    }

    /// The caller, allowed to make this call.
    fn caller(&self, method: &'static str) -> Result<Caller, Error> {
        let bound = self
            .bound
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let bound = bound.ok_or_else(|| {
            Error::new(
                ErrorKind::Usage,
                "no hello yet: it must be the first call of a connection",
            )
            .hint(format!(
                "send {{\"Hello\":{{\"client\":{{\"protocol\":{PROTOCOL},\"build\":\"…\"}}}}}}"
            ))
        })?;
        if let Some(damage) = self.services.store.damage()
            && !WITHOUT_DATA.contains(&method)
        {
            return Err(StoreError::from(ReadError::Damaged(damage)).into());
        }
        let caller = workspace::refresh(&self.services, &bound);
        caller.may(method)?;
        Ok(caller)
    }

    /// The same, once lists and references can be answered.
    async fn ready(&self, method: &'static str) -> Result<Caller, Error> {
        self.caller(method)?;
        self.services.index.ready().await?;
        self.caller(method)
    }

    async fn asking(&self, method: &'static str) -> Result<RequestContext, Error> {
        self.ready(method).await?.asking(method)
    }

    async fn bind(&self, client: &ClientHello) -> Result<ServerHello, Error> {
        if client.protocol < OLDEST_PROTOCOL {
            let (theirs, oldest) = (client.protocol, OLDEST_PROTOCOL);
            let why = format!(
                "the caller speaks protocol {theirs}, and this daemon understands {oldest} to {PROTOCOL}"
            );
            return Err(Error::new(ErrorKind::Version, why).hint("update the client"));
        }
        let Peer { uid, operator } = self.guest;
        let caller = workspace::bind(&self.services, uid, operator, client).await?;
        let workspace = match caller.workspace {
            None => None,
            Some(id) => {
                let stored = self
                    .services
                    .store
                    .get::<WorkspaceRecord>(GLOBAL, &id.to_string())
                    .await?;
                stored.map(|stored| WorkspaceBrief {
                    id,
                    name: stored.record.name,
                })
            }
        };
        let answer = ServerHello {
            protocol: PROTOCOL,
            build: BUILD.to_owned(),
            store: self.services.store.store_id().to_owned(),
            revision: self.services.store.revision().0,
            workspace,
            caller: wire_caller(&caller),
            operator: caller.operator,
        };
        *self.bound.write().unwrap_or_else(PoisonError::into_inner) = Some(caller);
        Ok(answer)
    }
}

pub(super) fn wire_caller(caller: &Caller) -> Option<WireCaller> {
    let person = caller.person()?;
    Some(WireCaller {
        member: person.brief.clone(),
        roles: person.roles.clone(),
    })
}

impl Greenroom for Connected {
    async fn hello(self, _: Context, client: ClientHello) -> Result<ServerHello, Error> {
        self.bind(&client).await
    }

    async fn status(self, _: Context) -> Result<Status, Error> {
        status::status(&self.services, &self.caller("status")?).await
    }

    async fn doctor(self, _: Context) -> Result<Vec<Check>, Error> {
        let caller = match self.services.store.damage() {
            Some(_) => self.caller("doctor")?,
            None => self.ready("doctor").await?,
        };
        doctor::doctor(&self.services, &caller).await
    }

    async fn setup(self, _: Context, setup: Setup) -> Result<SetupDone, Error> {
        workspace::setup(&self.services, &self.ready("setup").await?, setup).await
    }

    async fn shutdown(self, _: Context) -> Result<(), Error> {
        self.caller("shutdown")?;
        self.shutdown.begin();
        Ok(())
    }

    async fn changes(self, context: Context, query: ChangesQuery) -> Result<Changes, Error> {
        let caller = self.ready("changes").await?;
        changes::changes(
            &self.services,
            &caller,
            query,
            context.deadline,
            &self.shutdown,
        )
        .await
    }

    async fn workspace_list(self, _: Context) -> Result<Page<Workspace>, Error> {
        Ok(workspace::workspaces(
            &self.services,
            &self.ready("workspace_list").await?,
        ))
    }

    async fn workspace_add(self, _: Context, workspace: WorkspaceEdit) -> Result<Workspace, Error> {
        workspace::add_workspace(
            &self.services,
            &self.ready("workspace_add").await?,
            workspace,
        )
        .await
    }

    async fn workspace_edit(
        self,
        _: Context,
        workspace: WorkspaceEdit,
    ) -> Result<Workspace, Error> {
        workspace::edit_workspace(
            &self.services,
            &self.asking("workspace_edit").await?,
            workspace,
        )
        .await
    }

    async fn workspace_use(self, _: Context, workspace: Reference) -> Result<Workspace, Error> {
        workspace::use_workspace(
            &self.services,
            &self.ready("workspace_use").await?,
            workspace,
        )
        .await
    }

    async fn member_list(self, _: Context) -> Result<Page<Member>, Error> {
        workspace::list(&self.services, &self.asking("member_list").await?).await
    }

    async fn member_add(self, _: Context, member: MemberAdd) -> Result<Member, Error> {
        workspace::add(&self.services, &self.asking("member_add").await?, member).await
    }

    async fn member_edit(self, _: Context, member: MemberEdit) -> Result<Member, Error> {
        workspace::edit(&self.services, &self.asking("member_edit").await?, member).await
    }

    async fn member_remove(self, _: Context, member: Reference) -> Result<Member, Error> {
        workspace::remove(&self.services, &self.asking("member_remove").await?, member).await
    }

    async fn member_link(self, _: Context, link: MemberLink) -> Result<Member, Error> {
        workspace::link(&self.services, &self.asking("member_link").await?, link).await
    }

    async fn member_unlink(self, _: Context, link: MemberLink) -> Result<Member, Error> {
        workspace::unlink(&self.services, &self.asking("member_unlink").await?, link).await
    }

    async fn zoom_status(self, _: Context, query: ConnectionQuery) -> Result<Connection, Error> {
        workspace::connection(&self.services, &self.asking("zoom_status").await?, query).await
    }

    async fn zoom_list(self, _: Context) -> Result<Page<Connection>, Error> {
        workspace::connections(&self.services, &self.asking("zoom_list").await?).await
    }

    async fn zoom_connect_start(
        self,
        _: Context,
        start: ConnectStart,
    ) -> Result<ConnectAttempt, Error> {
        workspace::start(
            &self.services,
            &self.asking("zoom_connect_start").await?,
            start,
        )
        .await
    }

    async fn zoom_connect_finish(
        self,
        _: Context,
        finish: ConnectFinish,
    ) -> Result<Connection, Error> {
        workspace::finish(
            &self.services,
            &self.asking("zoom_connect_finish").await?,
            finish,
        )
        .await
    }

    async fn zoom_connect_cancel(self, _: Context, cancel: ConnectCancel) -> Result<(), Error> {
        workspace::cancel(
            &self.services,
            &self.asking("zoom_connect_cancel").await?,
            cancel,
        )
        .await
    }

    async fn zoom_disconnect(self, _: Context, member: Reference) -> Result<Disconnected, Error> {
        workspace::disconnect(
            &self.services,
            &self.asking("zoom_disconnect").await?,
            member,
        )
        .await
    }

    async fn job_list(self, _: Context) -> Result<Page<Job>, Error> {
        pipeline::jobs(&self.services, &self.asking("job_list").await?).await
    }

    async fn job_add(self, _: Context, job: JobAdd) -> Result<Job, Error> {
        pipeline::add_job(&self.services, &self.asking("job_add").await?, job).await
    }

    async fn job_edit(self, _: Context, job: JobEdit) -> Result<Job, Error> {
        pipeline::edit_job(&self.services, &self.asking("job_edit").await?, job).await
    }

    async fn stage_add(self, _: Context, stage: StageAdd) -> Result<Stage, Error> {
        pipeline::add_stage(&self.services, &self.asking("stage_add").await?, stage).await
    }

    async fn stage_configure(self, _: Context, stage: StageConfigure) -> Result<Stage, Error> {
        pipeline::configure(
            &self.services,
            &self.asking("stage_configure").await?,
            stage,
        )
        .await
    }

    async fn candidate_list(
        self,
        _: Context,
        query: CandidateQuery,
    ) -> Result<Page<CandidateRow>, Error> {
        pipeline::list(
            &self.services,
            &self.asking("candidate_list").await?,
            &query,
        )
    }

    async fn candidate_get(self, _: Context, candidate: Reference) -> Result<Candidate, Error> {
        pipeline::get(
            &self.services,
            &self.asking("candidate_get").await?,
            candidate,
        )
        .await
    }

    async fn candidate_add(self, _: Context, candidate: CandidateAdd) -> Result<Candidate, Error> {
        pipeline::add(
            &self.services,
            &self.asking("candidate_add").await?,
            candidate,
        )
        .await
    }

    async fn candidate_edit(
        self,
        _: Context,
        candidate: CandidateEdit,
    ) -> Result<Candidate, Error> {
        pipeline::edit(
            &self.services,
            &self.asking("candidate_edit").await?,
            candidate,
        )
        .await
    }

    async fn candidate_move(self, _: Context, to: CandidateMove) -> Result<Moved, Error> {
        pipeline::move_to(&self.services, &self.asking("candidate_move").await?, to).await
    }

    async fn candidate_import(self, _: Context, page: ImportPage) -> Result<ImportReport, Error> {
        pipeline::import(
            &self.services,
            &self.asking("candidate_import").await?,
            page,
        )
        .await
    }

    async fn interview_list(
        self,
        _: Context,
        query: InterviewQuery,
    ) -> Result<Page<Interview>, Error> {
        interviews::list(&self.services, &self.asking("interview_list").await?, query).await
    }

    async fn interview_get(self, _: Context, interview: Reference) -> Result<Interview, Error> {
        interviews::get(
            &self.services,
            &self.asking("interview_get").await?,
            interview,
        )
        .await
    }

    async fn interview_new(self, _: Context, interview: InterviewNew) -> Result<Outcome, Error> {
        interviews::book(
            &self.services,
            &self.asking("interview_new").await?,
            interview,
        )
        .await
    }

    async fn interview_confirm(self, _: Context, interview: Reference) -> Result<Outcome, Error> {
        interviews::confirm(
            &self.services,
            &self.asking("interview_confirm").await?,
            interview,
        )
        .await
    }

    async fn interview_cancel(
        self,
        _: Context,
        interview: InterviewCancel,
    ) -> Result<Outcome, Error> {
        interviews::cancel(
            &self.services,
            &self.asking("interview_cancel").await?,
            interview,
        )
        .await
    }

    async fn busy(self, _: Context, query: BusyQuery) -> Result<Vec<BusyLane>, Error> {
        interviews::busy(&self.services, &self.asking("busy").await?, query).await
    }

    async fn audit_list(self, _: Context, query: AuditQuery) -> Result<Page<AuditEntry>, Error> {
        workspace::entries(&self.services, &self.asking("audit_list").await?, query).await
    }

    async fn zoom_request_approval(
        self,
        _: Context,
        ask: ApprovalAsk,
    ) -> Result<ApprovalRequest, Error> {
        let asking = self.asking("zoom_request_approval").await?;
        workspace::request_approval(&self.services, &asking, ask).await
    }

    async fn backup_take(self, _: Context) -> Result<Backup, Error> {
        self.caller("backup_take")?;
        Ok(self.services.backups.take().await?)
    }

    async fn backup_read(self, _: Context, part: BackupRead) -> Result<BackupPart, Error> {
        self.caller("backup_read")?;
        Ok(self.services.backups.read(part).await?)
    }

    async fn backup_forget(self, _: Context, backup: BackupForget) -> Result<(), Error> {
        self.caller("backup_forget")?;
        Ok(self.services.backups.forget(&backup.id).await?)
    }

    async fn restore_begin(self, _: Context, restore: RestoreBegin) -> Result<RestoreSlot, Error> {
        self.caller("restore_begin")?;
        Ok(self.services.backups.receive(restore).await?)
    }

    async fn restore_part(self, _: Context, part: RestorePart) -> Result<(), Error> {
        self.caller("restore_part")?;
        Ok(self.services.backups.receive_part(part).await?)
    }

    async fn restore_finish(self, _: Context, restore: RestoreFinish) -> Result<Restored, Error> {
        let caller = self.caller("restore_finish")?;
        let restored = self
            .services
            .backups
            .restore(restore, caller.actor("socket"))
            .await?;
        if !restored.dry_run {
            self.shutdown.begin_again();
        }
        Ok(restored)
    }

    async fn candidate_export_all(
        self,
        _: Context,
        query: ExportQuery,
    ) -> Result<Page<HeldCandidate>, Error> {
        let asking = self.asking("candidate_export_all").await?;
        pipeline::export(&self.services, &asking, query).await
    }

    async fn candidate_export(
        self,
        _: Context,
        query: CandidateExportQuery,
    ) -> Result<CandidateExport, Error> {
        let asking = self.asking("candidate_export").await?;
        pipeline::export_one(&self.services, &asking, query).await
    }

    async fn candidate_erase(self, _: Context, candidate: Reference) -> Result<Erased, Error> {
        let asking = self.asking("candidate_erase").await?;
        pipeline::erase(&self.services, &asking, candidate).await
    }

    async fn interview_reschedule(
        self,
        _: Context,
        interview: InterviewReschedule,
    ) -> Result<Outcome, Error> {
        let asking = self.asking("interview_reschedule").await?;
        interviews::reschedule(&self.services, &asking, interview).await
    }

    async fn interview_edit(self, _: Context, interview: InterviewEdit) -> Result<Outcome, Error> {
        let asking = self.asking("interview_edit").await?;
        interviews::edit(&self.services, &asking, interview).await
    }

    async fn interview_complete(self, _: Context, interview: Reference) -> Result<Outcome, Error> {
        let asking = self.asking("interview_complete").await?;
        interviews::complete(&self.services, &asking, interview).await
    }

    async fn interview_no_show(
        self,
        _: Context,
        interview: InterviewNoShow,
    ) -> Result<Outcome, Error> {
        let asking = self.asking("interview_no_show").await?;
        interviews::no_show(&self.services, &asking, interview).await
    }

    async fn interview_undo(self, _: Context, interview: InterviewUndo) -> Result<Outcome, Error> {
        let asking = self.asking("interview_undo").await?;
        interviews::undo(&self.services, &asking, interview).await
    }

    async fn interview_check(self, _: Context, query: CheckQuery) -> Result<DriftReport, Error> {
        let asking = self.asking("interview_check").await?;
        interviews::check::check(&self.services, &asking, query).await
    }

    async fn drift_list(self, _: Context) -> Result<DriftReport, Error> {
        let asking = self.asking("drift_list").await?;
        interviews::check::list(&self.services, &asking).await
    }

    async fn interview_repair(
        self,
        _: Context,
        interview: InterviewRepair,
    ) -> Result<Outcome, Error> {
        let asking = self.asking("interview_repair").await?;
        interviews::check::repair(&self.services, &asking, interview).await
    }

    async fn orphan_delete(self, _: Context, orphan: OrphanDelete) -> Result<Orphan, Error> {
        let asking = self.asking("orphan_delete").await?;
        interviews::check::delete_orphan(&self.services, &asking, orphan).await
    }

    async fn insight_list(self, _: Context, application: Reference) -> Result<Vec<Insight>, Error> {
        let asking = self.asking("insight_list").await?;
        interviews::insight::list(&self.services, &asking, application).await
    }

    async fn insight_note(self, _: Context, insight: InsightNote) -> Result<Insight, Error> {
        let asking = self.asking("insight_note").await?;
        interviews::insight::note(&self.services, &asking, insight).await
    }

    async fn interview_invite(self, _: Context, query: InviteQuery) -> Result<Written, Error> {
        interviews::invitation(
            &self.services,
            &self.asking("interview_invite").await?,
            query,
        )
        .await
    }

    async fn mail_list(self, _: Context, query: MailQuery) -> Result<Page<Mail>, Error> {
        interviews::letters(&self.services, &self.asking("mail_list").await?, query).await
    }

    async fn mail_get(self, _: Context, mail: Reference) -> Result<MailPreview, Error> {
        interviews::letter(&self.services, &self.asking("mail_get").await?, mail).await
    }

    async fn mail_retry(self, _: Context, mail: Reference) -> Result<Mail, Error> {
        interviews::retry_letter(&self.services, &self.asking("mail_retry").await?, mail).await
    }

    async fn zoom_tell(self, _: Context, member: Reference) -> Result<Told, Error> {
        workspace::tell(&self.services, &self.asking("zoom_tell").await?, member).await
    }

    async fn mail_drop(self, _: Context, mail: Reference) -> Result<Mail, Error> {
        interviews::drop_letter(&self.services, &self.asking("mail_drop").await?, mail).await
    }

    async fn zoom_test(self, _: Context, query: ZoomTestQuery) -> Result<ZoomTest, Error> {
        zoom_test::start(&self.services, &self.asking("zoom_test").await?, query).await
    }

    async fn zoom_test_show(self, _: Context, query: ZoomTestQuery) -> Result<ZoomTest, Error> {
        zoom_test::show(&self.services, &self.asking("zoom_test_show").await?, query).await
    }

    async fn mail_received(
        self,
        _: Context,
        query: ReceivedQuery,
    ) -> Result<Page<ReceivedMail>, Error> {
        received::list(&self.services, &self.asking("mail_received").await?, query).await
    }

    async fn mail_received_get(self, _: Context, mail: Reference) -> Result<Received, Error> {
        received::get(
            &self.services,
            &self.asking("mail_received_get").await?,
            mail,
        )
        .await
    }

    async fn mail_received_read(self, _: Context, mail: Reference) -> Result<ReceivedMail, Error> {
        received::read(
            &self.services,
            &self.asking("mail_received_read").await?,
            mail,
        )
        .await
    }

    async fn mail_received_accept(
        self,
        _: Context,
        accept: ReceivedAccept,
    ) -> Result<ReceivedMail, Error> {
        let asking = self.asking("mail_received_accept").await?;
        received::accept(&self.services, &asking, accept).await
    }
}
