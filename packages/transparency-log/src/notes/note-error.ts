/** A note, a key or a checkpoint cannot be trusted or read. Its message is one sentence. */
export class NoteError extends Error {}
