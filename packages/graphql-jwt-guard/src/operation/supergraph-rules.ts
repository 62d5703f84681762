import {
  buildASTSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isLeafType,
  parse,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql';
import type { Requirement } from '../directives/requirement.ts';
import { ruleOf, type Rule } from '../directives/rule.ts';
import type { StripOptions } from '../supergraph/assert-stripped.ts';
import { stripAuthorization, type Requirements } from '../supergraph/strip-authorization.ts';

/** What a composed supergraph requires of the caller, field by field. */
export class SupergraphRules {
  /** The supergraph without its authorization directives, for `@apollo/gateway`. */
  readonly strippedSdl: string;
  readonly #schema: GraphQLSchema;
  readonly #requirements: Requirements;
  readonly #rules = new Map<string, Rule | undefined>();
  readonly #ruleByContent = new Map<string, Rule>();

  /** @throws Error for a supergraph that `stripAuthorization` cannot read completely */
  constructor(supergraphSdl: string, options: StripOptions = {}) {
    const { sdl, requirements } = stripAuthorization(supergraphSdl, options);
    this.strippedSdl = sdl;
    this.#requirements = requirements;
    // Composition has checked it, and it is full of directives that graphql-js does not know.
    this.#schema = buildASTSchema(parse(sdl, { noLocation: true }), { assumeValid: true, assumeValidSDL: true });
  }

  get schema(): GraphQLSchema {
    return this.#schema;
  }

  /**
   * The rule of a selected field: of the field, of the type it is selected on, and of the type it returns. A field of
   * an interface has the rules of the same field in every implementer. A field that returns an interface or a union has
   * no rule of what it returns: that is decided at the fields selected there.
   *
   * @returns the same object for equal rules, undefined when nothing is required
   */
  ruleOf(type: GraphQLCompositeType, fieldName: string): Rule | undefined {
    const place = `${type.name}.${fieldName}`;
    if (!this.#rules.has(place)) this.#rules.set(place, this.#intern(this.#requirementsOf(type, fieldName)));
    return this.#rules.get(place);
  }

  #requirementsOf(type: GraphQLCompositeType, fieldName: string): Requirement[] {
    if (fieldName.startsWith('__') || !('getFields' in type)) return [];
    const field: GraphQLField<unknown, unknown> | undefined = type.getFields()[fieldName];
    const returned = field && getNamedType(field.type);
    const names = [type.name, ...(isObjectType(returned) || isLeafType(returned) ? [returned.name] : [])];
    const requirements = [
      this.#requirements.fields.get(`${type.name}.${fieldName}`),
      ...names.map((name) => this.#requirements.types.get(name)),
    ];
    const ofImplementers = isInterfaceType(type)
      ? this.#schema.getPossibleTypes(type).flatMap((object) => this.#requirementsOf(object, fieldName))
      : [];
    return [...requirements.filter((requirement) => requirement !== undefined), ...ofImplementers];
  }

  #intern(requirements: readonly Requirement[]): Rule | undefined {
    if (requirements.length === 0) return undefined;
    const rule = ruleOf(requirements);
    const content = JSON.stringify(rule);
    const sameRule = this.#ruleByContent.get(content);
    if (!sameRule) this.#ruleByContent.set(content, rule);
    return sameRule ?? rule;
  }
}

/** The composite type that a field returns, through lists; undefined for a leaf, or for a field that is not there. */
export function returnedComposite(parent: GraphQLCompositeType, fieldName: string): GraphQLCompositeType | undefined {
  if (!('getFields' in parent)) return undefined;
  const field: GraphQLField<unknown, unknown> | undefined = parent.getFields()[fieldName];
  const named = field && getNamedType(field.type);
  return isCompositeType(named) ? named : undefined;
}
