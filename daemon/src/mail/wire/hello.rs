//! What this machine calls itself to a mail server. Pure, but for asking the machine.
//!
//! Servers refuse names that are none: `EHLO [127.0.0.1]` is answered with 421 by
//! smtp-relay.gmail.com (<https://github.com/Mailtrain-org/mailtrain/issues/1002>). Source: RFC 5321, 4.1.1.1 and 4.1.4.

use crate::config::mail::is_full_name;

/// Ends of names that mean something inside one network only. Source: RFC 6761, RFC 6762, RFC 8375,
/// and what routers hand out.
const LOCAL: &[&str] = &[
    "local",
    "localdomain",
    "localhost",
    "lan",
    "home",
    "internal",
    "intranet",
    "corp",
    "private",
    "invalid",
    "test",
    "arpa",
];

/// What it calls itself where there is neither a name nor a sender's domain. Source: RFC 5321,
/// 4.1.4 asks for an address then.
const NAMELESS: &str = "[127.0.0.1]";

/// The name: as set, else the machine's own where it is a full one, else the domain of the sender's
/// address.
pub(in crate::mail) fn name(set: &str, machine: &str, from: &str) -> String {
    if !set.is_empty() {
        return set.to_owned();
    }
    let machine = machine.trim_end_matches('.').to_ascii_lowercase();
    let end = machine.rsplit('.').next().unwrap_or_default();
    if is_full_name(&machine) && !LOCAL.contains(&end) {
        return machine;
    }
    let domain = from
        .rsplit_once('@')
        .map(|(_, domain)| domain.to_ascii_lowercase());
    let domain = domain.filter(|domain| is_full_name(domain));
    domain.unwrap_or_else(|| NAMELESS.to_owned())
}

/// The machine's own name, as the kernel has it.
pub(in crate::mail) fn hostname() -> String {
    let name = nix::unistd::gethostname().ok();
    name.and_then(|name| name.into_string().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Case M2
    #[test]
    fn a_machine_calls_itself_by_a_name_that_others_may_look_up() {
        let from = "Interviews@Acme.example";
        for (set, machine, expected) in [
            ("", "mx1.acme.example", "mx1.acme.example"),
            ("", "MX1.Acme.example.", "mx1.acme.example"),
            (
                "relay.acme.example",
                "mx1.acme.example",
                "relay.acme.example",
            ),
            ("[192.0.2.1]", "mx1.acme.example", "[192.0.2.1]"),
            ("", "laptop", "acme.example"),
            ("", "laptop.local", "acme.example"),
            ("", "localhost.localdomain", "acme.example"),
            ("", "ip-10-0-0-1.ec2.internal", "acme.example"),
            ("", "10.0.0.1", "acme.example"),
            ("", "my_laptop.acme.example", "acme.example"),
            ("", "-x.acme.example", "acme.example"),
            ("", "", "acme.example"),
        ] {
            assert_eq!(name(set, machine, from), expected, "{set} {machine}");
        }
        assert_eq!(name("", "laptop", ""), "[127.0.0.1]");
    }
}
