//! Workspaces: the first one, further ones, their Zoom app, and which one a caller usually works
//! in.

use greenroom_protocol::Error;
use greenroom_protocol::id::{MemberId, WorkspaceId};
use greenroom_protocol::page::Page;
use greenroom_protocol::pipeline::KEEP_MONTHS;
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::workspace::{
    AccountPlan, Reference, Role, Setup, SetupDone, ShareSlots, Workspace, WorkspaceBrief,
    WorkspaceEdit,
};

use super::link::link_in;
use super::member::{self, claim_address};
use super::{accounts, switch};
use crate::access::{Caller, RequestContext};
use crate::grants::{AppName, SecretChange};
use crate::index::Unresolved;
use crate::records::switch::SwitchRecord;
use crate::records::workspace::{
    LinkRecord, MemberRecord, WorkspaceRecord, usual_entry_undo, usual_no_reply_hours,
    usual_reminders,
};
use crate::services::Services;
use crate::store::{GLOBAL, Tx};
use crate::{input, interviews};

/// What [`Tx::claim`] knows names of workspaces by.
const NAME: &str = "workspace-name";

/// Reminders of one interview.
const MOST_REMINDERS: usize = 5;

/// Minutes before an interview at which people may be reminded: up to fourteen days.
const REMINDERS: std::ops::RangeInclusive<u32> = 5..=14 * 24 * 60;

const EVERY_ROLE: [Role; 4] = [
    Role::Admin,
    Role::Recruiter,
    Role::HiringManager,
    Role::Interviewer,
];

/// A workspace about to be made, and its first member.
struct First {
    workspace: WorkspaceRecord,
    member: MemberRecord,
    secret: Option<Opaque>,
}

/// Makes the first workspace and links the caller to its first member.
pub async fn setup(
    services: &Services,
    caller: &Caller,
    request: Setup,
) -> Result<SetupDone, Error> {
    if let Some(there) = services.index.workspaces().first() {
        let name = &there.record.name;
        return Err(
            Error::conflict(format!("There is already a workspace, {name}"))
                .hint("add another with `greenroom workspace add`"),
        );
    }
    let now = services.clock.now();
    let client_id = input::optional_line("zoom_client_id", request.zoom_client_id.as_deref())?;
    let secret = request
        .zoom_client_secret
        .filter(|secret| !secret.reveal().is_empty());
    let first = First {
        workspace: WorkspaceRecord {
            name: input::name("workspace", &request.workspace)?,
            zoom_confidential: secret.is_some(),
            zoom_client_id: client_id,
            plan: AccountPlan::Unknown,
            zoom_admin: None,
            reminders: usual_reminders(),
            no_reply_hours: usual_no_reply_hours(),
            keep_rejected: None,
            setup_skipped: Vec::new(),
            google_client_id: None,
            google_confidential: false,
            microsoft_client_id: None,
            microsoft_tenant: None,
            account_admin: None,
            zone: Some(input::zone("zone", &request.zone)?),
            assistant: SwitchRecord::On,
            entry_undo_seconds: usual_entry_undo(),
            share_slots: ShareSlots::default(),
            created_at: now,
        },
        member: MemberRecord {
            name: input::name("name", &request.name)?,
            email: input::address("email", &request.email)?,
            zoom_email: None,
            zone: input::zone("zone", &request.zone)?,
            roles: EVERY_ROLE.to_vec(),
            hiring_jobs: Vec::new(),
            unix_uid: None,
            shared: true,
            created_at: now,
        },
        secret,
    };
    let apps = WorkspaceEdit::default();
    let (id, member) = make(services, caller, "setup", &first, &apps).await?;
    let context = caller.within(id, "setup");
    let row = services
        .index
        .member(id, member)
        .ok_or_else(|| Error::failed("the new member is not there"))?;
    let mut shown = member::wire(services, &context, member, row.revision, &row.record).await?;
    shown.you = true;
    Ok(SetupDone {
        workspace: WorkspaceBrief {
            id,
            name: first.workspace.name,
        },
        member: shown,
    })
}

/// Makes another workspace. Its first member is the caller, as they are known in the present one.
pub async fn add_workspace(
    services: &Services,
    caller: &Caller,
    request: WorkspaceEdit,
) -> Result<Workspace, Error> {
    let me = caller.person().ok_or_else(|| {
        Error::denied(
            "The caller becomes its first member, and you are not a member of any workspace yet",
        )
        .hint("use `greenroom setup`, or act for a member with `--as EMAIL`")
    })?;
    let from = caller
        .workspace
        .and_then(|workspace| services.index.member(workspace, me.brief.id));
    let from = from.ok_or_else(|| Error::not_found("the caller is gone"))?;
    let secret = request
        .zoom_client_secret
        .clone()
        .filter(|secret| !secret.reveal().is_empty());
    let first = First {
        workspace: WorkspaceRecord {
            name: input::name("name", request.name.as_deref().unwrap_or_default())?,
            zoom_client_id: input::optional_line(
                "zoom_client_id",
                request.zoom_client_id.as_deref(),
            )?,
            zoom_confidential: secret.is_some(),
            plan: request.plan.unwrap_or_default(),
            zoom_admin: zoom_admin(request.zoom_admin.as_deref())?,
            keep_rejected: match request.keep_rejected {
                Some(months) => keep_rejected(months)?,
                None => None,
            },
            reminders: match &request.reminders {
                Some(minutes) => reminders(minutes)?,
                None => usual_reminders(),
            },
            no_reply_hours: match request.no_reply_reminder_hours {
                Some(hours) => no_reply_hours(hours)?,
                None => usual_no_reply_hours(),
            },
            setup_skipped: Vec::new(),
            google_client_id: None,
            google_confidential: false,
            microsoft_client_id: None,
            microsoft_tenant: None,
            account_admin: None,
            zone: match request.zone.as_deref().map(zone).transpose()?.flatten() {
                None => Some(from.record.zone.clone()),
                given => given,
            },
            assistant: SwitchRecord::On,
            entry_undo_seconds: match request.entry_undo_seconds {
                Some(seconds) => entry_undo(seconds)?,
                None => usual_entry_undo(),
            },
            share_slots: request.share_slots.unwrap_or_default(),
            created_at: services.clock.now(),
        },
        member: MemberRecord {
            roles: EVERY_ROLE.to_vec(),
            hiring_jobs: Vec::new(),
            unix_uid: None,
            created_at: services.clock.now(),
            ..(*from.record).clone()
        },
        secret,
    };
    let (id, _) = make(services, caller, "workspace_add", &first, &request).await?;
    one(services, caller, id)
}

async fn make(
    services: &Services,
    caller: &Caller,
    call: &'static str,
    first: &First,
    apps: &WorkspaceEdit,
) -> Result<(WorkspaceId, MemberId), Error> {
    let (id, member) = (WorkspaceId::new(), MemberId::new());
    let context = caller.within(id, call);
    services
        .store
        .transact(|tx| {
            let context = &context;
            async move {
                claim_name(&tx, &first.workspace.name, id).await?;
                let mut workspace = first.workspace.clone();
                accounts::edit_apps(services, &tx, id, apps, &mut workspace).await?;
                tx.insert(GLOBAL, &id.to_string(), &workspace).await?;
                claim_address(&tx, &id.to_string(), &first.member.email, member).await?;
                tx.insert(&id.to_string(), &member.to_string(), &first.member)
                    .await?;
                link_in(&tx, id, member, services.user(caller.uid)).await?;
                set_app(services, &tx, id, &first.workspace, first.secret.as_ref()).await?;
                context.audit(
                    &tx,
                    services.clock.now(),
                    id,
                    &["name", "zoom_client_id"],
                    &[],
                )?;
                Ok::<_, Error>(())
            }
        })
        .await?;
    Ok((id, member))
}

/// Changes the workspace's name, zone, Zoom app, plan or reminders.
pub async fn edit_workspace(
    services: &Services,
    context: &RequestContext,
    request: WorkspaceEdit,
) -> Result<Workspace, Error> {
    let caller = context.caller()?;
    let id = match &request.workspace {
        Some(text) => find_own(services, caller, text)?,
        None => context.workspace,
    };
    if id != context.workspace && !caller.operator {
        return Err(Error::denied(
            "not permitted: switch to the workspace to change it",
        ));
    }
    let context = &RequestContext {
        workspace: id,
        ..context.clone()
    };
    services
        .store
        .transact(|tx| {
            let request = &request;
            async move {
                let key = id.to_string();
                let record = tx.get::<WorkspaceRecord>(GLOBAL, &key).await?;
                let mut record = record.ok_or_else(|| Error::not_found("the workspace is gone"))?;
                let mut fields = Vec::new();
                if let Some(name) = &request.name {
                    let name = input::name("name", name)?;
                    tx.release(GLOBAL, NAME, &input::folded(&record.name))?;
                    claim_name(&tx, &name, id).await?;
                    record.name = name;
                    fields.push("name");
                }
                if let Some(client_id) = &request.zoom_client_id {
                    record.zoom_client_id =
                        input::optional_line("zoom_client_id", Some(client_id))?;
                    fields.push("zoom_client_id");
                }
                if let Some(secret) = &request.zoom_client_secret {
                    record.zoom_confidential = !secret.reveal().is_empty();
                    fields.push("zoom_client_secret");
                }
                if let Some(plan) = request.plan {
                    record.plan = plan;
                    fields.push("plan");
                }
                if let Some(admin) = &request.zoom_admin {
                    record.zoom_admin = zoom_admin(Some(admin))?;
                    fields.push("zoom_admin");
                }
                if let Some(minutes) = &request.reminders {
                    record.reminders = reminders(minutes)?;
                    interviews::remind_anew(&tx, id, services.clock.now())?;
                    fields.push("reminders");
                }
                if let Some(hours) = request.no_reply_reminder_hours {
                    record.no_reply_hours = no_reply_hours(hours)?;
                    interviews::watch_replies_anew(&tx, id, services.clock.now())?;
                    fields.push("no_reply_reminder_hours");
                }
                if let Some(months) = request.keep_rejected {
                    record.keep_rejected = keep_rejected(months)?;
                    fields.push("keep_rejected");
                }
                if let Some(text) = &request.zone {
                    record.zone = zone(text)?;
                    fields.push("zone");
                }
                if let Some(set) = &request.assistant {
                    let now = services.clock.now();
                    record.assistant = switch::switched(&record.assistant, set, context, now)?;
                    fields.push("assistant");
                }
                if let Some(seconds) = request.entry_undo_seconds {
                    record.entry_undo_seconds = entry_undo(seconds)?;
                    fields.push("entry_undo_seconds");
                }
                if let Some(share) = request.share_slots {
                    record.share_slots = share;
                    fields.push("share_slots");
                }
                if request.zoom_client_id.is_some() || request.zoom_client_secret.is_some() {
                    set_app(
                        services,
                        &tx,
                        id,
                        &record,
                        request.zoom_client_secret.as_ref(),
                    )
                    .await?;
                }
                fields.extend(accounts::edit_apps(services, &tx, id, request, &mut record).await?);
                tx.put(GLOBAL, &key, &record)?;
                context.audit(&tx, services.clock.now(), id, &fields, &[])?;
                Ok::<_, Error>(())
            }
        })
        .await?;
    if request.assistant.is_some() {
        interviews::look_at_all(services, id);
    }
    one(services, caller, id)
}

/// The workspaces the caller may use.
pub async fn workspaces(services: &Services, caller: &Caller) -> Result<Page<Workspace>, Error> {
    let links = services
        .index
        .link(services.user(caller.uid))
        .unwrap_or_default();
    let mine = |id: WorkspaceId| caller.operator || links.members.iter().any(|(it, _)| *it == id);
    let rows = services
        .index
        .workspaces()
        .into_iter()
        .filter(|row| mine(row.id));
    let rows = rows.map(|row| wire(services, caller, row.id, row.revision, &row.record));
    Ok(Page::whole(rows.collect()))
}

/// Makes a workspace the caller's usual one.
pub async fn use_workspace(
    services: &Services,
    caller: &Caller,
    request: Reference,
) -> Result<Workspace, Error> {
    let id = find_own(services, caller, &request.reference)?;
    let there = Caller {
        workspace: Some(id),
        ..caller.clone()
    };
    if request.dry_run {
        return one(services, &there, id);
    }
    services
        .store
        .transact(|tx| async move {
            let key = services.user(caller.uid).to_string();
            let mut links = tx
                .get::<LinkRecord>(GLOBAL, &key)
                .await?
                .unwrap_or_default();
            let mine = links.members.iter().any(|(it, _)| *it == id);
            if !mine && !caller.operator {
                return Err(Error::denied(
                    "not permitted: you are not a member of this workspace",
                ));
            }
            links.usual = Some(id);
            tx.put(GLOBAL, &key, &links)?;
            Ok::<_, Error>(())
        })
        .await?;
    one(services, &there, id)
}

/// The workspace that `text` names, of those the caller is a member of; the operator looks after
/// them all.
fn find_own(services: &Services, caller: &Caller, text: &str) -> Result<WorkspaceId, Unresolved> {
    let links = services
        .index
        .link(services.user(caller.uid))
        .unwrap_or_default();
    let own = |id| caller.operator || links.members.iter().any(|(it, _)| *it == id);
    services.index.find_workspace(text, own)
}

/// The Zoom admin's address, where one is given.
pub(super) fn zoom_admin(text: Option<&str>) -> Result<Option<String>, Error> {
    let given = text.filter(|text| !text.trim().is_empty());
    given
        .map(|text| input::address("zoom_admin", text))
        .transpose()
}

/// A zone that was given; `None`: that of the first member.
fn zone(text: &str) -> Result<Option<String>, Error> {
    let given = Some(text).filter(|text| !text.trim().is_empty());
    given.map(|text| input::zone("zone", text)).transpose()
}

/// Hours after which somebody may be reminded to reply: up to fourteen days.
const NO_REPLY_HOURS: std::ops::RangeInclusive<u32> = 0..=14 * 24;

/// Seconds in which a move can be undone: up to a day.
const ENTRY_UNDO: std::ops::RangeInclusive<u32> = 0..=24 * 60 * 60;

fn entry_undo(seconds: u32) -> Result<u32, Error> {
    if ENTRY_UNDO.contains(&seconds) {
        return Ok(seconds);
    }
    let why = format!(
        "A move can be undone for up to {} seconds before the assistant acts",
        ENTRY_UNDO.end()
    );
    Err(Error::usage(why).field("entry_undo_seconds"))
}

fn no_reply_hours(hours: u32) -> Result<u32, Error> {
    if NO_REPLY_HOURS.contains(&hours) {
        return Ok(hours);
    }
    let why = format!(
        "A reminder to reply comes after 1 to {} hours",
        NO_REPLY_HOURS.end()
    );
    Err(Error::usage(why)
        .field("no_reply_reminder_hours")
        .hint("0 turns it off"))
}

/// When people are to be reminded: longest before first, each once.
fn reminders(minutes: &[u32]) -> Result<Vec<u32>, Error> {
    let mut reminders = minutes.to_vec();
    reminders.sort_unstable_by(|one, other| other.cmp(one));
    reminders.dedup();
    if reminders.len() > MOST_REMINDERS {
        let why = format!("At most {MOST_REMINDERS} reminders can be sent before an interview");
        return Err(Error::usage(why).field("reminders"));
    }
    if reminders.iter().all(|it| REMINDERS.contains(it)) {
        return Ok(reminders);
    }
    let why = "Each reminder must be 5 minutes to 14 days before the interview";
    Err(Error::usage(why).field("reminders"))
}

async fn claim_name(tx: &Tx, name: &str, id: WorkspaceId) -> Result<(), Error> {
    match tx
        .claim(GLOBAL, NAME, &input::folded(name), &id.to_string())
        .await?
    {
        Ok(()) => Ok(()),
        Err(_) => Err(Error::conflict("Another workspace has this name").field("name")),
    }
}

/// Makes the record's app the one to connect with, its secret sealed in the same commit.
async fn set_app(
    services: &Services,
    tx: &Tx,
    id: WorkspaceId,
    record: &WorkspaceRecord,
    secret: Option<&Opaque>,
) -> Result<(), Error> {
    let change = match secret {
        None => SecretChange::Keep,
        Some(secret) if secret.reveal().is_empty() => SecretChange::Forget,
        Some(secret) => SecretChange::Set(secret.clone()),
    };
    let client_id = record.zoom_client_id.as_deref();
    if client_id.is_none() && matches!(change, SecretChange::Set(_)) {
        return Err(
            Error::usage("The workspace has no client ID of its own for this secret")
                .field("zoom_client_id"),
        );
    }
    services
        .zoom
        .grants()
        .set_app(tx, id, client_id.map(AppName::from), change)
        .await?;
    Ok(())
}

fn one(services: &Services, caller: &Caller, id: WorkspaceId) -> Result<Workspace, Error> {
    let row = services
        .index
        .workspace(id)
        .ok_or_else(|| Error::not_found("the workspace is gone"))?;
    Ok(wire(services, caller, id, row.revision, &row.record))
}

fn wire(
    services: &Services,
    caller: &Caller,
    id: WorkspaceId,
    revision: u64,
    record: &WorkspaceRecord,
) -> Workspace {
    Workspace {
        id,
        name: record.name.clone(),
        zoom_client_id: record.zoom_client_id.clone(),
        zoom_confidential: record.zoom_confidential,
        plan: record.plan,
        zoom_admin: record.zoom_admin.clone(),
        reminders: record.reminders.clone(),
        no_reply_reminder_hours: record.no_reply_hours,
        keep_rejected: record.keep_rejected,
        google_client_id: record.google_client_id.clone(),
        google_confidential: record.google_confidential,
        microsoft_client_id: record.microsoft_client_id.clone(),
        microsoft_tenant: record.microsoft_tenant.clone(),
        account_admin: record.account_admin.clone(),
        zone: services.index.zone_of(id),
        assistant: switch::shown_switch(services, id, &record.assistant),
        entry_undo_seconds: record.entry_undo_seconds,
        share_slots: record.share_slots,
        current: caller.workspace == Some(id),
        revision,
    }
}

/// For how many months rejected candidates are kept; nothing for 0, which is for ever.
fn keep_rejected(months: u32) -> Result<Option<u32>, Error> {
    match months {
        0 => Ok(None),
        months if KEEP_MONTHS.contains(&months) => Ok(Some(months)),
        _ => {
            let (least, most) = (KEEP_MONTHS.start(), KEEP_MONTHS.end());
            let why = format!("Rejected candidates are kept {least} to {most} months, or for ever");
            Err(Error::usage(why).field("keep_rejected"))
        }
    }
}
