import { readFileSync } from 'node:fs';
import { type Service, serviceNames } from '@pessoa/domain/services';
import { Pessoa as PessoaOfEvent } from '@pessoa/event/resolvers/pessoa';
import { Pessoa as PessoaOfScore } from '@pessoa/score/resolvers/pessoa';
import { personReference, personRoots } from '@pessoa/subgraph/graphql/person-roots';
import {
  buildASTSchema,
  getNamedType,
  getNullableType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isEnumType,
  isListType,
  isObjectType,
  parse,
} from 'graphql';

/** @param name of a file of `schema/` */
export const readSdl = (name: Service | 'supergraph'): string =>
  readFileSync(new URL(`../../../schema/${name}.graphql`, import.meta.url), 'utf8');

const schemaOf = (name: Service): GraphQLSchema => buildASTSchema(parse(readSdl(name)), { assumeValidSDL: true });

/** The path of each leaf under `Pessoa`, with dots, and the subgraph that has it. */
export const fieldsOfPessoa: ReadonlyMap<string, Service> = new Map(
  serviceNames.flatMap((name) =>
    leavesOf(schemaOf(name).getType('Pessoa') as GraphQLObjectType, '').map((path): [string, Service] => [path, name]),
  ),
);

function leavesOf(type: GraphQLObjectType, prefix: string): string[] {
  return Object.values(type.getFields()).flatMap((field) => {
    const returned = getNamedType(field.type);
    const path = `${prefix}${field.name}`;
    return isObjectType(returned) ? leavesOf(returned, `${path}.`) : [path];
  });
}

const SAMPLES: Readonly<Record<string, unknown>> = {
  CPF: '52998224725',
  CNPJ: '11222333000181',
  Dinheiro: '1.00',
  Data: '2026-01-10',
  DataHora: '2026-11-01T12:00:00Z',
  Boolean: true,
};

/** In Event, entries of a list carry the CPF of the list, which here comes down to them by what is around them. */
const CARRIES_CPF = new Set(['ConsultaCpfConexao', 'ConsultaCpfAresta', 'ConsultaCpf']);

function sampleOf(type: GraphQLOutputType, cpf: string | undefined): unknown {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return [sampleOf(nullable.ofType as GraphQLOutputType, cpf)];
  if (isObjectType(nullable)) return CARRIES_CPF.has(nullable.name) ? { cpf } : {};
  if (isEnumType(nullable)) return nullable.getValues()[0]!.value;
  return SAMPLES[getNamedType(nullable).name] ?? '1';
}

/** What the resolvers read. */
export interface SampleContext {
  readonly reads: {
    readonly isKnown: { load(cpf: string): Promise<boolean> };
    readonly perfil: { load(cpf: string): Promise<object | undefined> };
  };
}

export const sampleReads = (isKnown: boolean): SampleContext['reads'] => ({
  isKnown: { load: async () => isKnown },
  perfil: { load: async () => (isKnown ? {} : undefined) },
});

/**
 * Resolvers of a subgraph. The objects that carry a CPF are those of the real resolvers, because the guard relies on it. Every other
 * field has some value, and those of a person whom the base does not know are null.
 */
export function sampleResolvers(name: Service): object {
  const resolvers: Record<string, Record<string, unknown>> = {};
  for (const type of Object.values(schemaOf(name).getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    const fields = Object.values(type.getFields()).filter((field) => field.name !== 'cpf');
    resolvers[type.name] = Object.fromEntries(
      fields.map((field) => [
        field.name,
        async ({ cpf }: { cpf?: string }, _: unknown, { reads }: SampleContext) =>
          cpf === undefined || (await reads.isKnown.load(cpf)) ? sampleOf(field.type, cpf) : null,
      ]),
    );
  }
  return {
    ...resolvers,
    Query: personRoots,
    Pessoa: {
      ...resolvers['Pessoa'],
      ...(name === 'event' && PessoaOfEvent),
      ...(name === 'score' && { perfil: PessoaOfScore.perfil }),
      ...personReference,
    },
  };
}
