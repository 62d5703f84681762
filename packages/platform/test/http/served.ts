import { type AddressInfo, connect } from 'node:net';
import { PublicError, publicErrors } from '@pessoa/domain/errors';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createHttpService, type HttpService, type HttpServiceOptions } from '../../src/http/http-service.ts';
import { checkHeaders } from '../../src/http/request-faults.ts';
import { createLogger } from '../../src/logging/logger.ts';

export interface Served extends HttpService {
  readonly port: number;
  /** Every line logged so far, parsed. */
  logged(): Record<string, unknown>[];
  /** How often a route has been reached. */
  reached(): number;
  /** Writes bytes to a connection of its own and resolves with all that comes back until it is closed. */
  raw(...parts: (string | Buffer)[]): Promise<string>;
  close(): Promise<void>;
}

/** The door as every process has it, over routes that only say that they were reached, and over a test's own. */
export async function serve(
  options: Omit<HttpServiceOptions, 'logger'> = {},
  addRoutes: (app: FastifyInstance) => void = () => {},
): Promise<Served> {
  const lines: string[] = [];
  const http = createHttpService({
    logger: createLogger({ service: 'test', level: 'info', destination: { write: (line) => void lines.push(line) } }),
    ...options,
  });
  let reached = 0;
  const reach = async ({ body, query }: { body: unknown; query: unknown }) => {
    reached++;
    return { body, query };
  };
  const rest = { config: { door: 'rest' as const }, onRequest: async (one: FastifyRequest) => checkHeaders(one) };
  http.app.get('/divida/:cpf', rest, reach);
  http.app.get('/evento/movtofinanceiro/:cpf', rest, reach);
  http.app.route({ method: ['GET', 'POST'], url: '/graphql', ...rest, config: { door: 'graphql' }, handler: reach });
  http.app.get('/health/live', async () => ({ status: 'ok' }));
  http.app.get('/broken', async () => {
    throw new Error('no person 529.982.247-25');
  });
  http.app.get('/refused', async ({ query }) => {
    throw new PublicError((query as { code: keyof typeof publicErrors }).code);
  });
  addRoutes(http.app);
  await http.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = http.app.server.address() as AddressInfo;
  return {
    ...http,
    port,
    logged: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    reached: () => reached,
    raw: (...parts) => exchange(port, parts),
    close: () => http.app.close(),
  };
}

function exchange(port: number, parts: readonly (string | Buffer)[]): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => {
      for (const part of parts) socket.write(part);
    });
    socket.on('data', (chunk: Buffer) => void chunks.push(chunk));
    socket.on('error', () => undefined); // what came before it is what counts
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The answers in what a connection sent back, each with the body that its content-length says. */
export function answersIn(text: string, options: { head?: boolean } = {}): RawAnswer[] {
  const answers: RawAnswer[] = [];
  let rest = text;
  while (rest !== '') {
    const end = rest.indexOf('\r\n\r\n');
    if (end === -1) throw new Error(`no whole answer in ${JSON.stringify(rest)}`);
    const [line = '', ...lines] = rest.slice(0, end).split('\r\n');
    const headers = Object.fromEntries(
      lines.map((one) => [one.slice(0, one.indexOf(':')).toLowerCase(), one.slice(one.indexOf(':') + 1).trim()]),
    );
    const length = options.head ? 0 : Number(headers['content-length'] ?? 0);
    const body = rest.slice(end + 4, end + 4 + length);
    answers.push({ status: Number(line.split(' ')[1]), headers, body });
    rest = rest.slice(end + 4 + length);
  }
  return answers;
}

const CLOSE = 'connection: close\r\n';

/** The bytes of a request whose connection ends with its answer. */
export const request = (line: string, headers = '', body = ''): string =>
  `${line} HTTP/1.1\r\nhost: pessoa\r\n${CLOSE}${headers}\r\n${body}`;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The code of an answer of the closed table, by either door, with its status and an id of ours; throws at any other. */
export function codeOf({ status, headers, body }: RawAnswer): string {
  const parsed = JSON.parse(body) as { code?: string; errors?: { extensions: { code: string } }[] };
  const code = parsed.errors?.[0]?.extensions.code ?? parsed.code ?? '';
  const known = Object.hasOwn(publicErrors, code) ? publicErrors[code as keyof typeof publicErrors] : undefined;
  if (known?.status !== status) throw new Error(`${status} ${body} is not of the closed table`);
  if (!UUID.test(headers['x-fapi-interaction-id'] ?? '')) throw new Error(`no id of ours: ${JSON.stringify(headers)}`);
  return code;
}
