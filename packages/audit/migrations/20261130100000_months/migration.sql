-- Repeatable: each statement may run again.
-- The audit by months (docs/decisions/0051-months-of-the-audit.md). An id of version 7 begins with its time, so a month is a range of ids,
-- and the key of the whole audit stays the id. Nobody but the owner has a right in the schema of the partitions.
-- The migration engine splits a script at every semicolon, even inside a body or a comment: \073 is one.
CREATE SCHEMA IF NOT EXISTS "months";

-- The instant with which an id begins, in milliseconds since 1970.
CREATE OR REPLACE FUNCTION "months"."millis_of"("id" uuid) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT ('x' || translate(left(id::text, 13), '-', ''))::bit(48)::bigint $$;

-- The least id of an instant. Before 1970 there is none.
CREATE OR REPLACE FUNCTION "months"."first_id"("instant" timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT (lpad(to_hex(greatest(0, floor(extract(epoch FROM instant) * 1000))::bigint), 12, '0') || repeat('0', 20))::uuid $$;

-- Whether an id begins with the instant of its record, give or take a day. Ids of version 4 and false dates do not.
CREATE OR REPLACE FUNCTION "months"."is_of_its_time"("id" uuid, "data_hora" timestamptz) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT abs(('x' || translate(left(id::text, 13), '-', ''))::bit(48)::bigint - extract(epoch FROM data_hora) * 1000) <= 86400000 $$;

-- Where the records of a month are whose ids do not begin with their instants.
CREATE TABLE IF NOT EXISTS "months"."untimed" (
    "month" DATE NOT NULL,
    "least" UUID NOT NULL,
    "greatest" UUID NOT NULL,

    CONSTRAINT "untimed_pkey" PRIMARY KEY ("month")
);

-- The ids among which all records of a period are. Without an end, the period is open there. Readers add it to their conditions,
-- so that PostgreSQL reads those months alone.
CREATE OR REPLACE FUNCTION "public"."acesso_id_range"("since" timestamptz, "until" timestamptz, OUT "least" uuid, OUT "greatest" uuid)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT
    CASE WHEN since IS NULL THEN '00000000-0000-0000-0000-000000000000' ELSE least(months.first_id(since - interval '1 day'), (
      SELECT u.least FROM months.untimed u
      WHERE u.month >= date_trunc('month', since AT TIME ZONE 'UTC') AND (until IS NULL OR u.month <= until AT TIME ZONE 'UTC')
      ORDER BY u.least LIMIT 1)) END
    , CASE WHEN until IS NULL THEN 'ffffffff-ffff-ffff-ffff-ffffffffffff' ELSE greatest(months.first_id(until + interval '1 day 1 millisecond'), (
      SELECT u.greatest FROM months.untimed u
      WHERE u.month <= until AT TIME ZONE 'UTC' AND (since IS NULL OR u.month >= date_trunc('month', since AT TIME ZONE 'UTC'))
      ORDER BY u.greatest DESC LIMIT 1)) END $$;

-- Every record waits for its place, whoever inserts it. One whose id is not of its time is noted.
CREATE OR REPLACE FUNCTION "transparency"."await_place"() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS E'BEGIN
    INSERT INTO transparency.pending (acesso_id) SELECT id FROM added\073
    IF EXISTS (SELECT FROM added a WHERE NOT months.is_of_its_time(a.id, a.data_hora)) THEN
      INSERT INTO months.untimed AS u (month, least, greatest)
        SELECT n.month, n.least, n.greatest
        FROM (SELECT date_trunc(\'month\', a.data_hora AT TIME ZONE \'UTC\')::date AS month,
                     min(a.id::text COLLATE "C")::uuid AS least, max(a.id::text COLLATE "C")::uuid AS greatest
              FROM added a WHERE NOT months.is_of_its_time(a.id, a.data_hora) GROUP BY 1) n
        WHERE NOT EXISTS (SELECT FROM months.untimed k WHERE k.month = n.month AND k.least <= n.least AND k.greatest >= n.greatest)
        ORDER BY n.month
        ON CONFLICT (month) DO UPDATE SET least = least(u.least, excluded.least), greatest = greatest(u.greatest, excluded.greatest)\073
    END IF\073
    RETURN NULL\073
  END';

-- The same for the records that are there. Those that come meanwhile note themselves.
INSERT INTO "months"."untimed" AS u ("month", "least", "greatest")
  SELECT date_trunc('month', a.data_hora AT TIME ZONE 'UTC')::date, min(a.id::text COLLATE "C")::uuid, max(a.id::text COLLATE "C")::uuid
  FROM "public"."acesso" a WHERE NOT months.is_of_its_time(a.id, a.data_hora) GROUP BY 1 ORDER BY 1
  ON CONFLICT (month) DO UPDATE SET least = least(u.least, excluded.least), greatest = greatest(u.greatest, excluded.greatest);

-- A partition can be named by itself. Triggers for each row come from the audit, those for a statement are its own.
CREATE OR REPLACE FUNCTION "months"."guard"("part" regclass) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
  AS E'BEGIN
    EXECUTE format(\'CREATE TRIGGER acesso_stays BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION public.acesso_append_only()\', part)\073
    EXECUTE format(\'CREATE TRIGGER acesso_awaits_place AFTER INSERT ON %s REFERENCING NEW TABLE AS added
      FOR EACH STATEMENT EXECUTE FUNCTION transparency.await_place()\', part)\073
    EXECUTE format(\'ALTER TABLE %s ENABLE ALWAYS TRIGGER acesso_stays\', part)\073
    EXECUTE format(\'ALTER TABLE %s ENABLE ALWAYS TRIGGER acesso_awaits_place\', part)\073
  END';

-- Rules that older records need not keep (NOT VALID). LIKE makes them valid: without them, older records can be moved.
CREATE OR REPLACE FUNCTION "months"."drop_new_rules"("part" regclass) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
  AS E'DECLARE rule record\073
  BEGIN
    FOR rule IN SELECT conname FROM pg_constraint WHERE conrelid = \'public.acesso\'::regclass AND contype = \'c\' AND NOT convalidated LOOP
      EXECUTE format(\'ALTER TABLE %s DROP CONSTRAINT %I\', part, rule.conname)\073
    END LOOP\073
  END';
CREATE OR REPLACE FUNCTION "months"."add_new_rules"("part" regclass) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
  AS E'DECLARE rule record\073
  BEGIN
    FOR rule IN SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
      WHERE conrelid = \'public.acesso\'::regclass AND contype = \'c\' AND NOT convalidated LOOP
      EXECUTE format(\'ALTER TABLE %s ADD CONSTRAINT %I %s\', part, rule.conname, rule.definition)\073
    END LOOP\073
  END';

-- Adds a month. Its records that are in months.acesso_others move: in a log that is older, random ids may be of any month, and a month
-- that was late has its own records there. Attaching locks acesso_others and nothing else that a record is written to.
CREATE OR REPLACE FUNCTION "months"."add"("first_day" date) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
  AS E'DECLARE
    part text := format(\'months.acesso_%s\', to_char(first_day, \'YYYY_MM\'))\073
    first uuid := months.first_id(first_day::timestamp AT TIME ZONE \'UTC\')\073
    after uuid := months.first_id((first_day + interval \'1 month\') AT TIME ZONE \'UTC\')\073
  BEGIN
    EXECUTE format(\'CREATE TABLE %s (LIKE public.acesso INCLUDING ALL)\', part)\073
    LOCK TABLE months.acesso_others IN ACCESS EXCLUSIVE MODE\073
    IF EXISTS (SELECT FROM months.acesso_others o WHERE o.id >= first AND o.id < after) THEN
      PERFORM months.drop_new_rules(part::regclass)\073
      ALTER TABLE months.acesso_others DISABLE TRIGGER acesso_append_only\073
      EXECUTE format(\'WITH moved AS (DELETE FROM months.acesso_others o WHERE o.id >= %L AND o.id < %L RETURNING *)
        INSERT INTO %s SELECT * FROM moved\', first, after, part)\073
      ALTER TABLE months.acesso_others ENABLE ALWAYS TRIGGER acesso_append_only\073
      PERFORM months.add_new_rules(part::regclass)\073
    END IF\073
    EXECUTE format(\'ALTER TABLE public.acesso ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)\', part, first, after)\073
    PERFORM months.guard(part::regclass)\073
  END';

-- Adds the months that are missing up to the third one from now. Whoever calls it can do nothing else, and it waits no more than a second
-- for a lock: those who read acesso_others would wait behind it.
CREATE OR REPLACE FUNCTION "transparency"."add_months"() RETURNS void LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '1s'
  AS E'DECLARE
    newest date\073
    furthest date := date_trunc(\'month\', now() AT TIME ZONE \'UTC\') + interval \'3 months\'\073
  BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(\'pessoa audit months\', 0))\073
    SELECT max(to_date(right(c.relname, 7), \'YYYY_MM\')) INTO newest
      FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = \'public.acesso\'::regclass AND c.relname ~ \'^acesso_[0-9]{4}_[0-9]{2}$\'\073
    WHILE newest < furthest LOOP
      newest := newest + interval \'1 month\'\073
      PERFORM months.add(newest)\073
    END LOOP\073
  END';

-- One statement, so that all of it happens or nothing. The table with its records becomes the partition of all ids before the first
-- month: no record is copied but those with later ids, which are of version 4. Ids of version 7 reach acesso_random in 2248.
DO LANGUAGE plpgsql E'DECLARE
    first_month date\073
    first uuid\073
    class text\073
    erasure text\073
    item record\073
    rules text[] := \'{}\'\073
  BEGIN
    IF (SELECT relkind FROM pg_catalog.pg_class WHERE oid = \'public.acesso\'::pg_catalog.regclass) = \'p\' THEN RETURN\073 END IF\073
    PERFORM pg_catalog.set_config(\'search_path\', \'pg_catalog, pg_temp\', true)\073
    LOCK TABLE public.acesso IN ACCESS EXCLUSIVE MODE\073
    first_month := date_trunc(\'month\', now() AT TIME ZONE \'UTC\')\073
    IF EXISTS (SELECT FROM public.acesso) THEN first_month := first_month + interval \'1 month\'\073 END IF\073
    first := months.first_id(first_month::timestamp AT TIME ZONE \'UTC\')\073
    class := pg_get_functiondef(\'transparency.retention_class\'::regproc)\073
    erasure := pg_get_functiondef(\'transparency.is_erasure\'::regproc)\073

    DROP TRIGGER acesso_append_only ON public.acesso\073
    DROP TRIGGER acesso_stays ON public.acesso\073
    DROP TRIGGER acesso_awaits_place ON public.acesso\073
    ALTER TABLE public.acesso SET SCHEMA months\073
    ALTER TABLE months.acesso RENAME TO acesso_before\073
    CREATE TABLE public.acesso (LIKE months.acesso_before INCLUDING ALL) PARTITION BY RANGE (id)\073
    FOR item IN SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
      WHERE conrelid = \'months.acesso_before\'::regclass AND contype = \'c\' AND NOT convalidated LOOP
      rules := rules || format(\'ADD CONSTRAINT %I %s\', item.conname, item.definition)\073
      EXECUTE format(\'ALTER TABLE public.acesso DROP CONSTRAINT %I\', item.conname)\073
      EXECUTE format(\'ALTER TABLE months.acesso_before DROP CONSTRAINT %I\', item.conname)\073
    END LOOP\073
    CREATE TABLE months.acesso_others PARTITION OF public.acesso DEFAULT\073
    CREATE TABLE months.acesso_random PARTITION OF public.acesso
      FOR VALUES FROM (\'08000000-0000-0000-0000-000000000000\') TO (MAXVALUE)\073
    WITH moved AS (DELETE FROM months.acesso_before b WHERE b.id >= first RETURNING *) INSERT INTO public.acesso SELECT * FROM moved\073
    EXECUTE format(\'ALTER TABLE public.acesso ATTACH PARTITION months.acesso_before FOR VALUES FROM (MINVALUE) TO (%L)\', first)\073
    -- Only now, because older records that do not keep these rules had to be moved.
    IF cardinality(rules) > 0 THEN EXECUTE \'ALTER TABLE public.acesso \' || array_to_string(rules, \', \')\073 END IF\073

    EXECUTE class\073
    EXECUTE erasure\073
    DROP FUNCTION transparency.retention_class(months.acesso_before)\073
    DROP FUNCTION transparency.is_erasure(months.acesso_before)\073

    CREATE TRIGGER acesso_append_only BEFORE UPDATE OR DELETE ON public.acesso
      FOR EACH ROW EXECUTE FUNCTION transparency.acesso_erases()\073
    ALTER TABLE public.acesso ENABLE ALWAYS TRIGGER acesso_append_only\073
    PERFORM months.guard(\'public.acesso\')\073
    PERFORM months.guard(\'months.acesso_before\')\073
    PERFORM months.guard(\'months.acesso_others\')\073
    PERFORM months.guard(\'months.acesso_random\')\073

    FOR item IN SELECT DISTINCT coalesce(quote_ident(r.rolname), \'PUBLIC\') AS role
      FROM pg_class c CROSS JOIN aclexplode(c.relacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
      WHERE c.oid = \'public.acesso\'::regclass AND a.grantee <> c.relowner LOOP
      EXECUTE format(\'REVOKE ALL ON public.acesso FROM %s\', item.role)\073
    END LOOP\073
    FOR item IN
      SELECT a.privilege_type, a.is_grantable, \'\' AS attribute, coalesce(quote_ident(r.rolname), \'PUBLIC\') AS role
      FROM pg_class c CROSS JOIN aclexplode(c.relacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
      WHERE c.oid = \'months.acesso_before\'::regclass AND a.grantee <> c.relowner
      UNION ALL
      SELECT a.privilege_type, a.is_grantable, format(\' (%I)\', t.attname), coalesce(quote_ident(r.rolname), \'PUBLIC\')
      FROM pg_attribute t CROSS JOIN aclexplode(t.attacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
      WHERE t.attrelid = \'months.acesso_before\'::regclass
    LOOP
      EXECUTE format(\'GRANT %s%s ON public.acesso TO %s%s\', item.privilege_type, item.attribute,
        item.role, CASE WHEN item.is_grantable THEN \' WITH GRANT OPTION\' ELSE \'\' END)\073
    END LOOP\073

    PERFORM months.add(first_month)\073
    PERFORM transparency.add_months()\073
  END';
