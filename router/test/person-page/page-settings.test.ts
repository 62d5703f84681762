import { personPageFaults, personPageVariables, readOidc } from '../../src/person-page/page-settings.ts';
import { z } from 'zod';

const COMPLETE = {
  JWT_ISSUER: 'https://emissor.example',
  OIDC_ISSUER: 'https://emissor.example',
  OIDC_CLIENT_ID: 'pagina',
  PERSON_PAGE_ORIGIN: 'https://consulta.example',
};
const read = (set: Record<string, string>) => readOidc(z.object(personPageVariables).parse(set));

describe('The settings of the page', () => {
  it('need the client and the origin with an issuer, and an issuer whose tokens are accepted', () => {
    expect(personPageFaults(COMPLETE)).toEqual([]);
    const { OIDC_CLIENT_ID: _, PERSON_PAGE_ORIGIN: __, ...rest } = COMPLETE;
    expect(personPageFaults({ ...rest, JWT_ISSUER: 'https://outro.example' }).map(({ name }) => name)).toEqual(['OIDC_CLIENT_ID', 'PERSON_PAGE_ORIGIN', 'OIDC_ISSUER']); // prettier-ignore
    expect(personPageFaults({ OIDC_CLIENT_SECRET: 'x' })).toEqual([{ name: 'OIDC_CLIENT_SECRET', message: 'has no use without OIDC_ISSUER' }]); // prettier-ignore
  });

  it('take an issuer of the further ones', () => {
    const further = JSON.stringify([{ name: 'banco', issuer: COMPLETE.OIDC_ISSUER, audiences: ['pessoa'], jwksUrl: 'https://emissor.example/jwks' }]); // prettier-ignore
    expect(personPageFaults({ ...COMPLETE, JWT_ISSUER: 'https://outro.example', JWT_FURTHER_ISSUERS: further })).toEqual([]); // prettier-ignore
  });

  it('give what the sign-in asks for', () => {
    expect(read({ ...COMPLETE, OIDC_PARAMETERS: 'resource=https%3A%2F%2Fapi.example%2F&prompt=login' })).toMatchObject({
      clientSecret: undefined,
      parameters: { resource: 'https://api.example/', prompt: 'login' },
      scopes: expect.stringMatching(/^openid divida:read score:read /),
    });
    expect(read({})).toBeUndefined();
  });

  it.each([
    ['OIDC_PARAMETERS', 'redirect_uri=https://evil.example'],
    ['OIDC_PARAMETERS', 'a=b&nonce=1'],
    ['OIDC_PARAMETERS', 'nada'],
    ['OIDC_PARAMETERS', 'no%6ece=1'],
    ['OIDC_SCOPES', 'divida:read'],
    ['PERSON_PAGE_ORIGIN', 'https://consulta.example/pessoa'],
    ['OIDC_ISSUER', 'file:///etc'],
  ])('refuse %s=%s', (name, value) => {
    expect(() => read({ [name]: value })).toThrow();
  });
});
