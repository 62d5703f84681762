"""Asks about one person: TOKEN=… URL=… python3 query_person.py CPF. It needs Python 3.9 or newer, and no package."""

import json
import os
import re
import sys
import time
import urllib.error
import urllib.request

TOKEN, BASE = os.environ["TOKEN"], os.environ["URL"]
TRIES = 4
QUERY = (
    "query Pessoa($cpf: CPF!) { pessoa(cpf: $cpf)"
    " { nome score { valor faixa } resumoDividas { quantidade valorTotal } } }"
)


def send(path, body=None):
    """Sends a request: its status, headers and JSON. After 429 and 503 it waits as long as `Retry-After` says, and asks again."""
    headers = {"authorization": f"Bearer {TOKEN}", "x-finalidade": "CONCESSAO_CREDITO"}
    if body is not None:
        headers["content-type"] = "application/json"
    data = None if body is None else json.dumps(body).encode()
    for attempt in range(1, TRIES + 1):
        request = urllib.request.Request(BASE + path, data, headers)
        try:
            response = urllib.request.urlopen(request, timeout=10)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            seconds = int(response.headers.get("retry-after") or 0)
            if response.status not in (429, 503) or seconds == 0 or attempt == TRIES:
                return response.status, response.headers, json.load(response)
        time.sleep(seconds)


def fail(status, headers, code, detail):
    sys.exit(f"{status} {code}: {detail}\ninteração {headers['x-fapi-interaction-id']}")


def read_person(cpf):
    status, headers, answer = send("/graphql", {"query": QUERY, "variables": {"cpf": cpf}})
    errors = answer.get("errors") or []
    person = (answer.get("data") or {}).get("pessoa")
    if person is None:
        fail(status, headers, errors[0]["extensions"]["code"], errors[0]["message"])
    # A lost or refused part is null, and `errors` says why: the rest of the answer is right.
    for error in errors:
        place = ".".join(map(str, error["path"]))
        print(f"sem {place}: {error['extensions']['code']} {error['extensions'].get('motivo', '')}", file=sys.stderr)
    return person


def count_postings(cpf):
    """The postings of all pages, and the pages: the header `Link` has the next one, until there is none."""
    postings = pages = 0
    path = f"/evento/movtofinanceiro/{cpf}?limite=100"
    while path:
        status, headers, body = send(path)
        if status == 404:  # this base does not know the person
            break
        if status != 200:
            fail(status, headers, body["code"], body["detail"])
        postings += len(body["movimentacaoFinanceira"])
        pages += 1
        following = re.search(r'<([^>]+)>; rel="next"', headers.get("link") or "")
        path = following and following[1]
    return postings, pages


def main(cpf):
    person = read_person(cpf)
    score, debts = person["score"], person["resumoDividas"]
    print(f"nome: {person['nome'] or 'sem informação'}")
    print(f"score: {score['valor']} {score['faixa']}" if score else "score: sem informação")
    print(f"dívidas: {debts['quantidade']}, R$ {debts['valorTotal']}" if debts else "dívidas: sem informação")
    postings, pages = count_postings(cpf)
    print(f"movimentações: {postings} em {pages} páginas")


if __name__ == "__main__":
    main(sys.argv[1])
