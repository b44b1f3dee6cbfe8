//! How an application stands: rejected, withdrawn, on hold, hired, and back.
//!
//! Owns the states of applications and what goes with a change of one: interviews to come are
//! cancelled, and the candidate's email is asked for, in the commit that writes the state. Invariant:
//! a change is whole or not there, and what was booked in the same moment is found and cancelled
//! too. What may follow what is decided by [`mod@step`] ★. Must not write the email's text: that is
//! [`letter`](super::letter)'s, and it is written as it leaves.

pub(super) mod step;

use greenroom_protocol::Error;
use greenroom_protocol::id::{ApplicationId, CandidateId, InterviewId};
use greenroom_protocol::interview::{EMAILS_HAVE_GONE_OUT, InterviewUndo, Side};
use greenroom_protocol::pipeline::{
    ApplicationState, CandidateState, LONGEST_REASON, StateAction, StateChanged, StateEmail,
};
use greenroom_protocol::workspace::Reference;

use self::step::{Step, step};
use super::apply;
use super::letter::Message;
use crate::access::RequestContext;
use crate::current::current;
use crate::mail::bounce::BounceRecord;
use crate::records::pipeline::{ApplicationRecord, CandidateRecord, StateNote};
use crate::services::Services;
use crate::store::engine::Limits;
use crate::store::{StoreError, Tx};
use crate::{input, interviews, outbox};

/// The changes of state that are kept of an application.
const MOST_NOTES: usize = 20;

/// What a change of state did.
#[derive(Debug, Clone)]
pub(super) struct Changed {
    pub application: ApplicationId,
    pub name: String,
    pub from: ApplicationState,
    pub to: ApplicationState,
    pub changed: bool,
    /// Interviews that were cancelled with it, or scheduled again, and the number of their
    /// cancellation.
    pub interviews: Vec<(InterviewId, u32)>,
    pub email: Option<StateEmail>,
    pub warnings: Vec<String>,
}

/// Changes how an application stands.
pub async fn change_state(
    services: &Services,
    context: &RequestContext,
    request: CandidateState,
) -> Result<StateChanged, Error> {
    let changed = one(services, context, &request).await?;
    let application = apply::one(services, context, changed.application).await?;
    let mut application = application.ok_or_else(|| Error::not_found("the application is gone"))?;
    application.state = changed.to;
    Ok(StateChanged {
        application,
        from: changed.from,
        interviews: changed.interviews.iter().map(|(id, _)| *id).collect(),
        email: changed.email,
        warnings: changed.warnings,
        dry_run: request.dry_run,
    })
}

/// The same, without reading the application again.
pub(super) async fn one(
    services: &Services,
    context: &RequestContext,
    request: &CandidateState,
) -> Result<Changed, Error> {
    let reason = reason(request)?;
    let reopens = request.action == StateAction::Reopen;
    // With several applications the one is meant that the action is about.
    let likely = |state: ApplicationState| match request.action {
        StateAction::Reopen => state != ApplicationState::Active,
        StateAction::Undo => true,
        _ => !state.is_closed(),
    };
    let job = request.job.as_deref();
    let (entry, application) = apply::named(services, context, &request.candidate, job, likely)?;
    context.hires_for(application.job)?;
    if request.action == StateAction::Undo && request.expected_revision.is_none() {
        let why = "Name the change to undo by its expected revision";
        return Err(Error::usage(why)
            .field("expected_revision")
            .hint("give the revision that the change answered with"));
    }
    let asked = Asked {
        services,
        context,
        request,
        id: application.id,
        name: &entry.name,
        reason,
    };
    let mut changed = asked.carry_out().await?;
    if changed.changed && !request.dry_run {
        match request.action {
            StateAction::Undo => asked.book_again(&mut changed).await,
            _ if changed.to.is_closed() => asked.cancel_late(&mut changed).await?,
            _ => {}
        }
    }
    if !changed.changed && !reopens {
        let words = changed.to.words();
        let already = format!("{} is already {words}; nothing was changed", entry.name);
        changed.warnings.push(already);
    }
    Ok(changed)
}

/// The reason, checked; refused where it or an email makes no sense.
fn reason(request: &CandidateState) -> Result<Option<String>, Error> {
    if request.email && !request.action.has_email() {
        return Err(Error::usage("There is no email about that").field("email"));
    }
    let reason = input::optional_line("reason", request.reason.as_deref())?;
    if reason
        .as_ref()
        .is_some_and(|it| it.chars().count() > LONGEST_REASON)
    {
        let why = format!("The reason is longer than {LONGEST_REASON} characters");
        return Err(Error::usage(why).field("reason"));
    }
    Ok(reason)
}

/// A change that is asked for.
struct Asked<'a> {
    services: &'a Services,
    context: &'a RequestContext,
    request: &'a CandidateState,
    id: ApplicationId,
    name: &'a str,
    reason: Option<String>,
}

impl Asked<'_> {
    /// Makes the change in one commit; of somebody with very many interviews those go first.
    async fn carry_out(&self) -> Result<Changed, Error> {
        let store = &self.services.store;
        // What was booked just now is seen too.
        store.settled().await?;
        let mut to_come = self.to_come();
        let mut cancelled = Vec::new();
        loop {
            let (whole, _) = store
                .transact(|tx| {
                    let (to_come, cancelled) = (&to_come, &cancelled);
                    async move { self.write(&tx, to_come, cancelled).await }
                })
                .await?;
            if let Some(changed) = whole {
                return Ok(changed);
            }
            for id in std::mem::take(&mut to_come) {
                let (number, _) = store.transact(|tx| self.cancel(tx, id)).await?;
                cancelled.extend(number.map(|number| (id, number)));
            }
        }
    }

    /// `None` where one commit does not hold it, and nothing was done.
    async fn write(
        &self,
        tx: &Tx,
        to_come: &[InterviewId],
        cancelled: &[(InterviewId, u32)],
    ) -> Result<Option<Changed>, Error> {
        let before = tx.mark();
        let (space, key) = (self.context.space(), self.id.to_string());
        let expected = self.request.expected_revision;
        let mut record: ApplicationRecord =
            current(tx, &space, &key, expected, "application").await?;
        let from = record.state();
        let mut changed = Changed {
            application: self.id,
            name: self.name.to_owned(),
            from,
            to: from,
            changed: false,
            interviews: Vec::new(),
            email: None,
            warnings: Vec::new(),
        };
        match step(from, self.request.action)? {
            Step::Nothing => return Ok(Some(changed)),
            Step::Enter(to) => {
                let mut cancelled = cancelled.to_vec();
                if to.is_closed() {
                    cancelled.extend(self.cancel_all(tx, to_come).await?);
                }
                self.recall_email(tx, &record).await?;
                changed.interviews.clone_from(&cancelled);
                changed.email = self
                    .ask_for_email(tx, &record, &mut changed.warnings)
                    .await?;
                record.states.push(self.note(to, &changed.email, cancelled));
                if record.states.len() > MOST_NOTES {
                    record.states.remove(0);
                }
            }
            Step::Back => {
                self.refuse_emailed(tx, &record).await?;
                self.recall_email(tx, &record).await?;
                let Some(taken_back) = record.states.pop() else {
                    return Err(Error::conflict("There is no change of state to undo"));
                };
                changed.interviews = taken_back.cancelled;
            }
        }
        changed.changed = true;
        changed.to = record.state();
        tx.put(&space, &key, &record)?;
        let now = self.services.clock.now();
        interviews::look_again(tx, &space, self.id, now).await?;
        let values = [
            ("from", from.words().to_owned()),
            ("to", changed.to.words().to_owned()),
            ("emailed", changed.email.is_some().to_string()),
        ];
        self.context
            .audit(tx, now, self.id, self.fields(), &values)?;
        if self.request.dry_run {
            tx.back_to(before);
        } else if !tx.has_room(Limits::NOTHING) {
            tx.back_to(before);
            return Ok(None);
        }
        Ok(Some(changed))
    }

    /// The names of what is changed, for the audit. The reason itself is never in it.
    fn fields(&self) -> &'static [&'static str] {
        match self.reason {
            Some(_) => &["state", "reason"],
            None => &["state"],
        }
    }

    fn note(
        &self,
        state: ApplicationState,
        email: &Option<StateEmail>,
        cancelled: Vec<(InterviewId, u32)>,
    ) -> StateNote {
        StateNote {
            state,
            at: self.services.clock.now(),
            by: apply::by(self.context),
            reason: self.reason.clone(),
            email: email.as_ref().map(|email| email.id),
            cancelled,
        }
    }

    fn to_come(&self) -> Vec<InterviewId> {
        let (index, now) = (&self.services.index, self.services.clock.now());
        interviews::to_come(index, self.context.workspace, self.id, now)
    }

    /// Cancels what is to come, where that was asked for; else it is in the way.
    async fn cancel_all(
        &self,
        tx: &Tx,
        to_come: &[InterviewId],
    ) -> Result<Vec<(InterviewId, u32)>, Error> {
        let (space, now) = (self.context.space(), self.services.clock.now());
        let mut matches = Vec::new();
        for id in to_come {
            matches.extend(interviews::named(tx, &space, *id, now).await?);
        }
        if !matches.is_empty() && !self.request.cancel_interviews {
            let what = match matches.len() {
                1 => "an upcoming interview".to_owned(),
                many => format!("{many} upcoming interviews"),
            };
            let mut refused = Error::conflict(format!("{} has {what}", self.name))
                .field("cancel_interviews")
                .hint("cancel them in the same step with --cancel-interviews");
            refused.matches = matches;
            return Err(refused);
        }
        let mut cancelled = Vec::new();
        for id in to_come {
            let number = self.cancel(tx.clone(), *id).await?;
            cancelled.extend(number.map(|number| (*id, number)));
        }
        Ok(cancelled)
    }

    async fn cancel(&self, tx: Tx, id: InterviewId) -> Result<Option<u32>, Error> {
        let side = match self.request.action {
            StateAction::Withdraw => Side::Candidate,
            _ => Side::Us,
        };
        interviews::cancel_within(self.services, self.context, &tx, id, side).await
    }

    /// What was booked while the application was being closed. From the commit on nothing is.
    async fn cancel_late(&self, changed: &mut Changed) -> Result<(), Error> {
        let store = &self.services.store;
        store.settled().await?;
        for id in self.to_come() {
            let (number, _) = store.transact(|tx| self.cancel(tx, id)).await?;
            if let Some(number) = number {
                changed.interviews.push((id, number));
                let why = "an interview that was scheduled in the same moment was cancelled";
                changed.warnings.push(format!("{}: {why}", self.name));
            }
        }
        Ok(())
    }

    /// Schedules again what the change had cancelled, where the time is still free.
    async fn book_again(&self, changed: &mut Changed) {
        let cancelled = std::mem::take(&mut changed.interviews);
        for (id, change) in cancelled {
            let undo = InterviewUndo {
                interview: Reference::to(id.to_string()),
                change,
                // Nobody who was emailed that it is cancelled is emailed again without being asked.
                unsent: true,
            };
            match interviews::undo(self.services, self.context, undo).await {
                Ok(_) => changed.interviews.push((id, change)),
                Err(error) => {
                    let why = format!("an interview stays cancelled: {}", error.message);
                    changed.warnings.push(why);
                }
            }
        }
    }

    /// Calls the email about the state before back, where it has not left.
    async fn recall_email(&self, tx: &Tx, record: &ApplicationRecord) -> Result<(), StoreError> {
        let (space, now) = (self.context.space(), self.services.clock.now());
        if let Some(email) = record.states.last().and_then(|note| note.email) {
            outbox::call_back(tx, &space, email, "the state has changed again", now).await?;
        }
        Ok(())
    }

    /// Refuses to undo what the candidate was emailed about. An email that leaves in this moment
    /// conflicts with this transaction, so one of the two comes first.
    async fn refuse_emailed(&self, tx: &Tx, record: &ApplicationRecord) -> Result<(), Error> {
        let Some(email) = record.states.last().and_then(|note| note.email) else {
            return Ok(());
        };
        let mail = outbox::find(tx, &self.context.space(), email).await?;
        match mail.is_some_and(|mail| mail.may_have_left()) {
            true => Err(Error::conflict(EMAILS_HAVE_GONE_OUT)
                .hint("reopen the application instead: `greenroom candidate reopen`")),
            false => Ok(()),
        }
    }

    /// Asks for the email to the candidate, and warns where it may not arrive.
    async fn ask_for_email(
        &self,
        tx: &Tx,
        record: &ApplicationRecord,
        warnings: &mut Vec<String>,
    ) -> Result<Option<StateEmail>, Error> {
        let message = Message::about(self.request.action).filter(|_| self.request.email);
        let Some(message) = message else {
            return Ok(None);
        };
        let (services, context) = (self.services, self.context);
        warnings.extend(doubts(services, context, tx, record.candidate).await?);
        let now = services.clock.now();
        let by = context.me().map(|me| me.brief.id);
        let Some(draft) = message.draft(self.id, record.candidate, by, now) else {
            return Ok(None);
        };
        let not_before = draft.not_before;
        let id = outbox::post(tx, &context.space(), draft, now)?;
        Ok(Some(StateEmail { id, not_before }))
    }
}

/// Why an email to a candidate may not arrive.
pub(super) async fn doubts(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    candidate: CandidateId,
) -> Result<Vec<String>, StoreError> {
    let (space, key) = (context.space(), candidate.to_string());
    let mut doubts: Vec<_> = services
        .mail
        .of(context.workspace)
        .warning()
        .map(str::to_owned)
        .into_iter()
        .collect();
    let candidate = tx.peek::<CandidateRecord>(&space, &key).await?;
    if let Some(candidate) = candidate
        && let Some(bounce) = BounceRecord::of(tx, &space, &candidate.email).await?
    {
        let why = format!("Email to {} bounces: {}", candidate.email, bounce.why);
        doubts.push(why);
    }
    Ok(doubts)
}
