import { readCpf } from '@pessoa/domain/cpf';
import { systemClock, today } from '@pessoa/domain/data';
import { finalidades, isFinalidade } from '@pessoa/domain/finalidade';
import { readNumeroProcesso } from '@pessoa/domain/processo';
import { pessoaHome } from '@pessoa/operations/system/home';
import { ensureDevelopmentKeys, allScopes, mintToken } from '@pessoa/service/development/development-keys';
import { identityReader, standardClaimNames } from '@pessoa/service/identity/claims';
import { readArguments, runCommand, UsageError } from '@pessoa/service/processes/command-line';
import { consentsToTry } from './seed/people-to-try/people-to-try.ts';

const command = {
  name: 'npm run --silent token',
  about: 'Prints a development token and nothing else.',
  options: {
    scope: { type: 'string', value: '"A B"', about: `default: ${allScopes}` },
    finalidade: {
      type: 'string',
      value: 'NAME',
      about: 'default: CONCESSAO_CREDITO; CONSULTA_DO_TITULAR with --cpf. One of those below',
    },
    cpf: { type: 'string', value: 'CPF', about: 'makes the token of this holder, which reads this person only' },
    consentimento: {
      type: 'string',
      value: 'CPF',
      multiple: true,
      about: 'a consent for one year, up to 100; default: those of docs/people-to-try.md, none with --cpf',
    },
    'client-id': { type: 'string', value: 'ID', about: 'default: desenvolvimento' },
    sigilo: {
      type: 'string',
      value: 'NR',
      about: 'seals what the token reads, under this reference, if SEAL_CLIENTS has its client',
    },
    'sigilo-ate': {
      type: 'string',
      value: 'AAAA-MM-DD',
      about: 'the last day of the seal; default: today. At most a year ahead',
    },
    'ordem-judicial': { type: 'string', value: 'NR', about: 'number of the lawsuit: NNNNNNN-DD.AAAA.J.TR.OOOO' },
    ttl: {
      type: 'string',
      value: 'SECONDS',
      about: 'default: 43200 (12 h). Below -10 the token is expired: clocks may differ by 10 s',
    },
    audience: { type: 'string', value: 'NAME', about: 'default: pessoa' },
  },
  notes: [`finalidade: ${finalidades.join(', ')}`, `scope: ${allScopes.replaceAll(' ', ', ')}`],
} as const;

function readTokenArguments(args: readonly string[]) {
  const { values } = readArguments(
    command,
    // `parseArgs` takes `--ttl -5` for an option without a value: `--ttl=-5` is unambiguous.
    args.flatMap((arg, index) =>
      args[index - 1] === '--ttl' ? [] : arg === '--ttl' ? [`--ttl=${args[index + 1] ?? ''}`] : [arg],
    ),
  );
  const { finalidade, ttl, cpf, consentimento } = values;
  if (finalidade !== undefined && !isFinalidade(finalidade))
    throw new UsageError('--finalidade is not one of the list');
  if (ttl !== undefined && !/^-?\d{1,5}$/.test(ttl)) {
    throw new UsageError('--ttl is a whole number of seconds, of five digits at most');
  }
  // No service accepts a token with an invalid CPF or lawsuit number.
  if (cpf !== undefined && !readCpf(cpf)) throw new UsageError('--cpf is not a CPF');
  if (consentimento?.some((value) => !readCpf(value))) throw new UsageError('--consentimento is not a CPF');
  const order = values['ordem-judicial'];
  if (order !== undefined && !readNumeroProcesso(order))
    throw new UsageError('--ordem-judicial is not the number of a lawsuit');
  if (values['sigilo-ate'] !== undefined && values.sigilo === undefined)
    throw new UsageError('--sigilo-ate goes with --sigilo');
  if ((consentimento?.length ?? 0) > 100) throw new UsageError('--consentimento is given more than 100 times');
  return {
    ...values,
    finalidade,
    consentimento: consentimento ?? (cpf === undefined ? consentsToTry(systemClock) : undefined),
    ttl: ttl === undefined ? undefined : Number(ttl),
  };
}

/** @throws UsageError when the services would refuse the token */
function checkClaims(token: string): void {
  try {
    identityReader(standardClaimNames)(JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString('utf8')));
  } catch (error) {
    throw new UsageError(`no service accepts such a token: ${(error as Error).message}`);
  }
}

await runCommand(command, async (args) => {
  const { ttl, 'client-id': clientId, 'ordem-judicial': ordemJudicial, sigilo: referencia, 'sigilo-ate': lastDay, ...claims } = readTokenArguments(args); // prettier-ignore
  const sigilo = referencia === undefined ? undefined : { referencia, ate: lastDay ?? today(systemClock) };
  const { privateJwk } = await ensureDevelopmentKeys(pessoaHome(process.env));
  const token = await mintToken(privateJwk, { ...claims, clientId, ordemJudicial, sigilo, ttlSeconds: ttl });
  checkClaims(token);
  process.stdout.write(`${token}\n`);
});
