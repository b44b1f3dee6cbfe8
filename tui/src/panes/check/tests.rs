//! What differs from Zoom is seen, mended and told; what nobody needs there is deleted.

use greenroom_protocol::drift::Repair;
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::workspace::Role;

use crate::app::tests::records;
use crate::app::tests::screens::see;
use crate::app::tests::stage::Stage;
use crate::panes::check::Check;

/// Priya Nair's interview of Thursday differs from Zoom, and is open.
fn drifted(drift: greenroom_protocol::drift::Drift) -> Stage {
    let mut stage = Stage::open(120, 40);
    stage.daemon.differs(3, drift);
    stage.press("4 home right right right enter");
    stage
}

fn repairs(stage: &Stage) -> Vec<Repair> {
    let asked = stage.daemon.asked.iter().filter_map(|asked| match asked {
        Q::InterviewRepair { interview } => Some(interview.repair),
        _ => None,
    });
    asked.collect()
}

#[test]
fn zooms_time_is_taken_over_and_can_be_taken_back() {
    let mut stage = drifted(records::moved());
    let frame = stage.frame();
    assert!(
        frame.contains("⚠ moved in Zoom: Fri 27 Nov 10:00–10:45"),
        "{frame}"
    );
    assert!(frame.contains("press f to fix"), "{frame}");
    stage.press("f");
    let frame = stage.frame();
    assert!(frame.contains("Use Zoom's time") && frame.contains("everyone is emailed"));
    stage.press("enter");
    assert_eq!(repairs(&stage), [Repair::Adopt]);
    let frame = stage.frame();
    assert!(
        frame.contains("synced with Zoom, Fri 27 Nov 10:00 · u to undo"),
        "{frame}"
    );
    stage.press("u");
    assert!(stage.frame().contains("undone, confirmed Thu 26 Nov"));
}

#[test]
fn what_cannot_be_undone_is_asked_about() {
    let mut stage = drifted(records::moved());
    stage.press("f down enter");
    assert!(stage.frame().contains("This cannot be undone."));
    stage.press("esc");
    assert!(repairs(&stage).is_empty());
    stage.press("f down enter enter");
    assert!(repairs(&stage).is_empty(), "it opens on Cancel");
    stage.press("f down enter tab enter");
    assert_eq!(repairs(&stage), [Repair::Restore]);
    assert!(!stage.frame().contains("u to undo"), "{}", stage.frame());

    let mut stage = drifted(records::deleted());
    assert!(stage.frame().contains("its link is dead"));
    stage.press("f enter tab enter");
    assert_eq!(repairs(&stage), [Repair::Recreate]);
    stage.press("f");
    assert!(stage.frame().contains("in sync with Zoom"));
}

#[test]
fn a_check_is_started_and_seen_to_go_on() {
    let mut stage = Stage::open(120, 40);
    stage.press(":").write("check meet").press("enter");
    assert!(stage.state.panes.only::<Check>().is_some());
    assert!(stage.frame().contains("… checking"), "{}", stage.frame());
    stage.press("C");
    assert!(stage.frame().contains("check already running"));
    stage.daemon.report = records::report();
    stage.daemon.differs(3, records::deleted());
    stage.changed("drift");
    let frame = stage.frame();
    assert!(frame.contains("✓ 4 meetings, 03:40"), "{frame}");
    assert!(frame.contains("Out of sync"), "{frame}");
    stage.press("enter");
    assert!(
        stage.frame().contains("press f to fix"),
        "{}",
        stage.frame()
    );
}

#[test]
fn a_stray_is_deleted_after_a_yes() {
    let mut stage = Stage::open(120, 40);
    stage.daemon.report.orphans.push(records::stray());
    stage.press("6");
    let frame = stage.frame();
    assert!(frame.contains("1 unused Zoom meeting: C to see"), "{frame}");
    stage.press("C");
    stage
        .daemon
        .report
        .hosts
        .iter_mut()
        .for_each(|host| host.running = false);
    stage.changed("drift").press("x");
    assert!(stage.frame().contains("No booking uses it."));
    stage.press("x x y enter");
    assert!(
        stage
            .daemon
            .asked
            .iter()
            .all(|it| !matches!(it, Q::OrphanDelete { .. }))
    );
    stage.press("x tab enter");
    let Some(Q::OrphanDelete { orphan }) = stage.daemon.asked.last() else {
        panic!("a deletion");
    };
    assert!(orphan.orphan == "stray-1" && !orphan.dry_run);
    assert!(stage.frame().contains("Deleting meeting"));
    stage.daemon.report.orphans.clear();
    stage.changed("drift").wait(5);
    assert!(stage.frame().contains("✓ In sync"), "{}", stage.frame());
}

/// Cases Z4 and U3: what was not looked at is never shown as booked.
#[test]
fn a_check_that_did_not_look_at_everything_shows_no_green_line() {
    fn shown(change: impl FnOnce(&mut Stage)) -> (Stage, String) {
        let mut stage = Stage::open(120, 40);
        change(&mut stage);
        stage.press(":").write("check meet").press("enter");
        for host in &mut stage.daemon.report.hosts {
            host.running = false;
        }
        stage.changed("drift");
        let frame = stage.frame();
        (stage, frame)
    }
    let (_, frame) = shown(|_| ());
    assert!(frame.contains("✓ In sync"), "{frame}");

    let (mut stage, frame) = shown(|stage| {
        let interview = stage.daemon.interviews[3].clone();
        let why = "Zoom refused: Forbidden";
        stage.daemon.report.unchecked = vec![records::unchecked(&interview, why)];
        stage.daemon.report.hosts[0].reason = Some("1 of 4 meetings could not be checked".into());
    });
    assert!(!frame.contains("In sync"), "{frame}");
    assert!(frame.contains("⚠ 1 meeting was not checked."), "{frame}");
    assert!(frame.contains("Zoom refused: Forbidden"), "{frame}");
    stage.press("enter");
    let frame = stage.frame();
    assert!(frame.contains("Priya Nair"), "{frame}");

    for change in [
        |stage: &mut Stage| stage.daemon.report.hosts[1].checked_at = None,
        |stage: &mut Stage| {
            let why = "Zoom must be reconnected: the app was removed";
            stage.daemon.report.hosts[1].reason = Some(why.into());
        },
    ] {
        let (_, frame) = shown(change);
        assert!(!frame.contains("In sync"), "{frame}");
        assert!(frame.contains("Not everything was checked."), "{frame}");
    }
}

#[test]
fn only_staff_checks() {
    let mut stage = Stage::open(120, 40);
    if let crate::state::Link::Up(hello) = &mut stage.state.link {
        hello.caller.as_mut().unwrap().roles = vec![Role::HiringManager];
    }
    stage.press("4 C");
    assert!(stage.frame().contains("only a recruiter or admin can"));
}

#[test]
fn what_differs_from_zoom() {
    fn differs(stage: &mut Stage) {
        stage.daemon.differs(3, records::moved());
        stage.daemon.differs(7, records::deleted());
        stage.daemon.report.orphans.push(records::stray());
    }
    see("drift-week", |stage| {
        differs(stage);
        stage.press("4 home right right right");
    });
    see("drift-interview", |stage| {
        differs(stage);
        stage.press("4 home right right right enter");
    });
    see("repair", |stage| {
        differs(stage);
        stage.press("4 home right right right f");
    });
    see("restore", |stage| {
        differs(stage);
        stage.press("4 home right right right f down enter");
    });
    see("check", |stage| {
        differs(stage);
        stage.press("4 C");
        stage.daemon.report.hosts[0].running = false;
        stage.changed("drift").press("end");
    });
}
