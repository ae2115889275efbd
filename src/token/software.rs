//! Which tokens are programs and no devices, as far as they tell (MODEL 29).

use super::facts::SlotFacts;

/// Models of tokens that are programs, whatever their slots claim.
const MODELS: [&str; 4] = ["SoftHSM", "NSS", "Kryoptic", "SoftToken"];

/// Whether a token of this model is a program.
#[must_use]
pub fn is_software_model(model: &str) -> bool {
    MODELS.iter().any(|known| model.contains(known))
}

impl SlotFacts {
    /// Whether its token is a program: the slot is no hardware, or the model is that of one. A token that cannot be read has
    /// proved nothing.
    #[must_use]
    pub fn is_software(&self) -> bool {
        !self.hardware || self.token.as_ref().is_none_or(|token| is_software_model(&token.model))
    }
}
