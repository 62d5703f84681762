import type { FastifyReply } from 'fastify';

/** Adds a request header on which the answer depends to `Vary`. */
export function addVary(reply: FastifyReply, name: string): void {
  const known = reply.getHeader('vary');
  reply.header('vary', known === undefined ? name : `${String(known)}, ${name}`);
}
