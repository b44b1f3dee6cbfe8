//! A server whose certificate this machine does not trust: nothing is asked of it, no password or
//! secret address goes there, and nothing counts as free.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use greenroom_protocol::calendar::{CalendarAccount, Feed, FeedAdd, FeedRefresh, FeedStanding};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::secret::Opaque;
use greenroom_tests::tools::{self, Tool};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::fixture::{Fixture, against, desk_reading};

/// A server with a certificate of its own making.
struct Stranger {
    place: SocketAddr,
    /// How many bytes somebody sent after the handshake.
    heard: Arc<AtomicUsize>,
}

impl Stranger {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let certificate = directory.path().join("cert.pem");
        let key = directory.path().join("key.pem");
        certify(directory.path());
        let chain = CertificateDer::pem_file_iter(certificate).unwrap();
        let chain: Vec<_> = chain.map(Result::unwrap).collect();
        let key = PrivateKeyDer::from_pem_file(key).unwrap();
        let _ = rustls::crypto::ring::default_provider().install_default();
        let config = ServerConfig::builder().with_no_client_auth();
        let config = config.with_single_cert(chain, key).unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let place = listener.local_addr().unwrap();
        let heard = Arc::new(AtomicUsize::new(0));
        let count = heard.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if let Ok(mut stream) = acceptor.accept(stream).await {
                    let mut bytes = [0; 1024];
                    let heard = stream.read(&mut bytes).await.unwrap_or(0);
                    count.fetch_add(heard, Ordering::SeqCst);
                }
            }
        });
        Self { place, heard }
    }
}

fn certify(directory: &Path) {
    let line = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem \
                -out cert.pem -days 30 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1";
    let mut openssl = Command::new("openssl");
    openssl.current_dir(directory).args(line.split_whitespace());
    let output = openssl.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

async fn reads(desk: &Fixture) -> Feed {
    let refreshed = desk.dana.feed_refresh(FeedRefresh::default()).await;
    refreshed.unwrap().items.remove(0)
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_is_named_and_nothing_is_sent_or_free() {
    if Command::new("openssl").arg("version").output().is_err() {
        tools::missing(Tool::Openssl);
        return;
    }
    let stranger = Stranger::new().await;
    let url = format!("https://{}/private-0badcafe/basic.ics", stranger.place);
    let by_url = FeedAdd {
        name: "Work".into(),
        url: Some(Opaque::new(url.clone())),
        ..FeedAdd::default()
    };
    let by_caldav = FeedAdd {
        name: "Work".into(),
        caldav: Some(CalendarAccount {
            url,
            user: "dana".into(),
            password: Opaque::new("open: sesame"),
            colleague: None,
        }),
        ..FeedAdd::default()
    };
    for add in [by_url, by_caldav] {
        let desk = desk_reading().await;
        desk.dana.feed_add(add).await.unwrap();
        let refused = reads(&desk).await;
        assert_eq!(refused.state, FeedStanding::Broken, "{refused:?}");
        assert_eq!(
            refused.reason.as_deref(),
            Some("The certificate of 127.0.0.1 is not one that this machine trusts for that name")
        );
        let hint = refused.hint.unwrap();
        assert!(hint.contains("certificate authority"), "{hint}");
        let found = against(&desk, "2026-12-02T15:00:00Z").await;
        let codes: Vec<_> = found.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, [FindingCode::StaleCalendar]);
        assert!(found[0].1.contains("The certificate of"), "{found:?}");
    }
    assert_eq!(stranger.heard.load(Ordering::SeqCst), 0);
}
