//! ★ Owns what an administrator at Google or Microsoft reads: which app, who asks, every permission
//! with its reason, and what to do where.
//!
//! One text for everybody who shows, copies or sends it. No I/O, and nothing secret: a client id is
//! public.

use greenroom_protocol::account::{AccountProvider, Permission};
use url::Url;

/// What the app is called.
const APP_NAME: &str = "Greenroom";

/// Where a Google admin says which apps may be used.
const GOOGLE_CONTROLS: &str = "https://admin.google.com/ac/owl";

/// Who asks for what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Petition<'a> {
    /// Where.
    pub(super) provider: AccountProvider,
    /// Who wants to connect, such as `Mina Okafor <mina@acme.example>`.
    pub(super) by: &'a str,
    /// The workspace's name.
    pub(super) workspace: &'a str,
    /// The app's client id.
    pub(super) client_id: &'a str,
    /// Where the admin approves it.
    pub(super) link: &'a str,
}

/// The request as the admin reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Request {
    /// One line.
    pub(super) subject: String,
    /// Lines of plain text, without a line break at the end.
    pub(super) text: String,
}

/// Where the admin approves the app: at Microsoft below `login`, for the app's tenant.
pub(super) fn link(
    provider: AccountProvider,
    login: &str,
    tenant: Option<&str>,
    client_id: &str,
) -> String {
    if provider == AccountProvider::Google {
        return GOOGLE_CONTROLS.to_owned();
    }
    let Ok(mut url) = Url::parse(login) else {
        return login.to_owned();
    };
    if let Ok(mut path) = url.path_segments_mut() {
        let tenant = tenant.unwrap_or("organizations");
        path.pop_if_empty().extend([tenant, "adminconsent"]);
    }
    url.query_pairs_mut().append_pair("client_id", client_id);
    url.into()
}

/// The request for this petition.
pub(super) fn request(petition: &Petition<'_>) -> Request {
    let Petition {
        provider,
        by,
        workspace,
        client_id,
        link,
    } = petition;
    let name = provider.name();
    let permissions = provider.permissions().iter();
    let mut lines = vec![
        format!(
            "{by} would like to connect {name} to {APP_NAME}, which schedules the job interviews of {workspace}."
        ),
        format!("Our {name} organization requires an admin's approval for what the app asks for."),
        String::new(),
        format!("App:        {APP_NAME}"),
        format!("Client id:  {client_id}"),
    ];
    lines.extend(steps(*provider, link));
    lines.push(String::new());
    lines.push("What it asks of each account that is connected, and why:".to_owned());
    lines.extend(permissions.map(line));
    lines.push(String::new());
    lines.push(
        "Each account is connected by the person who owns it, and can be disconnected at any time. The keys stay \
         sealed on our own machine."
            .to_owned(),
    );
    Request {
        subject: format!("Please approve {APP_NAME} for {name} at {workspace}"),
        text: lines.join("\n"),
    }
}

fn steps(provider: AccountProvider, link: &str) -> Vec<String> {
    let lines: &[&str] = match provider {
        AccountProvider::Google => &[
            "            (as an admin: Security, Access and data control, API controls. Turn on",
            "            \"Trust internal apps\", or under Manage app access add the client id as Trusted.)",
        ],
        AccountProvider::Microsoft => &[
            "            (as an admin: sign in, check the list and choose Accept. The page that follows may not",
            "            open: it is on the machine of the person who asks, and is not needed.)",
        ],
    };
    let first = format!("Approve at: {link}");
    let rest = lines.iter().map(|line| (*line).to_owned());
    std::iter::once(first).chain(rest).collect()
}

fn line(permission: &Permission) -> String {
    let Permission {
        scope,
        title,
        reason,
        ..
    } = permission;
    format!("- {title} ({scope}): {reason}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_admin_reads_who_what_why_and_where() {
        for provider in AccountProvider::ALL {
            let login = "https://login.microsoftonline.com";
            let link = link(provider, login, Some("acme.example"), "q7Jw2uVdRz");
            let request = request(&Petition {
                provider,
                by: "Mina Okafor <mina@acme.example>",
                workspace: "Acme",
                client_id: "q7Jw2uVdRz",
                link: &link,
            });
            assert!(!request.subject.contains('\n'));
            for part in ["Mina Okafor <mina@acme.example>", "q7Jw2uVdRz", &link] {
                assert!(request.text.contains(part), "{part}: {}", request.text);
            }
            for permission in provider.permissions() {
                assert!(request.text.contains(permission.scope));
                assert!(request.text.contains(permission.reason));
            }
        }
    }

    #[test]
    fn the_link_names_the_tenant_and_the_app() {
        let at = |login, tenant| link(AccountProvider::Microsoft, login, tenant, "app");
        assert_eq!(
            at("https://login.microsoftonline.com", Some("acme.example")),
            "https://login.microsoftonline.com/acme.example/adminconsent?client_id=app"
        );
        assert_eq!(
            at("http://127.0.0.1:1/login/", None),
            "http://127.0.0.1:1/login/organizations/adminconsent?client_id=app"
        );
        let google = link(AccountProvider::Google, "", None, "app");
        assert!(google.starts_with("https://admin.google.com/"));
    }
}
