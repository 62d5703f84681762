-- A person's items go by the bytes of their ids, whatever the database's collation: so do the indexes on them.
ALTER TABLE "bem" ALTER COLUMN "id" TYPE TEXT COLLATE "C";
ALTER TABLE "fonte_de_renda" ALTER COLUMN "id" TYPE TEXT COLLATE "C";
