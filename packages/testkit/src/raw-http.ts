import { connect } from 'node:net';
import { publicErrors } from '@pessoa/domain/errors';

/** Sends bytes on a new connection. @returns everything received until the connection ends, as Latin-1 */
export function rawExchange(port: number, parts: readonly (string | Buffer)[]): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => {
      for (const part of parts) socket.write(part);
    });
    socket.on('data', (chunk: Buffer) => void chunks.push(chunk));
    socket.on('error', () => undefined); // the bytes before the error count
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}

/** Sends bytes on a new connection. @returns the first answer; further answers are ignored */
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

/** Splits the bytes of a connection into answers by their content-length. */
export function answersIn(text: string, options: { head?: boolean } = {}): RawAnswer[] {
  const answers: RawAnswer[] = [];
  let remaining = text;
  while (remaining !== '') {
    const end = remaining.indexOf('\r\n\r\n');
    if (end === -1) throw new Error(`no complete answer in ${JSON.stringify(remaining)}`);
    const [line = '', ...lines] = remaining.slice(0, end).split('\r\n');
    const headers = Object.fromEntries(
      lines.map((header) => [
        header.slice(0, header.indexOf(':')).toLowerCase(),
        header.slice(header.indexOf(':') + 1).trim(),
      ]),
    );
    const length = options.head ? 0 : Number(headers['content-length'] ?? 0);
    const body = remaining.slice(end + 4, end + 4 + length);
    answers.push({ status: Number(line.split(' ')[1]), headers, body });
    remaining = remaining.slice(end + 4 + length);
  }
  return answers;
}

const CLOSE = 'connection: close\r\n';

/** @returns the bytes of a request that asks the server to close the connection */
export const request = (line: string, headers = '', body = ''): string =>
  `${line} HTTP/1.1\r\nhost: pessoa\r\n${CLOSE}${headers}\r\n${body}`;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * @returns the error code of a GraphQL or REST answer
 * @throws Error unless code and status are in the closed table of errors and the interaction id is ours
 */
export function codeOf({ status, headers, body }: RawAnswer): string {
  const parsed = JSON.parse(body) as { code?: string; errors?: { extensions: { code: string } }[] };
  const code = parsed.errors?.[0]?.extensions.code ?? parsed.code ?? '';
  const publicError = Object.hasOwn(publicErrors, code) ? publicErrors[code as keyof typeof publicErrors] : undefined;
  if (publicError?.status !== status) throw new Error(`${status} ${body} is not in the closed table of errors`);
  if (!UUID.test(headers['x-fapi-interaction-id'] ?? ''))
    throw new Error(`no interaction id of ours: ${JSON.stringify(headers)}`);
  return code;
}
