//! The table of systems in the daemon's README: what works with each, and by which tests that is
//! known.

use std::path::Path;

use greenroom_protocol::mail_settings::{MailDiscover, MailSystem};
use greenroom_tests::test_daemon::{Story, TestDaemon};
use greenroomd::caldav::takes_no_password;
use url::Url;

const README: &str = include_str!("../../../../daemon/README.md");

/// Whose servers for email are found out by the system, and whose calendars take no password.
const SYSTEMS: [(&str, Option<MailSystem>, Option<&str>); 8] = [
    (
        "Microsoft 365",
        Some(MailSystem::Microsoft),
        Some("https://outlook.office365.com"),
    ),
    (
        "Google Workspace",
        Some(MailSystem::Google),
        Some("https://calendar.google.com"),
    ),
    ("Fastmail", Some(MailSystem::Fastmail), None),
    ("iCloud", Some(MailSystem::Icloud), None),
    ("Nextcloud", None, None),
    ("Zoho", Some(MailSystem::Zoho), None),
    ("Exchange of your own", None, None),
    ("Dovecot with Radicale, and the like", None, None),
];

/// The rows of the table below its head.
fn rows() -> Vec<Vec<&'static str>> {
    let (_, table) = README.split_once("| what people use |").expect("the table");
    let lines = table.lines().skip(2).take_while(|it| it.starts_with('|'));
    let cells = |line: &'static str| line.trim_matches('|').split('|').map(str::trim).collect();
    lines.map(cells).collect()
}

fn quoted(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

#[test]
fn the_table_names_every_system_and_an_address_that_is_tried_with_a_password() {
    let rows = rows();
    let names: Vec<_> = rows.iter().map(|row| row[0]).collect();
    assert_eq!(names, SYSTEMS.map(|(name, _, _)| name));
    for (row, (name, _, without_password)) in rows.iter().zip(SYSTEMS) {
        let busy = row[3];
        let caldav = quoted(busy).find_map(|it| it.strip_prefix("--caldav "));
        let by_password = caldav.map(|it| takes_no_password(&Url::parse(it).unwrap()));
        assert!(matches!(by_password, None | Some(None)), "{name}: {busy}");
        // Every system has a way, and the one the product refuses is not written down.
        assert!(
            caldav.is_some() || busy.contains("`--url`"),
            "{name}: {busy}"
        );
        if let Some(url) = without_password {
            assert!(takes_no_password(&Url::parse(url).unwrap()).is_some());
            assert_eq!(caldav, None, "{name}");
        }
    }
}

#[tokio::test]
async fn the_table_says_smtp_and_imap_where_the_daemon_knows_the_servers() {
    let Story { dana, daemon } = TestDaemon::builder().open().await.unwrap();
    for (row, (name, system, _)) in rows().iter().zip(SYSTEMS) {
        let Some(system) = system else { continue };
        let discover = MailDiscover {
            address: "jobs@acme.example".into(),
            system: Some(system),
        };
        let found = dana.mail_discover(discover).await.unwrap();
        assert_eq!(found.smtp.is_some(), row[1].contains("SMTP"), "{name}");
        assert_eq!(found.imap.is_some(), row[2].contains("IMAP"), "{name}");
    }
    drop(daemon);
}

#[test]
fn the_tests_that_the_table_names_are_there() {
    let stories = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories");
    for row in rows() {
        let mut named = quoted(row[4]).peekable();
        assert!(named.peek().is_some(), "{row:?}");
        for name in named {
            let (folder, file) = (stories.join(name), stories.join(format!("{name}.rs")));
            assert!(folder.is_dir() || file.is_file(), "{name}");
        }
    }
}
