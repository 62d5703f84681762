/** A note, a key or a checkpoint cannot be trusted or read. Its message is one sentence. */
export class NoteError extends Error {}

/** A note can be read, and no known key signed it, or the signature of one is wrong. */
export class UntrustedNoteError extends NoteError {}
