import type { FastifyReply } from 'fastify';

/** Adds a request header on which the answer depends to `Vary`. */
export function addVary(reply: FastifyReply, name: string): void {
  const current = reply.getHeader('vary');
  reply.header('vary', current === undefined ? name : `${String(current)}, ${name}`);
}
