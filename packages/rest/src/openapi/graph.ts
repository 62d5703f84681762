import { perService, type PerService, type Service } from '@pessoa/domain/services';
import { buildASTSchema, isObjectType, parse } from 'graphql';
import type { GraphQLObjectType, GraphQLSchema } from 'graphql';

/** The three services' SDL, as read from the schema folder. */
export type ServiceSdl = PerService<string>;

export interface Graph {
  /** The type at which every operation of this service starts. */
  queryOf(service: Service): GraphQLObjectType;
  /** The description of a type (`Endereco`) or a field (`Endereco.cep`), from the first service that has one. */
  describe(type: string, field?: string): string | undefined;
}

export function graphOf(sdl: ServiceSdl): Graph {
  // Federation's own directives are imported, not declared, so a subgraph's SDL alone is not valid SDL.
  const read = (text: string): GraphQLSchema => buildASTSchema(parse(text), { assumeValidSDL: true });
  const schemas = perService((service) => read(sdl[service]));

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
