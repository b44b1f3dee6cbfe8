//! Asking the domain name system about a domain's mail, within a few seconds.

use std::net::SocketAddr;
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{NameServerConfig, ResolveHosts, ResolverConfig};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::{Name, RData, RecordType};

use crate::config::mail::is_full_name;

/// How long all of it may take: a person waits for it.
const WHOLE: Duration = Duration::from_secs(6);

/// How long one name server may take for one answer, and how often it is asked.
const ANSWER: Duration = Duration::from_secs(2);
const TRIES: usize = 2;

/// The most names of one answer that are looked at.
const MOST: usize = 20;

/// What the domain name system says of a domain. All names are lower case and well formed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// The servers that take its mail, the first choice first.
    pub exchangers: Vec<String>,
    /// Where mail programs hand emails over: with TLS from the first byte, with STARTTLS. Source:
    /// RFC 6186 and RFC 8314.
    pub submissions: Option<(String, u16)>,
    pub submission: Option<(String, u16)>,
    /// Where they read.
    pub imaps: Option<(String, u16)>,
    /// What `autodiscover.` before the domain leads to, where it is there.
    pub autodiscover: Option<String>,
    /// Whether `autoconfig.` before the domain is there.
    pub autoconfig: bool,
    /// Why nothing could be looked up.
    pub problem: Option<String>,
}

/// Looks a domain up. `server` is the name server to ask, `ADDRESS:PORT`; empty: the machine's.
pub(super) async fn look_up(server: &str, domain: &str) -> Found {
    let unknown = |why: &str| Found {
        problem: Some(why.to_owned()),
        ..Found::default()
    };
    if !is_full_name(domain) {
        return unknown("it is not a name that can be looked up");
    }
    let Ok(resolver) = resolver(server) else {
        return unknown("this machine has no name server");
    };
    match tokio::time::timeout(WHOLE, all(&resolver, domain)).await {
        Ok(Ok(found)) => found,
        Ok(Err(_)) => unknown("no name server answers"),
        Err(_) => unknown("the name servers did not answer in time"),
    }
}

fn resolver(server: &str) -> Result<TokioResolver, NetError> {
    let mut builder = match server.parse::<SocketAddr>() {
        Err(_) => TokioResolver::builder_tokio()?,
        Ok(server) => {
            let mut config = NameServerConfig::udp_and_tcp(server.ip());
            for connection in &mut config.connections {
                connection.port = server.port();
            }
            let config = ResolverConfig::from_name_servers(vec![config]);
            TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
        }
    };
    let options = builder.options_mut();
    options.timeout = ANSWER;
    options.attempts = TRIES;
    options.use_hosts_file = ResolveHosts::Never;
    // The name of the machine's own domain is never appended.
    options.ndots = 0;
    builder.build()
}

/// Everything at once. Where the domain's MX can't be had the rest can't either.
async fn all(resolver: &TokioResolver, domain: &str) -> Result<Found, NetError> {
    let service = |name: &str| format!("{name}._tcp.{domain}.");
    let (submissions, submission, imaps) = (
        service("_submissions"),
        service("_submission"),
        service("_imaps"),
    );
    let autodiscover = format!("autodiscover.{domain}.");
    let autoconfig = format!("autoconfig.{domain}.");
    let (exchangers, submissions, submission, imaps, autodiscover, autoconfig) = tokio::join!(
        exchangers(resolver, domain),
        at(resolver, submissions),
        at(resolver, submission),
        at(resolver, imaps),
        leads_to(resolver, autodiscover),
        leads_to(resolver, autoconfig),
    );
    Ok(Found {
        exchangers: exchangers?,
        submissions,
        submission,
        imaps,
        autodiscover,
        autoconfig: autoconfig.is_some(),
        problem: None,
    })
}

/// What a name has of one kind; nothing where it has none.
async fn records(
    resolver: &TokioResolver,
    name: &str,
    kind: RecordType,
) -> Result<Vec<RData>, NetError> {
    match resolver.lookup(name, kind).await {
        Ok(found) => {
            let records = found.answers().iter().take(MOST);
            Ok(records.map(|record| record.data.clone()).collect())
        }
        Err(none) if none.is_no_records_found() => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

async fn exchangers(resolver: &TokioResolver, domain: &str) -> Result<Vec<String>, NetError> {
    let found = records(resolver, &format!("{domain}."), RecordType::MX).await?;
    let mut found: Vec<_> = found
        .into_iter()
        .filter_map(|record| match record {
            RData::MX(mx) => Some((mx.preference, plain(&mx.exchange)?)),
            _ => None,
        })
        .collect();
    found.sort();
    Ok(found.into_iter().map(|(_, name)| name).collect())
}

/// Where a service is; `None` also where the domain says that there is none.
async fn at(resolver: &TokioResolver, name: String) -> Option<(String, u16)> {
    let found = records(resolver, &name, RecordType::SRV).await.ok()?;
    let mut found: Vec<_> = found
        .into_iter()
        .filter_map(|record| match record {
            RData::SRV(srv) if srv.port > 0 => Some((srv.priority, plain(&srv.target)?, srv.port)),
            _ => None,
        })
        .collect();
    found.sort();
    let (_, host, port) = found.into_iter().next()?;
    Some((host, port))
}

/// The name at the end of a name's aliases, where there is an address.
async fn leads_to(resolver: &TokioResolver, name: String) -> Option<String> {
    let found = resolver.lookup(name.as_str(), RecordType::A).await.ok()?;
    let mut end = name.trim_end_matches('.').to_owned();
    let mut address = false;
    for record in found.answers().iter().take(MOST) {
        match &record.data {
            // The first alias says whose it is; what follows is how that one is built.
            RData::CNAME(alias) if plain(&record.name).as_deref() == Some(end.as_str()) => {
                end = plain(&alias.0)?;
            }
            RData::A(_) => address = true,
            _ => {}
        }
    }
    address.then_some(end)
}

/// A name as people write it; `None` where it is none that a server could have.
fn plain(name: &Name) -> Option<String> {
    let text = name.to_ascii().trim_end_matches('.').to_ascii_lowercase();
    is_full_name(&text).then_some(text)
}

#[cfg(test)]
mod tests {
    use hickory_resolver::proto::op::{Message, ResponseCode};
    use hickory_resolver::proto::rr::Record;
    use hickory_resolver::proto::rr::rdata::{A, CNAME, MX, SRV};
    use tokio::net::UdpSocket;

    use super::*;

    fn name(text: &str) -> Name {
        Name::from_ascii(text).expect("a name")
    }

    fn record(of: &str, data: RData) -> Record {
        Record::from_rdata(name(of), 60, data)
    }

    /// A name server on loopback that knows these records and nothing else.
    async fn name_server(zone: Vec<Record>) -> String {
        let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
        let address = socket.local_addr().expect("an address").to_string();
        tokio::spawn(async move {
            let mut bytes = [0; 4096];
            while let Ok((length, from)) = socket.recv_from(&mut bytes).await {
                let Ok(asked) = Message::from_vec(&bytes[..length]) else {
                    continue;
                };
                let answer = answer(&asked, &zone).to_vec().expect("an answer");
                let _ = socket.send_to(&answer, from).await;
            }
        });
        address
    }

    fn answer(asked: &Message, zone: &[Record]) -> Message {
        let mut answer = Message::response(asked.metadata.id, asked.metadata.op_code);
        answer.metadata.recursion_available = true;
        let query = asked.queries[0].clone();
        let mut wanted = query.name().clone();
        answer.queries.push(query.clone());
        for record in zone {
            let is_alias = matches!(record.data, RData::CNAME(_));
            let fits = record.data.record_type() == query.query_type() || is_alias;
            if record.name == wanted && fits {
                answer.answers.push(record.clone());
                if let RData::CNAME(alias) = &record.data {
                    wanted = alias.0.clone();
                }
            }
        }
        if answer.answers.is_empty() {
            answer.metadata.response_code = ResponseCode::NXDomain;
        }
        answer
    }

    #[tokio::test]
    async fn a_domain_is_looked_up_by_its_mx_its_services_and_its_names() {
        let server = name_server(vec![
            record(
                "acme.example.",
                RData::MX(MX::new(20, name("mx2.acme.example."))),
            ),
            record(
                "acme.example.",
                RData::MX(MX::new(10, name("MX1.acme.example."))),
            ),
            record(
                "_submissions._tcp.acme.example.",
                RData::SRV(SRV::new(0, 1, 465, name("mail.acme.example."))),
            ),
            record(
                "_submission._tcp.acme.example.",
                // RFC 6186: a target of "." says that there is none.
                RData::SRV(SRV::new(0, 0, 0, Name::root())),
            ),
            record(
                "_imaps._tcp.acme.example.",
                RData::SRV(SRV::new(5, 1, 993, name("later.acme.example."))),
            ),
            record(
                "_imaps._tcp.acme.example.",
                RData::SRV(SRV::new(0, 1, 1993, name("mail.acme.example."))),
            ),
            record(
                "autodiscover.acme.example.",
                RData::CNAME(CNAME(name("autodiscover.outlook.com."))),
            ),
            record("autodiscover.outlook.com.", RData::A(A::new(192, 0, 2, 1))),
        ])
        .await;
        let found = look_up(&server, "acme.example").await;
        let expected = Found {
            exchangers: vec!["mx1.acme.example".into(), "mx2.acme.example".into()],
            submissions: Some(("mail.acme.example".into(), 465)),
            submission: None,
            imaps: Some(("mail.acme.example".into(), 1993)),
            autodiscover: Some("autodiscover.outlook.com".into()),
            autoconfig: false,
            problem: None,
        };
        assert_eq!(found, expected);
    }

    #[tokio::test]
    async fn a_domain_that_has_nothing_is_known_to_have_nothing() {
        let server = name_server(Vec::new()).await;
        assert_eq!(look_up(&server, "acme.example").await, Found::default());
    }

    /// Without a network the person is asked: nothing fails, and it has an end.
    #[tokio::test]
    async fn where_no_name_server_answers_that_is_said() {
        let silent = UdpSocket::bind("127.0.0.1:0").await.expect("a socket");
        let address = silent.local_addr().expect("an address").to_string();
        let found = look_up(&address, "acme.example").await;
        let why = found.problem.expect("a reason");
        assert!(why.contains("answer"), "{why}");
        let found = look_up(&address, "localhost").await;
        assert_eq!(
            found.problem.as_deref(),
            Some("it is not a name that can be looked up")
        );
    }

    #[tokio::test]
    async fn names_that_no_server_has_are_left_out() {
        let odd = Name::from_labels([&b"a\x1b[2J"[..], b"example"]).expect("a name");
        let server = name_server(vec![
            record("acme.example.", RData::MX(MX::new(10, odd))),
            record(
                "acme.example.",
                RData::MX(MX::new(20, name("mx.acme.example."))),
            ),
        ])
        .await;
        let found = look_up(&server, "acme.example").await;
        assert_eq!(found.exchangers, ["mx.acme.example"]);
    }
}
