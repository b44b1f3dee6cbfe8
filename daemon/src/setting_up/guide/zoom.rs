//! ★ The app at Zoom. What is known of its pages is in `zoom/README.md`.

use greenroom_protocol::setting_up::{AppKind, GuideField};
use greenroom_protocol::zoom::PERMISSIONS;

use super::{Guide, only, step};

/// Zoom ignores the port and refuses `localhost` (`zoom/README.md`, "OAuth").
const REDIRECT: &str = "http://127.0.0.1/callback";

pub(super) fn guide(marketplace: &str) -> Guide {
    Guide {
        app: AppKind::Zoom,
        link: marketplace.to_owned(),
        steps: vec![
            step(
                GuideField::Link,
                "Sign in with your company's Zoom account, as an owner, admin or developer. Choose Develop, Build App, General \
                 App, and have it User-managed.",
            ),
            only("Turn on Use Public Client OAuth. It shows a client ID that needs no secret."),
            step(
                GuideField::RedirectUri,
                "Enter this as the OAuth redirect URL, and again in the OAuth allow list.",
            ),
            step(GuideField::Scopes, "Under Scopes, add all of these."),
            step(
                GuideField::ClientId,
                "Copy the client ID of Use Public Client OAuth. The app can stay private: it needs no review.",
            ),
        ],
        redirect_uri: Some(REDIRECT.to_owned()),
        scopes: PERMISSIONS.iter().map(|it| it.scope.to_owned()).collect(),
    }
}
