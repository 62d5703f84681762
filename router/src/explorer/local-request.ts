import { isIPv4 } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** Headers that a proxy adds to a request that it forwards. */
const FORWARDING_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'] as const;

/**
 * Whether a program on this machine sent the request. The remote address of the connection must be a loopback address.
 * A forwarded request is not local: a proxy on this machine may forward for another machine.
 */
export function isLocalRequest({ socket, headers }: Pick<FastifyRequest, 'socket' | 'headers'>): boolean {
  const peer = (socket.remoteAddress ?? '').replace(/^::ffff:/i, '');
  const isLoopback = peer === '::1' || (isIPv4(peer) && peer.startsWith('127.'));
  return isLoopback && FORWARDING_HEADERS.every((name) => headers[name] === undefined);
}
