//! Setting up a workspace: which steps are done, which somebody skipped, and what has to be done at
//! Zoom, Google or Microsoft.
//!
//! Owns the steps and their order (`progress` ★), the guides to making an app (`guide` ★), and the
//! email of a guide to somebody else (`letter`). Invariant: whether a step is done is worked out
//! from what there is, every time, and never stored; only the wish to do without it is, in the
//! workspace's record. Must not do a step itself: that is each subject's own call.
//!
//! ★ pure

mod guide;
mod letter;
mod progress;

use greenroom_protocol::Error;
use greenroom_protocol::id::{MemberId, WorkspaceId};
use greenroom_protocol::mail_settings::MailSource;
use greenroom_protocol::setting_up::{
    AppGuide, AppGuideQuery, AppKind, SetupProgress, SetupSkip, SetupStep,
};

use self::guide::Asker;
pub use self::letter::GuideLetters;
use self::progress::{Facts, Found};
use crate::access::{Caller, RequestContext};
use crate::config::Config;
use crate::input;
use crate::records::workspace::WorkspaceRecord;
use crate::services::Services;
use crate::store::GLOBAL;

/// How far setting up is. Before there is a workspace, everything is open.
///
/// # Errors
/// There are workspaces, and the caller works in none of them.
pub async fn progress(services: &Services, caller: &Caller) -> Result<SetupProgress, Error> {
    if caller.workspace.is_none() && services.index.workspaces().is_empty() {
        return Ok(progress::progress(&Facts::default(), &[]));
    }
    let context = caller.context("setup_progress")?;
    of_workspace(services, context.workspace)
}

/// Skips a step, or undoes that.
///
/// # Errors
/// `usage` for the workspace, without which there is nothing to set up.
pub async fn skip(
    services: &Services,
    context: &RequestContext,
    request: SetupSkip,
) -> Result<SetupProgress, Error> {
    if request.step == SetupStep::Workspace {
        return Err(Error::usage("The workspace can't be skipped").field("step"));
    }
    let id = context.workspace;
    let skipped = services.store.transact(|tx| async move {
        let key = id.to_string();
        let record = tx.get::<WorkspaceRecord>(GLOBAL, &key).await?;
        let mut record = record.ok_or_else(|| Error::not_found("the workspace is gone"))?;
        record.setup_skipped.retain(|step| *step != request.step);
        if !request.undo {
            record.setup_skipped.push(request.step);
            record.setup_skipped.sort_unstable();
        }
        tx.put(GLOBAL, &key, &record)?;
        context.audit(&tx, services.clock.now(), id, &["setup_skipped"], &[])?;
        Ok::<_, Error>(())
    });
    skipped.await?;
    of_workspace(services, id)
}

/// How an app is made, and, where an address is given, the email of that to somebody else.
///
/// # Errors
/// `usage` where the address is none.
pub async fn app_guide(
    services: &Services,
    context: &RequestContext,
    query: AppGuideQuery,
) -> Result<AppGuide, Error> {
    let given = query.email_to.as_deref().filter(|it| !it.trim().is_empty());
    let to = given.map(|text| input::address("email_to", text));
    let to = to.transpose()?;
    let id = context.workspace;
    let row = services.index.workspace(id);
    let row = row.ok_or_else(|| Error::not_found("the workspace is gone"))?;
    let guide = guide::of(query.app, &services.config.zoom.marketplace_url);
    let sends = to.is_some() && services.mail.of(id).warning().is_none();
    if let Some(to) = to.filter(|_| sends && !query.dry_run) {
        let posted = services.store.transact(|tx| {
            let draft = letter::draft(query.app, context, &to, services.clock.now());
            async move {
                letter::post(&tx, context, draft, services.clock.now())?;
                Ok::<_, Error>(())
            }
        });
        posted.await?;
    }
    let me = context.me().map(|me| Asker {
        name: &me.brief.name,
        email: &me.brief.email,
    });
    let (subject, text) = guide.letter(me, &row.record.name);
    let app = app(&services.config, &row.record, query.app);
    Ok(AppGuide {
        app: query.app,
        link: guide.link,
        steps: guide.steps,
        redirect_uri: guide.redirect_uri,
        scopes: guide.scopes,
        from_configuration: app.as_ref().is_some_and(|app| app.from_configuration),
        client_id: app.map(|app| app.detail),
        subject,
        text,
        sent: sends,
        dry_run: query.dry_run,
    })
}

fn of_workspace(services: &Services, id: WorkspaceId) -> Result<SetupProgress, Error> {
    let row = services.index.workspace(id);
    let row = row.ok_or_else(|| Error::not_found("the workspace is gone"))?;
    let jobs = services.index.jobs(id);
    let members = services.index.members(id);
    let has_hours = |member: MemberId| services.index.knows_hours(id, member);
    let with_hours = members.iter().filter(|member| has_hours(member.id));
    let facts = Facts {
        workspace: Some(row.record.name.clone()),
        zoom_app: app(&services.config, &row.record, AppKind::Zoom),
        email: email(services, id),
        jobs: jobs.iter().map(|job| job.record.title.clone()).collect(),
        candidates: services.index.candidates(id),
        members: members.len(),
        hours_set: with_hours.count(),
    };
    Ok(progress::progress(&facts, &row.record.setup_skipped))
}

/// The client id of the app that the workspace's people connect with, and who decided it.
fn app(config: &Config, workspace: &WorkspaceRecord, app: AppKind) -> Option<Found> {
    let (own, default) = match app {
        AppKind::Zoom => (
            workspace.zoom_client_id.as_deref(),
            config.zoom.client_id.as_str(),
        ),
        AppKind::Google => (
            workspace.google_client_id.as_deref(),
            config.google.client_id.as_str(),
        ),
        AppKind::Microsoft => (
            workspace.microsoft_client_id.as_deref(),
            config.microsoft.client_id.as_str(),
        ),
    };
    let found = |id: &str, from_configuration| Found {
        detail: id.to_owned(),
        from_configuration,
    };
    own.map(|id| found(id, false))
        .or_else(|| (!default.is_empty()).then(|| found(default, true)))
}

/// How email leaves, where somebody receives it.
fn email(services: &Services, id: WorkspaceId) -> Option<Found> {
    let route = services.mail.of(id);
    route.warning().is_none().then(|| Found {
        detail: match route.delivers() {
            true => route.from().to_owned(),
            false => "the demo's mailboxes".to_owned(),
        },
        from_configuration: route.settings().source == MailSource::Configuration,
    })
}
