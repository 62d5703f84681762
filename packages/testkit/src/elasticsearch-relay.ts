import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What happens to a search, or to other affected requests, on the way to Elasticsearch. Other requests pass. */
export type SearchFault =
  | { readonly kind: 'cut' } // the connection ends, as when the server is killed
  | { readonly kind: 'hung' } // never answered
  | { readonly kind: 'slow'; readonly millis: number } // answered in full, later
  | { readonly kind: 'trickle' } // the answer begins at once and never ends
  | { readonly kind: 'halved' } // the connection breaks in the middle of the answer
  | { readonly kind: 'answers'; readonly status: number; readonly body: string; readonly product?: boolean }
  | { readonly kind: 'changed'; readonly change: (answer: SearchAnswer) => unknown };

/** Answer to a search; the answer to several searches has `responses`. */
export interface SearchAnswer {
  timed_out: boolean;
  terminated_early?: boolean;
  _shards: { total: number; successful: number; failed: number };
  hits: { total?: { value: number }; hits: { _source: Record<string, unknown> }[] };
  responses: SearchAnswer[];
}

export interface ElasticsearchRelay {
  readonly url: string;
  /** Number of search requests so far. */
  searches(): number;
  fail(fault: SearchFault | undefined): void;
  close(): Promise<void>;
}

const SEARCH = /\/_m?search\b/;
const HEADERS = { 'content-type': 'application/vnd.elasticsearch+json;compatible-with=8' };
const PRODUCT = { 'x-elastic-product': 'Elasticsearch' };

/** Starts a relay to the real Elasticsearch, in which a test can break searches. */
export async function startElasticsearchRelay(
  target: string,
  affectedPaths: RegExp = SEARCH,
): Promise<ElasticsearchRelay> {
  let fault: SearchFault | undefined;
  let count = 0;
  const server = createServer((incoming, outgoing) => {
    outgoing.on('error', () => {});
    const path = incoming.url ?? '';
    if (SEARCH.test(path)) count++;
    void relay(target, affectedPaths.test(path) ? fault : undefined, incoming, outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    searches: () => count,
    fail: (next) => (fault = next),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function relay(
  target: string,
  fault: SearchFault | undefined,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  if (fault?.kind === 'cut') return void incoming.socket.destroy();
  if (fault?.kind === 'hung') return void incoming.resume();
  if (fault?.kind === 'answers') {
    incoming.resume();
    outgoing.writeHead(fault.status, { ...HEADERS, ...(fault.product !== false && PRODUCT) }).end(fault.body);
    return;
  }
  const { status, body } = await ask(target, incoming);
  if (fault?.kind === 'slow') await sleep(fault.millis);
  const text = fault?.kind === 'changed' ? JSON.stringify(fault.change(JSON.parse(body) as SearchAnswer)) : body;
  outgoing.writeHead(status, { ...HEADERS, ...PRODUCT });
  if (fault?.kind === 'trickle' || fault?.kind === 'halved') {
    outgoing.write(text.slice(0, text.length / 2));
    if (fault.kind === 'halved') setTimeout(() => outgoing.destroy(), 50);
    return;
  }
  outgoing.end(text);
}

async function ask(target: string, incoming: IncomingMessage): Promise<{ status: number; body: string }> {
  const { method, headers } = incoming;
  const onward = httpRequest(new URL(incoming.url ?? '/', target), {
    method,
    headers: { ...headers, 'accept-encoding': 'identity' },
  });
  incoming.pipe(onward);
  const answer = await new Promise<IncomingMessage>((resolve, reject) => onward.on('response', resolve).on('error', reject)); // prettier-ignore
  let body = '';
  for await (const chunk of answer.setEncoding('utf8')) body += String(chunk);
  return { status: answer.statusCode ?? 502, body };
}
