//! ★ What a provider is, without I/O: its name, what it may be asked for, and the rules its keys
//! follow. One `static` a provider; plain functions over it.

use std::borrow::Cow;

use oauth2::RedirectUrl;
use url::Url;

use super::reason::Words;

/// The name of the provider whose records are older than the second provider: they do not name it,
/// and their keys have no prefix.
pub const FIRST: &str = "zoom";

/// [`FIRST`], for records that do not name their provider.
pub(crate) fn first() -> String {
    FIRST.to_owned()
}

/// Whether a record need not name its provider.
#[allow(clippy::ptr_arg, reason = "the signature that serde calls")]
pub(crate) fn is_first(provider: &String) -> bool {
    provider == FIRST
}

/// What calls are made with: an access token serves one audience. Most providers have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Audience(&'static str);

impl Audience {
    /// The one that tells whose keys are, and the only one where there is one.
    pub const MAIN: Self = Self("main");

    /// Another one. Its name is in the vault, so it stays.
    #[must_use]
    pub const fn named(name: &'static str) -> Self {
        Self(name)
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0
    }
}

/// What a provider is.
pub struct Terms {
    /// Its name in records, keys and the audit: lower case, without a slash.
    pub id: &'static str,
    /// What people read.
    pub words: &'static Words,
    /// What it may be asked for.
    pub scopes: &'static Scopes,
    /// Where the browser comes back to.
    pub redirect: Redirect,
    /// What becomes of a refresh token that is used.
    pub rotation: Rotation,
    /// What becomes of the keys somebody has when they consent once more.
    pub consent: Reconsent,
    /// How a grant is ended; `None`: only its person can, and `words.remove` says where.
    pub revocation: Option<Revoking>,
    /// The kinds of work that tell people.
    pub work: WorkKinds,
}

/// Everything a provider may be asked for.
pub struct Scopes {
    /// Each with its reason.
    pub all: &'static [Scope],
    /// Who says what is asked for.
    pub asked: AskedBy,
    /// Whether what was granted covers what is wanted: providers answer with other names, too.
    pub covers: fn(granted: &str, wanted: &Scope) -> bool,
    /// What every request for keys names, whatever its audience; only where there are several.
    pub repeated: &'static [&'static str],
}

/// A permission, with its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// The provider's name for it.
    pub name: &'static str,
    /// An older or longer name for it in answers, where there is one.
    pub also: Option<&'static str>,
    /// The permission in the provider's words for people.
    pub title: &'static str,
    /// Why it is asked for.
    pub reason: &'static str,
    /// Whether everything but the named thing works without it.
    pub optional: bool,
    /// What is called with it.
    pub audience: Audience,
}

/// Who says what is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedBy {
    /// The app's own list at the provider; the request names none.
    App,
    /// The request. A later consent asks for what is there already, too.
    Request,
}

/// Where the browser comes back to. The client listens on a port that is free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redirect {
    /// `http://127.0.0.1:PORT/callback`; the provider ignores the port, as RFC 8252 wants it.
    Loopback,
    /// `http://localhost:PORT/callback`, where the provider ignores the port of that name only.
    Localhost,
}

/// What becomes of a refresh token that is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// The answer has the next one, and this one is dead: a lost answer may cost the grant.
    EndsFormer,
    /// The answer has the next one, and this one goes on working.
    KeepsFormer,
    /// The answer usually has none, and this one goes on working.
    Never,
}

/// What becomes of the keys somebody has when they consent once more to the same app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reconsent {
    /// They are dead: one grant per user and app.
    EndsFormer,
    /// They go on working.
    KeepsFormer,
}

/// How a grant is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revoking {
    /// What is handed in.
    pub by: RevokeBy,
    /// What it ends.
    pub ends: Ends,
}

/// What is handed in to end a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevokeBy {
    /// An access token that still lives; where it has ended a last renewal makes one.
    Access,
    /// The refresh token.
    Refresh,
}

/// What a revocation ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// The keys handed in, and those renewed from the same consent.
    ThisGrant,
    /// All that the user granted to the app: other keys of theirs die with it.
    AllOfUserAndApp,
}

/// The kinds of work that tell people, with the connection's key as the record's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkKinds {
    /// Somebody must connect again.
    pub broken: &'static str,
    /// A colleague could connect with the app that had to be approved.
    pub approved: &'static str,
}

impl Terms {
    /// `name` among this provider's records; the first provider's stay where they always were.
    #[must_use]
    pub fn key<'a>(&self, name: &'a str) -> Cow<'a, str> {
        match self.id {
            FIRST => Cow::Borrowed(name),
            id => Cow::Owned(format!("{id}/{name}")),
        }
    }

    /// The name behind a key of this provider; `None`: it is another provider's.
    #[must_use]
    pub fn name_in<'a>(&self, key: &'a str) -> Option<&'a str> {
        match self.id {
            FIRST => Some(key).filter(|key| !key.contains('/')),
            id => key.strip_prefix(id)?.strip_prefix('/'),
        }
    }

    /// What a change of a connection is called in the audit.
    #[must_use]
    pub fn call(&self, what: &str) -> String {
        format!("{}_{what}", self.id)
    }

    /// Whether one refresh token serves several audiences, each by an access token of its own.
    #[must_use]
    pub fn has_audiences(&self) -> bool {
        let mut all = self.scopes.all.iter();
        all.any(|scope| scope.audience != Audience::MAIN)
    }

    /// The audience of a permission as the provider names it.
    #[must_use]
    pub fn audience_of(&self, granted: &str) -> Audience {
        let mut all = self.scopes.all.iter();
        let known = all
            .find(|scope| scope.audience != Audience::MAIN && (self.scopes.covers)(granted, scope));
        known.map_or(Audience::MAIN, |scope| scope.audience)
    }

    /// The names a request for keys has, of one audience; `None`: it names none, for the provider
    /// has one audience. `asked` are those of the consent.
    #[must_use]
    pub(crate) fn named_to(&self, audience: Audience, asked: &[String]) -> Option<String> {
        if !self.has_audiences() {
            return None;
        }
        let own = self.asks(asked).filter(|scope| scope.audience == audience);
        let own = own.map(|scope| scope.name);
        let repeated = self.scopes.repeated.iter().copied();
        let own: Vec<_> = own
            .filter(|name| !self.scopes.repeated.contains(name))
            .collect();
        Some(
            own.into_iter()
                .chain(repeated)
                .collect::<Vec<_>>()
                .join(" "),
        )
    }

    /// What was granted, once an answer for one audience has told what it has of it: `told`.
    #[must_use]
    pub(crate) fn merged(
        &self,
        audience: Audience,
        former: &[String],
        told: Vec<String>,
    ) -> Vec<String> {
        if !self.has_audiences() {
            return told;
        }
        let of = |granted: &String| self.audience_of(granted);
        let others = former.iter().filter(|it| of(it) != audience).cloned();
        let own = told.into_iter().filter(|it| of(it) == audience);
        others.chain(own).collect()
    }

    /// What is asked for where `wanted` names a part of it; all of it where it names nothing.
    pub fn asks<'a>(&self, wanted: &'a [String]) -> impl Iterator<Item = &'static Scope> + use<'a> {
        let all = self.scopes.all.iter();
        all.filter(move |scope| wanted.is_empty() || wanted.iter().any(|it| it == scope.name))
    }
}

impl Scopes {
    /// Whether one that is `wanted` by name was granted.
    #[must_use]
    pub fn grants(&self, granted: &[String], wanted: &str) -> bool {
        let known = self.all.iter().find(|scope| scope.name == wanted);
        granted.iter().any(|have| match known {
            Some(scope) => (self.covers)(have, scope),
            None => have == wanted,
        })
    }
}

impl Redirect {
    /// The address for a client that listens on `port`.
    #[must_use]
    pub fn address(self, port: u16) -> String {
        format!("http://{}:{port}/callback", self.host())
    }

    /// The address as a person reads it.
    #[must_use]
    pub fn shape(self) -> String {
        format!("http://{}:PORT/callback", self.host())
    }

    /// What a client names, where it is of this shape and nothing else.
    pub(crate) fn read(self, named: &str) -> Option<RedirectUrl> {
        let port = Url::parse(named).ok()?.port()?;
        let url = Some(named).filter(|named| **named == self.address(port))?;
        RedirectUrl::new(url.to_owned()).ok()
    }

    pub(crate) const fn host(self) -> &'static str {
        match self {
            Self::Loopback => "127.0.0.1",
            Self::Localhost => "localhost",
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::grants::reason::Own;

    /// A provider that nobody has.
    pub(crate) static EXAMPLE: Terms = Terms {
        id: "example",
        words: &Words {
            name: "Example",
            remove: "remove the app at Example",
            without: "do without",
            own: |_| Own::default(),
        },
        scopes: &Scopes {
            all: &[
                scope("person:read", false),
                scope("meetings:write", false),
                scope("meetings:list", true),
            ],
            asked: AskedBy::Request,
            covers: |granted, wanted| granted == wanted.name,
            repeated: &[],
        },
        redirect: Redirect::Loopback,
        rotation: Rotation::EndsFormer,
        consent: Reconsent::EndsFormer,
        revocation: None,
        work: WorkKinds {
            broken: "example-broken",
            approved: "example-approved",
        },
    };

    const fn scope(name: &'static str, optional: bool) -> Scope {
        Scope {
            name,
            also: None,
            title: "",
            reason: "",
            optional,
            audience: Audience::MAIN,
        }
    }

    #[test]
    fn a_key_names_its_provider_but_for_the_first() {
        assert_eq!(EXAMPLE.key("m1"), "example/m1");
        assert_eq!(EXAMPLE.name_in("example/m1"), Some("m1"));
        assert_eq!(EXAMPLE.name_in("m1"), None);
        assert_eq!(EXAMPLE.name_in("examples/m1"), None);
        let first = Terms {
            id: FIRST,
            ..EXAMPLE
        };
        assert_eq!(first.key("m1"), "m1");
        assert_eq!(first.name_in("m1"), Some("m1"));
        assert_eq!(first.name_in("example/m1"), None);
    }

    #[test]
    fn what_is_asked_for_is_what_is_wanted_or_all_of_it() {
        let names = |wanted: &[&str]| {
            let wanted: Vec<_> = wanted.iter().map(|it| (*it).to_owned()).collect();
            let asked = EXAMPLE.asks(&wanted).map(|scope| scope.name);
            asked.collect::<Vec<_>>()
        };
        assert_eq!(names(&[]).len(), 3);
        assert_eq!(names(&["meetings:list", "unknown"]), ["meetings:list"]);
    }

    #[test]
    fn only_the_callback_of_its_own_shape_is_a_redirect() {
        let loopback = Redirect::Loopback;
        assert!(loopback.read("http://127.0.0.1:49152/callback").is_some());
        for other in [
            "http://localhost:49152/callback",
            "http://127.0.0.1/callback",
            "http://127.0.0.1:1/callback?x=1",
            "http://127.0.0.1:1/other",
            "https://127.0.0.1:1/callback",
            "http://127.0.0.1:1@evil.example/callback",
            "http://[::1]:1/callback",
            "",
        ] {
            assert!(loopback.read(other).is_none(), "{other}");
        }
        let localhost = Redirect::Localhost;
        assert!(localhost.read("http://localhost:49152/callback").is_some());
        assert!(localhost.read("http://127.0.0.1:49152/callback").is_none());
        assert_eq!(localhost.address(7), "http://localhost:7/callback");
    }
}
