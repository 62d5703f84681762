import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Service, serviceNames } from '@pessoa/domain/services';
import { systemClock } from '@pessoa/domain/data';
import { readConfig } from '@pessoa/router/config';
import { answerLine, BATCH_ANSWER_TYPE } from '@pessoa/service/graphql/batch-format';
import { INTERNAL_IDENTITY_HEADER, internalIdentitySigner } from '@pessoa/service/identity/internal-identity';

/**
 * Three subgraphs that cost next to nothing: they answer a fetch with the bytes that the real subgraph answered to it the first time.
 * They sign for the routers that cannot. `PUT /conditions` changes how they answer: `ReplayConditions` as JSON.
 */

export interface ReplayConditions {
  /** The mean of the exponential latency of each answer. 0: none. */
  readonly latencyMillis: number;
  /** False: a batch of fetches gets 404, and the router sends them one by one. */
  readonly batches: boolean;
}

let conditions: ReplayConditions = { latencyMillis: 0, batches: true };

const latency = async (): Promise<void> => {
  const { latencyMillis } = conditions;
  if (latencyMillis > 0) await sleep(-latencyMillis * Math.log(1 - Math.random()));
};

const config = readConfig(process.env);
const identityFor = internalIdentitySigner(config.internalKey, systemClock);

async function record(name: Service, authorization: string, body: string): Promise<string> {
  const call = { subgraph: name, method: 'POST', path: '/graphql', authorization, finalidade: '' };
  const headers = {
    'content-type': 'application/json',
    authorization,
    [INTERNAL_IDENTITY_HEADER]: identityFor(call, body),
  };
  const response = await fetch(config.subgraphs[name].url, { method: 'POST', headers, body });
  const answer = await response.text();
  if (response.status !== 200 || answer.includes('"errors"')) throw new Error(`${name}: ${response.status} ${answer}`);
  return answer;
}

async function listen(name: Service): Promise<string> {
  const answers = new Map<string, Promise<string>>();
  const answerTo = (authorization: string, body: string): Promise<string> => {
    let answer = answers.get(body);
    if (!answer) answers.set(body, (answer = record(name, authorization, body)));
    return answer;
  };

  async function answerBatch(body: string, response: ServerResponse): Promise<void> {
    const fetches = JSON.parse(body) as { headers: { authorization: string }; request: object }[];
    response.setHeader('content-type', BATCH_ANSWER_TYPE);
    await Promise.all(
      fetches.map(async ({ headers, request }, number) => {
        const answer = await answerTo(headers.authorization, JSON.stringify(request));
        await latency();
        response.write(answerLine(number, { status: 200, body: JSON.parse(answer) }));
      }),
    );
    response.end();
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    if (request.method === 'PUT') {
      conditions = JSON.parse(body) as ReplayConditions;
      response.end();
      return;
    }
    if (request.url!.endsWith('/batch')) {
      if (conditions.batches) return answerBatch(body, response);
      response.writeHead(404).end();
      return;
    }
    const bytes = await answerTo(request.headers.authorization ?? '', body);
    await latency();
    response.setHeader('content-type', 'application/json');
    response.end(bytes);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      console.error(error);
      response.writeHead(500).end();
    });
  });
  server.keepAliveTimeout = 75_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}

const urls = Object.fromEntries(
  await Promise.all(serviceNames.map(async (name) => [name, await listen(name)] as const)),
);
process.send?.({ url: JSON.stringify(urls) });
