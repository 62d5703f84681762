// Asks about one person: TOKEN=… URL=… java QueryPerson.java CPF. It needs a JDK 17 or newer, and no library.

import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public class QueryPerson {
  private static final String TOKEN = System.getenv("TOKEN");
  private static final String BASE = System.getenv("URL");
  private static final int TRIES = 4;
  private static final HttpClient client = HttpClient.newHttpClient();
  private static final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private static final PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);

  /** After 429 and 503 it waits as long as `Retry-After` says, and sends the request again. */
  private static HttpResponse<String> send(String method, String path, BodyPublisher body) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(BASE + path))
        .header("authorization", "Bearer " + TOKEN)
        .header("x-finalidade", "CONCESSAO_CREDITO")
        .header("content-type", "application/json")
        .timeout(Duration.ofSeconds(10))
        .method(method, body)
        .build();
    for (int attempt = 1; ; attempt++) {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
      Optional<String> seconds = response.headers().firstValue("retry-after");
      boolean isBusy = response.statusCode() == 429 || response.statusCode() == 503;
      if (!isBusy || seconds.isEmpty() || attempt == TRIES) return response;
      Thread.sleep(Duration.ofSeconds(Long.parseLong(seconds.get())).toMillis());
    }
  }

  /** The JDK reads no JSON, and this query has each name once. Your client reads it with its own library. */
  private static Optional<String> field(String json, String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\":(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([0-9]+))").matcher(json);
    if (!matcher.find()) return Optional.empty();
    return Optional.of(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
  }

  private static void fail(HttpResponse<String> response, String detailName) {
    String body = response.body();
    err.printf("%d %s: %s%n", response.statusCode(), field(body, "code").orElse("?"), field(body, detailName).orElse("?"));
    err.println("interação " + response.headers().firstValue("x-fapi-interaction-id").orElse("?"));
    System.exit(1);
  }

  private static void printPerson(String cpf) throws Exception {
    String query = "query Pessoa($cpf: CPF!) { pessoa(cpf: $cpf)"
        + " { nome score { valor faixa } resumoDividas { quantidade valorTotal } } }";
    String body = String.format("{\"query\": \"%s\", \"variables\": {\"cpf\": \"%s\"}}", query, cpf);
    HttpResponse<String> response = send("POST", "/graphql", BodyPublishers.ofString(body));
    String answer = response.body();
    if (!answer.contains("\"pessoa\":{")) fail(response, "message");
    // A lost or refused part is null, and `errors` says why: the rest of the answer is right.
    Matcher errors = Pattern.compile("\"path\":\\[([^\\]]*)\\],\"extensions\":\\{\"code\":\"(\\w+)\"(?:,\"motivo\":\"(\\w+)\")?").matcher(answer);
    while (errors.find()) {
      String place = errors.group(1).replace("\"", "").replace(',', '.');
      err.printf("sem %s: %s %s%n", place, errors.group(2), errors.group(3) == null ? "" : errors.group(3));
    }
    String unknown = "sem informação";
    out.println("nome: " + field(answer, "nome").orElse(unknown));
    out.println("score: " + field(answer, "valor").map(points -> points + " " + field(answer, "faixa").get()).orElse(unknown));
    out.println("dívidas: " + field(answer, "quantidade").map(debts -> debts + ", R$ " + field(answer, "valorTotal").get()).orElse(unknown));
  }

  /** Pages: the header `Link` has the next one, until there is none. */
  private static void printPostings(String cpf) throws Exception {
    int postings = 0;
    int pages = 0;
    Optional<String> path = Optional.of("/evento/movtofinanceiro/" + cpf + "?limite=100");
    while (path.isPresent()) {
      HttpResponse<String> response = send("GET", path.get(), BodyPublishers.noBody());
      if (response.statusCode() == 404) break; // this base does not know the person
      if (response.statusCode() != 200) fail(response, "detail");
      postings += Pattern.compile("\"dataHora\":").matcher(response.body()).results().count();
      pages += 1;
      path = response.headers().firstValue("link").map(Pattern.compile("<([^>]+)>; rel=\"next\"")::matcher)
          .filter(Matcher::find).map(link -> link.group(1));
    }
    out.printf("movimentações: %d em %d páginas%n", postings, pages);
  }

  public static void main(String[] args) throws Exception {
    if (TOKEN == null || BASE == null || args.length != 1) {
      throw new IllegalArgumentException("TOKEN and URL are in the environment, the CPF is the argument");
    }
    printPerson(args[0]);
    printPostings(args[0]);
  }
}
