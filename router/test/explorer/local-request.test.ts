import type { FastifyRequest } from 'fastify';
import { isLocalRequest } from '../../src/explorer/local-request.ts';

const asked = (remoteAddress: string | undefined, headers: Record<string, string> = {}): boolean =>
  isLocalRequest({ socket: { remoteAddress }, headers } as unknown as FastifyRequest);

describe('A page with a token is for programs of this machine', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1', '::FFFF:127.0.0.1'])('like one at %s', (peer) => {
    expect(asked(peer)).toBe(true);
  });

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
    'and for none at %s, whatever host it asks for',
    (peer) => {
      expect(asked(peer, { host: 'localhost:4000' })).toBe(false);
    },
  );

  it.each(['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'])(
    'and for none that a proxy of this machine asks for: %s',
    (name) => {
      expect(asked('127.0.0.1', { [name]: '127.0.0.1' })).toBe(false);
    },
  );
});
