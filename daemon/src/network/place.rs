//! Which addresses may be read from. Pure.
//!
//! Invariant: an address within this machine or a private network is read from only where the
//! administrator names its network; a link-local one, and one where a cloud answers its machines,
//! never: what is there tells secrets to anyone who asks from here. An IPv6 address that carries an
//! IPv4 one is judged as that one.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use serde::Deserialize;

/// A network such as `10.0.0.0/8`, or a single address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

/// A text that names no network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a network such as 10.0.0.0/8 or fd00::/8")]
pub struct NotANetwork;

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, NotANetwork> {
        let (address, bits) = match text.trim().split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text.trim(), None),
        };
        let address: IpAddr = address.parse().map_err(|_| NotANetwork)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), |it| it.parse().map_err(|_| NotANetwork))?;
        (bits <= most)
            .then_some(Self { address, bits })
            .ok_or(NotANetwork)
    }
}

impl TryFrom<String> for Network {
    type Error = NotANetwork;

    fn try_from(text: String) -> Result<Self, NotANetwork> {
        text.parse()
    }
}

impl Network {
    fn has(&self, address: IpAddr) -> bool {
        let same = |one: u128, other: u128, width: u32| {
            let rest = width - u32::from(self.bits);
            one.checked_shr(rest).unwrap_or(0) == other.checked_shr(rest).unwrap_or(0)
        };
        match (self.address, address) {
            (IpAddr::V4(one), IpAddr::V4(other)) => {
                same(u32::from(one).into(), u32::from(other).into(), 32)
            }
            (IpAddr::V6(one), IpAddr::V6(other)) => same(one.into(), other.into(), 128),
            _ => false,
        }
    }
}

/// Whether a place may be read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// It may be.
    Read,
    /// It is in a private network that the administrator has not named.
    Unnamed,
    /// Nobody can allow it.
    Never,
}

/// Whether an address may be read from, where the administrator allows these networks.
#[must_use]
pub fn judge(address: IpAddr, allowed: &[Network]) -> Judgement {
    let address = carried(address);
    match kind(address) {
        Kind::Public => Judgement::Read,
        Kind::Never => Judgement::Never,
        Kind::Inside if allowed.iter().any(|it| it.has(address)) => Judgement::Read,
        Kind::Inside => Judgement::Unnamed,
    }
}

enum Kind {
    Public,
    /// Of this machine, a private network, or for special use: not of the internet.
    Inside,
    Never,
}

/// The IPv4 address that an IPv6 one stands for: mapped, compatible, translated, NAT64 or 6to4.
fn carried(address: IpAddr) -> IpAddr {
    let IpAddr::V6(six) = address else {
        return address;
    };
    let four = |high: u16, low: u16| IpAddr::V4((u32::from(high) << 16 | u32::from(low)).into());
    match six.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => address,
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] => four(high, low),
        [0, 0, 0, 0, 0xffff, 0, high, low] => four(high, low),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => four(high, low),
        [0x2002, high, low, ..] => four(high, low),
        _ => address,
    }
}

/// By IANA's registries of special-purpose addresses.
fn kind(address: IpAddr) -> Kind {
    match address {
        IpAddr::V4(four) => kind_of_four(four),
        IpAddr::V6(six) => kind_of_six(six),
    }
}

fn kind_of_four(four: Ipv4Addr) -> Kind {
    match four.octets() {
        [169, 254, ..] | [0 | 224..=255, ..] => Kind::Never,
        // Where Alibaba, Oracle and Azure tell their machines' secrets.
        [100, 100, 100, 200] | [192, 0, 0, 192] | [168, 63, 129, 16] => Kind::Never,
        [10 | 127, ..] | [172, 16..=31, ..] | [192, 168, ..] => Kind::Inside,
        [100, 64..=127, ..] | [192, 0, 0 | 2, _] | [192, 88, 99, _] => Kind::Inside,
        [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => Kind::Inside,
        _ => Kind::Public,
    }
}

fn kind_of_six(six: Ipv6Addr) -> Kind {
    match six.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => Kind::Never,
        [0xfe80..=0xfebf, ..] | [0xff00..=0xffff, ..] => Kind::Never,
        // Teredo and a network's own NAT64: they carry an IPv4 address in ways of their own.
        [0x2001, 0, ..] | [0x64, 0xff9b, 1, ..] => Kind::Never,
        // Where Amazon and Google tell their machines' secrets.
        [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254] | [0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254] => Kind::Never,
        // For documents.
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0x0fff, ..] => Kind::Inside,
        [0x2000..=0x3fff, ..] => Kind::Public,
        _ => Kind::Inside,
    }
}

#[cfg(test)]
mod tests {
    use super::Judgement::{Never, Read, Unnamed};
    use super::*;

    fn of(address: &str, allowed: &[&str]) -> Judgement {
        let allowed: Vec<Network> = allowed.iter().map(|it| it.parse().unwrap()).collect();
        judge(address.parse().unwrap(), &allowed)
    }

    #[test]
    fn only_the_internet_is_read_unless_a_network_is_named() {
        for (address, expected) in [
            ("8.8.8.8", Read),
            ("172.32.0.1", Read),
            ("100.128.0.1", Read),
            ("192.0.1.1", Read),
            ("2a00:1450:4001::200e", Read),
            ("127.0.0.1", Unnamed),
            ("10.1.2.3", Unnamed),
            ("172.16.0.1", Unnamed),
            ("172.31.255.255", Unnamed),
            ("192.168.1.1", Unnamed),
            ("100.64.0.1", Unnamed),
            ("192.0.2.1", Unnamed),
            ("198.19.0.1", Unnamed),
            ("203.0.113.9", Unnamed),
            ("::1", Unnamed),
            ("fd00::1", Unnamed),
            ("fec0::1", Unnamed),
            ("2001:db8::1", Unnamed),
            ("3fff::1", Unnamed),
            ("5f00::1", Unnamed),
            ("100::1", Unnamed),
            ("169.254.169.254", Never),
            ("169.254.0.1", Never),
            ("100.100.100.200", Never),
            ("168.63.129.16", Never),
            ("0.0.0.0", Never),
            ("0.1.2.3", Never),
            ("255.255.255.255", Never),
            ("240.0.0.1", Never),
            ("224.0.0.1", Never),
            ("::", Never),
            ("fe80::1", Never),
            ("febf::1", Never),
            ("ff02::1", Never),
            ("fd00:ec2::254", Never),
            ("fd20:ce::254", Never),
            ("2001:0:1::", Never),
            ("64:ff9b:1::a9fe:a9fe", Never),
        ] {
            assert_eq!(of(address, &[]), expected, "{address}");
        }
    }

    #[test]
    fn an_address_that_carries_another_is_judged_as_that_one() {
        for prefix in ["::ffff:", "::", "::ffff:0:", "64:ff9b::"] {
            for (carried, expected) in [
                ("8.8.8.8", Read),
                ("10.1.2.3", Unnamed),
                ("127.0.0.1", Unnamed),
                ("169.254.169.254", Never),
            ] {
                let address = format!("{prefix}{carried}");
                assert_eq!(of(&address, &[]), expected, "{address}");
            }
        }
        assert_eq!(of("2002:7f00:1::", &[]), Unnamed);
        assert_eq!(of("2002:a9fe:a9fe::1", &["::/0", "0.0.0.0/0"]), Never);
        assert_eq!(of("2002:808:808::1", &[]), Read);
    }

    #[test]
    fn a_named_network_is_read_and_link_local_never() {
        for (address, network, expected) in [
            ("10.1.2.3", "10.0.0.0/8", Read),
            ("::ffff:10.1.2.3", "10.0.0.0/8", Read),
            ("10.1.2.3", "10.2.0.0/16", Unnamed),
            ("10.1.2.3", "10.1.2.3", Read),
            ("10.1.2.4", "10.1.2.3", Unnamed),
            ("fd00::1", "fd00::/8", Read),
            ("127.0.0.1", "127.0.0.1/32", Read),
            ("127.0.0.1", "::1", Unnamed),
            ("::1", "::1", Read),
            ("192.168.1.1", "0.0.0.0/0", Read),
            ("169.254.169.254", "0.0.0.0/0", Never),
            ("169.254.169.254", "169.254.0.0/16", Never),
            ("100.100.100.200", "100.64.0.0/10", Never),
            ("fe80::1", "::/0", Never),
            ("fd00:ec2::254", "fd00::/8", Never),
        ] {
            assert_eq!(of(address, &[network]), expected, "{address} {network}");
        }
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in [
            "",
            "10.0.0/8",
            "10.0.0.0/33",
            "fd00::/129",
            "x/8",
            "10.0.0.0/x",
            "10.0.0.0/-1",
            "a.b",
        ] {
            assert_eq!(text.parse::<Network>(), Err(NotANetwork), "{text}");
        }
    }
}
