//! Nothing that holds a secret shows it: not by `Debug`, not as an error, not in the words of a
//! panic.

use std::fmt::Debug;
use std::os::unix::fs::PermissionsExt as _;
use std::panic;

use greenroom_protocol::id::AttemptId;
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::workspace::{Setup, WorkspaceEdit};
use greenroom_protocol::zoom::ConnectFinish;
use greenroomd::config::Config;
use greenroomd::secrets::Source;
use greenroomd::store;
use greenroomd::vault::{KeyChoice, NewKey, Vault, rekey};
use greenroomd::zoom::{Answer, SecretChange};

const SECRET: &str = "hunter2-and-a-half";

/// What a panic says that comes over this value.
fn panicked(value: impl Debug + Send + 'static) -> String {
    let words = panic::catch_unwind(panic::AssertUnwindSafe(move || panic!("{value:?}")));
    let words = words.unwrap_err();
    words.downcast_ref::<String>().unwrap().clone()
}

fn silent(value: impl Debug + Send + 'static) {
    let name = std::any::type_name_of_val(&value);
    for shown in [format!("{value:?}"), format!("{value:#?}"), panicked(value)] {
        assert!(!shown.contains("hunter2"), "{name} shows it: {shown}");
    }
}

#[test]
fn what_carries_a_secret_shows_none() {
    silent(Opaque::new(SECRET));
    silent(ConnectFinish {
        attempt: AttemptId::new(),
        state: Opaque::new(SECRET),
        code: Some(Opaque::new(SECRET)),
        error: None,
        error_description: None,
    });
    silent(Setup {
        workspace: "Acme".into(),
        name: "Dana Reyes".into(),
        email: "dana.reyes@acme.example".into(),
        zone: "UTC".into(),
        zoom_client_id: Some("client".into()),
        zoom_client_secret: Some(Opaque::new(SECRET)),
    });
    silent(WorkspaceEdit {
        zoom_client_secret: Some(Opaque::new(SECRET)),
        ..WorkspaceEdit::default()
    });
    silent(Answer::Code(Opaque::new(SECRET)));
    silent(SecretChange::Set(Opaque::new(SECRET)));
    // The test itself can fail.
    let shown = panic::catch_unwind(|| silent(SECRET));
    assert!(shown.is_err());
}

/// Everything that can go wrong where a secret is read: what was read is never part of what is
/// said.
#[tokio::test]
async fn an_error_about_a_secret_does_not_repeat_it() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("secret");
    let write = |text: &str| {
        std::fs::write(&file, text).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    };
    let words = |script: &str| ["sh", "-c", script].map(str::to_owned).to_vec();
    let lines = format!("{SECRET}\n{SECRET}\n");
    let long = SECRET.repeat(1000);

    for text in [&long, &lines] {
        write(text);
        let read = Source::File(file.clone()).read("mail.smtp.password").await;
        silent(read.err().unwrap());
    }
    // The words of a command are the administrator's own, not its output: they are not repeated
    // either.
    for script in ["cat \"$0\"; exit 3", "cat \"$0\" >&2; exit 3", "cat \"$0\""] {
        let mut words = words(script);
        words.push(file.display().to_string());
        let read = Source::Command(words.clone())
            .read("zoom.client_secret")
            .await;
        silent(read.err().unwrap());
        let data = dir.path().join("store");
        let store = store::open(&data, store::sled::Settings::default());
        let store = store.await.unwrap();
        let choice = KeyChoice::Command(words);
        silent(
            Vault::open(&choice, dir.path(), &data, &store)
                .await
                .err()
                .unwrap(),
        );
        let new = NewKey::File(file.clone());
        silent(
            rekey(&KeyChoice::File, dir.path(), &data, &store, new, |_| {})
                .await
                .err()
                .unwrap(),
        );
        store.close().await;
    }

    // A secret that was put into the configuration itself, where none belongs.
    for text in [
        format!("[zoom]\nclient_secret = \"{SECRET}\""),
        format!("[secrets]\nkey = \"{SECRET}\""),
    ] {
        write(&text);
        let refused = Config::load(&file, &Default::default());
        silent(refused.err().unwrap().to_string());
    }
}
