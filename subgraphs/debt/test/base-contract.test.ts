import { openTestBases } from '@pessoa/testkit/test-bases';
import { createTestEnvironment } from '@pessoa/testkit/test-environment';
import { readConfig } from '../src/config.ts';
import { startDebt } from '../src/debt-subgraph.ts';
import { openDebt, PATIENT } from './debt-under-test.ts';

describe('A Base A that differs from the contract', () => {
  it('without an index lets the service start, which logs the statement for the index once', async () => {
    const debt = await openDebt(async ({ baseA }) => {
      await baseA.owner.query('DROP INDEX divida_cpf_vencimento_id_idx');
      return {};
    });
    const warnings = debt.environment.logLines().filter((line) => line.includes('CREATE INDEX'));
    expect(warnings.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({
        level: 40,
        ddl: 'CREATE INDEX CONCURRENTLY ON "public"."divida" (cpf, vencimento DESC, id DESC)',
      }),
    ]);
    await debt.close();
  });

  it.each([
    ['lacks a column', 'ALTER TABLE divida DROP COLUMN data_comunicacao', 'divida.data_comunicacao'],
    ['lacks a table', 'ALTER TABLE credor RENAME TO credores', 'credor.cnpj'],
    [
      'does not grant a column to the reader role',
      'REVOKE SELECT ON pessoa FROM base_a_reader; GRANT SELECT (cpf, nome) ON pessoa TO base_a_reader',
      'pessoa.situacao_cadastral',
    ],
    [
      'has a column of another type',
      'ALTER TABLE divida ALTER COLUMN valor_original TYPE double precision',
      'divida.valor_original (is double precision, must be numeric(17,2))',
    ],
    [
      'has an enum type for allowed values',
      `CREATE TYPE situacao AS ENUM ('EM_ABERTO'); ALTER TABLE divida ALTER COLUMN situacao TYPE situacao USING situacao::situacao`,
      'divida.situacao (is situacao, must be text)',
    ],
    [
      'is older than PostgreSQL 15',
      // Found before the server's own, because the database's path says so.
      `CREATE FUNCTION public.current_setting(text) RETURNS text LANGUAGE sql AS $$ SELECT '140012' $$;
       DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database()); END $$`,
      'PostgreSQL 15 or newer (the server is 14)',
    ],
  ])('that %s prevents the start, with an error that names the difference', async (_, change, missing) => {
    const bases = await openTestBases();
    const environment = await createTestEnvironment(bases);
    await bases.baseA.owner.query(change);
    const started = startDebt(readConfig({ ...environment.env, ...PATIENT }), environment.logger);
    await expect(started).rejects.toThrow(missing);
    await expect(started).rejects.not.toThrow(/pessoa\.nome|divida\.id|\/\//);
    await environment.close();
    await bases.drop();
  });

  it('may have compatible types and domains', async () => {
    const debt = await openDebt(async ({ baseA }) => {
      await baseA.owner.query(`
        CREATE DOMAIN cpf AS char(11) CHECK (value ~ '^[0-9]{11}$');
        ALTER TABLE divida DROP CONSTRAINT divida_cpf_fkey, ALTER COLUMN cpf TYPE cpf, ALTER COLUMN uf TYPE text,
          ALTER COLUMN parcelas_em_atraso TYPE smallint, ALTER COLUMN contrato TYPE varchar(40)`);
      return {};
    });
    const cpf = await debt.newPessoa();
    await debt.newDivida(cpf, { parcelas_em_atraso: 3, uf: 'SP' });
    const { body } = await debt.ask(
      `{ pessoa(cpf: "${cpf}") { dividas { totalCount nodes { uf parcelasEmAtraso contrato } } } }`,
    );
    await debt.close();
    expect(body).toEqual({
      data: {
        pessoa: { dividas: { totalCount: 1, nodes: [{ uf: 'SP', parcelasEmAtraso: 3, contrato: '0012345678' }] } },
      },
    });
  });

  it('may have views for tables, and more columns than Debt reads', async () => {
    const debt = await openDebt(async ({ baseA }) => {
      await baseA.owner.query(`
        ALTER TABLE pessoa RENAME TO cadastro;
        ALTER TABLE cadastro ADD COLUMN nome_da_mae TEXT;
        CREATE VIEW pessoa AS SELECT cpf, nome, situacao_cadastral FROM cadastro`);
      return {};
    });
    await debt.bases.baseA.owner.query(
      `INSERT INTO cadastro VALUES ('52998224725', 'Ana Fictícia', 'REGULAR', 'Bia Fictícia')`,
    );
    const { body } = await debt.ask('{ pessoa(cpf: "52998224725") { nome dividas { totalCount } } }');
    await debt.close();
    expect(body).toEqual({ data: { pessoa: { nome: 'Ana Fictícia', dividas: { totalCount: 0 } } } });
  });
});
