import type { Clock } from '@pessoa/domain/data';
import { PublicError } from '@pessoa/domain/errors';
import { type Service, serviceNames } from '@pessoa/domain/services';
import { OperationAccess } from '@pessoa/router/authorization/operation-access';
import { ViewerCaller } from '@pessoa/router/authorization/viewer-caller';
import { reasonOfDenial } from '@pessoa/service/graphql/denial-reason';
import { identityReader, standardClaimNames } from '@pessoa/service/identity/claims';
import { type ThirdPartyCadastro, thirdPartyCadastroValues } from '@pessoa/service/identity/third-party-cadastro';
import { type Viewer, viewerOf } from '@pessoa/service/identity/viewer';
import { guardedSchema } from '@pessoa/subgraph/graphql/guarded-schema';
import {
  type DocumentNode,
  execute,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import { COURT_ORDER_CLIENTS, type Inquiry } from './inquiry.ts';
import { fieldsOfPessoa, readSdl, type SampleContext, sampleReads, sampleResolvers } from './sample-subgraph.ts';

/** The `motivo` of a refusal; undefined when the field is allowed. */
export interface OurDecision {
  /** Of the router, before planning. It refuses only what it refuses for every person. */
  readonly router: string | undefined;
  /** Of the subgraph, asked directly. */
  readonly subgraph: string | undefined;
  /** Whether the subgraph's answer has a value. */
  readonly isShown: boolean;
}

interface Context extends SampleContext {
  readonly viewer: Viewer;
}

interface Question {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly service: Service;
}

/** The router's filter and the subgraphs' guard, under one setting. */
interface Deciders {
  readonly access: OperationAccess;
  readonly schemas: ReadonlyMap<Service, GraphQLSchema>;
}

function decidersFor(thirdPartyCadastro: ThirdPartyCadastro, clock: Clock): Deciders {
  const rules = { clock, courtOrderClients: COURT_ORDER_CLIENTS, thirdPartyCadastro };
  const callerOf = ({ viewer }: Context) => new ViewerCaller(viewer, rules);
  return {
    access: new OperationAccess(readSdl('supergraph'), callerOf, thirdPartyCadastro),
    schemas: new Map(
      serviceNames.map((name) => [
        name,
        guardedSchema({
          typeDefs: parse(readSdl(name)),
          resolvers: sampleResolvers(name),
          config: { ...rules, allowsIntrospection: false },
          clock,
        }),
      ]),
    ),
  };
}

/** Decides by what decides in the running processes: claims, purpose, the router's filter and the subgraphs' guard. */
export function ourDecisions(): (inquiry: Inquiry) => Promise<OurDecision> {
  let now = new Date(0);
  const clock = { now: () => now };
  const deciders = new Map(thirdPartyCadastroValues.map((value) => [value, decidersFor(value, clock)]));
  const questions = new Map<string, Question>(
    [...fieldsOfPessoa].map(([path, name]) => {
      const document = parse(`query ($cpf: CPF!) { pessoa(cpf: $cpf) { ${path.replaceAll('.', ' { ')} ${'}'.repeat(path.split('.').length)} }`); // prettier-ignore
      return [path, { document, operation: document.definitions[0] as OperationDefinitionNode, service: name }];
    }),
  );
  const identityOf = identityReader(standardClaimNames);

  return async (inquiry) => {
    now = inquiry.now;
    const viewer = refusedPurpose(() => viewerOf(identityOf(claimsOf(inquiry)), inquiry.header, 'checked'));
    if (!viewer) return { router: 'FINALIDADE', subgraph: 'FINALIDADE', isShown: false };
    const context: Context = { viewer, reads: sampleReads(inquiry.isKnown) };
    const variables = { cpf: inquiry.cpf };
    const { document, operation, service } = questions.get(inquiry.field)!;
    const { access, schemas } = deciders.get(inquiry.thirdPartyCadastro)!;
    const { deniedParts } = access.decide({ document, operation, variables, context: { ...context } });
    const answer = await execute({
      schema: schemas.get(service)!,
      document,
      variableValues: variables,
      contextValue: context,
    });
    return {
      router: deniedParts[0] && reasonOfDenial(deniedParts[0].denial, inquiry.thirdPartyCadastro)!.motivo,
      subgraph: refusalOf(answer),
      isShown: valueAt(answer.data, ['pessoa', ...inquiry.field.split('.')]) !== null,
    };
  };
}

/** The header is refused with BAD_USER_INPUT, the claim with FINALIDADE_AUSENTE; both are about the purpose. */
function refusedPurpose(read: () => Viewer): Viewer | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof PublicError) return undefined;
    throw error;
  }
}

function claimsOf({ token }: Inquiry): Record<string, unknown> {
  const consents = token.consents.map(({ cpf, ate }, index) => ({ id: `c-${index}`, cpf: cpf.spelling, ate }));
  return {
    sub: 'pessoa-de-teste',
    client_id: token.client,
    scope: token.scopes.join(' '),
    ...(token.finalidade !== undefined && { finalidade: token.finalidade }),
    ...(token.titular && { cpf: token.titular.spelling }),
    ...(consents.length > 0 && { consentimento: consents.length === 1 ? consents[0] : consents }),
    ...(token.ordemJudicial && { ordem_judicial: token.ordemJudicial.text }),
  };
}

/** @throws the error of an answer that failed for another reason */
function refusalOf({ errors = [] }: ExecutionResult): string | undefined {
  const [error] = errors;
  if (!error) return undefined;
  const { originalError } = error;
  if (!(originalError instanceof PublicError) || !originalError.reason) throw error;
  return originalError.reason.motivo;
}

/** The value at a path, in the first item of each list. */
function valueAt(data: unknown, path: readonly string[]): unknown {
  if (Array.isArray(data)) return valueAt(data[0], path);
  const [step, ...rest] = path;
  if (data === null || data === undefined || step === undefined) return data ?? null;
  return valueAt((data as Record<string, unknown>)[step], rest);
}
