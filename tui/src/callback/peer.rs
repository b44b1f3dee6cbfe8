//! Which user of this machine a connection comes from. Linux says so in `/proc/net/tcp`
//! (proc_net(5)); elsewhere it is not known.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::net::{IpAddr, SocketAddr};

/// More of the table is not read.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// The user whose socket `from` is, connected to `port` here. `None` where the system does not say.
pub(super) fn user_of(from: SocketAddr, port: u16) -> Option<u32> {
    ["/proc/net/tcp", "/proc/net/tcp6"]
        .into_iter()
        .find_map(|table| {
            let table = File::open(table).ok()?.take(MOST_BYTES);
            in_table(BufReader::new(table), from, port)
        })
}

/// Whether a user may see what is this user's: this one, and root, who sees everything anyway.
pub(super) fn may_pass(user: u32) -> bool {
    user == 0 || user == rustix::process::geteuid().as_raw()
}

/// Finds a line such as `0: 0100007F:C350 0100007F:1F90 01 …:… …:… … uid`: addresses are
/// hexadecimal in the machine's byte order, and in the table for IPv6 an IPv4 address stands at the
/// end.
fn in_table(table: impl BufRead, from: SocketAddr, port: u16) -> Option<u32> {
    let IpAddr::V4(address) = from.ip().to_canonical() else {
        return None;
    };
    let address = u32::from_ne_bytes(address.octets());
    let local = format!("{address:08X}:{:04X}", from.port());
    let remote = format!(":{port:04X}");
    for line in table.lines().map_while(Result::ok) {
        let mut columns = line.split_whitespace().skip(1);
        let here = columns.next().is_some_and(|it| it.ends_with(&local));
        let there = columns.next().is_some_and(|it| it.ends_with(&remote));
        if here && there {
            return columns.nth(4)?.parse().ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_found_with_its_user() {
        let address = u32::from_ne_bytes([127, 0, 0, 1]);
        let table = format!(
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
             \x20  0: {address:08X}:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1\n\
             \x20  1: {address:08X}:C350 {address:08X}:1F90 01 00000000:00000000 00:00000000 00000000  1001        0 2 1\n\
             \x20  2: 0000000000000000FFFF0000{address:08X}:C351 0000000000000000FFFF0000{address:08X}:1F90 01 00000000:00000000 00:00000000 00000000  1002        0 3 1\n"
        );
        let found = |text: &str, port| {
            let from: SocketAddr = text.parse().unwrap();
            in_table(table.as_bytes(), from, port)
        };
        assert_eq!(found("127.0.0.1:50000", 8080), Some(1001));
        assert_eq!(found("127.0.0.1:50001", 8080), Some(1002));
        assert_eq!(found("127.0.0.1:50000", 8081), None);
        assert_eq!(found("127.0.0.1:50002", 8080), None);
        assert_eq!(found("[::1]:50000", 8080), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn our_own_connection_is_ours() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let stream = std::net::TcpStream::connect(("127.0.0.1", port)).unwrap();
        let user = user_of(stream.local_addr().unwrap(), port);
        assert_eq!(user, Some(rustix::process::geteuid().as_raw()));
        assert!(may_pass(user.unwrap()));
        assert!(!may_pass(rustix::process::geteuid().as_raw() + 1));
    }
}
