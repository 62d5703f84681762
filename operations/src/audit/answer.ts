import type { MarkPerson, PersonMarks } from '@pessoa/audit/person-marks';
import { type AuditPages, peopleColumns, recordColumns } from './audit-pages.ts';
import { writerOf } from './formats.ts';
import type { Output } from './output.ts';
import type { Question } from './question.ts';

export interface AnswerOptions {
  readonly pages: AuditPages;
  readonly markPerson: MarkPerson;
  /** Writes down that these people were read. Nothing about them leaves before it resolves. */
  readonly recordPeople: (people: readonly PersonMarks[]) => Promise<void>;
  readonly output: Output;
  /** Takes what is said about the answer and is no part of it. */
  readonly note: (sentence: string) => void;
}

/**
 * Answers a question, a page at a time: reads the page, writes down whom it is about, and lets it leave.
 *
 * @throws when the audit can be neither read nor written, or the output takes no more
 */
export async function answer(question: Question, options: AnswerOptions): Promise<void> {
  const { pages, markPerson, recordPeople, output, note } = options;
  const { asks, cpf, format } = question;
  const person = cpf === undefined ? undefined : markPerson(cpf);
  const withPlaces = asks === 'records' && (await pages.mayReadPlaces());
  if (asks === 'records' && !withPlaces)
    note('without the column indice: the role of AUDIT_READER_URL may not read transparency.leaf');
  // That a person has no records is told of this person too.
  if (person !== undefined) await recordPeople([person]);
  const found =
    asks === 'people' ? pages.people(question) : pages.records({ ...question, cpfHash: person?.cpfHash }, withPlaces);
  const textOf = writerOf(format, asks === 'people' ? peopleColumns : recordColumns(withPlaces));
  let count = 0;
  try {
    for await (const { rows, people } of found) {
      if (person === undefined) await recordPeople(people);
      await output.write(textOf(rows));
      count += rows.length;
    }
    if (count === 0) await output.write(textOf([]));
  } catch (error) {
    note(`the answer is not whole: it ended after ${count} ${asks}`);
    throw error;
  }
  note(`${count} ${asks}`);
}
