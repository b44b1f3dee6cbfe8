//! Owns the look of an id token: three parts with dots, the claims in the second.
//!
//! Its signature is nobody's. A client that takes it from the token endpoint itself need not check
//! one (OpenID Connect Core, 3.1.3.7); one that takes it from anywhere else finds it wrong.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::dice::Dice;

/// A token with these claims.
pub(super) fn id_token(claims: &Value, dice: &mut Dice) -> String {
    let header = json!({ "alg": "RS256", "kid": "sandbox", "typ": "JWT" });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{}", part(&header), part(claims), dice.opaque(256))
}
