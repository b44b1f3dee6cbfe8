//! Going to another workspace and back: what is left behind, what waits, and what never comes
//! along.

use greenroom_protocol::Error;
use greenroom_protocol::service::GreenroomRequest as Q;

use crate::app::tests::stage::Stage;
use crate::forms::Form;

#[test]
fn one_key_lists_the_workspaces_from_anywhere() {
    for keys in ["W", "3 W", "4 W", "6 W", ": w o r k s enter"] {
        let mut stage = Stage::open(80, 24);
        stage.press(keys);
        let frame = stage.frame();
        assert!(frame.contains("▸ Acme  ● here"), "{keys}\n{frame}");
        assert!(frame.contains("Acme Labs"), "{keys}");
    }
}

#[test]
fn nothing_of_one_workspace_is_seen_in_the_other() {
    let mut stage = Stage::open(120, 40);
    stage
        .press("m end enter 4 [ 3 right 2")
        .press("/")
        .write("priya")
        .press("enter");
    stage.press("W down enter");
    assert!(
        stage.frame().contains("Switched to Acme Labs"),
        "{}",
        stage.frame()
    );
    assert!(
        stage.frame().contains("No candidates yet"),
        "{}",
        stage.frame()
    );
    for keys in ["2", "3", "4", "6"] {
        stage.press(keys).wait(5);
        let frame = stage.frame();
        for of_acme in ["Priya", "Backend Engineer", "Mina Okafor"] {
            assert!(!frame.contains(of_acme), "{keys}\n{frame}");
        }
        assert!(frame.contains("Acme Labs · Dana Reyes"), "{frame}");
    }
    assert_eq!(stage.state.candidates.search(), "");
    stage.press("u");
    assert!(
        stage.frame().contains("nothing to undo"),
        "{}",
        stage.frame()
    );
    assert_eq!(stage.noticed, [], "another workspace's Zoom is no news");
}

#[test]
fn what_was_typed_waits_in_its_workspace() {
    let mut stage = Stage::open(120, 40);
    stage
        .press("a")
        .write("Grace Okoro")
        .press("esc W down enter");
    assert!(
        !stage.frame().contains("waits in"),
        "it was put aside before"
    );
    stage.press("a");
    assert!(!stage.frame().contains("Grace"), "{}", stage.frame());
    stage.write("Ola").press("esc 6");
    assert!(stage.state.panes.is_empty());
    stage.press("W up enter");
    assert!(
        stage.frame().contains("your drafts are restored"),
        "{}",
        stage.frame()
    );
    stage.press("2 a");
    assert!(stage.frame().contains("Grace Okoro"), "{}", stage.frame());
    assert!(!stage.frame().contains("Ola"));
}

#[test]
fn an_open_form_is_told_to_wait_there() {
    let mut stage = Stage::open(120, 40);
    stage
        .press("n ctrl-p")
        .write("workspaces")
        .press("enter down enter");
    assert!(
        stage.frame().contains("1 draft in Acme"),
        "{}",
        stage.frame()
    );
    assert!(stage.state.panes.is_empty());
}

#[test]
fn a_connect_under_way_is_not_left_behind() {
    let mut stage = Stage::open(80, 24);
    crate::panes::connect::open(&mut stage.state);
    stage
        .press("enter ctrl-p")
        .write("workspaces")
        .press("enter");
    assert!(
        stage.frame().contains("cancel connecting Zoom first"),
        "{}",
        stage.frame()
    );
}

#[test]
fn a_closed_door_leads_back() {
    let mut stage = Stage::open(80, 24);
    stage.closed = Some(Error::denied(
        "not permitted: you are not a member of this workspace",
    ));
    stage.press("W down enter");
    assert!(
        stage
            .frame()
            .contains("you are not a member of this workspace"),
        "{}",
        stage.frame()
    );
    stage.press("esc");
    assert!(stage.frame().contains("Priya Nair"), "{}", stage.frame());
}

#[test]
fn another_workspace_is_added_from_the_list() {
    let mut stage = Stage::open(80, 24);
    stage.press("W down down enter");
    stage.press("ctrl-s");
    assert!(stage.frame().contains("✗ Enter a name"));
    stage.write("Acme Labs").press("ctrl-s");
    let Some(Q::WorkspaceAdd { workspace }) = stage.daemon.asked.last() else {
        panic!("a workspace");
    };
    assert_eq!(workspace.name.as_deref(), Some("Acme Labs"));
    assert!(stage.state.panes.find::<Form>().is_none());
}
