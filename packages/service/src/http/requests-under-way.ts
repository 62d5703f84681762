import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';

/** The requests that have come and are not wholly answered. */
export interface RequestsUnderWay {
  /** From now until its answer is sent or its client is gone; then `onEnd` is called. */
  add(reply: FastifyReply, onEnd: () => void): void;
  count(): number;
  /** Of one connection, in the order they came. */
  on(socket: Socket): readonly FastifyReply[];
  all(): Iterable<FastifyReply>;
}

const none: readonly FastifyReply[] = [];

export function requestsUnderWay(): RequestsUnderWay {
  const replies = new Set<FastifyReply>();
  const bySocket = new WeakMap<Socket, FastifyReply[]>();
  return {
    add(reply, onEnd) {
      const { socket } = reply.request.raw;
      const known = bySocket.get(socket);
      if (known) known.push(reply);
      else bySocket.set(socket, [reply]);
      replies.add(reply);
      // Not `onResponse`: it never comes for a client that went away.
      reply.raw.once('close', () => {
        replies.delete(reply);
        const others = bySocket.get(socket);
        others?.splice(others.indexOf(reply), 1);
        onEnd();
      });
    },
    count: () => replies.size,
    on: (socket) => bySocket.get(socket) ?? none,
    all: () => replies,
  };
}
