import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import pg from 'pg';
import { messageReader, textsOf } from './postgres-messages.ts';
import { rowsRead } from './rows-read.ts';
import { clusterInfo } from './test-bases.ts';

/** One statement as the server ran it. */
export interface LoggedStatement {
  readonly text: string;
  /** Rows that came back. */
  rowsSent: number;
  /** Rows the server read of each table to make them, by the plan it ran. */
  rowsRead: Readonly<Record<string, number>>;
}

/** What a service asks of one database of the test cluster. */
export interface StatementLog {
  /** The database through the log: give it to the service in place of its own URL. */
  readonly url: string;
  statements(): LoggedStatement[];
  clear(): void;
  close(): Promise<void>;
}

/**
 * Stands between a service and PostgreSQL and notes every statement that passes on the wire. The server tells the plan
 * it ran, with the rows it read, as a notice of its auto_explain; so nothing is counted by the code under test.
 */
export async function openStatementLog(databaseUrl: string): Promise<StatementLog> {
  const target = new URL(databaseUrl);
  await explainAll(target.pathname.slice(1));
  let statements: LoggedStatement[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => {}));
    watch(client, upstream, (statement) => statements.push(statement));
    client.pipe(upstream);
    upstream.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    statements: () => statements,
    clear: () => void (statements = []),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function explainAll(database: string): Promise<void> {
  const settings = {
    session_preload_libraries: 'auto_explain',
    'auto_explain.log_min_duration': '0',
    'auto_explain.log_analyze': 'on',
    'auto_explain.log_format': 'json',
    'auto_explain.log_level': 'notice',
  };
  const admin = new pg.Client({ connectionString: clusterInfo().superuserUrl });
  await admin.connect();
  for (const [name, value] of Object.entries(settings)) {
    await admin.query(`ALTER DATABASE ${pg.escapeIdentifier(database)} SET ${name} = ${pg.escapeLiteral(value)}`);
  }
  await admin.end();
}

/** A client of ours has one statement under way on a connection, so what the server sends is about the last one. */
function watch(client: Socket, upstream: Socket, onStatement: (statement: LoggedStatement) => void): void {
  const prepared = new Map<string, string>();
  const portals = new Map<string, string>();
  let current: LoggedStatement | undefined;
  const begin = (text: string): void => {
    current = { text, rowsSent: 0, rowsRead: {} };
    onStatement(current);
  };
  client.on(
    'data',
    messageReader(true, ({ type, body }) => {
      const [first = '', second = ''] = /^[PBEQ]$/.test(type)
        ? textsOf(body, type === 'P' || type === 'B' ? 2 : 1)
        : [];
      if (type === 'P') prepared.set(first, second);
      else if (type === 'B') portals.set(first, prepared.get(second) ?? '');
      else if (type === 'E') begin(portals.get(first) ?? '');
      else if (type === 'Q') begin(first);
    }),
  );
  upstream.on(
    'data',
    messageReader(false, ({ type, body }) => {
      if (!current) return;
      if (type === 'D') current.rowsSent++;
      const plan = type === 'N' ? /plan:\s*(\{[\s\S]*\})/.exec(body.toString())?.[1] : undefined;
      if (plan) current.rowsRead = rowsRead((JSON.parse(plan) as { Plan: Parameters<typeof rowsRead>[0] }).Plan);
    }),
  );
}
