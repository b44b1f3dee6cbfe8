//! The transitions: what each event makes of a connection. An event that does not apply makes
//! nothing of it.

use greenroom_protocol::id::AttemptId;
use greenroom_protocol::time::Instant;

use super::{Approval, ConnectionRecord, Grant, Link, Profile, RefreshAttempt, Waiting};
use crate::grants::reason::Reason;

/// What can happen to a connection.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "an event lives for one step")]
pub(crate) enum Event {
    /// A browser opens at the consent page.
    AttemptStarted(Waiting),
    /// It came to nothing.
    AttemptEnded { id: AttemptId, reason: Reason },
    /// An administrator was asked to approve the app.
    ApprovalAsked { client_id: String },
    /// Somebody else could connect with the app.
    ApprovalGiven { client_id: String },
    /// The app is no longer the one to connect with.
    ApprovalWithdrawn { client_id: String },
    /// A verified grant, with new keys.
    Granted(Grant),
    /// New keys for the user it has already, from a consent that was refused otherwise.
    Adopted {
        client_id: String,
        scopes: Vec<String>,
        expires_at: Instant,
    },
    /// A renewal is about to be asked for.
    RefreshBegan { generation: u64 },
    /// New keys from a renewal.
    Refreshed {
        generation: u64,
        scopes: Option<Vec<String>>,
        expires_at: Instant,
    },
    /// What the provider says of the user now; `contested`: an email that another connection has.
    UserRead {
        generation: u64,
        user: Profile,
        contested: Option<String>,
    },
    /// A renewal that failed for now. `lost`: it may have been carried out.
    RefreshFailed {
        generation: u64,
        reason: Reason,
        lost: bool,
        next: Instant,
    },
    /// The store was restored: the keys may have been renewed since.
    Restored { generation: u64 },
    /// The provider no longer takes the keys. `rotates`: a renewal whose answer was lost would
    /// explain it.
    Ended {
        generation: u64,
        reason: Reason,
        rotates: bool,
    },
    /// Someone disconnected it.
    Disconnected,
}

impl ConnectionRecord {
    /// What `event` makes of this at `now`; `None` where it does not apply.
    #[must_use]
    pub(crate) fn step(&self, event: Event, now: Instant) -> Option<Self> {
        match event {
            Event::AttemptStarted(waiting) => Some(self.with_attempt(Some(waiting))),
            Event::AttemptEnded { id, reason } => self.attempt_ended(id, reason, now),
            Event::ApprovalAsked { client_id } => self.approval_asked(client_id, now),
            Event::ApprovalGiven { client_id } => {
                let approval = self.awaited(&client_id)?.clone();
                let given_at = Some(now);
                Some(self.with_approval(Some(Approval {
                    given_at,
                    ..approval
                })))
            }
            Event::ApprovalWithdrawn { client_id } => {
                self.awaited(&client_id)?;
                Some(self.with_approval(None))
            }
            Event::Granted(grant) => Some(self.renewed(grant, now)),
            Event::Adopted {
                client_id,
                scopes,
                expires_at,
            } => {
                let grant = Grant {
                    client_id,
                    scopes,
                    ..self.grant()?.clone()
                };
                Some(Self {
                    attempt: self.attempt.clone(),
                    ..self.renewed(fresh(grant, expires_at, now), now)
                })
            }
            Event::RefreshBegan { generation } => {
                let (grant, _) = self.renewable(generation)?;
                let unresolved = grant.refresh_attempt.is_some();
                let begun = RefreshAttempt {
                    at: now,
                    unresolved,
                };
                Some(self.with_refresh_attempt(Some(begun)))
            }
            Event::Refreshed {
                generation,
                scopes,
                expires_at,
            } => {
                let grant = self.renewed_late(generation)?;
                let scopes = scopes.unwrap_or_else(|| grant.scopes.clone());
                let grant = fresh(
                    Grant {
                        scopes,
                        ..grant.clone()
                    },
                    expires_at,
                    now,
                );
                Some(Self {
                    attempt: self.attempt.clone(),
                    ..self.renewed(grant, now)
                })
            }
            Event::RefreshFailed {
                generation,
                reason,
                lost,
                next,
            } => {
                let (grant, failures) = self.renewable(generation)?;
                let unresolved = lost || grant.refresh_attempt.is_some_and(|it| it.unresolved);
                let refresh_attempt = grant
                    .refresh_attempt
                    .filter(|_| unresolved)
                    .map(|it| RefreshAttempt { unresolved, ..it });
                let grant = Grant {
                    refresh_attempt,
                    ..grant.clone()
                };
                let failures = failures.saturating_add(1);
                Some(self.at(
                    Link::Retrying {
                        grant,
                        reason,
                        failures,
                        next,
                    },
                    now,
                ))
            }
            Event::UserRead {
                generation,
                user,
                contested,
            } => {
                self.renewable(generation)
                    .filter(|(grant, _)| grant.user.id == user.id)?;
                let mut next = self.clone();
                if let Link::Connected { grant } | Link::Retrying { grant, .. } = &mut next.link {
                    // What was not said this time is as it was.
                    let notes = user.notes.clone().or(grant.user.notes.take());
                    let organization = user.organization.clone();
                    let organization = organization.or(grant.user.organization.take());
                    grant.user = Profile {
                        notes,
                        organization,
                        ..user
                    };
                    grant.contested_email = contested;
                    grant.user_read_at = Some(now);
                }
                Some(next)
            }
            Event::Restored { generation } => {
                self.renewable(generation)?;
                let doubtful = RefreshAttempt {
                    at: now,
                    unresolved: true,
                };
                Some(self.with_refresh_attempt(Some(doubtful)))
            }
            Event::Ended {
                generation,
                reason,
                rotates,
            } => {
                let (grant, _) = self.renewable(generation)?;
                let unresolved = grant.refresh_attempt.is_some_and(|it| it.unresolved);
                let reason = match unresolved && rotates {
                    true => Reason::AnswerLost,
                    false => reason,
                };
                let grant = Grant {
                    refresh_attempt: None,
                    ..grant.clone()
                };
                Some(self.at(Link::ReconnectRequired { grant, reason }, now))
            }
            Event::Disconnected => {
                let link = Link::Disconnected {
                    reason: Some(Reason::Revoked),
                };
                let generation = self.generation.saturating_add(1);
                Some(Self {
                    provider: self.provider.clone(),
                    link,
                    since: now,
                    generation,
                    attempt: None,
                    approval: None,
                })
            }
        }
    }

    fn attempt_ended(&self, id: AttemptId, reason: Reason, now: Instant) -> Option<Self> {
        self.attempt.as_ref().filter(|waiting| waiting.id == id)?;
        let ended = self.with_attempt(None);
        // Only what came back from the consent page says that the app may be used; silence says
        // nothing.
        let unanswered = matches!(reason, Reason::Cancelled | Reason::Expired);
        if unanswered && self.approval.is_some() {
            return Some(ended);
        }
        let ended = ended.with_approval(None);
        Some(match self.link {
            Link::Disconnected { .. } => ended.at(
                Link::Disconnected {
                    reason: Some(reason),
                },
                now,
            ),
            _ => ended,
        })
    }

    /// Asking again keeps since when it is waited for.
    fn approval_asked(&self, client_id: String, now: Instant) -> Option<Self> {
        if matches!(self.link, Link::Connected { .. }) {
            return None;
        }
        let asked_at = self
            .awaited(&client_id)
            .map_or(now, |former| former.asked_at);
        Some(self.with_approval(Some(Approval {
            client_id,
            asked_at,
            asked_from: self.attempt.as_ref().map(|attempt| attempt.id),
            given_at: None,
        })))
    }

    /// The approval of this app that is waited for.
    fn awaited(&self, client_id: &str) -> Option<&Approval> {
        let approval = self.approval.as_ref()?;
        (approval.is_awaited() && approval.client_id == client_id).then_some(approval)
    }

    /// The grant and the failures in a row, where its keys can be renewed and are still those of
    /// `generation`.
    fn renewable(&self, generation: u64) -> Option<(&Grant, u32)> {
        if self.generation != generation {
            return None;
        }
        match &self.link {
            Link::Connected { grant } => Some((grant, 0)),
            Link::Retrying {
                grant, failures, ..
            } => Some((grant, *failures)),
            _ => None,
        }
    }

    /// The grant, where new keys of a renewal from `generation` serve it. They also serve one that
    /// was believed dead meanwhile: of two renewals of the same keys one is refused, and its word may
    /// be written first.
    fn renewed_late(&self, generation: u64) -> Option<&Grant> {
        match &self.link {
            Link::ReconnectRequired {
                grant,
                reason: Reason::AnswerLost | Reason::ReplacedElsewhere,
            } if self.generation == generation => Some(grant),
            _ => self.renewable(generation).map(|(grant, _)| grant),
        }
    }

    fn renewed(&self, grant: Grant, now: Instant) -> Self {
        let generation = self.generation.saturating_add(1);
        Self {
            generation,
            attempt: None,
            approval: None,
            ..self.at(Link::Connected { grant }, now)
        }
    }

    /// The same with another link; `since` moves only with the state.
    fn at(&self, link: Link, now: Instant) -> Self {
        let same = std::mem::discriminant(&self.link) == std::mem::discriminant(&link);
        let since = if same { self.since } else { now };
        Self {
            link,
            since,
            ..self.clone()
        }
    }

    fn with_attempt(&self, attempt: Option<Waiting>) -> Self {
        Self {
            attempt,
            ..self.clone()
        }
    }

    fn with_approval(&self, approval: Option<Approval>) -> Self {
        Self {
            approval,
            ..self.clone()
        }
    }

    fn with_refresh_attempt(&self, begun: Option<RefreshAttempt>) -> Self {
        let mut next = self.clone();
        if let Link::Connected { grant } | Link::Retrying { grant, .. } = &mut next.link {
            grant.refresh_attempt = begun;
        }
        next
    }
}

fn fresh(grant: Grant, expires_at: Instant, now: Instant) -> Grant {
    Grant {
        expires_at,
        last_refresh: now,
        refresh_attempt: None,
        ..grant
    }
}
