internal import Security

/// Decides what is fetched and when, so that keys can rotate and nobody can make the server ask without end.
///
/// A pure machine: time is a number of milliseconds that never goes back, and what it wants done it returns. It belongs to
/// one thread, or stands behind a lock; what it knows is the ``ring``, a value for any thread.
///
/// - One fetch of a URL at a time, and none within ``pauseMilliseconds`` of the one before, whatever requests name.
/// - A fetch that fails leaves the old keys where they are.
/// - A key set older than ``ageMilliseconds`` is fetched again while the old one is used.
/// - At most ``certificatesMax`` certificates, whose URLs senders name; the oldest goes.
package struct RemoteKeys {
    /// The most bytes of an answer that are read.
    package static let answerBytesMax = 1 << 20
    /// The pause between two fetches of one URL.
    package static let pauseMilliseconds: Int64 = 60_000
    /// How long a key set is used without looking whether there is a newer one.
    package static let ageMilliseconds: Int64 = 3_600_000
    /// How long a fetch may take, for whoever carries it out.
    package static let timeoutMilliseconds: Int64 = 10_000
    /// How many certificates are kept.
    package static let certificatesMax = 64
    /// How many certificates may be fetched in one pause.
    package static let certificateFetchesMax = 8

    /// What to do about a need.
    package enum Step: Sendable, Hashable {
        /// Fetch it with GET, tell how it went, and check the request again.
        case fetch
        /// It is being fetched: check the request again when that has ended.
        case wait
        /// Use what the ring has; it is new enough, or cannot be had now.
        case refuse(VerificationRefusal)
    }

    /// What is known of one URL.
    private struct Entry {
        var kind: KeyNeed.Kind
        var isFetching = false
        var begunAt: Int64?
        var fetchedAt: Int64?
    }

    /// The keys as they are.
    package private(set) var ring = KeyRing()

    private var entries: [String: Entry] = [:]
    private var certificateFetches: [Int64] = []

    /// Makes a machine that knows no key.
    package init() {}

    /// Says what to do about what a check needs.
    ///
    /// - Parameters:
    ///   - need: What the check needs.
    ///   - now: The present.
    /// - Returns: What to do; of ``Step/fetch`` only one caller hears.
    package mutating func demand(_ need: KeyNeed, now: Int64) -> Step {
        var entry = entries[need.url] ?? Entry(kind: need.kind)
        if entry.isFetching { return .wait }
        if let begunAt = entry.begunAt, now - begunAt < Self.pauseMilliseconds {
            return .refuse(
                need.reason == .unknownKey
                    ? VerificationRefusal(
                        .keyUnknown,
                        "The request is signed with a key that is not in the key set."
                    ) : Self.unavailable
            )
        }
        if need.kind == .certificate, !takesCertificate(need.url, now) {
            return .refuse(Self.unavailable)
        }
        entry.isFetching = true
        entry.begunAt = now
        entries[need.url] = entry
        return .fetch
    }

    /// Whether a key set that is used should be fetched again; if so, whoever asks has to fetch it.
    package mutating func isRefreshDue(_ url: String, now: Int64) -> Bool {
        guard let entry = entries[url], entry.kind == .keySet, !entry.isFetching,
            let fetchedAt = entry.fetchedAt, now - fetchedAt >= Self.ageMilliseconds,
            now - (entry.begunAt ?? fetchedAt) >= Self.pauseMilliseconds
        else { return false }
        entries[url]?.isFetching = true
        entries[url]?.begunAt = now
        return true
    }

    /// Takes the answer of a fetch.
    ///
    /// - Parameters:
    ///   - url: What was fetched.
    ///   - status: The answer's status.
    ///   - body: Its body; one of more than ``answerBytesMax`` bytes counts as a failure.
    ///   - now: The present.
    /// - Returns: Why the answer is of no use, for the log; nil where it is.
    package mutating func fetched(
        _ url: String,
        status: Int,
        body: [UInt8],
        now: Int64
    ) -> String? {
        guard var entry = entries[url], entry.isFetching else { return nil }
        entry.isFetching = false
        entries[url] = entry
        guard status == 200 else { return "the answer's status is \(status)" }
        guard body.count <= Self.answerBytesMax else {
            return "the answer has more than \(Self.answerBytesMax) bytes"
        }
        switch entry.kind {
        case .keySet:
            guard let set = KeySet(body) else { return "the answer has no key that can be used" }
            ring.put(set, for: url)
        case .certificate:
            do throws(KeyError) {
                ring.put(try Certificate.all(pem: body), for: url)
            } catch {
                return "the answer is no certificate: it \(error.message)"
            }
            dropCertificates()
        }
        entries[url]?.fetchedAt = now
        return nil
    }

    /// Takes the end of a fetch that brought no answer; the old keys stay.
    package mutating func failed(_ url: String) {
        entries[url]?.isFetching = false
    }

    private static let unavailable = VerificationRefusal(
        .keysUnavailable,
        "The keys could not be fetched, and are not asked for again so soon."
    )

    /// Whether another certificate may be fetched; counts it.
    private mutating func takesCertificate(_ url: String, _ now: Int64) -> Bool {
        certificateFetches.removeAll { now - $0 >= Self.pauseMilliseconds }
        guard certificateFetches.count < Self.certificateFetchesMax else { return false }
        certificateFetches.append(now)
        return true
    }

    /// Forgets the certificates that were asked for first, where there are too many.
    private mutating func dropCertificates() {
        let known = entries.filter { $0.value.kind == .certificate && !$0.value.isFetching }
        guard known.count > Self.certificatesMax else { return }
        let oldest = known.sorted { ($0.value.begunAt ?? 0) < ($1.value.begunAt ?? 0) }
        for (url, _) in oldest.prefix(known.count - Self.certificatesMax) {
            entries[url] = nil
            ring.remove(url)
        }
    }
}
