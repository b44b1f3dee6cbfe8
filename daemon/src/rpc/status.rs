//! How the daemon is.

use greenroom_protocol::assistant_switch::AssistantPaused;
use greenroom_protocol::status::{
    ConnectionCounts, FlawedTemplate, MailStatus, RetentionStatus, SkippedEmail, Status, WorkItem,
};
use greenroom_protocol::workspace::WorkspaceBrief;
use greenroom_protocol::zoom::ConnectionState;
use greenroom_protocol::{BUILD, Error, PROTOCOL};

use super::accounts;
use super::admission::Admitted;
use super::hello::wire_caller;
use super::problems::problems;
use crate::access::{Caller, Need, RequestContext, Scope};
use crate::interviews::insight::INSIGHT_WORK;
use crate::mail::inbound::crashes;
use crate::outbox;
use crate::outbox::record::{MessageRecord, MessageState};
use crate::pipeline::retention::announced;
use crate::records::workspace::WorkspaceRecord;
use crate::services::Services;
use crate::store::GLOBAL;
use crate::work::WorkRecord;
use crate::{interviews, templates, workspace};

/// Pieces of work an answer lists.
const MOST_WORK: usize = 50;

/// What those read instead of a server's answer who do not look after it.
const ASK_AN_ADMIN: &str = "an admin can see why with: greenroom doctor";

/// Letters looked at to count those that do not leave by themselves.
const MOST_LETTERS: usize = 500;

/// The daemon, the caller, and what waits.
pub(super) async fn status(services: &Services, call: &Admitted<'_>) -> Result<Status, Error> {
    let (caller, backups) = (&call.caller, call.backups());
    let known = caller.operator || caller.person().is_some();
    let mut connection = None;
    let mut connections = ConnectionCounts::default();
    let mut account_counts = ConnectionCounts::default();
    let mut work = Vec::new();
    let (mut mail_refused, mut mail_held) = (0, 0);
    let mut brief = None;
    if let Some(id) = caller.workspace {
        let stored = services
            .store
            .get::<WorkspaceRecord>(GLOBAL, &id.to_string())
            .await?;
        brief = stored.map(|stored| WorkspaceBrief {
            id,
            name: stored.record.name,
        });
        let now = services.clock.now();
        let all = services.zoom.grants().statuses(id).await?;
        connections = counts(all.values().map(|(record, _)| record.state(now)));
        let members = u32::try_from(services.index.members(id).len()).unwrap_or(u32::MAX);
        let others = connections.connected
            + connections.retrying
            + connections.reconnect_required
            + connections.pre_approval_requested;
        connections.disconnected = members.saturating_sub(others);
        account_counts = counts(accounts::states(services, id).await?.into_iter());
        if known {
            work = services.queue.waiting(&id.to_string());
            (mail_refused, mail_held) = stuck(services, &id.to_string()).await?;
        }
        if let (Some(person), Ok(context)) = (caller.person(), caller.context("status")) {
            connection = workspace::connection_of(services, &context, person.brief.clone()).await?;
        }
    }
    // What `doctor` shows them with its reasons, `status` shows them too.
    let may_see_why = caller.may(Need::AdminOrOperator);
    let skipped = match may_see_why {
        // Of damaged data nothing can be read, and `status` must answer all the same.
        Ok(()) if services.store.damage().is_none() => skipped(services, caller).await?,
        _ => Vec::new(),
    };
    let (retention, flawed_templates) = match may_see_why {
        Ok(()) if services.store.damage().is_none() => kept(services, caller).await?,
        _ => (None, Vec::new()),
    };
    // What a server says is for those who look after it.
    let told_why = may_see_why.is_ok();
    if !told_why {
        for item in work.iter_mut().filter(|work| work.kind == outbox::KIND) {
            item.last_error = item.last_error.take().map(|_| ASK_AN_ADMIN.to_owned());
        }
    }
    let route = services.mail.of_any(caller.workspace);
    let answers_error = route.answers_error().filter(|_| known);
    let answers_error = answers_error.map(|why| match told_why {
        true => why,
        false => ASK_AN_ADMIN.to_owned(),
    });
    let work_waiting = work.len() as u64;
    let letters = work.iter().filter(|work| work.kind == outbox::KIND).count();
    let mail_waiting = letters as u64;
    Ok(Status {
        protocol: PROTOCOL,
        build: BUILD.to_owned(),
        pid: std::process::id(),
        started_at: services.started_at,
        ready: services.index.is_ready() && services.store.failure().is_none(),
        problems: problems(services, backups, caller.workspace, known).await?,
        damage: services.store.damage().map(|why| why.to_string()),
        store: services.store.store_id().to_owned(),
        revision: services.store.revision().0,
        sandbox: services.zoom.sandbox(),
        account_sandboxes: accounts::sandboxes(services),
        mail: MailStatus {
            transport: route.transport().to_owned(),
            delivers: route.delivers(),
            // Names of servers and places on this machine are nobody's who is not linked.
            note: match known {
                true => route.note(),
                false => route.warning().unwrap_or_default().to_owned(),
            },
            waiting: mail_waiting,
            refused: mail_refused,
            held: mail_held,
            answers: match known {
                true => route.answers(),
                false => String::new(),
            },
            answers_error,
            skipped,
        },
        workspace: brief,
        caller: wire_caller(caller),
        operator: caller.operator,
        connection,
        connections,
        accounts: account_counts,
        work: shown(services, caller, work).await?,
        work_waiting,
        backup: known.then(|| backups.status()),
        retention,
        flawed_templates,
        paused: paused(services, caller),
    })
}

/// Where the assistant is paused, of what the caller may see.
fn paused(services: &Services, caller: &Caller) -> Vec<AssistantPaused> {
    let (Some(id), Ok(context)) = (caller.workspace, caller.context("status")) else {
        return Vec::new();
    };
    if caller.person().is_none() && !caller.operator {
        return Vec::new();
    }
    workspace::paused(services, id, |job| {
        caller.operator || context.hires_for(job).is_ok()
    })
}

/// Who of the workspace is announced to be erased, and which of its templates are not used.
async fn kept(
    services: &Services,
    caller: &Caller,
) -> Result<(Option<RetentionStatus>, Vec<FlawedTemplate>), Error> {
    let (Some(workspace), Ok(context)) = (caller.workspace, caller.context("status")) else {
        return Ok((None, Vec::new()));
    };
    let announced = announced(&services.store, &workspace.to_string()).await?;
    let retention = announced.map(|(candidates, first)| RetentionStatus { candidates, first });
    Ok((retention, templates::flawed(services, &context).await?))
}

/// The emails that were skipped of late.
async fn skipped(services: &Services, caller: &Caller) -> Result<Vec<SkippedEmail>, Error> {
    let skipped = crashes::skipped(&services.store, caller.workspace, services.clock.now()).await?;
    let told = |it: crashes::SkippedRecord| SkippedEmail {
        email: it.email,
        at: it.at,
        why: it.why,
    };
    Ok(skipped.into_iter().map(told).collect())
}

/// The first of the work that waits, of what the caller may see.
async fn shown(
    services: &Services,
    caller: &Caller,
    work: Vec<WorkRecord>,
) -> Result<Vec<WorkItem>, Error> {
    let Ok(context) = caller.context("status") else {
        return Ok(Vec::new());
    };
    let looks_after_it = caller.operator && caller.person().is_none();
    let all = looks_after_it || context.scope() == Scope::All;
    let mut shown = Vec::new();
    for work in work.into_iter().take(MOST_LETTERS) {
        if shown.len() == MOST_WORK {
            break;
        }
        if all || sees(services, &context, &work).await? {
            shown.push(item(work));
        }
    }
    Ok(shown)
}

async fn sees(
    services: &Services,
    context: &RequestContext,
    work: &WorkRecord,
) -> Result<bool, Error> {
    let interview = || {
        let id = work.record.parse();
        id.is_ok_and(|id| interviews::sees(services, context, id))
    };
    Ok(match work.kind.as_str() {
        interviews::MEETING_WORK | interviews::REMIND_WORK | INSIGHT_WORK => interview(),
        outbox::KIND => interviews::sees_letter(services, context, &work.record).await?,
        _ => false,
    })
}

/// Letters that were refused and that are held, of the first on the outbox.
async fn stuck(services: &Services, space: &str) -> Result<(u64, u64), Error> {
    let page = services
        .store
        .scan::<MessageRecord>(space, None, MOST_LETTERS)
        .await?;
    let (mut refused, mut held) = (0, 0);
    for (_, stored) in &page.rows {
        match stored.record.state {
            MessageState::Failed { .. } => refused += 1,
            MessageState::Held { .. } => held += 1,
            _ => {}
        }
    }
    Ok((refused, held))
}

fn item(work: WorkRecord) -> WorkItem {
    WorkItem {
        kind: work.kind,
        record: work.record,
        due: work.due,
        attempts: work.attempts,
        last_error: work.last_error,
    }
}

fn counts(states: impl Iterator<Item = ConnectionState>) -> ConnectionCounts {
    let mut counts = ConnectionCounts::default();
    for state in states {
        match state {
            ConnectionState::Connected => counts.connected += 1,
            ConnectionState::Retrying => counts.retrying += 1,
            ConnectionState::ReconnectRequired => counts.reconnect_required += 1,
            ConnectionState::PreApprovalRequested => counts.pre_approval_requested += 1,
            _ => {}
        }
    }
    counts
}
