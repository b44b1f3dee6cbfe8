//! Asking for a check, and what is known of drifts and strays.

use std::collections::BTreeSet;

use greenroom_protocol::Error;
use greenroom_protocol::drift::{CheckQuery, DriftReport, HostCheck};
use greenroom_protocol::id::MemberId;
use greenroom_protocol::time::Instant;

use super::record::HostCheckRecord;
use super::{CHECK_WORK, orphans};
use crate::access::Asking;
use crate::interviews::plan;
use crate::interviews::view::{self, member};
use crate::rooms::Rooms;
use crate::store::StoreError;
use crate::work::WorkRecord;
use crate::zoom::Link;

/// Asks for a check of one host, or of every one.
pub async fn check(
    rooms: &Rooms,
    asking: &Asking,
    query: CheckQuery,
) -> Result<DriftReport, Error> {
    let now = rooms.clock.now();
    let hosts = &match query.host.as_deref() {
        Some(text) => BTreeSet::from([plan::member(rooms, asking, text, "host")?]),
        None => every(rooms, asking, now).await?,
    };
    let space = &asking.space();
    let asked = rooms.store.transact(|tx| async move {
        for host in hosts {
            WorkRecord::ask(&tx, space, CHECK_WORK, &host.to_string(), now)?;
        }
        Ok::<_, Error>(())
    });
    asked.await?;
    report(rooms, asking, hosts).await
}

/// What is known to differ.
pub async fn list(rooms: &Rooms, asking: &Asking) -> Result<DriftReport, Error> {
    let now = rooms.clock.now();
    let hosts = every(rooms, asking, now).await?;
    report(rooms, asking, &hosts).await
}

/// The hosts of interviews to come, and whose Zoom is connected: theirs may hold strays though nothing is booked there.
async fn every(
    rooms: &Rooms,
    asking: &Asking,
    now: Instant,
) -> Result<BTreeSet<MemberId>, StoreError> {
    let mut hosts = rooms.index.hosts_to_come(asking.workspace, now);
    for (member, (connection, _)) in rooms.zoom.statuses(asking.workspace).await? {
        if let Link::Connected { .. } | Link::Retrying { .. } = connection.link {
            hosts.insert(member);
        }
    }
    Ok(hosts)
}

async fn report(
    rooms: &Rooms,
    asking: &Asking,
    hosts: &BTreeSet<MemberId>,
) -> Result<DriftReport, Error> {
    let (space, workspace) = (asking.space(), asking.workspace);
    let mut checks = Vec::new();
    for host in hosts {
        let id = host.to_string();
        // The work first: a check that is not running any more has written what it found.
        let work = WorkRecord::id(CHECK_WORK, &id);
        let work = rooms.store.get::<WorkRecord>(&space, &work).await?;
        let stored = rooms.store.get::<HostCheckRecord>(&space, &id).await?;
        let check = stored.map(|stored| stored.record).unwrap_or_default();
        checks.push(HostCheck {
            host: member(rooms, workspace, *host),
            running: work.is_some_and(|work| !work.record.timer),
            checked_at: check.checked_at,
            meetings: check.meetings,
            strays_looked_for: check.strays_looked_for,
            reason: check.reason,
        });
    }
    // The index follows the store: after this it has what the checks that are done have written.
    rooms.store.settled().await?;
    let drifted = rooms.index.drifted(workspace);
    let interviews = view::many(rooms, workspace, &drifted).await?;
    let strays = orphans::all(rooms, &space).await?.into_iter();
    Ok(DriftReport {
        hosts: checks,
        interviews,
        orphans: strays
            .map(|(id, stray)| orphans::wire(rooms, workspace, id, stray))
            .collect(),
    })
}
