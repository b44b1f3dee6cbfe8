//! Connections against an OAuth server that is not ours: a certified one, in
//! `tests/oauth-provider`. What both sides take OAuth to be is held here, for Zoom, and in
//! `accounts` for Google and Microsoft; what is a vendor's alone is tested with its sandbox.

mod accounts;
mod provider;
mod workbench;

use std::time::{Duration, Instant};

use greenroom::callback::{Callback, Loopback, Redirect, expected_state};
use greenroom::client::Client;
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::workspace::{Reference, Role};
use greenroom_protocol::zoom::{
    ConnectAttempt, ConnectStart, Connection, ConnectionQuery, ConnectionState, PERMISSIONS,
};
use greenroom_protocol::{ErrorKind, PROTOCOL};
use greenroom_tests::harness::{
    DANA, PATIENCE, World, add_candidate, add_job, add_member, finish_of, settled, zoom_interview,
};
use tokio::task::JoinHandle;

use crate::oauth_provider::provider::{CLIENT_ID, Provider, Seen, browse, consent};

const OMAR: &str = "omar.haddad@acme.example";
const PRIYA: &str = "priya.nair@example.com";

#[tokio::test(flavor = "multi_thread")]
async fn connecting_and_disconnecting_are_what_the_standard_says() -> anyhow::Result<()> {
    let Some((world, dana)) = office().await? else {
        return Ok(());
    };
    let connected = connect(&dana).await?;
    assert_eq!(connected.state, ConnectionState::Connected);
    assert_eq!(connected.zoom_user.unwrap().email, DANA);
    assert_eq!(connected.scopes.len(), PERMISSIONS.len());
    let seen = world.zoom.seen().await?;
    let challenged = Seen::Authorized {
        authorized: "S256".into(),
    };
    assert_eq!(seen[0], challenged);
    assert!(
        matches!(&seen[1..], [Seen::Granted { granted, .. }] if granted == "authorization_code")
    );

    let pair = world.zoom.last_pair().await?;
    assert!(world.zoom.lives(&pair.access).await? && world.zoom.lives(&pair.refresh).await?);
    let released = dana.zoom_disconnect(Reference::to(DANA)).await?;
    assert!(released.revoked);
    assert!(!world.zoom.lives(&pair.access).await? && !world.zoom.lives(&pair.refresh).await?);
    assert_eq!(
        connection(&dana).await?.state,
        ConnectionState::Disconnected
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_with_another_state_is_refused_and_the_right_one_still_counts()
-> anyhow::Result<()> {
    let Some((world, dana)) = office().await? else {
        return Ok(());
    };
    let (attempt, back) = start(&dana, DANA).await?;
    let location = consent(&attempt.authorize_url).await?;
    let mut forged = location.clone();
    let code = finish_of(&attempt.attempt, location.as_str())?
        .code
        .unwrap();
    forged
        .query_pairs_mut()
        .clear()
        .append_pair("code", code.reveal())
        .append_pair("state", &format!("{}.forged", attempt.attempt));

    assert!(browse(&forged).await?.contains("Not this one"));
    let mut finish = finish_of(&attempt.attempt, forged.as_str())?;
    finish.state = Opaque::new(format!("{}.forged", attempt.attempt));
    let refused = dana.zoom_connect_finish(finish).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::NotFound, "{refused}");
    assert!(world.zoom.pairs().await?.is_empty());

    assert!(browse(&location).await?.contains("close this page"));
    let finish = back.await??.finish(attempt.attempt, PROTOCOL);
    let connected = dana.zoom_connect_finish(finish).await?;
    assert_eq!(connected.state, ConnectionState::Connected);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_without_its_verifier_is_worth_nothing() -> anyhow::Result<()> {
    let Some((world, dana)) = office().await? else {
        return Ok(());
    };
    add_member(&dana, "Omar Haddad", OMAR, &[Role::Recruiter]).await?;
    let (hers, _) = start(&dana, DANA).await?;
    let (his, _) = start(&dana, OMAR).await?;
    let her_answer = consent(&hers.authorize_url).await?;
    let her_finish = finish_of(&hers.attempt, her_answer.as_str())?;

    // Her code in his attempt: his state is right, and so his verifier goes out with it.
    let mut mixed = finish_of(&his.attempt, his.authorize_url.as_str())?;
    mixed.code.clone_from(&her_finish.code);
    let refused = dana.zoom_connect_finish(mixed).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Zoom, "{refused}");
    let pkce = Seen::Refused {
        refused: "authorization_code".into(),
        why: "PKCE verification failed".into(),
    };
    assert_eq!(world.zoom.seen().await?.last(), Some(&pkce));
    assert!(world.zoom.pairs().await?.is_empty());

    let connected = dana.zoom_connect_finish(her_finish).await?;
    assert_eq!(connected.state, ConnectionState::Connected);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_renewal_rotates_and_a_key_used_twice_ends_the_grant() -> anyhow::Result<()> {
    let Some((world, dana)) = office().await? else {
        return Ok(());
    };
    let first = {
        connect(&dana).await?;
        world.zoom.last_pair().await?
    };
    booked(&dana, 0).await?;
    let renewed = world.zoom.last_pair().await?;
    assert_ne!(renewed.refresh, first.refresh);
    assert!(world.zoom.lives(&renewed.refresh).await?);
    assert_eq!(connection(&dana).await?.state, ConnectionState::Connected);

    // Somebody has a copy of the first key. The provider cannot know which of the two is the thief,
    // and ends both.
    let refused = world.zoom.renew(&first.refresh).await?;
    assert_eq!(refused["error"], "invalid_grant");
    assert!(!world.zoom.lives(&renewed.refresh).await?);

    planned(&dana, 60).await?;
    let ended = when_it_stands(&dana, ConnectionState::ReconnectRequired).await?;
    let reason = ended.reason.unwrap();
    assert!(reason.contains("replaced elsewhere"), "{reason}");
    assert_eq!(connect(&dana).await?.state, ConnectionState::Connected);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stolen_key_serves_the_thief_until_ours_is_used() -> anyhow::Result<()> {
    let Some((world, dana)) = office().await? else {
        return Ok(());
    };
    connect(&dana).await?;
    let ours = world.zoom.last_pair().await?;
    let stolen = world.zoom.renew(&ours.refresh).await?;
    let stolen = stolen["refresh_token"].as_str().unwrap();
    assert!(world.zoom.lives(stolen).await?);

    planned(&dana, 0).await?;
    when_it_stands(&dana, ConnectionState::ReconnectRequired).await?;
    assert!(!world.zoom.lives(stolen).await?);
    Ok(())
}

/// A daemon whose Zoom is the provider, and Dana; nothing where there is no provider.
async fn office() -> anyhow::Result<Option<(World<Provider>, Client)>> {
    let Some(provider) = Provider::start().await? else {
        return Ok(None);
    };
    let (oauth_url, api_url) = (provider.origin(), provider.api_url());
    let program = env!("CARGO_BIN_EXE_demo");
    let world = World::around(program, provider, &oauth_url, &api_url, CLIENT_ID).await?;
    let (dana, _) = world.set_up().await?;
    add_job(&dana, "Platform Engineer").await?;
    add_candidate(&dana, "Priya Nair", PRIYA, "Platform Engineer").await?;
    Ok(Some((world, dana)))
}

/// An attempt, and what its browser brings to a port of ours.
async fn start(
    client: &Client,
    member: &str,
) -> anyhow::Result<(ConnectAttempt, JoinHandle<std::io::Result<Redirect>>)> {
    let callback = Callback::bind(0, Loopback::Address).await?;
    let start = ConnectStart {
        member: Some(member.into()),
        redirect_uri: callback.redirect_uri().into(),
    };
    let attempt = client.zoom_connect_start(start).await?;
    let state = expected_state(&attempt.authorize_url).unwrap();
    Ok((attempt, tokio::spawn(callback.wait(state))))
}

async fn connect(client: &Client) -> anyhow::Result<Connection> {
    let (attempt, back) = start(client, DANA).await?;
    browse(&consent(&attempt.authorize_url).await?).await?;
    let finish = back.await??.finish(attempt.attempt, PROTOCOL);
    Ok(client.zoom_connect_finish(finish).await?)
}

/// An interview on Dana's Zoom: its meeting is asked for with keys that are renewed first.
async fn planned(client: &Client, minutes: i64) -> anyhow::Result<String> {
    let planned = client.interview_new(zoom_interview(PRIYA, minutes)).await?;
    Ok(planned.interview.id.to_string())
}

/// The same, once the provider's side has answered that it makes no meetings.
async fn booked(client: &Client, minutes: i64) -> anyhow::Result<()> {
    let id = planned(client, minutes).await?;
    settled(client, &id).await.map(drop)
}

async fn connection(client: &Client) -> anyhow::Result<Connection> {
    Ok(client.zoom_status(ConnectionQuery::default()).await?)
}

/// The connection once it stands so.
async fn when_it_stands(client: &Client, state: ConnectionState) -> anyhow::Result<Connection> {
    let until = Instant::now() + PATIENCE;
    let mut revision = client.hello().revision;
    loop {
        let connection = connection(client).await?;
        if connection.state == state {
            return Ok(connection);
        }
        anyhow::ensure!(
            Instant::now() < until,
            "it never came to that: {connection:?}"
        );
        let changes = client.changes(revision, Duration::from_secs(5)).await?;
        revision = changes.revision;
    }
}
