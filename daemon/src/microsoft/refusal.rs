//! ★ What Microsoft's refusals mean: of the token endpoint, and of the consent page (README,
//! "Refusals").
//!
//! Whether keys are dead, OAuth's own word says; the AADSTS number only says why, for Microsoft
//! warns that numbers change.

use greenroom_protocol::time::Instant;
use serde::Deserialize;

use crate::grants::{Asked, Failure, Reason, Reply, believed, standard};

/// Of a refusal no more is read, in bytes.
const MOST_BYTES: usize = 64 * 1024;

/// How long somebody waits who asked again and again.
const LOOP_SECONDS: i64 = 5 * 60;

#[derive(Deserialize)]
struct Refused {
    error: String,
    #[serde(default)]
    error_description: String,
    #[serde(default)]
    error_codes: Vec<u32>,
    #[serde(default)]
    suberror: String,
}

/// What a refusal of the token endpoint means.
pub(super) fn judge(reply: &Reply, asked: Asked, now: Instant) -> Failure {
    let body = Some(&reply.body[..]).filter(|body| body.len() <= MOST_BYTES);
    let refused = body.and_then(|body| serde_json::from_slice::<Refused>(body).ok());
    let Some(refused) = refused else {
        return standard(reply, asked, now);
    };
    let in_text = number_in(&refused.error_description);
    let numbers: Vec<_> = in_text.into_iter().chain(refused.error_codes).collect();
    if numbers.contains(&CLIENT_LOOP) {
        let until = believed(now.plus_seconds(LOOP_SECONDS), now);
        return Failure::Limited { until };
    }
    let named = numbers.iter().find_map(|number| reason_of(*number, asked));
    let named = named.or(match refused.suberror.as_str() {
        "consent_required" => Some(Reason::ConsentMissing),
        _ => None,
    });
    match refused.error.as_str() {
        "invalid_grant" => Failure::Dead(named.unwrap_or(asked.dead())),
        "interaction_required" => Failure::Dead(named.unwrap_or(Reason::ConditionalAccess)),
        "consent_required" => Failure::Dead(named.unwrap_or(Reason::ConsentMissing)),
        "login_required" => Failure::Dead(named.unwrap_or(asked.dead())),
        _ => match (named, standard(reply, asked, now)) {
            (Some(reason), Failure::Passing(_)) => Failure::Passing(reason),
            (_, failure) => failure,
        },
    }
}

/// What an error means that comes back from the consent page.
pub(super) fn denial(error: &str, description: Option<&str>) -> Reason {
    let number = description.and_then(number_in);
    let named = number.and_then(|number| reason_of(number, Asked::Exchange));
    named.unwrap_or(match error {
        "access_denied" => Reason::Declined,
        "consent_required" => Reason::ConsentMissing,
        "unauthorized_client" => Reason::AppUnknown,
        "invalid_resource" => Reason::ResourceMissing,
        _ => Reason::CodeRefused,
    })
}

/// Microsoft's word against a client that asks the same again and again. It comes as
/// `invalid_grant`, and nothing is dead.
const CLIENT_LOOP: u32 = 50196;

/// What an AADSTS number says of the cause; `None`: nothing of its own.
const fn reason_of(number: u32, asked: Asked) -> Option<Reason> {
    Some(match number {
        // Keys that ended: by age, by a rule of how often to sign in, by the password.
        700_082 => Reason::Unused,
        70_008 => match asked {
            Asked::Exchange => Reason::CodeRefused,
            Asked::Renewal => Reason::Unused,
        },
        50_173 | 50_055 => Reason::PasswordChanged,
        50_132 | 50_133 | 700_084 => Reason::ReplacedElsewhere,
        // A second factor: now, or not enrolled.
        50_072 | 50_074 | 50_076 | 50_078 | 50_079 | 50_158 => Reason::MfaRequired,
        // Conditional access: the device, the network, how often to sign in.
        53_000..=53_003 | 530_021 | 530_034 | 70_043 | 70_044 => Reason::ConditionalAccess,
        50_034 | 50_057 => Reason::UserGone,
        65_001 => Reason::ConsentMissing,
        65_004 => Reason::Declined,
        90_094 | 900_941 | 90_095 => Reason::AdminConsent,
        700_016 => Reason::AppUnknown,
        90_002 | 900_023 | 50_059 | 50_194 => Reason::TenantUnknown,
        50_011 => Reason::RedirectWrong,
        7_000_218 | 700_025 => Reason::ClientKind,
        50_020 | 50_128 => Reason::OutsideOrganization,
        50_105 => Reason::AppNotForUser,
        500_011 | 650_052 | 650_057 => Reason::ResourceMissing,
        7_000_112 | 500_014 => Reason::AppDisabled,
        7_000_215 | 7_000_222 => Reason::SecretWrong,
        54_005 | 70_000 => match asked {
            Asked::Exchange => Reason::CodeRefused,
            Asked::Renewal => Reason::ReplacedElsewhere,
        },
        _ => return None,
    })
}

/// The number after `AADSTS`.
fn number_in(text: &str) -> Option<u32> {
    let (_, rest) = text.split_once("AADSTS")?;
    let digits = rest.find(|it: char| !it.is_ascii_digit());
    rest[..digits.unwrap_or(rest.len())].parse().ok()
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderMap;
    use zeroize::Zeroizing;

    use super::*;

    fn noon() -> Instant {
        Instant::from_second(1_800_014_400)
    }

    fn refused(status: u16, error: &str, number: u32) -> Reply {
        let body = format!(
            r#"{{"error":"{error}","error_description":"AADSTS{number}: why it is.\r\nTrace ID: 0000aaaa-11bb-cccc-dd22-eeeeee333333","error_codes":[{number}],"timestamp":"2026-11-30 02:02:12Z"}}"#
        );
        Reply {
            status,
            headers: HeaderMap::new(),
            body: Zeroizing::new(body.into()),
        }
    }

    #[test]
    fn every_number_has_its_meaning_and_only_dead_keys_are_dead() {
        use Failure::{Dead, Passing};
        for (error, number, expected) in [
            ("invalid_grant", 700_082, Dead(Reason::Unused)),
            ("invalid_grant", 70_008, Dead(Reason::Unused)),
            ("invalid_grant", 50_173, Dead(Reason::PasswordChanged)),
            ("invalid_grant", 50_133, Dead(Reason::ReplacedElsewhere)),
            ("interaction_required", 50_076, Dead(Reason::MfaRequired)),
            ("invalid_grant", 50_079, Dead(Reason::MfaRequired)),
            (
                "interaction_required",
                53_003,
                Dead(Reason::ConditionalAccess),
            ),
            ("invalid_grant", 70_043, Dead(Reason::ConditionalAccess)),
            ("invalid_grant", 65_001, Dead(Reason::ConsentMissing)),
            ("invalid_grant", 90_094, Dead(Reason::AdminConsent)),
            ("invalid_grant", 50_020, Dead(Reason::OutsideOrganization)),
            ("invalid_grant", 50_105, Dead(Reason::AppNotForUser)),
            ("invalid_grant", 50_057, Dead(Reason::UserGone)),
            ("invalid_grant", 999_999, Dead(Reason::ReplacedElsewhere)),
            ("unauthorized_client", 700_016, Passing(Reason::AppUnknown)),
            ("invalid_request", 90_002, Passing(Reason::TenantUnknown)),
            ("invalid_client", 7_000_218, Passing(Reason::ClientKind)),
            ("invalid_client", 700_025, Passing(Reason::ClientKind)),
            ("invalid_client", 50_011, Passing(Reason::RedirectWrong)),
            (
                "invalid_resource",
                500_011,
                Passing(Reason::ResourceMissing),
            ),
            (
                "unauthorized_client",
                7_000_112,
                Passing(Reason::AppDisabled),
            ),
            ("invalid_client", 999_999, Passing(Reason::SecretWrong)),
            ("invalid_request", 999_999, Passing(Reason::ProviderTrouble)),
        ] {
            let found = judge(&refused(400, error, number), Asked::Renewal, noon());
            assert_eq!(found, expected, "{error} {number}");
        }
        let code = judge(
            &refused(400, "invalid_grant", 70_008),
            Asked::Exchange,
            noon(),
        );
        assert_eq!(code, Dead(Reason::CodeRefused));
    }

    #[test]
    fn a_client_in_a_loop_waits_and_loses_nothing() {
        let found = judge(
            &refused(400, "invalid_grant", CLIENT_LOOP),
            Asked::Renewal,
            noon(),
        );
        let until = noon().plus_seconds(LOOP_SECONDS);
        assert_eq!(found, Failure::Limited { until });
    }

    #[test]
    fn without_a_number_the_words_of_the_standard_count() {
        let bare = |status, body: &str| Reply {
            status,
            headers: HeaderMap::new(),
            body: Zeroizing::new(body.into()),
        };
        let consent = bare(
            400,
            r#"{"error":"invalid_grant","suberror":"consent_required"}"#,
        );
        assert_eq!(
            judge(&consent, Asked::Renewal, noon()),
            Failure::Dead(Reason::ConsentMissing)
        );
        let gateway = bare(502, "<html>");
        assert_eq!(
            judge(&gateway, Asked::Renewal, noon()),
            Failure::Lost(Reason::ProviderTrouble)
        );
    }

    #[test]
    fn the_page_that_comes_back_says_which_wall_it_was() {
        for (error, description, expected) in [
            ("access_denied", None, Reason::Declined),
            (
                "access_denied",
                Some("AADSTS65004: User declined to consent to access the app."),
                Reason::Declined,
            ),
            (
                "access_denied",
                Some("AADSTS90094: The grant requires admin permission."),
                Reason::AdminConsent,
            ),
            (
                "consent_required",
                Some("AADSTS900941: x"),
                Reason::AdminConsent,
            ),
            ("consent_required", None, Reason::ConsentMissing),
            (
                "invalid_request",
                Some("AADSTS50011: The redirect URI does not match."),
                Reason::RedirectWrong,
            ),
            ("unauthorized_client", None, Reason::AppUnknown),
            (
                "invalid_resource",
                Some("AADSTS500011: x"),
                Reason::ResourceMissing,
            ),
            ("server_error", Some("AADSTS: none"), Reason::CodeRefused),
        ] {
            assert_eq!(
                denial(error, description),
                expected,
                "{error} {description:?}"
            );
        }
    }
}
