/** What was to be verified is not so, or could not be read. Its message is one sentence that says what is wrong. */
export class VerificationError extends Error {}

/** The message of an error as the rest of a sentence: without its full stop. */
export const reasonOf = (error: unknown): string => (error as Error).message.replace(/\.$/, '');
