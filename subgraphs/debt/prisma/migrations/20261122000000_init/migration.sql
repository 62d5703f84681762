-- CreateTable
CREATE TABLE "pessoa" (
    "cpf" CHAR(11) NOT NULL,
    "nome" TEXT NOT NULL,
    "situacao_cadastral" TEXT NOT NULL,

    CONSTRAINT "pessoa_pkey" PRIMARY KEY ("cpf")
);

-- CreateTable
CREATE TABLE "endereco" (
    "cpf" CHAR(11) NOT NULL,
    "logradouro" TEXT,
    "numero" TEXT,
    "complemento" TEXT,
    "bairro" TEXT,
    "cidade" TEXT,
    "uf" CHAR(2),
    "cep" CHAR(8),
    "codigo_ibge" CHAR(7),
    "atualizado_em" TIMESTAMPTZ(3),

    CONSTRAINT "endereco_pkey" PRIMARY KEY ("cpf")
);

-- CreateTable
CREATE TABLE "credor" (
    "id" TEXT NOT NULL,
    "nome" TEXT NOT NULL,
    "cnpj" CHAR(14),

    CONSTRAINT "credor_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "divida" (
    "id" TEXT NOT NULL,
    "cpf" CHAR(11) NOT NULL,
    "credor_id" TEXT NOT NULL,
    "contrato" TEXT NOT NULL,
    "modalidade" TEXT NOT NULL,
    "natureza" TEXT NOT NULL,
    "situacao" TEXT NOT NULL,
    "valor_original" DECIMAL(17,2) NOT NULL,
    "valor_atualizado" DECIMAL(17,2),
    "vencimento" DATE NOT NULL,
    "data_inclusao" DATE NOT NULL,
    "data_comunicacao" DATE,
    "parcelas_em_atraso" INTEGER,
    "principal" BOOLEAN NOT NULL,
    "uf" CHAR(2),

    CONSTRAINT "divida_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "credor_cnpj_key" ON "credor"("cnpj");

-- CreateIndex
CREATE INDEX "divida_cpf_vencimento_id_idx" ON "divida"("cpf", "vencimento" DESC, "id" DESC);

-- AddForeignKey
ALTER TABLE "endereco" ADD CONSTRAINT "endereco_cpf_fkey" FOREIGN KEY ("cpf") REFERENCES "pessoa"("cpf") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "divida" ADD CONSTRAINT "divida_cpf_fkey" FOREIGN KEY ("cpf") REFERENCES "pessoa"("cpf") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "divida" ADD CONSTRAINT "divida_credor_id_fkey" FOREIGN KEY ("credor_id") REFERENCES "credor"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
