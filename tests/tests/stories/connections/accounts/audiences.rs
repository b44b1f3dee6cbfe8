//! One refresh token of Microsoft's serves Graph and Exchange Online, each by an access token of its
//! own.

use greenroom_protocol::account::Purpose;
use greenroom_protocol::zoom::ConnectionState as S;
use greenroom_tests::sandbox::microsoft;
use greenroom_tests::sandbox::microsoft::FaultKind;
use greenroomd::grants::{KeysSeen, Reason, Unavailable};
use greenroomd::microsoft::OUTLOOK;
use secrecy::ExposeSecret as _;

use super::fixture::{Fixture, HERS, Microsoft, Of};

const SMTP: &str = "https://outlook.office.com/SMTP.Send";

/// The tokens a caller is handed, in the order of the calls.
async fn token(office: &Fixture, outlook: bool) -> String {
    let who = office.who(Of::Workspace);
    let wanted = match outlook {
        true => who.to(OUTLOOK),
        false => who.into(),
    };
    let grants = office.grants(Microsoft);
    let ask = |secret: secrecy::SecretString| async move { secret.expose_secret().to_owned() };
    grants.call(wanted, ask, |_| KeysSeen::Taken).await.unwrap()
}

/// Requests for keys, by what they named.
fn scopes_asked(office: &Fixture) -> Vec<String> {
    let exchanges = office.microsoft.exchanges().into_iter();
    let tokens = exchanges.filter(|it| it.path.ends_with("/oauth2/v2.0/token"));
    let scope = |body: Vec<u8>| {
        let mut fields = url::form_urlencoded::parse(&body);
        let found = fields.find(|(name, _)| name == "scope");
        found
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    };
    tokens.map(|it| scope(it.sent.bytes)).collect()
}

#[tokio::test]
async fn one_consent_serves_both_and_each_request_for_keys_names_one() {
    let office = Fixture::open().await;
    office.connect(Microsoft, Of::Workspace).await.connected();
    let graph = token(&office, false).await;
    let outlook = token(&office, true).await;
    assert_ne!(graph, outlook);
    // Both live on side by side, and the next calls get the same.
    assert_eq!(token(&office, false).await, graph);
    assert_eq!(token(&office, true).await, outlook);

    let asked = scopes_asked(&office);
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert!(
        asked[0].contains("Mail.Send") && !asked[0].contains("outlook"),
        "{asked:?}"
    );
    assert!(
        asked[1].starts_with(SMTP) && asked[1].ends_with("offline_access"),
        "{asked:?}"
    );
    let ours = office.account(Microsoft, Of::Workspace).await;
    assert!(
        ours.scopes.iter().any(|scope| scope == SMTP),
        "{:?}",
        ours.scopes
    );
    assert_eq!(ours.purposes, Purpose::ALL);
    assert_eq!(ours.reason, None);
}

#[tokio::test]
async fn renewals_for_both_wait_for_each_other_and_both_are_kept() {
    let office = Fixture::open().await;
    office.connect(Microsoft, Of::Workspace).await.connected();
    token(&office, true).await;
    office.seconds_pass(2 * 60 * 60);
    let before = scopes_asked(&office).len();
    let calls = (0..8).map(|number| token(&office, number % 2 == 0));
    let tokens = futures::future::join_all(calls).await;
    for pair in tokens.chunks(2) {
        assert_eq!(pair, &tokens[..2], "callers of one audience get one token");
    }
    assert_ne!(tokens[0], tokens[1]);
    assert_eq!(
        scopes_asked(&office).len() - before,
        2,
        "a renewal for each"
    );
}

#[tokio::test]
async fn a_token_that_one_of_them_refuses_is_renewed_for_that_one() {
    let office = Fixture::open().await;
    office.connect(Microsoft, Of::Workspace).await.connected();
    let refused = token(&office, true).await;
    let graph = token(&office, false).await;
    // Graph's is renewed meanwhile, so the generation says nothing of Exchange's.
    let before = scopes_asked(&office).len();
    let grants = office.grants(Microsoft);
    let ask = |secret: secrecy::SecretString| async move { secret.expose_secret().to_owned() };
    let seen = |token: &String| match *token == refused {
        true => KeysSeen::Refused(Reason::ProviderTrouble),
        false => KeysSeen::Taken,
    };
    let wanted = office.who(Of::Workspace).to(OUTLOOK);
    let fresh = grants.call(wanted, ask, seen).await.unwrap();
    assert_ne!(fresh, refused);
    assert_eq!(scopes_asked(&office).len() - before, 1);
    assert_eq!(token(&office, false).await, graph);
}

#[tokio::test]
async fn what_was_not_asked_for_is_not_tried() {
    let office = Fixture::open().await;
    office
        .connect_for(Microsoft, HERS, &[Purpose::FreeBusy])
        .await
        .connected();
    let before = scopes_asked(&office).len();
    let grants = office.grants(Microsoft);
    let refused = grants
        .ready(office.who(HERS).to(OUTLOOK))
        .await
        .unwrap_err();
    assert!(matches!(refused, Unavailable::NotGranted), "{refused:?}");
    assert_eq!(scopes_asked(&office).len(), before);
    grants.ready(office.who(HERS)).await.unwrap();
}

/// The former refresh token goes on working, so a lost answer loses nothing.
#[tokio::test]
async fn a_lost_answer_for_one_audience_loses_neither() {
    let office = Fixture::open().await;
    office.connect(Microsoft, Of::Workspace).await.connected();
    let lost = microsoft::Fault::once(microsoft::Endpoint::Refresh, FaultKind::LostAfter);
    office.microsoft.fault(lost);
    let wanted = office.who(Of::Workspace).to(OUTLOOK);
    let grants = office.grants(Microsoft);
    let waits = grants.ready(wanted).await.unwrap_err();
    assert!(matches!(waits, Unavailable::Retrying { .. }), "{waits:?}");
    office.seconds_pass(60);
    office.daemon.tend().await.unwrap();
    grants.ready(wanted).await.unwrap();
    let ours = office.account(Microsoft, Of::Workspace).await;
    assert_eq!((ours.state, ours.reason), (S::Connected, None));
}
