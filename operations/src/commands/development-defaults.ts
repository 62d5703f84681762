import { pathToFileURL } from 'node:url';
import {
  DEVELOPMENT_TOKEN_SECONDS,
  developmentAudience,
  developmentIssuer,
  ensureDevelopmentKeys,
} from '@pessoa/service/development/development-keys';
import { pessoaHome } from '../system/home.ts';

/** The keys and the issuer that `npm start` makes, as variables. */
export async function developmentDefaults(env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const keys = await ensureDevelopmentKeys(pessoaHome(env));
  return {
    PESSOA_ENV: 'development',
    JWT_JWKS_URL: pathToFileURL(keys.jwksFile).href,
    JWT_ISSUER: developmentIssuer,
    JWT_AUDIENCE: developmentAudience,
    JWT_MAX_LIFETIME_SECONDS: String(DEVELOPMENT_TOKEN_SECONDS),
    CPF_HASH_KEY: keys.cpfHashKey,
  };
}
