//! What clients of cards do, command by command.

use aes::cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use virtual_piv::tlv::{find, tlv};
use virtual_piv::{Algorithm, Card, Cipher, DEFAULT_KEY};

/// The data and the status of an answer.
pub type Told = (Vec<u8>, u16);

/// One command, its data in parts where they are long, and its answer in one piece.
pub fn ask(card: &Card, instruction: u8, p1: u8, p2: u8, data: &[u8]) -> Told {
    let parts: Vec<&[u8]> = if data.is_empty() { vec![data] } else { data.chunks(255).collect() };
    let (last, first) = parts.split_last().expect("there is one part at least");
    let part = |class: u8, part: &[u8]| {
        let length = u8::try_from(part.len()).expect("parts are short");
        sent(card, &[&[class, instruction, p1, p2, length], part].concat())
    };
    for begun in first {
        assert_eq!(part(0x10, begun), (vec![], 0x9000), "a part is taken without a word");
    }
    let mut told = part(0, last);
    while told.1 & 0xff00 == 0x6100 {
        let (more, status) = sent(card, &[0, 0xc0, 0, 0, 0]);
        told.0.extend(more);
        told.1 = status;
    }
    told
}

pub fn sent(card: &Card, bytes: &[u8]) -> Told {
    let answer = card.transmit(bytes).expect("the card is there");
    let (data, status) = answer.split_last_chunk::<2>().expect("a status");
    (data.to_vec(), u16::from_be_bytes(*status))
}

pub fn select(card: &Card) {
    assert_eq!(ask(card, 0xa4, 4, 0, &[0xa0, 0, 0, 3, 8]).1, 0x9000);
}

pub fn block(pin: &str) -> [u8; 8] {
    let mut block = [0xff; 8];
    block[..pin.len()].copy_from_slice(pin.as_bytes());
    block
}

pub fn verify(card: &Card, pin: &str) -> u16 {
    ask(card, 0x20, 0, 0x80, &block(pin)).1
}

pub fn tries(card: &Card) -> u16 {
    ask(card, 0x20, 0, 0x80, &[]).1
}

/// The signature in the answer, or the status without one.
pub fn sign(card: &Card, algorithm: Algorithm, slot: u8, message: &[u8]) -> Result<Vec<u8>, u16> {
    let inner = [tlv(&[0x82], &[]), tlv(&[0x81], message)].concat();
    let (data, status) = ask(card, 0x87, algorithm.number(), slot, &tlv(&[0x7c], &inner));
    if status != 0x9000 {
        return Err(status);
    }
    Ok(find(find(&data, 0x7c).unwrap(), 0x82).unwrap().to_vec())
}

/// Mutual authentication as the host does it: the card's witness decrypted, its own challenge answered.
pub fn authenticate(card: &Card, cipher: Cipher, key: &[u8]) -> u16 {
    let (told, status) = ask(card, 0x87, cipher.number(), 0x9b, &[0x7c, 2, 0x80, 0]);
    if status != 0x9000 {
        return status;
    }
    let witness = decrypted(cipher, key, find(find(&told, 0x7c).unwrap(), 0x80).unwrap());
    let challenge = vec![0x42; witness.len()];
    let inner = [tlv(&[0x80], &witness), tlv(&[0x81], &challenge)].concat();
    let (told, status) = ask(card, 0x87, cipher.number(), 0x9b, &tlv(&[0x7c], &inner));
    if status == 0x9000 {
        let response = find(find(&told, 0x7c).unwrap(), 0x82).unwrap();
        assert_eq!(decrypted(cipher, key, response), challenge, "the card knows the key too");
    }
    status
}

/// The same with the key that the card has out of the box.
pub fn manage(card: &Card, cipher: Cipher) {
    assert_eq!(authenticate(card, cipher, &DEFAULT_KEY), 0x9000);
}

fn decrypted(cipher: Cipher, key: &[u8], block: &[u8]) -> Vec<u8> {
    fn one<C: BlockCipherDecrypt + KeyInit>(key: &[u8], block: &[u8]) -> Vec<u8> {
        let mut block = Block::<C>::try_from(block).unwrap();
        C::new_from_slice(key).unwrap().decrypt_block(&mut block);
        block.to_vec()
    }
    match cipher {
        Cipher::TripleDes => one::<des::TdesEde3>(key, block),
        Cipher::Aes128 => one::<aes::Aes128>(key, block),
        Cipher::Aes192 => one::<aes::Aes192>(key, block),
        Cipher::Aes256 => one::<aes::Aes256>(key, block),
    }
}

/// The host's half of authentication where the card only challenges.
pub fn encrypted_3des(key: &[u8], block: &[u8]) -> Vec<u8> {
    let mut block = Block::<des::TdesEde3>::try_from(block).unwrap();
    des::TdesEde3::new_from_slice(key).unwrap().encrypt_block(&mut block);
    block.to_vec()
}
