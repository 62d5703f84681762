# One image for each process: `docker build --target debt .`, and so score, event, indexer, auditor, router,
# witness, operations and demonstration
# (docs/containers.md). Node runs the sources as they are; only the Prisma clients are made here.

FROM node:26.10.0-bookworm-slim AS runtime
# Node 26 needs libatomic.so.1, which the smallest Debian images lack.
RUN node --version >/dev/null 2>&1 || \
    { apt-get update && apt-get install -y --no-install-recommends libatomic1 && rm -rf /var/lib/apt/lists/*; }
WORKDIR /app

# --- the Prisma clients, made with everything of the lock -----------------------------------------------------------
FROM runtime AS build
COPY package.json package-lock.json .npmrc ./
COPY packages/audit/package.json packages/audit/
COPY packages/audit-verifier/package.json packages/audit-verifier/
COPY packages/bases/package.json packages/bases/
COPY packages/databases/package.json packages/databases/
COPY packages/domain/package.json packages/domain/
COPY packages/graphql-jwt-guard/package.json packages/graphql-jwt-guard/
COPY packages/postgres/package.json packages/postgres/
COPY packages/rest/package.json packages/rest/
COPY packages/search-index/package.json packages/search-index/
COPY packages/service/package.json packages/service/
COPY packages/subgraph/package.json packages/subgraph/
COPY packages/testkit/package.json packages/testkit/
COPY packages/transparency-log/package.json packages/transparency-log/
COPY subgraphs/debt/package.json subgraphs/debt/
COPY subgraphs/score/package.json subgraphs/score/
COPY subgraphs/event/package.json subgraphs/event/
COPY indexer/package.json indexer/
COPY witness/package.json witness/
COPY auditor/package.json auditor/
COPY router/package.json router/
COPY single/package.json single/
COPY operations/package.json operations/
COPY development/package.json development/
COPY e2e/package.json e2e/
COPY bench/package.json bench/
RUN npm ci --ignore-scripts --omit=optional --no-progress
COPY packages packages
COPY subgraphs subgraphs
COPY operations operations
COPY development development
RUN node development/src/schema/generate-prisma.ts

# --- what each image has of npm: the packages that its workspaces need to run ----------------------------------------
FROM runtime AS packages
COPY package.json package-lock.json .npmrc ./
COPY packages/domain/package.json packages/domain/
COPY packages/graphql-jwt-guard/package.json packages/graphql-jwt-guard/
COPY packages/postgres/package.json packages/postgres/
COPY packages/rest/package.json packages/rest/
COPY packages/service/package.json packages/service/
COPY containers/install.sh /usr/local/bin/

FROM packages AS router-packages
COPY packages/audit/package.json packages/audit/
COPY router/package.json router/
RUN install.sh

FROM packages AS indexer-packages
COPY packages/bases/package.json packages/bases/
COPY packages/search-index/package.json packages/search-index/
COPY indexer/package.json indexer/
RUN install.sh

FROM packages AS witness-packages
COPY packages/transparency-log/package.json packages/transparency-log/
COPY witness/package.json witness/
RUN install.sh

FROM packages AS auditor-packages
COPY packages/audit/package.json packages/audit/
COPY packages/transparency-log/package.json packages/transparency-log/
COPY auditor/package.json auditor/
RUN install.sh

FROM packages AS subgraph-packages
COPY packages/audit/package.json packages/audit/
COPY packages/bases/package.json packages/bases/
COPY packages/subgraph/package.json packages/subgraph/

FROM subgraph-packages AS debt-packages
COPY subgraphs/debt/package.json subgraphs/debt/
RUN install.sh

FROM subgraph-packages AS score-packages
COPY subgraphs/score/package.json subgraphs/score/
RUN install.sh

FROM subgraph-packages AS event-packages
COPY packages/search-index/package.json packages/search-index/
COPY subgraphs/event/package.json subgraphs/event/
RUN install.sh

FROM subgraph-packages AS operations-packages
COPY packages/databases/package.json packages/databases/
COPY packages/search-index/package.json packages/search-index/
COPY indexer/package.json indexer/
COPY operations/package.json operations/
RUN install.sh

FROM subgraph-packages AS demonstration-packages
COPY packages/databases/package.json packages/databases/
COPY packages/search-index/package.json packages/search-index/
COPY packages/transparency-log/package.json packages/transparency-log/
COPY subgraphs/debt/package.json subgraphs/debt/
COPY subgraphs/score/package.json subgraphs/score/
COPY subgraphs/event/package.json subgraphs/event/
COPY indexer/package.json indexer/
COPY auditor/package.json auditor/
COPY router/package.json router/
COPY operations/package.json operations/
COPY development/package.json development/
RUN install.sh

FROM runtime AS sources
COPY packages packages
COPY schema schema
RUN rm -r packages/testkit

# --- the images -----------------------------------------------------------------------------------------------------
FROM runtime AS process
ENV NODE_ENV=production
STOPSIGNAL SIGTERM
USER node

FROM process AS service
ENV HOST=0.0.0.0
HEALTHCHECK --interval=10s --timeout=10s --retries=3 --start-period=120s --start-interval=1s \
  CMD ["node", "-e", "fetch(process.env.HEALTH_URL).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

FROM service AS debt
ENV HEALTH_URL=http://127.0.0.1:4001/health/ready
EXPOSE 4001
COPY --from=debt-packages /app ./
COPY --from=sources /app ./
COPY --from=build /app/subgraphs/debt/src subgraphs/debt/src
CMD ["node", "subgraphs/debt/src/main.ts"]

FROM service AS score
ENV HEALTH_URL=http://127.0.0.1:4002/health/ready
EXPOSE 4002
COPY --from=score-packages /app ./
COPY --from=sources /app ./
COPY --from=build /app/subgraphs/score/src subgraphs/score/src
CMD ["node", "subgraphs/score/src/main.ts"]

FROM service AS event
ENV HEALTH_URL=http://127.0.0.1:4003/health/ready
EXPOSE 4003
COPY --from=event-packages /app ./
COPY --from=sources /app ./
COPY --from=build /app/subgraphs/event/src subgraphs/event/src
CMD ["node", "subgraphs/event/src/main.ts"]

FROM service AS indexer
ENV HEALTH_URL=http://127.0.0.1:4004/health/ready
EXPOSE 4004
COPY --from=indexer-packages /app ./
COPY --from=sources /app ./
COPY indexer/src indexer/src
CMD ["node", "indexer/src/main.ts"]

FROM service AS witness
ENV HEALTH_URL=http://127.0.0.1:4006/health/ready
ENV WITNESS_HOST=0.0.0.0
EXPOSE 4006
COPY --from=witness-packages /app ./
COPY --from=sources /app ./
COPY witness/src witness/src
CMD ["node", "witness/src/main.ts"]

FROM service AS auditor
ENV HEALTH_URL=http://127.0.0.1:4005/health/ready
EXPOSE 4005
COPY --from=auditor-packages /app ./
COPY --from=sources /app ./
COPY auditor/src auditor/src
CMD ["node", "auditor/src/main.ts"]

FROM service AS router
ENV HEALTH_URL=http://127.0.0.1:4000/health/ready
EXPOSE 4000
COPY --from=router-packages /app ./
COPY --from=sources /app ./
COPY router/src router/src
CMD ["node", "router/src/main.ts"]

FROM process AS operations
COPY --from=operations-packages /app ./
COPY --from=sources /app ./
COPY subgraphs/debt/prisma/migrations subgraphs/debt/prisma/migrations
COPY subgraphs/score/prisma/migrations subgraphs/score/prisma/migrations
COPY subgraphs/event/prisma/migrations subgraphs/event/prisma/migrations
COPY indexer/src indexer/src
COPY operations/src operations/src
CMD ["node", "operations/src/migrate.ts"]

# Fictitious people, and the keys and tokens of a demonstration: production has no use for it.
FROM process AS demonstration
# What the seed job keeps, in a volume that takes this owner.
USER root
RUN install -d -o node -g node /var/lib/pessoa
USER node
COPY --from=demonstration-packages /app ./
COPY --from=sources /app ./
COPY operations/src operations/src
COPY development/src development/src
CMD ["node", "development/src/containers/seed.ts"]
