import type { PublicErrorCode } from './errors.ts';

/** What the page of an error says, in Portuguese. The members are part of the JSON that `/erros` answers. */
export interface ErrorHelp {
  readonly causa: string;
  /** What the caller can do. */
  readonly cura: string;
}

const ASK_AGAIN = 'Peça de novo depois dos segundos de `Retry-After`. Se continuar, informe o `x-fapi-interaction-id`.';
const known = {
  UNAUTHENTICATED: {
    causa: 'O pedido veio sem token, ou com um token que não confere: assinatura, emissor, destinatário ou prazo.',
    cura: 'Envie `Authorization: Bearer TOKEN` com um token válido. Em desenvolvimento: `npm run --silent token`.',
  },
  FINALIDADE_AUSENTE: {
    causa: 'O pedido não diz por que o dado é acessado, ou diz uma finalidade que este token não pode usar.',
    cura: 'Ponha a finalidade no token (`finalidade`) ou no cabeçalho `x-finalidade`, com um valor da lista.',
  },
  SIGILO_INADMISSIVEL: {
    causa:
      'O token pede sigilo (`sigilo`), e este cliente, esta finalidade, este processo ou este prazo não o permitem. Nada foi lido.',
    cura: 'Leia `detail` (REST) ou `message` (GraphQL): diz o que falta. Sem a claim `sigilo`, a consulta não corre em sigilo.',
  },
  UNAUTHORIZED_FIELD_OR_TYPE: {
    causa:
      'O token não dá acesso a este dado: falta um escopo, falta o consentimento vigente do titular, o token é de outra pessoa, ou o operador não dá dados cadastrais a terceiros.',
    cura: 'Leia o motivo que vem na resposta; peça um token com o escopo, ou com o consentimento do titular, ou peça o resto com `campos`.',
  },
  ORIGEM_NAO_ACEITA: {
    causa: 'Só em `/mcp`: o cabeçalho `Origin` traz um site que o operador não aceita.',
    cura: 'Chame de um programa, que não envia `Origin`, ou peça ao operador que ponha o site em `CORS_ORIGINS`.',
  },
  CPF_INVALIDO: {
    causa: 'O CPF não tem onze dígitos, ou os dígitos verificadores não conferem.',
    cura: 'Envie `52998224725` ou `529.982.247-25`, sem mais nada antes ou depois.',
  },
  BAD_USER_INPUT: {
    causa: 'Um parâmetro, argumento ou variável não é válido.',
    cura: 'Leia `detail` (REST) ou `message` (GraphQL): diz qual é e o que aceita. A referência tem todos.',
  },
  NAO_ENCONTRADO: {
    causa: 'A base desta rota não conhece o CPF. Só a porta REST responde assim; no grafo o campo vem nulo.',
    cura: 'Não é falha: trate como ausência de registro.',
  },
  ROTA_DESCONHECIDA: {
    causa: 'Não há rota neste caminho. Maiúsculas, barras dobradas e barra no fim contam.',
    cura: 'Confira o caminho na referência.',
  },
  RECURSO_DESCONHECIDO: {
    causa: 'O caminho é conhecido, mas não há esta página nele; por exemplo, um código de erro que não existe.',
    cura: 'Confira o nome; a lista dos códigos está em `/erros`.',
  },
  PROVA_DESCONHECIDA: {
    causa:
      'A auditoria não tem registro deste cliente e deste sujeito (`sub`) sob este `x-fapi-interaction-id`, ou o token não é do titular do CPF. No grafo: o log não prova um registro que a lista tem.',
    cura: 'Confira o id e use um token do mesmo cliente e sujeito da consulta. Se a consulta foi respondida, guarde a resposta e avise: um registro falta.',
  },
  PROVA_PENDENTE: {
    causa: 'O registro ainda não está sob um ponto de controle publicado.',
    cura: ASK_AGAIN,
  },
  METODO_NAO_PERMITIDO: {
    causa: 'A rota existe, mas não aceita este método.',
    cura: 'Use um dos métodos que o cabeçalho `Allow` da resposta lista.',
  },
  TIPO_NAO_ACEITO: {
    causa: 'O cabeçalho `Accept` exclui todos os tipos que esta rota sabe responder.',
    cura: 'Inclua `application/json` em `Accept`, ou não o envie.',
  },
  TIPO_NAO_SUPORTADO: {
    causa: 'O corpo veio num tipo, conjunto de caracteres ou compressão que esta rota não lê.',
    cura: 'Envie JSON em UTF-8, com `Content-Type: application/json`, sem compressão.',
  },
  GRAPHQL_PARSE_FAILED: {
    causa: 'O documento não é GraphQL: há um erro de sintaxe.',
    cura: 'Corrija o ponto que `message` indica; o explorador mostra o erro enquanto se escreve.',
  },
  GRAPHQL_VALIDATION_FAILED: {
    causa: 'O documento pede um campo, argumento ou tipo que o esquema não tem.',
    cura: 'Confira o nome no esquema; o explorador completa os campos.',
  },
  OPERATION_RESOLUTION_FAILURE: {
    causa: 'O documento tem várias operações e o pedido não diz qual executar, ou diz uma que não existe.',
    cura: 'Envie `operationName` com o nome de uma das operações.',
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    causa: 'O pedido traz o id de uma operação persistida, e este roteador não conhece nenhuma.',
    cura: 'Envie o documento inteiro, sem o id; os clientes da Apollo fazem isso sozinhos.',
  },
  PERSISTED_QUERY_NOT_FOUND: {
    causa: 'Nenhuma operação persistida deste roteador tem o id do pedido.',
    cura: 'Envie o documento inteiro; os clientes da Apollo fazem isso sozinhos. O roteador não guarda o documento.',
  },
  PERSISTED_QUERY_NOT_IN_LIST: {
    causa: 'Este roteador só executa as operações da sua lista, e a do pedido não está nela.',
    cura: 'Confira o id: é o SHA-256 do texto exato da operação. Peça ao operador que ponha a operação na lista.',
  },
  LIMITE_EXCEDIDO: {
    causa: 'O pedido passa de um limite: tamanho, profundidade, custo, itens por página ou pessoas por pedido.',
    cura: 'Leia qual limite em `detail` ou `message`, e divida o pedido.',
  },
  RATE_LIMITED: {
    causa:
      'Este cliente esgotou uma cota do minuto (pedidos, CPFs diferentes ou custo), tem pedidos demais em espera, ou o processo não teve vaga em 2 s.',
    cura: 'Espere os segundos de `Retry-After`. O cabeçalho `RateLimit` de cada resposta diz quanto resta de cada cota.',
  },
  FONTE_INDISPONIVEL: {
    causa: 'Uma fonte de dados não responde; `fonte` diz qual. O resto do grafo continua a responder.',
    cura: ASK_AGAIN,
  },
  FONTE_LENTA: { causa: 'Uma fonte de dados demorou mais que o tempo dela; `fonte` diz qual.', cura: ASK_AGAIN },
  FONTE_INVALIDA: {
    causa: 'Uma fonte de dados respondeu algo que não pode ser mostrado, como uma linha com um valor fora da lista.',
    cura: 'Pedir de novo não adianta enquanto a base não corrigir a linha. Informe o `x-fapi-interaction-id`.',
  },
  SERVICO_ENCERRANDO: { causa: 'O serviço está encerrando e não aceita pedidos novos.', cura: ASK_AGAIN },
  INTERNAL_SERVER_ERROR: {
    causa: 'Algo deu errado do nosso lado.',
    cura: 'Informe o `x-fapi-interaction-id` da resposta: a causa está no log sob ele.',
  },
} as const satisfies Readonly<Record<string, ErrorHelp>>;

/** The help for every code of `publicErrors`. */
export const errorHelp: Readonly<Record<PublicErrorCode, ErrorHelp>> = known;
