//! ★ From what the domain name system says of a domain to its mail system.

use greenroom_protocol::mail_settings::{MailDiscovered, MailSecurity, MailServer, MailSystem};

use super::dns::Found;
use crate::mail_settings::systems;

/// The system of an address. `said`: the person says which it is.
pub(super) fn decide(
    address: &str,
    domain: &str,
    said: Option<MailSystem>,
    found: &Found,
) -> MailDiscovered {
    let (system, because, exchanger) = match said {
        Some(system) => (Some(system), None, found.exchangers.first()),
        None => judged(domain, found),
    };
    let exchanger = exchanger.map(String::as_str);
    let shown = system.unwrap_or(MailSystem::Other);
    let described = systems::described(shown, address, exchanger);
    // What the domain itself names goes before what is known of a system, but for those that name
    // their servers to everybody.
    let own = matches!(shown, MailSystem::Exchange | MailSystem::Other);
    let (smtp, imap) = match own {
        true => (submission(found, address), imaps(found, address)),
        false => (None, None),
    };
    MailDiscovered {
        system,
        because,
        smtp: smtp.or(described.smtp),
        imap: imap.or(described.imap),
        ..described
    }
}

/// The system, why it is that, and the server that says so.
fn judged<'a>(
    domain: &str,
    found: &'a Found,
) -> (Option<MailSystem>, Option<String>, Option<&'a String>) {
    if let Some(why) = &found.problem {
        let because = format!("{domain} could not be looked up: {why}");
        return (None, Some(because), None);
    }
    for exchanger in &found.exchangers {
        if let Some(system) = systems::of_exchanger(exchanger) {
            let because = format!("its MX is {exchanger}");
            return (Some(system), Some(because), Some(exchanger));
        }
    }
    // A filter stands before the mailboxes: who answers for the programs tells where they are.
    let at_microsoft = |name: &&str| *name == "outlook.com" || name.ends_with(".outlook.com");
    if let Some(name) = found.autodiscover.as_deref().filter(at_microsoft) {
        let because = format!("autodiscover.{domain} is {name}");
        return (Some(MailSystem::Microsoft), Some(because), None);
    }
    let named = found.submissions.is_some() || found.submission.is_some();
    if named && found.imaps.is_some() {
        let because = format!("{domain} names its own servers for mail programs");
        return (Some(MailSystem::Other), Some(because), None);
    }
    if let Some(name) = &found.autodiscover {
        let because = format!("there is {name}, as Exchange has it");
        return (Some(MailSystem::Exchange), Some(because), None);
    }
    let because = match (found.exchangers.first(), found.autoconfig) {
        (Some(exchanger), _) => {
            format!("its MX is {exchanger}, which is no system that is known here")
        }
        (None, true) => format!("{domain} has settings for mail programs, and no MX"),
        (None, false) => format!("{domain} has no MX: it may get no email at all"),
    };
    (None, Some(because), None)
}

/// Where emails are handed over, as the domain says. Source: RFC 8314, 5.1: TLS from the first byte
/// goes before STARTTLS.
fn submission(found: &Found, address: &str) -> Option<MailServer> {
    let tls = found.submissions.as_ref().map(|it| (it, MailSecurity::Tls));
    let starttls = found
        .submission
        .as_ref()
        .map(|it| (it, MailSecurity::Starttls));
    let ((host, port), security) = tls.or(starttls)?;
    Some(MailServer {
        host: host.clone(),
        port: *port,
        security,
        user: Some(address.to_owned()),
    })
}

fn imaps(found: &Found, address: &str) -> Option<MailServer> {
    let (host, port) = found.imaps.as_ref()?;
    Some(MailServer {
        host: host.clone(),
        port: *port,
        security: MailSecurity::Tls,
        user: Some(address.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found() -> Found {
        Found::default()
    }

    fn at(host: &str, port: u16) -> Option<(String, u16)> {
        Some((host.to_owned(), port))
    }

    #[test]
    fn a_domain_tells_its_system() {
        for (found, system, because) in [
            (
                Found {
                    exchangers: vec!["aspmx.l.google.com".into()],
                    ..found()
                },
                Some(MailSystem::Google),
                "its MX is aspmx.l.google.com",
            ),
            // A filter takes the mail; the mailboxes are elsewhere.
            (
                Found {
                    exchangers: vec!["mx1.filter.example".into()],
                    autodiscover: Some("autodiscover.outlook.com".into()),
                    ..found()
                },
                Some(MailSystem::Microsoft),
                "autodiscover.acme.example is autodiscover.outlook.com",
            ),
            (
                Found {
                    exchangers: vec!["mx.acme.example".into()],
                    submissions: at("mail.acme.example", 465),
                    imaps: at("mail.acme.example", 993),
                    ..found()
                },
                Some(MailSystem::Other),
                "acme.example names its own servers for mail programs",
            ),
            (
                Found {
                    exchangers: vec!["mx.acme.example".into()],
                    autodiscover: Some("autodiscover.acme.example".into()),
                    ..found()
                },
                Some(MailSystem::Exchange),
                "there is autodiscover.acme.example, as Exchange has it",
            ),
            (
                Found {
                    exchangers: vec!["mx.acme.example".into()],
                    ..found()
                },
                None,
                "its MX is mx.acme.example, which is no system that is known here",
            ),
            (
                found(),
                None,
                "acme.example has no MX: it may get no email at all",
            ),
            (
                Found {
                    problem: Some("no name server answers".into()),
                    ..found()
                },
                None,
                "acme.example could not be looked up: no name server answers",
            ),
        ] {
            let it = decide("jobs@acme.example", "acme.example", None, &found);
            assert_eq!(it.system, system, "{found:?}");
            assert_eq!(it.because.as_deref(), Some(because));
            assert!(!it.own_steps.is_empty(), "what is not known is asked for");
        }
    }

    #[test]
    fn servers_that_a_domain_names_are_proposed() {
        let found = Found {
            submission: at("smtp.acme.example", 587),
            imaps: at("imap.acme.example", 993),
            ..found()
        };
        let it = decide(
            "jobs@acme.example",
            "acme.example",
            Some(MailSystem::Other),
            &found,
        );
        let smtp = it.smtp.expect("a server");
        assert_eq!((smtp.host.as_str(), smtp.port), ("smtp.acme.example", 587));
        assert_eq!(smtp.security, MailSecurity::Starttls);
        assert_eq!(it.imap.expect("a server").security, MailSecurity::Tls);
        assert_eq!(it.because, None, "the person said so");
    }
}
