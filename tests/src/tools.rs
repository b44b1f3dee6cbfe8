//! Programs of others that some tests run: the one place that decides whether a test is skipped.
//!
//! A test without its tool is skipped and says so, unless `GREENROOM_REQUIRE` names the tool, a
//! list with commas such as `exim,dovecot,python`: then it fails. `.ci/run` requires what it
//! installed.

use std::fmt;

/// The variable that names what must be there.
pub const REQUIRE: &str = "GREENROOM_REQUIRE";

/// A program, or a library of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// A C compiler.
    Cc,
    /// Makes a fresh Debian.
    Debootstrap,
    /// Dovecot, an IMAP server.
    Dovecot,
    /// Exim, an SMTP server.
    Exim,
    /// Google's discovery documents, in a package of Python's.
    GoogleDiscovery,
    /// Microsoft's types of Graph, in a package of npm's.
    GraphTypes,
    /// Reads manual pages.
    Groff,
    /// Python's icalendar.
    Icalendar,
    /// The client of the Model Context Protocol for Python.
    McpPython,
    /// systemd-nspawn.
    Nspawn,
    /// The certified OAuth server, on Node.js.
    OauthProvider,
    /// openssl, which makes certificates.
    Openssl,
    /// Python 3.
    Python,
    /// Radicale, a CalDAV server.
    Radicale,
    /// ssh and sshd.
    Ssh,
    /// systemd-analyze.
    SystemdAnalyze,
    /// Xandikos, a CalDAV server.
    Xandikos,
}

impl Tool {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::Cc,
        Self::Debootstrap,
        Self::Dovecot,
        Self::Exim,
        Self::GoogleDiscovery,
        Self::GraphTypes,
        Self::Groff,
        Self::Icalendar,
        Self::McpPython,
        Self::Nspawn,
        Self::OauthProvider,
        Self::Openssl,
        Self::Python,
        Self::Radicale,
        Self::Ssh,
        Self::SystemdAnalyze,
        Self::Xandikos,
    ];

    /// As [`REQUIRE`] names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Cc => "cc",
            Self::Debootstrap => "debootstrap",
            Self::Dovecot => "dovecot",
            Self::Exim => "exim",
            Self::GoogleDiscovery => "google-discovery",
            Self::GraphTypes => "graph-types",
            Self::Groff => "groff",
            Self::Icalendar => "icalendar",
            Self::McpPython => "mcp-python",
            Self::Nspawn => "systemd-nspawn",
            Self::OauthProvider => "oauth-provider",
            Self::Openssl => "openssl",
            Self::Python => "python",
            Self::Radicale => "radicale",
            Self::Ssh => "ssh",
            Self::SystemdAnalyze => "systemd-analyze",
            Self::Xandikos => "xandikos",
        }
    }
}

impl fmt::Display for Tool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Says that a test is skipped because this tool is missing.
///
/// # Panics
///
/// Where [`REQUIRE`] names the tool.
#[track_caller]
pub fn missing(tool: Tool) {
    let required = std::env::var(REQUIRE).unwrap_or_default();
    assert!(
        !requires(&required, tool),
        "{tool} is missing, and {REQUIRE} names it"
    );
    println!("skipped: {tool} is not on this machine; .ci/run installs what it can");
}

/// Says that a test is skipped for a reason that no program can remedy, such as not being root.
pub fn skipped(why: &str) {
    println!("skipped: {why}");
}

/// Whether the list names the tool.
fn requires(list: &str, tool: Tool) -> bool {
    list.split(',').any(|name| name.trim() == tool.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_is_required_where_the_list_names_it_whole() {
        assert!(requires("exim, dovecot", Tool::Dovecot));
        assert!(requires("systemd-nspawn", Tool::Nspawn));
        assert!(!requires("exim,dovecot", Tool::Ssh));
        assert!(!requires("sshd,openssl", Tool::Ssh));
        assert!(!requires("", Tool::Cc));
    }

    /// `.ci/run` names what it installs by these names.
    #[test]
    fn the_checks_know_every_tool() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../.ci/run");
        let run = std::fs::read_to_string(path).expect("the checks");
        for tool in Tool::ALL {
            let asked = format!("have {tool} ");
            assert!(run.contains(&asked), "{tool} is not asked for");
        }
    }
}
