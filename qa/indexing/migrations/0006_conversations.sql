-- Conversations that the service keeps. `touched` grows with each turn and orders them; `owner` is the name of the key that
-- asked, '' where no key is needed. A turn's `answer` is JSON as its caller wrote it, `said` its words alone.
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    title TEXT NOT NULL,
    created TEXT NOT NULL,
    updated TEXT NOT NULL,
    touched INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS conversations_by_touched ON conversations (touched);

CREATE TABLE IF NOT EXISTS conversation_turns (
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    question TEXT NOT NULL,
    said TEXT NOT NULL,
    answer TEXT NOT NULL,
    asked TEXT NOT NULL,
    PRIMARY KEY (conversation_id, ordinal)
) WITHOUT ROWID;
