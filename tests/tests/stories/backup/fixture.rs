//! A daemon with a workspace and a command line at it.

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use greenroom::client::Client;
use greenroom_protocol::pipeline::CandidateQuery;
use greenroom_tests::harness::{World, add_candidate};
use greenroom_tests::test_daemon::TestDaemon;
use serde_json::Value;
use tokio::process::Command;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_demo");

pub struct Fixture {
    pub world: World,
    pub dana: Client,
}

impl Fixture {
    /// Acme with one job.
    pub async fn open() -> Self {
        let builder = TestDaemon::builder().job("Designer");
        let (world, dana) = builder.run(PROGRAM).await.unwrap();
        Self { world, dana }
    }

    pub async fn add(&self, number: usize) {
        let (name, email) = person(number);
        add_candidate(&self.dana, &name, &email, "Designer")
            .await
            .unwrap();
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.world.directory().join(name)
    }

    /// The exit code of a command of `greenroom`, and its JSON.
    pub async fn run(&self, arguments: &[&str]) -> (i32, Value) {
        run(&self.world, arguments).await
    }

    /// A command that works.
    pub async fn done(&self, arguments: &[&str]) -> Value {
        let (code, answer) = self.run(arguments).await;
        assert_eq!(code, 0, "{arguments:?}: {answer}");
        answer
    }
}

pub fn person(number: usize) -> (String, String) {
    (
        format!("Aurelia Quill {number}"),
        format!("aurelia.quill{number}@mail.example"),
    )
}

pub async fn run(world: &World, arguments: &[&str]) -> (i32, Value) {
    let mut command = Command::new(PROGRAM);
    command
        .args(["client", "--no-start", "--json", "--socket"])
        .arg(world.socket())
        .args(arguments)
        .env("HOME", world.directory())
        .env_remove("XDG_CONFIG_HOME")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().await.unwrap();
    let answer = serde_json::from_slice(&stdout).unwrap_or_else(|_| {
        let stderr = String::from_utf8_lossy(&stderr);
        panic!("{arguments:?} printed no JSON: {stderr}")
    });
    (status.code().unwrap(), answer)
}

/// `greenroomd restore`, with the directories of this world's daemon.
pub fn offline(world: &World, file: &Path) -> std::process::Command {
    let run = world.daemon_command();
    let mut arguments = run.get_args();
    let mut command = std::process::Command::new(run.get_program());
    // `daemon run --config …` becomes `daemon restore FILE --config …`.
    command.args(arguments.next()).arg("restore").arg(file);
    command.args(arguments.skip(1));
    command
}

/// Everybody's address, in the order of names.
pub async fn candidates(client: &Client) -> Vec<String> {
    let (mut all, mut cursor) = (Vec::new(), None);
    loop {
        let query = CandidateQuery {
            cursor,
            ..CandidateQuery::default()
        };
        let page = client.candidate_list(query).await.unwrap();
        all.extend(page.items.into_iter().map(|it| it.email));
        cursor = page.next;
        if cursor.is_none() {
            return all;
        }
    }
}

pub fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|it| it == text.as_bytes())
}

pub fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}
