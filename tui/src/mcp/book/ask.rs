//! The yes of a person, where the client can ask for it (MCP's elicitation).
//!
//! Invariant: the question comes from here and the answer from the client's own window; no model
//! words either. A form without fields: accepting it is the yes.

use std::collections::BTreeMap;
use std::time::Duration;

use rmcp::model::{
    ElicitRequest, ElicitRequestParams, ElicitResult, ElicitationAction, ElicitationSchema,
    InputRequest, InputRequiredResult, InputResponses, ProtocolVersion,
};
use rmcp::service::{RequestContext, RoleServer};

/// How long a person may take.
const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// The name of the question where the client is to ask it between two calls.
const QUESTION: &str = "confirm";

/// What a person said.
pub(super) enum Heard {
    Yes,
    No,
    /// Nothing, in time.
    Nothing,
    /// The client can't ask: its own question before a tool runs is all there is.
    NotAsked,
    /// The client asks between two calls (protocol 2026-07-28 and later), and calls again.
    First(Box<InputRequiredResult>),
}

/// Has the client ask its person.
pub(super) async fn ask(
    context: &RequestContext<RoleServer>,
    heard: Option<InputResponses>,
    question: String,
) -> Heard {
    let capabilities = context.client_capabilities();
    let Some(elicitation) = capabilities.and_then(|it| it.elicitation) else {
        return Heard::NotAsked;
    };
    // A client that only opens pages in a browser has no form to accept.
    if elicitation.form.is_none() && elicitation.url.is_some() {
        return Heard::NotAsked;
    }
    let params = ElicitRequestParams::FormElicitationParams {
        meta: None,
        message: question,
        requested_schema: ElicitationSchema::new(BTreeMap::new()),
    };
    let between = context.protocol_version();
    if between.is_some_and(|it| it >= ProtocolVersion::V_2026_07_28) {
        let Some(answer) = heard.and_then(|mut it| it.remove(QUESTION)) else {
            let request = InputRequest::Elicitation(ElicitRequest::new(params));
            let requests = BTreeMap::from([(QUESTION.to_owned(), request)]);
            let first = InputRequiredResult::from_input_requests(requests);
            return Heard::First(Box::new(first));
        };
        return match serde_json::from_value::<ElicitResult>(answer) {
            Ok(answer) => said(&answer.action),
            Err(_) => Heard::Nothing,
        };
    }
    let asked = context
        .peer
        .create_elicitation_with_timeout(params, Some(PATIENCE));
    match asked.await {
        Ok(answer) => said(&answer.action),
        Err(_) => Heard::Nothing,
    }
}

fn said(action: &ElicitationAction) -> Heard {
    match action {
        ElicitationAction::Accept => Heard::Yes,
        ElicitationAction::Decline => Heard::No,
        // Closed without an answer, or a word that is none we know: never a yes.
        _ => Heard::Nothing,
    }
}
