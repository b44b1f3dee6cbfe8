//! ★ What Google's refusals mean: of the token endpoint, and of the consent page (README,
//! "Refusals" and "How grants end").

use greenroom_protocol::time::Instant;
use serde::Deserialize;

use super::terms::{MAIL_SCOPE, TERMS};
use crate::grants::{Asked, Failure, Grant, Reason, Reply, standard};

/// Of a refusal no more is read, in bytes.
const MOST_BYTES: usize = 64 * 1024;

/// Apps in testing: their grants end after this.
const TESTING_SECONDS: i64 = 7 * DAY_SECONDS;

/// Grants that are not used end after this: half a year, as short as six months can be.
const UNUSED_SECONDS: i64 = 181 * DAY_SECONDS;

/// An end is noticed by the next renewal, a day later at most, if the daemon runs.
const NOTICED_SECONDS: i64 = DAY_SECONDS + 60 * 60;

const DAY_SECONDS: i64 = 24 * 60 * 60;

#[derive(Deserialize)]
struct Refused {
    error: String,
    #[serde(default)]
    error_description: String,
    #[serde(default)]
    error_subtype: String,
}

/// What a refusal of the token endpoint means.
pub(super) fn judge(reply: &Reply, asked: Asked, now: Instant) -> Failure {
    let body = Some(&reply.body[..]).filter(|body| body.len() <= MOST_BYTES);
    let refused = body.and_then(|body| serde_json::from_slice::<Refused>(body).ok());
    let Some(refused) = refused else {
        return standard(reply, asked, now);
    };
    let Refused {
        error,
        error_description,
        error_subtype,
    } = &refused;
    match (error.as_str(), error_subtype.as_str()) {
        ("invalid_grant", "invalid_rapt") => Failure::Dead(Reason::ConditionalAccess),
        ("invalid_grant", _) if error_description.contains("deleted") => {
            Failure::Dead(Reason::UserGone)
        }
        ("deleted_client" | "disabled_client", _) => Failure::Passing(Reason::AppDisabled),
        ("redirect_uri_mismatch", _) => Failure::Passing(Reason::RedirectWrong),
        (error, _) => match wall(error) {
            Some(reason) => Failure::Dead(reason),
            None => standard(reply, asked, now),
        },
    }
}

/// What an error means that comes back from the consent page, or is read from it by a person: most
/// of these pages do not come back.
pub(super) fn denial(error: &str) -> Reason {
    match error {
        "access_denied" => Reason::Declined,
        "redirect_uri_mismatch" => Reason::RedirectWrong,
        "invalid_client" | "deleted_client" => Reason::AppUnknown,
        "disabled_client" => Reason::AppDisabled,
        other => wall(other).unwrap_or(Reason::CodeRefused),
    }
}

/// A rule of the organization.
fn wall(error: &str) -> Option<Reason> {
    Some(match error {
        "admin_policy_enforced" => Reason::AdminPolicy,
        "org_internal" => Reason::OutsideOrganization,
        "app_not_configured_for_user" => Reason::AppNotForUser,
        _ => return None,
    })
}

/// Why a grant ended of which Google only says that it did. Its age and its scopes leave some
/// causes and rule others out; where several are left, the reason says that it is one of them.
pub(super) fn cause(reason: Reason, grant: &Grant, now: Instant) -> Reason {
    if reason != Reason::ReplacedElsewhere {
        return reason;
    }
    let age = grant.granted_at.map(|at| now.since(at).as_secs());
    let told = grant.ends_at.filter(|end| *end <= now);
    let life = told
        .zip(grant.granted_at)
        .map(|(end, at)| end.since(at).as_secs());
    match (life, age) {
        (Some(life), _) if life <= TESTING_SECONDS => return Reason::TestingApp,
        (Some(_), _) => return Reason::TimeLimited,
        (None, Some(age))
            if (TESTING_SECONDS..TESTING_SECONDS + NOTICED_SECONDS).contains(&age) =>
        {
            return Reason::TestingApp;
        }
        _ => {}
    }
    if now.since(grant.last_refresh).as_secs() >= UNUSED_SECONDS {
        return Reason::Unused;
    }
    match TERMS.scopes.grants(&grant.scopes, MAIL_SCOPE) {
        true => Reason::PasswordOrRemoved,
        false => Reason::ReplacedElsewhere,
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderMap;
    use zeroize::Zeroizing;

    use super::*;
    use crate::grants::Profile;

    fn noon() -> Instant {
        Instant::from_second(1_800_014_400)
    }

    fn reply(status: u16, body: &str) -> Reply {
        Reply {
            status,
            headers: HeaderMap::new(),
            body: Zeroizing::new(body.into()),
        }
    }

    #[test]
    fn every_refusal_of_the_token_endpoint_has_its_meaning() {
        use Failure::{Dead, Lost, Passing};
        for (status, body, expected) in [
            (
                400,
                r#"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#,
                Dead(Reason::ReplacedElsewhere),
            ),
            (
                400,
                r#"{"error":"invalid_grant","error_description":"reauth related error (invalid_rapt)","error_subtype":"invalid_rapt"}"#,
                Dead(Reason::ConditionalAccess),
            ),
            (
                400,
                r#"{"error":"invalid_grant","error_description":"Account has been deleted"}"#,
                Dead(Reason::UserGone),
            ),
            (
                400,
                r#"{"error":"admin_policy_enforced"}"#,
                Dead(Reason::AdminPolicy),
            ),
            (
                403,
                r#"{"error":"org_internal"}"#,
                Dead(Reason::OutsideOrganization),
            ),
            (
                401,
                r#"{"error":"invalid_client","error_description":"The OAuth client was not found."}"#,
                Passing(Reason::SecretWrong),
            ),
            (
                401,
                r#"{"error":"deleted_client"}"#,
                Passing(Reason::AppDisabled),
            ),
            (
                400,
                r#"{"error":"invalid_request"}"#,
                Passing(Reason::ProviderTrouble),
            ),
            (503, "<html>", Lost(Reason::ProviderTrouble)),
        ] {
            let found = judge(&reply(status, body), Asked::Renewal, noon());
            assert_eq!(found, expected, "{status} {body}");
        }
        let code = reply(400, r#"{"error":"invalid_grant"}"#);
        let refused = judge(&code, Asked::Exchange, noon());
        assert_eq!(refused, Dead(Reason::CodeRefused));
    }

    #[test]
    fn the_page_that_comes_back_says_which_wall_it_was() {
        for (error, expected) in [
            ("access_denied", Reason::Declined),
            ("admin_policy_enforced", Reason::AdminPolicy),
            ("org_internal", Reason::OutsideOrganization),
            ("app_not_configured_for_user", Reason::AppNotForUser),
            ("redirect_uri_mismatch", Reason::RedirectWrong),
            ("invalid_client", Reason::AppUnknown),
            ("server_error", Reason::CodeRefused),
        ] {
            assert_eq!(denial(error), expected, "{error}");
        }
    }

    #[test]
    fn the_age_and_the_scopes_of_a_grant_narrow_its_end_down() {
        let days = |days: i64| noon().plus_seconds(-days * DAY_SECONDS);
        let mail = [MAIL_SCOPE.to_owned()];
        type Row<'a> = (Option<i64>, Option<i64>, i64, &'a [String], Reason);
        let table: [Row<'_>; 9] = [
            (Some(7), None, 1, &mail, Reason::TestingApp),
            (Some(8), None, 1, &[], Reason::TestingApp),
            (Some(6), None, 1, &mail, Reason::PasswordOrRemoved),
            (Some(9), None, 1, &mail, Reason::PasswordOrRemoved),
            (Some(9), None, 1, &[], Reason::ReplacedElsewhere),
            // What Google said at the consent is sure, however late it is noticed.
            (Some(20), Some(13), 13, &mail, Reason::TestingApp),
            (Some(40), Some(10), 1, &mail, Reason::TimeLimited),
            (Some(400), None, 190, &mail, Reason::Unused),
            // Older records do not say when they were granted.
            (None, None, 1, &[], Reason::ReplacedElsewhere),
        ];
        for (granted, ended, refreshed, scopes, expected) in table {
            let grant = Grant {
                granted_at: granted.map(days),
                ends_at: ended.map(days),
                last_refresh: days(refreshed),
                scopes: scopes.to_vec(),
                ..bare()
            };
            let found = cause(Reason::ReplacedElsewhere, &grant, noon());
            assert_eq!(found, expected, "{granted:?} {ended:?} {refreshed}");
        }
        let sure = cause(Reason::UserGone, &bare(), noon());
        assert_eq!(sure, Reason::UserGone);
    }

    fn bare() -> Grant {
        Grant {
            user: Profile {
                id: "1".into(),
                email: "dana@acme.example".into(),
                name: "Dana Reyes".into(),
                plan: None,
                notes: None,
                organization: None,
            },
            client_id: "app".into(),
            scopes: Vec::new(),
            asked: Vec::new(),
            expires_at: noon(),
            last_refresh: noon(),
            refresh_attempt: None,
            user_read_at: None,
            contested_email: None,
            tenant: None,
            granted_at: None,
            ends_at: None,
        }
    }
}
