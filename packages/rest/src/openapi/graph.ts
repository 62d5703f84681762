import { perService, type PerService, type Service } from '@pessoa/domain/services';
import { buildASTSchema, isObjectType, parse } from 'graphql';
import type { GraphQLObjectType, GraphQLSchema } from 'graphql';

/** The SDL of each service, from the schema folder. */
export type ServiceSdl = PerService<string>;

export interface Graph {
  /** The type `Query` of a service. @throws Error when its SDL has none */
  queryOf(service: Service): GraphQLObjectType;
  /** The description of a type (`Endereco`) or a field (`Endereco.cep`), from the first service that has one. */
  describe(type: string, field?: string): string | undefined;
}

export function graphOf(sdl: ServiceSdl): Graph {
  // A subgraph's SDL imports the directives of federation and does not declare them, so it is not valid SDL alone.
  const buildSchema = (text: string): GraphQLSchema => buildASTSchema(parse(text), { assumeValidSDL: true });
  const schemas = perService((service) => buildSchema(sdl[service]));

  return {
    queryOf(service) {
      const query = schemas[service].getQueryType();
      if (query === undefined || query === null) throw new Error(`the SDL of ${service} has no Query`);
      return query;
    },
    describe(typeName, field) {
      for (const schema of Object.values(schemas)) {
        const type = schema.getType(typeName);
        const element = field === undefined ? type : isObjectType(type) ? type.getFields()[field] : undefined;
        if (element?.description) return element.description;
      }
      return undefined;
    },
  };
}
