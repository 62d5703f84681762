import {
  defaultFieldResolver,
  getNullableType,
  isObjectType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { FieldGuard, fieldRuleOf, type FieldRule, type FieldRules } from './field-guard.ts';
import type { GuardOptions } from './guard-options.ts';
import { SchemaRequirements } from './schema-requirements.ts';

/** Entry points of federation. The guard checks the fields of the objects that they return. */
const FEDERATION_FIELDS: ReadonlySet<string> = new Set(['_entities', '_service']);

/**
 * Enforces `@authenticated`, `@requiresScopes` and `@policy` in a schema, before the resolver of each field. It
 * replaces resolvers in the schema and returns the same schema. Fields without a requirement and the reference
 * resolvers of a subgraph stay unchanged.
 *
 * A guarded field without a resolver gets the default resolver of graphql-js. `execute` ignores its option
 * `fieldResolver` for guarded fields.
 *
 * @throws Error if the schema names a policy that the options lack, or has a directive whose meaning is not clear; the
 *   schema is unchanged then
 */
export function guardSchema<Context>(schema: GraphQLSchema, options: GuardOptions<Context>): GraphQLSchema {
  const guard = new FieldGuard(options);
  // The schema changes only after every directive is read: a half-guarded schema would look like a guarded one.
  const rules = readRules<Context>(schema, options.policies);
  for (const [field, fieldRules] of rules) {
    const resolve = field.resolve ?? defaultFieldResolver;
    const type = getNullableType(field.type);
    const typeRules = options.denyBehindNull && isObjectType(type) ? rulesOf(type, rules) : undefined;
    field.resolve = guard.wrap(
      fieldRules,
      typeRules?.size ? guard.wrapNullable(typeRules, type as GraphQLObjectType, resolve) : resolve,
    );
    if (field.subscribe !== undefined) field.subscribe = guard.wrap(fieldRules, field.subscribe);
  }
  return schema;
}

type RulesByField<Context> = ReadonlyMap<GraphQLField<unknown, Context>, FieldRules>;

/** The rules of every field that has some. */
function readRules<Context>(schema: GraphQLSchema, policies: object): RulesByField<Context> {
  const requirements = new SchemaRequirements(schema);
  const rules = new Map<GraphQLField<unknown, Context>, FieldRules>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (type === schema.getQueryType() && FEDERATION_FIELDS.has(field.name)) continue;
      const fieldRules = rulesOfField(requirements, type, field);
      if (fieldRules.ofObject === undefined && fieldRules.ofInterfaces.size === 0) continue;
      const unknownPolicy = fieldRules.ofObject?.policies.flat(2).find((name) => !Object.hasOwn(policies, name));
      if (unknownPolicy !== undefined)
        throw new Error(`${type.name}.${field.name} names the unknown policy "${unknownPolicy}"`);
      rules.set(field, fieldRules);
    }
  }
  return rules;
}

function rulesOfField(
  requirements: SchemaRequirements,
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
): FieldRules {
  const ofObject = fieldRuleOf(requirements.ofField(type, field));
  const ofInterfaces = new Map<string, FieldRule>();
  for (const parent of type.getInterfaces()) {
    if (!parent.getFields()[field.name]) continue;
    const rule = fieldRuleOf(requirements.ofInterfaceField(parent, field.name));
    if (rule !== undefined && JSON.stringify(rule) !== JSON.stringify(ofObject)) ofInterfaces.set(parent.name, rule);
  }
  return { ofObject, ofInterfaces };
}

function rulesOf<Context>(type: GraphQLObjectType, rules: RulesByField<Context>): Map<string, FieldRule> {
  return new Map(
    Object.values(type.getFields()).flatMap((field) => {
      const rule = rules.get(field)?.ofObject;
      return rule ? [[field.name, rule] as const] : [];
    }),
  );
}
