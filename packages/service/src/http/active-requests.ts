import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';

/** The requests that are not answered completely yet. */
export interface ActiveRequests {
  /** Adds a request, until its answer is sent or its client is gone. Then it calls `onEnd`. */
  add(reply: FastifyReply, onEnd: () => void): void;
  count(): number;
  /** The active requests of one connection, in the order of arrival. */
  on(socket: Socket): readonly FastifyReply[];
  all(): Iterable<FastifyReply>;
}

const NO_REPLIES: readonly FastifyReply[] = [];

export function trackActiveRequests(): ActiveRequests {
  const replies = new Set<FastifyReply>();
  const bySocket = new WeakMap<Socket, FastifyReply[]>();
  return {
    add(reply, onEnd) {
      const { socket } = reply.request.raw;
      const socketReplies = bySocket.get(socket);
      if (socketReplies) socketReplies.push(reply);
      else bySocket.set(socket, [reply]);
      replies.add(reply);
      // fastify does not call `onResponse` when the client is gone.
      reply.raw.once('close', () => {
        replies.delete(reply);
        const pending = bySocket.get(socket);
        pending?.splice(pending.indexOf(reply), 1);
        onEnd();
      });
    },
    count: () => replies.size,
    on: (socket) => bySocket.get(socket) ?? NO_REPLIES,
    all: () => replies,
  };
}
