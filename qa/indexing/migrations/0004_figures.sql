-- The numbers that documents state (qa/reading/figures.py): derived from their texts, and made again from them alone.
-- alike is what two figures share that may state the same quantity: the metric's end, place, kind of unit.
CREATE TABLE IF NOT EXISTS figures (
    number INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    metric TEXT NOT NULL,
    value REAL NOT NULL,
    unit TEXT NOT NULL,
    normalized REAL NOT NULL,
    qualifier TEXT NOT NULL,
    place TEXT,
    year INTEGER,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    at INTEGER NOT NULL,
    text TEXT NOT NULL,
    action TEXT NOT NULL,
    scope TEXT NOT NULL,
    alike TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS figures_by_document ON figures (document_id, at);
CREATE INDEX IF NOT EXISTS figures_alike ON figures (alike);

-- The words around each number, as the library's tokens cut them.
CREATE TABLE IF NOT EXISTS figure_words (
    word TEXT NOT NULL,
    number INTEGER NOT NULL REFERENCES figures (number) ON DELETE CASCADE,
    PRIMARY KEY (word, number)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS figure_words_by_number ON figure_words (number);

-- Which documents have been looked through for figures, and by what.
CREATE TABLE IF NOT EXISTS figured (
    document_id TEXT PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
    made_with TEXT NOT NULL
) WITHOUT ROWID;
