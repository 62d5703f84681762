import { connect } from 'node:net';
import { publicErrors } from '@pessoa/domain/errors';

/** Writes bytes to a connection of its own. @returns all that comes back until it is closed, as Latin-1 */
export function rawExchange(port: number, parts: readonly (string | Buffer)[]): Promise<string> {
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

/** Writes bytes to a connection of its own. @returns the first answer to them, whatever becomes of the rest */
export function firstAnswer(port: number, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (end === -1 || text.length < end + 4 + length) return;
      text = text.slice(0, end + 4 + length);
      socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
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
