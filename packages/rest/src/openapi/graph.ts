import { buildASTSchema, isObjectType, parse } from 'graphql';
import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import type { RestService } from '../rest-route.ts';

/** The three services' SDL, as read from the schema folder. */
export type ServiceSdl = Readonly<Record<RestService, string>>;

export interface Graph {
  /** The type at which every operation of this service starts. */
  queryOf(service: RestService): GraphQLObjectType;
  /** The description of a type (`Endereco`) or a field (`Endereco.cep`), from the first service that has one. */
  describe(type: string, field?: string): string | undefined;
}

export function graphOf(sdl: ServiceSdl): Graph {
  // Federation's own directives are imported, not declared, so a subgraph's SDL alone is not valid SDL.
  const read = (text: string): GraphQLSchema => buildASTSchema(parse(text), { assumeValidSDL: true });
  const schemas = { debt: read(sdl.debt), score: read(sdl.score), event: read(sdl.event) };

  return {
    queryOf(service) {
      const query = schemas[service].getQueryType();
      if (query === undefined || query === null) throw new Error(`the SDL of ${service} has no Query`);
      return query;
    },
    describe(typeName, field) {
      for (const schema of Object.values(schemas)) {
        const type = schema.getType(typeName);
        const described = field === undefined ? type : isObjectType(type) ? type.getFields()[field] : undefined;
        if (described?.description) return described.description;
      }
      return undefined;
    },
  };
}
