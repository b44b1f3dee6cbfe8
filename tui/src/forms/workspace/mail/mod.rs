//! The workspace's email: address, system, log-in, and then a test.
//!
//! The daemon finds out which system an address has, and says what has to be allowed there first;
//! what it finds is filled in unless the person wrote something else. A password is typed as dots
//! and goes to the vault. Invariants: nothing is stored before the form is sent; what stands as it
//! was stored is sent as it was stored, so that a change elsewhere in the form changes nothing here.

mod request;
mod steps;

use greenroom_protocol::Error;
use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::mail_settings::{
    MailConfigure, MailDiscover, MailDiscovered, MailLogIn, MailServer, MailSettings, MailSource,
    MailSystem, MailTransport,
};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use ratatui::layout::Rect;

use self::steps::Steps;
use crate::forms::fill::{address, line, select};
use crate::forms::sheet::{Entry, Field, Note, Sheet};
use crate::forms::{About, Answered, Ask, FormType, Frame, Send, unexpected};
use crate::keys::Command;
use crate::state::State;
use crate::typed::server;
use crate::widgets::{Canvas, Choice, Pick, SecretInput};
use crate::wording::account;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    From,
    System,
    LogIn,
    By,
    Smtp,
    Imap,
    User,
    Password,
}

/// The systems people know by name.
const SYSTEMS: [(MailSystem, &str, &str); 7] = [
    (MailSystem::Google, "google", "Google Workspace"),
    (MailSystem::Microsoft, "microsoft", "Microsoft 365"),
    (
        MailSystem::Exchange,
        "exchange",
        "Exchange on our own servers",
    ),
    (MailSystem::Fastmail, "fastmail", "Fastmail"),
    (MailSystem::Icloud, "icloud", "iCloud"),
    (MailSystem::Zoho, "zoho", "Zoho"),
    (MailSystem::Other, "other", "Other (SMTP and IMAP)"),
];

/// How one logs in where both are possible, and how email leaves where both are.
const LOG_INS: &[&str] = &["sign in in the browser", "app password"];
const WAYS: &[&str] = &["SMTP and IMAP", "Microsoft Graph"];

/// In the place of a system: what the daemon's configuration says.
const DEFAULT: &str = "default";

/// What is known of the address that stands there.
#[derive(Debug, Default)]
enum Lookup {
    /// Nobody has asked.
    #[default]
    NotAsked,
    Waiting,
    Found(Box<MailDiscovered>),
    /// It could not be asked.
    Failed(String),
}

#[derive(Debug, Default)]
pub(crate) struct Mail {
    /// How email was set up when the form was opened.
    before: Option<Box<MailSettings>>,
    /// What was asked last: the address, and the system the person says it has.
    asked: Option<(String, Option<MailSystem>)>,
    lookup: Lookup,
    steps: Steps,
}

/// How one logs in.
#[derive(Clone, Copy, Debug, PartialEq)]
enum LogIn {
    /// By signing in in the browser.
    Account(AccountProvider),
    Password,
}

impl FormType for Mail {
    type Name = Name;

    const DOING: &'static str = "saving";

    fn open(state: &State, subject: &str) -> Frame<Self> {
        let before = state.cache.mail_settings.latest().cloned();
        let me = state.cache.me().map(|me| me.email.as_str());
        let settings = before.as_ref();
        let own = settings.filter(|it| it.source == MailSource::Workspace);
        let from = settings.and_then(|it| it.from.as_deref()).or(me);
        let mut picks: Vec<Pick> = SYSTEMS
            .iter()
            .map(|(_, value, label)| Pick::new(value, label, ""))
            .collect();
        if own.is_some() {
            let words = "The daemon's configuration";
            picks.push(Pick::new(DEFAULT, words, "forgets what is set here"));
        }
        let system = own.and_then(|it| it.system).map(value_of);
        let typed = |it: Option<&MailServer>, ports| {
            it.map(|it| server::write(it, ports)).unwrap_or_default()
        };
        let smtp = settings.and_then(|it| it.smtp.as_ref());
        let imap = settings.and_then(|it| it.imap.as_ref());
        let user = smtp.and_then(|it| it.user.as_deref());
        let user = user.filter(|user| Some(*user) != from).unwrap_or_default();
        let by_password = own.is_some_and(|it| it.account.is_none());
        let by_graph = own.is_some_and(|it| it.transport == MailTransport::Graph);
        let log_ins = Choice::new(LOG_INS, usize::from(by_password));
        let ways = Choice::new(WAYS, usize::from(by_graph));
        let password = Field::new("Password", Entry::Secret(SecretInput::default()));
        let sheet = Sheet::new(vec![
            (Name::From, line("Address", from.unwrap_or_default())),
            (Name::System, select("Email system", picks, system)),
            (Name::LogIn, Field::new("Log in", Entry::Choice(log_ins))),
            (Name::By, Field::new("Sent by", Entry::Choice(ways))),
            (Name::Smtp, line("SMTP server", &typed(smtp, server::SMTP))),
            (Name::Imap, line("IMAP server", &typed(imap, server::IMAP))),
            (Name::User, line("User", user)),
            (Name::Password, password),
        ]);
        let revision = settings.map(|it| it.revision);
        let own = Self {
            before: before.map(Box::new),
            ..Self::default()
        };
        let mut form = Frame::new(subject, "Email of the workspace", "", sheet, own);
        form.revision = revision;
        Self::refresh(&mut form, state);
        form
    }

    fn refresh(form: &mut Frame<Self>, state: &State) {
        let (system, log_in) = (system(&form.sheet), log_in(form));
        let remarks = remarks(form);
        let by_password = log_in == Some(LogIn::Password);
        let named = system.is_some_and(names_servers);
        let google = found(form).is_some_and(|it| by_account(it) == Some(AccountProvider::Google));
        let microsoft = log_in == Some(LogIn::Account(AccountProvider::Microsoft));
        form.button = match log_in {
            _ if is_reset(&form.sheet) => "Use the configuration",
            Some(LogIn::Account(provider)) if opens(form, state, provider) => "Save and test",
            Some(LogIn::Account(AccountProvider::Google)) => "Save and connect Google",
            Some(LogIn::Account(AccountProvider::Microsoft)) => "Save and connect Microsoft",
            Some(LogIn::Password) | None => "Save and test",
        };
        let sheet = &mut form.sheet;
        sheet.show(Name::From, !is_reset(sheet));
        sheet.show(Name::LogIn, google);
        sheet.show(Name::By, microsoft);
        for name in [Name::Smtp, Name::Imap, Name::User] {
            sheet.show(name, by_password && named);
        }
        sheet.show(Name::Password, by_password);
        for (name, words) in remarks {
            remark(sheet, name, &words);
        }
    }

    fn name(of_request: &str) -> Option<Name> {
        Some(match of_request {
            "from" | "address" => Name::From,
            "system" | "account" => Name::System,
            "transport" => Name::By,
            "smtp.host" | "smtp.port" | "smtp.security" | "smtp" => Name::Smtp,
            "imap.host" | "imap.port" | "imap.security" | "imap" => Name::Imap,
            "smtp.user" | "imap.user" => Name::User,
            "smtp_password" | "imap_password" => Name::Password,
            _ => return None,
        })
    }

    fn about(_form: &Frame<Self>) -> About {
        About {
            mail: true,
            ..About::default()
        }
    }

    fn asks(form: &mut Frame<Self>, _state: &State) -> Vec<(Ask, Q)> {
        // An address is looked up once it is written, not letter by letter.
        if is_reset(&form.sheet) || form.sheet.is_on(Name::From) && !form.sends_later {
            return Vec::new();
        }
        let asked = question(form);
        if !asked.0.contains('@') || form.own.asked.as_ref() == Some(&asked) {
            return Vec::new();
        }
        let address = MailDiscover {
            address: asked.0.clone(),
            system: asked.1,
        };
        form.own.asked = Some(asked);
        form.own.lookup = Lookup::Waiting;
        form.own.steps = Steps::default();
        vec![(Ask::Discover, Q::MailDiscover { address })]
    }

    fn told(form: &mut Frame<Self>, _ask: Ask, reply: Result<R, Error>) {
        let found = match reply {
            Ok(R::MailDiscover(found)) => found,
            Ok(_) => Err(unexpected()),
            Err(error) => Err(error),
        };
        match found {
            Ok(found) => fill_in(form, found),
            Err(error) => form.own.lookup = Lookup::Failed(error.message),
        }
    }

    fn waits(form: &Frame<Self>) -> bool {
        if said(form).is_some_and(names_servers) {
            return false;
        }
        let is_known = form.own.asked.as_ref() == Some(&question(form));
        !is_known || matches!(form.own.lookup, Lookup::Waiting)
    }

    fn send(form: &mut Frame<Self>, _state: &State) -> Option<Send> {
        if is_reset(&form.sheet) {
            let configure = MailConfigure {
                reset: true,
                expected_revision: form.revision,
                ..MailConfigure::default()
            };
            return Some(Send::Call(Box::new(Q::MailConfigure { configure })));
        }
        let from = address(&mut form.sheet, Name::From)?;
        if Self::waits(form) {
            return Some(Send::Later);
        }
        if system(&form.sheet).is_none() {
            form.sheet.refuse(Name::System, "Choose the email system");
            return None;
        }
        let configure = match log_in(form) {
            Some(LogIn::Account(provider)) => request::by_account(form, from, provider),
            Some(LogIn::Password) => request::by_password(form, from)?,
            None => {
                let Lookup::Failed(why) = &form.own.lookup else {
                    return None;
                };
                let why = why.clone();
                form.sheet.refuse(Name::System, &why);
                // Asked again the next time.
                form.own.asked = None;
                return None;
            }
        };
        Some(Send::Call(Box::new(Q::MailConfigure { configure })))
    }

    fn answered(_form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let R::MailConfigure(done) = reply else {
            return Err(unexpected());
        };
        done.map(|settings| Answered::MailSaved(Box::new(settings)))
    }

    fn scroll(&mut self, command: Command) -> bool {
        self.steps.scroll(command)
    }

    fn rows_below(&self, cells: usize) -> u16 {
        self.steps.rows(cells)
    }

    fn draw_below(form: &Frame<Self>, _state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        if !is_reset(&form.sheet) {
            form.own.steps.draw(canvas, area);
        }
    }
}

/// Fills in what was found, but for what the person wrote or stored.
fn fill_in(form: &mut Frame<Mail>, found: MailDiscovered) {
    let says = said(form);
    let sheet = &mut form.sheet;
    if says.is_none()
        && let Some(Entry::Select(select)) = sheet.field_mut(Name::System).map(|it| &mut it.entry)
    {
        select.choose(found.system.map_or("", value_of));
    }
    if kept(form).is_none() {
        let sheet = &mut form.sheet;
        for (name, server, ports) in [
            (Name::Smtp, &found.smtp, server::SMTP),
            (Name::Imap, &found.imap, server::IMAP),
        ] {
            if let Some(server) = server.as_ref().filter(|_| !sheet.is_changed(name)) {
                sheet.set_text(name, &server::write(server, ports));
            }
        }
        if !sheet.is_changed(Name::LogIn) {
            let by_account = by_account(&found).is_some();
            sheet.choose(Name::LogIn, usize::from(!by_account));
        }
    }
    form.own.steps = match found.system {
        Some(_) => Steps::of(&found),
        // What another system needs says nothing here.
        None => Steps::default(),
    };
    form.own.lookup = Lookup::Found(Box::new(found));
}

/// What is said beside the fields, whatever was refused there.
fn remarks(form: &Frame<Mail>) -> [(Name, String); 6] {
    let before = form.own.before.as_deref();
    let from = match before.map(|it| it.source) {
        Some(MailSource::Configuration) => {
            "The daemon's configuration sets email for all workspaces. What you save here goes before it"
        }
        _ => "Invitations leave from it, and replies are read there",
    };
    let chosen = system(&form.sheet).is_some();
    let system = match &form.own.lookup {
        _ if is_reset(&form.sheet) => {
            "What is set for this workspace, its password too, is forgotten".to_owned()
        }
        Lookup::Waiting => format!("Looking up {}…", domain(form.sheet.text(Name::From))),
        Lookup::Failed(why) => why.clone(),
        Lookup::NotAsked if chosen => String::new(),
        Lookup::NotAsked => "Found by the address, or chosen here".to_owned(),
        Lookup::Found(found) => match (&found.because, chosen) {
            (Some(because), true) => format!("Found: {because}"),
            (Some(because), false) => format!("{because}. Choose the system here"),
            (None, false) => "Choose the system of this address".to_owned(),
            (None, true) => String::new(),
        },
    };
    let password = match kept(form).map(|it| &it.smtp_log_in) {
        Some(MailLogIn::Password) => "Leave empty to keep the password that is stored",
        _ => "",
    };
    [
        (Name::From, from.to_owned()),
        (Name::System, system),
        (
            Name::Smtp,
            "Such as mail.acme.example, or mail.acme.example:587".into(),
        ),
        (Name::Imap, "Leave empty if replies are not read".into()),
        (Name::User, "Leave empty to use the address".into()),
        (Name::Password, password.to_owned()),
    ]
}

fn remark(sheet: &mut Sheet<Name>, name: Name, words: &str) {
    let Some(field) = sheet.field_mut(name) else {
        return;
    };
    field.notes.retain(|note| !note.is_no_error());
    if !words.is_empty() && field.notes.is_empty() {
        field.notes.push(Note::Hint(words.to_owned()));
    }
}

fn domain(address: &str) -> &str {
    address.rsplit('@').next().unwrap_or_default()
}

fn value_of(system: MailSystem) -> &'static str {
    let mut all = SYSTEMS.iter();
    let found = all.find(|(it, ..)| *it == system);
    found.map_or("", |(_, value, _)| value)
}

fn system(sheet: &Sheet<Name>) -> Option<MailSystem> {
    let chosen = sheet.chosen(Name::System);
    let mut all = SYSTEMS.iter();
    all.find(|(_, value, _)| *value == chosen)
        .map(|(system, ..)| *system)
}

/// Whether a person names its servers, and need not wait for what is found.
fn names_servers(system: MailSystem) -> bool {
    matches!(system, MailSystem::Other | MailSystem::Exchange)
}

/// Whether the workspace is to have no email of its own any more.
fn is_reset(sheet: &Sheet<Name>) -> bool {
    sheet.chosen(Name::System) == DEFAULT
}

/// What is to be looked up as the form stands.
fn question(form: &Frame<Mail>) -> (String, Option<MailSystem>) {
    (form.sheet.text(Name::From).trim().to_owned(), said(form))
}

/// The system, where the person says it: now, or when this address was set up.
fn said(form: &Frame<Mail>) -> Option<MailSystem> {
    match form.sheet.is_changed(Name::System) {
        true => system(&form.sheet),
        false if form.sheet.is_changed(Name::From) => None,
        false => stored(form)?.system,
    }
}

/// The workspace's own settings, as the form was opened with them.
fn stored(form: &Frame<Mail>) -> Option<&MailSettings> {
    let before = form.own.before.as_deref();
    before.filter(|it| it.source == MailSource::Workspace)
}

/// The same, while they are of the system that is chosen.
fn kept(form: &Frame<Mail>) -> Option<&MailSettings> {
    let system = system(&form.sheet);
    stored(form).filter(|it| it.system == system && !form.sheet.is_changed(Name::From))
}

/// What was found of the system that is chosen.
fn found(form: &Frame<Mail>) -> Option<&MailDiscovered> {
    let Lookup::Found(found) = &form.own.lookup else {
        return None;
    };
    (found.system == system(&form.sheet)).then_some(&**found)
}

fn by_account(found: &MailDiscovered) -> Option<AccountProvider> {
    match found.log_in {
        MailLogIn::Account(provider) => Some(provider),
        _ => None,
    }
}

/// Whether the account of the address that stands there is connected already.
fn opens(form: &Frame<Mail>, state: &State, provider: AccountProvider) -> bool {
    account::opens_mail(state, provider, form.sheet.text(Name::From).trim())
}

/// How one logs in, as far as that is known.
fn log_in(form: &Frame<Mail>) -> Option<LogIn> {
    if system(&form.sheet).is_some_and(names_servers) {
        return Some(LogIn::Password);
    }
    let by_password = form.sheet.choice(Name::LogIn) == 1;
    let found = found(form).filter(|it| it.system.is_some())?;
    Some(match by_account(found) {
        Some(AccountProvider::Google) if by_password => LogIn::Password,
        Some(provider) => LogIn::Account(provider),
        None => LogIn::Password,
    })
}
