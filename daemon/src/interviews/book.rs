//! Booking an interview: judged and written in one transaction, with the work that makes its
//! meeting.

use greenroom_protocol::Error;
use greenroom_protocol::id::InterviewId;
use greenroom_protocol::interview::{InterviewNew, InterviewStatus, Outcome, PanelProposal};
use greenroom_protocol::mail::Written as Letter;
use greenroom_protocol::schedule::{Finding, FindingClass, FindingCode, Verdict};

use super::invite::Inviting;
use super::judge::{self, Judged, Purpose};
use super::make::KIND;
use super::plan::{self, Idempotency, Plan};
use super::{application, facts, holding, panel, preview, reach, view};
use crate::access::RequestContext;
use crate::mail::bounce::BounceRecord;
use crate::records::calendar::{self, Owner, TakeError};
use crate::records::interview::{IdempotencyRecord, InterviewRecord, ZoomMeeting};
use crate::records::invitation::Peer;
use crate::records::pipeline::ApplicationRecord;
use crate::schedule::busy::{Buffer, Interval, TakenBy};
use crate::services::Services;
use crate::store::Tx;
use crate::work::WorkRecord;

/// How long an idempotency key counts.
const KEY_DAYS: i64 = 30;

enum Written {
    New(InterviewId, Verdict, Option<PanelProposal>),
    Repeated(InterviewId),
    Judged(Box<Plan>, Verdict, Option<PanelProposal>, Vec<Letter>),
    /// One that was there already; as it would be in a dry run.
    Moved(InterviewId, Verdict, Option<Box<InterviewRecord>>),
}

/// Books an interview, or says whether it would work.
pub async fn book(
    services: &Services,
    context: &RequestContext,
    request: InterviewNew,
) -> Result<Outcome, Error> {
    let key = plan::key(context, &request)?;
    let (written, _) = services
        .store
        .transact(|tx| write(services, context, tx, &request, key.as_ref()))
        .await?;
    written.outcome(services, context).await
}

/// What came of a booking, or of moving one, to be shown once it is committed.
pub struct Booked(Written);

impl Booked {
    /// An interview that was moved; `would_be`: as it would be, in a dry run.
    pub(super) fn moved(
        id: InterviewId,
        verdict: Verdict,
        would_be: Option<Box<InterviewRecord>>,
    ) -> Self {
        Self(Written::Moved(id, verdict, would_be))
    }

    /// The interview.
    #[must_use]
    pub fn id(&self) -> InterviewId {
        match &self.0 {
            Written::New(id, ..) | Written::Repeated(id) | Written::Moved(id, ..) => *id,
            Written::Judged(plan, ..) => plan.id,
        }
    }

    /// Whether something speaks against the time that a candidate who was promised it can't know, and
    /// that nobody books over without a person: a day off, or somebody who is busy elsewhere.
    #[must_use]
    pub fn breaks_a_promise(&self) -> bool {
        let (Written::New(_, verdict, _)
        | Written::Judged(_, verdict, ..)
        | Written::Moved(_, verdict, _)) = &self.0
        else {
            return false;
        };
        let codes = [FindingCode::DayOff, FindingCode::BusyElsewhere];
        verdict.advises.iter().any(|it| codes.contains(&it.code))
    }

    /// The same as callers see it.
    ///
    /// # Errors
    /// The store can't be read.
    pub async fn outcome(
        self,
        services: &Services,
        context: &RequestContext,
    ) -> Result<Outcome, Error> {
        self.0.outcome(services, context).await
    }
}

/// Books in the caller's transaction, by the same rules.
///
/// # Errors
/// What is refused to anybody who books.
pub async fn book_within(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    request: &InterviewNew,
) -> Result<Booked, Error> {
    let written = write(services, context, tx.clone(), request, None).await;
    written.map(Booked)
}

impl Written {
    async fn outcome(
        self,
        services: &Services,
        context: &RequestContext,
    ) -> Result<Outcome, Error> {
        let workspace = context.workspace;
        let mut letters = Vec::new();
        let (interview, verdict, panel, repeated, dry_run) = match self {
            Written::New(id, verdict, panel) => (
                view::one(services, workspace, id).await?,
                verdict,
                panel,
                false,
                false,
            ),
            Written::Repeated(id) => {
                // Who has the key made it. The index may not have it yet.
                let interview = view::one(services, workspace, id).await?;
                (interview, Verdict::default(), None, true, false)
            }
            Written::Moved(id, verdict, would_be) => {
                let dry_run = would_be.is_some();
                let interview = match would_be {
                    Some(record) => view::wire(services, workspace, id, 0, &record).await?,
                    None => view::one(services, workspace, id).await?,
                };
                (interview, verdict, None, false, dry_run)
            }
            Written::Judged(plan, verdict, panel, previewed) => {
                letters = previewed;
                let interview =
                    view::wire(services, workspace, plan.id, 0, &plan.interview).await?;
                (interview, verdict, panel, false, true)
            }
        };
        Ok(Outcome {
            interview,
            verdict,
            repeated,
            dry_run,
            panel,
            letters,
            emails: Vec::new(),
        })
    }
}

async fn write(
    services: &Services,
    context: &RequestContext,
    tx: Tx,
    request: &InterviewNew,
    key: Option<&Idempotency>,
) -> Result<Written, Error> {
    let space = context.space();
    // Before anything is read: a request made once is not refused for what changed since.
    if let Some(key) = key
        && let Some(earlier) = used(services, &space, &tx, key).await?
    {
        return Ok(Written::Repeated(earlier));
    }
    let Weighed {
        plan,
        verdict,
        panel,
        host_zoom_id,
    } = weigh(services, context, &tx, request, false).await?;
    if request.dry_run {
        let letters = match request.preview {
            true => preview::invitations(services, context, &tx, plan.id, &plan.interview).await?,
            false => Vec::new(),
        };
        return Ok(Written::Judged(Box::new(plan), verdict, panel, letters));
    }
    refuse(
        &verdict,
        Purpose::of(request.dry_run, request.refuse_advice),
    )?;
    let mut interview = plan.interview.clone();
    interview.host_zoom_id = host_zoom_id;
    interview.advise(&verdict.advises);
    take_time(services, context, &tx, plan.id, &interview).await?;
    if interview.status == InterviewStatus::Confirmed {
        warn_about_mail(services, &tx, &space, &mut interview).await?;
        let inviting = Inviting {
            tx: &tx,
            space: &space,
            id: plan.id,
            now: services.clock.now(),
            asked_by: None,
        };
        inviting.follow(&mut interview).await?;
    }
    tx.insert(&space, &plan.id.to_string(), &interview).await?;
    if let Some(key) = key {
        let used = IdempotencyRecord {
            interview: plan.id,
            arguments: key.arguments.clone(),
            at: services.clock.now(),
        };
        tx.put(&space, &key.id, &used)?;
    }
    ask_zoom(services, &tx, &space, plan.id, &interview)?;
    let mut values = vec![
        ("start", interview.start.to_string()),
        ("advice", verdict.advises.len().to_string()),
    ];
    values.extend(judge::booked_over(&verdict));
    context.audit(
        &tx,
        services.clock.now(),
        plan.id,
        &["start", "interviewers", "meeting", "status"],
        &values,
    )?;
    Ok(Written::New(plan.id, verdict, panel))
}

/// What is asked for, judged at its time.
pub(super) struct Weighed {
    pub plan: Plan,
    pub verdict: Verdict,
    /// Who the stage's panel comes to, where it has one.
    pub panel: Option<PanelProposal>,
    /// Zoom's id of the host.
    pub host_zoom_id: Option<String>,
}

/// Judges what is asked for; writes nothing. `shares`: the time may be one that another proposal has
/// too.
pub(super) async fn weigh(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    request: &InterviewNew,
    shares: bool,
) -> Result<Weighed, Error> {
    let space = context.space();
    let mut plan = plan::read(services, context, request)?;
    let purpose = match Purpose::of(request.dry_run, request.refuse_advice) {
        Purpose::Show if request.preview => Purpose::Preview,
        purpose => purpose,
    };
    let panel = panel::propose(services, context, tx, &plan.interview, purpose).await?;
    if request.with.is_empty()
        && let Some(panel) = &panel
    {
        let chosen: Vec<_> = panel.interviewers.iter().map(|it| it.id).collect();
        plan::refuse_a_crowd(&chosen)?;
        plan.interview.interviewers = chosen;
    }
    let application = plan.interview.application;
    if tx
        .get::<ApplicationRecord>(&space, &application.to_string())
        .await?
        .is_none()
    {
        return Err(Error::not_found("the application is gone").field("candidate"));
    }
    let on_hold = application::refuse_closed(tx, &space, application).await?;
    let purpose = if shares { Purpose::Share } else { purpose };
    let Judged {
        mut verdict,
        host_zoom_id,
    } = judge::judged(services, context, tx, plan.id, &plan.interview, purpose).await?;
    verdict.advises.extend(on_hold);
    Ok(Weighed {
        plan,
        verdict,
        panel,
        host_zoom_id,
    })
}

/// The interview this key made before; refused where the arguments were others.
async fn used(
    services: &Services,
    space: &str,
    tx: &Tx,
    key: &Idempotency,
) -> Result<Option<InterviewId>, Error> {
    let Some(used) = tx.get::<IdempotencyRecord>(space, &key.id).await? else {
        return Ok(None);
    };
    if services.clock.now().since(used.at).as_hours() > KEY_DAYS * 24 {
        return Ok(None);
    }
    match used.arguments == key.arguments {
        true => Ok(Some(used.interview)),
        false => Err(
            Error::conflict("this idempotency key was used with other arguments")
                .field("idempotency_key")
                .hint("use a new key for a new interview"),
        ),
    }
}

/// Takes everybody's time in their calendars, and has the outreaches that held some of it look again.
pub(super) async fn take_time(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    id: InterviewId,
    interview: &InterviewRecord,
) -> Result<(), Error> {
    let taken_by = TakenBy::Interview {
        id,
        planned: interview.status != InterviewStatus::Confirmed,
    };
    take(services, context, tx, taken_by, interview).await?;
    holding::is_booked(tx, &context.space(), interview, services.clock.now()).await
}

/// Takes everybody's time at which an interview is, or would be.
pub(super) async fn take(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    taken_by: TakenBy,
    interview: &InterviewRecord,
) -> Result<(), Error> {
    let interval = Interval {
        start: interview.start,
        end: interview.end(),
        taken_by,
        kept_free: Buffer::default(),
    };
    let plan = plan::stage_plan(services, context, interview.stage);
    for owner in judge::owners(interview) {
        // Interviewers rest between interviews; candidates and Zoom do not.
        let kept_free = match &owner {
            Owner::Member(id) => facts::buffer(&services.index, context.workspace, &plan, *id),
            Owner::Candidate(_) | Owner::Zoom(_) => Buffer::default(),
        };
        let interval = Interval {
            kept_free,
            ..interval
        };
        let taken = calendar::take(tx, &context.space(), &owner, interval).await;
        taken.map_err(|cause| match cause {
            TakeError::Store(cause) => Error::from(cause),
            TakeError::Full { owner, most } => full(services, context, &owner, most),
        })?;
    }
    Ok(())
}

/// That somebody's week holds as much as it may.
fn full(services: &Services, context: &RequestContext, owner: &Owner, most: usize) -> Error {
    let whose = match owner {
        Owner::Member(id) => {
            let row = services.index.member(context.workspace, *id);
            row.map(|row| row.record.name.clone())
        }
        Owner::Candidate(id) => {
            let entry = services.index.candidate(context.workspace, *id);
            entry.map(|it| it.name)
        }
        Owner::Zoom(_) => Some("The host's Zoom".to_owned()),
    };
    let whose = whose.unwrap_or_else(|| "Someone".to_owned());
    Error::conflict(format!(
        "{whose} already has {most} interviews that week, and a calendar holds no more"
    ))
    .field("start")
    .hint("choose a time in another week")
}

/// Leaves work for Zoom, where a meeting is wanted.
pub(super) fn ask_zoom(
    services: &Services,
    tx: &Tx,
    space: &str,
    id: InterviewId,
    interview: &InterviewRecord,
) -> Result<(), Error> {
    let wanted = matches!(
        interview.meeting.zoom,
        ZoomMeeting::Wanted | ZoomMeeting::Asked { .. }
    );
    if wanted {
        WorkRecord::ask(tx, space, KIND, &id.to_string(), services.clock.now())?;
    }
    Ok(())
}

/// Refuses a time that cannot be, or that is not to be had with what speaks against it.
pub(super) fn refuse(verdict: &Verdict, purpose: Purpose) -> Result<(), Error> {
    refuse_blocked(verdict)?;
    match purpose {
        Purpose::BookUnadvised | Purpose::Share => refuse_advised(verdict),
        Purpose::Book | Purpose::Show | Purpose::Preview => Ok(()),
    }
}

/// Refuses a time that cannot be, naming the reasons.
pub(super) fn refuse_blocked(verdict: &Verdict) -> Result<(), Error> {
    let Some(why) = verdict.refusal() else {
        return Ok(());
    };
    let mut codes = verdict.blocks.iter().map(|it| it.code);
    let refused = match codes.any(|it| it == FindingCode::InThePast) {
        true => Error::usage(why),
        false => Error::conflict(why),
    };
    Err(refused
        .field("start")
        .hint("choose another time; `--dry-run` judges one without booking"))
}

/// Refuses a time that something speaks against, for who does not book over advice. Advice about how
/// the interview is planned is not about the time.
fn refuse_advised(verdict: &Verdict) -> Result<(), Error> {
    let of_the_time = |it: &&Finding| it.class == Some(FindingClass::Slot);
    let blocks: Vec<_> = verdict
        .advises
        .iter()
        .filter(of_the_time)
        .cloned()
        .collect();
    let advised = Verdict {
        blocks,
        advises: Vec::new(),
    };
    match advised.refusal() {
        None => Ok(()),
        Some(why) => Err(Error::conflict(why)
            .field("start")
            .hint("choose another time, or book it all the same without `--refuse-advice`")),
    }
}

/// Warns about the email of an interview that is being confirmed: that nobody receives any, or that
/// somebody's address does not.
pub(super) async fn warn_about_mail(
    services: &Services,
    tx: &Tx,
    space: &str,
    interview: &mut InterviewRecord,
) -> Result<(), Error> {
    let workspace = space.parse().ok();
    if let Some(why) = services.mail.of_any(workspace).warning() {
        interview.warn(FindingCode::NoMail, why);
    }
    let members = interview.interviewers.iter().copied().map(Peer::Member);
    let guests: Vec<_> = std::iter::once(Peer::Candidate(interview.candidate))
        .chain(members)
        .collect();
    for guest in guests {
        let Some(address) = reach::address(tx, space, guest).await? else {
            continue;
        };
        if let Some(bounce) = BounceRecord::of(tx, space, &address).await? {
            let why = format!("Email to {address} bounces: {}", bounce.why);
            let code = FindingCode::AddressBounces;
            interview.warn_of(reach::about(guest, Some(address)), code, &why);
        }
    }
    Ok(())
}
