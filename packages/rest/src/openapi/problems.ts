import { publicErrors } from '@pessoa/domain/errors';
import type { PublicErrorCode } from '@pessoa/domain/errors';
import { escopos, motivos } from '@pessoa/domain/motivo';
import type { Recusa } from '@pessoa/domain/motivo';
import { fontes, problemAnswer } from '../problem.ts';
import type { JsonObject } from './json.ts';

// The fixed operations cannot be malformed by a caller, so REST never answers these.
const graphqlOnly: readonly PublicErrorCode[] = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
];

const codes = (Object.keys(publicErrors) as PublicErrorCode[]).filter((code) => !graphqlOnly.includes(code));

const statuses = [...new Set(codes.map((code) => publicErrors[code].status))].sort((one, other) => one - other);

/** The body of every refusal, as `problemFor` makes it. */
export const problemSchema: JsonObject = {
  type: 'object',
  description: 'RFC 9457. `code` is stable: clients branch on it.',
  required: ['type', 'title', 'status', 'code', 'detail'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string' },
    status: { type: 'integer', enum: statuses },
    code: { type: 'string', enum: codes },
    detail: { type: 'string' },
    fonte: {
      type: 'string',
      enum: [...fontes],
      description: 'The source that was lost, on 503 alone.',
    },
    motivo: {
      type: 'string',
      enum: [...motivos],
      description: 'Why, on 403 alone. It follows from the token and the schema, never from the person.',
    },
    escopos: {
      type: 'array',
      items: { type: 'string', enum: [...escopos] },
      description: 'The scopes that the token must have, with the reason ESCOPO.',
    },
  },
};

const REFUSED_FOR_SCOPE: Recusa = { motivo: 'ESCOPO', escopos: ['score:detalhe'] };

function exampleOf(code: PublicErrorCode): JsonObject {
  const fonte = code.startsWith('FONTE_') ? 'divida' : undefined;
  return { value: { ...problemAnswer(code, undefined, fonte, REFUSED_FOR_SCOPE).body } };
}

const documentedHeaders: Readonly<Record<string, string>> = {
  'retry-after': 'RetryAfter',
  'www-authenticate': 'WwwAuthenticate',
};

function problemResponse(status: number): JsonObject {
  const ofStatus = codes.filter((code) => publicErrors[code].status === status);
  const sent = ofStatus.flatMap((code) =>
    Object.keys(problemAnswer(code, undefined, undefined, REFUSED_FOR_SCOPE).headers),
  );
  const headers = Object.entries(documentedHeaders)
    .filter(([name]) => sent.includes(name))
    .map(([name, component]) => [name, { $ref: `#/components/headers/${component}` }]);
  return {
    description: ofStatus.map((code) => `${code}: ${publicErrors[code].message}`).join(' '),
    headers: {
      ...(Object.fromEntries(headers) as JsonObject),
      'x-fapi-interaction-id': { $ref: '#/components/headers/InteractionId' },
    },
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(ofStatus.map((code) => [code, exampleOf(code)])),
      },
    },
  };
}

/** One response component for each HTTP status of the table, and the responses of a route that refer to them. */
export const problemComponents: JsonObject = Object.fromEntries(
  statuses.map((status) => [`Problem${status}`, problemResponse(status)]),
);

export const problemResponses: JsonObject = Object.fromEntries(
  statuses.map((status) => [String(status), { $ref: `#/components/responses/Problem${status}` }]),
);
