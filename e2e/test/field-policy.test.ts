import fc from 'fast-check';
import { type CedarOracle, cedarOracle, fieldPolicy, type OracleDecision } from '../src/field-policy/cedar-oracle.ts';
import { type Inquiry, inquiries } from '../src/field-policy/inquiry.ts';
import { ourDecisions } from '../src/field-policy/our-decisions.ts';
import { fieldsOfPessoa } from '../src/field-policy/sample-subgraph.ts';

/** Of `npm run test:generated`; `npm test` makes a tenth. */
const DECISIONS = 100_000;
const decisions = generatedCases(DECISIONS / 10) * 10;

const anyInquiry = inquiries([...fieldsOfPessoa.keys()]);
const decide = ourDecisions();

/** @returns both decisions, unless both allow the field, or both refuse it and Cedar knows our `motivo` */
async function difference(inquiry: Inquiry, cedar: OracleDecision): Promise<object | undefined> {
  const ours = await decide(inquiry);
  const refusals = [ours.router, ours.subgraph].filter((motivo) => motivo !== undefined);
  // Two levels below a null that the caller may read, the subgraph has nothing to refuse. The router does not ask it for that.
  const isBelowNull = !inquiry.isKnown && inquiry.field.includes('.prova.') && ours.router !== undefined;
  const isSame =
    (isBelowNull || cedar.isAllowed === (ours.subgraph === undefined)) &&
    cedar.isAllowed === (refusals.length === 0) &&
    refusals.every((motivo) => cedar.motivos.has(motivo)) &&
    ours.isShown === (cedar.isAllowed && (inquiry.isKnown || inquiry.field === 'cpf'));
  return isSame ? undefined : { inquiry, cedar, ours };
}

describe('The policy of fields, written again in Cedar', () => {
  it(`decides as the router and the subgraphs do: ${decisions.toLocaleString('en')} decisions`, async () => {
    const oracle = cedarOracle();
    const counts = new Map<string, number>();
    const property = fc.asyncProperty(anyInquiry, async (inquiry) => {
      const cedar = oracle(inquiry);
      expect(await difference(inquiry, cedar)).toBeUndefined();
      for (const kind of cedar.isAllowed ? ['allowed'] : cedar.motivos) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    });
    await fc.assert(property, { ...generatedProperty(decisions), numRuns: decisions });
    for (const kind of ['allowed', 'ESCOPO', 'TITULAR', 'CONSENTIMENTO', 'FINALIDADE'])
      expect({ kind, isFrequent: (counts.get(kind) ?? 0) > decisions / 20 }).toEqual({ kind, isFrequent: true });
  }, 600_000);

  it.each<[string, (policy: string) => string]>([
    ['lets a consent end a day early', replacing('.toDate() <=', '.toDate() <')],
    ['ends days in UTC', replacing('context.now.offset(duration("-3h"))', 'context.now')],
    ['lets any client have a court order', replacing('context.courtOrderClients.contains(principal.client)', 'true')],
    ['lets a holder read the CPF of nobody else', replacing('unless { resource == Field::"cpf" }', '')],
    [
      'lets the header win over the claim',
      replacing('if principal has finalidade\n    then principal.finalidade == "ORDEM_JUDICIAL"\n    else ', ''),
    ],
    ['shows third parties what the log holds', replacing('    Field::"eventos.consultas.nodes.prova",\n', '')],
    ['asks for one scope less', replacing('"perfil"', '"perfil.bens"')],
    ['gives cadastral data to nobody', replacing('context.thirdPartyCadastro == "never" &&', '')],
    [
      'takes the scope for a consent',
      replacing('context.thirdPartyCadastro == "consent"', 'context.thirdPartyCadastro == "x"'),
    ],
  ])('would tell of a policy that %s', async (_, plant) => {
    const oracle: CedarOracle = cedarOracle(plant(fieldPolicy()));
    const sample = fc.sample(anyInquiry, { seed: 20_261_128, numRuns: 4_000 });
    for (const inquiry of sample) if (await difference(inquiry, oracle(inquiry))) return;
    throw new Error('no difference was found');
  });
});

function replacing(passage: string, other: string): (policy: string) => string {
  return (policy) => {
    if (!policy.includes(passage)) throw new Error(`the policy has no ${passage}`);
    return policy.replace(passage, other);
  };
}
