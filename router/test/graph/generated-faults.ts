import { hash } from 'node:crypto';
import type { Service } from '@pessoa/domain/services';

export type JsonObject = Record<string, unknown>;

/** What a source does with a call. */
export type Reply =
  | { readonly kind: 'refuses the connection' | 'hangs up' }
  | {
      readonly kind: 'answers';
      readonly status: number;
      readonly contentType: string;
      readonly body: string;
      /** The source announces more bytes than it sends. */
      readonly isCutShort: boolean;
    };

export interface GeneratedReply {
  /** The fault in words, for the message of a failing case. */
  readonly fault: string;
  readonly reply: Reply;
}

/**
 * Chooses a fault and applies it to the healthy answer of a source. The choice depends on the arguments alone: every
 * router gets the same reply to the same query.
 *
 * @param healthyData not changed
 */
export function generateReply(
  seed: number,
  service: Service,
  query: string,
  healthyData: Readonly<JsonObject>,
): GeneratedReply {
  return new ReplyGenerator(randomNumbers(`${seed}\n${service}\n${query}`), healthyData).generate();
}

/** @returns a function that gives the next number of the series, from 0 to `limit - 1` */
function randomNumbers(seed: string): (limit: number) => number {
  let state = Number.parseInt(hash('sha256', seed, 'hex').slice(0, 8), 16);
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0; // the generator mulberry32
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

type Container = Record<string | number, unknown>;
type Path = readonly (string | number)[];

interface Place {
  readonly container: Container;
  readonly path: Path;
}

const CODES = ['FONTE_LENTA', 'UNAUTHORIZED_FIELD_OR_TYPE', 'GRAPHQL_VALIDATION_FAILED', 'INVENTADO', undefined];

class ReplyGenerator {
  readonly #random: (limit: number) => number;
  readonly #data: JsonObject;
  readonly #errors: unknown[] = [];
  readonly #faults: string[] = [];

  constructor(random: (limit: number) => number, healthyData: Readonly<JsonObject>) {
    this.#random = random;
    this.#data = structuredClone(healthyData);
  }

  generate(): GeneratedReply {
    const kind = this.#random(4);
    if (kind === 0) return this.#answer('none', { data: this.#data });
    if (kind === 1) return this.#breakWholeReply();
    for (let changes = 1 + this.#random(3); changes > 0; changes--) this.#changeData();
    for (let errors = this.#random(2) * this.#random(3); errors > 0; errors--) this.#errors.push(this.#randomError());
    const { fault, reply } = this.#answer(this.#faults.join(', '), {
      data: this.#data,
      ...(this.#errors.length > 0 ? { errors: this.#errors } : {}),
    });
    return { fault: `${fault}; ${this.#errors.length} errors`, reply };
  }

  #breakWholeReply(): GeneratedReply {
    const data = this.#data;
    const healthyBody = JSON.stringify({ data });
    const error = { message: 'x', extensions: { code: this.#pick(CODES) } };
    return this.#pick([
      () => ({ fault: 'connection refused', reply: { kind: 'refuses the connection' } as const }),
      () => ({ fault: 'hangs up', reply: { kind: 'hangs up' } as const }),
      () => this.#answer('body cut short by the connection', { data }, { isCutShort: true }),
      () => this.#answer('truncated JSON', healthyBody.slice(0, 1 + this.#random(healthyBody.length - 1))),
      () => this.#answer('empty body', ''),
      () => this.#answer('no object', this.#pick(['null', '7', '[]', '"x"'])),
      () => this.#answer('wrong content type', { data }, { contentType: 'text/html' }),
      () => this.#answer('an error status with healthy data', { data }, { status: this.#pick([400, 404, 500, 502, 503]) }), // prettier-ignore
      () => this.#answer('status 500 with an error', { errors: [error] }, { status: 500 }),
      () => this.#answer('status 200 with an error and no data', { errors: [error], data: null }),
      () => this.#answer('no data', this.#pick([{}, { data: null }, { data: 7 }, { data: [] }])),
      () => this.#answer('errors that are no list', { data, errors: this.#pick([{}, 'x', 7, { 0: error }]) }),
      () => this.#answer('an empty list or null as errors', { data, errors: this.#pick([[], null]) }),
      () => this.#answer('keys that nobody requested', { data: this.#withFurtherKeys() }),
      () => this.#answer('the people of two roots exchanged', { data: this.#withExchangedRoots() }),
    ])();
  }

  #answer(
    fault: string,
    body: string | object,
    reply: { status?: number; contentType?: string; isCutShort?: boolean } = {},
  ): GeneratedReply {
    const json = typeof body === 'string' ? body : JSON.stringify(body);
    return {
      fault,
      reply: { kind: 'answers', status: 200, contentType: 'application/json', isCutShort: false, body: json, ...reply },
    };
  }

  /** Other sources answer these keys. */
  #withFurtherKeys(): JsonObject {
    const further = { cpf_: 'x', nome: 'x', score: { valor: 1 }, dividas: null, eventos: [], constructor: 7 };
    const withFurther = (person: unknown): unknown => ({ ...further, ...(person as object) });
    return Object.fromEntries(
      Object.entries(this.#data).map(([key, value]) => [
        key,
        Array.isArray(value) ? value.map(withFurther) : withFurther(value),
      ]),
    );
  }

  #withExchangedRoots(): JsonObject {
    const values = Object.values(this.#data).toReversed();
    return Object.fromEntries(Object.keys(this.#data).map((key, index) => [key, values[index]]));
  }

  #changeData(): void {
    const places = placesOf(this.#data);
    if (places.length === 0) return; // an earlier change removed all
    const { container, path } = this.#pick(places);
    const key = path.at(-1)!;
    const value = container[key];
    const [fault, replacement] = Array.isArray(value) && this.#random(2) === 0 ? this.#changeList(value) : this.#changeValue(value); // prettier-ignore
    this.#faults.push(`${fault} at ${path.join('.')}`);
    if (replacement !== undefined) container[key] = replacement;
    else if (Array.isArray(container)) container[key] = null;
    else delete container[key];
    if (this.#random(3) === 0) this.#errors.push({ message: 'x', path, extensions: { code: this.#pick(CODES) } });
  }

  /** @returns a replacement of undefined for an absent key */
  #changeValue(value: unknown): readonly [fault: string, replacement: unknown] {
    return this.#pick([
      ['null', null] as const,
      ['null', null] as const,
      ['absent', undefined] as const,
      ['another kind of value', this.#pick([7, 'x', 1.5, 1e21, true, {}, []])] as const,
      ['a list around it', [value]] as const,
      isObject(value)
        ? this.#changeObject(value)
        : (['another leaf', typeof value === 'number' ? '7' : 'Outro'] as const),
    ]);
  }

  #changeObject(value: object): readonly [fault: string, replacement: object] {
    const reversed = Object.fromEntries(Object.entries(value).toReversed());
    return this.#pick([
      ['another __typename', { ...value, __typename: this.#pick(['Endereco', 'X', 7, null]) }] as const,
      ['its keys in another order', reversed] as const,
      ['a key before that nobody requested', { nada: 'x', ...value }] as const,
      ['a key after that nobody requested', { ...value, constructor: { cpf: 'x' } }] as const,
    ]);
  }

  #changeList(list: readonly unknown[]): readonly [fault: string, replacement: unknown] {
    return this.#pick([
      ['one entry less', list.slice(1)] as const,
      ['one entry more', [...list, list[0] ?? null]] as const,
      ['reversed', list.toReversed()] as const,
      ['a null entry', list.length > 0 ? list.with(this.#random(list.length), null) : [null]] as const,
      ['entries repeated', list.map(() => list[0])] as const,
    ]);
  }

  #randomError(): unknown {
    const path = this.#pick([...placesOf(this.#data).map((place) => place.path), ['pessoa']]);
    const code = this.#pick(CODES);
    const errorAt = (errorPath: unknown) => ({ message: 'x', path: errorPath, extensions: { code } });
    return this.#pick<unknown>([
      errorAt(path),
      errorAt(path),
      errorAt([...path, 'x', 3]),
      errorAt([...path, 9]),
      errorAt(path.map((step) => (typeof step === 'number' ? step + 1 : step))),
      errorAt(path.map(String)),
      errorAt([...path.slice(0, 1), 'dividas']), // another source may answer it
      errorAt(['nada', ...path]),
      errorAt([0]),
      errorAt([]),
      errorAt('x'),
      errorAt([...path, null]),
      errorAt(undefined),
      { message: 7 },
      {},
      null,
      'x',
    ]);
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[this.#random(items.length)]!;
  }
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function placesOf(container: object, prefix: Path = []): Place[] {
  return Object.entries(container).flatMap(([key, value]: [string, unknown]) => {
    const path = [...prefix, Array.isArray(container) ? Number(key) : key];
    const place = { container: container as Container, path };
    return typeof value === 'object' && value !== null ? [place, ...placesOf(value, path)] : [place];
  });
}
