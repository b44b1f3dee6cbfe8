//! Changing an interview: from the terms it has to others, in one transaction.
//!
//! The one place where a change of people's decisions is judged, takes and frees time, decides what
//! Zoom has to do, and is noted. Every use case that changes an interview says only which terms it
//! wants. Invariant: calendars, meeting work, history and audit are written in the commit that
//! writes the terms.

use greenroom_protocol::Error;
use greenroom_protocol::id::{InterviewId, MailId, MemberId};
use greenroom_protocol::interview::{
    ChangeKind, EMAILS_HAVE_GONE_OUT, InterviewStatus, Outcome, Side,
};
use greenroom_protocol::schedule::{Finding, FindingCode, Verdict};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;

use super::book::{refuse, take_time, warn_about_mail};
use super::invite::Inviting;
use super::judge::{self, Judged, Purpose};
use super::list::visible;
use super::make::{self, KIND};
use super::meeting_state::{Permission, Slot};
use super::{application, holding, insight, view};
use crate::access::RequestContext;
use crate::current::current as record;
use crate::outbox::{self, Draft};
use crate::records::calendar;
use crate::records::interview::{InterviewRecord, Left, ZoomMeeting};
use crate::records::invitation::Decline;
use crate::records::terms::{Noted, Terms};
use crate::schedule::busy::Holder;
use crate::services::Services;
use crate::store::Tx;
use crate::work::WorkRecord;
use crate::zoom::{ConnectionRecord, Link};

/// The scope without which Zoom deletes nothing.
const DELETE_SCOPE: &str = "meeting:delete:meeting";

/// The scope without which nothing can be changed at Zoom.
const UPDATE_SCOPE: &str = "meeting:update:meeting";

/// What is wanted of an interview.
pub(super) struct Wanted {
    /// How it is to be; `None`: it is so already.
    pub terms: Option<Terms>,
    /// Of what kind the change is.
    pub kind: ChangeKind,
    /// Who asked for it.
    pub side: Side,
    /// Why.
    pub reason: Option<String>,
    /// What becomes of the meeting at Zoom beyond following the terms.
    pub meeting: Meeting,
    /// What is accepted as it is at Zoom, as warnings.
    pub known: Vec<Finding>,
    /// Until when it may be made.
    pub until: Until,
    /// Somebody takes the place of an interviewer who declined.
    pub replaces: Option<Replacement>,
}

/// Until when a change may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    /// At any time.
    Always,
    /// Until an email about the interview has left, or may have.
    AnyEmail,
    /// Until an email has left since then, or may have: one about the change that is undone.
    EmailSince(Instant),
}

/// What a change came to.
pub(super) struct Made {
    /// How the terms were judged.
    pub verdict: Verdict,
    /// The interview as it is then.
    pub interview: InterviewRecord,
    /// Invitations that were asked for and nothing else.
    pub emails: Vec<MailId>,
}

/// Somebody takes the place of an interviewer who declined.
#[derive(Debug, Clone)]
pub(super) struct Replacement {
    /// Who declined.
    pub member: MemberId,
    /// Who takes the place.
    pub by: MemberId,
    /// The email that says so to the organizer.
    pub notice: Option<Draft>,
}

/// What becomes of a meeting at Zoom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meeting {
    /// It follows the terms.
    Follows,
    /// It is not there any more, whatever the record says: another is made.
    Remade,
    /// Zoom gets time and settings again.
    Restored,
}

impl Wanted {
    /// A change by the company, for no stated reason.
    pub fn new(kind: ChangeKind, terms: Option<Terms>) -> Self {
        Self {
            terms,
            kind,
            side: Side::Us,
            reason: None,
            meeting: Meeting::Follows,
            known: Vec::new(),
            until: Until::Always,
            replaces: None,
        }
    }
}

/// Changes an interview to what `decide` makes of it; in a dry run only says what would be.
pub(super) async fn change(
    services: &Services,
    context: &RequestContext,
    request: &Reference,
    decide: impl Fn(&InterviewRecord) -> Result<Wanted, Error>,
) -> Result<Outcome, Error> {
    let purpose = Purpose::of(request.dry_run, false);
    change_for(services, context, (request, purpose), decide).await
}

/// The same, for a purpose.
pub(super) async fn change_for(
    services: &Services,
    context: &RequestContext,
    (request, purpose): (&Reference, Purpose),
    decide: impl Fn(&InterviewRecord) -> Result<Wanted, Error>,
) -> Result<Outcome, Error> {
    let id = services.index.find_interview(
        context.workspace,
        &request.reference,
        &visible(context.scope()),
    )?;
    let (made, _) = services
        .store
        .transact(|tx| {
            let decide = &decide;
            async move {
                let change = Change {
                    services,
                    context,
                    tx: &tx,
                    id,
                    purpose,
                };
                change.make(request.expected_revision, decide).await
            }
        })
        .await?;
    let Made {
        verdict,
        interview,
        emails,
    } = made;
    let interview = match request.dry_run {
        true => view::wire(services, context.workspace, id, 0, &interview).await?,
        false => view::one(services, context.workspace, id).await?,
    };
    Ok(Outcome {
        interview,
        verdict,
        repeated: false,
        dry_run: request.dry_run,
        panel: None,
        letters: Vec::new(),
        emails,
    })
}

/// One change under way, in a transaction that may be about more than this interview.
pub(super) struct Change<'a> {
    pub services: &'a Services,
    pub context: &'a RequestContext,
    pub tx: &'a Tx,
    pub id: InterviewId,
    /// To book writes the change; to show only says what it would be.
    pub purpose: Purpose,
}

impl Change<'_> {
    /// Changes the interview to what `decide` makes of it, where it still has the revision
    /// expected.
    pub async fn make(
        &self,
        expected: Option<u64>,
        decide: impl Fn(&InterviewRecord) -> Result<Wanted, Error>,
    ) -> Result<Made, Error> {
        let (space, key) = (self.context.space(), self.id.to_string());
        let writes = self.purpose.writes();
        let mut interview: InterviewRecord =
            record(self.tx, &space, &key, expected, "interview").await?;
        self.context.hires_for(interview.job)?;
        let wanted = decide(&interview)?;
        let Some(terms) = &wanted.terms else {
            let emails = match wanted.kind == ChangeKind::Confirmed && writes {
                true => self.invite_again(&mut interview).await?,
                false => Vec::new(),
            };
            return Ok(Made {
                verdict: Verdict::default(),
                interview,
                emails,
            });
        };
        self.refuse_emailed(&interview, wanted.until).await?;
        let (verdict, next) = self.judged(&interview, terms, &wanted).await?;
        if writes {
            refuse(&verdict, self.purpose)?;
            self.write(&interview, next.clone(), &verdict).await?;
            if let Some(draft) = wanted.replaces.and_then(|it| it.notice) {
                outbox::post(self.tx, &space, draft, self.services.clock.now())?;
            }
        }
        Ok(Made {
            verdict,
            interview: next,
            emails: Vec::new(),
        })
    }

    /// The interview under the terms wanted, and how that is judged. Writes nothing.
    async fn judged(
        &self,
        interview: &InterviewRecord,
        terms: &Terms,
        wanted: &Wanted,
    ) -> Result<(Verdict, InterviewRecord), Error> {
        let before = interview.terms();
        let mut next = interview.under(terms);
        let is_over =
            |status| matches!(status, InterviewStatus::Completed | InterviewStatus::NoShow);
        let takes_anew = terms.occupies()
            && !is_over(terms.status)
            && !(is_over(before.status) && terms.same_time(&before));
        let mut verdict = Verdict::default();
        if terms.host != before.host {
            next.host_zoom_id = None;
        }
        if takes_anew {
            let space = self.context.space();
            let on_hold = application::refuse_closed(self.tx, &space, next.application).await?;
            let judged = self.judge(&next).await?;
            next.host_zoom_id = judged.host_zoom_id;
            verdict = judged.verdict;
            verdict.advises.extend(on_hold);
            // A stray that may be at Zoom, and a meeting that stays there, are still there; and
            // what Zoom made of this one.
            let same_meeting = wanted.meeting == Meeting::Follows && terms.host == before.host;
            next.warnings.retain(|it| {
                matches!(
                    it.code,
                    FindingCode::PossibleOrphan | FindingCode::MeetingStays
                ) || same_meeting && it.code == FindingCode::ZoomChanged
            });
            next.advise(&verdict.advises);
            if terms.status == InterviewStatus::Confirmed {
                warn_about_mail(self.services, self.tx, &space, &mut next).await?;
            }
        }
        next.warnings.extend(wanted.known.iter().cloned());
        if let Some(Replacement { member, by, .. }) = &wanted.replaces
            && let Some(open) = next.invitation.open_mut(*member)
        {
            open.decline = Some(Decline::Replaced { by: *by });
        }
        self.follow_at_zoom(&before, terms, wanted.meeting, &mut next)
            .await?;
        if next.drift.is_some() && (wanted.kind != ChangeKind::Edited || !terms.same_time(&before))
        {
            next.drift = None;
        }
        let noted = Noted {
            at: self.services.clock.now(),
            by: self.context.actor(),
            kind: wanted.kind,
            side: wanted.side,
            reason: wanted.reason.clone(),
        };
        next.note(noted, before);
        Ok((verdict, next))
    }

    async fn judge(&self, next: &InterviewRecord) -> Result<Judged, Error> {
        let Self {
            services,
            context,
            tx,
            id,
            purpose,
        } = *self;
        judge::judged(services, context, tx, id, next, purpose).await
    }

    /// Decides what becomes of the meeting at Zoom.
    async fn follow_at_zoom(
        &self,
        before: &Terms,
        terms: &Terms,
        meeting: Meeting,
        next: &mut InterviewRecord,
    ) -> Result<(), Error> {
        if meeting == Meeting::Remade {
            next.meeting.zoom = ZoomMeeting::Gone;
        }
        if let Some(host) = before.host
            && terms.host != before.host
        {
            let may_delete = self.may(host, DELETE_SCOPE).await?;
            let may_delete = may_delete.map_err(|why| stays(&why));
            let mut left = Left {
                host,
                zoom: std::mem::take(&mut next.meeting.zoom),
                reason: next.meeting.reason.take(),
            };
            let mut slot = Slot {
                wanted: false,
                zoom: &mut left.zoom,
                reason: &mut left.reason,
            };
            slot.drop(may_delete);
            match &left.zoom {
                ZoomMeeting::None | ZoomMeeting::Gone => {}
                ZoomMeeting::Stays { .. } => warn_stays(next, left.reason.take()),
                _ => next.left.push(left),
            }
        }
        let Some(host) = terms.host else {
            return Ok(());
        };
        let wanted = terms.wants_zoom();
        let told = before.wants_zoom()
            && terms.start == before.start
            && terms.duration_minutes == before.duration_minutes
            && terms.zoom_notes == before.zoom_notes;
        let healthy = !matches!(
            next.meeting.zoom,
            ZoomMeeting::Failed { .. } | ZoomMeeting::Gone
        );
        let follows = meeting == Meeting::Follows;
        if wanted && told && terms.host == before.host && healthy && follows {
            return Ok(());
        }
        let may_delete = self.may(host, DELETE_SCOPE).await?;
        let may_update = self.may(host, UPDATE_SCOPE).await?;
        let mut slot = Slot {
            wanted,
            zoom: &mut next.meeting.zoom,
            reason: &mut next.meeting.reason,
        };
        if !wanted {
            slot.drop(may_delete.map_err(|why| stays(&why)));
            if let ZoomMeeting::Stays { .. } = &next.meeting.zoom {
                let why = next.meeting.reason.clone();
                warn_stays(next, why);
            }
            return Ok(());
        }
        let untold = slot.renew(may_update, meeting == Meeting::Restored);
        // What a restore may have undone is looked for before it is made.
        if next.meeting.zoom == ZoomMeeting::Wanted
            && let Some(at) = next.meeting.restored.take()
        {
            next.meeting.zoom = ZoomMeeting::Asked { at };
        }
        if let Some(why) = untold {
            let what = make::outdated(&why);
            let warning = Finding::new(FindingCode::MeetingOutdated, what);
            next.warnings.push(warning);
        }
        Ok(())
    }

    /// Refuses to undo what people have been emailed about. An email that leaves in this moment
    /// conflicts with this transaction, so one of the two comes first.
    async fn refuse_emailed(&self, interview: &InterviewRecord, until: Until) -> Result<(), Error> {
        let space = self.context.space();
        let inviting = self.inviting(&space, self.services.clock.now(), None);
        let gone = || Error::conflict(EMAILS_HAVE_GONE_OUT);
        match until {
            Until::AnyEmail if inviting.may_have_left(interview).await? => Err(gone().hint(
                "cancel it instead, so that they are notified: `greenroom interview cancel`",
            )),
            Until::EmailSince(at) if inviting.has_left_since(interview, at).await? => Err(gone()
                .field("unsent")
                .hint("undoing it now emails everyone again: `greenroom interview undo --yes`")),
            _ => Ok(()),
        }
    }

    /// Invites those whom no email has reached: confirming anew is how a person asks for that once
    /// an address is corrected.
    async fn invite_again(&self, interview: &mut InterviewRecord) -> Result<Vec<MailId>, Error> {
        let (space, now) = (self.context.space(), self.services.clock.now());
        let by = self.context.me().map(|me| me.brief.id);
        let before = interview.invitation.clone();
        let inviting = self.inviting(&space, now, by);
        if !inviting.again(interview, None).await? {
            return Ok(Vec::new());
        }
        self.tx.put(&space, &self.id.to_string(), &*interview)?;
        self.context
            .audit(self.tx, now, self.id, &["attendees"], &[])?;
        let invited = interview.invitation.invitees.iter();
        let new = invited.filter(|it| before.of(it.guest).is_none_or(|was| was.mail != it.mail));
        Ok(new.map(|it| it.mail).collect())
    }

    fn inviting<'a>(
        &'a self,
        space: &'a str,
        now: Instant,
        asked_by: Option<MemberId>,
    ) -> Inviting<'a> {
        Inviting {
            tx: self.tx,
            space,
            id: self.id,
            now,
            asked_by,
        }
    }

    async fn write(
        &self,
        before: &InterviewRecord,
        next: InterviewRecord,
        verdict: &Verdict,
    ) -> Result<(), Error> {
        let (space, key) = (self.context.space(), self.id.to_string());
        let (mut next, now) = (next, self.services.clock.now());
        if before.terms().occupies() {
            for owner in judge::owners(before) {
                let (start, end) = (before.start, before.end());
                let holder = Holder::Interview(self.id);
                calendar::free(self.tx, &space, &owner, holder, start, end).await?;
            }
        }
        if next.terms().occupies() {
            take_time(self.services, self.context, self.tx, self.id, &next).await?;
        }
        let is_undone = next
            .changes
            .last()
            .is_some_and(|it| it.kind == ChangeKind::Undone);
        if is_undone || !next.takes_time() {
            holding::was_changed(self.services, self.context, self.tx, (self.id, &next)).await?;
            holding::look_again(self.tx, &space, next.application, now).await?;
        }
        // Last of what grows with the people: where a commit does not hold all of it, emails can
        // follow in the next one, and calendars cannot.
        self.inviting(&space, now, None).follow(&mut next).await?;
        let next = &next;
        self.tx.put(&space, &key, next)?;
        if next.terms().wants_zoom() && next.start != before.start {
            insight::set_timer(self.tx, &space, &key, next)?;
        }
        match make::is_settled(next, now) {
            true => WorkRecord::done(self.tx, &space, KIND, &key)?,
            false => WorkRecord::ask(self.tx, &space, KIND, &key, now)?,
        }
        let fields = next.terms().fields_changed(&before.terms());
        let mut values = vec![
            ("start", next.start.to_string()),
            ("number", next.change.to_string()),
        ];
        values.extend(judge::booked_over(verdict));
        self.context
            .audit(self.tx, now, self.id, &fields, &values)?;
        Ok(())
    }

    /// Whether this may be asked of a host's Zoom, or why not.
    async fn may(&self, host: MemberId, scope: &str) -> Result<Permission, Error> {
        let connection = self
            .tx
            .get::<ConnectionRecord>(&self.context.space(), &host.to_string())
            .await?
            .unwrap_or_default();
        let why = match connection.link {
            Link::Connected { grant } | Link::Retrying { grant, .. } if grant.allows(scope) => {
                return Ok(Ok(()));
            }
            Link::Connected { .. } | Link::Retrying { .. } if scope == DELETE_SCOPE => {
                "the permission to delete meetings was not granted"
            }
            Link::Connected { .. } | Link::Retrying { .. } => {
                "the permission to update meetings was not granted"
            }
            _ => "Zoom is not connected any more",
        };
        Ok(Err(why.to_owned()))
    }
}

fn stays(why: &str) -> String {
    format!("the meeting stays at Zoom, because {why}; delete it there")
}

fn warn_stays(interview: &mut InterviewRecord, why: Option<String>) {
    let warning = why.map(|why| Finding::new(FindingCode::MeetingStays, why));
    interview.warnings.extend(warning);
}

/// Refuses to change what is over.
pub(super) fn over(status: InterviewStatus) -> Error {
    let how = match status {
        InterviewStatus::Cancelled => "it is cancelled",
        InterviewStatus::NoShow | InterviewStatus::Completed => "it is over",
        InterviewStatus::ToBeConfirmed | InterviewStatus::Confirmed => "it stands",
    };
    Error::conflict(format!("The interview can't be changed: {how}"))
        .hint("schedule a new one, or undo the last change with `greenroom interview undo`")
}
