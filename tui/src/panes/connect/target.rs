//! What is being connected and whose it is: the one place where the providers differ.
//!
//! Owns the requests of a connect and how their answers read, for Zoom and for Google and Microsoft
//! accounts. The steps, the waiting and the paste are the same for all of them.

use std::rc::Rc;

use greenroom_protocol::Error;
use greenroom_protocol::account::{
    Account, AccountAttempt, AccountConnectCancel, AccountConnectFinish, AccountConnectStart,
    AccountProvider,
};
use greenroom_protocol::id::{AttemptId, MemberId};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::MemberBrief;
use greenroom_protocol::zoom::{
    ConnectAttempt, ConnectCancel, ConnectStart, Connection, ConnectionState,
};

use crate::callback::{Loopback, Redirect};
use crate::forms::{OF_WORKSPACE, ThenConnect};
use crate::state::State;
use crate::state::work::unexpected;
use crate::widgets::Qr;
use crate::wording::account;
use crate::wording::zoom::{self, my_zoom};

/// What is connected.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Target {
    /// A member's Zoom; `None`: the person's own.
    Zoom(Option<MemberBrief>),
    /// An account at Google or Microsoft.
    Account(AccountTarget),
}

/// An account of the person, or of the workspace.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AccountTarget {
    pub(crate) provider: AccountProvider,
    pub(crate) for_workspace: bool,
    /// The address that must sign in, where it is known.
    pub(crate) email: Option<String>,
}

/// An attempt that waits for the browser.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Attempt {
    pub(crate) id: AttemptId,
    pub(crate) authorize_url: String,
    /// Who is to approve; `None`: anyone who signs in.
    pub(crate) user: Option<String>,
    pub(crate) expires_at: Instant,
    /// The address, for a phone; `None`: it is too long for a code.
    pub(super) qr: Option<Rc<Qr>>,
    /// Whose Zoom; `None` of an account.
    member: Option<MemberId>,
}

impl From<ConnectAttempt> for Attempt {
    fn from(attempt: ConnectAttempt) -> Self {
        Self {
            id: attempt.attempt,
            qr: Qr::of(&attempt.authorize_url).map(Rc::new),
            authorize_url: attempt.authorize_url,
            user: Some(attempt.expected_zoom_user),
            expires_at: attempt.expires_at,
            member: Some(attempt.member.id),
        }
    }
}

impl From<AccountAttempt> for Attempt {
    fn from(attempt: AccountAttempt) -> Self {
        Self {
            id: attempt.attempt,
            qr: Qr::of(&attempt.authorize_url).map(Rc::new),
            authorize_url: attempt.authorize_url,
            user: attempt.expected_email,
            expires_at: attempt.expires_at,
            member: None,
        }
    }
}

/// What came of a connect.
#[derive(Debug)]
pub(crate) enum Connected {
    Zoom(Box<Connection>),
    Account(Box<Account>),
}

/// How the connection that is waited for stands, as far as it was asked for.
pub(super) struct Standing {
    pub(super) attempt: Option<AttemptId>,
    pub(super) reason: Option<String>,
    /// Whose it is, for people.
    pub(super) whose: String,
    /// It is connected now.
    pub(super) connected: Option<Connected>,
}

impl Target {
    /// Where it is.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Zoom(_) => "Zoom",
            Self::Account(account) => account.provider.name(),
        }
    }

    /// Where the browser comes back to.
    pub(super) fn loopback(&self) -> Loopback {
        match self {
            Self::Zoom(_) => Loopback::Address,
            Self::Account(account) => account.provider.into(),
        }
    }

    /// The member whose Zoom it is, where it is not the person's own.
    pub(crate) fn whose(&self) -> Option<&MemberBrief> {
        match self {
            Self::Zoom(whose) => whose.as_ref(),
            Self::Account(_) => None,
        }
    }

    pub(super) fn title(&self) -> String {
        match self {
            Self::Zoom(Some(member)) => format!("Connect {}'s Zoom", member.name),
            Self::Zoom(None) => "Connect Zoom".to_owned(),
            Self::Account(account) if account.for_workspace => {
                format!("Connect {} for the workspace", account.provider.name())
            }
            Self::Account(account) => format!("Connect {}", account.provider.name()),
        }
    }

    /// Who will be asked to allow it.
    pub(super) fn whom(&self) -> &str {
        self.whose().map_or("you", |member| &member.name)
    }

    /// What the form that asks an admin is about.
    pub(super) fn approval_subject(&self) -> String {
        match self {
            Self::Zoom(whose) => {
                let member = whose.as_ref().map(|member| member.id.to_string());
                member.unwrap_or_default()
            }
            Self::Account(account) => {
                let of = if account.for_workspace {
                    OF_WORKSPACE
                } else {
                    ""
                };
                format!("{}{of}", account.provider.word())
            }
        }
    }

    pub(super) fn start(&self, redirect_uri: String) -> Q {
        match self {
            Self::Zoom(whose) => {
                let start = ConnectStart {
                    member: whose.as_ref().map(|member| member.id.to_string()),
                    redirect_uri,
                };
                Q::ZoomConnectStart { start }
            }
            Self::Account(account) => {
                let start = AccountConnectStart {
                    provider: account.provider,
                    member: None,
                    for_workspace: account.for_workspace,
                    email: account.email.clone(),
                    purposes: Vec::new(),
                    redirect_uri,
                };
                Q::AccountConnectStart { start }
            }
        }
    }

    /// # Errors
    /// Why it could not start.
    pub(super) fn started(&self, reply: Result<R, Error>) -> Result<Attempt, Error> {
        match reply? {
            R::ZoomConnectStart(attempt) => attempt.map(Attempt::from),
            R::AccountConnectStart(attempt) => attempt.map(Attempt::from),
            _ => Err(unexpected()),
        }
    }

    /// Hands in what the browser came back with.
    pub(super) fn finish(&self, redirect: Redirect, attempt: AttemptId, protocol: u32) -> Q {
        let finish = redirect.finish(attempt, protocol);
        match self {
            Self::Zoom(_) => Q::ZoomConnectFinish { finish },
            Self::Account(account) => {
                let finish = AccountConnectFinish {
                    provider: account.provider,
                    attempt: finish.attempt,
                    state: finish.state,
                    code: finish.code,
                    error: finish.error,
                    error_description: finish.error_description,
                };
                Q::AccountConnectFinish { finish }
            }
        }
    }

    /// # Errors
    /// Why it is not connected.
    pub(super) fn finished(&self, reply: Result<R, Error>) -> Result<Connected, Error> {
        match reply? {
            R::ZoomConnectFinish(zoom) => zoom.map(|it| Connected::Zoom(Box::new(it))),
            R::AccountConnectFinish(account) => account.map(|it| Connected::Account(Box::new(it))),
            _ => Err(unexpected()),
        }
    }

    pub(super) fn cancel(&self, attempt: AttemptId) -> Q {
        match self {
            Self::Zoom(_) => Q::ZoomConnectCancel {
                cancel: ConnectCancel { attempt },
            },
            Self::Account(account) => Q::AccountConnectCancel {
                cancel: AccountConnectCancel {
                    provider: account.provider,
                    attempt,
                },
            },
        }
    }

    /// How what is waited for stands. What is known may be older than the attempt.
    pub(super) fn standing(&self, state: &State, attempt: &Attempt) -> Option<Standing> {
        match self {
            Self::Zoom(_) => {
                let mut known = state.cache.connections.latest()?.iter();
                let zoom = known.find(|it| Some(it.member.id) == attempt.member)?;
                let connected = zoom.state == ConnectionState::Connected;
                Some(Standing {
                    attempt: zoom.attempt,
                    reason: zoom.reason.clone(),
                    whose: format!("{}'s Zoom", zoom.member.name),
                    connected: connected.then(|| Connected::Zoom(Box::new(zoom.clone()))),
                })
            }
            Self::Account(target) => {
                let account = target.account(state)?;
                let connected = account.state == ConnectionState::Connected;
                Some(Standing {
                    attempt: account.attempt,
                    reason: account.reason.clone(),
                    whose: account::whose(account),
                    connected: connected.then(|| Connected::Account(Box::new(account.clone()))),
                })
            }
        }
    }
}

impl AccountTarget {
    /// The account as it is known.
    pub(crate) fn account<'a>(&self, state: &'a State) -> Option<&'a Account> {
        account::find(state, self.provider, self.for_workspace)
    }

    /// The same, for once its app is there.
    pub(super) fn then(&self) -> ThenConnect {
        ThenConnect {
            provider: self.provider,
            for_workspace: self.for_workspace,
            email: self.email.clone(),
        }
    }
}

impl Connected {
    /// What is said of it.
    pub(super) fn words(&self, state: &State) -> String {
        match self {
            Self::Zoom(zoom) => {
                let user = zoom::user(zoom);
                let own = my_zoom(state).is_none_or(|mine| mine.member.id == zoom.member.id);
                match own {
                    true => format!("Zoom is connected: {user}"),
                    false => format!("{}'s Zoom is connected: {user}", zoom.member.name),
                }
            }
            Self::Account(account) => format!(
                "{} is connected: {}",
                account.provider.name(),
                account::user(account)
            ),
        }
    }

    /// Whether it is the account that the workspace's email logs in with.
    pub(super) fn is_for_email(&self, state: &State) -> bool {
        let Self::Account(account) = self else {
            return false;
        };
        let settings = state.cache.mail_settings.latest();
        let named = settings.and_then(|it| it.account.as_deref());
        let named = named.and_then(account::named);
        named.is_some_and(|(provider, email)| account::is_mailbox(account, provider, email))
    }

    /// Whether it is the person's own Zoom.
    pub(super) fn is_own_zoom(&self, state: &State) -> bool {
        match self {
            Self::Zoom(zoom) => my_zoom(state).is_none_or(|mine| mine.member.id == zoom.member.id),
            Self::Account(_) => false,
        }
    }
}
