/**
 * The database contradicts the log: its tree is not what was published or cosigned, or it is not even whole. The log cannot go on by
 * itself from there, because what it signs next would be a second history.
 */
export class ContradictionError extends Error {}
