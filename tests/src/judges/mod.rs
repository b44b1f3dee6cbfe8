//! What was said to a sandbox and what it answered, compared with schemas that nobody here wrote:
//! Google's discovery documents, as its own Python client ships them, and the published types of
//! Graph.
//!
//! ```no_run
//! # fn example(google: &greenroom_tests::sandbox::google::Google) {
//! use greenroom_tests::judges;
//!
//! if let Some(faults) = judges::google(&google.exchanges()) {
//!     assert_eq!(faults, [""; 0]);
//! }
//! # }
//! ```
//!
//! Every request is judged, one that was refused too, and every answer but a fault's. What the
//! discovery documents do not describe, OAuth's own endpoints, and Graph, which has no such document,
//! stand in `tests/schemas`, each with its sources; `graph_types` holds those against Microsoft's
//! types. A field that no schema names is a fault in either direction.

mod calls;
mod discovery;
pub mod graph_types;
mod schema;

use std::path::PathBuf;
use std::sync::LazyLock;

use calls::Calls;

use crate::sandbox::Exchange;
use crate::tools::{self, Tool};

static OF_GOOGLE: LazyLock<Calls> =
    LazyLock::new(|| Calls::read(include_str!("../../schemas/google.json")));
static OF_MICROSOFT: LazyLock<Calls> =
    LazyLock::new(|| Calls::read(include_str!("../../schemas/microsoft.json")));

/// What is wrong with exchanges with the sandbox Google, a line each. `None` where the discovery
/// documents are not on this machine, which is said.
///
/// # Panics
///
/// Where `GREENROOM_REQUIRE` names the documents and they are missing, or no schema can be read.
#[must_use]
pub fn google(exchanges: &[Exchange]) -> Option<Vec<String>> {
    let Some(documents) = discovery::documents() else {
        tools::missing(Tool::GoogleDiscovery);
        return None;
    };
    let judges: Vec<&Calls> = documents.iter().chain([&*OF_GOOGLE]).collect();
    Some(calls::faults(&judges, exchanges))
}

/// What is wrong with exchanges with the sandbox Microsoft, a line each.
///
/// # Panics
///
/// Where no schema can be read.
#[must_use]
pub fn microsoft(exchanges: &[Exchange]) -> Vec<String> {
    calls::faults(&[&OF_MICROSOFT], exchanges)
}

/// Where `.ci/run` puts the Python packages that tests read.
fn python() -> PathBuf {
    let root = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let target = std::env::var_os("CARGO_TARGET_DIR");
    target
        .map_or_else(|| root.join("target"), |dir| root.join(dir))
        .join("python")
}
