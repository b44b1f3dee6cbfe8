//! A connection as the contract shows it.

use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::{AccountPlan, MemberBrief};
use greenroom_protocol::zoom::{
    AdminReply, AppApproval, CallsToday, Connection, Standing, ZoomUser,
};

use super::plan;
use super::terms::{SCOPES, TERMS, WORDS};
use crate::grants::{ConnectionRecord, Grant, Link};
use crate::store::Revision;

/// What a connection is shown with that other rooms know.
pub struct Beside {
    /// Whose it is.
    pub member: MemberBrief,
    /// Whether colleagues may schedule on it.
    pub shared: bool,
    /// Interviews to come whose meeting is on it.
    pub booked: u32,
    /// What the workspace's plan allows its Zoom user.
    pub account: AccountPlan,
    /// What its Zoom user took today.
    pub calls_today: Option<CallsToday>,
    /// What the Zoom admin replied, while the approval is waited for.
    pub admin_reply: Option<AdminReply>,
}

impl ConnectionRecord {
    /// How it stands at `now`, for what depends on it.
    #[must_use]
    pub fn standing(&self, now: Instant) -> Standing {
        let reason = self.reason(&TERMS);
        Standing {
            state: self.state(now),
            reason: reason.map(|reason| reason.text(&WORDS)),
            reason_code: reason.map(|reason| reason.code(&WORDS).to_owned()),
            hint: self.hint(&TERMS),
        }
    }

    /// As others see it at `now`.
    #[must_use]
    pub fn view(&self, beside: Beside, revision: Revision, now: Instant) -> Connection {
        let grant = self.grant();
        let Standing {
            state,
            reason,
            reason_code,
            hint,
        } = self.standing(now);
        let live = grant.filter(|_| !matches!(self.link, Link::ReconnectRequired { .. }));
        let missing = |grant: &Grant| {
            let missing = grant.missing(&TERMS);
            missing.map(|scope| scope.name.to_owned()).collect()
        };
        Connection {
            member: beside.member,
            state,
            reason,
            hint,
            reason_code,
            approval: self.approval.as_ref().map(|approval| AppApproval {
                requested_at: approval.asked_at,
                approved_at: approval.given_at,
            }),
            admin_reply: beside.admin_reply,
            zoom_user: grant.map(|grant| ZoomUser {
                name: grant.user.name.clone(),
                email: grant.user.email.clone(),
                plan: plan::of(&grant.user),
            }),
            scopes: grant.map(|grant| grant.scopes.clone()).unwrap_or_default(),
            missing_scopes: grant.map(missing).unwrap_or_default(),
            expires_at: live.map(|grant| grant.expires_at),
            last_refresh: grant.map(|grant| grant.last_refresh),
            since: (revision.0 > 0).then(|| self.since(now)),
            client_id: grant.map(|grant| grant.client_id.clone()),
            shared: beside.shared,
            booked: beside.booked,
            meetings_at_once: grant
                .map(|grant| plan::concurrent_meetings(plan::of(&grant.user), beside.account)),
            calls_today: beside.calls_today,
            attempt: self.attempt.as_ref().map(|attempt| attempt.id),
            revision: revision.0,
        }
    }
}

impl Grant {
    /// Whether Zoom granted a permission.
    #[must_use]
    pub fn allows(&self, scope: &str) -> bool {
        SCOPES.grants(&self.scopes, scope)
    }
}
