import type { FastifyInstance } from 'fastify';

export type Door = 'graphql' | 'rest';

export interface KnownPath {
  /** For the header `Allow`: always with OPTIONS, and with HEAD if there is GET. */
  readonly methods: readonly string[];
  readonly door: Door | undefined;
}

/** The routes of a server, to answer requests whose method a path does not accept. */
export interface RouteTable {
  /** @param url the target of the request line */
  at(url: string): KnownPath | undefined;
  /** Every method that any path accepts. */
  methods(): readonly string[];
}

type Matcher = (segments: readonly string[]) => boolean;

/**
 * Records the routes that are added from now on. Each route with GET also gets HEAD, because RFC 9110 section 9.1 requires
 * both of every server.
 */
export function recordRoutes(app: FastifyInstance): RouteTable {
  const paths = new Map<string, { matches: Matcher; methods: Set<string>; door: Door | undefined }>();
  app.addHook('onRoute', (route) => {
    const methods = new Set([route.method].flat());
    if (methods.has('GET')) methods.add('HEAD');
    route.method = [...methods];
    const recorded = paths.get(route.url) ?? {
      matches: matcherOf(route.url),
      methods: new Set(['OPTIONS']),
      door: route.config?.door,
    };
    for (const method of methods) recorded.methods.add(method);
    paths.set(route.url, recorded);
  });
  return {
    at(url) {
      const segments = segmentsOf(url);
      const matchingPaths = [...paths.values()].filter(({ matches }) => matches(segments));
      if (matchingPaths.length === 0) return undefined;
      const methods = new Set(matchingPaths.flatMap((path) => [...path.methods]));
      return { methods: [...methods].toSorted(), door: matchingPaths[0]?.door };
    },
    methods: () => [...new Set([...paths.values()].flatMap((path) => [...path.methods]))].toSorted(),
  };
}

/** In a route, `:name` matches any segment that is not empty, and `*` at the end matches any rest. */
function matcherOf(route: string): Matcher {
  const segments = route.split('/');
  const hasRest = segments.at(-1) === '*';
  const fixedSegments = hasRest ? segments.slice(0, -1) : segments;
  return (path) => {
    if (hasRest ? path.length < segments.length : path.length !== segments.length) return false;
    return fixedSegments.every((segment, index) =>
      segment.startsWith(':') ? path[index] !== '' : path[index] === segment,
    );
  };
}

/** The decoded segments of a URL's path. The URL may have a scheme and a host, as for a proxy. */
function segmentsOf(url: string): string[] {
  const path = url.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0] ?? '';
  const segments = path.split('/');
  try {
    return segments.map(decodeURIComponent);
  } catch {
    return segments;
  }
}
