//! Members: added, changed, removed, and linked to Unix users.

use greenroom_protocol::Error;
use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::id::{JobId, MemberId};
use greenroom_protocol::page::Page;
use greenroom_protocol::workspace::{Member, MemberAdd, MemberEdit, Reference, Role};
use greenroom_protocol::zoom::ConnectionState;

use super::availability;
use super::link::unlink_in;
use super::people::linked_here;
use crate::access::RequestContext;
use crate::current::current;
use crate::feeds;
use crate::input;
use crate::interviews;
use crate::mail::bounce::BounceRecord;
use crate::records::views::ViewsRecord;
use crate::records::workspace::MemberRecord;
use crate::services::Services;
use crate::store::Tx;
use crate::zoom::{ConnectionId, ConnectionRecord};

/// What [`Tx::claim`] knows addresses of members by.
const ADDRESS: &str = "member-email";

/// The workspace's members, by name.
pub async fn list(services: &Services, context: &RequestContext) -> Result<Page<Member>, Error> {
    let mut members = Vec::new();
    for row in services.index.members(context.workspace) {
        members.push(wire(services, context, row.id, row.revision, &row.record).await?);
    }
    Ok(Page::whole(members))
}

/// Adds a member.
pub async fn add(
    services: &Services,
    context: &RequestContext,
    request: MemberAdd,
) -> Result<Member, Error> {
    let zone = match (&request.zone, context.me()) {
        (Some(zone), _) => input::zone("zone", zone)?,
        (None, Some(me)) => me.zone.clone(),
        (None, None) => "UTC".to_owned(),
    };
    let mut roles = request.roles.clone();
    roles.sort();
    roles.dedup();
    if roles.is_empty() {
        roles.push(Role::Interviewer);
    }
    let record = MemberRecord {
        name: input::name("name", &request.name)?,
        email: input::address("email", &request.email)?,
        zoom_email: address_or_none("zoom_email", request.zoom_email.as_deref())?,
        zone,
        roles,
        hiring_jobs: jobs(services, context, &request.hiring_jobs)?,
        unix_uid: None,
        shared: true,
        created_at: services.clock.now(),
    };
    let id = MemberId::new();
    let space = context.space();
    services
        .store
        .transact(|tx| {
            let (record, space) = (&record, &space);
            async move {
                claim_address(&tx, space, &record.email, id).await?;
                tx.insert(space, &id.to_string(), record).await?;
                feeds::company::wanted(&tx, space, services.clock.now()).await?;
                context.audit(
                    &tx,
                    services.clock.now(),
                    id,
                    &["name", "email", "roles", "zone"],
                    &roles_value(&record.roles),
                )?;
                Ok::<_, Error>(())
            }
        })
        .await?;
    one(services, context, id).await
}

/// Changes a member.
pub async fn edit(
    services: &Services,
    context: &RequestContext,
    request: MemberEdit,
) -> Result<Member, Error> {
    let id = services
        .index
        .find_member(context.workspace, &request.member)?;
    context.own_or_admin(id, "change a member")?;
    let for_admins =
        request.roles.is_some() || request.hiring_jobs.is_some() || request.email.is_some();
    if for_admins && !context.is_admin() {
        return Err(Error::denied(
            "not permitted: only an admin changes roles, jobs and addresses",
        ));
    }
    let hiring_jobs = request
        .hiring_jobs
        .as_ref()
        .map(|texts| jobs(services, context, texts))
        .transpose()?;
    let space = context.space();
    let key = id.to_string();
    services
        .store
        .transact(|tx| {
            let (request, hiring_jobs, space, key) = (&request, &hiring_jobs, &space, &key);
            async move {
                let mut record =
                    current::<MemberRecord>(&tx, space, key, request.expected_revision, "member")
                        .await?;
                let mut fields = Vec::new();
                if let Some(name) = &request.name {
                    record.name = input::name("name", name)?;
                    fields.push("name");
                }
                if let Some(email) = &request.email {
                    let email = input::address("email", email)?;
                    tx.release(space, ADDRESS, &input::folded(&record.email))?;
                    claim_address(&tx, space, &email, id).await?;
                    record.email = email;
                    feeds::company::wanted(&tx, space, services.clock.now()).await?;
                    fields.push("email");
                }
                if let Some(address) = &request.zoom_email {
                    record.zoom_email = address_or_none("zoom_email", Some(address))?;
                    fields.push("zoom_email");
                }
                if let Some(zone) = &request.zone {
                    let zone = input::zone("zone", zone)?;
                    if zone != record.zone {
                        feeds::clock_changed(&tx, space, id, services.clock.now()).await?;
                    }
                    record.zone = zone;
                    fields.push("zone");
                }
                if let Some(shared) = request.shared {
                    record.shared = shared;
                    fields.push("shared");
                }
                if let Some(jobs) = hiring_jobs {
                    record.hiring_jobs.clone_from(jobs);
                    fields.push("hiring_jobs");
                }
                if let Some(roles) = &request.roles {
                    let was_admin = record.roles.contains(&Role::Admin);
                    record.roles.clone_from(roles);
                    record.roles.sort();
                    record.roles.dedup();
                    fields.push("roles");
                    if was_admin && !record.roles.contains(&Role::Admin) {
                        another_admin(services, context, &tx, id).await?;
                    }
                }
                tx.put(space, key, &record)?;
                context.audit(
                    &tx,
                    services.clock.now(),
                    id,
                    &fields,
                    &roles_value(&record.roles),
                )?;
                Ok::<_, Error>(())
            }
        })
        .await?;
    one(services, context, id).await
}

/// Removes a member who is disconnected and has nothing to come.
pub async fn remove(
    services: &Services,
    context: &RequestContext,
    request: Reference,
) -> Result<Member, Error> {
    let id = services
        .index
        .find_member(context.workspace, &request.reference)?;
    let shown = one(services, context, id).await?;
    let space = context.space();
    let key = id.to_string();
    services
        .store
        .transact(|tx| {
            let (request, space, key) = (&request, &space, &key);
            async move {
                let record =
                    current::<MemberRecord>(&tx, space, key, request.expected_revision, "member")
                        .await?;
                let who = ConnectionId::of_member(context.workspace, id);
                if !services.zoom.grants().may_leave(&tx, who).await? {
                    return Err(
                        Error::conflict("Their Zoom is connected or being connected").hint(
                            "disconnect it first: `greenroom zoom disconnect --member EMAIL`",
                        ),
                    );
                }
                for provider in AccountProvider::ALL {
                    if !services
                        .accounts
                        .grants(provider)
                        .may_leave(&tx, who)
                        .await?
                    {
                        let (name, word) = (provider.name(), provider.word());
                        let why = format!("Their {name} is connected or being connected");
                        return Err(Error::conflict(why).hint(format!(
                            "disconnect it first: `greenroom {word} disconnect --member EMAIL`"
                        )));
                    }
                }
                if services
                    .index
                    .upcoming_of_member(context.workspace, id, services.clock.now())
                    > 0
                {
                    return Err(Error::conflict("They have upcoming interviews")
                        .hint("cancel those first: `greenroom interview list`"));
                }
                if record.roles.contains(&Role::Admin) {
                    another_admin(services, context, &tx, id).await?;
                }
                if request.dry_run {
                    return Ok(());
                }
                if let Some(uid) = record.unix_uid {
                    unlink_in(&tx, context.workspace, id, services.user(uid)).await?;
                }
                tx.release(space, ADDRESS, &input::folded(&record.email))?;
                services.zoom.grants().leave(&tx, who).await?;
                for provider in AccountProvider::ALL {
                    services.accounts.grants(provider).leave(&tx, who).await?;
                }
                if tx.get::<ViewsRecord>(space, key).await?.is_some() {
                    tx.delete::<ViewsRecord>(space, key)?;
                }
                availability::forget(services, &tx, context.workspace, id).await?;
                feeds::forget(&tx, space, id, services.clock.now()).await?;
                tx.delete::<MemberRecord>(space, key)?;
                let whose = interviews::OutreachesOf::Member(id);
                interviews::wake_all(&tx, space, whose, services.clock.now())?;
                context.audit(&tx, services.clock.now(), id, &["removed"], &[])?;
                Ok::<_, Error>(())
            }
        })
        .await?;
    Ok(shown)
}

/// Gives an address to a member, or says that another one has it.
pub(super) async fn claim_address(
    tx: &Tx,
    space: &str,
    email: &str,
    id: MemberId,
) -> Result<(), Error> {
    match tx
        .claim(space, ADDRESS, &input::folded(email), &id.to_string())
        .await?
    {
        Ok(()) => Ok(()),
        Err(_) => Err(Error::conflict("Another member has this email address").field("email")),
    }
}

/// Refuses where nobody else is an admin, expecting that the other one stays it.
async fn another_admin(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    leaving: MemberId,
) -> Result<(), Error> {
    let space = context.space();
    for row in services.index.members(context.workspace) {
        if row.id == leaving || !row.record.roles.contains(&Role::Admin) {
            continue;
        }
        let record = tx.get::<MemberRecord>(&space, &row.id.to_string()).await?;
        if record.is_some_and(|it| it.roles.contains(&Role::Admin)) {
            return Ok(());
        }
    }
    Err(
        Error::conflict("A workspace needs an admin, and this is the last one")
            .field("roles")
            .hint("make somebody else an admin first"),
    )
}

fn jobs(
    services: &Services,
    context: &RequestContext,
    texts: &[String],
) -> Result<Vec<JobId>, Error> {
    let find = |text: &String| services.index.find_job(context.workspace, text);
    texts
        .iter()
        .map(|text| find(text).map_err(|error| Error::from(error).field("hiring_jobs")))
        .collect()
}

fn address_or_none(field: &str, text: Option<&str>) -> Result<Option<String>, Error> {
    text.filter(|text| !text.trim().is_empty())
        .map(|text| input::address(field, text))
        .transpose()
}

fn roles_value(roles: &[Role]) -> [(&'static str, String); 1] {
    let names: Vec<_> = roles
        .iter()
        .map(|role| format!("{role:?}").to_lowercase())
        .collect();
    [("roles", names.join(" "))]
}

pub(super) async fn one(
    services: &Services,
    context: &RequestContext,
    id: MemberId,
) -> Result<Member, Error> {
    let row = services
        .index
        .member(context.workspace, id)
        .ok_or_else(|| Error::not_found("the member is gone"))?;
    wire(services, context, id, row.revision, &row.record).await
}

/// A record as the contract shows it.
pub(super) async fn wire(
    services: &Services,
    context: &RequestContext,
    id: MemberId,
    revision: u64,
    record: &MemberRecord,
) -> Result<Member, Error> {
    let connection = services
        .store
        .get::<ConnectionRecord>(&context.space(), &id.to_string())
        .await?;
    let bounced = BounceRecord::told(&services.store, &context.space(), &record.email).await?;
    let connection = connection.map(|stored| stored.record).unwrap_or_default();
    let standing = connection.standing(services.clock.now());
    let zoom = (standing.state == ConnectionState::ReconnectRequired).then(|| {
        let reason = standing.reason.unwrap_or_default();
        format!("their Zoom must be reconnected: {reason}")
    });
    Ok(Member {
        warnings: bounced.into_iter().chain(zoom).collect(),
        id,
        name: record.name.clone(),
        email: record.email.clone(),
        zoom_email: record.zoom_email.clone(),
        zone: record.zone.clone(),
        roles: record.roles.clone(),
        hiring_jobs: record.hiring_jobs.clone(),
        unix_uid: linked_here(services, context.workspace, id, record),
        zoom: standing.state,
        shared: record.shared,
        hours_assumed: !services.index.knows_hours(context.workspace, id),
        you: context.me().is_some_and(|me| me.brief.id == id),
        revision,
    })
}
