import Primitives
import Storage
import TestKit
import Testing

@testable import Store

/// The secrets of a store are in its database and beside it: the loss of one loses nothing.
@Suite struct SecretsTests {
    private func remove(_ bench: Bench, _ name: String) throws {
        Files.removeTree(bench.directory.path("s") + "/" + name)
    }

    @Test func `a new store writes its secrets beside it, for its owner only`() throws {
        let bench = try Bench()
        let path = bench.directory.path("s") + "/secrets"
        #expect(
            SecretsFile(directory: bench.directory.path("s")).read() == .sound(bench.store.secrets)
        )
        #expect(try Files.mode(path) == 0o600)
    }

    @Test func `a database that was lost gets the secrets back`() throws {
        let bench = try Bench()
        let secrets = bench.store.secrets
        bench.store.close()
        try remove(bench, "store.db")
        try bench.reopen()
        #expect(bench.store.secrets == secrets)
        // And keeps them, whatever becomes of the file.
        bench.store.take([], through: 3)
        try bench.store.flush()
        bench.store.close()
        try remove(bench, "secrets")
        try bench.reopen()
        #expect(bench.store.secrets == secrets)
        #expect(SecretsFile(directory: bench.directory.path("s")).read() == .sound(secrets))
    }

    @Test func `a damaged file is written anew from the database, and told`() throws {
        let bench = try Bench()
        let secrets = bench.store.secrets
        bench.store.take([], through: 3)
        try bench.store.flush()
        let path = bench.directory.path("s") + "/secrets"
        let text = try Files.text(path)
        try Files.write(text.replacing("mask ", with: "mask 1"), to: path)
        try bench.reopen()
        #expect(bench.store.secrets == secrets)
        #expect(try Files.text(path) == text)
    }

    @Test func `the file of another store is refused, and so is a damaged one without a database`()
        throws
    {
        let bench = try Bench()
        bench.store.take([], through: 3)
        try bench.store.flush()
        bench.store.close()
        let file = SecretsFile(directory: bench.directory.path("s"))
        try file.write(.fresh())
        let other = #expect(throws: StoreError.self) { try bench.reopen() }
        #expect(other?.description.contains("belongs to another store than store.db") ?? false)
        try Files.write("sluice-store-secrets 1\n", to: file.path)
        try remove(bench, "store.db")
        let damaged = #expect(throws: StoreError.self) { try bench.reopen() }
        #expect(damaged?.kind == .corrupt)
    }
}
