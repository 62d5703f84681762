import fc from 'fast-check';
import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql';
import type { Caller } from '../../src/operation/caller.ts';

type Gen = fc.GeneratorValue;

export interface RandomOperation {
  readonly source: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const CONDITIONS = ['a', 'b', 'c'];

/** Writes an operation that is valid on a schema. Each field has an alias of its own, but for fields written twice. */
export function randomOperation(gen: Gen, schema: GraphQLSchema): RandomOperation {
  const writer = new Writer(gen, schema);
  const body = writer.selectionSet(schema.getQueryType()!, 0);
  const usesVariables = (text: string): string[] => ['id', 'from', ...CONDITIONS].filter((name) => text.includes(`$${name})`) || text.includes(`$${name},`)); // prettier-ignore
  const fragments = writer.fragments.join('\n');
  const types: Record<string, string> = { id: 'ID', from: 'Int = 3', a: 'Boolean!', b: 'Boolean = true', c: 'Boolean = false' }; // prettier-ignore
  const declared = usesVariables(body + fragments).map((name) => `$${name}: ${types[name]}`);
  const variables: Record<string, unknown> = { id: 'x', a: gen(fc.boolean) };
  if (gen(fc.boolean)) variables['b'] = gen(fc.boolean);
  return { source: `query ${declared.length > 0 ? `(${declared.join(', ')})` : ''} ${body}\n${fragments}`, variables };
}

export const randomCaller = (gen: Gen): Caller => {
  const some = (names: string[]): Set<string> => new Set(names.filter(() => gen(fc.boolean)));
  const isAuthenticated = gen(fc.nat, { max: 3 }) > 0;
  return {
    isAuthenticated,
    scopes: isAuthenticated ? some(['stock', 'admin', 'prices', 'read']) : new Set(),
    policies: some(['hr', 'payroll', 'night']),
  };
};

class Writer {
  readonly fragments: string[] = [];
  readonly #gen: Gen;
  readonly #schema: GraphQLSchema;
  readonly #spreads: { readonly name: string; readonly type: GraphQLCompositeType }[] = [];
  #count = 0;

  constructor(gen: Gen, schema: GraphQLSchema) {
    this.#gen = gen;
    this.#schema = schema;
  }

  selectionSet(type: GraphQLCompositeType, depth: number): string {
    const selections: string[] = [];
    for (let i = this.#upTo(depth > 1 ? 1 : 2); i >= 0; i--) selections.push(this.#selection(type, depth));
    if (this.#upTo(9) === 0) selections.push(selections[0]!);
    return `{ ${selections.join(' ')} }`;
  }

  #selection(type: GraphQLCompositeType, depth: number): string {
    const kind = this.#upTo(9);
    if (kind === 0) return `t${this.#count++}: __typename ${this.#condition()}`;
    if (kind <= 3 || !('getFields' in type)) return depth > 4 ? '__typename' : this.#fragment(type, depth);
    const fields = Object.values(type.getFields()).filter(
      (field) => depth < 4 || !isCompositeType(getNamedType(field.type)),
    );
    return this.#field(this.#pick(fields), depth);
  }

  #field(field: GraphQLField<unknown, unknown>, depth: number): string {
    const returned = getNamedType(field.type);
    const inner = isCompositeType(returned) ? this.selectionSet(returned, depth + 1) : '';
    const argument = field.args[0]?.name;
    const args = argument === 'id' || argument === 'from' ? this.#pick(['', `(${argument}: $${argument})`]) : '';
    return `f${this.#count++}: ${field.name}${args} ${this.#condition()} ${inner}`;
  }

  #fragment(type: GraphQLCompositeType, depth: number): string {
    const conditions = this.#typesBelow(type);
    const condition = this.#pick(conditions);
    if (this.#upTo(2) > 0) {
      const on = this.#upTo(4) === 0 && condition === type ? '' : `on ${condition.name}`;
      return `... ${on} ${this.#condition()} ${this.selectionSet(condition, depth + 1)}`;
    }
    const usable = this.#spreads.filter((spread) => conditions.includes(spread.type));
    if (usable.length > 0 && this.#upTo(1) > 0) return `...${this.#pick(usable).name} ${this.#condition()}`;
    const name = `F${this.#count++}`;
    this.fragments.push(`fragment ${name} on ${condition.name} ${this.selectionSet(condition, depth + 1)}`);
    this.#spreads.push({ name, type: condition });
    return `...${name} ${this.#condition()}`;
  }

  /** The type conditions that a fragment on this type may have. */
  #typesBelow(type: GraphQLCompositeType): GraphQLCompositeType[] {
    const objects = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [type];
    const interfaces = objects.flatMap((object) => (isObjectType(object) ? object.getInterfaces() : []));
    return [...new Set<GraphQLCompositeType>([type, ...objects, ...interfaces])];
  }

  #condition(): string {
    if (this.#upTo(7) > 0) return '';
    const value = this.#pick(['true', 'false', ...CONDITIONS.map((name) => `$${name}`)]);
    return `@${this.#pick(['skip', 'include'])}(if: ${value})`;
  }

  #upTo = (max: number): number => this.#gen(fc.nat, { max });

  #pick = <T>(items: readonly T[]): T => items[this.#upTo(items.length - 1)]!;
}
