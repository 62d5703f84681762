import { buildSubgraphSchema } from '@apollo/subgraph';
import type { Cpf } from '@pessoa/domain/cpf';
import type { Clock } from '@pessoa/domain/data';
import { PublicError } from '@pessoa/domain/errors';
import type { CommonConfig } from '@pessoa/service/config/environment';
import { reasonOfDenial } from '@pessoa/service/graphql/denial-reason';
import { scalarResolvers } from '@pessoa/service/graphql/scalars';
import { mayReadCadastro } from '@pessoa/service/identity/third-party-cadastro';
import { mayReadBankData, mayReadPerson, type Viewer } from '@pessoa/service/identity/viewer';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { guardSchema } from 'graphql-jwt-guard';
import { checkEntities } from './check-entities.ts';

interface GuardedSchemaOptions {
  readonly typeDefs: DocumentNode;
  readonly resolvers: object;
  readonly config: Pick<CommonConfig, 'courtOrderClients' | 'thirdPartyCadastro' | 'allowsIntrospection'>;
  readonly clock: Clock;
}

/** Builds the schema of a subgraph. Each field that the SDL guards is refused to a caller who may not read it. */
export function guardedSchema({ typeDefs, resolvers, config, clock }: GuardedSchemaOptions): GraphQLSchema {
  const { thirdPartyCadastro } = config;
  const rules = { clock, courtOrderClients: config.courtOrderClients, thirdPartyCadastro };
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: { ...scalarResolvers, ...resolvers } }]);
  checkEntities(schema);
  if (!config.allowsIntrospection) hideSdl(schema);
  return guardSchema<{ readonly viewer: Viewer }>(schema, {
    scopesOf: ({ viewer }) => viewer.scopes,
    policies: {
      consentimento: ({ source, context: { viewer } }) => mayReadBankData(viewer, cpfOf(source), rules),
      titular: ({ source, context: { viewer } }) => viewer.titular === cpfOf(source),
      cadastro: ({ source, context: { viewer } }) => mayReadCadastro(viewer, cpfOf(source), rules),
    },
    // An object without CPF relies on the check at the field above it: `Score.fatores` on that at `Pessoa.score`. The CPF field
    // itself is allowed: the caller sent that CPF, and the field cannot be null, so that refusing it would remove the other
    // people from the answer.
    allow: ({ source, fieldName, context: { viewer } }) => {
      const cpf = (source as { cpf?: Cpf } | undefined)?.cpf;
      return cpf === undefined || fieldName === 'cpf' || mayReadPerson(viewer, cpf);
    },
    denyBehindNull: true, // the refusal does not reveal whether the base knows the CPF
    toError: (denial) =>
      new PublicError('UNAUTHORIZED_FIELD_OR_TYPE', { reason: reasonOfDenial(denial, thirdPartyCadastro) }),
  });
}

/** `_service` is federation's introspection. Apollo Server's setting does not cover it. */
function hideSdl(schema: GraphQLSchema): void {
  const service = schema.getQueryType()?.getFields()['_service'];
  if (!service) throw new Error('a subgraph without _service');
  service.resolve = () => {
    throw new PublicError('GRAPHQL_VALIDATION_FAILED', { detail: 'Introspection is off.' });
  };
}

function cpfOf(source: unknown): Cpf {
  const { cpf } = source as { cpf?: Cpf };
  if (!cpf) throw new Error('a policy guards a field whose object does not carry the CPF');
  return cpf;
}
