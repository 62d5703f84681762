import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import { Agent } from 'undici';

/** What came of one request. */
export interface Outcome {
  /** On the clock of `performance.now()`, when it was sent. */
  readonly at: number;
  readonly millis: number;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** The fields that are missing, by their paths, with the code of each; empty when the answer is whole. */
  readonly lost: readonly string[];
}

export interface SteadyLoad {
  readonly outcomes: readonly Outcome[];
  /** No more is sent; resolves when all have been answered. */
  stop(): Promise<void>;
}

const TIMEOUT_MILLIS = 10_000;

/**
 * Sends the main query at a steady rate, whatever becomes of those under way: a stall then shows in every request that
 * it met, not in one.
 *
 * @param perSecond requests a second
 * @param cpfs asked for in turn
 */
export function startSteadyLoad(options: {
  url: string;
  token: string;
  cpfs: readonly string[];
  perSecond: number;
}): SteadyLoad {
  const outcomes: Outcome[] = [];
  const underWay = new Set<Promise<void>>();
  const dispatcher = new Agent({ connections: 256, headersTimeout: 0, bodyTimeout: 0 });
  const startedAt = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) / 1_000) * options.perSecond);
    for (; sent < due; sent++) {
      const asked: Promise<void> = ask(options, options.cpfs[sent % options.cpfs.length]!, dispatcher)
        .then((outcome) => void outcomes.push(outcome))
        .finally(() => underWay.delete(asked));
      underWay.add(asked);
    }
  }, 10);
  return {
    outcomes,
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
      await dispatcher.destroy();
    },
  };
}

async function ask({ url, token }: { url: string; token: string }, cpf: string, dispatcher: Agent): Promise<Outcome> {
  const at = performance.now();
  const outcome = (status: number, lost: readonly string[]): Outcome => {
    return { at, millis: performance.now() - at, status, lost };
  };
  try {
    const { statusCode, body } = await dispatcher.request({
      origin: url,
      path: '/graphql',
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: EXAMPLE_QUERY, variables: { cpf } }),
      signal: AbortSignal.timeout(TIMEOUT_MILLIS),
    });
    const { errors = [] } = (await body.json()) as { errors?: GraphqlError[] };
    return outcome(statusCode, errors.map(lostField)); // prettier-ignore
  } catch (error) {
    return outcome(0, [
      error instanceof Error && error.name === 'TimeoutError' ? 'no answer in 10 s' : 'no connection',
    ]);
  }
}

interface GraphqlError {
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string };
}

const lostField = ({ path, extensions }: GraphqlError): string =>
  `${path?.slice(1).join('.') ?? 'everything'} (${extensions?.code ?? 'no code'})`;
