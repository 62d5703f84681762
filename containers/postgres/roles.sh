#!/bin/sh
# Run by the PostgreSQL image, once, on an empty data folder: the roles of docs/bases.md, each by the password in
# /run/secrets/<role>-password. ROLES is what each may do to the owner's tables, in `public` or in the schema after a dot:
# `base_a_reader:SELECT auditoria_auditor.transparency:SELECT,INSERT …`.
set -eu

sql() { psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" "$@"; }

# psql reads the file itself, so no password is an argument of a process.
create_role() {
  sql --set role="$1" --set file="/run/secrets/$(echo "$1" | tr _ -)-password" <<'SQL'
SELECT count(*) = 0 AS is_new FROM pg_roles WHERE rolname = :'role' \gset
\if :is_new
\set password `cat :file`
CREATE ROLE :"role" LOGIN PASSWORD :'password';
\endif
SQL
}

create_role "$OWNER"
sql --set db="$POSTGRES_DB" --set owner="$OWNER" <<'SQL'
ALTER DATABASE :"db" OWNER TO :"owner";
REVOKE ALL ON DATABASE :"db" FROM PUBLIC;
ALTER SCHEMA public OWNER TO :"owner";
SQL

for granted in $ROLES; do
  name=${granted%%:*}
  role=${name%%.*}
  privileges=${granted##*:}
  schema=public
  [ "$name" = "$role" ] || schema=${name#*.}
  create_role "$role"
  sql --set db="$POSTGRES_DB" --set owner="$OWNER" --set role="$role" --set schema="$schema" --set privileges="$privileges" <<'SQL'
SET client_min_messages = warning; -- `public` is there
GRANT CONNECT ON DATABASE :"db" TO :"role";
CREATE SCHEMA IF NOT EXISTS :"schema" AUTHORIZATION :"owner";
GRANT USAGE ON SCHEMA :"schema" TO :"role";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA :"schema" GRANT :privileges ON TABLES TO :"role";
SQL
  # An indexer looks whether the sequence that numbers postings was set back.
  if [ "$privileges" = SELECT ]; then
    sql --set owner="$OWNER" --set role="$role" --set schema="$schema" <<'SQL'
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA :"schema" GRANT SELECT ON SEQUENCES TO :"role";
SQL
  fi
done
