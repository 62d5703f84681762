import { createServer } from 'node:http';
import { type Service, services } from '@pessoa/domain/services';
import { graphqlSync, type GraphQLSchema } from 'graphql';
import { httpWire } from '../../src/transport/http-wire.ts';
import type { Wire } from '../../src/transport/wire.ts';
import type { Transport } from '../../src/transport/transport.ts';
import type { Call } from './expected-answer.ts';
import { type GeneratedReply, generateReply, type JsonObject } from './generated-faults.ts';
import { startDeadSource } from './faulty-sources.ts';
import { closeServer, listen, subgraphSchema } from './subgraphs.ts';

export interface ObservedCall extends GeneratedReply {
  readonly call: Call;
}

export interface FaultyTransports {
  readonly transports: Record<Service, Transport>;
  /** Starts a case: the sources have other faults from now on. */
  start(seed: number): void;
  /** The calls to each source since the start of the case. */
  readonly calls: Readonly<Record<Service, ObservedCall[]>>;
  close(): Promise<void>;
}

/**
 * Transports over HTTP whose sources have generated faults. They have no breaker and no retry, so a reply depends only
 * on the case and the query.
 */
export async function startFaultyTransports(): Promise<FaultyTransports> {
  let seed = 0;
  const calls: Record<Service, ObservedCall[]> = { debt: [], score: [], event: [] };
  const lastReply = (service: Service) => calls[service].at(-1)!.reply;
  const server = createServer((request, response) => {
    const reply = lastReply(request.url!.slice(1) as Service);
    request.resume();
    request.on('end', () => {
      if (reply.kind !== 'answers') return void response.destroy();
      const { status, body, contentType, isCutShort } = reply;
      const length = Buffer.byteLength(body);
      response.writeHead(status, { 'content-type': contentType, 'content-length': isCutShort ? length + 1 : length });
      if (!isCutShort) return void response.end(body);
      response.write(body, () => response.destroy());
    });
  });
  const { origin } = new URL(await listen(server));
  const dead = await startDeadSource();
  const wires: Wire[] = [];
  const openWire = (service: Service, url: string): Wire => {
    const wire = httpWire({
      url: new URL(service, url).href,
      fonte: services[service],
      timeoutMillis: 10_000,
      connections: 16,
    });
    wires.push(wire);
    return wire;
  };

  function openTransport(service: Service): Transport {
    const schema = subgraphSchema(service);
    const fonte = services[service];
    const [wire, deadWire] = [openWire(service, origin), openWire(service, dead.url)];
    return {
      fonte,
      async send(request) {
        const call = JSON.parse(request.body) as Call;
        const generated = generateReply(seed, service, call.query, healthyData(schema, call));
        calls[service].push({ ...generated, call });
        const isRefused = generated.reply.kind === 'refuses the connection';
        return (isRefused ? deadWire : wire).exchange(request, 10_000);
      },
      reportInvalidAnswer() {},
      state: () => 'ok',
      async close() {},
    };
  }

  return {
    transports: { debt: openTransport('debt'), score: openTransport('score'), event: openTransport('event') },
    calls,
    start(nextSeed) {
      seed = nextSeed;
      for (const list of Object.values(calls)) list.length = 0;
    },
    async close() {
      await Promise.all([...wires.map((wire) => wire.close()), closeServer(server)]);
    },
  };
}

function healthyData(schema: GraphQLSchema, { query, variables }: Call): JsonObject {
  const { data } = graphqlSync({ schema, source: query, variableValues: variables });
  return JSON.parse(JSON.stringify(data)) as JsonObject;
}
