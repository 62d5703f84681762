import type { CodegenConfig } from '@graphql-codegen/cli';
import { type PerService, type Service, serviceNames } from '@pessoa/domain/services';

/** The row type from which each type of the SDL is resolved. */
const mappers: PerService<Readonly<Record<string, string>>> = {
  debt: {
    Divida: '../dividas/divida.ts#Divida as DividaRow',
    DividaConexao: '../dividas/divida-pages.ts#DividaPage',
  },
  score: {
    Score: '../perfis/score.ts#Score as ScoreRow',
    PerfilFinanceiro: '../perfis/perfil.ts#Perfil',
    Bem: '../perfis/perfil.ts#Bem as BemRow',
    FonteDeRenda: '../perfis/perfil.ts#FonteDeRenda as FonteDeRendaRow',
  },
  event: {
    Eventos: '@pessoa/domain/pessoa#PessoaRef',
    ConsultaCpf: '../consultas/consulta.ts#Consulta',
    ConsultaCpfConexao: '../consultas/consulta-pages.ts#ConsultaPage',
    Movimentacao: '../movimentacoes/movimentacao.ts#Movimentacao as MovimentacaoRow',
    MovimentacaoConexao: '../movimentacoes/movimentacao-pages.ts#MovimentacaoPage',
    CompraCartao: '../compras/compra.ts#Compra',
  },
};

/** Resolver types of each subgraph, from its SDL. The context and the row types are the subgraph's own. */
const resolverTypes = (name: Service): CodegenConfig['generates'] => ({
  [`subgraphs/${name}/src/generated/resolvers.ts`]: {
    schema: [`schema/${name}.graphql`],
    plugins: ['typescript', 'typescript-resolvers'],
    config: {
      federation: true,
      contextType: '../context.ts#Context',
      mappers: { Pessoa: '@pessoa/domain/pessoa#PessoaRef', ...mappers[name] },
      useTypeImports: true,
      enumsAsTypes: true,
      avoidOptionals: { field: true },
      maybeValue: 'T | null | undefined',
      scalars: {
        CPF: { input: '@pessoa/domain/cpf#Cpf', output: '@pessoa/domain/cpf#Cpf' },
        CNPJ: 'string',
        Data: { input: '@pessoa/domain/data#Data', output: 'string' },
        DataHora: { input: 'Date', output: 'string | Date' },
        Dinheiro: { input: 'bigint', output: 'bigint | string' },
      },
    },
  },
});

export default {
  generates: Object.assign({}, ...serviceNames.map(resolverTypes)) as CodegenConfig['generates'],
} satisfies CodegenConfig;
