import { parseArgs } from 'node:util';
import { readCpf } from '@pessoa/domain/cpf';
import { systemClock } from '@pessoa/domain/data';
import { readNumeroProcesso } from '@pessoa/domain/processo';
import { isFinalidade } from '@pessoa/domain/finalidade';
import { ensureDevelopmentKeys, everyScope, mintToken } from '@pessoa/platform/development/development-keys';
import { consentsToTry } from './seed/people-to-try/people-to-try.ts';
import { pessoaHome } from './system/home.ts';

const USAGE = `usage: npm run --silent token -- [options]     prints a development token and nothing else
  --scope "A B"          default: ${everyScope}
  --finalidade NAME      default: CONCESSAO_CREDITO; CONSULTA_DO_TITULAR with --cpf
  --cpf CPF              the holder's own token, which reads this person only
  --consentimento CPF    a consent for one year; may repeat, up to 100
                         default: those of docs/people-to-try.md; none with --cpf
  --client-id ID         default: desenvolvimento
  --ordem-judicial NR    number of the lawsuit: NNNNNNN-DD.AAAA.J.TR.OOOO
  --ttl SECONDS          default: 43200 (12 h); below -10: expired, for clocks may differ by 10 s
  --audience NAME        default: pessoa`;

function readArguments(args: string[]) {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    // `--ttl -5` would be read as an option without its value.
    args: args.flatMap((arg, index) =>
      args[index - 1] === '--ttl' ? [] : arg === '--ttl' ? [`--ttl=${args[index + 1] ?? ''}`] : [arg],
    ),
    options: {
      scope: text,
      finalidade: text,
      cpf: text,
      consentimento: { type: 'string', multiple: true },
      'client-id': text,
      'ordem-judicial': text,
      ttl: text,
      audience: text,
    },
  });
  const { finalidade, ttl, cpf, consentimento } = values;
  if (finalidade !== undefined && !isFinalidade(finalidade)) throw new Error('--finalidade is not one of the list');
  if (ttl !== undefined && !/^-?\d+$/.test(ttl)) throw new Error('--ttl is a whole number of seconds');
  // No service takes a token that says such things.
  if (cpf !== undefined && !readCpf(cpf)) throw new Error('--cpf is not a CPF');
  if (consentimento?.some((one) => !readCpf(one))) throw new Error('--consentimento is not a CPF');
  const order = values['ordem-judicial'];
  if (order !== undefined && !readNumeroProcesso(order)) throw new Error('--ordem-judicial is no number of a lawsuit');
  if ((consentimento?.length ?? 0) > 100) throw new Error('--consentimento is there more than 100 times');
  return {
    ...values,
    finalidade,
    consentimento: consentimento ?? (cpf === undefined ? consentsToTry(systemClock) : undefined),
    ttl: ttl === undefined ? undefined : Number(ttl),
  };
}

try {
  const { ttl, 'client-id': clientId, 'ordem-judicial': ordemJudicial, ...rest } = readArguments(process.argv.slice(2));
  const { privateJwk } = await ensureDevelopmentKeys(pessoaHome(process.env));
  process.stdout.write(`${await mintToken(privateJwk, { ...rest, clientId, ordemJudicial, ttlSeconds: ttl })}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
  process.exitCode = 1;
}
