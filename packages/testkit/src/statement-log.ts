import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import pg from 'pg';
import { messageReader, textsOf } from './postgres-messages.ts';
import { rowsRead } from './rows-read.ts';
import { clusterInfo } from './test-bases.ts';

/** One executed statement. */
export interface LoggedStatement {
  readonly text: string;
  /** Number of returned rows. */
  rowsSent: number;
  /** Rows that the server read from each table, by the executed plan. */
  rowsRead: Readonly<Record<string, number>>;
}

/** Log of a service's statements on one database. */
export interface StatementLog {
  /** URL for the service, through the log. */
  readonly url: string;
  statements(): LoggedStatement[];
  clear(): void;
  close(): Promise<void>;
}

/**
 * Relays a service's connections to PostgreSQL and logs every statement on the wire. The server reports the executed plan with its
 * row counts as a notice of auto_explain, so the code under test counts nothing.
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

/** Our clients run one statement at a time on a connection, so each message of the server belongs to the last one. */
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
