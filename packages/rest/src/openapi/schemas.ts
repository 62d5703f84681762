import { isDeepStrictEqual } from 'node:util';
import { isEnumType, isListType, isNonNullType, isObjectType } from 'graphql';
import type { GraphQLOutputType } from 'graphql';
import type { RestRoute } from '../rest-route.ts';
import type { Graph } from './graph.ts';
import type { Json, JsonObject } from './json.ts';
import { fieldsOnPath } from './operation-fields.ts';
import type { OperationField } from './operation-fields.ts';

const scalars: Readonly<Record<string, JsonObject>> = {
  ID: { type: 'string' },
  String: { type: 'string' },
  Boolean: { type: 'boolean' },
  Int: { type: 'integer', format: 'int32' },
  CPF: { type: 'string', pattern: '^\\d{11}$' },
  CNPJ: { type: 'string', pattern: '^[A-Z0-9]{12}\\d{2}$' },
  Dinheiro: { type: 'string', pattern: '^-?\\d{1,25}\\.\\d{2}$' },
  Data: { type: 'string', format: 'date' },
  DataHora: { type: 'string', format: 'date-time', pattern: 'Z$' },
};

const builtIn = new Set(['ID', 'String', 'Boolean', 'Int']);

/** JSON schemas of the answers of operations. Each type of the SDL becomes one named component. */
export interface AnswerSchemas {
  /** @returns the schema of the route's body in an answer of 200 */
  bodyOf(route: RestRoute, selection: readonly OperationField[]): JsonObject;
  readonly components: Readonly<Record<string, JsonObject>>;
}

export function answerSchemas(graph: Graph): AnswerSchemas {
  const components: Record<string, JsonObject> = {};

  function componentRef(name: string, schema: JsonObject): JsonObject {
    // A generated client has one class for each name, so every route must show the same fields of a type.
    if (components[name] !== undefined && !isDeepStrictEqual(components[name], schema)) {
      throw new Error(`two operations ask for different fields of ${name}`);
    }
    components[name] = schema;
    return { $ref: `#/components/schemas/${name}` };
  }

  function nonNullSchemaOf(type: GraphQLOutputType, children: readonly OperationField[]): JsonObject {
    if (isNonNullType(type)) return nonNullSchemaOf(type.ofType, children);
    // Items are not nullable: when a row of a base is unreadable, GraphQL makes the item null, but REST answers 503.
    if (isListType(type)) return { type: 'array', items: nonNullSchemaOf(type.ofType, children) };
    const described = withDescription(graph.describe(type.name));
    if (isObjectType(type)) {
      const members = children.map(({ field, children: inner }) => [
        field.name,
        { ...schemaOf(field.type, inner), ...withDescription(graph.describe(type.name, field.name)) },
      ]);
      return componentRef(type.name, { ...described, ...objectOf(Object.fromEntries(members) as JsonObject) });
    }
    if (isEnumType(type)) {
      return componentRef(type.name, { ...described, type: 'string', enum: type.getValues().map(({ name }) => name) });
    }
    const scalar = scalars[type.name];
    if (scalar === undefined) throw new Error(`no JSON schema is known for ${type.name}`);
    return builtIn.has(type.name) ? scalar : componentRef(type.name, { ...described, ...scalar });
  }

  const schemaOf = (type: GraphQLOutputType, children: readonly OperationField[]): JsonObject =>
    isNonNullType(type) ? nonNullSchemaOf(type.ofType, children) : orNull(nonNullSchemaOf(type, children));

  function memberSchema(route: RestRoute, place: string, pessoa: readonly OperationField[]): JsonObject {
    const fields = fieldsOnPath(place, pessoa);
    const steps = place.split('.');
    // The graph lets the parts of a route be null, but an answer of 200 always has them.
    const nullable = fields.some(
      ({ field }, index) => !isNonNullType(field.type) && !route.parts.includes(steps.slice(0, index + 1).join('.')),
    );
    const last = fields.at(-1)!;
    const described = steps.at(-1) === 'nodes' ? fields.at(-2)! : last;
    const schema = nonNullSchemaOf(last.field.type, last.children);
    return {
      ...(nullable ? orNull(schema) : schema),
      ...withDescription(graph.describe(described.parent, described.field.name)),
    };
  }

  return {
    components,
    bodyOf(route, selection) {
      const pessoa = fieldsOnPath('pessoa', selection).flatMap(({ children }) => children);
      const members = Object.entries(route.body).map(([name, place]) => [name, memberSchema(route, place, pessoa)]);
      // `campos` can leave out every member but the CPF.
      return { ...objectOf(Object.fromEntries(members) as JsonObject), required: ['cpf'] };
    },
  };
}

const objectOf = (properties: JsonObject): JsonObject => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
});

const orNull = (schema: JsonObject): JsonObject =>
  typeof schema['type'] === 'string'
    ? { ...schema, type: [schema['type'], 'null'] }
    : { anyOf: [schema, { type: 'null' }] as Json[] };

const withDescription = (description: string | undefined): JsonObject =>
  description === undefined ? {} : { description };
