//! ★ The mail systems people have, their servers, how one logs in, and what has to be allowed first.
//!
//! Owns one table, which the README shows. Sources, for servers and ports:
//! Fastmail <https://www.fastmail.com/help/technical/servernamesandports.html>,
//! iCloud <https://support.apple.com/102525>,
//! Zoho <https://www.zoho.com/mail/help/imap-access.html>; for what Google and Microsoft take since
//! 2025: <https://support.google.com/a/answer/14114704>,
//! <https://techcommunity.microsoft.com/blog/exchange/updated-exchange-online-smtp-auth-basic-authentication-deprecation-timeline/4489835>.

use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::mail_settings::{
    MailDiscovered, MailLogIn, MailSecurity, MailServer, MailSystem, MailTransport,
};

/// How a name in the domain name system tells a system: by its end.
const BY_EXCHANGER: &[(&str, MailSystem)] = &[
    ("google.com", MailSystem::Google),
    ("googlemail.com", MailSystem::Google),
    ("mail.protection.outlook.com", MailSystem::Microsoft),
    ("mx.microsoft", MailSystem::Microsoft),
    ("messagingengine.com", MailSystem::Fastmail),
    ("mail.icloud.com", MailSystem::Icloud),
    ("zoho.com", MailSystem::Zoho),
    ("zoho.eu", MailSystem::Zoho),
    ("zoho.in", MailSystem::Zoho),
    ("zoho.com.au", MailSystem::Zoho),
    ("zoho.jp", MailSystem::Zoho),
    ("zohomail.com", MailSystem::Zoho),
];

/// The domains of addresses that a system gives to everybody.
const BY_DOMAIN: &[(&str, MailSystem)] = &[
    ("gmail.com", MailSystem::Google),
    ("googlemail.com", MailSystem::Google),
    ("outlook.com", MailSystem::Microsoft),
    ("hotmail.com", MailSystem::Microsoft),
    ("fastmail.com", MailSystem::Fastmail),
    ("fastmail.fm", MailSystem::Fastmail),
    ("icloud.com", MailSystem::Icloud),
    ("me.com", MailSystem::Icloud),
    ("mac.com", MailSystem::Icloud),
    ("zohomail.com", MailSystem::Zoho),
];

/// The system whose servers take a domain's mail, by the name of one.
pub(super) fn of_exchanger(name: &str) -> Option<MailSystem> {
    let is_below = |end: &str| {
        name == end
            || name
                .strip_suffix(end)
                .is_some_and(|before| before.ends_with('.'))
    };
    let known = BY_EXCHANGER.iter().find(|(end, _)| is_below(end));
    known.map(|(_, system)| *system)
}

/// The system that gives out addresses of this domain.
pub(super) fn of_domain(domain: &str) -> Option<MailSystem> {
    let known = BY_DOMAIN.iter().find(|(name, _)| *name == domain);
    known.map(|(_, system)| *system)
}

/// The name of a system for people.
pub(super) const fn name(system: MailSystem) -> &'static str {
    match system {
        MailSystem::Google => "Google Workspace",
        MailSystem::Microsoft => "Microsoft 365",
        MailSystem::Exchange => "Exchange",
        MailSystem::Fastmail => "Fastmail",
        MailSystem::Icloud => "iCloud",
        MailSystem::Zoho => "Zoho",
        MailSystem::Other => "another mail server",
    }
}

/// What is known of a system, for this address. `exchanger` is the name of a server that takes its
/// mail, where that was found.
pub(super) fn described(
    system: MailSystem,
    address: &str,
    exchanger: Option<&str>,
) -> MailDiscovered {
    let server = |host: String, port, security| MailServer {
        host,
        port,
        security,
        user: Some(address.to_owned()),
    };
    let tls = |host: String, port| Some(server(host, port, MailSecurity::Tls));
    let starttls = |host: String| Some(server(host, 587, MailSecurity::Starttls));
    let (smtp, imap) = match system {
        MailSystem::Google => (
            tls("smtp.gmail.com".into(), 465),
            tls("imap.gmail.com".into(), 993),
        ),
        MailSystem::Microsoft => (
            starttls("smtp.office365.com".into()),
            tls("outlook.office365.com".into(), 993),
        ),
        MailSystem::Fastmail => (
            tls("smtp.fastmail.com".into(), 465),
            tls("imap.fastmail.com".into(), 993),
        ),
        MailSystem::Icloud => (
            starttls("smtp.mail.me.com".into()),
            tls("imap.mail.me.com".into(), 993),
        ),
        MailSystem::Zoho => {
            let region = region(exchanger);
            // Zoho has other servers for the addresses it gives to everybody than for companies.
            let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
            let pro = match of_domain(domain) {
                Some(MailSystem::Zoho) => "",
                _ => "pro",
            };
            (
                tls(format!("smtp{pro}.zoho.{region}"), 465),
                tls(format!("imap{pro}.zoho.{region}"), 993),
            )
        }
        MailSystem::Exchange | MailSystem::Other => (None, None),
    };
    let (log_in, admin, own) = steps(system);
    let lines = |lines: &[&str]| {
        let with_address = |line: &&str| line.replace("ADDRESS", address);
        lines.iter().map(with_address).collect()
    };
    MailDiscovered {
        system: Some(system),
        because: None,
        transport: MailTransport::Smtp,
        smtp,
        imap,
        log_in,
        admin_steps: lines(admin),
        own_steps: lines(own),
    }
}

/// Where a Zoho account lives: `com`, or the region of its servers.
fn region(exchanger: Option<&str>) -> &str {
    let region = exchanger.and_then(|name| name.rsplit_once("zoho."));
    match region {
        Some((_, region @ ("eu" | "in" | "com.au" | "jp"))) => region,
        _ => "com",
    }
}

/// How one logs in, what the administrator there allows first, and what the person does.
const fn steps(
    system: MailSystem,
) -> (MailLogIn, &'static [&'static str], &'static [&'static str]) {
    match system {
        MailSystem::Google => (
            MailLogIn::Account(AccountProvider::Google),
            &[
                "In the Google Admin console, under API controls, turn on \"Trust internal apps\"",
                "Google takes no plain passwords since May 2025. An app password works where 2-Step Verification is on and the admin allows it",
            ],
            &[
                "Connect ADDRESS, or make an app password at https://myaccount.google.com/apppasswords",
            ],
        ),
        MailSystem::Microsoft => (
            MailLogIn::Account(AccountProvider::Microsoft),
            &[
                "To send by SMTP, allow \"Authenticated SMTP\" for ADDRESS in the Microsoft 365 admin center (Set-CASMailbox ADDRESS -SmtpClientAuthenticationDisabled $false). Microsoft Graph needs no such switch",
                "In Microsoft Entra, consent to the app for the organization",
                "Exchange Online takes no passwords for reading; for sending they are off by default from January 2027",
            ],
            &["Connect ADDRESS"],
        ),
        MailSystem::Exchange => (
            MailLogIn::Password,
            &["Allow SMTP submission (port 587) and IMAP for ADDRESS"],
            &["Have the names of the SMTP and IMAP servers and the password of ADDRESS ready"],
        ),
        MailSystem::Fastmail => (
            MailLogIn::Password,
            &[],
            &[
                "Make an app password for IMAP and SMTP in Fastmail, under Settings, Privacy & Security",
            ],
        ),
        MailSystem::Icloud => (
            MailLogIn::Password,
            &[],
            &[
                "Make an app-specific password at https://account.apple.com, under Sign-In and Security",
            ],
        ),
        MailSystem::Zoho => (
            MailLogIn::Password,
            &["Allow IMAP access for ADDRESS in the Zoho Mail admin console"],
            &[
                "Turn on IMAP access in Zoho Mail's settings; with two-factor authentication, make an app password",
            ],
        ),
        MailSystem::Other => (
            MailLogIn::Password,
            &[],
            &["Have the names of the SMTP and IMAP servers and the password of ADDRESS ready"],
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_takes_mail_tells_the_system() {
        for (name, system) in [
            ("aspmx.l.google.com", Some(MailSystem::Google)),
            ("smtp.google.com", Some(MailSystem::Google)),
            (
                "acme-example.mail.protection.outlook.com",
                Some(MailSystem::Microsoft),
            ),
            (
                "acme-example.q-v1.mx.microsoft",
                Some(MailSystem::Microsoft),
            ),
            ("in1-smtp.messagingengine.com", Some(MailSystem::Fastmail)),
            ("mx01.mail.icloud.com", Some(MailSystem::Icloud)),
            ("mx.zoho.eu", Some(MailSystem::Zoho)),
            ("mx.acme.example", None),
            // The end of another name is no end of a label.
            ("mx.notgoogle.com", None),
            ("google.com.evil.example", None),
        ] {
            assert_eq!(of_exchanger(name), system, "{name}");
        }
    }

    #[test]
    fn every_system_says_what_it_needs() {
        for system in [
            MailSystem::Google,
            MailSystem::Microsoft,
            MailSystem::Exchange,
            MailSystem::Fastmail,
            MailSystem::Icloud,
            MailSystem::Zoho,
            MailSystem::Other,
        ] {
            let it = described(system, "jobs@acme.example", None);
            assert_eq!(it.system, Some(system));
            assert!(!it.own_steps.is_empty(), "{system:?}");
            let known = !matches!(system, MailSystem::Exchange | MailSystem::Other);
            assert_eq!(it.smtp.is_some() && it.imap.is_some(), known, "{system:?}");
            let text = format!("{:?} {:?}", it.admin_steps, it.own_steps);
            assert!(!text.contains("ADDRESS"), "{text}");
            for server in [&it.smtp, &it.imap].into_iter().flatten() {
                assert_ne!(server.security, MailSecurity::Plain);
                assert_eq!(server.user.as_deref(), Some("jobs@acme.example"));
            }
        }
    }

    #[test]
    fn zoho_has_servers_by_region() {
        let host = |exchanger| {
            let it = described(MailSystem::Zoho, "a@b.example", exchanger);
            it.smtp.expect("a server").host
        };
        assert_eq!(host(Some("mx2.zoho.eu")), "smtppro.zoho.eu");
        assert_eq!(host(Some("mx.zohomail.com")), "smtppro.zoho.com");
        assert_eq!(host(None), "smtppro.zoho.com");
        let own = described(MailSystem::Zoho, "a@zohomail.com", None);
        assert_eq!(own.imap.expect("a server").host, "imap.zoho.com");
    }
}
