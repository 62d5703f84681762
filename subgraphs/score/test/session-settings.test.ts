import { setInDatabase } from '@pessoa/testkit/database-settings';
import { hostileSettings } from '@pessoa/testkit/hostile-settings';
import { openScore, WITHOUT_CACHE } from './score-under-test.ts';

const INSTANT = '2026-05-01T01:02:03.456Z';

const ASK = `query ($cpf: CPF!) {
  pessoa(cpf: $cpf) { perfil {
    idade endereco { atualizadoEm } bens { valorEstimado dataAvaliacao } fontesDeRenda { valor desde }
  } }
}`;

const settings: [string, Record<string, string>][] = [
  ['is three hours west', { TimeZone: 'America/Sao_Paulo' }],
  ['writes days first', { DateStyle: 'SQL, DMY' }],
  ['writes as Germans do', { DateStyle: 'German' }],
  ['writes as PostgreSQL used to', { DateStyle: 'Postgres, DMY', TimeZone: 'America/New_York' }],
  ['is all of what the hostile run sets', { ...hostileSettings, search_path: 'public' }],
];

describe.each(settings)('Score over a session that %s', (_, hostile) => {
  it('gives days and instants as Base B has them', async () => {
    const score = await openScore(async ({ baseB }) => {
      await setInDatabase(baseB.readerUrl, hostile);
      return WITHOUT_CACHE;
    });
    const cpf = await score.newTitular({
      nascimento: '1985-04-03',
      endereco: { logradouro: 'Rua das Amostras', atualizado_em: INSTANT },
      bens: [{ valor_estimado: '45000.10', data_avaliacao: '2026-03-04' }],
      fontesDeRenda: [{ valor: '5200.07', desde: '2019-02-01' }],
    });
    const { body } = await score.ask(ASK, { variables: { cpf } });
    expect(body).toEqual({
      data: {
        pessoa: {
          perfil: {
            idade: 41,
            endereco: { atualizadoEm: INSTANT },
            bens: [{ valorEstimado: '45000.10', dataAvaliacao: '2026-03-04' }],
            fontesDeRenda: [{ valor: '5200.07', desde: '2019-02-01' }],
          },
        },
      },
    });
    await score.close();
  });
});
