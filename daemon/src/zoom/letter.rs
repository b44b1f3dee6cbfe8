//! ★ Owns what a Zoom admin reads: which app, who asks, every permission with its reason, and where
//! to approve it.
//!
//! One text for everybody who shows, copies or sends it. No I/O, and nothing secret: a client id is
//! public.

use super::terms::SCOPES;
use crate::grants::Scope;

/// What the app is called at Zoom.
pub const APP_NAME: &str = "Greenroom";

/// Who asks for what.
#[derive(Debug, Clone, Copy)]
pub struct Petition<'a> {
    /// The name of the member who wants to connect.
    pub member: &'a str,
    /// Their address.
    pub email: &'a str,
    /// The workspace's name.
    pub workspace: &'a str,
    /// The app's client id.
    pub client_id: &'a str,
    /// Where the admin approves it.
    pub link: &'a str,
}

/// The request as the admin reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// One line.
    pub subject: String,
    /// Lines of plain text, without a line break at the end.
    pub text: String,
}

impl Letter {
    /// The letter for this petition.
    #[must_use]
    pub fn to_the_admin(petition: &Petition<'_>) -> Self {
        let Petition {
            member,
            email,
            workspace,
            client_id,
            link,
        } = petition;
        let (needed, optional): (Vec<_>, Vec<_>) =
            SCOPES.all.iter().partition(|scope| !scope.optional);
        let text = [
            format!(
                "{member} <{email}> would like to connect Zoom to {APP_NAME}, which schedules the job interviews of \
                 {workspace}."
            ),
            "Our Zoom account requires admin approval for new apps.".to_owned(),
            String::new(),
            format!("App:        {APP_NAME}"),
            format!("Client id:  {client_id}"),
            format!("Approve at: {link}"),
            "            (as an admin: Manage, then App Requests; or search for the app and approve it)".to_owned(),
            String::new(),
            "What it asks of each person who connects, and why:".to_owned(),
            list(&needed),
            String::new(),
            "Optional:".to_owned(),
            list(&optional),
            String::new(),
            "Each person connects their own Zoom user and can disconnect at any time, here or in Zoom. The keys stay \
             sealed on our own machine."
                .to_owned(),
        ];
        Self {
            subject: format!("Please approve {APP_NAME} for Zoom at {workspace}"),
            text: text.join("\n"),
        }
    }
}

fn list(scopes: &[&Scope]) -> String {
    let line = |it: &&Scope| format!("- {} ({}): {}", it.title, it.name, it.reason);
    scopes.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_admin_reads_who_what_why_and_where() {
        let letter = Letter::to_the_admin(&Petition {
            member: "Mina Okafor",
            email: "mina@acme.example",
            workspace: "Acme",
            client_id: "q7Jw2uVdRz",
            link: "https://marketplace.zoom.us/",
        });
        assert_eq!(letter.subject, "Please approve Greenroom for Zoom at Acme");
        for part in [
            "Mina Okafor <mina@acme.example>",
            "q7Jw2uVdRz",
            "Approve at: https://marketplace.zoom.us/",
        ] {
            assert!(letter.text.contains(part), "{part}: {}", letter.text);
        }
        for scope in SCOPES.all {
            assert!(letter.text.contains(scope.name));
            assert!(letter.text.contains(scope.reason));
        }
        assert!(!letter.subject.contains('\n'));
    }
}
