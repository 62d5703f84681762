import { standardClaimNames } from '../../src/identity/claims.ts';
import { createIdentityVerifier, warnOfMissingKeys } from '../../src/identity/verifier.ts';
import { createLogger } from '../../src/logging/logger.ts';

describe('Unreadable keys at the start', () => {
  it.each(['file:///nao/existe', 'http://127.0.0.1:1/jwks', 'http://naoexiste.invalid/jwks', 'file:///'])(
    'cause one warning with the name of each issuer: %s',
    async (url) => {
      const lines: string[] = [];
      const destination = { write: (line: string) => void lines.push(line) };
      const logger = createLogger({ service: 'test', level: 'info', destination });
      const rules = { audiences: ['a'], maxLifetimeSeconds: 900, types: ['JWT'], claims: standardClaimNames };
      const issuers = ['principal', 'parceiros'].map((name) => ({
        name,
        issuer: name,
        jwksUrl: new URL(url),
        ...rules,
      }));
      const jwt = { issuers, dpopUrls: [], certificateProxy: undefined };
      await warnOfMissingKeys({ jwt }, createIdentityVerifier({ jwt, isDevelopment: false }), logger);
      const msg = 'the keys of an issuer of tokens cannot be read yet';
      const warnings = lines.map((line) => JSON.parse(line) as { emissorDeTokens: string });
      expect(warnings.toSorted((a, b) => (a.emissorDeTokens < b.emissorDeTokens ? -1 : 1))).toEqual([
        expect.objectContaining({ level: 40, msg, emissorDeTokens: 'parceiros' }),
        expect.objectContaining({ level: 40, msg, emissorDeTokens: 'principal' }),
      ]);
    },
  );
});
