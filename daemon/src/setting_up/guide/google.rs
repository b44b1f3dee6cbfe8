//! ★ The app at Google: of the type Desktop app, in a project of the company's organization, for
//! people of that organization only. Sources:
//! <https://developers.google.com/identity/protocols/oauth2/native-app>,
//! <https://support.google.com/cloud/answer/15549945>.

use greenroom_protocol::account::GOOGLE_PERMISSIONS;
use greenroom_protocol::setting_up::{AppKind, GuideField};

use super::{Guide, only, step};

const CONSOLE: &str = "https://console.cloud.google.com/auth/overview";

pub(super) fn guide() -> Guide {
    Guide {
        app: AppKind::Google,
        link: CONSOLE.to_owned(),
        steps: vec![
            step(
                GuideField::Link,
                "Sign in with an account of your organization, and create a project in the organization, such as Greenroom.",
            ),
            only(
                "Under APIs & Services, Library, enable the Gmail API and the Google Calendar API.",
            ),
            only(
                "Under Google Auth Platform, Audience, choose Internal. Such an app needs no review and is for your own people \
                 only.",
            ),
            step(GuideField::Scopes, "Under Data Access, add these scopes."),
            step(
                GuideField::ClientId,
                "Under Clients, create a client of the type Desktop app, and copy its client ID. It has no redirect URL to \
                 enter.",
            ),
            step(
                GuideField::ClientSecret,
                "Copy its client secret, too: Google asks for it.",
            ),
            only(
                "At admin.google.com, under Security, API controls, turn on Trust internal apps: without it, email stays \
                 blocked.",
            ),
        ],
        redirect_uri: None,
        scopes: GOOGLE_PERMISSIONS
            .iter()
            .map(|it| it.scope.to_owned())
            .collect(),
    }
}
