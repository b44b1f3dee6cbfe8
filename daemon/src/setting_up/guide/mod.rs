//! ★ How an app is made at Zoom, Google and Microsoft, in words.
//!
//! Owns the steps, in the words of each provider's own pages, and the email of them to somebody
//! else. One text for everybody who shows, copies or sends it. No I/O, and nothing secret. Where a
//! provider renames a button, this is the place.

mod google;
mod microsoft;
mod zoom;

use greenroom_protocol::setting_up::{AppKind, GuideField, GuideStep};

/// What the product is called where an app is named after it.
const PRODUCT: &str = "Greenroom";

/// How one app is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Guide {
    app: AppKind,
    /// The page it begins at.
    pub link: String,
    /// What to do, in order.
    pub steps: Vec<GuideStep>,
    /// The redirect URL to enter.
    pub redirect_uri: Option<String>,
    /// The scopes to choose.
    pub scopes: Vec<String>,
}

/// Who would like the app to be made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asker<'a> {
    /// Their name.
    pub name: &'a str,
    /// Their address.
    pub email: &'a str,
}

/// The guide to an app. `marketplace` is the page where Zoom's apps are made.
pub(super) fn of(app: AppKind, marketplace: &str) -> Guide {
    match app {
        AppKind::Zoom => zoom::guide(marketplace),
        AppKind::Google => google::guide(),
        AppKind::Microsoft => microsoft::guide(),
    }
}

/// A step that is only done there.
fn only(text: &str) -> GuideStep {
    GuideStep {
        text: text.to_owned(),
        about: None,
    }
}

/// A step that has to do with something that is copied or pasted.
fn step(about: GuideField, text: &str) -> GuideStep {
    GuideStep {
        about: Some(about),
        ..only(text)
    }
}

impl Guide {
    /// Subject and text of the email to the person who makes the app.
    pub(super) fn letter(&self, asker: Option<Asker<'_>>, workspace: &str) -> (String, String) {
        let name = self.app.name();
        let who = match asker {
            Some(Asker { name, email }) => format!("{name} <{email}>"),
            None => format!("Somebody who looks after {PRODUCT} at {workspace}"),
        };
        let mut lines = vec![
            format!(
                "{who} would like to use {name} with {PRODUCT}, which schedules the job interviews of {workspace}. For that, \
                 an app has to be created once in your company's {name} account. It takes a few minutes:"
            ),
            String::new(),
        ];
        for (number, step) in (1..).zip(&self.steps) {
            lines.push(format!("{number}. {}", step.text));
            let values = step.about.map(|about| self.values(about));
            let values = values.unwrap_or_default().into_iter();
            lines.extend(values.map(|value| format!("   {value}")));
        }
        lines.push(String::new());
        let to = asker.map_or("them", |asker| asker.name);
        lines.push(match self.app {
            AppKind::Zoom => format!("Then please send the client ID to {to}. It is not secret."),
            AppKind::Google => format!(
                "Then please give the client ID and the client secret to {to}, the secret in another way than by email."
            ),
            AppKind::Microsoft => format!(
                "Then please send the application ID and the tenant ID to {to}. Neither is secret."
            ),
        });
        lines.push(String::new());
        lines.push(
            "Each person approves the app for their own account, and can disconnect at any time. The keys stay sealed on our \
             own machine."
                .to_owned(),
        );
        let subject = format!("Please create a {name} app for {PRODUCT} at {workspace}");
        (subject, lines.join("\n"))
    }

    /// What is opened or copied in a step.
    fn values(&self, about: GuideField) -> Vec<&str> {
        match about {
            GuideField::Link => vec![&self.link],
            GuideField::RedirectUri => self.redirect_uri.as_deref().into_iter().collect(),
            GuideField::Scopes => self.scopes.iter().map(String::as_str).collect(),
            GuideField::ClientId | GuideField::ClientSecret | GuideField::Tenant => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKETPLACE: &str = "https://marketplace.zoom.us/";

    fn fields(app: AppKind) -> Vec<GuideField> {
        let steps = of(app, MARKETPLACE).steps;
        steps.iter().filter_map(|step| step.about).collect()
    }

    #[test]
    fn every_guide_begins_at_a_page_and_names_what_is_entered_where() {
        use GuideField as F;
        assert_eq!(
            fields(AppKind::Zoom),
            [F::Link, F::RedirectUri, F::Scopes, F::ClientId]
        );
        assert_eq!(
            fields(AppKind::Google),
            [F::Link, F::Scopes, F::ClientId, F::ClientSecret]
        );
        assert_eq!(
            fields(AppKind::Microsoft),
            [F::Link, F::RedirectUri, F::Scopes, F::ClientId, F::Tenant]
        );
        for app in AppKind::ALL {
            let guide = of(app, MARKETPLACE);
            assert!(guide.link.starts_with("https://"), "{}", guide.link);
            assert!(!guide.scopes.is_empty());
            for step in &guide.steps {
                assert!(step.text.ends_with('.') && step.text.len() < 260);
            }
        }
        assert_eq!(of(AppKind::Zoom, MARKETPLACE).steps.len(), 5);
    }

    #[test]
    fn the_email_has_every_step_with_what_is_copied_and_says_whom_to_answer() {
        let dana = Asker {
            name: "Dana Reyes",
            email: "dana@acme.example",
        };
        for app in AppKind::ALL {
            let guide = of(app, MARKETPLACE);
            let (subject, text) = guide.letter(Some(dana), "Acme");
            assert!(!subject.contains('\n') && subject.contains(app.name()));
            let steps = guide.steps.iter().map(|step| &step.text);
            let copied = guide.scopes.iter().chain(&guide.redirect_uri);
            for part in steps.chain(copied).chain([&guide.link]) {
                assert!(text.contains(part.as_str()), "{part}: {text}");
            }
            assert!(text.contains("Dana Reyes <dana@acme.example>"), "{text}");
            let (_, text) = guide.letter(None, "Acme");
            assert!(text.contains("Somebody who looks after Greenroom at Acme"));
        }
    }
}
