import type { BaseContext } from '@apollo/server';
import type { FastifyInstance } from 'fastify';
import { type ConstantPlugin, constantPlugin } from '../graphql/constant-plugin.ts';
import { type PersonRequest, personRequests } from '../graphql/requested-people.ts';
import type { RequestContext } from '../http/request-context.ts';
import '../http/request-facts.ts';
import type { EnumerationWatch } from './enumeration-watch.ts';

type Path = readonly (string | number)[];

/**
 * Tells the watch whom each operation asked for, and how many of them no base knows.
 *
 * @param isCounted false when the caller tells its own watch; default: always true
 */
export function enumerationPlugin<Context extends BaseContext & RequestContext>(
  watch: EnumerationWatch,
  isCounted: (context: Context) => boolean = () => true,
): ConstantPlugin<Context> {
  return constantPlugin({
    async willSendResponse({ document, operation, request, response, contextValue }) {
      if (!document || !operation || response.body.kind !== 'single' || !isCounted(contextValue)) return;
      const { data, errors } = response.body.singleResult;
      if (!data || errors?.length) return;
      const people = personRequests(document, operation, request.variables ?? {});
      const { viewer, facts } = contextValue;
      watch.noteAsked(viewer.clientId, facts.interactionId, people.map(({ cpf }) => cpf)); // prettier-ignore
      watch.noteUnknown(viewer.clientId, facts.interactionId, countUnknown(people, data));
    },
  });
}

/** The people of whom an answer without errors has nothing. A CPF that a base does not know has null fields. */
function countUnknown(people: readonly PersonRequest[], data: unknown): number {
  return new Set(people.filter((person) => isUnknown(person, data)).map(({ cpf }) => cpf)).size;
}

function isUnknown({ path, root }: PersonRequest, data: unknown): boolean {
  const person = (path as Path).reduce(valueOf, data);
  const fields = root.selection?.fields.filter(({ name }) => name !== 'cpf' && name !== '__typename') ?? [];
  // A field that @skip excluded is undefined.
  const values = fields.map(({ key }) => valueOf(person, key)).filter((value) => value !== undefined);
  return values.length > 0 && values.every((value) => value === null);
}

const valueOf = (parent: unknown, key: string | number): unknown =>
  typeof parent === 'object' && parent !== null ? (parent as Record<string | number, unknown>)[key] : undefined;

/** Tells the watch of each request that was refused for an invalid CPF. */
export function watchInvalidCpfs(app: FastifyInstance, watch: EnumerationWatch): void {
  app.addHook('onResponse', ({ facts }, _reply, done) => {
    if (facts.code === 'CPF_INVALIDO' && facts.identity && !facts.internalIdentity)
      watch.noteInvalid(facts.identity.clientId, facts.interactionId);
    done();
  });
}
