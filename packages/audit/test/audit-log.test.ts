import { openPool, writingSettings } from '@pessoa/postgres/connection-pool';
import type { Sigilo } from '@pessoa/service/identity/seal';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import type pg from 'pg';
import { type AccessReader, postgresAccessReader } from '../src/access-reader.ts';
import { type Acesso, type AuditLog, postgresAuditLog } from '../src/audit-log.ts';
import { newAcesso } from './new-acesso.ts';

/** A pool with the session settings of a writing service. The test ends it. */
const poolOf = (connectionString: string): pg.Pool => openPool({ connectionString, max: 2 }, writingSettings(10_000));

describe('The audit', () => {
  let bases: TestBases;
  let log: AuditLog;
  let reader: AccessReader;
  beforeAll(async () => {
    bases = await openTestBases();
    log = postgresAuditLog(poolOf(bases.auditoria.writerUrl));
    reader = postgresAccessReader(poolOf(bases.auditoria.readerUrl));
  });
  afterAll(async () => {
    await Promise.all([log.close(), reader.close()]);
    await bases.drop();
  });

  let people = 0;
  const newHash = (): string => String(++people).padStart(32, '0');
  const acesso = (fields: Partial<Acesso> = {}): Acesso => newAcesso({ cpfHash: newHash(), ...fields });
  const rowsOf = async ({ cpfHash }: Acesso) => {
    const { rows } = await bases.auditoria.owner.query('SELECT * FROM acesso WHERE cpf_hash = $1', [cpfHash]);
    return rows as Record<string, unknown>[];
  };
  const find = (cpfHashes: string[], query: Partial<Parameters<AccessReader['find']>[0]> = {}) =>
    reader.find({ cpfHashes, limit: 10, ...query });

  it('stores every column of a row', async () => {
    const row = acesso({ consentimento: 'c-1', ordemJudicial: '0001', peloTitular: true, resultado: 'PARCIAL' });
    await log.record([row]);
    expect(await rowsOf(row)).toEqual([
      {
        id: row.id,
        cpf_hash: row.cpfHash,
        client_id: 'loja',
        sujeito: 'atendente',
        campos: ['nome', 'dividas.nodes'],
        finalidade: 'VENDA_A_PRAZO',
        consentimento: 'c-1',
        ordem_judicial: '0001',
        pelo_titular: true,
        resultado: 'PARCIAL',
        data_hora: row.dataHora,
        interacao: row.interacao,
        operacao: 'Divida',
        servico: 'router',
        cpf_cifrado: Buffer.from(row.cpfCifrado!, 'hex'),
        sigilo_referencia: null,
        sigilo_ate: null,
      },
    ]);
  });

  it('stores the seal of a read', async () => {
    const sigilo = { referencia: 'FRAUDE-7', ate: new Date('2026-12-01T03:00:00Z') };
    const row = acesso({ finalidade: 'PREVENCAO_FRAUDE', sigilo });
    await log.record([row]);
    expect(await rowsOf(row)).toMatchObject([{ sigilo_referencia: 'FRAUDE-7', sigilo_ate: sigilo.ate }]);
  });

  it.each<[string, Partial<Acesso>, Partial<Sigilo>]>([
    ['for another purpose', { finalidade: 'COBRANCA' }, {}],
    ['of a read by the holder', { peloTitular: true }, {}],
    ['for more than a year', {}, { ate: new Date('2027-11-22T12:00:00.124Z') }],
    ['under a reference with other characters', {}, { referencia: 'a b' }],
    ['under a reference that is too long', {}, { referencia: 'a'.repeat(65) }],
  ])('refuses a seal %s', async (_title, fields, seal) => {
    const sigilo = { referencia: 'FRAUDE-7', ate: new Date('2026-12-01T03:00:00Z'), ...seal };
    const row = acesso({ finalidade: 'PREVENCAO_FRAUDE', ...fields, sigilo });
    await expect(log.record([row])).rejects.toThrow('acesso_sigilo_check');
    expect(await rowsOf(row)).toEqual([]);
  });

  it('stores a row of a person of whom only the hash is known', async () => {
    const row = acesso({ cpfCifrado: undefined });
    await log.record([row]);
    expect(await rowsOf(row)).toMatchObject([{ cpf_cifrado: null }]);
  });

  it('stores an answer without data as a row without fields', async () => {
    const row = acesso({ campos: [], resultado: 'NEGADO' });
    await log.record([row]);
    expect(await rowsOf(row)).toMatchObject([{ campos: [], resultado: 'NEGADO' }]);
  });

  it('writes the hundred people of an answer in one statement, each with an outcome of their own', async () => {
    const hundred = Array.from({ length: 100 }, (_, index) =>
      acesso({ peloTitular: index === 7, resultado: index === 8 ? 'FALHA' : 'ATENDIDO', campos: [`campo-${index}`] }),
    );
    await log.record(hundred);
    const { rows } = await bases.auditoria.owner.query<Record<string, unknown>>(
      'SELECT *, xmin::text AS transaction, cmin::text AS statement FROM acesso WHERE id = ANY ($1) ORDER BY cpf_hash',
      [hundred.map(({ id }) => id)],
    );
    expect(rows.map(({ id }) => id)).toEqual(hundred.map(({ id }) => id));
    expect(new Set(rows.map(({ transaction, statement }) => `${transaction}/${statement}`)).size).toBe(1);
    expect(rows.findIndex((row) => row['pelo_titular'] === true)).toBe(7);
    expect(rows.filter((row) => row['pelo_titular'] === true)).toHaveLength(1);
    expect(rows.findIndex((row) => row['resultado'] === 'FALHA')).toBe(8);
    expect(rows[99]).toMatchObject({ campos: ['campo-99'] });
  });

  it('commits answers that end together at once, each with its own caller', async () => {
    const answers = ['ana', 'bruno', 'carla'].map((sujeito) => [acesso({ sujeito }), acesso({ sujeito })]);
    await Promise.all(answers.map((answer) => log.record(answer)));
    const { rows } = await bases.auditoria.owner.query<{ sujeito: string; transaction: string }>(
      'SELECT sujeito, xmin::text AS transaction FROM acesso WHERE id = ANY ($1) ORDER BY cpf_hash',
      [answers.flat().map(({ id }) => id)],
    );
    expect(rows.map(({ sujeito }) => sujeito)).toEqual(['ana', 'ana', 'bruno', 'bruno', 'carla', 'carla']);
    expect(new Set(rows.map(({ transaction }) => transaction)).size).toBe(1);
  });

  it('does not refuse an answer for the row of another one', async () => {
    const [good, bad, goodToo] = [acesso(), acesso({ sujeito: 'a\nb' }), acesso()];
    const outcomes = await Promise.allSettled([good, bad, goodToo].map((row) => log.record([row])));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect([await rowsOf(good), await rowsOf(bad), await rowsOf(goodToo)].map(({ length }) => length)).toEqual([
      1, 0, 1,
    ]);
  });

  it('stores a row once, even when it is written twice', async () => {
    const row = acesso();
    await log.record([row]);
    await log.record([row, acesso()]);
    expect(await rowsOf(row)).toHaveLength(1);
  });

  it('refuses an unknown outcome, and then stores no row of that answer', async () => {
    const good = acesso();
    await expect(log.record([good, acesso({ resultado: 'OUTRO' as never })])).rejects.toThrow();
    expect(await rowsOf(good)).toEqual([]);
  });

  it.each<[string, Partial<Acesso>]>([
    ['an operation name of 94,000 characters', { operacao: 'x'.repeat(94_000) }],
    ['an operation name with punctuation', { operacao: 'a; b' }],
    ['a client longer than 255 characters', { clientId: 'c'.repeat(256) }],
    ['a client without a name', { clientId: '' }],
    ['a subject with a line break', { sujeito: 'a\nb' }],
    ['a consent longer than 255 characters', { consentimento: 'c'.repeat(256) }],
    ['a court order with a tab', { ordemJudicial: '0001\t' }],
    ['a field with characters that no name has', { campos: ['nome"; --'] }],
    ['more than 200 fields', { campos: Array.from({ length: 201 }, (_, index) => `f${index}`) }],
    ['a purpose in free text', { finalidade: 'porque sim' as never }],
    ['a hash that is not hexadecimal', { cpfHash: '529982247250000000000000000000zz' }],
    ['an encrypted CPF of fewer than 16 bytes', { cpfCifrado: '00'.repeat(15) }],
    ['a service with a malformed name', { servico: 'Router 1' }],
  ])('refuses %s', async (_, fields) => {
    const row = acesso(fields);
    await expect(log.record([row])).rejects.toMatchObject({ code: '23514' });
    expect(await rowsOf(row)).toEqual([]);
  });

  it.each(['Divida', '(anônima)', '(anônima) 0123456789abcdef'])('accepts %s as an operation', async (operacao) => {
    const row = acesso({ operacao, clientId: 'c'.repeat(255), sujeito: 'José da Silva' });
    await log.record([row]);
    expect(await rowsOf(row)).toMatchObject([{ operacao }]);
  });

  it.each([
    ['writer', 'SELECT * FROM public.acesso'],
    ['writer', "UPDATE public.acesso SET client_id = 'x'"],
    ['writer', 'DELETE FROM public.acesso'],
    ['writer', 'TRUNCATE public.acesso'],
    ['reader', 'DELETE FROM public.acesso'],
    ['reader', "UPDATE public.acesso SET client_id = 'x'"],
    ['reader', 'INSERT INTO public.acesso DEFAULT VALUES'],
  ])('does not let the %s run %s', async (role, statement) => {
    const pool = poolOf(role === 'writer' ? bases.auditoria.writerUrl : bases.auditoria.readerUrl);
    await expect(pool.query(statement)).rejects.toMatchObject({ code: '42501' });
    await pool.end();
  });

  it.each(["UPDATE acesso SET client_id = 'x'", 'DELETE FROM acesso', 'TRUNCATE acesso'])(
    'refuses %s even to its owner',
    async (statement) => {
      const row = acesso();
      await log.record([row]);
      await expect(bases.auditoria.owner.query(statement)).rejects.toThrow('acesso is append-only');
      expect(await rowsOf(row)).toMatchObject([{ client_id: 'loja' }]);
    },
  );

  it('gives the rows of a person’s hash page by page, newest first', async () => {
    const cpfHash = newHash();
    const at = (second: number) => new Date(Date.UTC(2026, 10, 20, 12, 0, second));
    const acessos = [3, 1, 2].map((second) => acesso({ cpfHash, dataHora: at(second) }));
    for (const row of acessos) await log.record([row, acesso()]);
    const [third, first, second] = acessos.map(({ id }) => id);
    const page = await find([cpfHash], { limit: 2 });
    expect(page.map(({ id }) => id)).toEqual([third, second]);
    expect(await find([cpfHash], { after: page.at(-1)! })).toEqual([
      {
        id: first,
        cpfHash,
        clientId: 'loja',
        finalidade: 'VENDA_A_PRAZO',
        operacao: 'Divida',
        peloTitular: false,
        dataHora: at(1),
      },
    ]);
    expect(await find([cpfHash], { from: at(2), until: at(3) })).toMatchObject([{ id: second }]);
  });

  it('shows and counts answered reads, but neither refused nor failed ones', async () => {
    const cpfHash = newHash();
    for (const resultado of ['ATENDIDO', 'PARCIAL', 'NEGADO', 'FALHA'] as const) {
      await log.record([acesso({ cpfHash, resultado })]);
    }
    await log.record([acesso({ cpfHash, peloTitular: true, finalidade: 'CONSULTA_DO_TITULAR' })]);
    expect(await find([cpfHash])).toHaveLength(3);
    expect(await find([cpfHash], { thirdPartiesOnly: true })).toHaveLength(2);
    expect(await find([cpfHash], { finalidades: ['CONSULTA_DO_TITULAR'] })).toHaveLength(1);
    expect((await reader.count({ cpfHashes: [cpfHash], limit: 100 })).get(cpfHash)).toBe(3);
    expect((await reader.count({ cpfHashes: [cpfHash], limit: 2 })).get(cpfHash)).toBe(2);
  });

  it.each([
    ['an extraction', { operacao: 'Extracao', servico: 'extracao' }],
    ['a question of an auditor', { operacao: 'Auditoria', servico: 'auditoria' }],
  ])('shows %s to the holder, and to nobody as an inquiry of a third party', async (_, fields) => {
    const cpfHash = newHash();
    await log.record([acesso({ cpfHash, ...fields })]);
    expect(await find([cpfHash])).toMatchObject([{ operacao: fields.operacao }]);
    expect(await find([cpfHash], { thirdPartiesOnly: true })).toEqual([]);
    expect((await reader.count({ cpfHashes: [cpfHash], thirdPartiesOnly: true, limit: 5 })).get(cpfHash)).toBe(0);
  });

  it('throws when it cannot reach its database, unless there is nothing to write', async () => {
    const unreachable = postgresAuditLog(poolOf('postgresql://writer@127.0.0.1:1/auditoria'));
    await expect(unreachable.record([acesso()])).rejects.toThrow();
    await expect(unreachable.record([])).resolves.toBe(undefined);
    await unreachable.close();
  });
});
