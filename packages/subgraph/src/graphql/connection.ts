import type { Cpf } from '@pessoa/domain/cpf';
import type { CursorCodec, Position } from '@pessoa/domain/paging';

/** A page of a Relay connection. Cursors are made only when a client selects them. */
export interface Page<Node> {
  readonly nodes: readonly Node[];
  readonly edges: () => { cursor: string; node: Node }[];
  readonly pageInfo: () => {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

/** @param rows the rows of the page, and one more if there is a next page */
export function pageOf<Node>(
  rows: readonly Node[],
  options: {
    size: number;
    cpf: Cpf;
    filter: unknown;
    after: unknown;
    codec: CursorCodec;
    positionOf: (node: Node) => Position;
  },
): Page<Node> {
  const { size, cpf, filter, codec, positionOf } = options;
  const nodes = rows.slice(0, size);
  const cursorOf = (node: Node | undefined): string | null =>
    node ? codec.encode(cpf, filter, positionOf(node)) : null;
  return {
    nodes,
    edges: () => nodes.map((node) => ({ cursor: cursorOf(node)!, node })),
    pageInfo: () => ({
      hasNextPage: rows.length > size,
      hasPreviousPage: options.after != null,
      startCursor: cursorOf(nodes[0]),
      endCursor: cursorOf(nodes.at(-1)),
    }),
  };
}
