import { EVERYTHING, type Loss, NO_ANSWER, STALE } from './permitted-losses.ts';

/** What came back for a request. Without an answer the status is 0. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** How an answer differs from the truth. Holds no values of people. */
export interface Findings {
  readonly losses: readonly Loss[];
  /** Paths of values that are there and different, or that are null without an error. */
  readonly wrong: readonly string[];
}

type Path = readonly (string | number)[];

interface GraphError {
  readonly path?: Path;
  readonly extensions?: { readonly code?: string };
}

interface Body {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly GraphError[];
  /** Of a refusal by a REST route. */
  readonly code?: string;
}

/**
 * Compares an answer with what the same request answered without faults.
 *
 * @param whole the name of the whole request in its losses: `EVERYTHING` for the graph, the route for REST
 */
export function compareWithTruth({ status, body }: Answer, truth: unknown, whole: string): Findings {
  if (status === 0) return { losses: [{ field: whole, code: NO_ANSWER }], wrong: [] };
  const { data, errors = [], code } = (body ?? {}) as Body;
  const isGraph = whole === EVERYTHING;
  if (status !== 200 || (isGraph && !data))
    return { losses: [{ field: whole, code: code ?? errors[0]?.extensions?.code ?? `HTTP ${status}` }], wrong: [] };
  const found: Differences = { missing: [], stale: [], wrong: [] };
  differ(isGraph ? data : body, truth, [], found);
  const losses = [
    ...errors.map(({ path, extensions }) => ({ field: fieldAt(path?.slice(1) ?? [], whole), code: extensions?.code ?? 'no code' })),
    ...found.stale.map((path) => ({ field: fieldAt(isGraph ? path.slice(1) : path, whole), code: STALE })),
  ];
  const unexplained = found.missing.filter((path) => !errors.some((error) => isRelated(error.path ?? [], path)));
  const distinct = new Map(losses.map((loss) => [`${loss.field} ${loss.code}`, loss]));
  return { losses: [...distinct.values()], wrong: [...found.wrong, ...unexplained].map((path) => path.join('.')) };
} // prettier-ignore

/** The path without places in lists. */
const fieldAt = (path: Path, whole: string): string =>
  path.filter((step) => typeof step === 'string').join('.') || whole;

/** An error may be below the null that it causes, or above it. */
const isRelated = (left: Path, right: Path): boolean =>
  left.slice(0, right.length).every((step, index) => step === right[index]);

interface Differences {
  /** Paths of nulls in place of values. */
  readonly missing: Path[];
  /** Paths of marks that a part of the answer is old. */
  readonly stale: Path[];
  readonly wrong: Path[];
}

function differ(value: unknown, truth: unknown, path: Path, found: Differences): void {
  if (value === null && truth !== null) return void found.missing.push(path);
  if (path.at(-1) === 'desatualizado' && value === true && truth === false) return void found.stale.push(path);
  if (!isObject(value) || !isObject(truth)) {
    if (value !== truth && !(mayBeLater(path) && isSameOrLater(value, truth))) found.wrong.push(path);
    return;
  }
  const keys = Object.keys(truth);
  if (Array.isArray(value) !== Array.isArray(truth) || Object.keys(value).length !== keys.length)
    return void found.wrong.push(path);
  for (const key of keys) differ(value[key], truth[key], [...path, Array.isArray(truth) ? Number(key) : key], found);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Instants that may be any later one: when a score was computed, and when the newest inquiry was, which the load itself makes. */
const mayBeLater = (path: Path): boolean => path.at(-1) === 'calculadoEm' || path.at(-2) === 'ultimaConsulta';

const INSTANT = /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/;

const isSameOrLater = (value: unknown, truth: unknown): boolean =>
  typeof value === 'string' && INSTANT.test(value) && Date.parse(value) >= Date.parse(String(truth));
