import { Readable } from 'node:stream';
import { PublicError } from '@pessoa/domain/errors';
import { answerLine, BATCH_ANSWER_TYPE, BATCH_FETCHES_MAX, BATCH_SUFFIX } from '@pessoa/service/graphql/batch-format';
import { type FetchHandler, factsOfFetch, type RouterFetch } from '@pessoa/service/graphql/router-fetch';
import { logFetch } from '@pessoa/service/http/request-log';
import type { Logger } from '@pessoa/service/logging/logger';
import { asServedRequest } from '@pessoa/service/resilience/served-request';
import type { FastifyInstance, FastifyReply, onRequestHookHandler } from 'fastify';

/** Mounts `POST /graphql/batch`: several fetches of the router in one request. */
export function mountBatches(
  app: FastifyInstance,
  options: {
    /** Admits the router alone: a batch has its identity, and each fetch a token of its own. */
    admit: onRequestHookHandler;
    handleFetch: FetchHandler;
    logger: Logger;
  },
): void {
  const { admit, handleFetch, logger } = options;
  app.post(`/graphql${BATCH_SUFFIX}`, { config: { door: 'graphql' }, onRequest: admit }, (request, reply) => {
    const fetches = readBatch(request.body);
    const answers = new AnswerStream(fetches.length);
    const answer = async (fetch: RouterFetch, number: number): Promise<void> => {
      const facts = factsOfFetch(fetch);
      const { status, body } = await handleFetch(fetch, facts);
      answers.add(answerLine(number, { status, body }));
      logFetch(facts, isAbandoned(reply) ? undefined : status, logger);
    };
    for (const [number, fetch] of fetches.entries()) {
      asServedRequest(() => answer(fetch, number)).catch((err: Error) => {
        logger.error({ err });
        answers.readable.destroy(err);
      });
    }
    return reply.type(BATCH_ANSWER_TYPE).send(answers.readable);
  });
}

/** Whether the router has left before all answers were there. It cannot tell whether the router still waits for a certain fetch. */
const isAbandoned = ({ raw }: FastifyReply): boolean => raw.destroyed && !raw.writableFinished;

/** @throws PublicError BAD_USER_INPUT for what no router sends */
function readBatch(body: unknown): readonly RouterFetch[] {
  const isBatch = Array.isArray(body) && body.length > 0 && body.length <= BATCH_FETCHES_MAX && body.every(isFetch);
  if (!isBatch) throw new PublicError('BAD_USER_INPUT', { detail: 'This is not a batch of the router.' });
  return body as RouterFetch[];
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const isFetch = (value: unknown): boolean =>
  isObject(value) &&
  isObject(value['headers']) &&
  isObject(value['request']) &&
  typeof value['request']['query'] === 'string' &&
  isObject(value['request']['variables']);

/** A stream of lines. Lines of one tick of the event loop are one chunk. */
class AnswerStream {
  readonly readable = new Readable({ read() {} });
  #text = '';
  #missing: number;

  constructor(lines: number) {
    this.#missing = lines;
  }

  add(line: string): void {
    if (this.#text === '') setImmediate(() => this.#push());
    this.#text += line;
    this.#missing--;
  }

  #push(): void {
    this.readable.push(this.#text);
    this.#text = '';
    if (this.#missing === 0) this.readable.push(null);
  }
}
