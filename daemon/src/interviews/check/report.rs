//! RequestContext for a check, and what is known of differences, of unused meetings, and of what
//! could not be looked at.

use std::collections::{BTreeMap, BTreeSet};

use greenroom_protocol::Error;
use greenroom_protocol::drift::{CheckQuery, DriftReport, HostCheck, Unchecked};
use greenroom_protocol::id::{InterviewId, MemberId, WorkspaceId};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::MemberBrief;

use super::record::{HostCheckRecord, Obstacle, Skipped};
use super::{CHECK_WORK, OLD, orphans};
use crate::access::RequestContext;
use crate::interviews::plan;
use crate::interviews::view::{self, member};
use crate::records::interview::{InterviewRecord, ZoomMeeting};
use crate::records::pipeline::CandidateRecord;
use crate::services::Services;
use crate::store::StoreError;
use crate::work::WorkRecord;
use crate::zoom::{ConnectionId, Link, Unavailable, WORDS};

/// Asks for a check of one host, or of every one.
pub async fn check(
    services: &Services,
    context: &RequestContext,
    query: CheckQuery,
) -> Result<DriftReport, Error> {
    let now = services.clock.now();
    let hosts = &match query.host.as_deref() {
        Some(text) => BTreeSet::from([plan::member(services, context, text, "host")?]),
        None => every(services, context.workspace, now).await?,
    };
    let space = &context.space();
    let asked = services.store.transact(|tx| async move {
        for host in hosts {
            let host = host.to_string();
            // Somebody wants to know how things are now: what an interrupted check saw hours ago is
            // looked at again.
            if let Some(mut check) = tx.get::<HostCheckRecord>(space, &host).await? {
                check.began_at = None;
                tx.put(space, &host, &check)?;
            }
            WorkRecord::ask(&tx, space, CHECK_WORK, &host, now)?;
        }
        Ok::<_, Error>(())
    });
    asked.await?;
    report(services, context.workspace, hosts).await
}

/// What is known to differ.
pub async fn list(services: &Services, context: &RequestContext) -> Result<DriftReport, Error> {
    known(services, context.workspace).await
}

/// The same for the daemon's own examination.
pub async fn known(services: &Services, workspace: WorkspaceId) -> Result<DriftReport, Error> {
    let hosts = every(services, workspace, services.clock.now()).await?;
    report(services, workspace, &hosts).await
}

/// The hosts of interviews to come, and whose Zoom is connected: theirs may hold strays though
/// nothing is booked there.
async fn every(
    services: &Services,
    workspace: WorkspaceId,
    now: Instant,
) -> Result<BTreeSet<MemberId>, StoreError> {
    let mut hosts = services.index.hosts_to_come(workspace, now);
    for (owner, (connection, _)) in services.zoom.grants().statuses(workspace).await? {
        if let Link::Connected { .. } | Link::Retrying { .. } = connection.link {
            hosts.extend(owner.member());
        }
    }
    Ok(hosts)
}

async fn report(
    services: &Services,
    workspace: WorkspaceId,
    hosts: &BTreeSet<MemberId>,
) -> Result<DriftReport, Error> {
    let (space, now) = (workspace.to_string(), services.clock.now());
    let (mut checks, mut unchecked) = (Vec::new(), Vec::new());
    for host in hosts {
        let id = host.to_string();
        // The work first: a check that is not running any more has written what it found.
        let work = WorkRecord::id(CHECK_WORK, &id);
        let work = services.store.get::<WorkRecord>(&space, &work).await?;
        let stored = services.store.get::<HostCheckRecord>(&space, &id).await?;
        let who = ConnectionId::of_member(workspace, *host);
        let (connection, _) = services.zoom.grants().status(who).await?;
        let found = Found {
            check: stored.map(|stored| stored.record).unwrap_or_default(),
            running: work.is_some_and(|work| !work.record.timer),
            unusable: unusable(&connection.link),
            coming: services.index.coming_on_host(workspace, *host, now),
        };
        let host = member(services, workspace, *host);
        let unknown = unchecked_of(services, workspace, &host, found.unknown(now), now).await?;
        checks.push(HostCheck {
            host,
            running: found.running,
            reason: found.reason(now, unknown.len()),
            checked_at: found.check.checked_at,
            meetings: found.check.meetings,
            strays_looked_for: found.check.strays_looked_for,
        });
        unchecked.extend(unknown);
    }
    unchecked.sort_by_key(|it| (it.start, it.interview));
    // The index follows the store: after this it has what the checks that are done have written.
    services.store.settled().await?;
    let drifted = services.index.drifted(workspace);
    let interviews = view::many(services, workspace, &drifted).await?;
    let strays = orphans::all(services, &space).await?.into_iter();
    Ok(DriftReport {
        hosts: checks,
        interviews,
        orphans: strays
            .map(|(id, stray)| orphans::wire(services, workspace, id, stray))
            .collect(),
        unchecked,
    })
}

/// What is known of one host.
struct Found {
    check: HostCheckRecord,
    running: bool,
    /// Why nothing can be asked of this host's Zoom, whatever an earlier check found.
    unusable: Option<String>,
    /// The interviews it hosts that are still to come.
    coming: BTreeSet<InterviewId>,
}

/// Why the meeting of an interview is not known to be as booked.
enum Unknown {
    /// As the check noted it.
    Skipped(Skipped),
    /// The check did not come to it.
    NotReached(String),
    /// It was checked too long ago to count, unless it was made since.
    Old,
}

impl Found {
    /// The interviews of which nothing is known.
    fn unknown(&self, now: Instant) -> BTreeMap<InterviewId, Unknown> {
        let check = &self.check;
        let all = |why: &str| {
            let all = self.coming.iter();
            all.map(|id| (*id, Unknown::NotReached(why.to_owned())))
                .collect()
        };
        if let Some(why) = &self.unusable {
            return all(why);
        }
        if let Some(why) = &check.reason {
            let ahead = |id: &InterviewId| check.up_to.is_none_or(|up_to| *id > up_to);
            let ahead = self.coming.iter().filter(|id| ahead(id));
            let ahead = ahead.map(|id| (*id, Unknown::NotReached(why.clone())));
            return self.skipped().chain(ahead).collect();
        }
        match check.checked_at {
            _ if self.running => BTreeMap::new(),
            None => all("not checked yet"),
            Some(at) if is_old(at, now) => {
                self.coming.iter().map(|id| (*id, Unknown::Old)).collect()
            }
            Some(_) => self.skipped().collect(),
        }
    }

    fn skipped(&self) -> impl Iterator<Item = (InterviewId, Unknown)> {
        let coming = |(id, _): &(&InterviewId, &Skipped)| self.coming.contains(id);
        let skipped = self.check.skipped.iter().filter(coming);
        skipped.map(|(id, skipped)| (*id, Unknown::Skipped(skipped.clone())))
    }

    /// Why not everything was looked at.
    fn reason(&self, now: Instant, unknown: usize) -> Option<String> {
        let (check, all) = (&self.check, self.coming.len());
        let unusable = self.unusable.clone().filter(|_| all > 0);
        let strays = check.strays_reason.as_ref();
        let strays = || strays.map(|why| format!("unused meetings were not looked for: {why}"));
        unusable
            .or_else(|| check.reason.clone())
            .or_else(|| match check.checked_at {
                _ if self.running => None,
                None => None,
                Some(at) if unknown > 0 && is_old(at, now) => Some(OLD_WORDS.to_owned()),
                Some(_) if unknown > 0 => {
                    Some(format!("{unknown} of {all} meetings could not be checked"))
                }
                Some(_) => strays(),
            })
    }
}

const OLD_WORDS: &str = "the last check was more than a day ago";

fn is_old(at: Instant, now: Instant) -> bool {
    now.since(at).as_secs() > OLD
}

/// Why nothing can be asked of a host's Zoom until a person does something about it.
fn unusable(link: &Link) -> Option<String> {
    match link {
        Link::Connected { .. } | Link::Retrying { .. } => None,
        Link::Disconnected { .. } => Some(Unavailable::NotConnected.text(&WORDS)),
        Link::ReconnectRequired { reason, .. } => {
            Some(Unavailable::ReconnectRequired(*reason).text(&WORDS))
        }
    }
}

/// The same as the contract shows it.
async fn unchecked_of(
    services: &Services,
    workspace: WorkspaceId,
    host: &MemberBrief,
    unknown: BTreeMap<InterviewId, Unknown>,
    now: Instant,
) -> Result<Vec<Unchecked>, Error> {
    let space = workspace.to_string();
    let mut found = Vec::with_capacity(unknown.len());
    for (id, why) in unknown {
        let stored = services
            .store
            .get::<InterviewRecord>(&space, &id.to_string())
            .await?;
        let Some(interview) = stored.map(|stored| stored.record) else {
            continue;
        };
        let ready = matches!(interview.meeting.zoom, ZoomMeeting::Ready { .. });
        let reason = match why {
            // It has been made and read back since.
            Unknown::Skipped(skipped) if skipped.kind == Obstacle::NotReady && ready => continue,
            Unknown::Old if !is_old(interview.created_at, now) => continue,
            Unknown::Skipped(skipped) => skipped.reason,
            Unknown::NotReached(why) => why,
            Unknown::Old => OLD_WORDS.to_owned(),
        };
        let candidate = services
            .store
            .get::<CandidateRecord>(&space, &interview.candidate.to_string())
            .await?;
        found.push(Unchecked {
            interview: id,
            candidate: candidate.map(|it| it.record.name).unwrap_or_default(),
            start: interview.start,
            zone: interview.zone,
            host: host.clone(),
            reason,
        });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 60 * 60;

    fn now() -> Instant {
        Instant::from_second(1_800_014_400)
    }

    fn found(change: impl FnOnce(&mut Found)) -> Found {
        let mut found = Found {
            check: HostCheckRecord {
                checked_at: Some(now().plus_seconds(-10 * HOUR)),
                meetings: 2,
                strays_looked_for: true,
                ..HostCheckRecord::default()
            },
            running: false,
            unusable: None,
            coming: BTreeSet::from([InterviewId::new(), InterviewId::new()]),
        };
        change(&mut found);
        found
    }

    fn refused() -> Skipped {
        Skipped {
            kind: Obstacle::Refused,
            reason: "Zoom refused".into(),
        }
    }

    /// Case Z4: what a check does not know is never an all-clear.
    #[test]
    fn only_a_recent_and_whole_check_of_a_connected_host_leaves_nothing_open() {
        let one = |found: &Found| *found.coming.first().unwrap();
        let table: Vec<(&str, Found, usize, bool)> = vec![
            ("whole", found(|_| ()), 0, false),
            ("never", found(|it| it.check.checked_at = None), 2, false),
            (
                "old",
                found(|it| it.check.checked_at = Some(now().plus_seconds(-31 * HOUR))),
                2,
                true,
            ),
            (
                "must be reconnected",
                found(|it| it.unusable = Some("reconnect".into())),
                2,
                true,
            ),
            (
                "one passed over",
                found(|it| {
                    let id = one(it);
                    it.check.skipped.insert(id, refused());
                }),
                1,
                true,
            ),
            (
                "one passed over that is no longer to come",
                found(|it| {
                    it.check.skipped.insert(InterviewId::new(), refused());
                }),
                0,
                false,
            ),
            (
                "stopped after the first",
                found(|it| {
                    it.check.up_to = Some(one(it));
                    it.check.reason = Some("Zoom refused".into());
                }),
                1,
                true,
            ),
            (
                "unused meetings refused",
                found(|it| it.check.strays_reason = Some("Zoom refused".into())),
                0,
                true,
            ),
            ("running", found(|it| it.running = true), 0, false),
        ];
        for (name, found, unknown, reason) in table {
            assert_eq!(found.unknown(now()).len(), unknown, "{name}");
            assert_eq!(found.reason(now(), unknown).is_some(), reason, "{name}");
        }
    }
}
