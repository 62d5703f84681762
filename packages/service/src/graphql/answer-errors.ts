import type { PublicErrorCode } from '@pessoa/domain/errors';
import type { GraphQLFormattedError } from 'graphql';
import type { DeniedPlaces } from '../http/request-context.ts';

export type AnswerPath = readonly (string | number)[];

interface PathNode {
  /** The codes of errors with exactly this path, each once. They are few, because the table of codes is closed. */
  readonly codes: unknown[];
  /** The codes of errors with this path or a longer one, each once. */
  readonly codesBelow: unknown[];
  children: Map<string | number, PathNode> | undefined;
}

const newNode = (): PathNode => ({ codes: [], codesBelow: [], children: undefined });

const addTo = (codes: unknown[], code: unknown): void => {
  if (!codes.includes(code)) codes.push(code);
};

const DENIED: PublicErrorCode = 'UNAUTHORIZED_FIELD_OR_TYPE';

/** The codes of an answer's errors, indexed by path. */
export class AnswerErrors {
  readonly #root: PathNode = newNode();
  readonly #denials: DeniedPlaces | undefined;

  /** @param denials places that were denied before the operation was executed */
  constructor(errors: readonly GraphQLFormattedError[], denials?: DeniedPlaces) {
    this.#denials = denials;
    for (const { path, extensions } of errors) if (path) this.#add(path, extensions?.['code']);
  }

  #add(path: AnswerPath, code: unknown): void {
    let node = this.#root;
    addTo(node.codesBelow, code);
    for (const step of path) {
      node.children ??= new Map();
      let child = node.children.get(step);
      if (!child) node.children.set(step, (child = newNode()));
      addTo(child.codesBelow, code);
      node = child;
    }
    addTo(node.codes, code);
  }

  /**
   * The codes of errors that may have made the value at a path null: errors of its parents, of itself and of fields below
   * it, because a null that is not allowed makes its parents null. A code may occur more than once.
   */
  codesAt(path: AnswerPath): readonly unknown[] {
    const codes = this.#errorCodesAt(path);
    return this.#denials?.isDenied(path) ? [...codes, DENIED] : codes;
  }

  #errorCodesAt(path: AnswerPath): readonly unknown[] {
    let node: PathNode | undefined = this.#root;
    const codes: unknown[] = [...node.codes];
    for (const step of path) {
      node = node.children?.get(step);
      if (!node) return codes;
      codes.push(...node.codes);
    }
    return [...codes, ...node.codesBelow];
  }
}
