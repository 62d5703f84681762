import type { FastifyRequest } from 'fastify';
import { isLocalRequest } from '../../src/explorer/local-request.ts';

const isLocal = (remoteAddress: string | undefined, headers: Record<string, string> = {}): boolean =>
  isLocalRequest({ socket: { remoteAddress }, headers } as unknown as FastifyRequest);

describe('A request is local', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1', '::FFFF:127.0.0.1'])(
    'from the loopback address %s',
    (peer) => {
      expect(isLocal(peer)).toBe(true);
    },
  );

  it.each([
    '192.168.0.7',
    '10.0.0.1',
    '172.17.0.1',
    '::ffff:10.0.0.1',
    'fe80::1',
    '2001:db8::1',
    '128.0.0.1',
    '0.0.0.0',
    '127.evil',
    '',
    undefined,
  ])(
    // prettier-ignore
    'but not from the address %s, even to the host localhost',
    (peer) => {
      expect(isLocal(peer, { host: 'localhost:4000' })).toBe(false);
    },
  );

  it.each(['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'])(
    'but not from a local proxy that forwards for another machine: %s',
    (name) => {
      expect(isLocal('127.0.0.1', { [name]: '127.0.0.1' })).toBe(false);
    },
  );
});
