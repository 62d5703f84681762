import type { PublicErrorCode } from '@pessoa/domain/errors';
import type { Part, Turn } from './parts.ts';

/** A field that an answer has lost, and why. */
export interface Loss {
  /** The path in the person, such as `eventos.ultimaConsulta`; for a whole request `EVERYTHING`, or its REST route. */
  readonly field: string;
  /** The error code of the answer. */
  readonly code: string;
}

/** The field of a request to the graph that gave no data. */
export const EVERYTHING = 'everything';
/** The code of a request without an answer: there was no connection, it ended, or 10 s passed. */
export const NO_ANSWER = 'no answer';
/** The code of a mark `desatualizado`: the answer is of a copy, because Base B does not answer. */
export const STALE = 'desatualizado';

export const routes = {
  divida: 'GET /divida/{cpf}',
  score: 'GET /score/{cpf}',
  movimentacao: 'GET /evento/movtofinanceiro/{cpf}',
} as const;

/** What requests may lose while a part is disturbed and until it has recovered. */
export interface PermittedLosses {
  /** A field stands for all below it. */
  readonly fields: readonly string[];
  readonly codes: readonly string[];
}

const DEBT = ['nome', 'dividas', routes.divida];
const SCORE = ['score', routes.score];
const EVENT = ['eventos', routes.movimentacao];
const ALL = [EVERYTHING, ...Object.values(routes)];

/** As docs/operations.md says in "What breaks when". */
const fieldsOf: Readonly<Record<Part, readonly string[]>> = {
  'base-a': DEBT,
  'base-b': SCORE,
  'base-c': EVENT,
  // Without the audit nothing is answered. Event also reads from it.
  audit: [...ALL, 'eventos.ultimaConsulta'],
  redis: [],
  elasticsearch: [],
  debt: DEBT,
  score: SCORE,
  event: EVENT,
  indexer: [],
  auditor: [],
  router: [...ALL, ...DEBT, ...SCORE, ...EVENT],
};

const LOST = ['FONTE_INDISPONIVEL', 'FONTE_LENTA'] as const satisfies PublicErrorCode[];
const UNREADABLE = [...LOST, 'FONTE_INVALIDA'] as const satisfies PublicErrorCode[];
/** The router itself ends, or has requests of ten seconds at once. */
const OF_ROUTER = [...LOST, 'SERVICO_ENCERRANDO', 'RATE_LIMITED'] as const satisfies PublicErrorCode[];

export function permittedLosses({ part, fault }: Turn): PermittedLosses {
  const fields = fieldsOf[part];
  if (fields.length === 0) return { fields, codes: [] };
  if (part === 'router') return { fields, codes: [...OF_ROUTER, NO_ANSWER] };
  const codes = fault === 'garble' ? UNREADABLE : LOST;
  return { fields, codes: part === 'base-b' ? [...codes, STALE] : codes };
}

export const permits = ({ fields, codes }: PermittedLosses, { field, code }: Loss): boolean =>
  codes.includes(code) && fields.some((permitted) => field === permitted || field.startsWith(`${permitted}.`));
