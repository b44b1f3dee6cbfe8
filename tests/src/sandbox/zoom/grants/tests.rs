//! Whatever one user and one app do: only the newest pair of the newest consent opens anything.

use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone)]
enum Step {
    Consent,
    Exchange,
    Refresh,
    RefreshByDead,
    Revoke,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        Just(Step::Consent),
        Just(Step::Exchange),
        Just(Step::Refresh),
        Just(Step::RefreshByDead),
        Just(Step::Revoke),
    ]
}

fn agreed() -> Consent {
    Consent {
        owner: Owner {
            user: "dana@acme.example".to_owned(),
            app: "Greenroom".to_owned(),
        },
        client_id: "client".to_owned(),
        scopes: Vec::new(),
    }
}

fn bound() -> Binding {
    Binding {
        client_id: "client".to_owned(),
        redirect_uri: "redirect".to_owned(),
        challenge: None,
    }
}

const CLAIM: Claim<'static> = Claim {
    client_id: "client",
    redirect_uri: "redirect",
    verifier: None,
};

/// One user, one app, and every pair they were ever handed.
#[derive(Default)]
struct Story {
    grants: Grants,
    code: String,
    newest: Option<Pair>,
    handed_out: Vec<(String, String)>,
}

impl Story {
    fn take(&mut self, step: &Step, dice: &mut Dice) {
        let now = Timestamp::UNIX_EPOCH;
        let times = (now, SignedDuration::from_hours(1));
        match step {
            Step::Consent => {
                self.code = self.grants.consent(agreed(), bound(), now, dice);
                self.newest = None;
            }
            Step::Exchange => {
                let exchanged = self.grants.exchange(&self.code, &CLAIM, times, dice);
                self.handed(exchanged.ok());
            }
            Step::Refresh => {
                let token = self.newest.as_ref().map_or("", |pair| &pair.refresh);
                let rotated = self.grants.refresh(token, "client", times, dice);
                assert_eq!(rotated.is_some(), self.newest.is_some());
                self.handed(rotated);
            }
            Step::RefreshByDead => {
                let newest = self.newest.as_ref().map(|pair| pair.refresh.clone());
                for (_, token) in &self.handed_out {
                    let dead = newest.as_ref() != Some(token);
                    let taken = dead && self.grants.refresh(token, "client", times, dice).is_some();
                    assert!(!taken, "a dead refresh token was taken");
                }
            }
            Step::Revoke => {
                let Some(pair) = self.newest.take() else {
                    return;
                };
                assert!(self.grants.revoke(&pair.access, "client"));
            }
        }
    }

    fn handed(&mut self, pair: Option<Pair>) {
        let Some(pair) = pair else { return };
        self.handed_out
            .push((pair.access.clone(), pair.refresh.clone()));
        self.newest = Some(pair);
    }

    /// Only the newest pair of the newest consent opens anything.
    fn check(&mut self) {
        assert_eq!(self.grants.live().len(), usize::from(self.newest.is_some()));
        let newest = self.newest.as_ref().map(|pair| &pair.access);
        for (access, _) in &self.handed_out {
            let opens = self.grants.bearer(access, Timestamp::UNIX_EPOCH).is_ok();
            assert_eq!(opens, newest == Some(access));
        }
        assert_eq!(self.grants.used("dana@acme.example"), self.newest.is_some());
    }
}

proptest! {
    #[test]
    fn only_the_newest_pair_opens(steps in prop::collection::vec(step(), 1..40)) {
        let mut dice = Dice::seeded(1);
        let mut story = Story::default();
        for step in &steps {
            story.take(step, &mut dice);
            story.check();
        }
    }
}
