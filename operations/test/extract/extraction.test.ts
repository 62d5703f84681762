import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openAuditLog } from '@pessoa/audit/audit-log';
import { personMarker } from '@pessoa/audit/person-marks';
import type { Cpf } from '@pessoa/domain/cpf';
import { openPerfilPages, type PerfilPages } from '@pessoa/score/perfis/prisma-perfil-pages';
import { createMetrics } from '@pessoa/service/metrics/metrics';
import { bareEnvironment } from '@pessoa/testkit/bare-environment';
import { cpfSequence } from '@pessoa/testkit/cpf-sequence';
import { databaseVariables, insert, openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import { createTestEnvironment, type TestEnvironment } from '@pessoa/testkit/test-environment';
import { tableFromIPC } from 'apache-arrow';
import { readParquet } from 'parquet-wasm';
import { extract, type ExtractionOptions } from '../../src/extract/extraction.ts';
import { beginOrGoOn, type ExtractionState } from '../../src/extract/extraction-state.ts';
import { createPseudonyms } from '../../src/extract/pseudonyms.ts';

const KEY = Buffer.alloc(32, 7);
const MAIN = fileURLToPath(new URL('../../src/extract/main.ts', import.meta.url));
const pseudonyms = createPseudonyms(KEY);

interface Finished {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

describe('An extraction of Base B', () => {
  let bases: TestBases;
  let environment: TestEnvironment;
  let env: NodeJS.ProcessEnv;
  let folder: string;
  let people: Cpf[];

  beforeEach(async () => {
    bases = await openTestBases();
    environment = await createTestEnvironment(bases);
    folder = await mkdtemp(join(tmpdir(), 'pessoa-extraction-'));
    env = {
      ...bareEnvironment(),
      ...environment.env,
      ...databaseVariables(bases),
      AUDIT_TIMEOUT_MILLIS: '10000',
      EXTRACTION_KEY: KEY.toString('base64url'),
      EXTRACTION_TOKEN: await environment.token({ scope: 'score:extracao' }),
    };
    const next = cpfSequence(515_000_000);
    people = Array.from({ length: 5 }, next).toSorted();
    const { owner } = bases.baseB;
    for (const cpf of people) await insert(owner, 'titular', { cpf, nascimento: '1980-05-20' });
    await insert(owner, 'endereco', { cpf: people[0], logradouro: 'Rua Secreta', numero: '7', cep: '01001000', uf: 'SP', atualizado_em: '2020-01-01T12:00:00Z' }); // prettier-ignore
    const renda = { tipo: 'SALARIO', pagador: 'Padaria Secreta', ocupacao: 'padeira', valor: '90071992547409.93', periodicidade: 'MENSAL', comprovada: true }; // prettier-ignore
    await insert(owner, 'fonte_de_renda', { id: 'r1', cpf: people[0], desde: '2020-01-01', ...renda });
    const bem = { tipo: 'VEICULO', descricao: 'carro secreto', onerado: true };
    await insert(owner, 'bem', { id: 'b1', cpf: people[1], valor_estimado: '10.50', percentual_propriedade: 50, ...bem }); // prettier-ignore
    await insert(owner, 'bem', { id: 'b2', cpf: people[3], ...bem, valor_estimado: 'NaN' });
  });
  afterEach(async () => {
    await environment.close();
    await bases.drop();
    await rm(folder, { recursive: true });
  });

  const run = (args: string[], variables: NodeJS.ProcessEnv = {}): Promise<Finished> =>
    new Promise((resolve) => {
      execFile(process.execPath, [MAIN, ...args], { env: { ...env, ...variables } }, (error, stdout, stderr) =>
        resolve({ code: error ? error.code : 0, stdout, stderr }),
      );
    });
  const extraction = (to = join(folder, 'out')): string[] => ['--base', 'b', '--to', to, '--from-base'];
  const linesOf = async (name: string): Promise<Record<string, unknown>[]> =>
    (await readFile(join(folder, 'out', name), 'utf8')).trimEnd().split('\n').filter(Boolean).map((line) => JSON.parse(line)); // prettier-ignore
  const recordsOf = async () =>
    (
      await bases.auditoria.owner.query<{ cpf_hash: string; cifrado: string; resultado: string; interacao: string }>(
        `SELECT cpf_hash, encode(cpf_cifrado, 'hex') AS cifrado, resultado, interacao, finalidade, operacao, servico FROM acesso`,
      )
    ).rows;
  const markPerson = () => personMarker(Buffer.from(environment.env['CPF_HASH_KEY']!, 'base64url'));
  const cpfHash = (cpf: Cpf): string => markPerson()(cpf).cpfHash;

  /** Runs within this process, over pages that the test may change. */
  async function extractHere(change: (pages: PerfilPages) => Partial<ExtractionOptions> = () => ({})) {
    const to = join(folder, 'out');
    const initial = await beginOrGoOn(to, { clientId: 'modelos', keyId: pseudonyms.keyId, formats: ['ndjson', 'parquet'], origin: 'base', hoje: '2026-11-22' }); // prettier-ignore
    const pages = openPerfilPages(bases.baseB.readerUrl);
    const auditLog = openAuditLog(
      { url: bases.auditoria.writerUrl, timeoutMillis: 10_000 },
      () => {},
      createMetrics('extracao'),
    );
    try {
      return await extract(initial, {
        folder: to,
        pages,
        auditLog,
        viewer: { clientId: 'modelos', sujeito: 'modelos', finalidade: 'CONCESSAO_CREDITO' } as never,
        pseudonyms,
        markPerson: markPerson(),
        partPeople: 2,
        readingShare: 1,
        checkOrigin: async () => {},
        progress: { update: () => {}, stop: () => {} },
        signal: new AbortController().signal,
        ...change(pages),
      });
    } finally {
      await pages.close();
      await auditLog.close();
    }
  }

  it('has everybody once, under pseudonyms, and only what a model may use', async () => {
    expect(await run(extraction())).toMatchObject({ code: 0 });
    const names = await readdir(join(folder, 'out'));
    expect(names.toSorted()).toEqual(
      [
        'DATA-CARD.md',
        'extraction.json',
        'schema.json',
        ...['bens', 'fontes_de_renda', 'pessoas'].flatMap((table) => [
          `${table}-00001.ndjson`,
          `${table}-00001.parquet`,
        ]),
      ].toSorted(),
    );
    const rows = await linesOf('pessoas-00001.ndjson');
    const keys = people.filter((_, index) => index !== 3).map((cpf) => pseudonyms.keyOf(cpf));
    expect(rows.map(({ chave }) => chave).toSorted()).toEqual(keys.toSorted());
    expect(rows.find(({ chave }) => chave === keys[0])).toMatchObject({
      idade: expect.any(Number),
      uf: 'SP',
      endereco_completo: true,
    });
    expect(await linesOf('bens-00001.ndjson')).toEqual([
      {
        chave: pseudonyms.keyOf(people[1]!),
        tipo: 'VEICULO',
        valor_estimado_centavos: 1050,
        avaliacao_meses: null,
        onerado: true,
        saldo_devedor_centavos: null,
        percentual_propriedade: 50,
        uf: null,
      },
    ]);
    const everything = (await Promise.all(names.map((name) => readFile(join(folder, 'out', name), 'latin1')))).join();
    for (const secret of [...people, 'Secreta', 'secreto', 'padeira', '01001000', '1980-05']) expect(everything).not.toContain(secret); // prettier-ignore
  });

  it('says the same in Parquet, as a foreign reader reads it, amounts above 2^53 included', async () => {
    expect(await run(extraction())).toMatchObject({ code: 0 });
    for (const table of ['pessoas', 'bens', 'fontes_de_renda']) {
      const bytes = await readFile(join(folder, 'out', `${table}-00001.parquet`));
      const read = tableFromIPC(readParquet(new Uint8Array(bytes)).intoIPCStream());
      const text = JSON.stringify(read.toArray().map((row) => row.toJSON()), (_, value) => (typeof value === 'bigint' ? `${value}n` : value)); // prettier-ignore
      const lines = (await readFile(join(folder, 'out', `${table}-00001.ndjson`), 'utf8')).trimEnd().split('\n');
      // Whole numbers of 64 bits are the only ones that the foreign reader gives as bigint.
      const expected = `[${lines.join(',').replaceAll(/("[a-z_]+_centavos":)(\d+)/g, '$1"$2n"')}]`;
      expect(text).toBe(expected);
    }
    expect(await readFile(join(folder, 'out', 'fontes_de_renda-00001.ndjson'), 'utf8')).toContain(':9007199254740993,');
  });

  it('writes one record a person and run into the audit: FALHA for a person whose data cannot be used', async () => {
    expect(await run(extraction())).toMatchObject({ code: 0, stdout: expect.stringContaining('5 people in 1 parts, 1 of them without rows') }); // prettier-ignore
    const records = await recordsOf();
    expect(new Map(records.map((row) => [row.cpf_hash, row.resultado]))).toEqual(
      new Map(people.map((cpf, index) => [cpfHash(cpf), index === 3 ? 'FALHA' : 'ATENDIDO'])),
    );
    expect(new Set(records.map(({ cifrado }) => cifrado))).toEqual(new Set(people.map((cpf) => markPerson()(cpf).cpfCifrado))); // prettier-ignore
    const { run: id } = JSON.parse(await readFile(join(folder, 'out', 'extraction.json'), 'utf8')) as ExtractionState;
    expect(new Set(records.map(({ interacao }) => interacao))).toEqual(new Set([id]));
    expect(records[0]).toMatchObject({ finalidade: 'CONCESSAO_CREDITO', operacao: 'Extracao', servico: 'extracao' });
  });

  it('has the rows of a part in the order of their pseudonyms, which tells nothing about their CPFs', async () => {
    await extractHere(() => ({ partPeople: 5 }));
    const keys = (await linesOf('pessoas-00001.ndjson')).map(({ chave }) => chave);
    expect(keys).toEqual(keys.toSorted());
    expect(keys).not.toEqual(people.flatMap((cpf, index) => (index === 3 ? [] : [pseudonyms.keyOf(cpf)])));
  });

  it('goes on after a page of which the base lost a person meanwhile', async () => {
    let calls = 0;
    const state = await extractHere((pages) => ({
      pages: {
        ...pages,
        async page(...args) {
          const page = await pages.page(...args);
          return calls++ === 0 ? { ...page, people: page.people.slice(1) } : page;
        },
      },
    }));
    expect(state.isComplete).toBe(true);
    const recorded = (await recordsOf()).map((row) => row.cpf_hash);
    expect(recorded.toSorted()).toEqual(people.slice(1).map(cpfHash).toSorted());
  });

  it('writes nothing of a part while whose people were read the replica was lost', async () => {
    const checkOrigin = (): Promise<void> => Promise.reject(new Error('the replica is not current'));
    await expect(extractHere(() => ({ checkOrigin }))).rejects.toThrow('not current');
    expect(await recordsOf()).toEqual([]);
    await expect(linesOf('pessoas-00001.ndjson')).rejects.toThrow('ENOENT');
  });

  it('records that a person was read whose data could not be used when the run began', async () => {
    await expect(extractHere(() => ({ folder: '/dev/null', partPeople: 5 }))).rejects.toThrow();
    await bases.baseB.owner.query("UPDATE bem SET valor_estimado = 1 WHERE id = 'b2'");
    await extractHere(() => ({ partPeople: 5 }));
    const records = (await recordsOf()).filter((row) => row.cpf_hash === cpfHash(people[3]!));
    expect(records.map(({ resultado }) => resultado).toSorted()).toEqual(['ATENDIDO', 'FALHA']);
  });

  it('leaves files that nobody else may read', async () => {
    expect(await run(extraction())).toMatchObject({ code: 0 });
    const modes = await Promise.all((await readdir(join(folder, 'out'))).map(async (name) => (await stat(join(folder, 'out', name))).mode & 0o077)); // prettier-ignore
    expect(new Set(modes)).toEqual(new Set([0]));
  });

  it.each([
    ['after a page', (pages: PerfilPages) => failAt(pages, 2)],
    ['between the audit and the state', () => ({ folder: '/dev/null' })],
  ])('that was ended %s goes on where it was, and writes no second record', async (_, change) => {
    await expect(extractHere(change)).rejects.toThrow();
    const state = await extractHere();
    expect(state).toMatchObject({ isComplete: true, unreadablePeople: 1, parts: [{ people: 2 }, { people: 2 }, { people: 1 }] }); // prettier-ignore
    const rows = (await Promise.all([1, 2, 3].map((part) => linesOf(`pessoas-0000${part}.ndjson`)))).flat();
    expect(rows).toHaveLength(4);
    expect(await recordsOf()).toHaveLength(5);
  });

  it('that a signal ends has whole parts, and the same command goes on', async () => {
    const ended = new AbortController();
    const first = await extractHere((pages) => ({
      signal: ended.signal,
      pages: { ...pages, page: (...args) => pages.page(...args).finally(() => ended.abort()) },
    }));
    expect(first).toMatchObject({ isComplete: false, parts: [{ people: 2 }] });
    expect(await extractHere()).toMatchObject({ isComplete: true });
    expect(await recordsOf()).toHaveLength(5);
  });

  it('reads in its share of the time alone', async () => {
    const MILLIS = 40;
    const waiting = async (pages: PerfilPages, args: Parameters<PerfilPages['page']>) => {
      await new Promise((resolve) => setTimeout(resolve, MILLIS));
      return pages.page(...args);
    };
    const startedAt = performance.now();
    await extractHere((pages) => ({ readingShare: 0.2, pages: { ...pages, page: (...args) => waiting(pages, args) } }));
    // Three pages, two pauses of at least four times a page.
    expect(performance.now() - startedAt).toBeGreaterThan(3 * MILLIS + 2 * 4 * MILLIS);
  });

  it.each<[string, () => Promise<Finished>, RegExp]>([
    ['without a replica', () => run(['--base', 'b', '--to', join(folder, 'out')]), /no replica.*--from-base/],
    ['without a token', () => run(extraction(), { EXTRACTION_TOKEN: '' }), /EXTRACTION_TOKEN: is required/],
    ['with a token without the scope', async () => run(extraction(), { EXTRACTION_TOKEN: await environment.token({ scope: 'score:read' }) }), /lacks the scope score:extracao/], // prettier-ignore
    ['with a token that expired', async () => run(extraction(), { EXTRACTION_TOKEN: await environment.token({ scope: 'score:extracao', ttlSeconds: -60 }) }), /UNAUTHENTICATED|refused/], // prettier-ignore
    ['with the token of a holder', async () => run(extraction(), { EXTRACTION_TOKEN: await environment.token({ scope: 'score:extracao', cpf: people[0]! }) }), /token of a holder/], // prettier-ignore
    ['without a key', () => run(extraction(), { EXTRACTION_KEY: '' }), /EXTRACTION_KEY: is required/],
    ['with the key of the audit', () => run(extraction(), { EXTRACTION_KEY: environment.env['CPF_HASH_KEY'] }), /EXTRACTION_KEY: is the CPF_HASH_KEY/], // prettier-ignore
    ['into a folder with other files', () => run(extraction(fileURLToPath(new URL('.', import.meta.url)))), /not empty/], // prettier-ignore
    ['of another base', () => run(['--base', 'a', '--to', folder]), /--base: BASE is one of b/],
    ['without a folder', () => run(['--base', 'b']), /--to is required/],
    ['into parts of one person', () => run([...extraction(), '--part-people', '1']), /--part-people/],
    ['with a share of nothing', () => run([...extraction(), '--share', '0']), /--share/],
  ])('is refused %s, and nothing is read', async (_, refused, message) => {
    const { code, stderr } = await refused();
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(message) });
    expect(stderr).not.toMatch(/eyJ|postgres(ql)?:/);
    expect(await recordsOf()).toEqual([]);
  });

  it('does not go on with another key, client, origin or format, and a complete one not at all', async () => {
    await expect(extractHere((pages) => failAt(pages, 2))).rejects.toThrow();
    const refusals = [
      await run(extraction(), { EXTRACTION_KEY: Buffer.alloc(32, 8).toString('base64url') }),
      await run(extraction()), // the token's client is not that of the run
      await run([...extraction(), '--format', 'ndjson'], { EXTRACTION_TOKEN: await environment.token({ scope: 'score:extracao', clientId: 'modelos' }) }), // prettier-ignore
    ];
    expect(refusals.map(({ stderr }) => stderr.trim())).toEqual([
      'the run in the folder has another EXTRACTION_KEY',
      'the run in the folder is of another client',
      'the run in the folder has the formats ndjson and parquet',
    ]);
    const fromReplica = { clientId: 'modelos', keyId: pseudonyms.keyId, formats: ['ndjson', 'parquet'], origin: 'replica', hoje: '2026-11-22' } as const; // prettier-ignore
    await expect(beginOrGoOn(join(folder, 'out'), { ...fromReplica, formats: [...fromReplica.formats] })).rejects.toThrow('the run in the folder reads Base B itself'); // prettier-ignore
    await extractHere();
    const token = await environment.token({ scope: 'score:extracao', clientId: 'modelos' });
    expect(await run(extraction(), { EXTRACTION_TOKEN: token })).toMatchObject({ code: 1, stderr: expect.stringContaining('complete extraction') }); // prettier-ignore
  });
});

/** Pages of which one fails. */
function failAt(pages: PerfilPages, number: number): Partial<ExtractionOptions> {
  let calls = 0;
  const page: PerfilPages['page'] = (...args) =>
    ++calls === number ? Promise.reject(new Error('the base is gone')) : pages.page(...args);
  return { pages: { ...pages, page } };
}
