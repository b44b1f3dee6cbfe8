//! The workspace's email: set up, found out and tested at once.

use greenroom_protocol::Error;
use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::mail_settings::{
    MailConfigure, MailDiscover, MailDiscovered, MailLogIn, MailSecurity, MailServer, MailSettings,
    MailSource, MailSystem, MailTest, MailTestResult, MailTestStep, MailTransport,
};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::status::CheckResult;

use crate::app::tests::records::{NOW, at};

/// How it is set up, and the latest test.
pub(crate) struct Email {
    pub(crate) settings: MailSettings,
    pub(crate) test: MailTest,
}

impl Default for Email {
    fn default() -> Self {
        Self {
            settings: MailSettings {
                source: MailSource::Nobody,
                system: None,
                transport: MailTransport::Maildir,
                from: None,
                account: None,
                smtp: None,
                smtp_log_in: MailLogIn::None,
                imap: None,
                imap_log_in: MailLogIn::None,
                folder: "INBOX".into(),
                delivers: false,
                warning: None,
                replies: String::new(),
                replies_error: None,
                revision: 0,
            },
            test: MailTest {
                running: false,
                started_at: None,
                finished_at: None,
                result: None,
                steps: Vec::new(),
            },
        }
    }
}

impl Email {
    /// Answers what changes it; `Err` what is about something else.
    pub(super) fn answer(&mut self, refused: Option<Error>, request: Q) -> Result<R, Box<Q>> {
        Ok(match request {
            Q::MailConfigure { configure } => {
                R::MailConfigure(refused.map_or_else(|| Ok(self.configure(&configure)), Err))
            }
            Q::MailTest { .. } => {
                self.test = MailTest {
                    running: true,
                    started_at: Some(at(NOW)),
                    finished_at: None,
                    result: None,
                    steps: vec![step(MailTestStep::LogIn, "mail.acme.example lets us in")],
                };
                R::MailTest(refused.map_or_else(|| Ok(self.test.clone()), Err))
            }
            other => return Err(Box::new(other)),
        })
    }

    fn configure(&mut self, set: &MailConfigure) -> MailSettings {
        let revision = self.settings.revision + 1;
        if set.reset {
            *self = Self::default();
            self.settings.revision = revision;
            return self.settings.clone();
        }
        let by_password = match set.account.as_deref() {
            None | Some("") => MailLogIn::Password,
            Some(account) if account.starts_with("google:") => {
                MailLogIn::Account(AccountProvider::Google)
            }
            Some(_) => MailLogIn::Account(AccountProvider::Microsoft),
        };
        self.settings = MailSettings {
            source: MailSource::Workspace,
            system: set.system,
            transport: set.transport.unwrap_or(MailTransport::Smtp),
            from: set.from.clone(),
            account: set.account.clone().filter(|it| !it.is_empty()),
            smtp: set.smtp.clone(),
            smtp_log_in: by_password,
            imap: set.imap.clone(),
            delivers: true,
            revision,
            ..self.settings.clone()
        };
        self.settings.clone()
    }

    /// The test goes well to its end.
    pub(crate) fn passes(&mut self) {
        self.test.running = false;
        self.test.result = Some(CheckResult::Ok);
        self.test.steps = vec![
            step(MailTestStep::LogIn, "mail.acme.example lets us in"),
            step(MailTestStep::Send, "a test email was taken"),
            step(MailTestStep::LogInToRead, "the mailbox opens"),
            step(MailTestStep::Read, "the test email came back"),
        ];
    }
}

pub(crate) fn step(step: MailTestStep, message: &str) -> MailTestResult {
    MailTestResult {
        step,
        result: CheckResult::Ok,
        message: message.into(),
        hint: None,
    }
}

pub(super) fn discover(asked: &MailDiscover) -> MailDiscovered {
    let domain = asked.address.rsplit('@').next().unwrap_or_default();
    let by_name = match domain {
        "google.example" => Some(MailSystem::Google),
        "microsoft.example" => Some(MailSystem::Microsoft),
        _ => None,
    };
    let system = asked.system.or(by_name);
    let known = system.filter(|it| *it != MailSystem::Other);
    let server = |name: &str, port| MailServer {
        host: format!("{name}.{domain}"),
        port,
        security: MailSecurity::Tls,
        user: None,
    };
    let account = match system {
        Some(MailSystem::Google) => Some(AccountProvider::Google),
        Some(MailSystem::Microsoft) => Some(AccountProvider::Microsoft),
        _ => None,
    };
    MailDiscovered {
        system,
        because: by_name.map(|_| format!("its MX is mx.{domain}")),
        transport: MailTransport::Smtp,
        smtp: known.map(|_| server("smtp", 465)),
        imap: known.map(|_| server("imap", 993)),
        log_in: account.map_or(MailLogIn::Password, MailLogIn::Account),
        admin_steps: account
            .map(|_| "Turn on Trust internal apps at admin.example.".to_owned())
            .into_iter()
            .collect(),
        own_steps: Vec::new(),
    }
}
