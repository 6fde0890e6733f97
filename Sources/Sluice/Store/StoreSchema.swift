internal import Storage

/// The tables of the store.
///
/// Ids are blobs in big-endian order, so that rows of one run lie together and new runs at the end. What only grows (marks,
/// requests) is kept in chunks, a row for what a batch brought, because a row of SQLite costs a microsecond whatever it
/// holds. Moments are milliseconds since 1970.
enum StoreSchema {
    /// The mark in the file's header: `Slui`.
    static let applicationID: Int32 = 0x536C_7569

    /// The steps by which the schema came to be what it is.
    static let migrations = Migrations([version1])

    /// The bytes of a page of the database.
    static let pageBytes = 8192

    private static let version1 = """
        CREATE TABLE store (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            complete_through INTEGER NOT NULL,  -- every record up to this journal number is in here
            open_runs INTEGER NOT NULL,         -- how many rows of runs have no status
            fingerprint_key BLOB NOT NULL,      -- 16 random bytes
            mask_key BLOB NOT NULL              -- 16 random bytes
        );
        INSERT INTO store VALUES (1, 0, 0, randomblob(16), randomblob(16));

        -- A workflow as one configuration text has it; how many runs of it there are.
        CREATE TABLE kinds (
            id INTEGER PRIMARY KEY,
            workflow TEXT NOT NULL,
            plan BLOB NOT NULL,
            runs INTEGER NOT NULL,
            UNIQUE (workflow, plan)
        );
        CREATE TABLE texts (
            fingerprint BLOB PRIMARY KEY,
            number INTEGER NOT NULL,            -- of the record that last brought it
            used INTEGER NOT NULL,              -- when that was
            content BLOB NOT NULL
        );

        CREATE TABLE runs (
            id BLOB PRIMARY KEY,
            kind INTEGER NOT NULL,
            status TEXT,                        -- how it ended; NULL where it has not
            ended INTEGER,
            parent BLOB,                        -- RunBirth's parent, parentAttempt, depth; NULL for none
            session TEXT,                       -- the session of its labels
            labels BLOB
        ) WITHOUT ROWID;
        -- Runs that must go on by themselves after a restart: neither ended nor only waiting.
        CREATE TABLE active_runs (id BLOB PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE run_events (
            id BLOB PRIMARY KEY,                -- run, journal number
            content BLOB NOT NULL               -- RunEventRow.bytes
        ) WITHOUT ROWID;
        CREATE TABLE waits (
            id BLOB PRIMARY KEY,                -- run, step, attempt
            deadline INTEGER NOT NULL,
            keys BLOB NOT NULL                  -- a list of NumberedKey
        ) WITHOUT ROWID;

        CREATE TABLE held (
            number INTEGER PRIMARY KEY,
            request BLOB NOT NULL,              -- the request's id
            has_entry INTEGER NOT NULL,         -- whether the ledger has the request under this number
            until INTEGER NOT NULL,
            listener INTEGER NOT NULL,
            content BLOB NOT NULL               -- CallbackArrival without its request
        );
        CREATE INDEX held_request ON held (request);
        CREATE TABLE mark_chunks (
            last INTEGER PRIMARY KEY,           -- the highest number in it
            latest INTEGER NOT NULL,            -- when the last of them is forgotten
            count INTEGER NOT NULL,
            content BLOB NOT NULL               -- StoredMark, one after the other
        );
        CREATE TABLE reusable_marks (
            key BLOB NOT NULL,                  -- channel, key
            number INTEGER NOT NULL,
            until INTEGER NOT NULL,
            content BLOB NOT NULL,              -- StoredMark
            PRIMARY KEY (key, number)
        ) WITHOUT ROWID;
        CREATE INDEX reusable_marks_until ON reusable_marks (until);
        CREATE TABLE claims (
            number INTEGER NOT NULL,            -- of the start; that of many items has many claims
            until INTEGER NOT NULL,
            content BLOB NOT NULL               -- Claim
        );
        CREATE INDEX claims_until ON claims (until);

        CREATE TABLE request_chunks (
            last INTEGER PRIMARY KEY,           -- the highest number in it
            first INTEGER NOT NULL,
            oldest INTEGER NOT NULL,            -- when the first of them came
            newest INTEGER NOT NULL,
            count INTEGER NOT NULL,
            passing INTEGER NOT NULL,           -- how many may go before the others: refused, held, expired
            prints BLOB NOT NULL                -- RequestPrints: where an id, a key or a run may be
        );
        CREATE INDEX request_chunks_passing ON request_chunks (last, newest) WHERE passing > 0;
        CREATE TABLE request_contents (
            last INTEGER PRIMARY KEY,
            content BLOB NOT NULL               -- number, run and ReceivedRequest, one after the other
        );
        -- What became of held requests later.
        CREATE TABLE request_fates (
            number INTEGER PRIMARY KEY,
            status INTEGER NOT NULL,
            run BLOB
        );
        CREATE INDEX request_fates_run ON request_fates (run) WHERE run IS NOT NULL;
        """
}
