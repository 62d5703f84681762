/** The extraction cannot run as it was asked. Its message is printed, and names neither a person nor a secret. */
export class ExtractionError extends Error {}
