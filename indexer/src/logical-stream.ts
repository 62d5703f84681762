import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { LogicalReplicationService, type Pgoutput, PgoutputPlugin } from 'pg-logical-replication';
import { PUBLICATION } from './logical-contract.ts';
import { formatLsn, type Lsn, parseLsn } from './lsn.ts';

/** Handlers of what a slot sends, called in order. */
export interface StreamEvents {
  /** The next message waits until the promise resolves. */
  onMessage(message: Pgoutput.Message): Promise<void>;
  /** Everything before `lsn` was sent and handled. */
  onReached(lsn: Lsn): void;
  onFailure(error: unknown): void;
}

export interface LogicalStream {
  /**
   * Tells PostgreSQL that changes before `confirmed` need not be sent again, and asks for its position, which comes by
   * `onReached`. Without a report for a minute PostgreSQL ends the connection.
   */
  report(confirmed: Lsn): void;
  stop(): Promise<void>;
}

const STOP_MILLIS = 2_000;

/** Adds session settings to the URL that decide how the server writes values. Other options of the URL stay. */
function withPlainText(replicationUrl: string): string {
  const url = new URL(replicationUrl);
  const plain =
    '-c TimeZone=UTC -c DateStyle=ISO,YMD -c extra_float_digits=1 -c bytea_output=hex -c statement_timeout=0';
  url.searchParams.set('options', [url.searchParams.get('options'), plain].filter(Boolean).join(' '));
  return url.href;
}

/** Reads a slot from a position. */
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
    // The service's own timer would acknowledge received messages before they are handled.
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
  // The service emits a heartbeat at once, even while earlier messages wait to be handled.
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
      // The service expects the last byte received and adds one. `confirmed` is the first byte not received. Without the
      // subtraction, a transaction that is committed directly after it would count as confirmed.
      service.acknowledge(formatLsn(confirmed - 1), true).catch(() => {});
    },
    async stop() {
      isStopping = true;
      // A paused connection would never end. Messages are dropped until it is not paused any more.
      const deadline = performance.now() + STOP_MILLIS;
      while (arrived > handled && performance.now() < deadline) await nextTurn();
      await Promise.race([service.destroy().catch(() => {}), sleep(STOP_MILLIS, undefined, { ref: false })]);
    },
  };
}
