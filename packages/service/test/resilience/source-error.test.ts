import { PublicError } from '@pessoa/domain/errors';
import { messageOf, startPosingPostgres } from '@pessoa/testkit/posing-postgres';
import { openTestBases, type TestBases } from '@pessoa/testkit/test-bases';
import pg from 'pg';
import { sourceError } from '../../src/resilience/source-error.ts';

/** Errors of a plain `pg` client, as `sourceError` translates them. */
describe('An error of PostgreSQL', () => {
  let bases: TestBases;
  beforeAll(async () => {
    bases = await openTestBases();
  });
  afterAll(() => bases.drop());

  async function failureOf(statement: string, config: pg.ClientConfig = {}): Promise<unknown> {
    const client = new pg.Client({ connectionString: bases.baseC.readerUrl, ...config });
    client.on('error', () => {});
    const error = await client.connect().then(() => client.query(statement)).catch((caught: unknown) => caught); // prettier-ignore
    await client.end().catch(() => {});
    return sourceError(error, 'evento');
  }
  const at = (change: (url: URL) => void): pg.ClientConfig => {
    const url = new URL(bases.baseC.readerUrl);
    change(url);
    return { connectionString: url.href };
  };

  it.each([
    ['a statement over the time limit of the server', 'SELECT pg_sleep(5)', { statement_timeout: 20 }],
    ['a statement over the time limit of the client', 'SELECT pg_sleep(5)', { query_timeout: 20 }],
  ])('%s is FONTE_LENTA', async (_, statement, config) => {
    expect(await failureOf(statement, config)).toMatchObject({ code: 'FONTE_LENTA', fonte: 'evento' });
  });

  it.each([
    ['a port without a server', (url: URL) => void (url.port = '1')],
    ['a wrong password', (url: URL) => void (url.password = 'wrong')],
    ['a missing role', (url: URL) => void (url.username = 'nobody')],
    ['a missing database', (url: URL) => void (url.pathname = '/nothing')],
    ['a host that does not resolve', (url: URL) => void (url.hostname = 'base.invalid')],
  ])('%s is FONTE_INDISPONIVEL', async (_, change) => {
    expect(await failureOf('SELECT 1', at(change))).toMatchObject({ code: 'FONTE_INDISPONIVEL', fonte: 'evento' });
  });

  it.each([
    ['no way to sign in that PostgreSQL has', messageOf('R', Buffer.from('\0\0\0\x0anoise\0\0'))],
    ['a message that PostgreSQL does not have', messageOf('\xff', Buffer.alloc(4))],
  ])('a server that sends %s is FONTE_INDISPONIVEL', async (_, greeting) => {
    const server = await startPosingPostgres(Buffer.alloc(0), greeting);
    expect(await failureOf('SELECT 1', { connectionString: server.url })).toMatchObject({ code: 'FONTE_INDISPONIVEL' });
    server.close();
  });

  it.each(['SELECT * FROM nothing', 'SELECT nothing FROM titular', 'DELETE FROM titular'])(
    'a missing table, column or right is FONTE_INVALIDA: %s',
    async (statement) => {
      expect(await failureOf(statement)).toMatchObject({ code: 'FONTE_INVALIDA', fonte: 'evento' });
    },
  );

  it('any other error is a bug of Pessoa and is not translated', async () => {
    const error = await failureOf('SELECT 1 / 0');
    expect(error).not.toBeInstanceOf(PublicError);
    expect(error).toMatchObject({ code: '22012' });
  });
});
