//! Candidates: shown, added and changed.

use greenroom_protocol::Error;
use greenroom_protocol::id::CandidateId;
use greenroom_protocol::pipeline::{Candidate, CandidateAdd, CandidateEdit};
use greenroom_protocol::workspace::Reference;

use super::{apply, notes};
use crate::access::RequestContext;
use crate::current::current;
use crate::mail::bounce::BounceRecord;
use crate::mail::inbound::keep;
use crate::outbox::record::Recipient;
use crate::records::pipeline::CandidateRecord;
use crate::services::Services;
use crate::store::{StoreError, Tx};
use crate::{input, interviews};

/// What [`Tx::claim`] knows addresses of candidates by.
const ADDRESS: &str = "candidate-email";

/// One candidate with applications and interviews.
pub async fn get(
    services: &Services,
    context: &RequestContext,
    reference: Reference,
) -> Result<Candidate, Error> {
    let entry = services
        .index
        .candidate_named(context, &reference.reference)?;
    one(services, context, entry.id).await
}

async fn one(
    services: &Services,
    context: &RequestContext,
    id: CandidateId,
) -> Result<Candidate, Error> {
    let stored = services
        .store
        .get::<CandidateRecord>(&context.space(), &id.to_string())
        .await?;
    let stored = stored.ok_or_else(|| Error::not_found("the candidate is gone"))?;
    let entry = services.index.candidate(context.workspace, id);
    let entry = entry.map(|entry| {
        services
            .index
            .applications_for(context, Some(id))
            .narrow(entry)
    });
    let notes = match &entry {
        Some(entry) => notes::shown(services, context, entry).await?,
        None => Vec::new(),
    };
    let mut applications = Vec::new();
    for it in entry.iter().flat_map(|entry| &entry.applications) {
        applications.extend(apply::one(services, context, it.id).await?);
    }
    let record = stored.record;
    let bounced = BounceRecord::told(&services.store, &context.space(), &record.email).await?;
    Ok(Candidate {
        warnings: bounced.into_iter().collect(),
        id,
        name: record.name,
        email: record.email,
        phone: record.phone,
        zone: record.zone,
        source: record.source,
        added_at: record.added_at,
        applications,
        interviews: interviews::of_candidate(services, context, id).await?,
        notes,
        revision: stored.revision.0,
    })
}

/// Adds a candidate, with an application if a job is named.
pub async fn add(
    services: &Services,
    context: &RequestContext,
    request: CandidateAdd,
) -> Result<Candidate, Error> {
    let record = checked(services, &request)?;
    let notes = notes::checked(context, &request.notes, services.clock.now())?;
    let entry = apply::entry_of(services, context, &request)?;
    if entry.is_none() && !context.is_staff() {
        return Err(
            Error::denied("not permitted: name one of your jobs for the candidate").field("job"),
        );
    }
    let id = CandidateId::new();
    services
        .store
        .transact(|tx| {
            let (record, entry, notes) = (&record, &entry, &notes);
            async move {
                insert(services, context, &tx, id, record).await?;
                notes::add(&tx, &context.space(), id, notes).await?;
                if let Some(entry) = entry {
                    apply::insert(services, context, &tx, id, entry).await?;
                }
                Ok::<_, Error>(())
            }
        })
        .await?;
    one(services, context, id).await
}

/// A new candidate's record, every field checked.
pub(super) fn checked(
    services: &Services,
    request: &CandidateAdd,
) -> Result<CandidateRecord, Error> {
    let zone = request
        .zone
        .as_deref()
        .filter(|zone| !zone.trim().is_empty());
    Ok(CandidateRecord {
        name: input::name("name", &request.name)?,
        email: input::address("email", &request.email)?,
        phone: input::optional_line("phone", request.phone.as_deref())?,
        zone: zone.map(|zone| input::zone("zone", zone)).transpose()?,
        source: input::optional_line("source", request.source.as_deref())?,
        added_at: services.clock.now(),
        email_since: None,
    })
}

/// Writes a new candidate, unless somebody has the address.
pub(super) async fn insert(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    id: CandidateId,
    record: &CandidateRecord,
) -> Result<(), Error> {
    let space = context.space();
    if holder(tx, &space, &record.email).await?.is_some() {
        return Err(Error::conflict("Another candidate has this email address")
            .field("email")
            .hint("look them up by the address, and let them apply for another job"));
    }
    claim(tx, &space, &record.email, id).await?;
    tx.insert(&space, &id.to_string(), record).await?;
    context.audit(
        tx,
        services.clock.now(),
        id,
        &["name", "email", "phone", "zone", "source"],
        &[],
    )?;
    Ok(())
}

/// Who has an address.
pub(super) async fn holder(
    tx: &Tx,
    space: &str,
    email: &str,
) -> Result<Option<CandidateId>, Error> {
    let holder = tx.holder(space, ADDRESS, &input::folded(email)).await?;
    Ok(holder.and_then(|id| id.parse().ok()))
}

/// Whose address it is: a candidate's own, or one that a person said is theirs too.
pub async fn of_address(
    tx: &Tx,
    space: &str,
    address: &str,
) -> Result<Option<CandidateId>, StoreError> {
    let holder = tx.holder(space, ADDRESS, &input::folded(address)).await?;
    if let Some(id) = holder.and_then(|id| id.parse().ok()) {
        return Ok(Some(id));
    }
    match keep::remembered(tx, space, address).await? {
        Some(Recipient::Candidate(id)) => Ok(Some(id)),
        _ => Ok(None),
    }
}

/// Lets go of an address.
pub(super) fn release(tx: &Tx, space: &str, email: &str) -> Result<(), StoreError> {
    tx.release(space, ADDRESS, &input::folded(email))
}

async fn claim(tx: &Tx, space: &str, email: &str, id: CandidateId) -> Result<(), Error> {
    match tx
        .claim(space, ADDRESS, &input::folded(email), &id.to_string())
        .await?
    {
        Ok(()) => Ok(()),
        Err(_) => Err(Error::conflict("Another candidate has this email address").field("email")),
    }
}

/// Changes a candidate, or lets them apply for another job.
pub async fn edit(
    services: &Services,
    context: &RequestContext,
    request: CandidateEdit,
) -> Result<Candidate, Error> {
    let entry = services
        .index
        .candidate_named(context, &request.candidate)?;
    if !context.is_staff() {
        let mine = entry
            .applications
            .iter()
            .any(|it| context.hires_for(it.job).is_ok());
        if !mine {
            return Err(Error::denied(
                "not permitted: the candidate applied for none of your jobs",
            ));
        }
    }
    let apply_for = apply::entry(services, context, request.apply.as_deref(), None)?;
    let (id, space, key) = (entry.id, context.space(), entry.id.to_string());
    let applications: Vec<_> = entry.applications.iter().map(|it| it.id).collect();
    services
        .store
        .transact(|tx| {
            let (request, apply_for, space, key) = (&request, &apply_for, &space, &key);
            let applications = &applications;
            async move {
                let expected = request.expected_revision;
                let mut record: CandidateRecord =
                    current(&tx, space, key, expected, "candidate").await?;
                let mut fields = Vec::new();
                if let Some(name) = &request.name {
                    record.name = input::name("name", name)?;
                    fields.push("name");
                }
                if let Some(email) = &request.email {
                    let email = input::address("email", email)?;
                    release(&tx, space, &record.email)?;
                    claim(&tx, space, &email, id).await?;
                    if record.email != email {
                        record.email_since = Some(services.clock.now());
                        for application in applications {
                            interviews::look_again(&tx, space, *application, services.clock.now())
                                .await?;
                        }
                    }
                    record.email = email;
                    fields.push("email");
                }
                if let Some(phone) = &request.phone {
                    record.phone = input::optional_line("phone", Some(phone))?;
                    fields.push("phone");
                }
                if let Some(zone) = &request.zone {
                    let zone = Some(zone).filter(|zone| !zone.trim().is_empty());
                    record.zone = zone.map(|zone| input::zone("zone", zone)).transpose()?;
                    fields.push("zone");
                }
                if let Some(source) = &request.source {
                    record.source = input::optional_line("source", Some(source))?;
                    fields.push("source");
                }
                if !fields.is_empty() {
                    tx.put(space, key, &record)?;
                    context.audit(&tx, services.clock.now(), id, &fields, &[])?;
                }
                if let Some(entry) = apply_for {
                    apply::insert(services, context, &tx, id, entry).await?;
                }
                Ok::<_, Error>(())
            }
        })
        .await?;
    one(services, context, id).await
}
