import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { scanForLeaks } from '@pessoa/testkit/leaks';
import { type CodeBlock, codeBlocksOf, markdownFiles, tableRowsOf } from '../src/documents.ts';
import { createSystemSandbox, root, stopRun, type SystemSandbox, type SystemRun } from '../src/started-system.ts';

const inContainers = 'npm run test:containers (whole-system.containers.test.ts), which needs a Docker engine';
/** Commands that this test cannot run, and what runs them instead. */
const runElsewhere: Readonly<Record<string, string>> = {
  'npm ci && npm start': '.ci/run installs; this test and start.e2e.test.ts start',
  'npm ci && npm test': '.ci/run; a test that runs all tests would not end',
  'docker compose run --rm --user "$(id -u)" secrets\ndocker compose up --wait': inContainers,
  [`TOKEN=$(docker compose run --rm token)
curl -sS localhost:4000/graphql -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' \\
  -d '{"query":"{ pessoa(cpf: \\"99999900100\\") { nome score { valor faixa } eventos { ultimaCompraCartao { valor } } } }"}'
curl -sS localhost:4000/divida/99999900100 -H "authorization: Bearer $TOKEN"`]: inContainers,
  'docker compose down --volumes': inContainers,
  'npm run --silent audit:reads -- --base a --from 2026-11-29 --to 2026-11-29 --bulk base_a_copia /var/log/postgresql/base-a-2026-11-*.csv':
    'reads-around-the-api.servers.test.ts, on a server with pgaudit',
  'npm run replica -- base-a\nnpm run replica:status': 'replica-command.servers.test.ts, on two servers',
  [`npx ./pessoa-audit-verifier-0.1.0.tgz --help
pessoa-audit-verify checkpoint --key "$LOG_KEY" --witness "$WITNESS_KEY" --log https://audit.example --since kept --keep kept
pessoa-audit-verify proof answer.json --interaction "$ID" --key "$LOG_KEY" --log https://audit.example
pessoa-audit-verify person page1.json page2.json --cpf - --key "$LOG_KEY" --log https://audit.example < cpf`]:
    'development/test/package/packed-verifier.test.ts, and the tests of packages/audit-verifier over a log',
  'npm run chaos\nnpm run chaos -- --only base-a,stop':
    'nothing, for it takes half an hour; bench/test/chaos tests its parts',
  'npm run index': 'search-index.servers.test.ts, which needs an Elasticsearch',
  'npm run index:check': 'search-index.servers.test.ts',
  [`kubectl apply -k deploy/kubernetes/namespace
kubectl -n pessoa delete job migrate --ignore-not-found
kubectl apply -k deploy/kubernetes/migrate
kubectl -n pessoa wait --for=condition=complete job/migrate
kubectl apply -k deploy/kubernetes/subgraphs
for name in debt score event auditor; do kubectl -n pessoa rollout status deployment/$name; done
kubectl apply -k deploy/kubernetes/router`]:
    'nothing, for want of a cluster; kubernetes/render.servers.test.ts renders them',
  'npm run dev\nnpm test\nnpm run check': '.ci/run runs the last two; the first is `npm start` that never ends',
};

/** The expected output of each block, by its file and first line. */
const expectations: Readonly<Record<string, (output: string) => void>> = {
  'README.md TOKEN=$(npm run --silent token)': expectAnswers,
  'README.pt-BR.md TOKEN=$(npm run --silent token)': expectAnswers,
  'docs/audit.md TOKEN=$(npm run --silent token)': (output) => {
    expect(output).toMatch(/^1 record is in the tree as the answer says, which the log of \d+ places continues\.$/m);
    expect(output).toMatch(/^place \d+: dataHora \d{4}-\S+Z, finalidade CONCESSAO_CREDITO, campos .*\bscore\b/m);
    expect(output).toMatch(
      /^The present checkpoint of \d+ places is signed by .*, and all its entries and tiles are right\.$/m,
    );
  },
  'docs/audit.md HOLDER=$(npm run --silent token -- --cpf 99999900100)': (output) => {
    expect(output).toMatch(/^The list is whole: the log of \d+ places has \d+ reads? of this person/m);
    expect(output).not.toContain('99999900100');
  },
  'docs/audit.md KEY=$(curl -sS localhost:4000/auditoria/chave)': (output) => {
    expect(output).toMatch(/^[1-9]\d* records? (?:is|are) in the tree as the answer says, and of this person, which the log of \d+ places continues\.$/m); // prettier-ignore
    expect(output).toMatch(/^\d+ entr(?:y has|ies have) no proof\.$/m); // those of Base C
    expect(output).not.toContain('99999900100');
  },
  'docs/cost.md TOKEN=$(npm run --silent token)': (output) => {
    const [estimated, actual] = ['estimate', 'actual'].map(
      (name) => new RegExp(`^x-cost-${name}: (\\d+)\\r?$`, 'm').exec(output)?.[1],
    );
    expect(Number(actual)).toBeGreaterThan(0);
    expect(Number(estimated)).toBeGreaterThanOrEqual(Number(actual));
  },
  'docs/import.md npm run import -- base-a docs/examples/base-a/pessoas.csv': (output) => {
    const counts = [
      ...output.matchAll(/^lidas (\d+) = inseridas (\d+) \+ atualizadas (\d+) \+ iguais (\d+) \+ recusadas (\d+)$/gm),
    ];
    expect(counts).toHaveLength(4);
    for (const [lidas = 0, inseridas = 0, atualizadas = 0, iguais = 0, recusadas = 0] of counts.map((line) =>
      line.slice(1).map(Number),
    )) {
      expect(inseridas + atualizadas + iguais + recusadas).toBe(lidas);
      expect(inseridas + atualizadas + iguais).toBeGreaterThan(0);
      expect(recusadas).toBeGreaterThan(0);
    }
  },
  "docs/extraction.md export EXTRACTION_KEY=$(openssl rand -base64 32 | tr '+/' '-_' | tr -d '=')": (output) => {
    expect(output).toMatch(
      /^[1-9]\d* people in 1 parts, \d+ of them without rows; DATA-CARD\.md says what the files hold$/m,
    );
  },
  'docs/audit.md export AUDIT_TOKEN=$(npm run --silent token -- --scope auditoria:read --finalidade PREVENCAO_FRAUDE)':
    (output) => {
      expect(output).toMatch(/^dataHora,clientId,sujeito,finalidade,campos,.*,pessoa\r$/m);
      // The second question finds the first.
      expect(output).toMatch(
        /^\S+Z,desenvolvimento,\S+,PREVENCAO_FRAUDE,auditoria\.acessos,.*,Auditoria,auditoria,[0-9a-f]{32}\r$/m,
      );
      expect(output).toMatch(/^pessoa +acessos +primeiro +ultimo +campos +clientes +emSigilo$/m);
      expect(output).not.toContain('99999900100');
    },
  'docs/audit.md export AUDIT_TOKEN=$(npm run --silent token -- --scope auditoria:eliminacao --finalidade PREVENCAO_FRAUDE)':
    (output) => {
      expect(output).toMatch(/^0 records of the class CONSULTA from before \d{4}-\d\d-\d\d are due$/m);
      expect(output).toMatch(/^no records of the class AUTORIZACAO from before \d{4}-\d\d-\d\d$/m);
    },
  'docs/audit.md TOKEN=$(npm run --silent token -- --finalidade PREVENCAO_FRAUDE --sigilo FRAUDE-2026-7)': (output) => {
    expect(output).toMatch(
      /^1 read is under seal until \d{4}-\d\d-\d\d at the latest\n1 read is not under seal any more\n$/,
    );
  },
  'docs/mcp.md TOKEN=$(npm run --silent token)': (output) => {
    const answers = output.trim().split(/(?<=\})\n?(?=\{"(?:result|jsonrpc)":)/).map((json) => JSON.parse(json) as { result: object }); // prettier-ignore
    expect(answers).toEqual([
      expect.objectContaining({
        result: { tools: expect.arrayContaining([expect.objectContaining({ name: 'Score' })]) },
      }),
      expect.objectContaining({ result: expect.objectContaining({ isError: false }) }),
    ]);
  },
  "docs/operations.md openssl rand -base64 32 | tr '+/' '-_' | tr -d '='": (output) => {
    expect(output).toMatch(/^[\w-]{43}\n$/);
    expect(Buffer.from(output.trim(), 'base64url')).toHaveLength(32);
  },
  'docs/operations.md npm run db:migrate': (output) => {
    expect(output.split('\n').filter((line) => line.endsWith(': up to date'))).toHaveLength(4);
  },
  'docs/operations.md curl -sS localhost:4000/health/live': (output) => {
    expect(output).toBe(
      '{"status":"ok"}{"status":"ok","fontes":{"divida":"ok","score":"ok","evento":"ok"},"chaves":{"principal":"ok"}}',
    );
  },
  'docs/persisted-operations.md TOKEN=$(npm run --silent token)': (output) => {
    const answers = output.trim().split(/(?<=\})\n?(?=\{"data":)/).map((json) => JSON.parse(json) as { data: object }); // prettier-ignore
    const score = expect.objectContaining({ valor: expect.any(Number) });
    const answer = { data: { pessoa: expect.objectContaining({ cpf: '99999900100', score }) } };
    expect(answers).toEqual([answer, answer]);
  },
  'docs/score-evaluation.md npm run score:sets -- --set age-discrimination --people 600 --to ./.pessoa/people': (
    output,
  ) => {
    expect(output).toMatch(/^600 people of age-discrimination, \d+ in default: /m);
    expect(output).toMatch(/^lidas 600 = inseridas 600 /m);
    expect(output).toMatch(/^pessoa-2026\.1: 600 people, \d+ in default: .*report\.html$/m);
    expect(output).toMatch(/^DISCRIMINA_SEM_CAUSA: A nota discrimina até 24 anos /m);
  },
  'docs/persisted-operations.md npm run operations -- --documents packages/rest/src/operations --manifest ./.pessoa/operations.json':
    (output) => {
      expect(output).toMatch(/^Divida\n {2}id {9}[0-9a-f]{64}\n {2}scopes {5}divida:read, cadastro:read\n/m);
      expect(output).toMatch(/operations\.json written: 5 operations\n/);
      expect(output).toMatch(/^0 of 5 operations of .*operations\.json break\n$/m);
    },
};

function expectAnswers(output: string): void {
  // Answers end without a line break.
  const answers = output.trim().split(/(?<=\})\n?(?=\{"(?:cpf|data|errors|type)":)/).map((json) => JSON.parse(json) as unknown); // prettier-ignore
  const movimentacaoFinanceira = expect.arrayContaining([expect.objectContaining({ valor: expect.any(String) })]);
  const ultimaCompraCartao = expect.objectContaining({ valor: expect.any(String) });
  expect(answers).toEqual([
    expect.objectContaining({ nome: expect.any(String), dividas: expect.any(Array) }),
    { cpf: expect.any(String), nome: expect.any(String), resumo: expect.any(Object) },
    expect.objectContaining({ score: expect.any(Object), idade: expect.any(Number) }),
    expect.objectContaining({ ultimaConsulta: expect.any(Object), movimentacaoFinanceira, ultimaCompraCartao }),
    expect.objectContaining({ movimentacaoFinanceira }),
    expect.objectContaining({ ultimaCompraCartao }),
    { data: { pessoa: expect.objectContaining({ score: expect.any(Object), eventos: expect.objectContaining({ ultimaCompraCartao }) }) } }, // prettier-ignore
  ]);
}

/** Documents whose commands integrate.test.ts runs, one after the other, against an issuer of tokens. */
const runInOrder = ['docs/integrar.md', 'docs/integrate.md'];

const keyOf = ({ file, text }: CodeBlock): string => `${file} ${text.split('\n')[0]}`;
const blocks = markdownFiles()
  .filter((file) => !runInOrder.includes(file))
  .flatMap(codeBlocksOf)
  .filter(({ language }) => language === 'sh');

describe('the commands printed in the documents', () => {
  let place: SystemSandbox;
  let system: SystemRun;

  beforeAll(async () => {
    place = await createSystemSandbox();
    await cp(join(root, 'docs/examples'), join(place.home, 'examples'), { recursive: true });
    // docs/persisted-operations.md and docs/mcp.md ask for them; everything else runs as without.
    place.env['PERSISTED_OPERATIONS'] = 'on';
    place.env['MCP'] = 'on';
    system = await place.start();
  }, 180_000);
  afterAll(async () => {
    await stopRun(system);
    await place.remove();
  });

  it('are all run by this test, or by the test that the list names', () => {
    const run = blocks.filter(({ text }) => !(text in runElsewhere));
    expect(run.map(keyOf).toSorted()).toEqual(Object.keys(expectations).toSorted());
    const elsewhere = new Set(blocks.filter(({ text }) => text in runElsewhere).map(({ text }) => text));
    expect([...elsewhere].toSorted()).toEqual(Object.keys(runElsewhere).toSorted());
  });

  it.each(blocks.filter((block) => keyOf(block) in expectations).map((block) => [keyOf(block), block] as const))(
    '%s',
    async (key, { text }) => {
      const script = text
        .replaceAll('localhost:4000', new URL(place.url).host)
        .replaceAll('./.pessoa/', `${place.home}/`)
        .replaceAll('docs/examples/', `${place.home}/examples/`)
        // 3: some lines of the example files are invalid on purpose
        .replaceAll(/^(npm run import .*)$/gm, '$1 || test $? -eq 3');
      let output = await place.shell(script);
      // On a busy machine a base may exceed its timeout, so the block is repeated.
      for (let again = 0; again < 10 && output.includes('FONTE_LENTA'); again++) output = await place.shell(script);
      if (!key.includes('import') && !key.includes('openssl')) scanForLeaks(output);
      expectations[key]!(output);
    },
    120_000,
  );

  it('write log lines that have only the fields of docs/operations.md', async () => {
    const documented = tableRowsOf('docs/operations.md').flatMap(([field, meaning, ...otherCells]) =>
      otherCells.length === 0 && /^`[a-z]+`$/.test(field!) && meaning !== '' ? [field!.replaceAll('`', '')] : [],
    );
    const lines = (await place.shell(`cat ${place.home}/logs/single.log`)).trim().split('\n');
    const requests = lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ rota }) => rota);
    const fields = new Set(requests.flatMap(Object.keys));
    expect([...fields].filter((field) => !documented.includes(field))).toEqual([]);
    expect(requests.length).toBeGreaterThan(3);
    for (const field of ['interacao', 'cliente', 'operacao', 'pessoas', 'status', 'ms'])
      expect(fields).toContain(field);
  });
});
