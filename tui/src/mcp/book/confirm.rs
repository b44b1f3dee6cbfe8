//! To book what was proposed.

use greenroom_protocol::Error;
use greenroom_protocol::interview::InterviewNew;
use rmcp::model::{InputRequiredResult, InputResponses};
use rmcp::service::{RequestContext, RoleServer};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ask::{Heard, ask};
use super::card::{Card, Shown, bookable};
use super::desk::Desk;
use crate::client::Client;
use crate::mcp::read::{InterviewBrief, leaves};

/// What is confirmed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::mcp) struct Confirm {
    /// The token of interview_propose.
    token: String,
}

/// What came of it.
pub(in crate::mcp) enum Answer {
    /// It is booked.
    Booked(Value),
    /// The client asks the person first, and calls again.
    Ask(Box<InputRequiredResult>),
}

#[derive(Debug, Serialize)]
struct Booked {
    booked: bool,
    /// This token had booked it already.
    repeated: bool,
    interview: InterviewBrief,
    undo: String,
}

/// Books what a token stands for, once a person has said yes.
///
/// # Errors
/// `conflict` where the token counts no more, something is another than was shown, or the person
/// said no; and what the daemon refuses.
pub(in crate::mcp) async fn confirm(
    client: &Client,
    asked: Confirm,
    desk: &Desk,
    context: &RequestContext<RoleServer>,
    heard: Option<InputResponses>,
) -> Result<Answer, Error> {
    let proposal = desk.find(&asked.token, std::time::Instant::now())?;
    let key = format!("mcp-{}", asked.token);
    let book = InterviewNew {
        dry_run: false,
        idempotency_key: Some(key),
        refuse_advice: !proposal.shown.has_advice(),
        ..proposal.form.clone()
    };
    if !desk.is_booked(&asked.token) {
        let judged = client.interview_new(proposal.form).await?;
        bookable(&judged)?;
        let differs = proposal.shown.differs_from(&Shown::of(&judged));
        if !differs.is_empty() {
            let what = differs.join(", ");
            return Err(Error::conflict(format!(
                "Nothing is booked: since it was shown, this has changed: {what}"
            ))
            .hint("call interview_propose again, and show the person the new card"));
        }
        match ask(context, heard, Card::of(&judged).question()).await {
            Heard::Yes | Heard::NotAsked => {}
            Heard::First(first) => return Ok(Answer::Ask(first)),
            Heard::No => {
                return Err(Error::conflict("Nothing is booked: the person said no")
                    .hint("ask them what they would rather have"));
            }
            Heard::Nothing => {
                return Err(Error::conflict(
                    "Nothing is booked: the person has not answered",
                ));
            }
        }
    }
    let outcome = client.interview_new(book).await?;
    desk.booked(&asked.token);
    let id = outcome.interview.id;
    let booked = leaves(Booked {
        booked: true,
        repeated: outcome.repeated,
        interview: InterviewBrief::from(&outcome.interview),
        undo: format!("greenroom interview undo {id}"),
    });
    booked.map(Answer::Booked)
}
