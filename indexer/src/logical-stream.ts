import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { LogicalReplicationService, type Pgoutput, PgoutputPlugin } from 'pg-logical-replication';
import { PUBLICATION } from './logical-contract.ts';
import { formatLsn, type Lsn, parseLsn } from './lsn.ts';

/** What a slot sends, in its order; each is waited for before the next. */
export interface StreamEvents {
  onMessage(message: Pgoutput.Message): Promise<void>;
  /** Everything up to there was sent before this. */
  onReached(lsn: Lsn): void;
  onFailure(error: unknown): void;
}

export interface LogicalStream {
  /**
   * Tells PostgreSQL that it need not send again what came before `confirmed`, and asks it how far it is: `onReached`
   * follows. It also ends a connection that says nothing for a minute.
   */
  report(confirmed: Lsn): void;
  stop(): Promise<void>;
}

const STOP_MILLIS = 2_000;

/** The server writes the values of a row as this connection's session has it; what the URL asks for besides stays. */
function withPlainText(replicationUrl: string): string {
  const url = new URL(replicationUrl);
  const plain =
    '-c TimeZone=UTC -c DateStyle=ISO,YMD -c extra_float_digits=1 -c bytea_output=hex -c statement_timeout=0';
  url.searchParams.set('options', [url.searchParams.get('options'), plain].filter(Boolean).join(' '));
  return url.href;
}

/** Reads a slot from a place on. */
export function openLogicalStream(
  options: { replicationUrl: string; slot: string; from: Lsn },
  events: StreamEvents,
): LogicalStream {
  let arrived = 0;
  let handled = 0;
  const pendingHeartbeats: { readonly after: number; readonly lsn: Lsn }[] = [];
  const plugin = new (class extends PgoutputPlugin {
    override parse(buffer: Buffer): Pgoutput.Message {
      arrived++;
      return super.parse(buffer);
    }
  })({ protoVersion: 1, publicationNames: [PUBLICATION] });
  const service = new LogicalReplicationService(
    { connectionString: withPlainText(options.replicationUrl), keepAlive: true },
    // Its timer would acknowledge what it has received, whether or not anything was done with it.
    { acknowledge: { auto: false, timeoutSeconds: 0 }, flowControl: { enabled: true } },
  );
  let isStopping = false;
  service.on('error', (error: unknown) => isStopping || events.onFailure(error));
  service.on('data', async (_lsn: string, message: Pgoutput.Message) => {
    if (!isStopping) await events.onMessage(message).catch(events.onFailure);
    handled++;
    while (pendingHeartbeats[0] && pendingHeartbeats[0].after <= handled)
      events.onReached(pendingHeartbeats.shift()!.lsn);
  });
  // It tells of a heartbeat at once, even while messages before it wait for their turn.
  service.on('heartbeat', (lsn: string) => {
    if (arrived === handled) events.onReached(parseLsn(lsn));
    else pendingHeartbeats.push({ after: arrived, lsn: parseLsn(lsn) });
  });
  service.subscribe(plugin, options.slot, formatLsn(options.from)).then(
    () => isStopping || events.onFailure(new Error('Base C ended the replication')),
    (error: unknown) => isStopping || events.onFailure(error),
  );
  return {
    report(confirmed) {
      // It adds one to what it is given, as for the last byte received; ours is the first one not received. With one more,
      // a transaction whose commit comes directly after would be taken for confirmed too.
      service.acknowledge(formatLsn(confirmed - 1), true).catch(() => {});
    },
    async stop() {
      isStopping = true;
      // A paused connection would never end: messages are dropped until it runs again.
      const deadline = performance.now() + STOP_MILLIS;
      while (arrived > handled && performance.now() < deadline) await nextTurn();
      await Promise.race([service.destroy().catch(() => {}), sleep(STOP_MILLIS, undefined, { ref: false })]);
    },
  };
}
