//! Which RSA keys are sound enough to count: too small is weak, too large costs every verifier. Lengths of texts are
//! capped in [`crate::limits`].

/// Smallest RSA modulus, in bits. TUF 4.2 names no number; NIST SP 800-131A allows nothing below 2048.
pub const RSA_MODULUS_BITS_MIN: u32 = 2048;

/// Largest RSA modulus, in bits. Work grows with the cube of the length: one foreign root may list many keys.
pub const RSA_MODULUS_BITS_MAX: u32 = 8192;

/// Largest RSA public exponent: 33 bits, the limit of the `rsa` crate. Real keys have 3, 17 or 65537.
pub const RSA_EXPONENT_MAX: u64 = (1 << 33) - 1;
