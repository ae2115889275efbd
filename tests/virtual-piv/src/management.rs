//! The management key: which cipher, its authentication in both forms (SP 800-73-4 part 2, A.1), and how it is replaced.

use aes::cipher::{Block, BlockCipherEncrypt, KeyInit};

use crate::apdu::{Answer, Status};
use crate::key::random;
use crate::tlv::{find, tlv};

/// Ciphers of a management key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cipher {
    /// Triple DES with three keys.
    TripleDes,
    /// AES with 128 bits.
    Aes128,
    /// AES with 192 bits.
    Aes192,
    /// AES with 256 bits.
    Aes256,
}

impl Cipher {
    /// Its number in commands.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::TripleDes => 0x03,
            Self::Aes128 => 0x08,
            Self::Aes192 => 0x0a,
            Self::Aes256 => 0x0c,
        }
    }

    pub(crate) fn of(number: u8) -> Option<Self> {
        [Self::TripleDes, Self::Aes128, Self::Aes192, Self::Aes256].into_iter().find(|c| c.number() == number)
    }

    fn key_length(self) -> usize {
        match self {
            Self::Aes128 => 16,
            Self::TripleDes | Self::Aes192 => 24,
            Self::Aes256 => 32,
        }
    }

    fn block(self) -> usize {
        if self == Self::TripleDes { 8 } else { 16 }
    }

    fn encrypt(self, key: &[u8], block: &[u8]) -> Result<Vec<u8>, Status> {
        fn one<C: BlockCipherEncrypt + KeyInit>(key: &[u8], block: &[u8]) -> Option<Vec<u8>> {
            let mut block = Block::<C>::try_from(block).ok()?;
            C::new_from_slice(key).ok()?.encrypt_block(&mut block);
            Some(block.to_vec())
        }
        let done = match self {
            Self::TripleDes => one::<des::TdesEde3>(key, block),
            Self::Aes128 => one::<aes::Aes128>(key, block),
            Self::Aes192 => one::<aes::Aes192>(key, block),
            Self::Aes256 => one::<aes::Aes256>(key, block),
        };
        done.ok_or(Status::BAD_DATA)
    }
}

/// The management key that every card has out of the box.
pub const DEFAULT_KEY: [u8; 24] = [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8];

/// What the card expects next.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Expected {
    /// That its witness comes back decrypted.
    Witness(Vec<u8>),
    /// That its challenge comes back encrypted.
    Response(Vec<u8>),
}

/// The key, and how far an authentication has come.
#[derive(Debug)]
pub(crate) struct Management {
    cipher: Cipher,
    key: Vec<u8>,
    touch: bool,
    expected: Option<Expected>,
    pub(crate) authenticated: bool,
}

impl Management {
    pub(crate) fn out_of_the_box(cipher: Cipher) -> Self {
        Self { cipher, key: DEFAULT_KEY.to_vec(), touch: false, expected: None, authenticated: false }
    }

    pub(crate) fn leave(&mut self) {
        self.authenticated = false;
        self.expected = None;
    }

    /// GENERAL AUTHENTICATE with the reference 9B.
    pub(crate) fn authenticate(&mut self, algorithm: u8, template: &[u8]) -> Answer {
        if Cipher::of(algorithm) != Some(self.cipher) {
            return Err(Status::BAD_DATA);
        }
        let expected = self.expected.take();
        let [witness, challenge, response] = [0x80, 0x81, 0x82].map(|tag| find(template, tag));
        match (witness, challenge, response, expected) {
            (Some([]), None, None, _) => {
                let witness = self.fresh_block();
                let sent = self.cipher.encrypt(&self.key, &witness)?;
                self.expected = Some(Expected::Witness(witness));
                Ok(tlv(&[0x7c], &tlv(&[0x80], &sent)))
            }
            (None, Some([]), None, _) => {
                let challenge = self.fresh_block();
                let wanted = self.cipher.encrypt(&self.key, &challenge)?;
                self.expected = Some(Expected::Response(wanted));
                Ok(tlv(&[0x7c], &tlv(&[0x81], &challenge)))
            }
            (Some(witness), Some(challenge), _, Some(Expected::Witness(wanted))) if witness == wanted => {
                let response = self.cipher.encrypt(&self.key, challenge)?;
                self.authenticated = true;
                Ok(tlv(&[0x7c], &tlv(&[0x82], &response)))
            }
            (None, None, Some(response), Some(Expected::Response(wanted))) if response == wanted => {
                self.authenticated = true;
                Ok(Vec::new())
            }
            (None, None, None, _) => Err(Status::BAD_DATA),
            _ => {
                self.authenticated = false;
                Err(Status::SECURITY)
            }
        }
    }

    /// SET MANAGEMENT KEY: cipher, 9B, length, key.
    pub(crate) fn replace(&mut self, touch: bool, has_aes: bool, told: &[u8]) -> Answer {
        if !self.authenticated {
            return Err(Status::SECURITY);
        }
        let [number, 0x9b, length, key @ ..] = told else { return Err(Status::BAD_DATA) };
        let cipher = Cipher::of(*number).filter(|cipher| has_aes || *cipher == Cipher::TripleDes);
        let cipher = cipher.ok_or(Status::BAD_DATA)?;
        if key.len() != cipher.key_length() || usize::from(*length) != key.len() {
            return Err(Status::BAD_DATA);
        }
        (self.cipher, self.key, self.touch) = (cipher, key.to_vec(), touch);
        Ok(Vec::new())
    }

    pub(crate) fn metadata(&self) -> Vec<u8> {
        let default = u8::from(self.is_default());
        [
            tlv(&[1], &[self.cipher.number()]),
            tlv(&[2], &[0, if self.touch { 2 } else { 1 }]),
            tlv(&[5], &[default]),
        ]
        .concat()
    }

    pub(crate) fn is_default(&self) -> bool {
        self.key == DEFAULT_KEY
    }

    pub(crate) fn hide(&mut self) {
        self.key = random::<32>()[..self.cipher.key_length()].to_vec();
    }

    fn fresh_block(&self) -> Vec<u8> {
        random::<16>()[..self.cipher.block()].to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 197, C.2, and the Triple DES example of SP 800-67 for a single block.
    #[test]
    fn the_ciphers_give_the_published_answers() {
        let key: Vec<u8> = (0..24).collect();
        let block = hex::decode("00112233445566778899aabbccddeeff").unwrap();
        let answer = Cipher::Aes192.encrypt(&key, &block).unwrap();
        assert_eq!(hex::encode(answer), "dda97ca4864cdfe06eaf70a0ec0d7191");
        let key = hex::decode("0123456789abcdef23456789abcdef01456789abcdef0123").unwrap();
        let answer = Cipher::TripleDes.encrypt(&key, &hex::decode("5468652071756663").unwrap()).unwrap();
        assert_eq!(hex::encode(answer), "a826fd8ce53b855f");
    }

    #[test]
    fn a_witness_serves_once() {
        let mut management = Management::out_of_the_box(Cipher::Aes192);
        management.authenticate(0x0a, &tlv(&[0x80], &[])).unwrap();
        let Some(Expected::Witness(witness)) = management.expected.clone() else { panic!("no witness") };
        let told = [tlv(&[0x80], &witness), tlv(&[0x81], &[7; 16])].concat();
        management.authenticate(0x0a, &told).unwrap();
        assert!(management.authenticated);
        assert_eq!(management.authenticate(0x0a, &told), Err(Status::SECURITY));
        assert!(!management.authenticated, "a wrong answer takes the right away");
    }
}
