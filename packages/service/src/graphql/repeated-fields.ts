import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { type DocumentNode, Kind, type SelectionSetNode, type ValidationRule } from 'graphql';
import { publicGraphQLError } from './public-graphql-error.ts';
import { fragmentsOf, responseKey } from './selection.ts';

/** The most times that one place of the answer may be selected, fragments included. */
export const REPEATS_MAX = 20;

/** Selections after which counting stops: the limit of expanded selections refuses such a document. */
const COUNTED_MAX = 5_000;

/**
 * Whether a document selects some place of its answer more than `max` times, such as `{ a { b } a { b } }`, which selects
 * `a` and `a.b` twice.
 *
 * graphql-js compares each two selections of a place with one another (OverlappingFieldsCanBeMerged), so that 240 times
 * `score { valor }`, 4 kB, keeps a processor busy for 0.1 s or more. This function is linear.
 */
export function repeatsFields(document: DocumentNode, max: number): boolean {
  const fragments = fragmentsOf(document);
  let counted = 0;

  function isOver(sets: readonly SelectionSetNode[]): boolean {
    const selectedByKey = new Map<string, { count: number; sets: SelectionSetNode[] }>();
    const spread = new Set<string>();
    const pending = [...sets];
    for (let set = pending.pop(); set && counted < COUNTED_MAX; set = pending.pop()) {
      for (const selection of set.selections) {
        counted++;
        if (selection.kind === Kind.FIELD) {
          const key = responseKey(selection);
          let selected = selectedByKey.get(key);
          if (!selected) selectedByKey.set(key, (selected = { count: 0, sets: [] }));
          if (++selected.count > max) return true;
          if (selection.selectionSet) selected.sets.push(selection.selectionSet);
        } else if (selection.kind === Kind.INLINE_FRAGMENT) pending.push(selection.selectionSet);
        // graphql-js compares a fragment with the other selections of a place once, however often it is spread there.
        else if (!spread.has(selection.name.value)) {
          spread.add(selection.name.value);
          const fragment = fragments.get(selection.name.value);
          if (fragment) pending.push(fragment.selectionSet);
        }
      }
    }
    return [...selectedByKey.values()].some((selected) => selected.sets.length > 0 && isOver(selected.sets));
  }

  return document.definitions.some(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION && isOver([definition.selectionSet]),
  );
}

/** Stands for every document that repeats fields too often: validation refuses it without comparing anything. */
const REFUSED: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };

/** Must be one of the validation rules of a server that has `repeatedFieldsPlugin`. */
export const repeatedFieldsRule: ValidationRule = (context) => ({
  Document(document) {
    if (document !== REFUSED) return;
    const detail = `The document selects one place of the answer more than ${REPEATS_MAX} times.`;
    context.reportError(publicGraphQLError('LIMITE_EXCEDIDO', { detail }));
  },
});

/** Refuses a document that repeats fields, before graphql-js compares them. */
export function repeatedFieldsPlugin(): ApolloServerPlugin<BaseContext> {
  return {
    async requestDidStart() {
      return {
        // A rule runs beside the rules of graphql-js, too late. So the document is replaced before any rule runs.
        async validationDidStart(requestContext) {
          if (repeatsFields(requestContext.document, REPEATS_MAX))
            (requestContext as { document: DocumentNode }).document = REFUSED;
        },
      };
    },
  };
}
