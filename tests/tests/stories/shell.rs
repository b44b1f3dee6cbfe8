//! The command line as a person or a script uses it, of a daemon in a process of its own.

use std::process::{Output, Stdio};

use greenroom_tests::harness::{World, add_candidate, add_job};
use serde_json::Value;
use tokio::process::Command;

use crate::booking::fixture::ANA;

const PROGRAM: &str = env!("CARGO_BIN_EXE_demo");

/// A workspace with one candidate, and the command line before it.
pub struct Shell(pub World);

/// What a command said, and how it ended.
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Shell {
    pub async fn open() -> Self {
        let world = World::start(PROGRAM).await.unwrap();
        let (dana, _) = world.set_up().await.unwrap();
        add_job(&dana, "Designer").await.unwrap();
        add_candidate(&dana, "Ana Lima", ANA, "Designer")
            .await
            .unwrap();
        Self(world)
    }

    pub async fn run(&self, arguments: &[&str]) -> Said {
        let mut command = Command::new(PROGRAM);
        command
            .args(["client", "--no-start", "--socket"])
            .arg(self.0.socket())
            .args(arguments)
            .env("HOME", self.0.directory())
            .env_remove("XDG_CONFIG_HOME")
            .current_dir(self.0.directory())
            .stdin(Stdio::null())
            .kill_on_drop(true);
        let Output {
            status,
            stdout,
            stderr,
        } = command.output().await.unwrap();
        Said {
            code: status.code().unwrap(),
            out: String::from_utf8(stdout).unwrap(),
            err: String::from_utf8(stderr).unwrap(),
        }
    }

    pub async fn prints(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments).await;
        assert_eq!(said.code, 0, "{arguments:?}: {}", said.err);
        said.out
    }

    pub async fn json(&self, arguments: &[&str]) -> Value {
        let out = self.prints(&[arguments, &["--json"]].concat()).await;
        serde_json::from_str(&out).unwrap()
    }

    pub async fn refused(&self, arguments: &[&str], words: &str) {
        let said = self.run(arguments).await;
        assert_eq!(said.code, 2, "{arguments:?}: {}{}", said.out, said.err);
        assert!(said.err.contains(words), "{words}: {}", said.err);
    }
}
