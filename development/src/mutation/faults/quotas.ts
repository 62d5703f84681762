import type { Fault } from '../fault.ts';

const MEMORY = 'packages/service/src/limits/memory-quota-counters.ts';
const LIMITS = 'packages/service/src/limits/client-limits.ts';
const TURNS = 'router/src/limits/client-turns.ts';
const REPEATS = 'packages/service/src/graphql/repeated-fields.ts';
const WATCH = 'packages/service/src/limits/enumeration-watch.ts';
const counters = ['packages/service/test/limits'];
const doors = ['e2e/test/client-limits'];
const turns = ['router/test/limits/client-turns'];

export const quotas: readonly Fault[] = [
  {
    description: 'a CPF that was counted is counted again',
    file: MEMORY,
    from: 'use.people.filter((cpf) => !asked.content.has(cpf))',
    to: 'use.people',
    suites: counters,
  },
  {
    description: 'the people of an operation that costs too much are counted',
    file: MEMORY,
    from: 'if (!isOverPeople && !isOverCost) {',
    to: 'if (!isOverPeople) {',
    suites: counters,
  },
  {
    description: 'a window never ends',
    file: MEMORY,
    from: 'if (window && window.endsAt > performance.now()) return window;',
    to: 'if (window) return window;',
    suites: counters,
  },
  {
    description: 'the last request of a quota is refused',
    file: LIMITS,
    from: 'if (count.used > quotas.requests)',
    to: 'if (count.used >= quotas.requests)',
    suites: doors,
  },
  {
    description: 'a refused operation is executed',
    file: LIMITS,
    from: 'if (counts.refusedBy) await refuse(',
    to: 'if (counts.refusedBy) void refuse(',
    suites: doors,
  },
  {
    description: 'a client has several turns at once',
    file: TURNS,
    from: 'if (state.isInTurn) return;',
    to: '',
    suites: turns,
  },
  {
    description: 'a client that is alone pauses too',
    file: TURNS,
    from: 'if (!this.#hasOthers(client)) return;',
    to: '',
    suites: turns,
    survivesBecause: 'a pause has no effect while the client is alone: another place asks that again',
  },
  {
    description: 'nobody pauses',
    file: TURNS,
    from: 'state.pausedUntil = Math.min(pausedUntil, now + PAUSE_MAX_MILLIS);',
    to: 'state.pausedUntil = Math.min(pausedUntil, now);',
    suites: turns,
  },
  {
    description: 'fields that repeat in nested selections of one place are not counted together',
    file: REPEATS,
    from: 'if (selection.selectionSet) selected.sets.push(selection.selectionSet);',
    to: 'if (selection.selectionSet) selected.sets = [selection.selectionSet];',
    suites: ['packages/service/test/graphql/repeated-fields'],
  },
  {
    description: 'a client that tries out CPFs is noticed at each further one',
    file: WATCH,
    from: 'window.hasWarned = true;',
    to: '',
    suites: counters,
  },
];
