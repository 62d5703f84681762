#!/usr/bin/env bash
# Asks about one person: TOKEN=… URL=… ./query-person.sh CPF. It needs curl and jq.
set -euo pipefail
: "${TOKEN:?}" "${URL:?}" "${1:?CPF}"
cpf=$1
answer=$(mktemp) headers=$(mktemp)
trap 'rm -f "$answer" "$headers"' EXIT

# Sends one request and prints its HTTP status; the answer is in the files. The token is read from stdin, because other users
# of the machine see the arguments of a process. `--retry` waits as long as `Retry-After` says, after 429 and 503.
request() { # path, curl options...
  local path=$1
  shift
  curl -sS --retry 3 --max-time 10 -o "$answer" -D "$headers" -w '%{http_code}' -H @- "$@" "$URL$path" \
    <<<"authorization: Bearer $TOKEN"$'\n'"x-finalidade: CONCESSAO_CREDITO"
}

fail() { # status
  echo "$1 $(jq -r '.code // .errors[0].extensions.code' "$answer"): $(jq -r '.detail // .errors[0].message' "$answer")" >&2
  echo "interação $(grep -i '^x-fapi-interaction-id:' "$headers" | tail -1 | cut -d ' ' -f 2 | tr -d '\r')" >&2
  exit 1
}

query='query Pessoa($cpf: CPF!) { pessoa(cpf: $cpf) { nome score { valor faixa } resumoDividas { quantidade valorTotal } } }'
body=$(jq -n --arg query "$query" --arg cpf "$cpf" '{query: $query, variables: {cpf: $cpf}}')
status=$(request /graphql -H 'content-type: application/json' -d "$body")
[ "$status" = 200 ] && jq -e .data.pessoa "$answer" >/dev/null || fail "$status"
# A lost or refused part is null, and `errors` says why: the rest of the answer is right.
jq -r '.errors[]? | "sem \(.path | map(tostring) | join(".")): \(.extensions.code) \(.extensions.motivo // "")"' "$answer" >&2
jq -r '.data.pessoa
  | "nome: \(.nome // "sem informação")",
    "score: \(if .score then "\(.score.valor) \(.score.faixa)" else "sem informação" end)",
    "dívidas: \(if .resumoDividas then "\(.resumoDividas.quantidade), R$ \(.resumoDividas.valorTotal)" else "sem informação" end)"' "$answer"

# Pages: the header `Link` has the next one, until there is none.
postings=0 pages=0 path="/evento/movtofinanceiro/$cpf?limite=100"
while [ -n "$path" ]; do
  status=$(request "$path")
  if [ "$status" = 404 ]; then break; fi # this base does not know the person
  [ "$status" = 200 ] || fail "$status"
  postings=$((postings + $(jq '.movimentacaoFinanceira | length' "$answer"))) pages=$((pages + 1))
  path=$(sed -n 's/^link: <\([^>]*\)>; rel="next".*/\1/ip' "$headers" | tail -1)
done
echo "movimentações: $postings em $pages páginas"
