import { SecondUseStore } from '@pessoa/service/graphql/second-use-store';
import { type AnswerForm, answerFormOf } from './answer-text.ts';
import type { FetchShape } from './fetch-shape.ts';

const FORMS_MAX_BYTES = 16 * 1024 * 1024;
/** Memory of a compiled pattern for each of its characters, at most: it was measured with short ones. */
const BYTES_PER_CHARACTER = 65;
const BYTES_WITHOUT_FORM = 1_000;

interface StoredForm {
  /** The same query has another shape in another schema. */
  readonly shape: FetchShape;
  /** Undefined: the answers have no form. */
  readonly form: AnswerForm | undefined;
}

/** The forms of the answers to fetches. Each is made when it is asked for. It evicts the least recently used forms. */
export class AnswerForms {
  readonly #forms = new SecondUseStore<StoredForm>({
    maxBytes: FORMS_MAX_BYTES,
    bytesOf: ({ form }) => BYTES_WITHOUT_FORM + (form?.patternLength ?? 0) * BYTES_PER_CHARACTER,
  });

  /** @returns as `answerFormOf` */
  of(query: string, shape: FetchShape, cpfKeys: ReadonlyMap<string, string>): AnswerForm | undefined {
    const stored = this.#forms.get(query);
    if (stored?.shape === shape) return stored.form;
    const form = answerFormOf(shape, cpfKeys);
    this.#forms.put(query, { shape, form });
    return form;
  }
}
