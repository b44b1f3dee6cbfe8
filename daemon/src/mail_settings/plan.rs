//! ★ What a request makes of a workspace's email settings, or what is wrong with it.
//!
//! Invariants: what is absent stays; nothing incomplete is accepted; a password stays only with the
//! server it was given for, so that nobody has it sent elsewhere by changing a name.

use greenroom_protocol::Error;
use greenroom_protocol::mail_settings::{MailConfigure, MailSecurity, MailServer, MailTransport};
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::time::Instant;

use super::account::{Providers, account, by_account};
use crate::config::mail::{is_full_name, is_loopback_host};
use crate::input;
use crate::records::mail::{MailRecord, MailServerRecord};

/// The longest password, in bytes; the longest name of a user or a folder, in characters.
const LONGEST_PASSWORD: usize = 1024;
const LONGEST_NAME: usize = 320;

/// What to do with a server's password.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Password {
    /// Leave what is kept, or that nothing is.
    Keep,
    /// Forget it.
    Forget,
    /// Keep this one.
    Set(Opaque),
}

/// What a request comes to.
#[derive(Debug, PartialEq)]
pub(super) struct Planned {
    pub record: MailRecord,
    pub smtp_password: Password,
    pub imap_password: Password,
    /// The fields that were given, for the audit.
    pub fields: Vec<&'static str>,
}

/// One of the two servers, as fields are called.
#[derive(Clone, Copy)]
struct Of {
    name: &'static str,
    password: &'static str,
    host: &'static str,
    port: &'static str,
    security: &'static str,
    user: &'static str,
}

const SMTP: Of = Of {
    name: "SMTP",
    password: "smtp_password",
    host: "smtp.host",
    port: "smtp.port",
    security: "smtp.security",
    user: "smtp.user",
};

const IMAP: Of = Of {
    name: "IMAP",
    password: "imap_password",
    host: "imap.host",
    port: "imap.port",
    security: "imap.security",
    user: "imap.user",
};

/// What a request makes of `before`. `left_default`: emails left by the configuration's way until
/// now, where there is no record yet.
pub(super) fn plan(
    before: Option<&MailRecord>,
    left_default: bool,
    request: &MailConfigure,
    providers: &Providers,
    now: Instant,
) -> Result<Planned, Error> {
    let from = match &request.from {
        Some(from) => Some(sender(from)?),
        None => before.and_then(|it| it.from.clone()),
    };
    let folder = match request.folder.as_deref().map(str::trim) {
        None => before.and_then(|it| it.folder.clone()),
        Some("" | "INBOX") => None,
        Some(folder) => Some(name("folder", folder)?),
    };
    if let Some(account) = account(before, request)? {
        let by = by_account(&account, before, request, providers)?;
        return Ok(Planned {
            record: MailRecord {
                system: Some(by.system),
                transport: by.transport,
                from: from.or(Some(account.address.clone())),
                account: Some(account.to_string()),
                smtp: by.smtp,
                imap: by.imap,
                folder,
                left_default: before.map_or(left_default, |it| it.left_default),
                changed_at: now,
            },
            smtp_password: Password::Forget,
            imap_password: Password::Forget,
            fields: fields(request),
        });
    }
    // The servers of an account are not kept without it.
    let with_passwords = before.filter(|it| it.account.is_none());
    let former = |of: fn(&MailRecord) -> Option<&MailServerRecord>| with_passwords.and_then(of);
    let (smtp, smtp_password) = server(
        SMTP,
        request.smtp.as_ref(),
        former(|it| it.smtp.as_ref()),
        request.smtp_password.as_ref(),
    )?;
    // Mailboxes mostly have one password for both.
    let for_both = request.smtp_password.as_ref();
    let for_both = for_both.filter(|it| !it.reveal().is_empty() && request.imap.is_some());
    let (imap, imap_password) = server(
        IMAP,
        request.imap.as_ref(),
        former(|it| it.imap.as_ref()),
        request.imap_password.as_ref().or(for_both),
    )?;
    if imap.as_ref().is_some_and(|imap| imap.user.is_none()) {
        let why = "A mailbox is read by somebody who logs in: enter the user";
        return Err(Error::usage(why).field(IMAP.user));
    }
    let transport = transport(with_passwords, request, smtp.is_some())?;
    if transport == MailTransport::Smtp {
        if smtp.is_none() {
            let why = "Enter the server that emails are handed over to";
            return Err(Error::usage(why).field(SMTP.host));
        }
        if from.is_none() {
            let why = "Enter the address that invitations come from and replies return to";
            return Err(Error::usage(why).field("from"));
        }
    }
    Ok(Planned {
        record: MailRecord {
            system: request.system.or(before.and_then(|it| it.system)),
            transport,
            from,
            account: None,
            smtp,
            imap,
            folder,
            left_default: before.map_or(left_default, |it| it.left_default),
            changed_at: now,
        },
        smtp_password,
        imap_password,
        fields: fields(request),
    })
}

fn transport(
    before: Option<&MailRecord>,
    request: &MailConfigure,
    has_server: bool,
) -> Result<MailTransport, Error> {
    let refuse = |why: &str| Err(Error::usage(why).field("transport"));
    // A server that is named now is meant to be used.
    let named = request.smtp.is_some().then_some(MailTransport::Smtp);
    let asked = request.transport.or(named);
    let asked = asked.or(before.map(|it| it.transport));
    match asked {
        Some(MailTransport::Sandbox) => {
            refuse("Only the demo's configuration can do that: choose smtp or maildir")
        }
        Some(MailTransport::Graph) => {
            refuse("Email leaves by graph with a Microsoft account only: name it, or choose smtp")
        }
        Some(transport) => Ok(transport),
        None if has_server => Ok(MailTransport::Smtp),
        None => refuse("Choose how emails leave: smtp, or maildir for files that nobody receives"),
    }
}

/// One server, with what becomes of its password.
fn server(
    of: Of,
    given: Option<&MailServer>,
    before: Option<&MailServerRecord>,
    password: Option<&Opaque>,
) -> Result<(Option<MailServerRecord>, Password), Error> {
    let new = match given {
        Some(given) => Some(checked(of, given)?),
        None => before.map(|it| MailServerRecord {
            password: false,
            ..it.clone()
        }),
    };
    let Some(new) = new else {
        return match password {
            Some(password) if !password.reveal().is_empty() => {
                let why = format!("Enter the {} server that this password is for", of.name);
                Err(Error::usage(why).field(of.host))
            }
            _ => Ok((None, Password::Keep)),
        };
    };
    let is_kept = before.is_some_and(|it| it.password);
    let same = before.is_some_and(|it| {
        MailServerRecord {
            password: false,
            ..it.clone()
        } == new
    });
    let (keeps, change) = match password {
        Some(password) if password.reveal().is_empty() => (false, Password::Forget),
        Some(password) => (true, Password::Set(secret(of, password)?)),
        None if is_kept && same => (true, Password::Keep),
        None if is_kept => (false, Password::Forget),
        None => (false, Password::Keep),
    };
    match (&new.user, keeps) {
        (Some(user), false) => {
            let host = &new.host;
            let why = match is_kept && !same {
                true => format!(
                    "Enter the password of {user} at {host}: the former one was for another server or user"
                ),
                false => format!("Enter the password of {user} at {host}"),
            };
            Err(Error::usage(why).field(of.password))
        }
        (None, true) => {
            let why = format!("Enter the user whose {} password this is", of.name);
            Err(Error::usage(why).field(of.user))
        }
        _ => {
            let new = MailServerRecord {
                password: keeps,
                ..new
            };
            Ok((Some(new), change))
        }
    }
}

fn checked(of: Of, given: &MailServer) -> Result<MailServerRecord, Error> {
    let host = given
        .host
        .trim()
        .trim_matches(['[', ']'])
        .to_ascii_lowercase();
    let is_address = host.parse::<std::net::IpAddr>().is_ok();
    if !is_full_name(&host) && !is_address && host != "localhost" {
        let why = format!(
            "Enter the {} server's name, such as mail.example.com",
            of.name
        );
        return Err(Error::usage(why).field(of.host));
    }
    if given.port == 0 {
        let why = "A port is a number from 1 to 65535";
        return Err(Error::usage(why).field(of.port));
    }
    if given.security == MailSecurity::Plain && !is_loopback_host(&host) {
        let why = "Without TLS everybody on the way can read the password: choose tls or starttls";
        let refused = Error::usage(why).field(of.security);
        return Err(refused.hint("plain is accepted for servers on this machine only"));
    }
    let user = given
        .user
        .as_deref()
        .map(str::trim)
        .filter(|it| !it.is_empty());
    Ok(MailServerRecord {
        host,
        port: given.port,
        security: given.security,
        user: user.map(|user| name(of.user, user)).transpose()?,
        password: false,
    })
}

/// One line that can be sent to a mail server.
fn name(field: &str, text: &str) -> Result<String, Error> {
    match text.chars().count() > LONGEST_NAME || text.contains(char::is_control) {
        true => {
            let why = format!("Enter one line of at most {LONGEST_NAME} characters");
            Err(Error::usage(why).field(field))
        }
        false => Ok(text.to_owned()),
    }
}

fn secret(of: Of, password: &Opaque) -> Result<Opaque, Error> {
    let text = password.reveal();
    match text.len() > LONGEST_PASSWORD || text.contains(char::is_control) {
        true => {
            let why = format!("A password is one line of at most {LONGEST_PASSWORD} bytes");
            Err(Error::usage(why).field(of.password))
        }
        false => Ok(password.clone()),
    }
}

/// The address emails come from: one that a message can be built with.
fn sender(text: &str) -> Result<String, Error> {
    let address = input::address("from", text)?;
    match address.parse::<lettre::Address>() {
        Ok(_) => Ok(address),
        Err(_) => {
            let why = "Enter an address such as interviews@example.com";
            Err(Error::usage(why).field("from"))
        }
    }
}

/// What a request sets, for the audit.
fn fields(request: &MailConfigure) -> Vec<&'static str> {
    let given = [
        ("system", request.system.is_some()),
        ("transport", request.transport.is_some()),
        ("from", request.from.is_some()),
        ("account", request.account.is_some()),
        ("smtp", request.smtp.is_some()),
        ("smtp_password", request.smtp_password.is_some()),
        ("imap", request.imap.is_some()),
        ("imap_password", request.imap_password.is_some()),
        ("folder", request.folder.is_some()),
    ];
    let given = given.into_iter().filter(|(_, is_given)| *is_given);
    given.map(|(name, _)| name).collect()
}

/// Whether a request goes back to the configuration; refused where it sets something besides.
pub(super) fn is_reset(request: &MailConfigure) -> Result<bool, Error> {
    match (request.reset, fields(request).first()) {
        (true, Some(other)) => {
            let why = format!(
                "Going back to the configuration's email sets nothing else: leave {other} out"
            );
            Err(Error::usage(why).field("reset"))
        }
        (reset, _) => Ok(reset),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(host: &str, security: MailSecurity, user: Option<&str>) -> MailServer {
        MailServer {
            host: host.into(),
            port: 465,
            security,
            user: user.map(str::to_owned),
        }
    }

    fn request() -> MailConfigure {
        let user = Some("jobs@acme.example");
        MailConfigure {
            from: Some("jobs@acme.example".into()),
            smtp: Some(at("smtp.acme.example", MailSecurity::Tls, user)),
            smtp_password: Some(Opaque::new("correct horse")),
            imap: Some(at("imap.acme.example", MailSecurity::Tls, user)),
            ..MailConfigure::default()
        }
    }

    fn planned(before: Option<&MailRecord>, request: &MailConfigure) -> Result<Planned, Error> {
        let providers = Providers::of(&crate::config::Config::default());
        let providers = providers.expect("the vendors' servers");
        plan(before, true, request, &providers, Instant::from_second(5))
    }

    #[test]
    fn one_password_is_for_both_servers_unless_two_are_given() {
        let planned_ = planned(None, &request()).expect("a plan");
        let both = Password::Set(Opaque::new("correct horse"));
        assert_eq!(
            (&planned_.smtp_password, &planned_.imap_password),
            (&both, &both)
        );
        let record = planned_.record;
        assert_eq!(record.transport, MailTransport::Smtp);
        assert!(record.left_default);
        assert!(record.smtp.is_some_and(|it| it.password));
        assert!(record.imap.is_some_and(|it| it.password));
        assert_eq!(planned_.fields, ["from", "smtp", "smtp_password", "imap"]);
        let two = MailConfigure {
            imap_password: Some(Opaque::new("battery staple")),
            ..request()
        };
        let planned = planned(None, &two).expect("a plan");
        assert_eq!(
            planned.imap_password,
            Password::Set(Opaque::new("battery staple"))
        );
    }

    #[test]
    fn what_is_absent_stays() {
        let first = planned(None, &request()).expect("a plan").record;
        let only_from = MailConfigure {
            from: Some("people@acme.example".into()),
            ..MailConfigure::default()
        };
        let second = planned(Some(&first), &only_from).expect("a plan");
        assert_eq!(second.record.smtp, first.smtp);
        assert_eq!(second.record.imap, first.imap);
        assert_eq!(second.record.from.as_deref(), Some("people@acme.example"));
        assert_eq!(second.smtp_password, Password::Keep);
        assert_eq!(second.imap_password, Password::Keep);
    }

    /// An admin who does not know the password must not have it sent to a server of theirs.
    #[test]
    fn a_password_stays_with_its_server() {
        let first = planned(None, &request()).expect("a plan").record;
        for moved in [
            at(
                "smtp.elsewhere.example",
                MailSecurity::Tls,
                Some("jobs@acme.example"),
            ),
            at(
                "smtp.acme.example",
                MailSecurity::Starttls,
                Some("jobs@acme.example"),
            ),
            at(
                "smtp.acme.example",
                MailSecurity::Tls,
                Some("other@acme.example"),
            ),
        ] {
            let request = MailConfigure {
                smtp: Some(moved),
                ..MailConfigure::default()
            };
            let refused = planned(Some(&first), &request).expect_err("it is for another");
            assert_eq!(
                refused.field.as_deref(),
                Some("smtp_password"),
                "{refused:?}"
            );
        }
        let same = MailConfigure {
            smtp: request().smtp,
            ..MailConfigure::default()
        };
        let kept = planned(Some(&first), &same).expect("the same");
        assert_eq!(kept.smtp_password, Password::Keep);
    }

    #[test]
    fn what_is_wrong_or_missing_is_named_by_its_field() {
        let with = |change: fn(&mut MailConfigure)| {
            let mut changed = request();
            change(&mut changed);
            changed
        };
        for (request, field) in [
            (MailConfigure::default(), "transport"),
            (with(|it| it.from = None), "from"),
            (with(|it| it.from = Some("acme".into())), "from"),
            (
                with(|it| it.from = Some("a@acme.example\r\nBcc: b@x.example".into())),
                "from",
            ),
            (with(|it| it.smtp_password = None), "smtp_password"),
            (
                with(|it| it.smtp_password = Some(Opaque::new("a\nb"))),
                "smtp_password",
            ),
            (with(|it| it.smtp = None), "smtp.host"),
            (
                with(|it| it.transport = Some(MailTransport::Graph)),
                "transport",
            ),
            (
                with(|it| it.transport = Some(MailTransport::Sandbox)),
                "transport",
            ),
            (
                with(|it| it.account = Some("google:a@acme.example".into())),
                "smtp",
            ),
            (with(|it| it.folder = Some("a\r\nb".into())), "folder"),
            (
                with(|it| it.smtp = Some(at("mail", MailSecurity::Tls, None))),
                "smtp.host",
            ),
            (
                with(|it| it.smtp = Some(at("smtp.acme.example", MailSecurity::Plain, None))),
                "smtp.security",
            ),
            (
                with(|it| it.smtp = Some(at("smtp.acme.example", MailSecurity::Tls, None))),
                "smtp.user",
            ),
            (
                with(|it| {
                    it.smtp = Some(MailServer {
                        port: 0,
                        ..at("smtp.acme.example", MailSecurity::Tls, None)
                    });
                }),
                "smtp.port",
            ),
            (
                with(|it| it.imap = Some(at("imap.acme.example", MailSecurity::Plain, None))),
                "imap.security",
            ),
            (
                MailConfigure {
                    imap: Some(at("imap.acme.example", MailSecurity::Tls, None)),
                    transport: Some(MailTransport::Maildir),
                    ..MailConfigure::default()
                },
                "imap.user",
            ),
        ] {
            let refused = planned(None, &request).expect_err(field);
            assert_eq!(refused.field.as_deref(), Some(field), "{refused:?}");
            assert!(!format!("{refused:?}").contains("correct horse"));
        }
        let local = with(|it| {
            it.smtp = Some(at("127.0.0.1", MailSecurity::Plain, None));
            it.smtp_password = None;
            it.imap = None;
        });
        assert!(planned(None, &local).is_ok(), "on this machine");
    }

    #[test]
    fn a_server_that_is_named_ends_the_folder_that_nobody_receives() {
        let folder = MailConfigure {
            transport: Some(MailTransport::Maildir),
            ..MailConfigure::default()
        };
        let folder = planned(None, &folder).expect("a plan").record;
        let set = planned(Some(&folder), &request()).expect("a plan").record;
        assert_eq!(set.transport, MailTransport::Smtp);
    }

    #[test]
    fn an_account_and_a_password_take_each_others_place() {
        let first = planned(None, &request()).expect("a plan").record;
        let account = MailConfigure {
            account: Some("google:people@acme.example".into()),
            ..MailConfigure::default()
        };
        let second = planned(Some(&first), &account).expect("a plan");
        assert_eq!(second.smtp_password, Password::Forget);
        assert_eq!(second.imap_password, Password::Forget);
        let second = second.record;
        assert_eq!(second.from.as_deref(), Some("jobs@acme.example"));
        assert!(second.smtp.as_ref().is_some_and(|it| !it.password));
        let back = MailConfigure {
            account: Some(String::new()),
            ..request()
        };
        let third = planned(Some(&second), &back).expect("a plan").record;
        assert_eq!((third.account, third.smtp), (None, first.smtp));
        // Its servers do not stay behind without it.
        let none = MailConfigure {
            account: Some(String::new()),
            ..MailConfigure::default()
        };
        let refused = planned(Some(&second), &none).expect_err("nothing is left");
        assert_eq!(refused.field.as_deref(), Some("transport"));
    }

    #[test]
    fn going_back_to_the_configuration_sets_nothing_else() {
        let reset = MailConfigure {
            reset: true,
            ..MailConfigure::default()
        };
        assert_eq!(is_reset(&reset), Ok(true));
        assert_eq!(is_reset(&request()), Ok(false));
        let both = MailConfigure {
            reset: true,
            ..request()
        };
        assert!(is_reset(&both).is_err());
    }
}
