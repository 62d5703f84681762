import { setTimeout as sleep } from 'node:timers/promises';
import type { Asker } from '../steady-load.ts';
import { compareWithTruth } from './compare.ts';
import type { Outcome } from './classes.ts';
import { LIST_LENGTH, questionNames, type QuestionName, questionOf, questions } from './questions.ts';

/** What each question about each person answers while nothing is disturbed. */
export interface Truth {
  /** Asks the question of this number of the load, and compares the answer. */
  ask(number: number): Promise<Outcome>;
}

/** How many people are asked about at once. */
const AT_ONCE = 4;
/** Caches and connections may be cold, and the machine busy. */
const TRIES = 20;
const AGAIN_MILLIS = 500;

/** Base B was late, and a copy answered. */
export const hasStaleMark = (body: unknown): boolean => JSON.stringify(body).includes('"desatualizado":true');

/**
 * Asks every question about every person twice: the first answers fill caches, and are the first inquiries.
 *
 * @throws Error when an answer does not become whole, or when the signal ends it
 */
export async function readTruth(asker: Asker, cpfs: readonly string[], signal: AbortSignal): Promise<Truth> {
  const answers = new Map<string, unknown>();
  const keyOf = (name: QuestionName, person: number): string => `${name} ${person}`;
  const ask = (name: QuestionName, person: number) => {
    const people = Array.from({ length: LIST_LENGTH }, (_, index) => cpfs[(person + index) % cpfs.length]!);
    return asker.ask(questions[name].requestOf(people));
  };
  const wholeAnswer = async (name: QuestionName, person: number): Promise<unknown> => {
    for (let tries = 0; ; tries++) {
      signal.throwIfAborted();
      const { status, body } = await ask(name, person);
      const { data, errors } = (body ?? {}) as { data?: unknown; errors?: unknown };
      if (status === 200 && !errors && !hasStaleMark(body)) return data ?? body;
      if (tries === TRIES) throw new Error(`the truth is not known: ${name} answered ${status} ${JSON.stringify(errors ?? '')}`);
      await sleep(AGAIN_MILLIS);
    }
  }; // prettier-ignore
  for (let round = 0; round < 2; round++)
    for (const name of questionNames)
      for (let from = 0; from < cpfs.length; from += AT_ONCE) {
        const people = cpfs.slice(from, from + AT_ONCE).map((_, offset) => from + offset);
        for (const [index, answer] of (await Promise.all(people.map((person) => wholeAnswer(name, person)))).entries())
          answers.set(keyOf(name, people[index]!), answer);
      }
  return {
    async ask(number) {
      const { name, person } = questionOf(number, cpfs.length);
      const { whole } = questions[name];
      const { sentAt, millis, ...answer } = await ask(name, person);
      const findings = compareWithTruth(answer, answers.get(keyOf(name, person)), whole);
      return { sentAt, millis, status: answer.status, whole, ...findings };
    },
  };
}
