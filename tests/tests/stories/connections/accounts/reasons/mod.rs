//! Every cause an account can have for how it stands, at both providers, each reached as it is
//! reached in life; and what people and programs read of it then, in a shell, in the client and from
//! `doctor`.

mod both;
mod google;
mod microsoft;
mod shown;

use std::collections::BTreeMap;

use futures::StreamExt as _;
use futures::future::BoxFuture;
use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::zoom::ConnectionState as S;
use greenroom_tests::sandbox::google::FaultKind;
use greenroom_tests::sandbox::{Canned, google as google_sandbox, microsoft as microsoft_sandbox};
use greenroomd::grants::Reason;
use serde_json::json;

use super::fixture::{Came, Fixture, Google, HERS, Microsoft};

/// Where, the state, the reason's code, and how Dana's account comes to that.
type Row = (
    AccountProvider,
    S,
    &'static str,
    BoxFuture<'static, Fixture>,
);

#[tokio::test]
async fn every_state_of_an_account_says_why_and_what_to_do_wherever_it_is_shown() {
    let rows = [both::rows(), google::rows(), microsoft::rows()];
    let rows = futures::stream::iter(rows.into_iter().flatten().enumerate());
    let stories = rows.map(|(number, (provider, state, code, story))| async move {
        let office = story.await;
        let account = office.account(provider, HERS).await;
        let story = format!("{number}: {provider:?} {state:?} {code}: {account:?}");
        assert_eq!(account.state, state, "{story}");
        assert_eq!(account.reason_code.as_deref(), Some(code), "{story}");
        assert_eq!(account.hint.is_none(), code == "revoked", "{story}");
        let keys = matches!(state, S::Connected | S::Retrying);
        assert_eq!(account.expires_at.is_some(), keys, "{story}");
        let granted = keys || state == S::ReconnectRequired;
        assert_eq!(account.user.is_some(), granted, "{story}");
        shown::everywhere(&office, &account, &story).await;
        code
    });
    let reached: Vec<_> = stories.buffer_unordered(4).collect().await;
    for reason in Reason::ALL {
        let code = reason.code(&greenroomd::google::WORDS);
        assert!(reached.contains(&code), "nothing comes to {code}");
    }
}

fn row(
    provider: AccountProvider,
    state: S,
    code: &'static str,
    story: impl Future<Output = Fixture> + Send + 'static,
) -> Row {
    (provider, state, code, Box::pin(story))
}

/// A refusal in OAuth's words; with a number of Microsoft's, where there is one.
fn said(error: &str, number: u32) -> FaultKind {
    let body = match number {
        0 => json!({ "error": error }),
        _ => json!({
            "error": error,
            "error_description": format!("AADSTS{number}: as it is. Trace ID: x"),
            "error_codes": [number],
        }),
    };
    json_answer(400, body)
}

fn json_answer(status: u16, body: serde_json::Value) -> FaultKind {
    FaultKind::Answer(Canned::Json {
        status,
        body,
        headers: BTreeMap::new(),
    })
}

/// The next renewal, or the next exchange, goes like this.
fn fault(office: &Fixture, at: AccountProvider, renewal: bool, kind: FaultKind) {
    match at {
        Google => {
            let endpoint = match renewal {
                true => google_sandbox::Endpoint::Refresh,
                false => google_sandbox::Endpoint::Exchange,
            };
            office
                .google
                .fault(google_sandbox::Fault::once(endpoint, kind));
        }
        Microsoft => {
            let endpoint = match renewal {
                true => microsoft_sandbox::Endpoint::Refresh,
                false => microsoft_sandbox::Endpoint::Exchange,
            };
            office
                .microsoft
                .fault(microsoft_sandbox::Fault::once(endpoint, kind));
        }
    }
}

/// Dana's account, a day after it was connected, when it is renewed like this.
async fn renewed(at: AccountProvider, kind: FaultKind) -> Fixture {
    let office = Fixture::open().await;
    office.connect(at, HERS).await.connected();
    fault(&office, at, true, kind);
    office.days_pass(1).await;
    office
}

fn refused(came: Came) -> greenroom_protocol::Error {
    match came {
        Came::Refused(refused) => refused,
        other => panic!("{other:?}"),
    }
}
