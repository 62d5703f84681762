import { isIPv4 } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** What a proxy adds for somebody it asks for. */
const forwarding = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'] as const;

/**
 * Whether the request comes from a program of this machine, by the other end of its connection. A proxy here may ask for
 * somebody elsewhere: what says that it was forwarded is none of ours.
 */
export function isLocalRequest({ socket, headers }: Pick<FastifyRequest, 'socket' | 'headers'>): boolean {
  const peer = (socket.remoteAddress ?? '').replace(/^::ffff:/i, '');
  const isLoopback = peer === '::1' || (isIPv4(peer) && peer.startsWith('127.'));
  return isLoopback && forwarding.every((name) => headers[name] === undefined);
}
