//! The table of mail systems in the daemon's README says what the daemon does: names, servers and
//! what an admin allows.

use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::mail_settings::{
    MailDiscover, MailDiscovered, MailLogIn, MailSecurity, MailServer, MailSystem,
};
use greenroom_tests::test_daemon::{Story, TestDaemon};

const README: &str = include_str!("../../../../daemon/README.md");

/// The name a row begins with, and whether it is a system whose servers are known.
const SYSTEMS: [(MailSystem, &str, bool); 7] = [
    (MailSystem::Google, "Google Workspace", true),
    (MailSystem::Microsoft, "Microsoft 365", true),
    (MailSystem::Fastmail, "Fastmail", true),
    (MailSystem::Icloud, "iCloud", true),
    (MailSystem::Zoho, "Zoho", true),
    (MailSystem::Exchange, "Exchange of your own", false),
    (MailSystem::Other, "any server", false),
];

/// The cells of the row that begins with this name.
fn row(name: &str) -> Vec<&'static str> {
    let begins = format!("| {name} |");
    let (_, section) = README.split_once("### Which system").expect("the section");
    let mut rows = section.lines().filter(|line| line.starts_with(&begins));
    let row = rows.next().unwrap_or_else(|| panic!("no row of {name}"));
    assert_eq!(rows.next(), None, "one row of {name}");
    row.trim_matches('|').split('|').map(str::trim).collect()
}

/// A server as the table writes it: the port where it is not the usual one.
fn url(protocol: &str, server: &MailServer) -> String {
    let (scheme, usual) = match (protocol, server.security) {
        ("smtp", MailSecurity::Tls) => ("smtps", 465),
        ("smtp", _) => ("smtp+starttls", 587),
        (_, MailSecurity::Tls) => ("imaps", 993),
        _ => ("imap+starttls", 143),
    };
    assert_eq!(server.port, usual, "{server:?}");
    format!("`{scheme}://{}`", server.host)
}

/// What a step puts into quotation marks: the name of a switch.
fn switches(steps: &[String]) -> Vec<&str> {
    let quoted = |step: &'_ String| -> Vec<(usize, usize)> {
        let marks: Vec<_> = step.match_indices('"').map(|(at, _)| at).collect();
        marks.chunks(2).map(|pair| (pair[0] + 1, pair[1])).collect()
    };
    let of = |step| {
        quoted(step)
            .into_iter()
            .map(move |(from, to)| &step[from..to])
    };
    steps.iter().flat_map(of).collect()
}

#[tokio::test]
async fn the_readme_names_every_system_with_its_servers_and_switches() {
    let Story { dana, daemon } = TestDaemon::builder().open().await.unwrap();
    for (system, name, known) in SYSTEMS {
        let discover = MailDiscover {
            address: "jobs@acme.example".into(),
            system: Some(system),
        };
        let found: MailDiscovered = dana.mail_discover(discover).await.unwrap();
        let cells = row(name);
        let [_, servers, own, admin] = cells[..] else {
            panic!("{cells:?}")
        };
        let servers_of = [("smtp", &found.smtp), ("imap", &found.imap)];
        for (protocol, server) in servers_of {
            assert_eq!(server.is_some(), known, "{name}");
            let expected = server.as_ref().map(|server| url(protocol, server));
            let expected = expected.unwrap_or_default();
            assert!(servers.contains(&expected), "{name}: {expected}: {servers}");
        }
        for switch in switches(&found.admin_steps) {
            assert!(admin.contains(switch), "{name}: {switch}: {admin}");
        }
        assert_eq!(found.admin_steps.is_empty(), admin == "nothing", "{name}");
        match found.log_in {
            MailLogIn::Account(provider) => {
                let account = match provider {
                    AccountProvider::Google => "--account google:ADDRESS",
                    AccountProvider::Microsoft => "--account microsoft:ADDRESS",
                };
                assert!(own.contains(account), "{name}: {own}");
            }
            _ => assert!(own.contains("password"), "{name}: {own}"),
        }
    }
    drop(daemon);
}
