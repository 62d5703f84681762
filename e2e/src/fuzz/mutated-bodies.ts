import fc from 'fast-check';
import type { StrangeRequest } from './strange-requests.ts';

type Mutation = (body: Buffer) => Buffer;

/** Bytes and passages that break JSON, text or GraphQL, or mean something else in them. */
const PIECES = ['\0', '\x7f', '\ufeff', '\ud800', '\\u0000', '\\ud800', '"', '\\', '{', '}', '[', ']', ',', ':', 'null', '1e999', '-', '"__proto__":{},', '"query":"{a}",', '/*', '//', "'", '\r\n\r\n'].map((piece) => Buffer.from(piece)); // prettier-ignore
const BAD_UTF8 = [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xe2, 0x82]].map((bytes) => Buffer.from(bytes)); // prettier-ignore

const replaceFrom = (body: Buffer, from: number, length: number, middle: Uint8Array): Buffer =>
  Buffer.concat([body.subarray(0, from), middle, body.subarray(from + length)]);

const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const placeIn = (body: Buffer, share: number): number => Math.floor(share * (body.length + 1));
const at = <T>(values: fc.Arbitrary<T>, mutate: (body: Buffer, from: number, value: T) => Buffer) =>
  fc.tuple(place, values).map(
    ([share, value]): Mutation =>
      (body) =>
        mutate(body, Math.min(placeIn(body, share), body.length), value),
  );

/** Changes of the bytes. */
const ofBytes: fc.Arbitrary<Mutation> = fc.oneof(
  at(fc.nat({ max: 40 }), (body, from, length) => replaceFrom(body, from, length, Buffer.alloc(0))),
  at(fc.nat({ max: 40 }), (body, from, length) => replaceFrom(body, from, 0, body.subarray(from, from + length))),
  at(fc.constantFrom(...PIECES, ...BAD_UTF8), (body, from, piece) => replaceFrom(body, from, 0, piece)),
  at(fc.uint8Array({ minLength: 1, maxLength: 8 }), (body, from, bytes) =>
    replaceFrom(body, from, bytes.length, bytes),
  ),
  at(fc.constant(0), (body, from) => body.subarray(0, from)),
);

/** Changes of the JSON value; a body that is none stays as it is. */
const ofJson =
  (mutate: (value: Record<string, unknown>) => unknown): Mutation =>
  (body) => {
    try {
      return Buffer.from(JSON.stringify(mutate(JSON.parse(body.toString()) as Record<string, unknown>)) ?? '');
    } catch {
      return body;
    }
  };

const MEMBERS = ['query', 'variables', 'operationName', 'extensions', '__proto__', 'constructor', 'batch', 'id'];
const ofValue: fc.Arbitrary<Mutation> = fc.oneof(
  fc
    .tuple(fc.constantFrom(...MEMBERS), fc.jsonValue({ maxDepth: 3 }))
    .map(([member, value]) => ofJson((request) => Object.defineProperty(request, member, { value, enumerable: true, configurable: true, writable: true }))), // prettier-ignore
  fc.constantFrom(...MEMBERS).map((member) => ofJson(({ [member]: _, ...request }) => request)),
  fc.integer({ min: 0, max: 3 }).map((times) => ofJson((request) => Array.from({ length: times }, () => request))),
  fc.jsonValue({ maxDepth: 4 }).map((value) => ofJson(() => value)),
  fc.tuple(fc.constantFrom('[', '{"a":'), fc.constantFrom(10, 1_000, 20_000)).map(
    ([open, depth]): Mutation =>
      (body) =>
        Buffer.concat([Buffer.from(open.repeat(depth)), body]),
  ),
  fc.constantFrom(90_000, 102_400, 200_000).map((length) => ofJson((request) => ({ ...request, enchimento: 'x'.repeat(length) }))), // prettier-ignore
  fc.constantFrom<BufferEncoding>('utf16le', 'latin1').map(
    (encoding): Mutation =>
      (body) =>
        Buffer.from(body.toString(), encoding),
  ),
);

const HEADERS: readonly Record<string, string>[] = [
  { 'content-type': 'text/plain' },
  { 'content-type': 'application/json; charset=utf-16' },
  { 'content-type': 'application/json, text/plain' },
  { 'content-type': 'application/graphql' },
  { 'content-type': 'multipart/form-data; boundary=x' },
  { 'content-encoding': 'gzip' },
  { 'content-encoding': 'identity, br' },
  { 'transfer-encoding-not': 'chunked' },
  { accept: 'text/html' },
  { accept: '*/*;q=0' },
];

/**
 * A request whose body was changed one to three times.
 * @param bodies JSON texts to begin with
 */
export const mutatedBodies = (bodies: readonly string[]): fc.Arbitrary<StrangeRequest> =>
  fc
    .record({
      body: fc.constantFrom(...bodies),
      mutations: fc.array(fc.oneof({ weight: 3, arbitrary: ofBytes }, { weight: 2, arbitrary: ofValue }), { minLength: 1, maxLength: 3 }), // prettier-ignore
      headers: fc.oneof(
        { weight: 9, arbitrary: fc.constant({}) },
        { weight: 1, arbitrary: fc.constantFrom(...HEADERS) },
      ),
    })
    .map(({ body, mutations, headers }) => ({
      method: 'POST',
      path: '/graphql',
      headers: { 'content-type': 'application/json', ...headers },
      body: mutations.reduce<Buffer>((changed, mutate) => mutate(changed), Buffer.from(body)),
    }));
