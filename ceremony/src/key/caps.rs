//! What this room refuses to look at: every size limit on key and signature text, in one place.
//! It promises that the cost of a hostile key or signature is bounded before any arithmetic starts.
//! It does not limit messages; the document room does that.

/// Longest `keyval.public` text that is read, in bytes. ML-DSA-87 in PEM is 3,6 KB, RSA-8192 is 1,4 KB.
pub const PUBLIC_TEXT_BYTES: usize = 16 * 1024;

/// Longest signature that is read, in bytes (twice as many hex digits). ML-DSA-87 has 4,627, RSA-8192 has 1,024.
pub const SIGNATURE_BYTES: usize = 8 * 1024;

/// Smallest RSA modulus, in bits. TUF 4.2 names no number; NIST SP 800-131A allows nothing below 2048.
pub const RSA_MODULUS_BITS_MIN: u32 = 2048;

/// Largest RSA modulus, in bits. Work grows with the cube of the length: one foreign root may list many keys.
pub const RSA_MODULUS_BITS_MAX: u32 = 8192;

/// Largest RSA public exponent: 33 bits, the limit of the `rsa` crate. Real keys have 3, 17 or 65537.
pub const RSA_EXPONENT_MAX: u64 = (1 << 33) - 1;
