//! Handing messages to a mail server: one connection a message, in private.
//!
//! Owns what a server's answers mean: whether the message was taken, was refused for good, was certainly not taken, or may have
//! been. What is wrong with the connection or the password is never the message's fault.

use std::sync::Mutex;
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use secrecy::{ExposeSecret as _, SecretString};

use super::message::Message;
use super::ways::password;
use crate::config::mail::{Privacy, Server};
use crate::secrets::Source;

/// How long the server may take for one answer.
const ANSWER: Duration = Duration::from_secs(30);

/// How long a message may take in all.
const WHOLE: Duration = Duration::from_secs(120);

/// How long a farewell may take.
const FAREWELL: Duration = Duration::from_secs(5);

/// The longest text of a server's answer that is kept, in characters.
const LONGEST_REASON: usize = 300;

/// What became of a message that was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handed {
    /// It was taken.
    Taken,
    /// It was refused, and would be again.
    Refused {
        /// Why.
        why: String,
        /// Whether the address is at fault.
        address: bool,
    },
    /// It was not taken; later it may be.
    NotTaken(String),
    /// Nobody knows: it may have been taken.
    Unknown(String),
}

/// A mail server that takes messages.
pub(super) struct Smtp {
    server: Server,
    password: Source,
    /// Read when first needed, and again after it was refused.
    kept: Mutex<Option<SecretString>>,
}

impl Smtp {
    pub fn new(server: Server, password: Source) -> Self {
        Self {
            server,
            password,
            kept: Mutex::default(),
        }
    }

    /// The server's name, for people.
    pub fn name(&self) -> String {
        format!("{}:{}", self.server.host, self.server.port)
    }

    /// Hands a message over.
    pub async fn send(&self, message: &Message) -> Handed {
        let mut connection = match tokio::time::timeout(WHOLE, self.connect()).await {
            Ok(Ok(connection)) => connection,
            Ok(Err(why)) => return Handed::NotTaken(why),
            Err(_) => return Handed::NotTaken(format!("{} does not answer", self.name())),
        };
        let handed = match tokio::time::timeout(WHOLE, announce(&mut connection, message)).await {
            Ok(None) => {
                let handing = connection.message(&message.bytes);
                match tokio::time::timeout(WHOLE, handing).await {
                    Ok(Ok(_)) => Handed::Taken,
                    Ok(Err(error)) => judged(&error, Said::Message),
                    Err(_) => Handed::Unknown(format!("{} did not answer in time", self.name())),
                }
            }
            Ok(Some(not_taken)) => not_taken,
            Err(_) => Handed::NotTaken(format!("{} does not answer", self.name())),
        };
        // What a server says to a farewell changes nothing.
        let _ = tokio::time::timeout(FAREWELL, connection.quit()).await;
        handed
    }

    /// Logs in and goes away again.
    pub async fn check(&self) -> Result<(), String> {
        let mut connection = self.connect().await?;
        let _ = connection.quit().await;
        Ok(())
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, String> {
        let Server {
            host,
            port,
            user,
            privacy,
        } = &self.server;
        let failed =
            |what: &str, error: &smtp::Error| reason(&format!("{what} {host}:{port}: {error}"));
        let tls = || {
            TlsParameters::new_rustls(host.clone())
                .map_err(|error| failed("prepare TLS for", &error))
        };
        let at_once = match privacy {
            Privacy::Tls => Some(tls()?),
            Privacy::StartTls | Privacy::Plain => None,
        };
        let name = ClientId::default();
        let place = (host.as_str(), *port);
        let connection =
            AsyncSmtpConnection::connect_tokio1(place, Some(ANSWER), &name, at_once, None).await;
        let mut connection = connection.map_err(|error| failed("connect to", &error))?;
        if *privacy == Privacy::StartTls {
            let private = connection.starttls(tls()?, &name).await;
            private.map_err(|error| failed("start TLS with", &error))?;
        }
        if let Some(user) = user {
            let password = self.password().await?;
            let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
            let mechanisms = [Mechanism::Plain, Mechanism::Login];
            if let Err(error) = connection.auth(&mechanisms, &credentials).await {
                self.forget_password();
                return Err(failed("log in to", &error));
            }
        }
        Ok(connection)
    }

    async fn password(&self) -> Result<SecretString, String> {
        let kept = self
            .kept
            .lock()
            .map(|kept| kept.clone())
            .unwrap_or_default();
        if let Some(kept) = kept {
            return Ok(kept);
        }
        let password = password(&self.password, "mail.smtp.password").await?;
        if let Ok(mut kept) = self.kept.lock() {
            *kept = Some(password.clone());
        }
        Ok(password)
    }

    fn forget_password(&self) {
        if let Ok(mut kept) = self.kept.lock() {
            *kept = None;
        }
    }
}

/// What was said last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    /// Whom it comes from, or that it comes.
    Announcement,
    /// Where it goes.
    Address,
    /// All of it.
    Message,
}

/// Tells the server what comes, from whom and to whom; what it says where it does not want it.
async fn announce(connection: &mut AsyncSmtpConnection, message: &Message) -> Option<Handed> {
    let mut parameters = Vec::new();
    let plain = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
    if !plain(&message.from) || !plain(&message.to) {
        if !connection
            .server_info()
            .supports_feature(Extension::SmtpUtfEight)
        {
            let why = "the mail server takes no address with letters beyond ASCII".to_owned();
            return Some(Handed::Refused { why, address: true });
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !message.bytes.is_ascii() {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    let from = Mail::new(Some(message.from.clone()), parameters);
    if let Err(error) = connection.command(from).await {
        return Some(judged(&error, Said::Announcement));
    }
    let to = Rcpt::new(message.to.clone(), Vec::new());
    if let Err(error) = connection.command(to).await {
        return Some(judged(&error, Said::Address));
    }
    let comes = connection.command(Data).await.err();
    comes.map(|error| judged(&error, Said::Announcement))
}

/// What an error after a good connection means. A message is taken only when all of it is answered well: where an answer to
/// something earlier is missing it was not taken, and where that answer is missing, nobody knows.
fn judged(error: &smtp::Error, said: Said) -> Handed {
    let why = reason(&error.to_string());
    match error.status() {
        // Logging in is the administrator's affair. Source: RFC 4954, 6.
        Some(code) if matches!(u16::from(code), 530 | 534 | 535 | 538) => Handed::NotTaken(why),
        Some(_) if error.is_permanent() => Handed::Refused {
            why,
            address: said == Said::Address,
        },
        Some(_) => Handed::NotTaken(why),
        None if said == Said::Message => Handed::Unknown(why),
        None => Handed::NotTaken(why),
    }
}

/// One plain line of a server's text.
fn reason(text: &str) -> String {
    let plain = |letter: char| if letter.is_control() { ' ' } else { letter };
    text.chars().take(LONGEST_REASON).map(plain).collect()
}
