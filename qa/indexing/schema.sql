-- The registry: the truth about what the library holds. Read once, by registry.py.
-- Spans, sections, pages and headings are JSON arrays of the fields of their nouns, in order.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- What a file says; id is the SHA-256 of its bytes. reader names the code that read it.
CREATE TABLE sources (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    encoding TEXT NOT NULL,
    encoding_unsure INTEGER NOT NULL,
    ingested TEXT NOT NULL,
    reader TEXT NOT NULL,
    doubts TEXT NOT NULL,
    dropped TEXT NOT NULL,
    text TEXT NOT NULL
);

-- The files that brought a source. A source lives while one does. seq is the order of arrival.
CREATE TABLE files (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    origin TEXT NOT NULL,
    path TEXT NOT NULL,
    source_id TEXT NOT NULL REFERENCES sources (id),
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    UNIQUE (origin, path)
);
CREATE INDEX files_by_source ON files (source_id, seq);

-- The long columns come last: SQLite walks through them to reach what stands behind.
CREATE TABLE documents (
    id TEXT PRIMARY KEY,
    source_id TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    part INTEGER NOT NULL,
    title TEXT NOT NULL,
    title_inferred INTEGER NOT NULL,
    place TEXT,
    level TEXT,
    kind TEXT,
    organisation TEXT,
    published TEXT,
    period TEXT,
    publisher TEXT,
    author TEXT,
    page TEXT,
    page_kind TEXT,
    external_id TEXT,
    passages INTEGER NOT NULL,
    characters INTEGER NOT NULL,
    sections TEXT NOT NULL,
    pages TEXT NOT NULL,
    spans TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX documents_by_source ON documents (source_id, part);

-- What a person deleted. It outlives the document: the same bytes read again stay deleted.
CREATE TABLE deletions (document_id TEXT PRIMARY KEY, deleted_at TEXT NOT NULL) WITHOUT ROWID;

-- number is never used twice: the indexes know a passage by it.
CREATE TABLE passages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    heading TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    text TEXT NOT NULL,
    context TEXT NOT NULL
);
CREATE INDEX passages_by_document ON passages (document_id, ordinal);

-- float32, little-endian, of unit length or zero; one for each model (fingerprint).
CREATE TABLE vectors (
    number INTEGER NOT NULL REFERENCES passages (number) ON DELETE CASCADE,
    model TEXT NOT NULL,
    vector BLOB NOT NULL,
    UNIQUE (number, model)
);

CREATE TABLE jobs (id TEXT PRIMARY KEY, state TEXT NOT NULL, created TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;

-- What is kept of a document to find its near-duplicates (qa/reading/duplicates.py): least is uint32, little-endian.
CREATE TABLE signatures (
    number INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL UNIQUE REFERENCES documents (id) ON DELETE CASCADE,
    shingles INTEGER NOT NULL,
    least BLOB NOT NULL
);
CREATE TABLE signature_keys (
    key INTEGER NOT NULL,
    number INTEGER NOT NULL REFERENCES signatures (number) ON DELETE CASCADE,
    PRIMARY KEY (key, number)
) WITHOUT ROWID;
CREATE INDEX signature_keys_by_number ON signature_keys (number);

-- Pairs of near-duplicates: the one that was known, the one that came; likeness is their Jaccard overlap.
CREATE TABLE twins (
    known TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    came TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    likeness REAL NOT NULL,
    PRIMARY KEY (known, came)
) WITHOUT ROWID;
CREATE INDEX twins_by_came ON twins (came);

-- Documents that can be found: with the file that brought them first and all that did, and not deleted by a person.
CREATE VIEW live AS
SELECT d.*, f.seq, f.origin, f.path AS file, s.ingested,
    (SELECT json_group_array(path) FROM (SELECT path FROM files WHERE source_id = d.source_id ORDER BY seq)) AS files
FROM documents d
JOIN sources s ON s.id = d.source_id
JOIN files f ON f.seq = (SELECT min(seq) FROM files WHERE source_id = d.source_id)
WHERE NOT EXISTS (SELECT 1 FROM deletions WHERE document_id = d.id);

CREATE VIEW live_passages AS
SELECT * FROM passages p WHERE NOT EXISTS (SELECT 1 FROM deletions WHERE document_id = p.document_id);
