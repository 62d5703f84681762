/** How far the clock of an issuer or a client may be from ours. */
export const CLOCK_TOLERANCE_SECONDS = 10;

/** The most seconds from the making of a DPoP proof to its use. */
export const PROOF_MAX_AGE_SECONDS = 60;
