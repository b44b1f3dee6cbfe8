//! `greenroomd check`, and files that are named and missing.

use std::process::Command;

use crate::daemon_life::world;

/// Case C8.
#[tokio::test]
async fn a_configuration_that_is_named_and_missing_is_an_error_for_every_verb() {
    let (world, dana) = world().await;
    drop(dana);
    let missing = world.directory().join("missing.toml");
    let data = world.directory().join("other");
    for verb in [
        &["run"][..],
        &["check"],
        &["reload"],
        &["rekey"],
        &["rekey", "--lost"],
        &["restore", "x.backup"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_demo"))
            .arg("daemon")
            .args(verb)
            .arg("--config")
            .arg(&missing)
            .arg("--data")
            .arg(&data)
            .args(["--socket", "/nowhere/greenroom.sock"])
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{verb:?}: {said}");
        assert!(
            said.contains("read the configuration") && said.contains("missing.toml"),
            "{verb:?}: {said}"
        );
        if verb != ["check"] {
            assert!(!data.exists(), "{verb:?}");
        }
    }
}

/// Case C8.
#[tokio::test]
async fn a_daemon_that_runs_passes_the_check_and_a_data_directory_that_is_missing_does_not() {
    let (mut world, dana) = world().await;
    drop(dana);
    let process = world.daemon().unwrap().id();
    let (fine, said) = world.administer("check", &[]).unwrap();
    assert!(fine, "{said}");
    assert!(
        said.contains(&format!("in use: process {process} has it")),
        "{said}"
    );
    world.stop_daemon();
    let (fine, said) = world.administer("check", &[]).unwrap();
    assert!(fine && said.contains("revision"), "{said}");

    std::fs::rename(
        world.directory().join("data"),
        world.directory().join("moved"),
    )
    .unwrap();
    let (fine, said) = world.administer("check", &[]).unwrap();
    assert!(!fine && said.contains("read the data in"), "{said}");
    assert!(
        !world.directory().join("data").exists(),
        "a check makes nothing"
    );
}

/// Case C8.
#[tokio::test]
async fn a_password_file_that_is_missing_does_not_pass() {
    let (mut world, dana) = world().await;
    drop(dana);
    world.stop_daemon();
    let path = world.directory().join("config.toml");
    let before = std::fs::read_to_string(&path).unwrap();
    let mail =
        "\n[mail.imap]\nurl = \"imaps://u@mail.example\"\npassword_file = \"/nowhere/password\"\n";
    std::fs::write(&path, before + mail).unwrap();
    let (fine, said) = world.administer("check", &[]).unwrap();
    assert!(!fine && said.contains("/nowhere/password"), "{said}");
}

/// Case C8.
#[tokio::test]
async fn a_key_that_is_there_is_not_given_up() {
    let (mut world, dana) = world().await;
    drop(dana);
    world.stop_daemon();
    let (done, said) = world.administer("rekey", &["--lost"]).unwrap();
    assert!(!done && said.contains("The key is not lost"), "{said}");
    // One that stands open is there, too.
    let key = world.directory().join("vault.key");
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(&key, open).unwrap();
    let (done, said) = world.administer("rekey", &["--lost"]).unwrap();
    assert!(!done && said.contains("may not be lost"), "{said}");
    let closed = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&key, closed).unwrap();
    world.run_daemon().await.unwrap();
}
