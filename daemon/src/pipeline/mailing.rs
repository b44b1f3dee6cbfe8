//! Emailing a candidate: a template about the state of their application, or what somebody wrote.
//!
//! Invariants: the same email that is asked for again while it has not left, or just after, is not
//! sent twice, so a page of many can be sent again; until it leaves, who asked for it can undo it.

use greenroom_protocol::Error;
use greenroom_protocol::id::{ApplicationId, MailId};
use greenroom_protocol::mail::Written as Wire;
use greenroom_protocol::pipeline::{ApplicationState, CandidateEmailMany};
use greenroom_protocol::template::TemplateName;
use greenroom_protocol::time::Instant;

use super::apply;
use super::letter::{Message, Text};
use super::state::doubts;
use crate::access::RequestContext;
use crate::current::current;
use crate::mail::Written;
use crate::outbox::record::{MessageRecord, MessageState};
use crate::outbox::{self, Draft};
use crate::records::pipeline::ApplicationRecord;
use crate::services::Services;
use crate::store::{StoreError, Tx};

/// How long after it left the same email counts as sent already, in seconds: as long as somebody
/// may try a call again whose answer was lost.
const SAME_FOR: i64 = 15 * 60;

/// What was asked for, or would be.
#[derive(Debug, Clone)]
pub(super) struct Emailed {
    pub application: ApplicationId,
    pub name: String,
    pub record: ApplicationRecord,
    pub changed: bool,
    pub email: Option<(MailId, Instant)>,
    pub warnings: Vec<String>,
    /// How it would read, where that was asked.
    pub preview: Option<Wire>,
}

/// What the candidates of a request are emailed.
pub(super) fn message(request: &CandidateEmailMany) -> Result<Message, Error> {
    let text = (request.subject.as_deref(), request.text.as_deref());
    match (request.template, text) {
        (Some(name), (None, None)) => template(name),
        (None, (Some(subject), Some(text))) => Ok(Message::Text(Text::checked(subject, text)?)),
        (Some(_), _) => {
            let why = "An email has a template or a text, not both";
            Err(Error::usage(why).field("template"))
        }
        (None, (None, _)) => Err(Error::usage("Enter a subject").field("subject")),
        (None, (_, None)) => Err(Error::usage("Enter a text").field("text")),
    }
}

fn template(name: TemplateName) -> Result<Message, Error> {
    let state = match name {
        TemplateName::Rejected => ApplicationState::Rejected,
        TemplateName::Withdrawn => ApplicationState::Withdrawn,
        TemplateName::OnHold => ApplicationState::OnHold,
        _ => {
            let why = format!("The template {name} is about an interview, not about a candidate");
            let refused = Error::usage(why).field("template");
            return Err(refused.hint("use rejected, withdrawn or on-hold, or write a text"));
        }
    };
    Ok(Message::State(state))
}

/// One candidate of such a request.
pub(super) struct Addressee<'a> {
    pub reference: &'a str,
    pub job: Option<&'a str>,
    pub expected_revision: Option<u64>,
    pub dry_run: bool,
    /// Whether it is to be shown how it would read.
    pub preview: bool,
}

/// Asks for the email to one candidate.
pub(super) async fn one(
    services: &Services,
    context: &RequestContext,
    to: Addressee<'_>,
    message: &Message,
) -> Result<Emailed, Error> {
    let likely = |state: ApplicationState| match message {
        Message::State(told) => state == *told,
        Message::Text(_) => !state.is_closed(),
    };
    let (entry, application) = apply::named(services, context, to.reference, to.job, likely)?;
    context.hires_for(application.job)?;
    let (name, id) = (&entry.name, application.id);
    let to = &to;
    let (emailed, _) = services
        .store
        .transact(|tx| async move {
            let (space, key) = (context.space(), id.to_string());
            let mut record: ApplicationRecord =
                current(&tx, &space, &key, to.expected_revision, "application").await?;
            if let Message::State(state) = message
                && record.state() != *state
            {
                let (is, not) = (record.state().words(), state.words());
                let why = format!("{name} is {is}, not {not}");
                return Err(Error::conflict(why).field("template"));
            }
            let now = services.clock.now();
            let by = context.me().map(|me| me.brief.id);
            let draft = message.clone().draft(id, record.candidate, by, now);
            let draft = draft.ok_or_else(|| Error::usage("There is no such email"))?;
            let mut emailed = Emailed {
                application: id,
                name: name.clone(),
                record: record.clone(),
                changed: false,
                email: None,
                warnings: Vec::new(),
                preview: None,
            };
            if to.preview {
                emailed.preview = preview(services, context, &tx, &draft, now).await?;
            }
            if let Some(earlier) = record.message
                && is_the_same(&tx, &space, earlier, &draft, now).await?
            {
                return Ok(emailed);
            }
            emailed.changed = true;
            emailed.warnings = doubts(services, context, &tx, record.candidate).await?;
            if to.dry_run {
                return Ok(emailed);
            }
            let not_before = draft.not_before;
            let mail = outbox::post_for(&tx, &space, draft, by, now)?;
            record.message = Some(mail);
            tx.put(&space, &key, &record)?;
            context.audit(&tx, now, id, &["email"], &[("mail", mail.to_string())])?;
            emailed.email = Some((mail, not_before));
            Ok::<_, Error>(emailed)
        })
        .await?;
    Ok(emailed)
}

/// Whether this email is on its way, or has just left.
async fn is_the_same(
    tx: &Tx,
    space: &str,
    earlier: MailId,
    draft: &Draft,
    now: Instant,
) -> Result<bool, StoreError> {
    let Some(mail) = outbox::find(tx, space, earlier).await? else {
        return Ok(false);
    };
    let alike = mail.kind == draft.kind && mail.memo == draft.memo;
    Ok(alike
        && match mail.state {
            MessageState::Waiting | MessageState::Sending { .. } => true,
            MessageState::Sent { at } => now.since(at).as_secs() < SAME_FOR,
            MessageState::Failed { .. }
            | MessageState::Held { .. }
            | MessageState::Withdrawn { .. } => false,
        })
}

/// How an email would read if it left now.
async fn preview(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    draft: &Draft,
    now: Instant,
) -> Result<Option<Wire>, Error> {
    let mail: MessageRecord = draft.clone().waiting(now);
    let route = services.mail.of(context.workspace);
    let written = services
        .mail
        .author()
        .write(tx, &context.space(), &mail)
        .await?;
    let Written::Letter { letter, .. } = written else {
        return Ok(None);
    };
    let envelope = route.envelope(context.workspace, MailId::new(), now);
    let built = letter.build(&envelope);
    let built =
        built.map_err(|error| Error::failed(format!("Couldn't write the email: {error}")))?;
    Ok(Some(Wire {
        from: format!("{} <{}>", letter.from_name, route.from()),
        to: format!("{} <{}>", letter.to.name, letter.to.address),
        subject: built.subject,
        text: built.text,
        calendar: None,
    }))
}
