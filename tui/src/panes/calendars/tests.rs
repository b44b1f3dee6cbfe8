//! A member's calendars: seen, added from a file, replaced and removed.

use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::workspace::Role;
use greenroom_protocol::{Error, ErrorKind};

use super::Calendars;
use crate::app::tests::daemon::Daemon;
use crate::app::tests::daemon::calendars::feeds;
use crate::app::tests::records;
use crate::app::tests::stage::Stage;
use crate::forms::{Form, Kind};
use crate::theme::Look;

fn with_calendars(columns: u16, rows: u16) -> Stage {
    let mut daemon = Daemon::new();
    daemon.feeds = feeds();
    Stage::with(daemon, columns, rows)
}

/// The person's own calendars.
fn open(columns: u16, rows: u16) -> Stage {
    let mut stage = with_calendars(columns, rows);
    stage.press("6 B");
    stage
}

fn is_on_list(stage: &Stage) -> bool {
    stage.state.panes.top_as::<Calendars>().is_some()
}

fn on_top(stage: &Stage) -> Option<Kind> {
    let form = stage.state.panes.top_as::<Form>();
    form.map(|form| form.kind())
}

#[test]
fn each_calendar_stands_with_its_state_its_age_and_what_is_wrong() {
    for (columns, rows) in [(80, 24), (120, 35), (160, 50)] {
        let mut stage = open(columns, rows);
        insta::assert_snapshot!(format!("calendars-{columns}"), stage.frame());
        stage.press("down");
        insta::assert_snapshot!(format!("broken-{columns}"), stage.frame());
    }
    let mut stage = open(80, 24);
    stage.state.look = Look::PLAIN;
    stage.press("down");
    insta::assert_snapshot!("broken-plain", stage.frame());
    stage.daemon.feeds.clear();
    stage.changed("feed");
    insta::assert_snapshot!("none-plain", stage.frame());
}

#[test]
fn a_colleagues_are_seen_by_admins_and_by_nobody_else() {
    let mut stage = with_calendars(80, 24);
    stage.press("6");
    while !stage.frame().contains("▸ Esi Boateng") {
        stage.press("down");
    }
    insta::assert_snapshot!("team-80", stage.frame());
    stage.press("B");
    let frame = stage.frame();
    assert!(frame.contains("Calendars · Esi Boateng"), "{frame}");
    assert!(frame.contains("not read yet"), "{frame}");

    let mut hello = records::hello();
    hello.operator = false;
    hello.caller.as_mut().unwrap().roles = vec![Role::Recruiter];
    stage.press("esc");
    stage.play(crate::state::event::Event::Linked(Box::new(hello)));
    stage.press("B");
    let frame = stage.frame();
    let why = "only an admin can see the calendars of others";
    assert!(frame.contains(why), "{frame}");
}

#[test]
fn a_file_is_added_under_its_own_name() {
    let mut stage = open(80, 24);
    stage.files.insert("/tmp/band.ics".into(), "BEGIN".into());
    stage.press("a");
    assert_eq!(on_top(&stage), Some(Kind::Calendar));
    insta::assert_snapshot!("add-80", stage.frame());
    stage.press("right right tab");
    insta::assert_snapshot!("add-file-80", stage.frame());
    stage.write("/tmp/nothing.ics").press("ctrl-s");
    let frame = stage.frame();
    assert!(frame.contains("Couldn't read the file"), "{frame}");
    stage.press("ctrl-u").write("/tmp/band.ics").press("ctrl-s");
    let asked = stage.daemon.asked.last();
    let Some(Q::FeedAdd { feed }) = asked else {
        panic!("{asked:?}")
    };
    assert_eq!((&*feed.name, feed.replace), ("band", false));
    assert_eq!(feed.file.text.as_deref(), Some("BEGIN"));
    assert!(is_on_list(&stage));
    assert!(stage.frame().contains("band saved: 212 entries"));
}

/// One that is larger than a call goes in parts, and begins anew where it was refused.
#[test]
fn a_large_file_goes_in_parts_and_a_refused_one_begins_anew() {
    let mut stage = open(80, 24);
    let large = "x".repeat(300 << 10);
    stage.files.insert("/tmp/large.ics".into(), large);
    stage.press("a right right tab").write("/tmp/large.ics");
    stage.daemon.refuse = Some(Error::new(ErrorKind::Usage, "The calendar is too long"));
    stage.press("ctrl-s");
    assert!(stage.frame().contains("The calendar is too long"));
    stage.daemon.refuse = None;
    stage.daemon.asked.clear();
    stage.press("ctrl-s");
    let mut uploads = 0;
    let mut bytes = 0;
    for asked in &stage.daemon.asked {
        match asked {
            Q::CalendarUpload { part } => {
                let expected = (uploads > 0).then(|| "up-1".to_owned());
                assert_eq!(part.upload, expected);
                uploads += 1;
                bytes += part.text.len();
            }
            Q::FeedAdd { feed } => {
                assert_eq!(feed.file.upload.as_deref(), Some("up-1"));
                assert_eq!(feed.file.text, None);
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((uploads, bytes), (3, 300 << 10));
    assert!(is_on_list(&stage), "{}", stage.frame());
}

#[test]
fn a_file_takes_the_place_of_the_selected_one() {
    let mut stage = open(80, 24);
    stage.files.insert("/tmp/new.ics".into(), "BEGIN".into());
    stage.press("enter");
    assert!(
        stage.frame().contains("Read Work again"),
        "{}",
        stage.frame()
    );
    stage.write("/tmp/new.ics").press("ctrl-s");
    let asked = stage.daemon.asked.last();
    let Some(Q::FeedAdd { feed }) = asked else {
        panic!("{asked:?}")
    };
    assert_eq!((&*feed.name, feed.replace), ("Work", true));
}

#[test]
fn one_is_removed_once_that_is_confirmed() {
    let mut stage = open(80, 24);
    stage.press("x enter");
    assert!(is_on_list(&stage), "it opens on Cancel");
    assert!(stage.daemon.asked.is_empty(), "{:?}", stage.daemon.asked);
    stage.press("x");
    insta::assert_snapshot!("remove-80", stage.frame());
    stage.press("tab enter");
    let asked = stage.daemon.asked.last();
    let Some(Q::FeedRemove { feed }) = asked else {
        panic!("{asked:?}")
    };
    assert_eq!(
        feed.feed,
        records::id::<greenroom_protocol::id::FeedId>("fed", 1).to_string()
    );
    let frame = stage.frame();
    assert!(frame.contains("Work removed"), "{frame}");
    assert!(!frame.contains("212 entries"), "{frame}");
}

/// Nobody reads it on the screen, and nothing of it but its server is in the name.
#[test]
fn a_secret_address_is_added_and_never_shown() {
    let mut stage = open(80, 24);
    stage.press("a tab").press("ctrl-s");
    let frame = stage.frame();
    assert!(
        frame.contains("Enter the calendar's secret address"),
        "{frame}"
    );
    stage.play(crate::state::event::Event::Paste(
        "https://cal.example.com/private-s3cret/basic.ics".into(),
    ));
    assert!(!stage.frame().contains("s3cret"), "{}", stage.frame());
    stage.press("ctrl-s");
    let asked = stage.daemon.asked.last();
    let Some(Q::FeedAdd { feed }) = asked else {
        panic!("{asked:?}")
    };
    assert_eq!((&*feed.name, feed.replace), ("cal.example.com", false));
    assert_eq!(feed.file.text, None);
    let url = feed.url.as_ref().map(|url| url.reveal());
    assert_eq!(
        url,
        Some("https://cal.example.com/private-s3cret/basic.ics")
    );
    let frame = stage.frame();
    assert!(
        frame.contains("cal.example.com saved; it is being read"),
        "{frame}"
    );
}

#[test]
fn a_calendar_is_read_now_and_what_came_of_it_is_said() {
    let mut stage = open(80, 24);
    stage.press("r");
    let frame = stage.frame();
    let why = "a file is read once; enter replaces it";
    assert!(frame.contains(why), "{frame}");
    stage.press("down r");
    let frame = stage.frame();
    assert!(
        frame.contains("Family: The address answers with a page"),
        "{frame}"
    );
    stage.press("enter");
    let frame = stage.frame();
    assert!(frame.contains("Address of Family"), "{frame}");
    assert!(!frame.contains("( file )"), "{frame}");
}

#[test]
fn an_account_at_a_caldav_server_is_added_and_its_password_never_shown() {
    let mut stage = open(80, 24);
    stage.press("a right tab");
    stage.write("caldav.example.com").press("tab").write("dana");
    stage.press("ctrl-s");
    let frame = stage.frame();
    assert!(frame.contains("Enter the password"), "{frame}");
    stage.write("s3cret");
    insta::assert_snapshot!("add-account-80", stage.frame());
    stage.press("ctrl-s");
    let asked = stage.daemon.asked.last();
    let Some(Q::FeedAdd { feed }) = asked else {
        panic!("{asked:?}")
    };
    assert_eq!(feed.name, "caldav.example.com");
    let account = feed.caldav.as_ref().unwrap();
    let sent = (&*account.url, &*account.user, account.password.reveal());
    assert_eq!(sent, ("caldav.example.com", "dana", "s3cret"));
    assert!(!stage.frame().contains("s3cret"), "{}", stage.frame());
}
