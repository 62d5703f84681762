import { readLogKey } from '../../../src/person-page/browser/checkpoint.js';
import { verifyRead } from '../../../src/person-page/browser/read-proof.js';
import { flipped, type ProvenRead, SignedLog } from './signed-log.ts';

const log = new SignedLog();
const key = (await readLogKey(log.key))!;

/** Judges the third of seven reads after a change. */
async function judged(change: (read: ProvenRead, others: readonly ProvenRead[]) => void) {
  const reads = log.reads(7);
  change(reads[2]!, reads);
  const { state, fault } = await verifyRead(reads[2]!, key);
  return fault === undefined ? state : fault;
}

describe('The proof of a read', () => {
  it('shows that the record is in the log, with what the list shows of it', async () => {
    for (const [place, read] of log.reads(7).entries()) {
      expect(await verifyRead(read, key)).toMatchObject({ state: 'PROVADA', place, checkpoint: { size: 7 }, record: { numero: place + 1 } }); // prettier-ignore
    }
  });

  it.each<[string, (read: ProvenRead, others: readonly ProvenRead[]) => void]>([
    ['record', ({ prova }) => void (prova.registro = prova.registro.replace('LOCACAO', 'COBRANCA'))],
    ['nonce', ({ prova }) => void (prova.nonce = flipped(prova.nonce))],
    ['hash on the way', ({ prova }) => void (prova.inclusao[1] = flipped(prova.inclusao[1]!))],
    ['place', ({ prova }) => void (prova.indice = '3')],
    ['place beyond the tree', ({ prova }) => void (prova.indice = '7')],
    ['way, which is too short', ({ prova }) => void prova.inclusao.pop()],
    ['way, which is too long', ({ prova }) => void prova.inclusao.push(prova.nonce)],
    ['size of the tree', ({ prova }) => void (prova.checkpoint = prova.checkpoint.replace('\n7\n', '\n3\n'))],
    ['checkpoint, of another tree', ({ prova }) => void (prova.checkpoint = log.reads(7)[0]!.prova.checkpoint)],
    ['record, of another read', (read, others) => void (read.prova.registro = others[0]!.prova.registro)],
  ])('does not hold with another %s', async (_what, change) => {
    expect(await judged(change)).toBe('REGISTRO');
  });

  it('does not hold when another key signed the checkpoint, or the checkpoint was changed after it was signed', async () => {
    expect(await judged((read) => Object.assign(read, new SignedLog().reads(7)[2]))).toBe('ASSINATURA');
    expect(await judged(({ prova }) => void (prova.checkpoint = prova.checkpoint.replace('\n\n', '\nmais\n\n')))).toBe('ASSINATURA'); // prettier-ignore
  });

  it.each<[string, Partial<ProvenRead>]>([
    ['id', { id: 'outro' }],
    ['client', { consulente: 'outra-loja' }],
    ['instant', { dataHora: '2020-01-01T00:00:00.000Z' }],
    ['purpose', { finalidade: 'COBRANCA' }],
    ['operation', { produto: null }],
    ['reader', { peloTitular: true }],
    ['company', { cnpjConsulente: '11222333000181' }],
    ['bureau', { biro: 'Outro' }],
  ])('does not hold when the list shows another %s than the record', async (_what, shown) => {
    expect(await judged((read) => Object.assign(read, shown))).toBe('LISTA');
  });

  it('of a whole other read does not hold for this one', async () => {
    expect(await judged((read, others) => void (read.prova = others[0]!.prova))).toBe('LISTA');
  });

  it.each<[string, unknown]>([
    ['indice', 2],
    ['indice', '02'],
    ['indice', '-1'],
    ['indice', '9'.repeat(16)],
    ['checkpoint', 'log.example\n\n'],
    ['checkpoint', null],
    ['inclusao', 'x'],
    ['inclusao', ['AAAA']],
    ['inclusao', ['!']],
    ['registro', {}],
    ['registro', '[]'],
    ['registro', 'x'],
    ['nonce', 'AAAA'],
    ['nonce', 7],
  ])('does not hold when its "%s" has another form: %j', async (name, value) => {
    expect(await judged(({ prova }) => Object.assign(prova, { [name]: value }))).toBe('FORMA');
  });

  it.each<[string, (text: string) => string]>([
    ['spaces', (text) => text.replace(':', ': ')],
    ['a name twice', (text) => text.replace('{', '{"finalidade":"COBRANCA",')],
    ['another order', (text) => text.replace(/^\{("campos":[^\]]*\]),/, '{').replace(/\}$/, ',"campos":["score.valor"]}')], // prettier-ignore
    ['no person', (text) => text.replace(',"indicePessoa":"indice"', '')],
    ['no number', (text) => text.replace(/"numero":\d+/, '"numero":0')],
    ['half a character', (text) => text.replace('LOCACAO', '\ud800')],
  ])('does not hold when the text of the record has %s', async (_what, change) => {
    expect(await judged(({ prova }) => void (prova.registro = change(prova.registro)))).toBe('FORMA');
  });

  it('is not whole without the key of the log', async () => {
    const [read] = log.reads(1);
    expect(await verifyRead(read!, undefined)).toMatchObject({ state: 'SEM_ASSINATURA', place: 0 });
  });
});
