//! RequestContext a Zoom admin to approve the app, for oneself or, as an admin, for somebody else.
//!
//! Joins the letter with who asks and whom to ask; the workspace remembers the address. Where mail
//! leaves, it goes by mail, else it is for the person to send.

use greenroom_protocol::Error;
use greenroom_protocol::zoom::{ApprovalAsk, ApprovalRequest, PERMISSIONS, ScopeReason};

use super::connect::{one, subject, told};
use super::space::zoom_admin;
use super::{notice, waiting};
use crate::access::RequestContext;
use crate::outbox::UNDO_SECONDS;
use crate::records::workspace::{MemberRecord, WorkspaceRecord};
use crate::services::Services;
use crate::store::GLOBAL;
use crate::zoom::{APP_NAME, ConnectionId, Letter, Petition};

/// Keeps that a Zoom admin was asked, and returns what to send.
pub async fn request_approval(
    services: &Services,
    context: &RequestContext,
    request: ApprovalAsk,
) -> Result<ApprovalRequest, Error> {
    let id = subject(services, context, request.member.as_deref())?;
    context.own_or_admin(id, "ask for approval")?;
    let given = &zoom_admin(request.admin.as_deref()).map_err(|error| error.field("admin"))?;
    let who = ConnectionId::of_member(context.workspace, id);
    let mails = services.mail.of(context.workspace).warning().is_none();
    let kept = services.store.transact(|tx| async move {
        let app = services.zoom.grants().approvable(&tx, who).await;
        let client_id = app.map_err(|error| told(services, error))?;
        let key = context.workspace.to_string();
        let workspace = tx.get::<WorkspaceRecord>(GLOBAL, &key).await?;
        let mut workspace = workspace.ok_or_else(|| Error::not_found("the workspace is gone"))?;
        if let Some(given) = given {
            workspace.zoom_admin = Some(given.clone());
        }
        let mut mail = None;
        if !request.dry_run {
            let first = !waiting::waits(&tx, &key, id).await?;
            let waits = services
                .zoom
                .grants()
                .await_approval(&tx, who, &client_id)
                .await;
            waits.map_err(|error| told(services, error))?;
            let member = tx.peek::<MemberRecord>(&key, &id.to_string()).await?;
            let zone = member.map(|it| it.zone).unwrap_or_default();
            waiting::ask_later(&tx, &key, id, &zone, services.clock.now())?;
            let mut fields = vec!["approval"];
            if given.is_some() {
                tx.put(GLOBAL, &key, &workspace)?;
                fields.push("zoom_admin");
            }
            if let Some(admin) = workspace.zoom_admin.as_ref().filter(|_| mails) {
                let (by, now) = (context.me().map(|me| me.brief.id), services.clock.now());
                mail = notice::ask_admin(&tx, &key, (id, first), admin, by, now).await?;
            }
            context.audit(&tx, services.clock.now(), id, &fields, &[])?;
        }
        Ok::<_, Error>((client_id, workspace, mail))
    });
    let ((client_id, workspace, mail), _) = kept.await?;
    let connection = one(services, context, id).await?;
    let link = services.config.zoom.marketplace_url.clone();
    let letter = Letter::to_the_admin(&Petition {
        member: &connection.member.name,
        email: &connection.member.email,
        workspace: &workspace.name,
        client_id: &client_id,
        link: &link,
    });
    let sent = mails && workspace.zoom_admin.is_some() && !request.dry_run;
    Ok(ApprovalRequest {
        connection,
        admin: workspace.zoom_admin,
        app: APP_NAME.to_owned(),
        client_id,
        link,
        scopes: scopes(),
        subject: letter.subject,
        text: letter.text,
        sent,
        mail,
        not_before: mail.map(|_| services.clock.now().plus_seconds(UNDO_SECONDS)),
        dry_run: request.dry_run,
    })
}

fn scopes() -> Vec<ScopeReason> {
    let named = PERMISSIONS.iter().map(|permission| ScopeReason {
        scope: permission.scope.to_owned(),
        title: permission.title.to_owned(),
        reason: permission.reason.to_owned(),
        optional: permission.optional,
    });
    named.collect()
}
