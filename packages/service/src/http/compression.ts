import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import Negotiator from 'negotiator';
import { addVary } from './vary.ts';

/** Shorter answers are not compressed, because their headers would outweigh what is saved. */
const MIN_BYTES = 1_024;

type Done = (error: Error | null, compressed: Buffer) => void;

const encoders = {
  // With quality 4, Brotli is as fast as gzip, and its output is still smaller.
  br: (text: string, done: Done) => brotliCompress(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }, done),
  gzip: (text: string, done: Done) => gzip(text, done),
};

const ENCODINGS = Object.keys(encoders) as (keyof typeof encoders)[];

/** Compresses answers of at least 1 KiB for clients that accept a compression. */
export function compressAnswers(app: FastifyInstance): void {
  app.addHook<unknown>('onSend', ({ headers }, reply, payload, done) => {
    if (typeof payload !== 'string' || payload.length < MIN_BYTES) return done();
    addVary(reply, 'accept-encoding');
    if (headers['accept-encoding'] === undefined) return done();
    const encoding = encodingFor(headers['accept-encoding']);
    if (!encoding) return done();
    reply.header('content-encoding', encoding).removeHeader('content-length');
    encoders[encoding](payload, done);
  });
}

function encodingFor(acceptEncoding: string): keyof typeof encoders | undefined {
  const accepted = new Negotiator({ headers: { 'accept-encoding': acceptEncoding } }).encodings(ENCODINGS);
  return ENCODINGS.find((encoding) => accepted.includes(encoding));
}
