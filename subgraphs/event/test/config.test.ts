import { randomBytes } from 'node:crypto';
import { readConfig } from '../src/config.ts';

const secret = () => randomBytes(32).toString('base64url');
const env = {
  JWT_JWKS_URL: 'https://emissor.invalid/jwks',
  JWT_ISSUER: 'https://emissor.invalid',
  JWT_AUDIENCE: 'pessoa',
  CPF_HASH_KEY: secret(),
  INTERNAL_KEY: secret(),
  AUDIT_URL: 'postgresql://writer@bases.invalid/auditoria',
  AUDIT_READER_URL: 'postgresql://reader@bases.invalid/auditoria',
  BASE_C_URL: 'postgresql://reader@bases.invalid/base_c',
};

const envWithIndex = { ...env, ELASTICSEARCH_URL: 'https://indice.invalid:9200' };

describe('The configuration of Event', () => {
  it('waits at most 700 ms for a request, with the cache (50 ms) and a search of the index', () => {
    const { base, auditReader, search } = readConfig(envWithIndex);
    const baseMillis = base.budget.acquireMillis + base.budget.statementMillis;
    expect(50 + search!.searchMillis + baseMillis).toBeLessThanOrEqual(700);
    expect(auditReader.timeoutMillis).toBeLessThan(baseMillis);
  });

  it('has an index only with the URL of its Elasticsearch', () => {
    expect(readConfig({ ...env, SEARCH_ALIAS: 'outro' }).search).toBeUndefined();
    expect(readConfig(envWithIndex).search).toEqual({
      url: envWithIndex.ELASTICSEARCH_URL,
      apiKey: undefined,
      alias: 'movimentacao',
      searchMillis: 150,
      lagMaxSeconds: 30,
    });
  });

  it('is refused with the name of every missing or wrong variable at once, and without their values', () => {
    const wrongEnv = {
      ...env,
      BASE_C_URL: 'mysql://secret@x',
      AUDIT_READER_URL: '',
      EVENT_PORT: '70000',
      ELASTICSEARCH_URL: 'secret:9200',
      SEARCH_ALIAS: 'secret,*',
      SEARCH_LAG_MAX_SECONDS: '0',
    };
    const faults = expect.stringMatching(
      /^event cannot start:\n(?=.*BASE_C_URL)(?=.*AUDIT_READER_URL)(?=.*EVENT_PORT)(?=.*ELASTICSEARCH_URL)(?=.*SEARCH_ALIAS)(?=.*SEARCH_LAG_MAX_SECONDS)(?!.*secret)/s,
    );
    expect(() => readConfig(wrongEnv)).toThrow(expect.objectContaining({ message: faults }));
  });
});
