import Primitives
import Storage
import TestKit
import Testing

@testable import Store

/// The secrets of a store are in its database and beside it: the loss of one loses nothing.
@Suite struct SecretsTests {
    private func remove(_ fixture: StoreFixture, _ name: String) throws {
        Files.removeTree(fixture.directory.path("s") + "/" + name)
    }

    @Test func `a new store writes its secrets beside it, for its owner only`() throws {
        let fixture = try StoreFixture()
        let path = fixture.directory.path("s") + "/secrets"
        #expect(
            SecretsFile(directory: fixture.directory.path("s")).read()
                == .sound(fixture.store.secrets)
        )
        #expect(try Files.mode(path) == 0o600)
    }

    @Test func `a database that was lost gets the secrets back`() throws {
        let fixture = try StoreFixture()
        let secrets = fixture.store.secrets
        fixture.store.close()
        try remove(fixture, "store.db")
        try fixture.reopen()
        #expect(fixture.store.secrets == secrets)
        // And keeps them, whatever becomes of the file.
        fixture.store.take([], through: 3)
        try fixture.store.flush()
        fixture.store.close()
        try remove(fixture, "secrets")
        try fixture.reopen()
        #expect(fixture.store.secrets == secrets)
        #expect(SecretsFile(directory: fixture.directory.path("s")).read() == .sound(secrets))
    }

    @Test func `a damaged file is written anew from the database, and told`() throws {
        let fixture = try StoreFixture()
        let secrets = fixture.store.secrets
        fixture.store.take([], through: 3)
        try fixture.store.flush()
        let path = fixture.directory.path("s") + "/secrets"
        let text = try Files.text(path)
        try Files.write(text.replacing("mask ", with: "mask 1"), to: path)
        try fixture.reopen()
        #expect(fixture.store.secrets == secrets)
        #expect(try Files.text(path) == text)
    }

    @Test func `the file of another store is refused, and so is a damaged one without a database`()
        throws
    {
        let fixture = try StoreFixture()
        fixture.store.take([], through: 3)
        try fixture.store.flush()
        fixture.store.close()
        let file = SecretsFile(directory: fixture.directory.path("s"))
        try file.write(.fresh())
        let other = #expect(throws: StoreError.self) { try fixture.reopen() }
        #expect(other?.description.contains("belongs to another store than store.db") ?? false)
        try Files.write("sluice-store-secrets 1\n", to: file.path)
        try remove(fixture, "store.db")
        let damaged = #expect(throws: StoreError.self) { try fixture.reopen() }
        #expect(damaged?.kind == .corrupt)
    }
}
