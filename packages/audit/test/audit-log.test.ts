import { randomUUID } from 'node:crypto';
import { ownPool } from '@pessoa/testkit/own-pool';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import type pg from 'pg';
import { type AccessReader, postgresAccessReader } from '../src/access-reader.ts';
import { type Acesso, type AuditLog, postgresAuditLog } from '../src/audit-log.ts';

const poolOf = (connectionString: string): pg.Pool => ownPool(connectionString, 2);

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
  const acesso = (fields: Partial<Acesso> = {}): Acesso => ({
    id: randomUUID(),
    cpfHash: newHash(),
    clientId: 'loja',
    sujeito: 'atendente',
    campos: ['nome', 'dividas.nodes'],
    finalidade: 'VENDA_A_PRAZO',
    consentimento: undefined,
    ordemJudicial: undefined,
    peloTitular: false,
    resultado: 'ATENDIDO',
    dataHora: new Date('2026-11-20T12:00:00.123Z'),
    interacao: randomUUID(),
    operacao: 'Divida',
    servico: 'router',
    ...fields,
  });
  const rowsOf = async ({ cpfHash }: Acesso) => {
    const { rows } = await bases.auditoria.owner.query('SELECT * FROM acesso WHERE cpf_hash = $1', [cpfHash]);
    return rows as Record<string, unknown>[];
  };
  const find = (cpfHashes: string[], query: Partial<Parameters<AccessReader['find']>[0]> = {}) =>
    reader.find({ cpfHashes, limit: 10, ...query });

  it('keeps all that is said of a read', async () => {
    const one = acesso({ consentimento: 'c-1', ordemJudicial: '0001', peloTitular: true, resultado: 'PARCIAL' });
    await log.record([one]);
    expect(await rowsOf(one)).toEqual([
      {
        id: one.id,
        cpf_hash: one.cpfHash,
        client_id: 'loja',
        sujeito: 'atendente',
        campos: ['nome', 'dividas.nodes'],
        finalidade: 'VENDA_A_PRAZO',
        consentimento: 'c-1',
        ordem_judicial: '0001',
        pelo_titular: true,
        resultado: 'PARCIAL',
        data_hora: one.dataHora,
        interacao: one.interacao,
        operacao: 'Divida',
        servico: 'router',
      },
    ]);
  });

  it('keeps an answer that gave nothing as one without fields', async () => {
    const one = acesso({ campos: [], resultado: 'NEGADO' });
    await log.record([one]);
    expect(await rowsOf(one)).toMatchObject([{ campos: [], resultado: 'NEGADO' }]);
  });

  it('writes the hundred people of an answer in one statement, each with their own outcome', async () => {
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

  it('has a read once, however often it is written', async () => {
    const one = acesso();
    await log.record([one]);
    await log.record([one, acesso()]);
    expect(await rowsOf(one)).toHaveLength(1);
  });

  it('refuses an outcome that is not one of the four, and keeps nothing of that answer', async () => {
    const good = acesso();
    await expect(log.record([good, acesso({ resultado: 'OUTRO' as never })])).rejects.toThrow();
    expect(await rowsOf(good)).toEqual([]);
  });

  it.each<[string, Partial<Acesso>]>([
    ['a name of an operation that a client made up', { operacao: 'x'.repeat(94_000) }],
    ['a name with punctuation', { operacao: 'a; b' }],
    ['a client longer than 255 characters', { clientId: 'c'.repeat(256) }],
    ['a client without a name', { clientId: '' }],
    ['a subject with a line break', { sujeito: 'a\nb' }],
    ['a consent as long as a book', { consentimento: 'c'.repeat(256) }],
    ['a court order with a tab', { ordemJudicial: '0001\t' }],
    ['a field that is no name', { campos: ['nome"; --'] }],
    ['hundreds of fields', { campos: Array.from({ length: 201 }, (_, n) => `f${n}`) }],
    ['a purpose in words', { finalidade: 'porque sim' as never }],
    ['a hash that is none', { cpfHash: '529982247250000000000000000000zz' }],
    ['a service that is none', { servico: 'Router 1' }],
  ])('refuses %s', async (_, fields) => {
    const one = acesso(fields);
    await expect(log.record([one])).rejects.toMatchObject({ code: '23514' });
    expect(await rowsOf(one)).toEqual([]);
  });

  it.each(['Divida', '(anônima)', '(anônima) 0123456789abcdef'])('takes %s for an operation', async (operacao) => {
    const one = acesso({ operacao, clientId: 'c'.repeat(255), sujeito: 'José da Silva' });
    await log.record([one]);
    expect(await rowsOf(one)).toMatchObject([{ operacao }]);
  });

  it.each([
    ['writer', 'SELECT * FROM public.acesso'],
    ['writer', "UPDATE public.acesso SET client_id = 'x'"],
    ['writer', 'DELETE FROM public.acesso'],
    ['writer', 'TRUNCATE public.acesso'],
    ['reader', 'DELETE FROM public.acesso'],
    ['reader', "UPDATE public.acesso SET client_id = 'x'"],
    ['reader', 'INSERT INTO public.acesso DEFAULT VALUES'],
  ])('gives the %s no right to: %s', async (role, statement) => {
    const pool = poolOf(role === 'writer' ? bases.auditoria.writerUrl : bases.auditoria.readerUrl);
    await expect(pool.query(statement)).rejects.toMatchObject({ code: '42501' });
    await pool.end();
  });

  it.each(["UPDATE acesso SET client_id = 'x'", 'DELETE FROM acesso', 'TRUNCATE acesso'])(
    'only grows, for its owner too: %s',
    async (statement) => {
      const one = acesso();
      await log.record([one]);
      await expect(bases.auditoria.owner.query(statement)).rejects.toThrow('acesso is append-only');
      expect(await rowsOf(one)).toMatchObject([{ client_id: 'loja' }]);
    },
  );

  it('is read by the person’s hash, newest first, page by page', async () => {
    const cpfHash = newHash();
    const at = (second: number) => new Date(Date.UTC(2026, 10, 20, 12, 0, second));
    const acessos = [3, 1, 2].map((second) => acesso({ cpfHash, dataHora: at(second) }));
    for (const one of acessos) await log.record([one, acesso()]);
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
    expect(await find([cpfHash], { from: at(2), to: at(3) })).toMatchObject([{ id: second }]);
  });

  it('shows what was answered, and nothing of what was refused or lost', async () => {
    const cpfHash = newHash();
    for (const resultado of ['ATENDIDO', 'PARCIAL', 'NEGADO', 'FALHA'] as const) {
      await log.record([acesso({ cpfHash, resultado })]);
    }
    await log.record([acesso({ cpfHash, peloTitular: true, finalidade: 'CONSULTA_DO_TITULAR' })]);
    expect(await find([cpfHash])).toHaveLength(3);
    expect(await find([cpfHash], { thirdPartiesOnly: true })).toHaveLength(2);
    expect(await find([cpfHash], { finalidades: ['CONSULTA_DO_TITULAR'] })).toHaveLength(1);
    expect((await reader.count({ cpfHashes: [cpfHash], upTo: 100 })).get(cpfHash)).toBe(3);
    expect((await reader.count({ cpfHashes: [cpfHash], upTo: 2 })).get(cpfHash)).toBe(2);
  });

  it('that cannot be reached says so, and nothing is taken for written', async () => {
    const lost = postgresAuditLog(poolOf('postgresql://writer@127.0.0.1:1/auditoria'));
    await expect(lost.record([acesso()])).rejects.toThrow();
    await expect(lost.record([])).resolves.toBe(undefined);
    await lost.close();
  });
});
