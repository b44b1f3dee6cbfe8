//! Reading a provider's redirect, as it arrives at the port or as a person pastes it.
//!
//! Pure. Invariant: a [`Redirect`] has a `state` and either a code or an error; its secrets are not
//! shown by `Debug`.

use greenroom_protocol::id::AttemptId;
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::text::printable;
use greenroom_protocol::zoom::ConnectFinish;
use url::{Url, form_urlencoded};

/// The first protocol whose daemons take the description of an error.
const DESCRIBED_SINCE: u32 = 2;

/// Where browsers come back to.
const HOSTS: [&str; 2] = ["127.0.0.1", "localhost"];

/// What is kept of an error, in characters; OAuth's are words.
const LONGEST_ERROR: usize = 200;

/// What the provider said through the browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// Which attempt it answers.
    pub state: Opaque,
    /// Yes or no.
    pub answer: Answer,
}

/// The provider's yes or no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Granted: the authorization code.
    Code(Opaque),
    /// Not granted; as far as it may be shown.
    Error(Refusal),
}

/// OAuth's error, in words that steer no terminal and have a bounded length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Its name, such as `access_denied`.
    pub error: String,
    /// The provider's description, if there is one.
    pub description: Option<String>,
}

impl Refusal {
    /// Whether a text stands in it.
    pub(super) fn carries(&self, text: &str) -> bool {
        let described = self.description.as_deref();
        self.error.contains(text) || described.is_some_and(|words| words.contains(text))
    }

    /// Whether the person, or the provider for them, said no.
    pub fn is_decline(&self) -> bool {
        self.error == "access_denied"
    }
}

/// Why a text is not a redirect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RedirectError {
    /// Not an address at all.
    #[error("read the pasted address: it is not an address; copy the whole of it from the browser")]
    NotAnAddress,
    /// The page before the consent.
    #[error(
        "read the pasted address: this is the consent page; agree there, then paste the address the browser ends at"
    )]
    ConsentPage,
    /// Some other address.
    #[error(
        "read the pasted address: it must begin with http://127.0.0.1 or http://localhost and contain /callback"
    )]
    Elsewhere,
    /// No `state`.
    #[error("read the redirect: its state is missing; copy the whole address")]
    NoState,
    /// Neither `code` nor `error`.
    #[error("read the redirect: neither a code nor an error is in it; copy the whole address")]
    NoAnswer,
}

impl Redirect {
    /// Reads the part after `?`. Of a parameter that comes twice, the first counts.
    ///
    /// # Errors
    /// [`RedirectError::NoState`] and [`RedirectError::NoAnswer`].
    pub fn from_query(query: &str) -> Result<Self, RedirectError> {
        let value = |wanted: &str| {
            form_urlencoded::parse(query.as_bytes())
                .find(|(name, value)| name == wanted && !value.is_empty())
                .map(|(_, value)| value.into_owned())
        };
        let state = value("state").ok_or(RedirectError::NoState)?;
        let code = value("code").map(|code| Answer::Code(Opaque::new(code)));
        let error = || {
            let error = printable(&value("error")?, LONGEST_ERROR);
            let description = value("error_description");
            let description = description.map(|words| printable(&words, LONGEST_ERROR));
            let description = description.filter(|words| !words.is_empty());
            (!error.is_empty()).then_some(Answer::Error(Refusal { error, description }))
        };
        Ok(Self {
            state: Opaque::new(state),
            answer: code.or_else(error).ok_or(RedirectError::NoAnswer)?,
        })
    }

    /// Whether it answers the attempt with this `state`.
    pub fn is_for(&self, state: &Opaque) -> bool {
        self.state == *state
    }

    /// The attempt it answers, as its `state` says: the attempt's id stands before the first dot.
    pub fn attempt(&self) -> Option<AttemptId> {
        self.state.reveal().split_once('.')?.0.parse().ok()
    }

    /// What to hand to a daemon of this protocol.
    pub fn finish(self, attempt: AttemptId, protocol: u32) -> ConnectFinish {
        let (code, refusal) = match self.answer {
            Answer::Code(code) => (Some(code), None),
            Answer::Error(refusal) => (None, Some(refusal)),
        };
        let (error, description) = match refusal {
            Some(Refusal { error, description }) => (Some(error), description),
            None => (None, None),
        };
        ConnectFinish {
            attempt,
            state: self.state,
            code,
            error,
            error_description: description.filter(|_| protocol >= DESCRIBED_SINCE),
        }
    }
}

/// Reads a redirect that a person copied from the browser's address bar. Breaks that a terminal put
/// in are forgiven.
///
/// # Errors
/// What is wrong with the text, and what to paste instead.
pub fn read_redirect(pasted: &str) -> Result<Redirect, RedirectError> {
    let text: String = pasted
        .chars()
        .filter(|letter| !letter.is_whitespace() && !letter.is_control())
        .collect();
    let text = text.trim_matches(['"', '\'', '<', '>']);
    let url = match Url::parse(text) {
        Ok(url) if url.has_host() => url,
        // Browsers hide the scheme.
        _ => Url::parse(&format!("http://{text}"))
            .ok()
            .filter(|_| HOSTS.iter().any(|host| text.starts_with(host)))
            .ok_or(RedirectError::NotAnAddress)?,
    };
    let ours = url.host_str().is_some_and(|host| HOSTS.contains(&host));
    if ours && url.path() == "/callback" {
        return Redirect::from_query(url.query().unwrap_or_default());
    }
    if url.query_pairs().any(|(name, _)| name == "code_challenge") {
        return Err(RedirectError::ConsentPage);
    }
    Err(RedirectError::Elsewhere)
}

/// The `state` that an answer to this authorize address will carry.
pub fn expected_state(authorize_url: &str) -> Option<Opaque> {
    let url = Url::parse(authorize_url).ok()?;
    let (_, state) = url.query_pairs().find(|(name, _)| name == "state")?;
    (!state.is_empty()).then(|| Opaque::new(state))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pasted_addresses_are_read_or_refused_with_the_way_out() {
        for good in [
            "http://127.0.0.1:4711/callback?code=c&state=s",
            "  \"http://127.0.0.1:4711/callback?state=s&code=c#_=_\"\n",
            "127.0.0.1:4711/callback?code=c&state=s",
            "http://127.0.0.1:4711/call\nback?code=c&sta\n te=s",
            "http://localhost:4711/callback?code=c&state=s",
            "localhost:4711/callback?code=c&state=s",
        ] {
            let redirect = read_redirect(good).unwrap();
            assert_eq!(redirect.state.reveal(), "s", "{good}");
            assert_eq!(redirect.answer, Answer::Code(Opaque::new("c")), "{good}");
        }
        for (bad, because) in [
            ("", RedirectError::NotAnAddress),
            ("code=c", RedirectError::NotAnAddress),
            ("127.0.0.1:99999999/callback", RedirectError::NotAnAddress),
            ("https://zoom.us/profile", RedirectError::Elsewhere),
            (
                "http://127.0.0.1:1/other?code=c&state=s",
                RedirectError::Elsewhere,
            ),
            (
                "http://localhost.example:1/callback?code=c&state=s",
                RedirectError::Elsewhere,
            ),
            (
                "https://zoom.us/oauth/authorize?code_challenge=x&state=s",
                RedirectError::ConsentPage,
            ),
            ("http://127.0.0.1:1/callback?code=c", RedirectError::NoState),
            (
                "http://127.0.0.1:1/callback?state=s",
                RedirectError::NoAnswer,
            ),
        ] {
            assert_eq!(read_redirect(bad), Err(because), "{bad}");
        }
    }

    #[test]
    fn a_decline_is_read_too() {
        let declined = read_redirect("http://127.0.0.1:1/callback?error=access_denied&state=s");
        let answer = Answer::Error(Refusal {
            error: "access_denied".to_owned(),
            description: None,
        });
        assert_eq!(declined.unwrap().answer, answer);
    }

    /// Case Z11: an error is handed on with its description, which a daemon before protocol 2 would
    /// refuse.
    #[test]
    fn an_error_is_named_with_its_description() {
        let query = "state=s&error=invalid_scope&error_description=Add%20the%0ascope%1b%5b2J";
        let redirect = Redirect::from_query(query).unwrap();
        let Answer::Error(refusal) = redirect.answer.clone() else {
            panic!("an error: {redirect:?}")
        };
        assert!(!refusal.is_decline());
        let words = refusal.description.unwrap();
        assert!(
            words.starts_with("Add the") && !words.contains('\u{1b}'),
            "{words}"
        );
        let finish = redirect.clone().finish(AttemptId::new(), 2);
        assert_eq!(finish.error.as_deref(), Some("invalid_scope"));
        assert_eq!(finish.error_description, Some(words));
        let older = serde_json::to_value(redirect.finish(AttemptId::new(), 1)).unwrap();
        assert!(older.get("error_description").is_none(), "{older}");
        let long = format!("state=s&error=x&error_description={}", "y".repeat(9000));
        let Answer::Error(refusal) = Redirect::from_query(&long).unwrap().answer else {
            panic!("an error")
        };
        assert!(refusal.description.unwrap().chars().count() <= LONGEST_ERROR + 1);
    }

    #[test]
    fn an_error_steers_no_terminal() {
        let hostile = Redirect::from_query("state=s&error=%1b%5d52%3bno%0d");
        let Answer::Error(refusal) = hostile.unwrap().answer else {
            panic!("an error")
        };
        assert_eq!(refusal.error, "]52;no");
        let nothing = Redirect::from_query("state=s&error=%1b%07");
        assert_eq!(nothing, Err(RedirectError::NoAnswer));
    }

    #[test]
    fn the_state_names_its_attempt() {
        let attempt = AttemptId::new();
        let query = format!("code=c&state={attempt}.random");
        let redirect = Redirect::from_query(&query).unwrap();
        assert_eq!(redirect.attempt(), Some(attempt));
        let foreign = Redirect::from_query("code=c&state=random").unwrap();
        assert_eq!(foreign.attempt(), None);
    }

    #[test]
    fn the_expected_state_is_in_the_authorize_address() {
        let state = expected_state("https://zoom.us/oauth/authorize?client_id=x&state=a%2Bb");
        assert_eq!(state.unwrap().reveal(), "a+b");
        assert!(expected_state("https://zoom.us/oauth/authorize").is_none());
    }

    proptest::proptest! {
        #[test]
        fn no_paste_is_too_strange(text in ".{0,80}") {
            read_redirect(&text).ok();
        }
    }
}
