import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { EvaluationError } from './evaluation-error.ts';
import type { Label } from './labels.ts';
import type { ScoredFator, ScoredPerson } from './scored-person.ts';

const QUERY = readFileSync(new URL('./avaliacao.graphql', import.meta.url), 'utf8');
/** The most that `pessoas` takes. */
const PAGE = 100;
const TRIES_MAX = 4;
const ANSWER_MILLIS = 30_000;
/** A client's quota is of a minute. */
const WAIT_MAX_SECONDS = 120;

export interface AskOptions {
  /** The router, such as `http://localhost:4000`. */
  readonly router: string;
  readonly token: string;
  /** Sent as `x-finalidade`; a purpose in the token wins. */
  readonly finalidade: string;
  readonly onProgress?: (asked: number) => void;
  /** Waits; tests pass another. */
  readonly wait?: (seconds: number) => Promise<void>;
}

/** How the product answered about labelled people. */
export interface Answers {
  readonly people: readonly ScoredPerson[];
  /** The version of the model, the same in every answer; undefined without one. */
  readonly modelo: string | undefined;
  /** People whom Base B does not know. */
  readonly unknown: number;
  /** People whose rows Base B got wrong: they have no score. */
  readonly invalid: number;
  /** People whose score came from a copy that may lack what Base B has. */
  readonly stale: number;
}

interface AnsweredPerson {
  readonly score: {
    readonly valor: number;
    readonly faixa: string;
    readonly probabilidadeInadimplencia: string;
    readonly modelo: string;
    readonly desatualizado: boolean;
    readonly fatores: readonly ScoredFator[];
  } | null;
  readonly perfil: { readonly idade: number | null } | null;
}

interface Body {
  readonly data?: { readonly pessoas: readonly AnsweredPerson[] } | null;
  readonly errors?: readonly {
    readonly path?: readonly (string | number)[];
    readonly extensions?: { readonly code?: string; readonly motivo?: string; readonly escopos?: readonly string[] };
  }[];
}

/**
 * Asks the product for the score of each labelled person, 100 at a time: an operation like any client's, so each person gets an
 * inquiry. Waits when the client's quota is used up.
 *
 * @throws EvaluationError with the code of the answer when the token may not, when a source stays lost, or when the model changes
 */
export async function askScores(labels: readonly Label[], options: AskOptions): Promise<Answers> {
  const people: ScoredPerson[] = [];
  const modelos = new Set<string>();
  let [unknown, invalid, stale] = [0, 0, 0];
  for (let from = 0; from < labels.length; from += PAGE) {
    const page = labels.slice(from, from + PAGE);
    const { data, errors = [] } = await askPage(page, options);
    const lost = new Set(errors.map(({ path }) => path?.[1]));
    for (const [index, { inadimplente }] of page.entries()) {
      const { score, perfil } = data!.pessoas[index]!;
      if (!score) {
        if (lost.has(index)) invalid++;
        else unknown++;
        continue;
      }
      const { probabilidadeInadimplencia, modelo, desatualizado, ...rest } = score;
      modelos.add(modelo);
      if (desatualizado) stale++;
      people.push({ ...rest, inadimplente, chance: Number(probabilidadeInadimplencia), idade: perfil?.idade ?? null });
    }
    if (modelos.size > 1)
      throw new EvaluationError('MODELO_MUDOU', `answers are of several models: ${[...modelos].join(', ')}`);
    options.onProgress?.(from + page.length);
  }
  return { people, modelo: [...modelos][0], unknown, invalid, stale };
}

/** The codes of errors that cost one person. */
const OF_ONE_PERSON = new Set(['FONTE_INVALIDA']);

async function askPage(page: readonly Label[], options: AskOptions): Promise<Body> {
  const { wait = (seconds) => sleep(1_000 * seconds) } = options;
  for (let attempt = 1; ; attempt++) {
    const { status, retryAfter, body } = await send(page, options);
    const fatal = (body.errors ?? []).find(({ extensions }) => !OF_ONE_PERSON.has(extensions?.code ?? ''));
    if (status === 200 && !fatal && body.data?.pessoas.length === page.length) return body;
    const { code = 'RESPOSTA_INVALIDA', motivo, escopos } = fatal?.extensions ?? {};
    const isPassing = status === 429 || status === 503 || code.startsWith('FONTE_');
    if (isPassing && attempt < TRIES_MAX) {
      await wait(Math.min(retryAfter ?? 5, WAIT_MAX_SECONDS));
      continue;
    }
    const why = [motivo, escopos?.join(' ')].filter(Boolean).join(': ');
    throw new EvaluationError(code, `the router answered ${status}${why === '' ? '' : ` (${why})`}`);
  }
}

async function send(
  page: readonly Label[],
  { router, token, finalidade }: AskOptions,
): Promise<{ status: number; retryAfter: number | undefined; body: Body }> {
  let response: Response;
  try {
    response = await fetch(new URL('/graphql', router), {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'x-finalidade': finalidade,
      },
      body: JSON.stringify({ query: QUERY, variables: { cpfs: page.map(({ cpf }) => cpf) } }),
      signal: AbortSignal.timeout(ANSWER_MILLIS),
      redirect: 'error', // another host must not get the token
    });
  } catch {
    throw new EvaluationError('ROTEADOR_INDISPONIVEL', 'the router does not answer');
  }
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  const body = (await response.json().catch(() => ({}))) as Body;
  return { status: response.status, retryAfter: Number.isFinite(retryAfter) ? retryAfter : undefined, body };
}
