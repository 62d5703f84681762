-- The Merkle tree over the records of the audit (docs/audit.md). It has a schema of its own, so that a right on every table of
-- `public` is none here. Its rows are only added: nothing that was published is ever changed.
CREATE SCHEMA IF NOT EXISTS "transparency";

-- Records that have no place in the tree yet, in the order in which they were written.
CREATE TABLE "transparency"."pending" (
    "position" BIGINT GENERATED ALWAYS AS IDENTITY,
    "acesso_id" UUID NOT NULL,

    CONSTRAINT "pending_pkey" PRIMARY KEY ("position")
);

-- The place of each record. The entry is SHA-256(nonce, record). Without its nonce it tells nothing.
CREATE TABLE "transparency"."leaf" (
    "place" BIGINT NOT NULL CHECK ("place" >= 0),
    "acesso_id" UUID NOT NULL,
    "nonce" BYTEA NOT NULL CHECK (octet_length("nonce") = 32),
    "entry" BYTEA NOT NULL CHECK (octet_length("entry") = 32),

    CONSTRAINT "leaf_pkey" PRIMARY KEY ("place"),
    CONSTRAINT "leaf_acesso_id_key" UNIQUE ("acesso_id")
);

-- The hashes of the tree, 256 of a level in a row (C2SP tlog-tiles). A row grows until it is full.
CREATE TABLE "transparency"."tile" (
    "level" SMALLINT NOT NULL CHECK ("level" BETWEEN 0 AND 6),
    "tile_index" BIGINT NOT NULL CHECK ("tile_index" >= 0),
    "hashes" BYTEA NOT NULL CHECK (octet_length("hashes") % 32 = 0 AND octet_length("hashes") BETWEEN 32 AND 8192),

    CONSTRAINT "tile_pkey" PRIMARY KEY ("level", "tile_index")
);

-- The size and the root of the tree: one row. Whoever adds records changes it from what they began with, or not at all.
CREATE TABLE "transparency"."tree" (
    "id" BOOLEAN NOT NULL DEFAULT true CHECK ("id"),
    "size" BIGINT NOT NULL CHECK ("size" >= 0),
    "root" BYTEA NOT NULL CHECK (octet_length("root") = 32),

    CONSTRAINT "tree_pkey" PRIMARY KEY ("id")
);
INSERT INTO "transparency"."tree" ("size", "root") VALUES (0, sha256(''::bytea));

-- The published checkpoints: signed notes, each with the cosignatures with which it counts.
CREATE TABLE "transparency"."checkpoint" (
    "size" BIGINT NOT NULL CHECK ("size" > 0),
    "note" TEXT NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "checkpoint_pkey" PRIMARY KEY ("size")
);

-- The migration engine splits a script at every semicolon, even inside a body or a comment: \073 is one.
CREATE FUNCTION "transparency"."append_only"() RETURNS trigger LANGUAGE plpgsql
  AS E'BEGIN RAISE EXCEPTION \'% is append-only\', TG_TABLE_NAME\073 END';
CREATE TRIGGER "leaf_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "transparency"."leaf"
  FOR EACH STATEMENT EXECUTE FUNCTION "transparency"."append_only"();
CREATE TRIGGER "checkpoint_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "transparency"."checkpoint"
  FOR EACH STATEMENT EXECUTE FUNCTION "transparency"."append_only"();
CREATE TRIGGER "tile_append_only" BEFORE DELETE OR TRUNCATE ON "transparency"."tile"
  FOR EACH STATEMENT EXECUTE FUNCTION "transparency"."append_only"();
CREATE TRIGGER "tree_append_only" BEFORE DELETE OR TRUNCATE ON "transparency"."tree"
  FOR EACH STATEMENT EXECUTE FUNCTION "transparency"."append_only"();
CREATE TRIGGER "pending_append_only" BEFORE UPDATE OR TRUNCATE ON "transparency"."pending"
  FOR EACH STATEMENT EXECUTE FUNCTION "transparency"."append_only"();

CREATE FUNCTION "transparency"."tile_grows"() RETURNS trigger LANGUAGE plpgsql
  AS E'BEGIN
    IF NEW.level <> OLD.level OR NEW.tile_index <> OLD.tile_index
      OR substring(NEW.hashes FOR octet_length(OLD.hashes)) <> OLD.hashes
    THEN RAISE EXCEPTION \'a tile only grows\'\073 END IF\073
    RETURN NEW\073
  END';
CREATE TRIGGER "tile_grows" BEFORE UPDATE ON "transparency"."tile"
  FOR EACH ROW EXECUTE FUNCTION "transparency"."tile_grows"();

CREATE FUNCTION "transparency"."tree_grows"() RETURNS trigger LANGUAGE plpgsql
  AS E'BEGIN
    IF NEW.size <= OLD.size THEN RAISE EXCEPTION \'the tree only grows\'\073 END IF\073
    RETURN NEW\073
  END';
CREATE TRIGGER "tree_grows" BEFORE UPDATE ON "transparency"."tree"
  FOR EACH ROW EXECUTE FUNCTION "transparency"."tree_grows"();

CREATE FUNCTION "transparency"."pending_is_placed"() RETURNS trigger LANGUAGE plpgsql
  AS E'BEGIN
    IF NOT EXISTS (SELECT FROM transparency.leaf l WHERE l.acesso_id = OLD.acesso_id)
    THEN RAISE EXCEPTION \'a record without a place stays pending\'\073 END IF\073
    RETURN OLD\073
  END';
CREATE TRIGGER "pending_is_placed" BEFORE DELETE ON "transparency"."pending"
  FOR EACH ROW EXECUTE FUNCTION "transparency"."pending_is_placed"();

-- Every record waits for its place, whoever inserts it. The writer has no right here, so the owner's function does it.
CREATE FUNCTION "transparency"."await_place"() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS E'BEGIN
    INSERT INTO transparency.pending (acesso_id) SELECT id FROM added\073
    RETURN NULL\073
  END';
CREATE TRIGGER "acesso_awaits_place" AFTER INSERT ON "public"."acesso"
  REFERENCING NEW TABLE AS "added" FOR EACH STATEMENT EXECUTE FUNCTION "transparency"."await_place"();

ALTER TABLE "transparency"."leaf" ENABLE ALWAYS TRIGGER "leaf_append_only";
ALTER TABLE "transparency"."checkpoint" ENABLE ALWAYS TRIGGER "checkpoint_append_only";
ALTER TABLE "transparency"."tile" ENABLE ALWAYS TRIGGER "tile_append_only";
ALTER TABLE "transparency"."tile" ENABLE ALWAYS TRIGGER "tile_grows";
ALTER TABLE "transparency"."tree" ENABLE ALWAYS TRIGGER "tree_append_only";
ALTER TABLE "transparency"."tree" ENABLE ALWAYS TRIGGER "tree_grows";
ALTER TABLE "transparency"."pending" ENABLE ALWAYS TRIGGER "pending_append_only";
ALTER TABLE "transparency"."pending" ENABLE ALWAYS TRIGGER "pending_is_placed";
ALTER TABLE "public"."acesso" ENABLE ALWAYS TRIGGER "acesso_awaits_place";

-- What was recorded before the trigger comes first, in the order of its instants. The trigger may have queued records since then,
-- because each statement of a migration commits by itself.
INSERT INTO "transparency"."pending" ("position", "acesso_id") OVERRIDING SYSTEM VALUE
  SELECT row_number() OVER (ORDER BY "data_hora", "id") - count(*) OVER () - 1, "id"
  FROM "public"."acesso" a
  WHERE NOT EXISTS (SELECT FROM "transparency"."pending" p WHERE p."acesso_id" = a."id");
