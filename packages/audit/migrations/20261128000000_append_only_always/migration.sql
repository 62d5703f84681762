-- Also for a session that replays what it was sent (session_replication_role): nobody changes or removes.
ALTER TABLE "acesso" ENABLE ALWAYS TRIGGER "acesso_append_only";
