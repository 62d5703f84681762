import { SecondUseStore } from '@pessoa/service/graphql/second-use-store';
import { type AnswerForm, answerFormOf } from './answer-text.ts';
import { fetchBytes, type FetchShape } from './fetch-shape.ts';

const FORMS_MAX_BYTES = 16 * 1024 * 1024;
/** Memory of a compiled pattern for each of its characters, at most. */
const BYTES_PER_CHARACTER = 65;
/**
 * To compile a pattern takes 2 to 4 µs a character, on the thread that answers everybody. The pattern has some six characters for each of its query and saves
 * some 5 ns for each of an answer: with so many, it has paid for itself.
 */
const READ_BEFORE_FORM = 4_000;
/** Of a fetch whose answers have no form. */
const NEVER = Number.NEGATIVE_INFINITY;

interface StoredForm {
  /** The same query has another shape in another schema. */
  readonly shape: FetchShape;
  readonly form: AnswerForm;
}

/**
 * The forms of the answers to fetches. One is made when its fetch has been answered with much text, so that who varies a query makes none. It evicts the least
 * recently used forms; an evicted one has to be worth its making again.
 */
export class AnswerForms {
  readonly #readBeforeForm: number;
  readonly #forms: SecondUseStore<StoredForm>;
  /** The characters that were read without a form. Held by the shape alone: a fetch that is forgotten is forgotten here too. */
  readonly #read = new WeakMap<FetchShape, number>();

  /**
   * @param readBeforeForm the characters of answers, for each of the query, that are read before a form is made. Default: 4,000
   * @param maxBytes of all forms and of the shapes that they hold. Default: 16 MiB
   */
  constructor(readBeforeForm: number = READ_BEFORE_FORM, maxBytes: number = FORMS_MAX_BYTES) {
    this.#readBeforeForm = readBeforeForm;
    this.#forms = new SecondUseStore({
      maxBytes,
      bytesOf: ({ form }, query) => fetchBytes(query) + form.patternLength * BYTES_PER_CHARACTER,
    });
  }

  /** @returns undefined while no form is worth its making, and for answers that have none (`answerFormOf`) */
  of(query: string, shape: FetchShape, cpfKeys: ReadonlyMap<string, string>): AnswerForm | undefined {
    const stored = this.#forms.get(query);
    if (stored?.shape === shape) return stored.form;
    if ((this.#read.get(shape) ?? 0) < query.length * this.#readBeforeForm) return undefined;
    const form = answerFormOf(shape, cpfKeys);
    this.#read.set(shape, form ? 0 : NEVER);
    if (form) this.#forms.put(query, { shape, form });
    return form;
  }

  /** Counts an answer that was read without a form. */
  countRead(shape: FetchShape, characters: number): void {
    this.#read.set(shape, (this.#read.get(shape) ?? 0) + characters);
  }

  /** The bytes of all forms that are held. */
  get bytes(): number {
    return this.#forms.bytes;
  }
}
