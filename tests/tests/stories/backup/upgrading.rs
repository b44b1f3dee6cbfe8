//! From an older version to this one, and back: what it left is copied before anything is written,
//! and is still known afterwards.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use greenroom_protocol::BUILD;
use greenroom_protocol::status::CheckResult;
use greenroom_tests::harness::World;
use greenroom_tests::test_daemon::{TestDaemon, copy};
use greenroomd::rpc::Peer;
use serde_json::Value;
use tokio::process::Command;

use crate::backup::fixture::{PROGRAM, candidates, offline};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../daemon/tests/fixtures");

/// What a version left on a machine, beside a backup of its own.
pub struct Left {
    folder: &'static str,
    /// Whom its candidates are asked as.
    pub member: &'static str,
    /// Rows of its store and of its backup.
    rows: usize,
    /// What it stored, and not only how much.
    addresses: &'static [&'static str],
    /// Whether it wrote the latest revision beside its store.
    revision_file: bool,
}

const FIRST: Left = Left {
    folder: "store-0.1.0",
    member: "dana@acme.example",
    rows: 62,
    addresses: &[
        "ama.owusu@example.com",
        "jonas.weber@example.com",
        "lena.fischer@example.com",
        "priya.nair@example.com",
        "tom.becker@example.com",
    ],
    revision_file: false,
};

const SECOND: Left = Left {
    folder: "store-0.2.0",
    member: "dana@acme.example",
    rows: 174,
    addresses: &[
        "ama.owusu@example.com",
        "ana.lima@example.com",
        "jonas.weber@example.com",
        "lena.fischer@example.com",
        "priya.nair@example.com",
        "tom.becker@example.com",
    ],
    revision_file: true,
};

/// Every version that left something.
pub const ALL: [Left; 2] = [FIRST, SECOND];

impl Left {
    pub fn file(&self, name: &str) -> PathBuf {
        Path::new(FIXTURES).join(self.folder).join(name)
    }

    fn put_back(&self, world: &World) {
        let store = world.directory().join("data/store");
        let _ = fs::remove_dir_all(&store);
        copy(&self.file("store"), &store).unwrap();
        fs::set_permissions(&store, fs::Permissions::from_mode(0o700)).unwrap();
        // Written, not copied: what is closed to others stays so.
        let key = fs::read(self.file("vault.key")).unwrap();
        fs::write(world.directory().join("vault.key"), key).unwrap();
    }

    /// A machine on which that version was stopped and this one is about to start.
    pub async fn upgraded(&self) -> World {
        let mut world = World::start(PROGRAM).await.unwrap();
        world.stop_daemon();
        fs::remove_dir_all(world.directory().join("data")).unwrap();
        self.put_back(&world);
        world
    }

    async fn everybody(&self, world: &World) -> Vec<String> {
        let dana = world.client_as(self.member).await.unwrap();
        let mut found = candidates(&dana).await;
        found.sort();
        found
    }

    /// Whether the store in this directory was written into since.
    fn is_written_into(&self, store: &Path) -> bool {
        let ours = store.join("last-revision");
        match self.revision_file {
            true => fs::read(ours).unwrap() != fs::read(self.file("store/last-revision")).unwrap(),
            false => ours.exists(),
        }
    }
}

fn before(world: &World, number: &str) -> PathBuf {
    let name = format!("data/backups/before-{BUILD}{number}.backup");
    world.directory().join(name)
}

/// The first line of a backup, which every version must be able to read.
fn header(file: &Path) -> serde_json::Value {
    let bytes = fs::read(file).unwrap();
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap();
    serde_json::from_slice(line).unwrap()
}

/// Case C16.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_start_of_a_newer_version_backs_up_and_the_way_back_holds_what_was() {
    for left in ALL {
        let mut world = left.upgraded().await;
        world.run_daemon().await.unwrap();
        let status = world.client().await.unwrap().status().await.unwrap();
        assert_eq!(status.damage, None, "never called damaged");
        assert_eq!(left.everybody(&world).await, left.addresses);
        let checks = world.client().await.unwrap().doctor().await.unwrap();
        for name in ["store", "records", "vault key"] {
            let check = checks.iter().find(|it| it.name == name).unwrap();
            assert_eq!(check.result, CheckResult::Ok, "{check:?}");
        }
        let file = before(&world, "");
        assert!(file.is_file());

        // Once; whatever is written later, this file stays.
        let made = fs::read(&file).unwrap();
        world.stop_daemon();
        world.run_daemon().await.unwrap();
        assert_eq!(fs::read(&file).unwrap(), made);
        assert!(!before(&world, "-2").exists());

        // The way back: the same format as a backup of that version's own, of the same store, with
        // the same records.
        let theirs = left.file("sealed.backup");
        for field in ["greenroom_backup", "store"] {
            assert_eq!(header(&file)[field], header(&theirs)[field], "{field}");
        }
        world.stop_daemon();
        for file in [&file, &theirs] {
            let looked = offline(&world, file).arg("--dry-run").output().unwrap();
            let said = String::from_utf8(looked.stdout).unwrap();
            assert!(said.contains(&format!("{} rows", left.rows)), "{said}");
            let restored = offline(&world, file).output().unwrap();
            assert!(restored.status.success(), "{restored:?}");
            world.run_daemon().await.unwrap();
            assert_eq!(left.everybody(&world).await, left.addresses);
            world.stop_daemon();
        }
    }
}

/// Case C16: a file that is there is never written over, and a backup that a killed start left is
/// not made again.
#[tokio::test(flavor = "multi_thread")]
async fn the_backup_before_an_upgrade_writes_over_nothing() {
    let mut world = FIRST.upgraded().await;
    fs::create_dir_all(world.directory().join("data/backups")).unwrap();
    fs::write(before(&world, ""), "precious").unwrap();
    world.run_daemon().await.unwrap();
    world.stop_daemon();
    assert_eq!(fs::read(before(&world, "")).unwrap(), b"precious");
    let made = fs::read(before(&world, "-2")).unwrap();

    FIRST.put_back(&world);
    world.run_daemon().await.unwrap();
    assert_eq!(fs::read(before(&world, "-2")).unwrap(), made);
    assert!(!before(&world, "-3").exists());
}

/// Case C16: without a backup nothing is written, and the older version could go on.
#[tokio::test(flavor = "multi_thread")]
async fn where_no_backup_can_be_made_nothing_is_upgraded() {
    for left in ALL {
        let mut world = left.upgraded().await;
        let backups = world.directory().join("data/backups");
        fs::write(&backups, "in the way").unwrap();
        let error = world.run_daemon().await.unwrap_err().to_string();
        let told = format!(
            "could not back up the data before the upgrade to {BUILD}, so nothing was changed"
        );
        assert!(error.contains(&told), "{error}");
        assert!(error.contains("backup_directory"), "{error}");
        let store = world.directory().join("data/store");
        assert!(!left.is_written_into(&store));
        let ring = |dir: &Path| fs::read(dir.join("vault-ring")).unwrap();
        assert_eq!(ring(&store), ring(&left.file("store")));

        fs::remove_file(&backups).unwrap();
        world.run_daemon().await.unwrap();
        assert_eq!(left.everybody(&world).await, left.addresses);
        assert!(before(&world, "").is_file());
    }
}

/// Case C16: looking is no upgrade, and a change of keys waits for one.
#[tokio::test(flavor = "multi_thread")]
async fn neither_a_look_nor_a_change_of_keys_writes_into_an_older_store() {
    for left in ALL {
        let mut world = left.upgraded().await;
        let (done, said) = world.administer("check", &[]).unwrap();
        assert!(done, "{said}");
        let (done, said) = world.administer("rekey", &[]).unwrap();
        assert!(!done && said.contains("start the daemon once"), "{said}");
        assert!(!left.is_written_into(&world.directory().join("data/store")));
        world.run_daemon().await.unwrap();
        assert!(before(&world, "").is_file());
        world.stop_daemon();
        let (done, said) = world.administer("rekey", &[]).unwrap();
        assert!(done, "{said}");
    }
}

/// A question that 0.2.0 was asked, and what it answered.
#[derive(serde::Deserialize)]
struct Asked {
    method: String,
    arguments: Value,
    answer: Value,
}

/// What is not compared: texts may be worded anew, the caller is who asks, a host's calls are
/// counted by the day, and a Message-ID ends with the domain that is configured.
const NOT_STORED: [&str; 7] = [
    "message",
    "reason",
    "hint",
    "you",
    "calls_today",
    "message_id",
    "warnings",
];

/// Where an answer of 0.2.0 is not in this version's: a field is gone, or says something else. What
/// was added since is no difference.
fn differences(theirs: &Value, ours: &Value, at: &str, found: &mut Vec<String>) {
    match (theirs, ours) {
        (Value::Object(theirs), Value::Object(ours)) => {
            for (name, theirs) in theirs
                .iter()
                .filter(|it| !NOT_STORED.contains(&it.0.as_str()))
            {
                let at = format!("{at}/{name}");
                match ours.get(name) {
                    Some(ours) => differences(theirs, ours, &at, found),
                    None => found.push(format!("{at} is gone")),
                }
            }
        }
        (Value::Array(theirs), Value::Array(ours)) if theirs.len() == ours.len() => {
            for (number, (theirs, ours)) in theirs.iter().zip(ours).enumerate() {
                differences(theirs, ours, &format!("{at}/{number}"), found);
            }
        }
        _ if theirs == ours => {}
        _ => found.push(format!("{at} was {theirs}, is {ours}")),
    }
}

/// What 0.2.0 knew is answered as it answered it: members, jobs and their stages, candidates,
/// interviews in every state, emails that left, wait and came in, meetings out of sync, insights
/// and the audit log.
#[tokio::test(flavor = "multi_thread")]
async fn what_0_2_0_stored_is_answered_as_0_2_0_answered_it() {
    let daemon = TestDaemon::builder().store(SECOND.file("store")).idle();
    let daemon = daemon.bare().await.unwrap();
    let root = Peer {
        uid: 0,
        operator: true,
    };
    let socket = daemon.door(root).unwrap().socket.path;
    let asked = fs::read(SECOND.file("answers.json")).unwrap();
    let asked: Vec<Asked> = serde_json::from_slice(&asked).unwrap();
    assert!(asked.len() > 25, "{}", asked.len());
    let mut found = Vec::new();
    for question in asked {
        let mut command = Command::new(PROGRAM);
        command
            .args(["client", "--no-start", "--json", "--socket"])
            .arg(&socket)
            .args(["--as", SECOND.member, "rpc", &question.method])
            .arg(question.arguments.to_string())
            .stdin(Stdio::null());
        let output = command.output().await.unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{}: {said}", question.method);
        let ours = serde_json::from_str(&said).unwrap();
        differences(&question.answer, &ours, &question.method, &mut found);
    }
    assert!(found.is_empty(), "{found:#?}");
}
