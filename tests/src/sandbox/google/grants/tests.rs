//! Which refresh tokens live: by number, by age, by what they are good for.

use super::*;

const DANA: &str = "dana@acme.example";

struct Story {
    grants: Grants,
    dice: Dice,
    now: Timestamp,
}

impl Story {
    fn new() -> Self {
        Self {
            grants: Grants::default(),
            dice: Dice::seeded(1),
            now: Timestamp::UNIX_EPOCH,
        }
    }

    fn consent(&self, account: &str, scopes: &[&str]) -> Consent {
        Consent {
            owner: (account.to_owned(), 1),
            client_id: "client".to_owned(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            lasting: true,
            days: None,
            testing: false,
        }
    }

    fn give(&mut self, consent: Consent) -> Tokens {
        let binding = Binding {
            client_id: "client".to_owned(),
            redirect_uri: "redirect".to_owned(),
            challenge: None,
        };
        let claim = Claim {
            client_id: "client",
            redirect_uri: "redirect",
            verifier: None,
        };
        let Self { grants, dice, now } = self;
        let code = grants.consent(consent, binding, *now, dice);
        let hour = SignedDuration::from_hours(1);
        grants.exchange(&code, &claim, (*now, hour), dice).unwrap()
    }

    fn granted(&mut self, scopes: &[&str]) -> String {
        let consent = self.consent(DANA, scopes);
        self.give(consent).refresh.unwrap()
    }

    fn refresh(&mut self, token: &str) -> Result<Tokens, RefreshRefused> {
        let times = (self.now, SignedDuration::from_hours(1));
        self.grants.refresh(token, "client", times, &mut self.dice)
    }

    fn wait(&mut self, days: i64) {
        self.now = later(self.now, SignedDuration::from_hours(24 * days));
    }
}

#[test]
fn the_hundred_and_first_refresh_token_kills_the_oldest_of_its_account_only() {
    let mut story = Story::new();
    let other = story.consent("li@acme.example", &[scopes::MAIL]);
    let other = story.give(other).refresh.unwrap();
    let tokens: Vec<String> = (0..100).map(|_| story.granted(&[scopes::MAIL])).collect();
    assert!(story.refresh(&tokens[0]).is_ok());
    story.granted(&[scopes::MAIL]);
    assert_eq!(story.refresh(&tokens[0]).unwrap_err(), RefreshRefused::Dead);
    assert!(story.refresh(&tokens[1]).is_ok());
    assert!(story.refresh(&other).is_ok());
}

#[test]
fn half_a_year_unused_ends_it_and_using_it_does_not() {
    let mut story = Story::new();
    let token = story.granted(&[scopes::CALENDAR]);
    story.wait(180);
    assert!(story.refresh(&token).is_ok());
    story.wait(180);
    assert!(story.refresh(&token).is_ok());
    story.wait(183);
    assert_eq!(story.refresh(&token).unwrap_err(), RefreshRefused::Dead);
    story.wait(1);
    assert_eq!(story.refresh(&token).unwrap_err(), RefreshRefused::Unknown);
}

#[test]
fn an_app_in_testing_is_trusted_for_seven_days_unless_it_only_signs_in() {
    for (scope, after_seven_days) in [(scopes::MAIL, false), (scopes::OPENID, true)] {
        let mut story = Story::new();
        let consent = Consent {
            testing: true,
            ..story.consent(DANA, &[scope])
        };
        let token = story.give(consent).refresh.unwrap();
        story.wait(6);
        assert!(story.refresh(&token).is_ok(), "{scope}");
        story.wait(1);
        assert_eq!(story.refresh(&token).is_ok(), after_seven_days, "{scope}");
    }
}

#[test]
fn ending_what_has_gmail_in_it_leaves_the_rest() {
    let mut story = Story::new();
    let mail = story.granted(&[scopes::MAIL]);
    let calendar = story.granted(&[scopes::CALENDAR]);
    let gmail = |scopes: &BTreeSet<String>| scopes.iter().any(|scope| scopes::is_gmail(scope));
    assert_eq!(story.grants.end(story.now, |_| true, gmail), 1);
    assert!(story.refresh(&mail).is_err());
    assert!(story.refresh(&calendar).is_ok());
}
