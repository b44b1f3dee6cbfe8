//! A name server of a few lines, on this machine: it knows who takes a domain's mail, and nothing
//! else, so that what is found out about an address depends on no network.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use tokio::net::UdpSocket;
use tokio::task::JoinHandle;

/// Bytes of the header of a message, and of its flags and counts as they are answered.
const HEADER: usize = 12;

/// The type of a question that asks who takes mail.
const MX: u16 = 15;

/// The server. It answers as long as it lives.
pub struct NameServer {
    address: SocketAddr,
    answering: JoinHandle<()>,
}

impl NameServer {
    /// Starts one that knows these domains, each with the server that takes its mail. Of any other
    /// name it says that nothing is known.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub async fn start(exchangers: &[(&str, &str)]) -> anyhow::Result<Self> {
        let known = exchangers
            .iter()
            .map(|(domain, server)| ((*domain).to_owned(), (*server).to_owned()));
        let known: BTreeMap<String, String> = known.collect();
        let socket = UdpSocket::bind("127.0.0.1:0").await?;
        let address = socket.local_addr()?;
        let answering = tokio::spawn(async move {
            let mut question = [0; 512];
            while let Ok((read, from)) = socket.recv_from(&mut question).await {
                if let Some(answer) = answer(&question[..read], &known) {
                    // Who asked may be gone.
                    let _ = socket.send_to(&answer, from).await;
                }
            }
        });
        Ok(Self { address, answering })
    }

    /// The section `[mail]` of a daemon that asks it.
    #[must_use]
    pub fn config(&self) -> String {
        format!("\n[mail]\nresolver = \"{}\"\n", self.address)
    }
}

impl Drop for NameServer {
    fn drop(&mut self) {
        self.answering.abort();
    }
}

/// The answer to a question; `None`: it is none. Source: RFC 1035, 4.1.
fn answer(message: &[u8], known: &BTreeMap<String, String>) -> Option<Vec<u8>> {
    let (name, end) = name(message, HEADER)?;
    let kind = u16::from_be_bytes(message.get(end..end + 2)?.try_into().ok()?);
    let question = message.get(HEADER..end + 4)?;
    let server = known.get(&name).filter(|_| kind == MX);
    let mut answer = message.get(..2)?.to_vec();
    // A response, recursion wanted and had, no error; one question, no authority, nothing more.
    answer.extend([0x81, 0x80, 0, 1, 0, u8::from(server.is_some()), 0, 0, 0, 0]);
    answer.extend(question);
    if let Some(server) = server {
        let mut data = vec![0, 10];
        for label in server.split('.') {
            data.push(u8::try_from(label.len()).ok()?);
            data.extend(label.bytes());
        }
        data.push(0);
        // The name of the question, MX, the internet, a minute.
        answer.extend([0xc0, 0x0c, 0, 15, 0, 1, 0, 0, 0, 60]);
        answer.extend(u16::try_from(data.len()).ok()?.to_be_bytes());
        answer.extend(data);
    }
    Some(answer)
}

/// The name at a place, in lower case, and the place behind it.
fn name(message: &[u8], mut at: usize) -> Option<(String, usize)> {
    let mut labels = Vec::new();
    loop {
        let len = usize::from(*message.get(at)?);
        at += 1;
        if len == 0 {
            return Some((labels.join("."), at));
        }
        let label = message.get(at..at + len)?;
        labels.push(String::from_utf8_lossy(label).to_lowercase());
        at += len;
    }
}
