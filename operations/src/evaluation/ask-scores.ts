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
/** When the answer does not say how long. */
const WAIT_SECONDS = 5;
/** A quota that is used up; a router that starts, ends or is behind a proxy that does not reach it. */
const PASSING = new Set([429, 502, 503, 504]);

export interface AskOptions {
  /** The router, such as `http://localhost:4000`. */
  readonly router: string;
  readonly token: string;
  /** Sent as `x-finalidade`; a purpose in the token wins. */
  readonly finalidade: string;
  /** The version that must answer, such as that of people who were asked for before; default: any, the same in every answer. */
  readonly modelo?: string | undefined;
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
 * @throws EvaluationError with the code of the answer when the token may not or a source stays lost, ROTEADOR_INDISPONIVEL when the router
 * stays lost, MODELO_MUDOU when the model changes or is not the one of the options
 */
export async function askScores(labels: readonly Label[], options: AskOptions): Promise<Answers> {
  const people: ScoredPerson[] = [];
  const modelos = new Set(options.modelo === undefined ? [] : [options.modelo]);
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
    const answer = await send(page, options);
    if (!answer) {
      if (attempt === TRIES_MAX) throw new EvaluationError('ROTEADOR_INDISPONIVEL', 'the router does not answer');
      await wait(WAIT_SECONDS);
      continue;
    }
    const { status, retryAfter, body } = answer;
    const fatal = (body.errors ?? []).find(({ extensions }) => !OF_ONE_PERSON.has(extensions?.code ?? ''));
    if (status === 200 && !fatal && body.data?.pessoas.length === page.length) return body;
    const { code = 'RESPOSTA_INVALIDA', motivo, escopos } = fatal?.extensions ?? {};
    const isPassing = PASSING.has(status) || code.startsWith('FONTE_');
    if (isPassing && attempt < TRIES_MAX) {
      await wait(Math.min(retryAfter ?? WAIT_SECONDS, WAIT_MAX_SECONDS));
      continue;
    }
    const why = [motivo, escopos?.join(' ')].filter(Boolean).join(': ');
    throw new EvaluationError(code, `the router answered ${status}${why === '' ? '' : ` (${why})`}`);
  }
}

/**
 * @returns undefined when no answer came, or half of one
 * @throws EvaluationError ROTEADOR_INDISPONIVEL for a redirection: another host must not get the token
 */
async function send(
  page: readonly Label[],
  { router, token, finalidade }: AskOptions,
): Promise<{ status: number; retryAfter: number | undefined; body: Body } | undefined> {
  let response: Response;
  let text: string;
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
      redirect: 'manual',
    });
    text = await response.text();
  } catch {
    return undefined;
  }
  if (response.status >= 300 && response.status < 400)
    throw new EvaluationError('ROTEADOR_INDISPONIVEL', 'the router answers with a redirection, and the token goes to no other address'); // prettier-ignore
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  return {
    status: response.status,
    retryAfter: Number.isFinite(retryAfter) ? retryAfter : undefined,
    body: bodyOf(text),
  };
}

/** @returns a body without anything for what is not JSON, such as the page of a proxy */
function bodyOf(text: string): Body {
  try {
    return (JSON.parse(text) as Body | null) ?? {};
  } catch {
    return {};
  }
}
