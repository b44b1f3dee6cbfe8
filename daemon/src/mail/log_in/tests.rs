use std::cell::RefCell;
use std::fs;
use std::path::Path;

use super::*;
use crate::mail::refusal::Refusal;

/// A command that prints the lines of a file, one at a time, then the last again and again.
fn printing(directory: &Path, tokens: &[&str]) -> LogIn {
    let file = directory.join("tokens");
    fs::write(&file, tokens.join("\n") + "\n").expect("a file");
    let script = format!(
        "head -n 1 {file}; if [ $(wc -l < {file}) -gt 1 ]; then sed -i 1d {file}; fi",
        file = file.display()
    );
    let command = ["sh".to_owned(), "-c".to_owned(), script];
    LogIn::Command(Secret::token(command.into(), "mail.smtp.token"))
}

fn refused(why: Refusal) -> Trouble {
    let doing = "log in to mail.example:465".to_owned();
    Trouble::new(doing, Failure::LogIn(why), Some("robin"))
}

/// Logs in where `taken` alone is taken; with what it was tried.
async fn tried(log_in: &LogIn, taken: &str) -> (Result<(), String>, Vec<String>) {
    let tried = RefCell::new(Vec::new());
    let done = log_in.log_in("log in to mail.example:465", |credential| {
        let secret = credential.secret().into_owned();
        tried.borrow_mut().push(secret.clone());
        async move {
            match secret == taken {
                true => Ok(()),
                false => Err(refused(Refusal::Token)),
            }
        }
    });
    let done = done.await.map_err(|trouble| trouble.to_string());
    (done, tried.into_inner())
}

#[tokio::test]
async fn a_refused_token_is_printed_anew_once() {
    let directory = tempfile::tempdir().expect("a directory");
    let log_in = printing(directory.path(), &["old", "new", "newest"]);
    assert_eq!(
        tried(&log_in, "new").await,
        (Ok(()), vec!["old".to_owned(), "new".to_owned()])
    );
    // What was taken is kept, and the command not run again.
    assert_eq!(
        tried(&log_in, "new").await,
        (Ok(()), vec!["new".to_owned()])
    );
    let (done, with) = tried(&log_in, "nothing").await;
    assert_eq!(with, ["new", "newest"]);
    let why = done.expect_err("no token is taken");
    assert_eq!(
        why,
        "Couldn't log in to mail.example:465: the server refused the access token"
    );
    // The same token again changes nothing, and is not tried.
    let (_, with) = tried(&log_in, "nothing").await;
    assert_eq!(with, ["newest"]);
}

#[tokio::test]
async fn a_password_is_tried_again_only_where_it_was_changed() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("password");
    let source = crate::secrets::Source::of(&file.display().to_string(), &[]);
    let log_in = LogIn::Password(Secret::password(source, "mail.smtp.password"));
    fs::write(&file, "first").expect("a file");
    assert_eq!(tried(&log_in, "other").await.1, ["first"]);
    assert_eq!(tried(&log_in, "first").await.1, ["first"]);
    fs::write(&file, "second").expect("a file");
    assert_eq!(tried(&log_in, "second").await.1, ["first", "second"]);
    assert_eq!(tried(&log_in, "third").await.1, ["second"]);
}

/// Nothing is asked of a command again where a switch is off.
#[tokio::test]
async fn what_no_token_helps_is_told_at_once() {
    let directory = tempfile::tempdir().expect("a directory");
    let log_in = printing(directory.path(), &["one", "two"]);
    let tried = RefCell::new(0);
    let done = log_in.log_in::<(), _>("log in to mail.example:465", |_| {
        *tried.borrow_mut() += 1;
        async { Err(refused(Refusal::SmtpOffForMailbox)) }
    });
    let why = done.await.expect_err("it is off");
    assert_eq!(tried.into_inner(), 1);
    assert!(
        why.hint()
            .is_some_and(|hint| hint.contains("Set-CASMailbox -Identity robin"))
    );
    assert!(why.to_string().contains("; an Exchange administrator"));
}

#[tokio::test]
async fn a_command_that_prints_nothing_is_told_without_what_it_said() {
    let command = ["sh", "-c", "echo tok3n-secret >&2; exit 7"];
    let command = command.iter().map(|it| (*it).to_owned()).collect();
    let log_in = LogIn::Command(Secret::token(command, "mail.imap.token"));
    let done = log_in.log_in::<(), _>("log in to mail.example:993", |_| async { Ok(()) });
    let why = done.await.expect_err("no token").to_string();
    assert!(
        why.starts_with("Couldn't run mail.imap.token_command: sh ended with exit status: 7"),
        "{why}"
    );
    assert!(!why.contains("tok3n"), "{why}");
}

#[test]
fn xoauth2_is_written_as_google_and_microsoft_read_it() {
    let token = SecretString::from("ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg".to_owned());
    // The example of Google's page.
    let said = xoauth2_in_base64("someuser@example.com", &token);
    assert_eq!(
        *said,
        "dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2cBAQ=="
    );
}
