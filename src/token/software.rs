//! Which tokens are programs and no devices, as far as they tell (MODEL 29).

use super::facts::SlotFacts;

/// Models and makers of tokens that are programs, whatever their slots claim: kryoptic's model is "v1".
const MODELS: [&str; 5] = ["SoftHSM", "NSS", "Kryoptic", "SoftToken", "SW   TPM"];

/// Whether a token of this model or maker is a program.
#[must_use]
pub fn is_software_model(model: &str) -> bool {
    MODELS.iter().any(|known| model.contains(known))
}

impl SlotFacts {
    /// Whether its token is a program: the slot is no hardware, or the model is that of one. A token that cannot be read has
    /// proved nothing.
    #[must_use]
    pub fn is_software(&self) -> bool {
        let known = |told: &str| is_software_model(told);
        !self.hardware
            || self.token.as_ref().is_none_or(|token| known(&token.model) || known(&token.manufacturer))
    }
}

#[cfg(test)]
mod tests {
    use crate::token::facts::tests::a_slot;

    #[test]
    fn a_program_is_told_by_its_slot_its_model_or_its_maker() {
        let device = a_slot(1, "a", "1");
        assert!(!device.is_software());
        let mut other = device.clone();
        other.hardware = false;
        assert!(other.is_software());
        let mut other = device.clone();
        other.token.as_mut().unwrap().model = "SoftHSM v2".into();
        assert!(other.is_software());
        let mut other = device.clone();
        other.token.as_mut().unwrap().manufacturer = "Kryoptic Project".into();
        assert!(other.is_software());
        let mut unread = device;
        unread.token = None;
        assert!(unread.is_software(), "it has proved nothing");
    }
}
