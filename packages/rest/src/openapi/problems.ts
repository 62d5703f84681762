import { publicErrors } from '@pessoa/domain/errors';
import type { PublicErrorCode } from '@pessoa/domain/errors';
import { escopos, motivos } from '@pessoa/domain/motivo';
import type { RefusalReason } from '@pessoa/domain/motivo';
import { fontes } from '@pessoa/domain/services';
import { problemAnswer } from '../problem.ts';
import { commonHeaders } from './common-headers.ts';
import type { Examples } from './examples.ts';
import type { JsonObject } from './json.ts';

// REST never answers these: a caller cannot change the operations of the routes, and the last is of another door.
const ofOtherDoors: readonly PublicErrorCode[] = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_IN_LIST',
  'ORIGEM_NAO_ACEITA',
];

const codes = (Object.keys(publicErrors) as PublicErrorCode[]).filter((code) => !ofOtherDoors.includes(code));

const statuses = [...new Set(codes.map((code) => publicErrors[code].status))].sort((left, right) => left - right);

/** The schema of the body of every refusal; `problemFor` makes such bodies. */
export const problemSchema: JsonObject = {
  type: 'object',
  description: 'RFC 9457. `code` é estável: é por ele que um cliente decide.',
  required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string', format: 'uri-reference', description: 'O endereço de uma página sobre o código.' },
    title: { type: 'string', description: 'O que o código quer dizer, igual em toda resposta com ele.' },
    status: { type: 'integer', enum: statuses, description: 'O status HTTP.' },
    code: { type: 'string', enum: codes, description: 'O código, de uma lista fechada.' },
    detail: { type: 'string', description: 'O que faltou a este pedido, sem valor algum que ele trouxe.' },
    fonte: {
      type: 'string',
      enum: [...fontes],
      description: 'A fonte que se perdeu; só em 503.',
    },
    motivo: {
      type: 'string',
      enum: [...motivos],
      description: 'Por que foi recusado; só em 403. Decorre do token e do esquema, nunca da pessoa.',
    },
    escopos: {
      type: 'array',
      items: { type: 'string', enum: [...escopos] },
      description: 'Os escopos que o token precisa ter; só com o motivo ESCOPO.',
    },
  },
};

const REFUSED_FOR_SCOPE: RefusalReason = { motivo: 'ESCOPO', escopos: ['score:detalhe'] };

/** The recorded refusals with this code. A code that a request alone cannot cause gets an example from the table. */
function examplesOfCode(code: PublicErrorCode, { answers }: Examples): readonly [string, JsonObject][] {
  const recorded = answers.filter(({ route, body }) => route === undefined && body['code'] === code);
  if (recorded.length > 0) return recorded.map(({ name, summary, body }) => [name, { summary, value: body }]);
  const fonte = code.startsWith('FONTE_') ? 'divida' : undefined;
  return [[code, { summary: publicErrors[code].message, value: { ...problemAnswer(code, undefined, fonte).body } }]];
}

const documentedHeaders: Readonly<Record<string, string>> = {
  'retry-after': 'RetryAfter',
  'www-authenticate': 'WwwAuthenticate',
};

function problemResponse(status: number, examples: Examples): JsonObject {
  const codesOfStatus = codes.filter((code) => publicErrors[code].status === status);
  const headerNames = codesOfStatus.flatMap((code) =>
    Object.keys(problemAnswer(code, undefined, undefined, REFUSED_FOR_SCOPE).headers),
  );
  const headers = Object.entries(documentedHeaders)
    .filter(([name]) => headerNames.includes(name))
    .map(([name, component]) => [name, { $ref: `#/components/headers/${component}` }]);
  return {
    description: codesOfStatus.map((code) => `${code}: ${publicErrors[code].message}`).join(' '),
    headers: {
      ...(Object.fromEntries(headers) as JsonObject),
      ...commonHeaders,
    },
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(codesOfStatus.flatMap((code) => examplesOfCode(code, examples))),
      },
    },
  };
}

/** One response component for each HTTP status of the table. */
export const problemComponents = (examples: Examples): JsonObject =>
  Object.fromEntries(statuses.map((status) => [`Problem${status}`, problemResponse(status, examples)]));

/** The responses of a route: each refers to the component of its status. */
export const problemResponses: JsonObject = Object.fromEntries(
  statuses.map((status) => [String(status), { $ref: `#/components/responses/Problem${status}` }]),
);
