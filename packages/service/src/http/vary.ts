import type { FastifyReply } from 'fastify';

/** Says that an answer depends on one more header of the request. */
export function addVary(reply: FastifyReply, name: string): void {
  const known = reply.getHeader('vary');
  reply.header('vary', known === undefined ? name : `${String(known)}, ${name}`);
}
