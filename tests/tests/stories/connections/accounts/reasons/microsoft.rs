//! What only Microsoft can say, by its own doing, and by what only its numbers tell.

use greenroom_protocol::zoom::ConnectionState as S;
use greenroom_tests::harness::DANA;
use greenroom_tests::sandbox::microsoft::{Block, Death, UserConsent};
use greenroom_tests::sandbox::{Decision, microsoft};
use greenroomd::grants::ConnectionId;
use greenroomd::microsoft::OUTLOOK;

use super::super::fixture::{Fixture, HERS, Microsoft, browse};
use super::{Row, fault, refused, renewed, row, said};

pub(super) fn rows() -> Vec<Row> {
    let (lost, off) = (S::ReconnectRequired, S::Disconnected);
    vec![
        row(Microsoft, lost, "unused", microsoft_unused()),
        row(
            Microsoft,
            lost,
            "password-changed",
            microsoft_death(Death::Revoked),
        ),
        row(
            Microsoft,
            lost,
            "mfa-required",
            microsoft_death(Death::SecondFactor),
        ),
        row(
            Microsoft,
            lost,
            "mfa-required",
            microsoft_death(Death::SetUpSecondFactor),
        ),
        row(
            Microsoft,
            lost,
            "conditional-access",
            microsoft_block(Block::ConditionalAccess),
        ),
        row(
            Microsoft,
            lost,
            "user-gone",
            microsoft_block(Block::Disabled),
        ),
        row(
            Microsoft,
            lost,
            "consent-missing",
            microsoft_consent_removed(),
        ),
        row(Microsoft, off, "admin-consent", microsoft_managed()),
        row(
            Microsoft,
            lost,
            "replaced-elsewhere",
            number("invalid_grant", 50_132),
        ),
        row(
            Microsoft,
            lost,
            "outside-organization",
            number("invalid_grant", 50_020),
        ),
        row(
            Microsoft,
            lost,
            "app-not-for-user",
            number("invalid_grant", 50_105),
        ),
        row(
            Microsoft,
            S::Retrying,
            "app-unknown",
            number("unauthorized_client", 700_016),
        ),
        row(
            Microsoft,
            S::Retrying,
            "tenant-unknown",
            number("invalid_request", 90_002),
        ),
        row(
            Microsoft,
            S::Retrying,
            "client-kind",
            number("invalid_client", 7_000_218),
        ),
        row(
            Microsoft,
            S::Retrying,
            "client-kind",
            number("invalid_client", 700_025),
        ),
        row(
            Microsoft,
            S::Retrying,
            "redirect-wrong",
            number("invalid_client", 50_011),
        ),
        row(
            Microsoft,
            S::Retrying,
            "app-disabled",
            number("unauthorized_client", 7_000_112),
        ),
        row(
            Microsoft,
            S::Retrying,
            "resource-missing",
            microsoft_without_exchange(),
        ),
    ]
}

async fn microsoft_unused() -> Fixture {
    let office = Fixture::open().await;
    office.connect(Microsoft, HERS).await.connected();
    office.days_pass(91).await;
    office
}

async fn microsoft_death(how: Death) -> Fixture {
    let office = Fixture::open().await;
    office.connect(Microsoft, HERS).await.connected();
    office.microsoft.end_grants(DANA, how).unwrap();
    office.days_pass(1).await;
    office
}

async fn microsoft_block(block: Block) -> Fixture {
    let office = Fixture::open().await;
    office.connect(Microsoft, HERS).await.connected();
    office.microsoft.block(DANA, Some(block)).unwrap();
    office.days_pass(1).await;
    office
}

async fn microsoft_consent_removed() -> Fixture {
    let office = Fixture::open().await;
    office.connect(Microsoft, HERS).await.connected();
    office.microsoft.remove_consent(DANA).unwrap();
    office.days_pass(1).await;
    office
}

/// Users may not consent to mail, and go back from the page that says so.
async fn microsoft_managed() -> Fixture {
    let config = microsoft::Config::default().consenting(UserConsent::Managed);
    let office = Fixture::with(Default::default(), config, "maildir").await;
    let attempt = office.start(Microsoft, HERS, &[]).await.unwrap();
    let back = match browse(&attempt, DANA, Decision::Allow).await {
        Ok(back) => back,
        Err(page) => {
            assert!(page.contains("AADSTS90094"), "{page}");
            let words = "AADSTS90094%3A%20The%20grant%20requires%20admin%20permission.";
            let state = attempt.authorize_url.split("state=").nth(1).unwrap();
            let state = state.split('&').next().unwrap();
            let redirect = &attempt.redirect_uri;
            format!("{redirect}?state={state}&error=access_denied&error_description={words}")
        }
    };
    refused(office.finish(&attempt, &back).await);
    office
}

async fn microsoft_without_exchange() -> Fixture {
    let office = Fixture::open().await;
    office.connect(Microsoft, HERS).await.connected();
    fault(&office, Microsoft, true, said("invalid_resource", 500_011));
    let who: ConnectionId = office.who(HERS);
    office
        .grants(Microsoft)
        .ready(who.to(OUTLOOK))
        .await
        .unwrap_err();
    office
}

fn number(error: &'static str, number: u32) -> impl Future<Output = Fixture> {
    renewed(Microsoft, said(error, number))
}
