//! ★ The app at Microsoft: registered in the company's tenant for its own people only, a public
//! client without a secret. Sources:
//! <https://learn.microsoft.com/entra/identity-platform/quickstart-register-app>,
//! <https://learn.microsoft.com/entra/identity-platform/reply-url>.

use greenroom_protocol::account::MICROSOFT_PERMISSIONS;
use greenroom_protocol::setting_up::{AppKind, GuideField};

use super::{Guide, only, step};

const ENTRA: &str =
    "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade";

/// Microsoft ignores the port of `localhost`, and its form refuses `http://127.0.0.1`.
const REDIRECT: &str = "http://localhost";

/// What stands before a permission of Exchange when it is asked for; in the list of permissions it
/// has only its name.
const EXCHANGE: &str = "https://outlook.office.com/";

pub(super) fn guide() -> Guide {
    let listed = |scope: &str| scope.trim_start_matches(EXCHANGE).to_owned();
    Guide {
        app: AppKind::Microsoft,
        link: ENTRA.to_owned(),
        steps: vec![
            step(
                GuideField::Link,
                "Sign in as an application administrator. Choose New registration, and Accounts in this organizational \
                 directory only.",
            ),
            step(
                GuideField::RedirectUri,
                "Under Authentication, Add a platform, choose Mobile and desktop applications, and enter this redirect URI.",
            ),
            only(
                "Only if connecting fails with AADSTS7000218: set Allow public client flows to Yes on the same page.",
            ),
            step(
                GuideField::Scopes,
                "Under API permissions, add these as delegated permissions of Microsoft Graph.",
            ),
            only(
                "Choose Grant admin consent there, so that nobody is stopped at Need admin approval.",
            ),
            step(
                GuideField::ClientId,
                "Copy the Application (client) ID from the Overview.",
            ),
            step(
                GuideField::Tenant,
                "Copy the Directory (tenant) ID, which stands below it.",
            ),
        ],
        redirect_uri: Some(REDIRECT.to_owned()),
        scopes: MICROSOFT_PERMISSIONS
            .iter()
            .map(|it| listed(it.scope))
            .collect(),
    }
}
