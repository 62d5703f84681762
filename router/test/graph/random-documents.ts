import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { buildSchema, getNamedType, type GraphQLObjectType, isObjectType } from 'graphql';

const apiSchema = buildSchema(readFileSync(new URL('../../../schema/api.graphql', import.meta.url), 'utf8'));
const pessoa = apiSchema.getType('Pessoa') as GraphQLObjectType;
const LEVELS_MAX = 4;
const ALIASES_MAX = 15;

/** A tree of numbers. The writer uses each number to choose a field of the type at that place. */
interface Choice {
  readonly pick: number;
  readonly form: 'plain' | 'alias' | 'typed' | 'untyped' | 'named';
  readonly inner: readonly Choice[];
}

const choices: fc.Memo<readonly Choice[]> = fc.memo((levels) =>
  fc.array(
    fc.record({
      pick: fc.nat(99),
      form: fc.constantFrom('plain', 'plain', 'alias', 'typed', 'untyped', 'named'),
      inner: levels > 1 ? choices(levels - 1) : fc.constant([]),
    }),
    { minLength: 1, maxLength: 4 },
  ),
);

/** Writes a document that repeats fields and fragments in many places, so that the router must merge them. */
class DocumentWriter {
  #aliases = 0;
  readonly #fragments: string[] = [];

  /** @param roots root fields without their selections; all get the same choices */
  write(roots: readonly string[], list: readonly Choice[]): string {
    const fields = roots.map((root) => `${root} { ${this.#selectionOf(pessoa, list, LEVELS_MAX)} }`);
    return [`{ ${fields.join(' ')} }`, ...this.#fragments].join(' ');
  }

  #selectionOf(type: GraphQLObjectType, list: readonly Choice[], levels: number): string {
    return list.map((choice) => this.#inForm(choice.form, type.name, this.#fieldOf(type, choice, levels))).join(' ');
  }

  #fieldOf(type: GraphQLObjectType, { pick, form, inner }: Choice, levels: number): string {
    const fields = Object.values(type.getFields());
    const field = fields[pick % (fields.length + 1)];
    const alias = form === 'alias' && this.#aliases < ALIASES_MAX ? `a${this.#aliases++}: ` : '';
    if (!field) return `${alias}__typename`;
    const named = getNamedType(field.type);
    if (!isObjectType(named)) return `${alias}${field.name}`;
    const isLast = levels === 1 || inner.length === 0;
    return `${alias}${field.name} { ${isLast ? '__typename' : this.#selectionOf(named, inner, levels - 1)} }`;
  }

  #inForm(form: Choice['form'], typeName: string, selection: string): string {
    if (form === 'typed') return `... on ${typeName} { ${selection} }`;
    if (form === 'untyped') return `... { ${selection} }`;
    if (form !== 'named') return selection;
    const name = `F${this.#fragments.length}`;
    this.#fragments.push(`fragment ${name} on ${typeName} { ${selection} }`);
    return `...${name} ...${name}`;
  }
}

/** Documents that select random fields of people. Each root has the same selection, with other aliases. */
export const randomDocuments = (roots: fc.Arbitrary<readonly string[]>): fc.Arbitrary<string> =>
  fc.tuple(roots, choices(LEVELS_MAX)).map(([fields, list]) => new DocumentWriter().write(fields, list));
