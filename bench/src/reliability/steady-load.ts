import { EXAMPLE_QUERY } from '@pessoa/service/development/example-query';
import { Agent } from 'undici';

/** The outcome of one request. */
export interface Outcome {
  /** The time of `performance.now()`. */
  readonly sentAt: number;
  readonly millis: number;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** Each missing field as its path and error code; empty when the answer is complete. */
  readonly lostFields: readonly string[];
}

export interface SteadyLoad {
  readonly outcomes: readonly Outcome[];
  /** Sends no more requests. Resolves when all have an outcome. */
  stop(): Promise<void>;
}

const TIMEOUT_MILLIS = 10_000;

/**
 * Sends the main query at a steady rate without waiting for answers: a stall shows in every request of its time, not in
 * one.
 *
 * @param perSecond requests a second
 * @param cpfs each request asks for the next one, in turn
 */
export function startSteadyLoad(options: {
  url: string;
  token: string;
  cpfs: readonly string[];
  perSecond: number;
}): SteadyLoad {
  const outcomes: Outcome[] = [];
  const pendingRequests = new Set<Promise<void>>();
  const dispatcher = new Agent({ connections: 256, headersTimeout: 0, bodyTimeout: 0 });
  const startedAt = performance.now();
  let sentCount = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) / 1_000) * options.perSecond);
    for (; sentCount < due; sentCount++) {
      const request: Promise<void> = sendQuery(options, options.cpfs[sentCount % options.cpfs.length]!, dispatcher)
        .then((outcome) => void outcomes.push(outcome))
        .finally(() => pendingRequests.delete(request));
      pendingRequests.add(request);
    }
  }, 10);
  return {
    outcomes,
    async stop() {
      clearInterval(timer);
      await Promise.all(pendingRequests);
      await dispatcher.destroy();
    },
  };
}

async function sendQuery(
  { url, token }: { url: string; token: string },
  cpf: string,
  dispatcher: Agent,
): Promise<Outcome> {
  const sentAt = performance.now();
  const outcome = (status: number, lostFields: readonly string[]): Outcome => {
    return { sentAt, millis: performance.now() - sentAt, status, lostFields };
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
