import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { ANA } from './graph/people.ts';
import { MAIN_QUERY } from './graph/queries.ts';
import { startRouter } from './graph/router-under-test.ts';
import { startSubgraph } from './graph/subgraphs.ts';
import { composeSupergraph } from './graph/supergraph.ts';

it('The router connects to its subgraphs only, without telemetry or usage reports', async () => {
  const settings = ['APOLLO_TELEMETRY_DISABLED', 'APOLLO_KEY', 'APOLLO_GRAPH_REF', 'APOLLO_SCHEMA_REPORTING'] as const;
  const before = settings.map((name) => [name, process.env[name]] as const);
  delete process.env['APOLLO_TELEMETRY_DISABLED'];
  Object.assign(process.env, {
    APOLLO_KEY: 'service:pessoa:key',
    APOLLO_GRAPH_REF: 'pessoa@current',
    APOLLO_SCHEMA_REPORTING: 'true',
  });

  const peers = new Set<string>();
  const watch = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    socket.on('lookup', (_error, _address, _family, host: string) => peers.add(host));
    socket.on('connectionAttempt', (ip: string, port: number) => peers.add(`${ip}:${port}`));
  };
  subscribe('net.client.socket', watch);
  try {
    const [debt, score, event] = await Promise.all([
      startSubgraph('debt'),
      startSubgraph('score'),
      startSubgraph('event'),
    ]);
    const router = await startRouter(composeSupergraph(), { debt: debt.url, score: score.url, event: event.url });
    expect((await router.ask(MAIN_QUERY, { cpf: ANA })).errors).toEqual([]);
    // An exporter of the gateway would also send at the stop.
    await router.close();
    expect([...peers].sort()).toEqual([debt, score, event].map(({ url }) => new URL(url).host).sort());
    await Promise.all([debt.close(), score.close(), event.close()]);
  } finally {
    unsubscribe('net.client.socket', watch);
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
});
