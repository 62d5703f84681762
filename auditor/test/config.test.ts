import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { systemClock } from '@pessoa/domain/data';
import { cosigner } from '@pessoa/transparency-log/checkpoints/cosignature';
import { ed25519Signer, formatVerifierKey } from '@pessoa/transparency-log/notes/signed-note';
import { readConfig } from '../src/config.ts';

const keyOfWitness = (name: string): string =>
  formatVerifierKey(cosigner(name, generateKeyPairSync('ed25519').privateKey, systemClock));

describe('The settings of the auditor', () => {
  const base = {
    PESSOA_ENV: 'development',
    JWT_JWKS_URL: 'http://127.0.0.1:9/jwks',
    JWT_ISSUER: 'https://issuer.example',
    JWT_AUDIENCE: 'pessoa',
    CPF_HASH_KEY: randomBytes(32).toString('base64url'),
    INTERNAL_KEY: randomBytes(32).toString('base64url'),
    AUDIT_AUDITOR_URL: 'postgresql://auditor@127.0.0.1/auditoria',
    AUDITOR_NAME: 'bureau.example/auditoria',
    AUDITOR_KEY: randomBytes(32).toString('base64url'),
    AUDITOR_VRF_KEY: randomBytes(32).toString('base64url'),
  };
  const [one, other] = [keyOfWitness('one.example'), keyOfWitness('other.example')];

  it('want every witness, unless they say how many', () => {
    const WITNESSES = `${one} http://one.example:4006, ${other} https://other.example/log/`;
    const all = readConfig({ ...base, WITNESSES });
    expect(all.quorum).toBe(2);
    expect(all.witnesses.map(({ url, verifier }) => [verifier.name, url])).toEqual([
      ['one.example', 'http://one.example:4006'],
      ['other.example', 'https://other.example/log/'],
    ]);
    expect(readConfig({ ...base, WITNESSES, WITNESS_QUORUM: '1' }).quorum).toBe(1);
    expect(readConfig(base)).toMatchObject({ witnesses: [], quorum: 0 });
  });

  it.each([
    ['a witness without an address', { WITNESSES: one }, 'WITNESSES: is not a list'],
    ['an address of another protocol', { WITNESSES: `${one} file:///etc` }, 'WITNESSES: is not a list'],
    ['a witness twice', { WITNESSES: `${one} http://a.example, ${one} http://b.example` }, 'names a witness twice'],
    ['a key that is that of a log', { WITNESSES: `${formatVerifierKey(ed25519Signer('log.example', generateKeyPairSync('ed25519').privateKey))} http://a.example` }, 'not that of a witness'],
    ['a quorum above the witnesses', { WITNESSES: `${one} http://a.example`, WITNESS_QUORUM: '2' }, 'more than the 1 of WITNESSES'],
    ['a quorum of no witnesses', { WITNESS_QUORUM: '1' }, 'more than the 0 of WITNESSES'],
    ['a name with a space', { AUDITOR_NAME: 'bureau example' }, 'AUDITOR_NAME: is empty, or has white space or a plus'],
    ['a name with a plus', { AUDITOR_NAME: 'bureau+example' }, 'AUDITOR_NAME: is empty, or has white space or a plus'],
    ['an empty name', { AUDITOR_NAME: '' }, 'AUDITOR_NAME'],
    ['a short key', { AUDITOR_KEY: 'abc' }, 'AUDITOR_KEY: is not 32 bytes'],
    ['a short key of people', { AUDITOR_VRF_KEY: 'abc' }, 'AUDITOR_VRF_KEY: is not 32 bytes'],
    ['one key for signatures and people', { AUDITOR_VRF_KEY: base.AUDITOR_KEY }, 'AUDITOR_VRF_KEY: is the AUDITOR_KEY'],
  ])('are refused with %s', (_case, settings, message) => {
    expect(() => readConfig({ ...base, ...settings })).toThrow(message);
  }); // prettier-ignore
});
