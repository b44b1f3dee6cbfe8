//! Values that pass through the contract once and are shown nowhere: an authorization code, a
//! `state`, a client secret.
//!
//! Invariant: no `Debug` or `Display` shows the value, and its bytes are wiped when it is dropped.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize as _, ZeroizeOnDrop};

/// A text that is never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Opaque(String);

impl Opaque {
    /// Takes the text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for its one use.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl Drop for Opaque {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ZeroizeOnDrop for Opaque {}

impl fmt::Debug for Opaque {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("(not shown)")
    }
}
