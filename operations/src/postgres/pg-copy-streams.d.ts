declare module 'pg-copy-streams' {
  import type { Writable } from 'node:stream';
  import type { Submittable } from 'pg';

  /** A stream to give to `client.query`; what is written to it goes into the table of `COPY ... FROM STDIN`. */
  export function from(sql: string): Writable & Submittable;
}
