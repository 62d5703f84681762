declare module 'pg-copy-streams' {
  import type { Writable } from 'node:stream';
  import type { Submittable } from 'pg';

  /** A stream for `client.query`. Bytes written to it go into the table of `COPY ... FROM STDIN`. */
  export function from(sql: string): Writable & Submittable;
}
