-- Of one instant the rows go by the bytes of their ids, whatever the database's collation: so do the indexes on them.
ALTER TABLE "consulta" ALTER COLUMN "id" TYPE TEXT COLLATE "C";
ALTER TABLE "compra_cartao" ALTER COLUMN "id" TYPE TEXT COLLATE "C";
