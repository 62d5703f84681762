/** Why an import could not go on; the message is for whoever runs it and holds nothing of what the lines say. */
export class ImportError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ImportError';
  }
}
