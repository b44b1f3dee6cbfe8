//! Asking an administrator at Google or Microsoft to approve the app.
//!
//! Joins the request with who asks and whom to ask; the workspace remembers the address. Where
//! email leaves, it goes by email, else it is for the person to send.

use greenroom_protocol::Error;
use greenroom_protocol::account::{AccountApprovalAsk, AccountApprovalRequest, AccountOwner};

use super::connect::{one, told};
use super::letter::{self, Petition};
use super::notice;
use super::{Target, terms};
use crate::access::RequestContext;
use crate::input;
use crate::outbox::UNDO_SECONDS;
use crate::records::workspace::{MemberRecord, WorkspaceRecord};
use crate::services::Services;
use crate::store::GLOBAL;
use crate::workspace::waiting::a_working_day_after;

/// Keeps that an administrator was asked, and returns what to send.
pub async fn request(
    services: &Services,
    context: &RequestContext,
    request: AccountApprovalAsk,
) -> Result<AccountApprovalRequest, Error> {
    let (provider, member) = (request.provider, request.member.as_deref());
    let target = Target::of(services, context, provider, member, request.for_workspace)?;
    target.may_change(context, "ask for the approval of")?;
    let given = request
        .admin
        .as_deref()
        .filter(|text| !text.trim().is_empty());
    let given = &given
        .map(|text| input::address("admin", text))
        .transpose()?;
    let (who, dry_run) = (target.who, request.dry_run);
    let mails = services.mail.of(context.workspace).warning().is_none();
    let grants = services.accounts.grants(provider);
    let kept = services.store.transact(|tx| async move {
        let client_id = grants.approvable(&tx, who).await;
        let client_id = client_id.map_err(|error| told(services, error))?;
        let key = context.workspace.to_string();
        let workspace = tx.get::<WorkspaceRecord>(GLOBAL, &key).await?;
        let mut workspace = workspace.ok_or_else(|| Error::not_found("the workspace is gone"))?;
        if let Some(given) = given {
            workspace.account_admin = Some(given.clone());
        }
        let mut mail = None;
        if dry_run {
            return Ok((client_id, workspace, mail));
        }
        let now = services.clock.now();
        let first = !notice::waits(&tx, provider, who).await?;
        let waits = grants.await_approval(&tx, who, &client_id).await;
        waits.map_err(|error| told(services, error))?;
        let zone = match who.member() {
            Some(id) => {
                let member = tx.peek::<MemberRecord>(&key, &id.to_string()).await?;
                member.map(|it| it.zone).unwrap_or_default()
            }
            None => context.me().map(|me| me.zone.clone()).unwrap_or_default(),
        };
        let due = a_working_day_after(now, &zone);
        notice::ask_later(&tx, &key, &who.key(terms(provider)), due)?;
        let mut fields = vec!["approval"];
        if given.is_some() {
            tx.put(GLOBAL, &key, &workspace)?;
            fields.push("account_admin");
        }
        if let Some(admin) = workspace.account_admin.as_ref().filter(|_| mails) {
            let by = context.me().map(|me| me.brief.id);
            mail = notice::ask_admin(&tx, (provider, who, first), admin, by, now).await?;
        }
        context.audit(&tx, now, who.audited(), &fields, &[])?;
        Ok::<_, Error>((client_id, workspace, mail))
    });
    let ((client_id, workspace, mail), _) = kept.await?;
    let login = &services.config.microsoft.login_url;
    let tenant = workspace.microsoft_tenant.as_deref();
    let tenant = tenant.or(Some(services.config.microsoft.tenant.as_str()));
    let tenant = tenant.filter(|tenant| !tenant.is_empty());
    let link = letter::link(provider, login, tenant, &client_id);
    let by = match &target.owner {
        AccountOwner::Member(member) => format!("{} <{}>", member.name, member.email),
        AccountOwner::Workspace => workspace.name.clone(),
    };
    let letter = letter::request(&Petition {
        provider,
        by: &by,
        workspace: &workspace.name,
        client_id: &client_id,
        link: &link,
    });
    let sent = mails && workspace.account_admin.is_some() && !dry_run;
    Ok(AccountApprovalRequest {
        account: one(services, context, target).await?,
        admin: workspace.account_admin,
        client_id,
        link,
        subject: letter.subject,
        text: letter.text,
        sent,
        mail,
        not_before: mail.map(|_| services.clock.now().plus_seconds(UNDO_SECONDS)),
        dry_run,
    })
}
