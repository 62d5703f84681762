import { generateKeyPairSync, hash, randomBytes, sign } from 'node:crypto';
import type { Read } from '../../../src/person-page/browser/read-proof.js';
import { pathTo, rootOfLeaves } from './naive-tree.ts';

export const ORIGIN = 'log.example/auditoria';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const sha256 = (...parts: (Uint8Array | string)[]): Buffer => hash('sha256', Buffer.concat(parts.map((part) => Buffer.from(part as string))), 'buffer'); // prettier-ignore

export interface ProvenRead extends Read {
  prova: { indice: string; checkpoint: string; inclusao: string[]; registro: string; nonce: string; pessoa: string };
}

/** A log with a key of its own, made by `node:crypto` from the formats alone. */
export class SignedLog {
  readonly #keys = generateKeyPairSync('ed25519');
  readonly #keyId: Buffer;
  /** The verifier key as the log publishes it. */
  readonly key: string;
  readonly origin: string;

  constructor(origin = ORIGIN) {
    this.origin = origin;
    const key = Buffer.concat([Buffer.of(1), Buffer.from(this.#keys.publicKey.export({ format: 'jwk' }).x!, 'base64url')]); // prettier-ignore
    this.#keyId = sha256(`${origin}\n`, key).subarray(0, 4);
    this.key = `${origin}+${this.#keyId.toString('hex')}+${base64(key)}`;
  }

  /** A signed note. @param more signature lines after that of the log */
  sign(text: string, more = ''): string {
    const signature = sign(null, Buffer.from(text), this.#keys.privateKey);
    return `${text}\n— ${this.origin} ${base64(Buffer.concat([this.#keyId, signature]))}\n${more}`;
  }

  /** As many reads, each with its proof. @param person the index in their records */
  reads(count: number, person = 'indice'): ProvenRead[] {
    const records = Array.from({ length: count }, (_, at) => ({
      campos: ['score.valor'],
      clientId: `loja-${at}`,
      dataHora: `2026-11-30T12:00:0${at % 10}.000Z`,
      finalidade: 'LOCACAO',
      id: `registro-${at}`,
      indicePessoa: person,
      numero: at + 1,
      operacao: 'Score',
      peloTitular: false,
      versao: 2,
    }));
    const nonces = records.map(() => randomBytes(32));
    const texts = records.map((record) => JSON.stringify(record));
    const leaves = texts.map((text, at) => sha256(Buffer.of(0), sha256(nonces[at]!, text)));
    const checkpoint = this.sign(`${this.origin}\n${count}\n${base64(rootOfLeaves(leaves))}\n`);
    return records.map(({ id, clientId, dataHora, finalidade, operacao, peloTitular }, at) => ({
      id,
      biro: 'PESSOA',
      consulente: clientId,
      dataHora,
      finalidade,
      produto: operacao,
      peloTitular,
      prova: { indice: String(at), checkpoint, inclusao: pathTo(at, leaves).map(base64), registro: texts[at]!, nonce: base64(nonces[at]!), pessoa: '' }, // prettier-ignore
    }));
  }
}

/** The same bytes in base64, but for one bit. */
export function flipped(text: string): string {
  const bytes = Buffer.from(text, 'base64');
  bytes[bytes.length - 1]! ^= 1;
  return base64(bytes);
}
