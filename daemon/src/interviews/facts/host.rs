//! What a host's connection says of an interview's time. It is read from the records always: the
//! index keeps none of it.

use greenroom_protocol::id::MemberId;
use greenroom_protocol::schedule::{Finding, FindingClass, FindingCode, FindingWho, LaneKind};
use greenroom_protocol::time::Instant;
use greenroom_protocol::zoom::{CallsToday, ZoomPlan};
use greenroom_protocol::{Error, ErrorKind};

use super::Known;
use crate::records::interview::InterviewRecord;
use crate::records::workspace::{MemberRecord, WorkspaceRecord};
use crate::schedule::predicate::HostRules;
use crate::store::{GLOBAL, Tx};
use crate::zoom::{ConnectionRecord, HostCalls, HostNotes, Link, NoNotes, plan};

pub(super) fn host_is_gone() -> Error {
    Error::not_found("The host was removed").field("zoom_user")
}

/// What a host's connection says.
pub(in crate::interviews) struct HostFacts {
    pub(super) member: MemberId,
    /// Zoom's id of the host, whose calendar the interview stands in.
    pub zoom_id: String,
    pub(super) name: String,
    /// Minutes after which Zoom ends the meeting; `None`: it does not, or the plan is not known.
    pub(super) longest_minutes: Option<u32>,
    pub(super) capacity: usize,
    pub(super) calls_today: CallsToday,
    /// Why Zoom would write no summary, where one is wanted.
    pub(super) no_notes: Option<NoNotes>,
}

/// Whether the host's Zoom can be had.
pub(in crate::interviews) enum Reach {
    /// No Zoom hosts the interview.
    NoHost,
    /// It can.
    Connected(Box<HostFacts>),
    /// It is not connected.
    NotConnected {
        host: MemberId,
        name: String,
        why: String,
    },
}

impl Reach {
    /// What the host's connection says, or that there is none, as advice.
    pub(in crate::interviews) fn advice(self) -> (Option<Box<HostFacts>>, Option<Finding>) {
        match self {
            Self::NoHost => (None, None),
            Self::Connected(host) => (Some(host), None),
            Self::NotConnected { host, name, why } => {
                let finding = Finding {
                    who: Some(FindingWho {
                        kind: LaneKind::Host,
                        id: host.to_string(),
                        name: Some(name),
                    }),
                    class: Some(FindingClass::Plan),
                    ..Finding::new(FindingCode::Connection, why)
                };
                (None, Some(finding))
            }
        }
    }
}

impl HostFacts {
    /// What the host's connection allows; refused where Zoom is not connected and a meeting is
    /// still to be made. One that was made keeps its link, and its host's time, without a
    /// connection.
    pub(in crate::interviews) async fn gather(
        tx: &Tx,
        space: &str,
        interview: &InterviewRecord,
        now: Instant,
    ) -> Result<Option<Self>, Error> {
        match Self::reach(tx, space, interview, now).await? {
            Reach::NoHost => Ok(None),
            Reach::Connected(host) => Ok(Some(*host)),
            Reach::NotConnected { why, .. } => {
                let why = format!("{why}; nothing was booked");
                Err(Error::new(ErrorKind::Zoom, why).field("zoom_user").hint(
                    "connect with `greenroom zoom connect`, or give the link yourself with --url",
                ))
            }
        }
    }

    /// The same, where nothing is to be booked.
    pub(in crate::interviews) async fn reach(
        tx: &Tx,
        space: &str,
        interview: &InterviewRecord,
        now: Instant,
    ) -> Result<Reach, Error> {
        let Some(host) = interview.host else {
            return Ok(Reach::NoHost);
        };
        let member = tx.get::<MemberRecord>(space, &host.to_string()).await?;
        let name = member.ok_or_else(host_is_gone)?.name;
        let connection = tx
            .get::<ConnectionRecord>(space, &host.to_string())
            .await?
            .unwrap_or_default();
        let is_made = interview.meeting.zoom.meeting().is_some();
        let stays = interview.host_zoom_id.clone().filter(|_| is_made);
        let is_usable = matches!(
            connection.link,
            Link::Connected { .. } | Link::Retrying { .. }
        );
        let grant = connection.grant();
        let zoom_id = match (grant, stays) {
            (Some(grant), _) if is_usable => Some(grant.user.id.clone()),
            (_, stays) => stays,
        };
        let Some(zoom_id) = zoom_id else {
            let why = not_connected(&name, &connection.link);
            return Ok(Reach::NotConnected { host, name, why });
        };
        let workspace = tx.get::<WorkspaceRecord>(GLOBAL, space).await?;
        let account = workspace.map(|it| it.plan).unwrap_or_default();
        let plan = grant.map(|grant| plan::of(&grant.user));
        let capacity = plan::concurrent_meetings(plan.unwrap_or(ZoomPlan::Basic), account);
        let calls_today = HostCalls::today(tx, space, &zoom_id, now).await?;
        let no_notes = match grant.filter(|_| interview.zoom_notes) {
            Some(grant) => HostNotes::why_none(tx, space, &grant.user).await?,
            None => None,
        };
        Ok(Reach::Connected(Box::new(Self {
            member: host,
            zoom_id,
            name,
            longest_minutes: plan.and_then(|it| plan::longest_minutes(it, interview.start)),
            capacity: capacity as usize,
            calls_today,
            no_notes,
        })))
    }

    pub(super) fn known(&self) -> Known {
        Known {
            name: self.name.clone(),
            zone: None,
        }
    }

    pub(super) fn rules(&self) -> HostRules {
        HostRules {
            host: FindingWho {
                kind: LaneKind::Host,
                id: self.member.to_string(),
                name: Some(self.name.clone()),
            },
            ends_after: self.longest_minutes,
            calls_today: self.calls_today,
            no_notes: self.no_notes.map(|why| why.text(&self.name)),
        }
    }
}

fn not_connected(name: &str, link: &Link) -> String {
    let what = match link {
        Link::ReconnectRequired { .. } => "must be reconnected",
        _ => "is not connected",
    };
    format!("{name}'s Zoom {what}")
}
