internal import Journal
internal import Primitives

/// One part of the claim table, behind a lock of its own.
///
/// A claim takes 56 bytes of its own, some ten in the index, and its answer. Of those past their time, which no look
/// finds any more, a hand that goes round frees a few at each step, so that no step is long.
struct ClaimShard: ~Copyable {
    /// What the table counts for a claim beside its answer's bytes.
    static let bytesPerClaim = 112
    /// How many places one step of the hand looks at.
    private static let stepCount = 32

    /// The requests under way.
    private var flights: [Fingerprint: ClaimFlight] = [:]
    private var index = HashIndex()
    private var nodes = Pool<ClaimNode>()
    private var answers: [[UInt8]] = []
    private var oldest = ClaimNode.none
    private var newest = ClaimNode.none
    private var hand: UInt32 = 0
    private var bytes = 0
    private let bytesMax: Int
    /// How many claims went before their time, because there were too many.
    private(set) var forgottenCount = 0

    /// Makes an empty shard that keeps so many bytes.
    init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    /// How many claims are kept; those past their time are among them until the hand comes by.
    var count: Int { nodes.count }

    /// How a request with this key stands; where it is the first, it is under way from now on.
    mutating func take(_ key: Fingerprint, payload: Fingerprint, now: Instant) -> ClaimStanding {
        if let place = place(of: key) {
            guard nodes[place].until <= now.nanoseconds else {
                return nodes[place].payload == payload
                    ? .repeated(answers[Int(place)]) : .reused
            }
            remove(place)
        }
        if let flight = flights[key] {
            return flight.payload == payload ? .underWay(flight) : .reused
        }
        let flight = ClaimFlight(payload: payload)
        flights[key] = flight
        return .first(flight)
    }

    /// Ends what was under way for a key.
    mutating func land(_ key: Fingerprint) {
        flights[key] = nil
    }

    /// Remembers a claim, in the place of an older one of its key.
    mutating func keep(_ claim: Claim, until: Instant) {
        if let place = place(of: claim.key) { remove(place) }
        let place = nodes.allocate(ClaimNode(claim, until: until))
        if Int(place) < answers.count {
            answers[Int(place)] = claim.answer
        } else {
            answers.append(claim.answer)
        }
        index.insert(hash: ClaimNode.spot(of: claim.key), value: place)
        link(place)
        bytes += Self.bytesPerClaim + claim.answer.count
        while bytes > bytesMax, oldest != newest {
            forgottenCount += 1
            remove(oldest)
        }
    }

    /// Lets the hand go on by a step.
    mutating func sweep(now: Instant) {
        guard nodes.count > 0 else { return }
        for _ in 0..<min(Self.stepCount, Int(nodes.end)) {
            if hand >= nodes.end { hand = 0 }
            if nodes[hand].isKept, nodes[hand].until <= now.nanoseconds { remove(hand) }
            hand += 1
        }
    }

    private func place(of key: Fingerprint) -> UInt32? {
        index.first(hash: ClaimNode.spot(of: key)) { nodes[$0].key == key }
    }

    private mutating func remove(_ place: UInt32) {
        unlink(place)
        index.remove(hash: ClaimNode.spot(of: nodes[place].key), value: place)
        bytes -= Self.bytesPerClaim + answers[Int(place)].count
        answers[Int(place)] = []
        nodes[place].isKept = false
        nodes.free(place)
    }

    private mutating func link(_ place: UInt32) {
        nodes[place].older = newest
        if newest == ClaimNode.none { oldest = place } else { nodes[newest].newer = place }
        newest = place
    }

    private mutating func unlink(_ place: UInt32) {
        let older = nodes[place].older
        let newer = nodes[place].newer
        if older == ClaimNode.none { oldest = newer } else { nodes[older].newer = newer }
        if newer == ClaimNode.none { newest = older } else { nodes[newer].older = older }
    }
}
