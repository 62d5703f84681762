import { readFileSync } from 'node:fs';
import { Prng } from '@pessoa/development/seed/population/prng';
import {
  buildSchema,
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

const schema = buildSchema(readFileSync(new URL('../../../schema/api.graphql', import.meta.url), 'utf8'));
const objectTypes = Object.values(schema.getTypeMap()).filter(
  (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'),
);

/** A request as it goes over the wire. */
export interface StrangeRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query, with the first slash. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

const NAMES = ['a', 'b', 'nome', 'cpf', 'x', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '__x', 'then', 'A'.repeat(64), 'B'.repeat(65)]; // prettier-ignore
const VALUES = ['null', 'true', '0', '-1', '1', '1.5', '1e400', '9007199254740993', '2147483648', '""', '"x"', '"2026-02-30"', '"2026-01-10"', '"\\u0000"', '"\\uD800"', '"💥"', 'PIX', 'EM_ABERTO', 'NADA', '[]', '[null]', '[[1]]', '{}', '{de: null}', '{a: {b: []}}', '"""bloco"""', '$v', '$nenhuma']; // prettier-ignore
const JSON_VALUES: readonly unknown[] = [null, true, 0, -1, 1.5, 2 ** 53, '', 'x', '2026-01-10', '2026-02-30', '\u0000', '\uD800', '💥', 'PIX', [], [null], [[1]], {}, { de: null }, { a: { b: [] } }, 'x'.repeat(3_000), { __proto__x: 1, constructor: 2 }]; // prettier-ignore
const PIECES = ['{', '}', '(', ')', '[', ']', '"', '"""', '$', '@', '!', '&', '|', ':', '...', ',', '#', '\n', '\\', '\0', '\u00a0', '\ufeff', 'é', '💥', '\uD800', 'on', 'query', 'mutation', 'subscription', 'fragment', 'null', '@skip(if: null)', '@include', '@defer', '@stream', '@deprecated', '1e999', '-0', '00', '\\uD800', '__typename', '_entities', '_service { sdl }']; // prettier-ignore

/**
 * Generates the request of a seed. A seed always gives the same request. Most requests have a few mistakes, some are noise.
 * @param people CPFs that the bases know
 */
export function strangeRequest(seed: number, people: readonly string[]): StrangeRequest {
  return new RequestWriter(new Prng(seed), people).request();
}

class RequestWriter {
  readonly #prng: Prng;
  readonly #people: readonly string[];
  readonly #carelessness: number;
  #variables: { name: string; type: string; default: string; value: unknown }[] = [];
  #fragments: string[] = [];
  #aliases = 0;

  constructor(prng: Prng, people: readonly string[]) {
    this.#prng = prng;
    this.#people = people;
    this.#carelessness = prng.chance(0.6) ? 0.05 : 1;
  }

  /** Decides whether to make a mistake. `share` is the probability for a careless client. */
  #errs(share: number): boolean {
    return this.#prng.chance(share * this.#carelessness);
  }

  request(): StrangeRequest {
    const headers: Record<string, string> = {};
    if (this.#errs(0.03)) headers['x-finalidade'] = this.#pick(['CONCESSAO_DE_CREDITO', 'x', '']);
    if (this.#errs(0.03)) headers['x-fapi-interaction-id'] = this.#pick(['x', '3f2504e0-4f89-41d3-9a0c-0305e82c3302']); // prettier-ignore
    if (this.#prng.chance(0.1)) return { method: 'GET', path: this.#restPath(), headers };
    const operation = this.#operation();
    if (this.#prng.chance(0.1)) {
      const search = new URLSearchParams();
      for (const [name, value] of Object.entries(operation)) {
        if (value !== undefined) search.set(name, typeof value === 'string' ? value : JSON.stringify(value));
      }
      const preflight: Record<string, string> = !this.#errs(0.1) ? { 'apollo-require-preflight': 'true' } : {};
      return { method: 'GET', path: `/graphql?${search}`, headers: { ...headers, ...preflight } };
    }
    const type = !this.#errs(0.03) ? 'application/json' : this.#pick(['text/plain', 'application/graphql', 'application/json; charset=latin1', 'multipart/form-data']); // prettier-ignore
    const json = this.#errs(0.03) ? this.#mutate(JSON.stringify(operation)) : JSON.stringify(operation);
    return { method: 'POST', path: '/graphql', headers: { ...headers, 'content-type': type }, body: Buffer.from(json) };
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#prng.between(0, list.length - 1)]!;
  }

  #cpf(): string {
    return !this.#errs(0.1) ? this.#pick(this.#people) : this.#pick(['52998224725', '52998224726', '', 'x', '529.982.247-25']); // prettier-ignore
  }

  #restPath(): string {
    const route = this.#pick(['/divida', '/score', '/evento', '/evento/movtofinanceiro', '/evento/ultcompracartao', '/evento/nada', '/erros', '/health/ready', '/openapi.json', '/%zz', '/..;/x']); // prettier-ignore
    const names = ['limite', 'cursor', 'de', 'ate', 'tipo', 'texto', 'natureza', 'campos', 'x', '%ff', ''];
    const search = Array.from({ length: this.#prng.between(0, 2) }, () => {
      const value = this.#pick(JSON_VALUES);
      const encoded = encodeURIComponent((typeof value === 'string' ? value : JSON.stringify(value)).toWellFormed());
      return `${this.#pick(names)}=${encoded}`;
    });
    return `${route}/${encodeURIComponent(this.#cpf())}${search.length > 0 ? `?${search.join('&')}` : ''}`;
  }

  #operation(): Record<string, unknown> {
    const count = !this.#errs(0.08) ? 1 : this.#prng.between(0, 3);
    const bodies = Array.from({ length: count }, () => this.#operationText());
    let query = [...bodies, ...this.#fragments].join(' ');
    if (this.#errs(0.3)) query = this.#mutate(query);
    const variables = Object.fromEntries(
      this.#variables.flatMap(({ name, value }) => (!this.#errs(0.05) ? [[name, value]] : [])),
    );
    const variablesValue = this.#errs(0.03) ? this.#pick(JSON_VALUES) : variables;
    const operationName = this.#errs(0.1) ? this.#pick([...NAMES, 'O0', null, 7]) : undefined;
    const extensions = this.#errs(0.03) ? this.#pick([...JSON_VALUES, { persistedQuery: { version: 1, sha256Hash: 'x' } }]) : undefined; // prettier-ignore
    return {
      ...(!this.#errs(0.01) && { query: !this.#errs(0.01) ? query : this.#pick(JSON_VALUES) }),
      ...(this.#variables.length > 0 || this.#prng.chance(0.1) ? { variables: variablesValue } : {}),
      ...(operationName !== undefined && { operationName }),
      ...(extensions !== undefined && { extensions }),
    };
  }

  #operationText(): string {
    this.#variables = [];
    const selection = this.#selection(schema.getQueryType()!, 5);
    const kind = !this.#errs(0.03) ? 'query' : this.#pick(['mutation', 'subscription', 'consulta']);
    const name = this.#prng.chance(0.5) ? ` ${this.#errs(0.5) ? this.#pick(NAMES) : 'O0'}` : '';
    const declarations = this.#variables.map(
      ({ name: variable, type, default: value }) => `$${variable}: ${type}${value}`,
    );
    const parameters = declarations.length > 0 ? `(${declarations.join(', ')})` : '';
    return `${kind}${name}${parameters}${this.#errs(0.05) ? this.#directives(1) : ''} ${selection}`;
  }

  #selection(type: GraphQLObjectType, levels: number): string {
    const count = this.#prng.between(1, 4);
    return `{ ${Array.from({ length: count }, () => this.#selectionItem(type, levels)).join(' ')} }`;
  }

  #selectionItem(type: GraphQLObjectType, levels: number): string {
    const form = this.#prng.fraction();
    const onType = !this.#errs(0.07) ? type.name : this.#pick([...objectTypes.map(({ name }) => name), 'Nada']);
    if (form < 0.08 && levels > 0)
      return `... on ${onType}${this.#directives(0.2)} ${this.#selection(type, levels - 1)}`;
    if (form < 0.12 && levels > 0) return `...${this.#directives(0.3)} ${this.#selection(type, levels - 1)}`;
    if (form < 0.18 && levels > 0) {
      const name = !this.#errs(0.1) ? `F${this.#fragments.length}` : this.#pick(NAMES);
      this.#fragments.push(''); // reserves the name before the nested fragments
      const inner = !this.#errs(0.03) ? this.#selection(type, levels - 1) : `{ ...${name} }`;
      this.#fragments[this.#fragments.length - 1] +=
        ` fragment ${name} on ${onType}${this.#errs(0.05) ? this.#directives(1) : ''} ${inner}`;
      return `...${!this.#errs(0.03) ? name : 'Nenhum'}${this.#directives(0.2)}`;
    }
    return this.#field(type, levels);
  }

  #field(type: GraphQLObjectType, levels: number): string {
    if (this.#errs(0.03)) return `${this.#pick(['__typename', '__schema { types { name } }', 'nada', '_entities', '__x'])}`; // prettier-ignore
    const field = this.#pick(Object.values(type.getFields()));
    // A field with arguments mostly has an alias: two different fields of one name are refused.
    const hasName = field.args.length > 0 ? !this.#errs(0.3) : this.#prng.chance(0.1);
    const alias = hasName ? `${this.#errs(0.3) ? this.#pick(NAMES) : `a${this.#aliases++}`}: ` : '';
    const namedType = getNamedType(field.type);
    const inner = isObjectType(namedType)
      ? levels > 0
        ? ` ${this.#selection(namedType, levels - 1)}`
        : ' { __typename }'
      : this.#errs(0.02)
        ? ' { x }'
        : '';
    return `${alias}${field.name}${this.#args(field)}${this.#directives(0.1)}${inner}`;
  }

  #args(field: GraphQLField<unknown, unknown>): string {
    const args = field.args
      .filter((arg) =>
        arg.name === 'after' ? this.#errs(0.3) : isNonNullType(arg.type) ? !this.#errs(0.01) : this.#prng.chance(0.4),
      )
      .map((arg) => `${arg.name}: ${this.#argument(arg)}`);
    if (this.#errs(0.02)) args.push(`${this.#pick(NAMES)}: ${this.#pick(VALUES)}`);
    return args.length > 0 ? `(${args.join(', ')})` : '';
  }

  #argument({ type }: GraphQLArgument): string {
    if (this.#errs(0.05)) return this.#pick(VALUES);
    if (this.#prng.chance(0.5)) return this.#literal(type, 3);
    const name = !this.#errs(0.05) ? `v${this.#variables.length}` : this.#pick(NAMES);
    const declared = !this.#errs(0.05) ? String(type) : this.#pick(['Int', 'String!', '[CPF!]', 'Boolean', 'Nada', 'FiltroDivida']); // prettier-ignore
    const standard = this.#prng.chance(0.15) ? ` = ${this.#prng.chance(0.7) ? this.#literal(type, 3) : this.#pick(VALUES)}` : ''; // prettier-ignore
    this.#variables.push({
      name,
      type: !this.#errs(0.1) ? declared : declared.replace(/!$/, ''),
      default: standard,
      value: this.#errs(0.15) ? this.#pick(JSON_VALUES) : this.#json(type, 3),
    });
    return `$${name}`;
  }

  #json(type: GraphQLInputType, levels: number): unknown {
    if (isNonNullType(type)) return this.#json(type.ofType as GraphQLInputType, levels);
    if (this.#errs(0.05)) return null;
    if (isListType(type)) return Array.from({ length: this.#prng.between(0, 3) }, () => this.#json(type.ofType as GraphQLInputType, levels)); // prettier-ignore
    if (isEnumType(type)) return this.#pick(type.getValues()).name;
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter((field) => levels > 0 && (isNonNullType(field.type) || this.#prng.chance(0.4))); // prettier-ignore
      return Object.fromEntries(fields.map((field) => [field.name, this.#json(field.type, levels - 1)]));
    }
    return this.#leaf(type.name);
  }

  #leaf(name: string): unknown {
    if (this.#errs(0.04)) return this.#pick(JSON_VALUES);
    if (name === 'CPF') return this.#cpf();
    if (name === 'Int') return this.#pick(this.#errs(0.3) ? [100, 101, 0, -1] : [1, 2, 3]);
    if (name === 'Boolean') return this.#prng.chance(0.5);
    if (name === 'Data') return this.#pick(['2026-01-01', '2026-11-22', '2026-02-28', ...(this.#errs(0.3) ? ['2020-02-29', '0001-01-01', '9999-12-31'] : [])]); // prettier-ignore
    if (name === 'Dinheiro') return this.#pick(['0.00', '10.50', '999999999999999.99']);
    return this.#pick(['x', 'pix', 'joão da silva', '***', '%', '_', '\\', "'"]);
  }

  #literal(type: GraphQLInputType, levels: number): string {
    const named = getNamedType(type);
    const write = (value: unknown): string => {
      if (Array.isArray(value)) return `[${value.map(write).join(', ')}]`;
      if (typeof value === 'object' && value !== null) return `{${Object.entries(value).map(([key, inner]) => `${key}: ${write(inner)}`).join(', ')}}`; // prettier-ignore
      return isEnumType(named) || (typeof value === 'string' && /^[A-Z_]{3,}$/.test(value)) ? String(value) : JSON.stringify(value); // prettier-ignore
    };
    return write(this.#json(type, levels));
  }

  #directives(chance: number): string {
    if (!this.#prng.chance(chance)) return '';
    const name = this.#errs(0.3)
      ? this.#pick(['deprecated', 'nada', 'requiresScopes'])
      : this.#pick(['skip', 'include']);
    if (this.#errs(0.2)) return ` @${name}`;
    if (this.#errs(0.3)) return ` @${name}(if: ${this.#pick(VALUES)})`;
    if (this.#prng.chance(0.4)) return ` @${name}(if: ${this.#prng.chance(0.5)})`;
    const variable = `b${this.#variables.length}`;
    this.#variables.push({
      name: variable,
      type: this.#errs(0.4) ? 'Boolean' : 'Boolean!',
      default: this.#prng.chance(0.5) ? ` = ${this.#prng.chance(0.8)}` : '',
      value: this.#errs(0.3) ? null : this.#prng.chance(0.5),
    });
    return ` @${name}(if: $${variable})`;
  }

  /** Cuts, doubles or replaces one to three passages of a text. */
  #mutate(text: string): string {
    let changed = text;
    for (let cuts = this.#prng.between(1, 3); cuts > 0; cuts--) {
      const from = this.#prng.between(0, changed.length);
      const to = Math.min(changed.length, from + this.#prng.between(0, 12));
      const middle = this.#pick(['', changed.slice(from, to).repeat(2), this.#pick(PIECES)]);
      changed = changed.slice(0, from) + middle + changed.slice(to);
    }
    return changed;
  }
}
