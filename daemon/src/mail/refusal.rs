//! Why a server does not let somebody log in: which switch is off, who sets it, or what else to do.
//! Pure.
//!
//! A server's words are only compared with those below; nothing of them gets out of here, for a
//! server may repeat what it was sent. Vendors give many causes one code, so the words decide.
//!
//! Sources, for what each system says and where its switches are:
//! - SMTP at Microsoft: <https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission>;
//!   of a token for another audience: <https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/6066>
//! - IMAP at Microsoft: <https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth>;
//!   "not connected": <https://github.com/simonrob/email-oauth2-proxy/issues/74>
//! - Google: <https://developers.google.com/workspace/gmail/imap/xoauth2-protocol>,
//!   <https://support.google.com/a/answer/3726730> and <https://support.google.com/a/answer/105694>
//! - others: RFC 4954, 6 (SMTP) and RFC 5530, 3 (IMAP)

/// What somebody logs in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mail) enum With {
    /// A password.
    Password,
    /// An access token.
    Token,
}

/// Why somebody may not log in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mail) enum Refusal {
    /// The user does not have this password.
    Password,
    /// The access token is not taken.
    Token,
    /// It wants a password made for programs.
    AppPassword,
    /// Google takes passwords made for programs alone.
    GooglePassword,
    /// Google wants a person to sign in first.
    GoogleSignIn,
    /// It cannot check at the moment.
    CannotCheck,
    /// It knows no way to log in that we know.
    NoMechanism(With),
    /// It takes nobody's log-in on this connection.
    LogInDisabled,
    /// SMTP is off for the whole organization at Microsoft.
    SmtpOffForOrganization,
    /// SMTP is off for this mailbox at Microsoft.
    SmtpOffForMailbox,
    /// Microsoft's security defaults refuse passwords.
    SecurityDefaults,
    /// Microsoft refuses passwords.
    PasswordsOff,
    /// A rule of the organization at Microsoft refuses this log-in.
    Rule,
    /// Microsoft takes the token for something else, or not for this mailbox.
    TokenForOther,
    /// Microsoft says that nobody has logged in.
    NotLoggedIn,
    /// IMAP is off for the whole domain at Google.
    ImapOffForDomain,
    /// IMAP is off in this mailbox at Google.
    ImapOffForMailbox,
    /// Microsoft let somebody log in and does not open the mailbox.
    MailboxClosed,
    /// It does not let us log in, with this code.
    Code(u16),
}

impl Refusal {
    /// Why a server that takes messages refused: by its code and words.
    pub fn of_smtp(code: u16, words: &str, with: With) -> Self {
        let said = words.to_ascii_lowercase();
        let says = |word: &str| said.contains(word);
        let microsoft = || said_by_microsoft(&said);
        match () {
            () if microsoft().is_some() => microsoft().unwrap_or(Self::Code(code)),
            () if says("5.7.57") => Self::NotLoggedIn,
            () if says("application-specific") || says("app password") || says("5.7.9 ") => {
                Self::AppPassword
            }
            () if says("5.7.14") || says("via your web browser") => Self::GoogleSignIn,
            () if matches!(code, 400..=499) => Self::CannotCheck,
            // What Microsoft says of a password that is wrong, and of a token that was made for
            // Graph.
            () if says("5.7.3 ") && with == With::Token => Self::TokenForOther,
            () if says("5.7.8") && from_google(&said) && with == With::Password => {
                Self::GooglePassword
            }
            () if code == 535 || says("5.7.8") || says("authentication fail") => with.refused(),
            () => Self::Code(code),
        }
    }

    /// Why a mailbox's server refused: by its words.
    pub fn of_imap(words: &str, with: With) -> Self {
        let said = words.to_ascii_lowercase();
        let says = |word: &str| said.contains(word);
        match () {
            () if says("imap access is disabled for your domain") => Self::ImapOffForDomain,
            () if says("not enabled for imap") => Self::ImapOffForMailbox,
            () if says("authenticated but not connected") => Self::MailboxClosed,
            () if says("application-specific") || says("app password") => Self::AppPassword,
            () if says("via your web browser") => Self::GoogleSignIn,
            () if says("unavailable") || says("temporary") || says("try again later") => {
                Self::CannotCheck
            }
            () if says("security defaults") => Self::SecurityDefaults,
            () if says("basic authentication is disabled") => Self::PasswordsOff,
            () if says("privacyrequired") || says("logindisabled") || says("disabled") => {
                Self::LogInDisabled
            }
            // All that Microsoft says, whatever the cause.
            () if says("authenticate failed") && with == With::Token => Self::TokenForOther,
            () => with.refused(),
        }
    }

    /// Whether another password or a fresh token could help.
    pub const fn may_be_stale(self) -> bool {
        matches!(
            self,
            Self::Password | Self::Token | Self::GooglePassword | Self::TokenForOther
        )
    }

    /// What happened.
    pub fn text(self) -> String {
        match self {
            Self::Password | Self::GooglePassword => "the server refused the password".to_owned(),
            Self::Token => "the server refused the access token".to_owned(),
            Self::AppPassword => "the server refused the password: it asks for an app password, \
                                  made in the account's security settings"
                .to_owned(),
            Self::GoogleSignIn => "Google asks a person to sign in first".to_owned(),
            Self::CannotCheck => "the server cannot check passwords at the moment".to_owned(),
            Self::NoMechanism(With::Password) => {
                "the server offers no log-in by password (PLAIN or LOGIN)".to_owned()
            }
            Self::NoMechanism(With::Token) => {
                "the server offers no log-in by access token (XOAUTH2)".to_owned()
            }
            Self::LogInDisabled => "the server takes no log-in on this connection".to_owned(),
            Self::SmtpOffForOrganization => {
                "SMTP is switched off for the whole organization at Microsoft".to_owned()
            }
            Self::SmtpOffForMailbox => {
                "SMTP is switched off for this mailbox at Microsoft".to_owned()
            }
            Self::SecurityDefaults => {
                "the organization's security defaults at Microsoft allow no passwords".to_owned()
            }
            Self::PasswordsOff => "Microsoft takes no passwords for this mailbox".to_owned(),
            Self::Rule => {
                "a rule of the organization at Microsoft does not allow this log-in".to_owned()
            }
            Self::TokenForOther => "Microsoft refused the access token".to_owned(),
            Self::NotLoggedIn => "Microsoft takes no email from a log-in like this".to_owned(),
            Self::ImapOffForDomain => {
                "IMAP is switched off for the whole domain at Google".to_owned()
            }
            Self::ImapOffForMailbox => "IMAP is switched off in this mailbox at Google".to_owned(),
            Self::MailboxClosed => "Microsoft does not open this mailbox to that user".to_owned(),
            Self::Code(code) => format!("the server does not allow logging in (code {code})"),
        }
    }

    /// What to do about it, and who does it. `user` is who logs in.
    pub fn hint(self, user: &str) -> Option<String> {
        let user = match user {
            "" => "ADDRESS",
            user => user,
        };
        let switch = format!(
            "an Exchange administrator switches it on: Microsoft 365 admin center, Active users, \
             {user}, Mail, Manage email apps, Authenticated SMTP; or `Set-CASMailbox -Identity \
             {user} -SmtpClientAuthenticationDisabled $false`"
        );
        Some(match self {
            Self::Password | Self::Token | Self::AppPassword | Self::CannotCheck => return None,
            Self::Code(_) | Self::NoMechanism(_) => return None,
            Self::GooglePassword => "Google takes app passwords only: make one at \
                https://myaccount.google.com/apppasswords, or connect Google in place of a password"
                .to_owned(),
            Self::GoogleSignIn => format!(
                "sign in as {user} in a browser at https://mail.google.com, or connect Google in \
                 place of a password"
            ),
            Self::LogInDisabled => {
                "use smtps:// or imaps://, or the scheme with +starttls".to_owned()
            }
            Self::SmtpOffForOrganization => {
                format!(
                    "one mailbox is enough: {switch}; sending by Microsoft Graph needs no switch"
                )
            }
            Self::SmtpOffForMailbox => {
                format!("{switch}; sending by Microsoft Graph needs no switch")
            }
            Self::SecurityDefaults => "connect Microsoft in place of a password, and send by \
                 Microsoft Graph: with security defaults, SMTP stays off"
                .to_owned(),
            Self::PasswordsOff => "connect Microsoft in place of a password; for a while an \
                 administrator can still allow passwords for SMTP: Microsoft 365 admin center, \
                 Settings, Org settings, Modern authentication"
                .to_owned(),
            Self::Rule => "an Entra administrator finds the rule (Conditional Access, or security \
                 defaults) in the sign-in logs of this user"
                .to_owned(),
            Self::TokenForOther => format!(
                "reconnect Microsoft with every permission for email, as {user}; a token for Graph \
                 is refused here, and so is every token while SMTP or IMAP is switched off for the \
                 mailbox (`Set-CASMailbox -Identity {user} -SmtpClientAuthenticationDisabled \
                 $false -ImapEnabled $true`)"
            ),
            Self::NotLoggedIn => {
                format!("name the user in the settings; if one is named, {switch}")
            }
            Self::ImapOffForDomain => {
                "a Google administrator switches it on: Admin console, Apps, \
                 Google Workspace, Gmail, End User Access, POP and IMAP access"
                    .to_owned()
            }
            Self::ImapOffForMailbox => "in Gmail as that user: Settings, Forwarding and POP/IMAP, \
                 Enable IMAP"
                .to_owned(),
            Self::MailboxClosed => format!(
                "connect Microsoft as {user} itself, with the permission to read by IMAP; an \
                 Exchange administrator checks that IMAP is on: `Set-CASMailbox -Identity {user} \
                 -ImapEnabled $true`"
            ),
        })
    }
}

impl With {
    /// It was refused, and no more is known.
    const fn refused(self) -> Refusal {
        match self {
            Self::Password => Refusal::Password,
            Self::Token => Refusal::Token,
        }
    }
}

/// What Microsoft says behind its code for every log-in that is not allowed.
fn said_by_microsoft(said: &str) -> Option<Refusal> {
    let says = |word: &str| said.contains(word);
    match () {
        () if says("disabled for the tenant") => Some(Refusal::SmtpOffForOrganization),
        () if says("disabled for the mailbox") => Some(Refusal::SmtpOffForMailbox),
        () if says("security defaults") => Some(Refusal::SecurityDefaults),
        () if says("basic authentication is disabled") => Some(Refusal::PasswordsOff),
        () if says("did not meet the criteria") => Some(Refusal::Rule),
        () if says("5.7.139") && says("credentials were incorrect") => Some(Refusal::Password),
        () if says("5.7.139") => Some(Refusal::Rule),
        () => None,
    }
}

fn from_google(said: &str) -> bool {
    said.contains("gsmtp") || said.contains("username and password not accepted")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Each as the system says it, the trailing names of machines cut.
    #[test]
    fn every_refusal_of_smtp_is_told_from_the_others() {
        for (code, words, with, expected) in [
            (
                535,
                "5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information.",
                With::Token,
                Refusal::SmtpOffForOrganization,
            ),
            (
                535,
                "5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. Visit https://aka.ms/smtp_auth_disabled for more information.",
                With::Token,
                Refusal::SmtpOffForMailbox,
            ),
            (
                535,
                "5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy. Contact your administrator.",
                With::Password,
                Refusal::SecurityDefaults,
            ),
            (
                535,
                "5.7.139 Authentication unsuccessful, basic authentication is disabled.",
                With::Password,
                Refusal::PasswordsOff,
            ),
            (
                535,
                "5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully. Contact your administrator.",
                With::Password,
                Refusal::Rule,
            ),
            (
                535,
                "5.7.139 Authentication unsuccessful, the user credentials were incorrect.",
                With::Password,
                Refusal::Password,
            ),
            (535, "5.7.139 something new", With::Token, Refusal::Rule),
            (
                535,
                "5.7.3 Authentication unsuccessful",
                With::Token,
                Refusal::TokenForOther,
            ),
            (
                535,
                "5.7.3 Authentication unsuccessful",
                With::Password,
                Refusal::Password,
            ),
            (
                530,
                "5.7.57 Client not authenticated to send mail.",
                With::Token,
                Refusal::NotLoggedIn,
            ),
            (
                535,
                "5.7.8 Username and Password not accepted. For more information, go to\n5.7.8 https://support.google.com/mail/?p=BadCredentials x - gsmtp",
                With::Password,
                Refusal::GooglePassword,
            ),
            (
                535,
                "5.7.8 Username and Password not accepted. x - gsmtp",
                With::Token,
                Refusal::Token,
            ),
            (
                534,
                "5.7.9 Application-specific password required. For more information, go to https://support.google.com/mail/?p=InvalidSecondFactor x - gsmtp",
                With::Password,
                Refusal::AppPassword,
            ),
            (
                534,
                "5.7.14 <https://accounts.google.com/signin/continue> Please log in via your web browser and then try again. x - gsmtp",
                With::Password,
                Refusal::GoogleSignIn,
            ),
            (
                535,
                "5.7.8 Error: authentication failed",
                With::Password,
                Refusal::Password,
            ),
            (
                535,
                "Incorrect authentication data",
                With::Token,
                Refusal::Token,
            ),
            (
                454,
                "4.7.0 Temporary authentication failure",
                With::Token,
                Refusal::CannotCheck,
            ),
            (
                550,
                "Authentication failed",
                With::Password,
                Refusal::Password,
            ),
            (
                538,
                "5.7.11 Encryption required",
                With::Password,
                Refusal::Code(538),
            ),
        ] {
            assert_eq!(
                Refusal::of_smtp(code, words, with),
                expected,
                "{code} {words}"
            );
        }
    }

    #[test]
    fn every_refusal_of_imap_is_told_from_the_others() {
        for (words, with, expected) in [
            (
                "[ALERT] IMAP access is disabled for your domain. Please contact your domain administrator for questions about this feature. (Failure)",
                With::Token,
                Refusal::ImapOffForDomain,
            ),
            (
                "[ALERT] Your account is not enabled for IMAP use. Please visit your Gmail settings page and enable your account for IMAP access. (Failure)",
                With::Token,
                Refusal::ImapOffForMailbox,
            ),
            (
                "User is authenticated but not connected.",
                With::Token,
                Refusal::MailboxClosed,
            ),
            ("AUTHENTICATE failed.", With::Token, Refusal::TokenForOther),
            ("LOGIN failed.", With::Password, Refusal::Password),
            (
                "[AUTHENTICATIONFAILED] Invalid credentials (Failure)",
                With::Token,
                Refusal::Token,
            ),
            (
                "[AUTHENTICATIONFAILED] Authentication failed.",
                With::Password,
                Refusal::Password,
            ),
            (
                "[ALERT] Application-specific password required: https://support.google.com/accounts/answer/185833 (Failure)",
                With::Password,
                Refusal::AppPassword,
            ),
            (
                "[ALERT] Please log in via your web browser: https://support.google.com/mail/accounts/answer/78754 (Failure)",
                With::Password,
                Refusal::GoogleSignIn,
            ),
            (
                "[UNAVAILABLE] try again later",
                With::Token,
                Refusal::CannotCheck,
            ),
            (
                "[PRIVACYREQUIRED] Plaintext authentication disallowed on non-secure (SSL/TLS) connections.",
                With::Password,
                Refusal::LogInDisabled,
            ),
            ("LOGINDISABLED", With::Password, Refusal::LogInDisabled),
        ] {
            assert_eq!(Refusal::of_imap(words, with), expected, "{words}");
        }
    }

    /// A person who cannot act knows whom to ask, and for what.
    #[test]
    fn a_switch_is_named_with_who_sets_it() {
        let user = "interviews@acme.example";
        for (refusal, named) in [
            (
                Refusal::SmtpOffForOrganization,
                "Set-CASMailbox -Identity interviews@acme.example",
            ),
            (Refusal::SmtpOffForMailbox, "Exchange administrator"),
            (Refusal::SecurityDefaults, "Microsoft Graph"),
            (Refusal::PasswordsOff, "Modern authentication"),
            (Refusal::Rule, "Entra administrator"),
            (Refusal::TokenForOther, "reconnect Microsoft"),
            (Refusal::ImapOffForDomain, "Google administrator"),
            (Refusal::MailboxClosed, "-ImapEnabled $true"),
            (
                Refusal::GooglePassword,
                "https://myaccount.google.com/apppasswords",
            ),
        ] {
            let hint = refusal.hint(user).expect(named);
            assert!(hint.contains(named), "{refusal:?}: {hint}");
        }
    }

    proptest! {
        /// Nothing a server says gets into what people read.
        #[test]
        fn no_word_of_a_server_gets_out(code in 400u16..600, words in "[a-z0-9 .]{0,80}") {
            let said = format!("xyzzy{words}xyzzy");
            for with in [With::Password, With::Token] {
                for refusal in [Refusal::of_smtp(code, &said, with), Refusal::of_imap(&said, with)] {
                    let hint = refusal.hint("u").unwrap_or_default();
                    prop_assert!(!refusal.text().contains("xyzzy") && !hint.contains("xyzzy"));
                }
            }
        }
    }
}
