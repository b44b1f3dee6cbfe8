//! Mail servers that repeat what they were sent, to a daemon that logs all it may.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use greenroom_protocol::interview::{InterviewNew, MeetingType};
use greenroom_protocol::mail::MailQuery;
use greenroom_tests::harness::{World, add_candidate, add_job};
use greenroom_tests::wait::Deadline;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::mail::fixture::{ANA, Fixture};

const PROGRAM: &str = env!("CARGO_BIN_EXE_demo");

const PASSWORD: &str = "open-sesame-9417";

/// A server that does this with every caller. Its port.
async fn serve<F>(talk: fn(BufReader<TcpStream>) -> F) -> u16
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(BufReader::new(stream)));
        }
    });
    port
}

async fn line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    let read = stream.read_line(&mut line).await.ok()?;
    (read > 0).then(|| line.trim_end().to_owned())
}

/// Takes any password, and tells it to anyone who it is asked about a recipient.
async fn echoing_smtp(mut stream: BufReader<TcpStream>) {
    let _ = stream.write_all(b"220 mx.example\r\n").await;
    let mut sent = String::new();
    while let Some(line) = line(&mut stream).await {
        let answer = match line.split(' ').next().unwrap_or_default() {
            "EHLO" => "250-mx.example\r\n250 AUTH PLAIN\r\n".to_owned(),
            "AUTH" => {
                sent = line;
                "235 fine\r\n".to_owned()
            }
            "RCPT" => format!("451-4.7.1 you said {sent}\r\n451 4.7.1 and {PASSWORD}\r\n"),
            _ => "250 fine\r\n".to_owned(),
        };
        let _ = stream.write_all(answer.as_bytes()).await;
    }
}

/// Takes no password, and tells it to anyone who sent it.
async fn echoing_imap(mut stream: BufReader<TcpStream>) {
    let _ = stream.write_all(b"* OK ready\r\n").await;
    while let Some(line) = line(&mut stream).await {
        let tag = line.split(' ').next().unwrap_or_default();
        let answer = format!("* NO {line}\r\n{tag} NO [ALERT] {line}\r\n");
        let _ = stream.write_all(answer.as_bytes()).await;
    }
}

/// Every file below a directory, but the one that holds the password.
fn files(directory: &Path) -> Vec<PathBuf> {
    let (mut found, mut waiting) = (Vec::new(), vec![directory.to_owned()]);
    while let Some(directory) = waiting.pop() {
        for entry in std::fs::read_dir(directory).unwrap().flatten() {
            match entry.file_type().unwrap() {
                kind if kind.is_dir() => waiting.push(entry.path()),
                kind if kind.is_file() && entry.file_name() != "password" => {
                    found.push(entry.path())
                }
                _ => {}
            }
        }
    }
    found
}

/// Case R6: neither the log, at its most talkative, nor the store, nor any answer to a caller.
#[tokio::test]
async fn a_server_that_repeats_the_password_tells_it_to_nobody() {
    use std::os::unix::fs::OpenOptionsExt as _;
    let (smtp, imap) = (serve(echoing_smtp).await, serve(echoing_imap).await);
    let mut world = World::start(PROGRAM).await.unwrap();
    let password = world.directory().join("password");
    let mut file = std::fs::OpenOptions::new();
    let file = file
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&password)
        .unwrap();
    std::io::Write::write_all(&mut &file, PASSWORD.as_bytes()).unwrap();
    let password = password.display();
    let config = format!(
        "\n[mail]\ntransport = \"smtp\"\nfrom = \"interviews@acme.example\"\npoll_seconds = 1\n\
         [mail.smtp]\nurl = \"smtp://robin@127.0.0.1:{smtp}\"\npassword_file = \"{password}\"\n\
         [mail.imap]\nurl = \"imap://robin@127.0.0.1:{imap}\"\npassword_file = \"{password}\"\n"
    );
    let talkative = [(
        "GREENROOM_LOG",
        PathBuf::from("trace,async_imap::imap_stream=trace"),
    )];
    world.reconfigure(&config, &talkative).await.unwrap();
    let (dana, _) = world.set_up().await.unwrap();
    add_job(&dana, "Designer").await.unwrap();
    add_candidate(&dana, "Ana Lima", ANA, "Designer")
        .await
        .unwrap();
    let booking = InterviewNew {
        candidate: ANA.into(),
        kind: MeetingType::Phone,
        details: Some("+49 30 5550 1234".into()),
        start: "2030-12-02T10:00:00Z".into(),
        confirm: true,
        ..InterviewNew::default()
    };
    dana.interview_new(booking).await.unwrap();
    let deadline = Deadline::here();
    let (status, waiting) = loop {
        let status = dana.status().await.unwrap();
        let waiting = dana.mail_list(MailQuery::default()).await.unwrap().items;
        let tried = !waiting.is_empty() && waiting.iter().all(|it| it.attempts > 0);
        if tried && status.mail.answers_error.is_some() {
            break (status, waiting);
        }
        deadline.pause().await;
    };
    let doctor = dana.doctor().await.unwrap();
    let told = format!("{status:?} {waiting:?} {doctor:?}");
    assert!(
        told.contains("451 451-4.7.1") || told.contains("451 4.7.1"),
        "{told}"
    );
    assert!(told.contains("the server refused the password"), "{told}");
    world.stop_daemon();

    let together = STANDARD.encode(format!("\0robin\0{PASSWORD}"));
    let forms = [PASSWORD.to_owned(), STANDARD.encode(PASSWORD), together];
    for form in &forms {
        assert!(!told.contains(form.as_str()), "{form} in {told}");
    }
    let log = world.read_log();
    assert!(
        log.contains("TRACE") || log.contains("DEBUG") || log.contains("INFO"),
        "{log}"
    );
    assert!(!log.contains("LOGIN"), "{log}");
    for file in files(world.directory()) {
        let bytes = std::fs::read(&file).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for form in &forms {
            assert!(
                !text.contains(form.as_str()),
                "{form} in {}",
                file.display()
            );
        }
    }
}

/// Case R6: what the daemon knows of its servers is not for everybody on the machine.
#[tokio::test]
async fn a_user_who_is_not_linked_reads_no_servers_and_no_places() {
    let room = Fixture::open().await;
    let stranger = room.daemon.user(4242).await.unwrap();
    let theirs = stranger.status().await.unwrap().mail;
    assert!(theirs.note.contains("nobody receives them"));
    assert!(!theirs.note.contains('/'), "{}", theirs.note);
    assert_eq!((theirs.answers.as_str(), theirs.answers_error), ("", None));
    assert!(theirs.skipped.is_empty());
    assert!(room.dana.status().await.unwrap().mail.answers.contains('/'));
}
