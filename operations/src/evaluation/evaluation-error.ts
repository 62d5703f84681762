/** Why an evaluation stopped. The message is for the operator and has no CPF in it. */
export class EvaluationError extends Error {
  /** Stable: of a line of the labels, or of the product's answer. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.name = 'EvaluationError';
    this.code = code;
  }
}
