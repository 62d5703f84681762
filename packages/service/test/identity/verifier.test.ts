import { standardClaimNames } from '../../src/identity/claims.ts';
import { createIdentityVerifier, warnOfMissingKeys } from '../../src/identity/verifier.ts';
import { createLogger } from '../../src/logging/logger.ts';

describe('Unreadable keys at the start', () => {
  it.each(['file:///nao/existe', 'http://127.0.0.1:1/jwks', 'http://naoexiste.invalid/jwks', 'file:///'])(
    'cause one warning with the name of the variable: %s',
    async (url) => {
      const lines: string[] = [];
      const destination = { write: (line: string) => void lines.push(line) };
      const logger = createLogger({ service: 'test', level: 'info', destination });
      const jwt = { jwksUrl: new URL(url), issuer: 'i', audience: 'a', maxLifetimeSeconds: 900, types: ['JWT'], claims: standardClaimNames }; // prettier-ignore
      await warnOfMissingKeys(createIdentityVerifier({ jwt, isDevelopment: false }), logger);
      expect(lines.map((line) => JSON.parse(line))).toEqual([
        expect.objectContaining({ level: 40, msg: 'the keys of JWT_JWKS_URL cannot be read yet' }),
      ]);
    },
  );
});
