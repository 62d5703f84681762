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

const indexed = { ...env, ELASTICSEARCH_URL: 'https://indice.invalid:9200' };

describe('the configuration of Event', () => {
  it('keeps what it may wait for inside 700 ms, cache (50) and search included', () => {
    const { base, auditReader, search } = readConfig(indexed);
    const request = base.budget.acquireMillis + base.budget.statementMillis;
    expect(50 + search!.searchMillis + request).toBeLessThanOrEqual(700);
    expect(auditReader.timeoutMillis).toBeLessThan(request);
  });

  it('has an index to search only where its Elasticsearch is named', () => {
    expect(readConfig({ ...env, SEARCH_ALIAS: 'outro' }).search).toBeUndefined();
    expect(readConfig(indexed).search).toEqual({
      url: indexed.ELASTICSEARCH_URL,
      apiKey: undefined,
      alias: 'movimentacao',
      searchMillis: 150,
      lagMaxSeconds: 30,
    });
  });

  it('names every variable that is missing or wrong at once, and no value', () => {
    const wrong = {
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
    expect(() => readConfig(wrong)).toThrow(expect.objectContaining({ message: faults }));
  });
});
