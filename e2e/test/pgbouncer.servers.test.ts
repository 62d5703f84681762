import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { applyMigrations } from '@pessoa/databases/migrations';
import type { Cpf } from '@pessoa/domain/cpf';
import { readConfig } from '@pessoa/indexer/config';
import { openIndexing } from '@pessoa/indexer/open-indexing';
import { importFile } from '@pessoa/operations/import/import-file';
import { bens } from '@pessoa/operations/import/kinds/base-b';
import { bareEnvironment } from '@pessoa/testkit/bare-environment';
import { graphql } from '@pessoa/testkit/graphql-client';
import { type PgBouncer, startPgBouncer } from '@pessoa/testkit/pgbouncer';
import { insert, type TestBases } from '@pessoa/testkit/test-bases';
import pg from 'pg';
import { addPerson, newCpf } from '../src/people.ts';
import { startWholeGraph, type WholeGraph } from '../src/whole-graph.ts';

const POSTINGS = 33;
const scoreMigrations = fileURLToPath(new URL('../../subgraphs/score/prisma/migrations', import.meta.url));
const MIGRATE = fileURLToPath(new URL('../../operations/src/migrate.ts', import.meta.url));
const INSTANT = '2026-11-20T01:30:00.123Z';

const PAGE = `query ($cpf: CPF!, $after: String) {
  pessoa(cpf: $cpf) {
    nome endereco { atualizadoEm } dividas { nodes { vencimento } } perfil { idade }
    eventos {
      ultimaCompraCartao { dataHora }
      movimentacaoFinanceira(first: 10, after: $after) { nodes { id dataHora } pageInfo { hasNextPage endCursor } }
    }
  }
}`;

// PgBouncer runs in transaction mode, and refuses startup parameters other than a few of its own.
describe('The whole graph behind PgBouncer', () => {
  let bouncer: PgBouncer;
  let graph: WholeGraph;
  let cpf: Cpf;
  let readerUrls: string[];

  beforeAll(async () => {
    graph = await startWholeGraph({
      async envFrom(bases: TestBases) {
        const direct = {
          BASE_A_URL: bases.baseA.readerUrl,
          BASE_B_URL: bases.baseB.readerUrl,
          BASE_C_URL: bases.baseC.readerUrl,
          AUDIT_URL: bases.auditoria.writerUrl,
          AUDIT_READER_URL: bases.auditoria.readerUrl,
        };
        bouncer = await startPgBouncer([...Object.values(direct), bases.baseB.ownerUrl]);
        const through = Object.entries(direct).map(([name, url]) => [name, bouncer.through(url)] as const);
        readerUrls = through.filter(([name]) => name.startsWith('BASE')).map(([, url]) => url);
        // Postings come from Base C, not from the index.
        return { ...Object.fromEntries(through), ELASTICSEARCH_URL: '', CACHE_MEMORY_BYTES: '0', REDIS_URL: '' };
      },
    });
    cpf = await addPerson(graph);
    for (let index = 0; index < POSTINGS; index++) {
      await insert(graph.bases.baseC.owner, 'movimentacao', {
        id: `posting-${index}`,
        cpf,
        data_hora: INSTANT,
        natureza: 'DEBITO',
        tipo: 'PIX',
        valor: '1.00',
        situacao: 'TRANSACAO_EFETIVADA',
        palavras: [],
      });
    }
  });
  afterAll(async () => {
    await graph?.close();
    await bouncer?.close();
  });

  /** Other clients of the pooler, which change session settings on every server connection. */
  async function spoilSessions(): Promise<void> {
    for (const url of readerUrls) {
      const otherClients = await Promise.all([1, 2].map(() => new pg.Client({ connectionString: url }).connect()));
      await Promise.all(
        (otherClients as unknown as pg.Client[]).map((other) =>
          other.query(`
            SET IntervalStyle = 'sql_standard'; SET search_path = 'pg_catalog'; SET extra_float_digits = -15;
            SET bytea_output = 'escape'; SET array_nulls = off; SET quote_all_identifiers = on; SELECT pg_sleep(0.2)`),
        ),
      );
      await Promise.all((otherClients as unknown as pg.Client[]).map((other) => other.end()));
    }
  }

  const ask = async (cursor: string | null) => {
    const token = await graph.environment.token({ consentimento: [cpf] });
    const { body } = await graphql(graph.router.url, { query: PAGE, variables: { cpf, after: cursor }, token });
    return body as unknown as Answer;
  };

  it('loses no request when the pooler loses prepared statements, and each source says so once', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => ask(null)));
    for (let count = 0; count < 10; count++) answers.push(await ask(null));
    expect(answers.flatMap(({ errors }) => errors ?? [])).toEqual([]);
    const warnings = graph.environment
      .logLines()
      .map((line) => JSON.parse(line) as { level: number; msg: string; fonte?: string })
      .filter(({ msg }) => msg === 'a connection pooler loses prepared statements: each statement is planned anew');
    expect(warnings.map(({ fonte }) => fonte).sort()).toEqual(['auditoria', 'divida', 'evento', 'score']);
  });

  it('supports an import, each batch on any free connection', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pessoa-pgbouncer-'));
    const file = join(folder, 'bens.csv');
    const titular = newCpf();
    await insert(graph.bases.baseB.owner, 'titular', { cpf: titular });
    const lines = Array.from({ length: 25_000 }, (_, index) => `b${index},${titular},VEICULO,Moto ${index},false\n`);
    await writeFile(file, `id,cpf,tipo,descricao,onerado\n${lines.join('')}`);
    const connectionString = bouncer.through(graph.bases.baseB.ownerUrl);
    const { counts } = await importFile({ file, kind: bens, connectionString });
    await rm(folder, { recursive: true });
    expect(counts).toEqual({ read: 25_000, inserted: 25_000, updated: 0, unchanged: 0, refused: 0 });
    const { rows } = await graph.bases.baseB.owner.query(
      "SELECT count(*)::int AS n FROM bem WHERE descricao LIKE 'Moto %'",
    );
    expect(rows).toEqual([{ n: 25_000 }]);
  });

  it.each(['keyset', 'logical'])(
    'is refused by an indexer with mode %s, and its error names the setting',
    async (mode) => {
      const settings = {
        INDEXER_FOLLOW: mode,
        BASE_C_URL: bouncer.through(graph.bases.baseC.readerUrl),
        BASE_C_REPLICATION_URL: graph.bases.baseC.ownerUrl,
        ELASTICSEARCH_URL: 'http://127.0.0.1:1',
        CPF_HASH_KEY: randomBytes(32).toString('base64'),
      };
      const indexing = openIndexing(readConfig(settings));
      try {
        await expect(indexing.source.check()).rejects.toThrow(
          /BASE_C_URL leads to a connection pooler, .*: name PostgreSQL itself in BASE_C_URL/,
        );
        // The indexer has changed no session setting, because sessions belong to the pooler.
        const { rows } = await indexing.baseC.query("SELECT current_setting('search_path') AS path");
        expect(rows).toEqual([{ path: expect.not.stringMatching(/^public$/) as string }]);
      } finally {
        await indexing.close();
      }
    },
  );

  it('is refused by migrations, which hold a session lock', async () => {
    const migrating = applyMigrations(bouncer.through(graph.bases.baseB.ownerUrl), scoreMigrations);
    await expect(migrating).rejects.toThrow(/leads to a connection pooler/);
    const { baseA, baseB, baseC, auditoria } = graph.bases;
    const env = {
      ...bareEnvironment(),
      BASE_A_URL: baseA.readerUrl,
      BASE_B_URL: baseB.readerUrl,
      BASE_C_URL: baseC.readerUrl,
      AUDIT_URL: auditoria.writerUrl,
      BASE_B_ADMIN_URL: bouncer.through(baseB.ownerUrl),
    };
    const command = promisify(execFile)(process.execPath, [MIGRATE], { env });
    await expect(command).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('name PostgreSQL itself in BASE_B_ADMIN_URL') as string,
    });
  });

  it('shares server connections between clients', async () => {
    const url = readerUrls[2]!;
    const clients = [1, 2, 3].map(() => new pg.Client({ connectionString: url }));
    for (const client of clients) await client.connect();
    const pids = new Set<number>();
    for (const client of clients) {
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      pids.add(rows[0]!.pid);
    }
    for (const client of clients) await client.end();
    expect(pids.size).toBeLessThan(clients.length);
  });

  it('gives complete and equal pages, whatever settings other clients leave in the sessions', async () => {
    const ids = new Set<string>();
    let cursor: string | null = null;
    for (let page = 0; page < 6; page++) {
      await spoilSessions();
      const { data, errors } = await ask(cursor);
      expect(errors).toBeUndefined();
      const { eventos, ...otherFields } = data.pessoa;
      expect(otherFields).toMatchObject({
        nome: 'Bruno Fictício',
        endereco: { atualizadoEm: '2026-05-01T12:00:00.000Z' },
        dividas: { nodes: [{ vencimento: '2026-01-10' }, { vencimento: '2025-06-10' }] },
      });
      expect(eventos.ultimaCompraCartao).toEqual({ dataHora: '2026-11-15T18:30:00.000Z' });
      const { nodes, pageInfo } = eventos.movimentacaoFinanceira;
      for (const { id, dataHora } of nodes) {
        expect(ids.has(id)).toBe(false);
        ids.add(id);
        if (id.startsWith('posting-')) expect(dataHora).toBe(INSTANT);
      }
      cursor = pageInfo.endCursor;
      if (!pageInfo.hasNextPage) break;
    }
    expect(ids.size).toBe(POSTINGS + 3);
  });

  it('stores every answer in the audit, many at the same time', async () => {
    const count = async (): Promise<number> => {
      const { rows } = await graph.bases.auditoria.owner.query<{ n: number }>('SELECT count(*)::int AS n FROM acesso');
      return rows[0]!.n;
    };
    const initialCount = await count();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(null)));
    for (const { errors } of answers) expect(errors).toBeUndefined();
    expect(await count()).toBe(initialCount + 20);
  });
});

interface Answer {
  readonly errors?: unknown;
  readonly data: {
    readonly pessoa: {
      readonly eventos: {
        readonly ultimaCompraCartao: unknown;
        readonly movimentacaoFinanceira: {
          readonly nodes: readonly { readonly id: string; readonly dataHora: string }[];
          readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
        };
      };
    };
  };
}
