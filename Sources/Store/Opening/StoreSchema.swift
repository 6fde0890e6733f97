internal import Storage

/// The tables of the store.
///
/// What only grows (marks, requests) is kept in chunks, a row for what a batch brought, and runs in chunks of neighbours in
/// time, because a row of SQLite costs microseconds whatever it holds. Ids are blobs in big-endian order; moments are
/// milliseconds since 1970.
enum StoreSchema {
    /// The mark in the file's header: `Slui`.
    static let applicationID: Int32 = 0x536C_7569

    /// The steps by which the schema came to be what it is.
    static let migrations = Migrations([version1, version2, version3])

    /// The bytes of a page of the database.
    static let pageBytes = 8192

    /// The property of the journal number up to which fingerprints of callbacks were made by the rule of version 1, of their
    /// bodies alone; it is missing in a store of that version until its log was replayed for the first time.
    static let findOlderPrints =
        "SELECT value FROM properties WHERE name = 'older_prints_through' AND \(StoreTable.properties.isSound)"
    /// Sets it where it is missing.
    static let setOlderPrints =
        "INSERT OR IGNORE INTO properties (name, value, sum) VALUES ('older_prints_through', ?1, "
        + StoreTable.properties.sum(["name": "'older_prints_through'", "value": "?1"]) + ")"

    private static let version1 = """
        CREATE TABLE store (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            complete_through INTEGER NOT NULL,  -- every record up to this journal number is in here
            open_runs INTEGER NOT NULL,         -- how many runs have not ended
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

        -- Runs that lie beside each other in time, so that a batch writes a row for many of them.
        CREATE TABLE run_chunks (
            first INTEGER PRIMARY KEY,          -- the chunk key of its first run; all up to the next row's are in here
            open INTEGER NOT NULL,              -- whether a run in it has not ended
            active INTEGER NOT NULL,            -- whether one must go on by itself after a restart
            content BLOB NOT NULL               -- RunRow, one after the other, ascending by id
        );
        CREATE INDEX run_chunks_open ON run_chunks (open) WHERE open = 1;
        CREATE INDEX run_chunks_active ON run_chunks (active) WHERE active = 1;
        -- The first events of runs that have large ones.
        CREATE TABLE run_events (
            id BLOB PRIMARY KEY,                -- run, journal number of the last of them
            content BLOB NOT NULL               -- RunEventRow, one after the other with their length
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
            prints BLOB NOT NULL                -- RequestFingerprints: where an id, a key or a run may be
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

    /// Every row gets a checksum over what it holds, those that are there already too.
    private static let version2 =
        """
        -- What else is known of the store itself, under names (StoreProperty).
        CREATE TABLE properties (
            name TEXT PRIMARY KEY,
            value BLOB NOT NULL
        ) WITHOUT ROWID;

        """
        + StoreTable.allCases.map { table in
            """
            ALTER TABLE \(table.rawValue) ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
            UPDATE \(table.rawValue) SET sum = \(table.sum());

            """
        }.joined()

    /// Rows stay as they are; what they hold, and records of the log, may have more from here on: the verdict of a sender's
    /// verification, how a run was started, which node decided.
    private static let version3 =
        "-- Programs that know version 2 alone would take what is new for damage."
}
