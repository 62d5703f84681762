import { baseB } from '@pessoa/bases/base-b';
import type { Cpf } from '@pessoa/domain/cpf';
import type { PublicError } from '@pessoa/domain/errors';
import { type Base, openBase } from '@pessoa/subgraph/base/base';
import { PrismaClient } from '../generated/prisma/client.ts';
import type { Perfil } from './perfil.ts';
import { prismaPerfilRepository } from './prisma-perfil-repository.ts';

/** One person of a page. FONTE_INVALIDA in place of a profile whose rows cannot be used. */
export interface PagedPerfil {
  readonly cpf: Cpf;
  readonly perfil: Perfil | PublicError;
}

/** A page, and where the next one begins. */
export interface PerfilPage {
  readonly people: readonly PagedPerfil[];
  /** The CPF of the last person, also if the base lost this person while the page was read. Undefined for an empty page. */
  readonly last: Cpf | undefined;
  /** Nobody comes after this page. */
  readonly isEnd: boolean;
}

/** Reads the profiles of everybody in Base B, or in a replica of it, in the order of their CPFs. */
export interface PerfilPages {
  /** @returns one sentence for each table or column that the base lacks, or does not let our role read */
  faults(): Promise<string[]>;
  count(): Promise<number>;
  /**
   * @param after the CPF of the last person of the page before; an empty text for the first page
   * @param limit the most people of the page
   */
  page(after: string, limit: number): Promise<PerfilPage>;
  close(): Promise<void>;
}

/** A page of a slow base is not an error for a command that nobody waits for. */
const BUDGET = { acquireMillis: 10_000, statementMillis: 60_000 };
/** A page is four statements at once. */
const CONNECTIONS = 4;

/**
 * @param url of the reader role
 * @throws PublicError from every method when the base does not answer in a minute
 */
export function openPerfilPages(url: string): PerfilPages {
  const base: Base<PrismaClient> = openBase({
    ...baseB,
    url,
    fonte: 'score',
    budget: BUDGET,
    connections: CONNECTIONS,
    createClient: (adapter) => new PrismaClient({ adapter, errorFormat: 'minimal' }),
  });
  const perfis = prismaPerfilRepository(base);
  return {
    faults: () => base.contractFaults({ isStarting: true }),
    count: () =>
      base.read(async (_, { table, rows }) => {
        const text = `SELECT count(*)::int AS people FROM ${table('titular')}`;
        return (await rows<{ people: number }>({ text, values: [] }))[0]!.people;
      }),
    async page(after, limit) {
      const cpfs = await base.read(async (_, { table, rows }) => {
        const text = `SELECT cpf FROM ${table('titular')} WHERE cpf > $1::bpchar ORDER BY cpf LIMIT $2`;
        return (await rows<{ cpf: Cpf }>({ text, values: [after, limit] })).map(({ cpf }) => cpf);
      });
      const found = await perfis.findByCpfs(cpfs);
      // A person whom the base lost between the two reads is in no page.
      const people = cpfs.flatMap((cpf, index) => {
        const perfil = found[index];
        return perfil ? [{ cpf, perfil }] : [];
      });
      return { people, last: cpfs.at(-1), isEnd: cpfs.length < limit };
    },
    close: () => base.close(),
  };
}
