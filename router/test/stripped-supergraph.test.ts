import { ApolloGateway } from '@apollo/gateway';
import { parse } from 'graphql';
import { stripAuthorization } from 'graphql-jwt-guard';
import { composeWithAuthorization } from './graph/supergraph.ts';

// The gateway reads it in its constructor. Without it, the gateway reports to its vendor.
process.env['APOLLO_TELEMETRY_DISABLED'] = '1';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** Resolves to the name of the query type if the gateway can serve this supergraph; else it rejects. */
async function load(supergraphSdl: string): Promise<string | undefined> {
  const gateway = new ApolloGateway({ supergraphSdl, logger: silent });
  try {
    const { schema } = await gateway.load();
    return schema.getQueryType()?.name;
  } finally {
    await gateway.stop();
  }
}

describe('The supergraph without its authorization directives', () => {
  const full = composeWithAuthorization();
  const { sdl, requirements } = stripAuthorization(full);

  it('loads in the gateway, which refuses the composed one', async () => {
    await expect(load(full)).rejects.toThrow(/authenticated\/v0.1 is for: SECURITY but is unsupported/);
    await expect(load(sdl)).resolves.toBe('Query');
  });

  it('keeps everything else', () => {
    expect(sdl).not.toMatch(/authenticated|requiresScopes|policy|SECURITY\)/);
    for (const kept of ['@listSize', '@join__type(graph: DEBT, key: "cpf")', 'specs.apollo.dev/cost/v0.1']) {
      expect(sdl).toContain(kept);
    }
    expect(parse(sdl).definitions.length).toBe(parse(full).definitions.length - 5);
  });

  it('comes with the requirements of every type and field', () => {
    expect(Object.fromEntries(requirements.types)).toEqual({ Pessoa: { authenticated: true } });
    const scopes = (...allOf: string[]) => ({ authenticated: false, scopes: [allOf] });
    const cadastro = (...allOf: string[]) => ({ ...scopes(...allOf), policies: [['cadastro']] });
    const consent = { ...scopes('evento:movimentacao'), policies: [['consentimento']] };
    expect(Object.fromEntries(requirements.fields)).toEqual({
      'ConsultaCpf.prova': { authenticated: false, policies: [['titular']] },
      'Eventos.movimentacaoFinanceira': consent,
      'Eventos.ultimaCompraCartao': consent,
      'Pessoa.nome': scopes('divida:read'),
      'Pessoa.situacaoCadastral': scopes('divida:read'),
      'Pessoa.endereco': cadastro('divida:read', 'cadastro:read'),
      'Pessoa.dividas': scopes('divida:read'),
      'Pessoa.resumoDividas': scopes('divida:read'),
      'Pessoa.eventos': scopes('evento:read'),
      'Pessoa.score': scopes('score:read'),
      'Pessoa.perfil': scopes('score:detalhe'),
      'PerfilFinanceiro.endereco': cadastro('cadastro:read'),
      'PerfilFinanceiro.fontesDeRenda': cadastro('cadastro:read'),
      'PerfilFinanceiro.rendaMensal': cadastro('cadastro:read'),
      'Score.pontosBase': scopes('score:detalhe'),
      'Score.fatores': scopes('score:detalhe'),
      'Score.simular': scopes('score:detalhe'),
    });
  });
});
