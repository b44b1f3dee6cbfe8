//! A mail server as it is typed: `mail.acme.example`, `mail.acme.example:587`, `plain://localhost:25`.
//!
//! Invariant: what is written of a server is read as the same server. How the connection is kept
//! private is never guessed to be less than TLS.

use greenroom_protocol::mail_settings::{MailSecurity, MailServer};

/// Which of the two servers, by the ports that are usual there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ports {
    /// TLS from the first byte.
    pub(crate) tls: u16,
    /// STARTTLS.
    pub(crate) starttls: u16,
}

/// Where emails are handed over.
pub(crate) const SMTP: Ports = Ports {
    tls: 465,
    starttls: 587,
};

/// Where replies are read.
pub(crate) const IMAP: Ports = Ports {
    tls: 993,
    starttls: 143,
};

impl Ports {
    fn usual(self, security: MailSecurity) -> u16 {
        match security {
            MailSecurity::Tls => self.tls,
            MailSecurity::Starttls | MailSecurity::Plain => self.starttls,
        }
    }

    /// What a port alone says.
    fn security(self, port: u16) -> MailSecurity {
        match port == self.starttls {
            true => MailSecurity::Starttls,
            false => MailSecurity::Tls,
        }
    }
}

/// Reads one, with this user; `None` where it is none.
pub(crate) fn read(typed: &str, ports: Ports, user: &str) -> Option<MailServer> {
    let (says, rest) = match typed.trim().split_once("://") {
        None => (None, typed.trim()),
        Some(("tls" | "smtps" | "imaps", rest)) => (Some(MailSecurity::Tls), rest),
        Some(("starttls" | "smtp+starttls" | "imap+starttls", rest)) => {
            (Some(MailSecurity::Starttls), rest)
        }
        Some(("plain" | "smtp" | "imap", rest)) => (Some(MailSecurity::Plain), rest),
        Some(_) => return None,
    };
    let (host, port) = match rest.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']')?;
            (host, (!after.is_empty()).then_some(after))
        }
        None => match rest.split_once(':') {
            Some((host, _)) => (host, Some(&rest[host.len()..])),
            None => (rest, None),
        },
    };
    let port = match port {
        None => ports.usual(says.unwrap_or(MailSecurity::Tls)),
        Some(port) => port.strip_prefix(':')?.parse().ok()?,
    };
    let is_host = |it: char| it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | ':');
    if host.is_empty() || port == 0 || !host.chars().all(is_host) {
        return None;
    }
    Some(MailServer {
        host: host.to_owned(),
        port,
        security: says.unwrap_or_else(|| ports.security(port)),
        user: Some(user.to_owned()),
    })
}

/// One as it would be typed; without its user.
pub(crate) fn write(server: &MailServer, ports: Ports) -> String {
    let scheme = match server.security {
        security if security == ports.security(server.port) => "",
        MailSecurity::Tls => "tls://",
        MailSecurity::Starttls => "starttls://",
        MailSecurity::Plain => "plain://",
    };
    match server.host.contains(':') {
        true => format!("{scheme}[{}]:{}", server.host, server.port),
        false => format!("{scheme}{}:{}", server.host, server.port),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_server_is_private_unless_it_is_said_that_it_is_not() {
        use MailSecurity as S;
        for (typed, host, port, security) in [
            ("mail.acme.example", "mail.acme.example", 465, S::Tls),
            (" mail.acme.example:465 ", "mail.acme.example", 465, S::Tls),
            (
                "mail.acme.example:587",
                "mail.acme.example",
                587,
                S::Starttls,
            ),
            ("127.0.0.1:2525", "127.0.0.1", 2525, S::Tls),
            ("[::1]:465", "::1", 465, S::Tls),
            ("[::1]", "::1", 465, S::Tls),
            ("plain://127.0.0.1:2525", "127.0.0.1", 2525, S::Plain),
            (
                "starttls://mail.acme.example",
                "mail.acme.example",
                587,
                S::Starttls,
            ),
            (
                "smtps://mail.acme.example",
                "mail.acme.example",
                465,
                S::Tls,
            ),
        ] {
            let read = read(typed, SMTP, "dana").unwrap();
            let found = (read.host.as_str(), read.port, read.security);
            assert_eq!(found, (host, port, security), "{typed}");
        }
        for wrong in [
            "",
            "http://mail:465",
            ":465",
            "mail acme",
            "mail:0",
            "mail:x",
            "a/b",
            "mail:",
            "[::1",
            "[::1]x",
            "a@b:465",
            "mail:465:1",
        ] {
            assert_eq!(read(wrong, SMTP, "dana"), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_as_the_same_server(
            host in "[a-z]{1,9}(\\.[a-z]{1,9}){0,2}|::1|127\\.0\\.0\\.1",
            port in prop_oneof![Just(465u16), Just(587), Just(993), Just(143), 1u16..],
            security in prop_oneof![
                Just(MailSecurity::Tls), Just(MailSecurity::Starttls), Just(MailSecurity::Plain)
            ],
            smtp: bool,
        ) {
            let ports = if smtp { SMTP } else { IMAP };
            let server = MailServer { host, port, security, user: Some("dana".into()) };
            prop_assert_eq!(read(&write(&server, ports), ports, "dana"), Some(server));
        }

        #[test]
        fn anything_typed_is_read_or_refused(typed in ".{0,60}") {
            let _ = read(&typed, IMAP, "dana");
        }
    }
}
