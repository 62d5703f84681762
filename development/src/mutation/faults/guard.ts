import type { Fault } from '../fault.ts';

const GUARD = 'packages/graphql-jwt-guard/src/directives/guard-schema.ts';
const TOKEN = 'packages/graphql-jwt-guard/src/token';
const suites = ['packages/graphql-jwt-guard/test'];

export const guard: readonly Fault[] = [
  {
    description: 'one scope of several is enough',
    file: 'packages/graphql-jwt-guard/src/directives/requirement.ts',
    from: 'allOf.every((name) => heldNames.has(name))',
    to: 'allOf.some((name) => heldNames.has(name))',
    suites,
  },
  {
    description: 'every alternative must hold',
    file: 'packages/graphql-jwt-guard/src/directives/requirement.ts',
    from: 'anyOf.some((allOf) => allOf.every((name)',
    to: 'anyOf.every((allOf) => allOf.every((name)',
    suites,
  },
  {
    description: 'an empty list requires nothing',
    file: 'packages/graphql-jwt-guard/src/directives/requirement.ts',
    from: "  if (anyOf.length === 0 || anyOf.some((allOf) => allOf.length === 0)) throw faultOf('an empty list is ambiguous');\n",
    to: '',
    suites,
  },
  {
    description: 'an answer that is truthy passes',
    file: 'packages/graphql-jwt-guard/src/directives/decision.ts',
    from: '    if (decision !== true) return false;\n',
    to: '    if (!decision) return false;\n',
    suites,
  },
  {
    description: 'the second policy of an alternative is not asked after a promise',
    file: 'packages/graphql-jwt-guard/src/directives/decision.ts',
    from: 'passes === true && everyOf(items, decide, i + 1)',
    to: 'passes === true',
    suites,
  },
  {
    description: 'the requirement of an interface does not apply to its implementers',
    file: 'packages/graphql-jwt-guard/src/directives/schema-requirements.ts',
    from: '      ...interfaces.map((parent) => this.#readOptional(`${parent.name}.${field.name}`, parent.getFields()[field.name])),\n',
    to: '',
    suites,
  },
  {
    description: 'a scalar has no requirement',
    file: 'packages/graphql-jwt-guard/src/directives/schema-requirements.ts',
    from: 'isLeafType(returnedType) ? this.#read(returnedType.name, returnedType) : undefined,',
    to: 'undefined,',
    suites,
  },
  {
    description: 'a directive that no link names is ignored',
    file: 'packages/graphql-jwt-guard/src/directives/schema-requirements.ts',
    from: '    for (const directive of directives) assertKnown(directive.name.value, this.#kinds, where);\n',
    to: '',
    suites,
  },
  {
    description: 'a schema with an unknown policy is guarded',
    file: GUARD,
    from: 'if (unknownPolicy !== undefined)',
    to: 'if (unknownPolicy === "")',
    suites,
  },
  {
    description: 'subscriptions are open',
    file: GUARD,
    from: '    if (field.subscribe !== undefined) field.subscribe = guard.wrap(rule, field.subscribe);\n',
    to: '',
    suites,
  },
  {
    description: 'a remembered token outlives its key',
    file: `${TOKEN}/token-verifier.ts`,
    from: 'if (entry.key.isListed && now < entry.expiresAtMillis)',
    to: 'if (now < entry.expiresAtMillis)',
    suites,
  },
  {
    description: 'a remembered token outlives its own time',
    file: `${TOKEN}/token-verifier.ts`,
    from: 'if (entry.key.isListed && now < entry.expiresAtMillis)',
    to: 'if (entry.key.isListed)',
    suites,
  },
  {
    description: 'a token may be signed with an algorithm that is not listed',
    file: `${TOKEN}/header.ts`,
    from: ' || !rules.algorithms.has(alg) || ',
    to: ' || ',
    suites,
  },
  {
    description: 'a token chooses among keys',
    file: `${TOKEN}/key-source.ts`,
    from: 'if (key === undefined || candidates.length > 1) throw',
    to: 'if (key === undefined) throw',
    suites,
  },
  {
    description: 'a key that was withdrawn is still listed',
    file: `${TOKEN}/verification-keys.ts`,
    from: 'key.isListed = nextByFingerprint.has(fingerprint);',
    to: 'key.isListed ||= nextByFingerprint.has(fingerprint);',
    suites,
  },
  {
    description: 'the last good keys serve for ever',
    file: `${TOKEN}/key-source.ts`,
    from: 'return elapsed(this.#lastSuccess, now) < TRUST_MILLIS;',
    to: 'return this.#lastSuccess > 0;',
    suites,
  },
  {
    description: "a holder's token reads everybody",
    file: 'packages/service/src/identity/viewer.ts',
    from: 'viewer.titular === undefined || viewer.titular === cpf;',
    to: 'true || viewer.titular === cpf;',
    suites: ['packages/service/test/identity/viewer', 'subgraphs/debt/test/debt-access', 'subgraphs/event/test/access'],
  },
];
