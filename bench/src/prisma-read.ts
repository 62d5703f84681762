import { baseA, type PessoaRow } from '@pessoa/bases/base-a';
import { PrismaClient, Prisma } from '@pessoa/debt/generated/prisma/client';
import { openConnections } from '@pessoa/operations/system/connections';
import { takeNoArguments } from '@pessoa/service/processes/command-line';
import { type Base, openBase } from '@pessoa/subgraph/base/base';
import { selectList } from '@pessoa/subgraph/base/select-list';
import { median } from './measurements.ts';
import { knownCpfs, startBenchSystem } from './system.ts';

takeNoArguments({
  name: 'npm run bench:prisma',
  about: 'Measures the CPU of one prepared statement through Prisma and through pg alone. One minute.',
  options: {},
});

const READS = 3_000;
const ROUNDS = 7;
const PESSOA = Prisma.raw(selectList(baseA, 'pessoa'));

type Read = (base: Base<PrismaClient>, cpf: string) => Promise<PessoaRow[]>;

const statementOf = (cpf: string, table: (name: string) => string): Prisma.Sql =>
  Prisma.sql`SELECT ${PESSOA} FROM ${Prisma.raw(table('pessoa'))} WHERE cpf = ANY (${[cpf]}::bpchar[])`;

const reads: Readonly<Record<'prisma' | 'pg', Read>> = {
  prisma: (base, cpf) => base.read((client, { table }) => client.$queryRaw<PessoaRow[]>(statementOf(cpf, table))),
  pg: (base, cpf) => base.read((_, { table, rows }) => rows<PessoaRow>(statementOf(cpf, table))),
};

/** @returns microseconds of this process's CPU a read */
async function measure(read: Read, base: Base<PrismaClient>, cpfs: readonly string[]): Promise<number> {
  const before = process.cpuUsage();
  for (let index = 0; index < READS; index++) {
    const rows = await read(base, cpfs[index % cpfs.length]!);
    if (rows.length !== 1) throw new Error(`${rows.length} rows for one person`);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / READS;
}

const system = await startBenchSystem();
const { baseA: connection } = await openConnections({ PESSOA_HOME: system.home });
const base = openBase({
  url: connection.url,
  fonte: 'divida',
  budget: { acquireMillis: 5_000, statementMillis: 5_000 },
  ...baseA,
  createClient: (adapter) => new PrismaClient({ adapter }),
});
try {
  const cpfs = knownCpfs(100);
  for (const read of Object.values(reads)) await measure(read, base, cpfs);
  const rounds: { prisma: number; pg: number }[] = [];
  for (let round = 0; round < ROUNDS; round++)
    rounds.push({ prisma: await measure(reads.prisma, base, cpfs), pg: await measure(reads.pg, base, cpfs) });
  const [prisma, pg] = [median(rounds.map((round) => round.prisma)), median(rounds.map((round) => round.pg))];
  const ratio = median(rounds.map((round) => round.prisma / round.pg));
  console.log(
    `one read: ${prisma.toFixed(0)} us of CPU through Prisma, ${pg.toFixed(0)} us through pg, ratio ${ratio.toFixed(2)}`,
  );
} finally {
  await base.close();
  await system.stop();
}
