import { readFileSync } from 'node:fs';
import {
  type EntityJson,
  policySetTextToParts,
  policyToJson,
  preparsePolicySet,
  preparseSchema,
  type StatefulAuthorizationCall,
  statefulIsAuthorized,
  validate,
} from '@cedar-policy/cedar-wasm/nodejs';
import { type Consent, COURT_ORDER_CLIENTS, type Inquiry, type TokenFacts } from './inquiry.ts';

export interface OracleDecision {
  readonly isAllowed: boolean;
  /** Why not: every `motivo` that holds. */
  readonly motivos: ReadonlySet<string>;
}

type ParsedPolicy = Pick<StatefulAuthorizationCall, 'preparsedPolicySetId' | 'preparsedSchemaName'>;

export type CedarOracle = (inquiry: Inquiry) => OracleDecision;

/** How many inquiries are checked against the schema too, which takes as long as the decision. */
const CHECKED = 200;
const textOf = (extension: string): string =>
  readFileSync(new URL(`field-policy.${extension}`, import.meta.url), 'utf8');

const datetime = (instant: Date) => ({ __extn: { fn: 'datetime', arg: instant.toISOString() } });
const field = (path: string) => ({ type: 'Field', id: path });
/** Cedar keeps what it has parsed under a name. */
let parsed = 0;
const TOKEN = { type: 'Token', id: 'token' };

export const fieldPolicy = (): string => textOf('cedar');

/**
 * Decides by a policy in Cedar, which shares no code with ours.
 *
 * @param policy default: field-policy.cedar
 * @throws Error for a policy that does not fit the schema
 */
export function cedarOracle(policy = fieldPolicy()): CedarOracle {
  const schema = textOf('cedarschema');
  const parts = policySetTextToParts(policy);
  if (parts.type === 'failure') throw new Error(JSON.stringify(parts.errors));
  const policies = { staticPolicies: Object.fromEntries(parts.policies.map((text) => [idOf(text), text])) };
  const checked = validate({ schema, policies, validationSettings: { mode: 'strict' } });
  const faults = checked.type === 'failure' ? checked.errors : checked.validationErrors;
  const name = `field-policy-${parsed++}`;
  const failures = [preparseSchema(name, schema), preparsePolicySet(name, policies)].filter(
    ({ type }) => type === 'failure',
  );
  if (faults.length + failures.length > 0) throw new Error(JSON.stringify([faults, failures]));
  let asked = 0;
  return (inquiry) =>
    decide(inquiry, {
      preparsedPolicySetId: name,
      ...(asked++ < CHECKED && { preparsedSchemaName: name }),
    });
}

function idOf(policy: string): string {
  const answer = policyToJson(policy);
  const id = answer.type === 'success' ? answer.json.annotations?.['id'] : undefined;
  if (id === undefined) throw new Error(`a policy without @id: ${policy}`);
  return id;
}

/** Another consent may help where only the consent is wanting. */
function decide(inquiry: Inquiry, policy: ParsedPolicy): OracleDecision {
  const [first, ...others] = inquiry.token.consents;
  let decision = ask(inquiry, first, policy);
  for (const consent of others) {
    if (!decision.motivos.has('CONSENTIMENTO')) break;
    decision = ask(inquiry, consent, policy);
  }
  return decision;
}

function ask(inquiry: Inquiry, consent: Consent | undefined, policy: ParsedPolicy): OracleDecision {
  const { token, field: path, cpf, header, now, thirdPartyCadastro } = inquiry;
  const answer = statefulIsAuthorized({
    principal: TOKEN,
    action: { type: 'Action', id: 'read' },
    resource: field(path),
    context: {
      cpf,
      purposes: [token.finalidade, header].filter((purpose) => purpose !== undefined),
      ...(header !== undefined && { header }),
      now: datetime(now),
      ...(consent && { consent: { cpf: consent.cpf.digits, ...lastOf(consent.ate) } }),
      courtOrderClients: [...COURT_ORDER_CLIENTS],
      thirdPartyCadastro,
    },
    entities: [tokenEntity(token), fieldEntity(path)],
    ...policy,
  });
  if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors));
  const { decision, diagnostics } = answer.response;
  if (diagnostics.errors.length > 0) throw new Error(JSON.stringify(diagnostics.errors));
  const isAllowed = decision === 'allow';
  return { isAllowed, motivos: new Set(isAllowed ? [] : diagnostics.reason.map((id) => id.split('/')[0]!)) };
}

const lastOf = (ate: Consent['ate']) =>
  typeof ate === 'string'
    ? { until: datetime(new Date(ate)), isInstant: false }
    : { until: datetime(new Date(ate * 1_000)), isInstant: true };

const tokenEntity = ({ client, scopes, finalidade, titular, ordemJudicial }: TokenFacts): EntityJson => ({
  uid: TOKEN,
  attrs: {
    client,
    scopes: [...scopes],
    ...(finalidade !== undefined && { finalidade }),
    ...(titular && { cpf: titular.digits }),
    ...(ordemJudicial?.isNumber && { ordemJudicial: ordemJudicial.text }),
  },
  parents: [],
});

/** The fields around a field are its parents. */
function fieldEntity(path: string): EntityJson {
  const steps = path.split('.');
  return {
    uid: field(path),
    attrs: {},
    parents: steps.slice(1).map((_, index) => field(steps.slice(0, index + 1).join('.'))),
  };
}
