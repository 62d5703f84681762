import { randomBytes } from 'node:crypto';
import { formatMapLine } from '@pessoa/transparency-log/checkpoints/map-extension';
import { findEntries, mapRoot } from '@pessoa/transparency-log/map/find-entries';
import { proveEntry } from '@pessoa/transparency-log/map/map-proofs';
import { chainHead } from '@pessoa/transparency-log/map/person-chain';
import { personIndex, provePersonIndex } from '@pessoa/transparency-log/map/person-index';
import { updateMap } from '@pessoa/transparency-log/map/update-map';
import type { NoteSigner } from '@pessoa/transparency-log/notes/signed-note';
import { canonicalRecord, entryOf, type FlatRecord } from '@pessoa/transparency-log/records/canonical-record';
import { type VrfKey, vrfKey } from '@pessoa/transparency-log/vrf/ecvrf';
import { READ, StaticLog } from './static-log.ts';

export interface PersonAnswer {
  checkpoint: string;
  indice: string;
  quantidade: number;
  cabeca: string;
  mapa: string[];
  outro?: { indice: string; quantidade: number; cabeca: string };
  registros: { numero: number; entrada: string; registro?: Record<string, unknown>; nonce?: string; indice: number }[];
}

export interface ProofAnswer {
  registros: { registro: Record<string, unknown>; nonce: string; prova: { checkpoint: string }; pessoa?: string }[];
}

interface Read {
  readonly place: number;
  readonly entry: Uint8Array;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** A log with a map of people, as the auditor keeps it; and an operator who cheats may write anything into it. */
export class PeopleLog extends StaticLog {
  readonly vrf: VrfKey;
  readonly #reads = new Map<string, readonly Read[]>();
  readonly #nodes = new Map<string, Uint8Array>();

  constructor(signer?: NoteSigner, vrf: VrfKey = vrfKey(randomBytes(32))) {
    super(signer);
    this.vrf = vrf;
  }

  /** Logs a read of a person. @param lies members that the record has instead of the true ones. @returns its place */
  async read(cpf: string, lies: FlatRecord = {}): Promise<number> {
    const place = this.size;
    const reads = this.#reads.get(cpf) ?? [];
    const record = {
      versao: 2,
      clientId: `client-${place}`,
      interacao: `consulta-${place}`,
      ...READ,
      indicePessoa: this.indexOf(cpf),
      numero: reads.length + 1,
      ...lies,
    };
    const nonce = randomBytes(32);
    this.append([{ record, nonce }]);
    await this.setReads(cpf, [...reads, { place, entry: entryOf(nonce, canonicalRecord(record)) }]);
    return place;
  }

  /** The index of a person, in base64. */
  indexOf(cpf: string): string {
    return base64(personIndex(this.vrf, cpf));
  }

  readsOf(cpf: string): readonly Read[] {
    return this.#reads.get(cpf) ?? [];
  }

  /** Writes the chain of a person anew, as an honest auditor never does but at its end. */
  async setReads(cpf: string, reads: readonly Read[]): Promise<void> {
    this.#reads.set(cpf, reads);
    const head = chainHead(reads.map(({ entry }) => entry));
    const entry = { index: personIndex(this.vrf, cpf), count: reads.length, head };
    const { nodes } = await updateMap([entry], this.#readNodes);
    for (const { path, bytes } of nodes) this.#nodes.set(path, bytes);
  }

  /** Signs and publishes the present tree with the present map. */
  async publishMap(witnesses: readonly NoteSigner[] = []): Promise<string> {
    return this.publish(witnesses, [formatMapLine({ vrfPublicKey: this.vrf.publicKey, root: await mapRoot(this.#readNodes) })]); // prettier-ignore
  }

  /** What `GET /auditoria/provas/{interaction}` answers for these places, with the proof that each is of the person named beside it. */
  async proofs(
    places: readonly (readonly [place: number, cpf: string | undefined])[],
    checkpoint: string,
  ): Promise<ProofAnswer> {
    const answer = JSON.parse(await this.answer(places.map(([place]) => place), checkpoint)) as ProofAnswer; // prettier-ignore
    for (const [at, [, cpf]] of places.entries()) {
      if (cpf !== undefined) answer.registros[at]!.pessoa = base64(provePersonIndex(this.vrf, cpf).proof);
    }
    return answer;
  }

  /** What `GET /auditoria/pessoa/{cpf}` answers under this checkpoint. */
  async person(cpf: string, checkpoint: string, page?: { after: number; first: number }): Promise<PersonAnswer> {
    const { index, proof } = provePersonIndex(this.vrf, cpf);
    const [entry] = await findEntries([index], this.#readNodes);
    const { siblings, other } = await proveEntry(index, this.#readNodes);
    const { after = 0, first = Infinity } = page ?? {};
    const registros = this.readsOf(cpf).map(({ place, entry: entrada }, before) => {
      const { record, nonce } = this.records[place]!;
      return { numero: before + 1, entrada: base64(entrada), registro: record, nonce: base64(nonce), indice: place };
    });
    return {
      checkpoint,
      indice: base64(proof),
      quantidade: entry?.count ?? 0,
      cabeca: base64(entry?.head ?? Buffer.alloc(32)),
      mapa: siblings.map(base64),
      ...(other && { outro: { indice: base64(other.index), quantidade: other.count, cabeca: base64(other.head) } }),
      registros: registros.slice(after, after + first),
    };
  }

  readonly #readNodes = async (paths: readonly string[]): Promise<Map<string, Uint8Array>> =>
    new Map(paths.flatMap((path) => (this.#nodes.has(path) ? [[path, this.#nodes.get(path)!]] : [])));
}
