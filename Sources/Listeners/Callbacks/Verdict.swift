/// What a callback says of the work it is about.
package enum Verdict: Sendable, Hashable {
    case success
    case failure
    /// Still working: the waiter stays.
    case progress
}

/// The lists by which an endpoint judges statuses.
struct StatusRule: Sendable {
    /// The statuses that mean success, as bytes; nil where the key is not given.
    private let successWhen: [[UInt8]]?
    /// The statuses that mean failure, as bytes; nil where the key is not given.
    private let failWhen: [[UInt8]]?

    /// Takes the lists.
    init(successWhen: [String]?, failWhen: [String]?) {
        self.successWhen = successWhen?.map { Array($0.utf8) }
        self.failWhen = failWhen?.map { Array($0.utf8) }
    }

    /// What a status means that is there and not null; a callback without one is a success.
    ///
    /// Byte by byte: Swift's texts are equal where Unicode's canonical forms are.
    func verdict(_ status: Span<UInt8>) -> Verdict {
        if Self.contains(successWhen, status) { return .success }
        if Self.contains(failWhen, status) { return .failure }
        return successWhen == nil ? .success : .progress
    }

    private static func contains(_ list: [[UInt8]]?, _ status: Span<UInt8>) -> Bool {
        guard let list else { return false }
        for word in list where equal(word, status) { return true }
        return false
    }

    private static func equal(_ word: [UInt8], _ status: Span<UInt8>) -> Bool {
        guard word.count == status.count else { return false }
        for index in word.indices where word[index] != status[index] { return false }
        return true
    }
}
