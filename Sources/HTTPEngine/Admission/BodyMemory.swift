internal import Primitives

/// The memory that bodies coming in may take, over all connections (contract 6).
///
/// Bodies get it in the order in which they came. One whose length was announced gets it whole, so that it can be taken to its
/// end; one in chunks gets it in steps. Who finds none waits; the memory is then given to it, through its door, when it is free.
/// An eighth is for bodies of at most 256 KiB, so that large ones never hold up all others.
///
/// On any thread; decides under its lock, acts after it.
final class BodyMemory: Sendable {
    /// One body: its number, in the order in which they first asked.
    typealias ID = UInt64

    /// What became of a body that asked for memory.
    enum Outcome: Sendable, Equatable {
        case granted
        /// It waits; it will be told through its door.
        case waiting
        /// As many wait as may.
        case full
        /// It is larger than all memory that there is.
        case tooLarge
    }

    /// What a body has, and what it wants.
    fileprivate struct Claim: Sendable {
        let door: ConnectionHandle
        var held = 0
        /// What it wants to have in all.
        var wanted = 0
        var isWaiting = false

        /// Whether it may use what is kept for small bodies.
        func isSmall(_ bytes: Int) -> Bool { bytes <= BodyMemory.smallBytesMax }
    }

    /// What a waiting body is told.
    private struct News: Sendable {
        let door: ConnectionHandle
        let id: ID
        let isGranted: Bool
    }

    /// Who has how much, and who waits.
    fileprivate struct State: Sendable {
        var claims: [ID: Claim] = [:]
        /// Those that wait, the one that came first at the front.
        var waiting: [ID] = []
        var nextID: ID = 0
        var smallTaken = 0
        var largeTaken = 0

        var taken: Int { smallTaken + largeTaken }
    }

    /// What a body without a length asks for at once, at least.
    static let blockBytes = 64 << 10
    /// Bodies up to this have a part of the memory for themselves.
    static let smallBytesMax = 256 << 10
    /// How many bodies may wait; each has up to one read of its bytes in memory already.
    static let waitingMax = 1024

    /// How much there is.
    let bytesMax: Int
    private let state = Lock(State())

    /// Bounds the memory.
    init(bytesMax: Int) {
        self.bytesMax = max(0, bytesMax)
    }

    /// Bytes that are taken.
    var takenBytes: Int { state.withLock { $0.taken } }
    /// Bodies that wait.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// What is kept for small bodies.
    private var smallBytes: Int { bytesMax / 8 }

    /// Asks for memory.
    ///
    /// - Parameters:
    ///   - bytes: What the body is to have in all.
    ///   - id: Its number, where it has asked before; set to a new one where not. nil again where it has none afterwards.
    ///   - door: Where it is told what became of it when it waits.
    /// - Returns: What became of it.
    func take(_ bytes: Int, for id: inout ID?, door: @autoclosure () -> ConnectionHandle) -> Outcome
    {
        guard bytes <= bytesMax else { return .tooLarge }
        let door = id == nil ? door() : nil
        let (outcome, known, news) = state.withLock { state -> (Outcome, ID?, [News]) in
            let number: ID
            if let id {
                number = id
            } else if let door {
                number = state.nextID
                state.nextID += 1
                state.claims[number] = Claim(door: door)
            } else {
                return (.full, nil, [])
            }
            state.claims[number]?.wanted = bytes
            state.enqueue(number)
            let news = grant(&state)
            if let claim = state.claims[number], claim.held == bytes, !claim.isWaiting {
                return (.granted, number, news.filter { $0.id != number })
            }
            // One that is told to give up may be this one: it hears it through its door.
            guard state.waiting.count <= Self.waitingMax else {
                state.dequeue(number)
                if state.claims[number]?.held == 0 { state.claims[number] = nil }
                return (.full, state.claims[number] == nil ? nil : number, news)
            }
            return (.waiting, number, news)
        }
        id = known
        tell(news)
        return outcome
    }

    /// Gives back all that a body has, and leaves the line: those that wait get it.
    func leave(_ id: ID) {
        let news = state.withLock { state -> [News] in
            state.dequeue(id)
            guard let claim = state.claims.removeValue(forKey: id) else { return [] }
            state.count(-claim.held, small: claim.isSmall(claim.held))
            return grant(&state)
        }
        tell(news)
    }

    private func tell(_ news: [News]) {
        for one in news { one.door.bodyMemory(one.id, isGranted: one.isGranted) }
    }

    /// Gives memory to those that wait, in their order, as far as it goes; where nobody can go on, the youngest that has some is
    /// told to give it up.
    private func grant(_ state: inout State) -> [News] {
        var news: [News] = []
        /// What small bodies may have in all while a large one waits for its turn.
        var smallMax = bytesMax
        var isSmallStopped = false
        var isLargeStopped = false
        for id in state.waiting {
            guard !(isSmallStopped && isLargeStopped), let claim = state.claims[id] else { break }
            let isSmall = claim.isSmall(claim.wanted)
            guard !(isSmall ? isSmallStopped : isLargeStopped) else { continue }
            if isSmall ? fitsSmall(claim, state, smallMax) : fitsLarge(claim, state) {
                state.give(id)
                news.append(News(door: claim.door, id: id, isGranted: true))
            } else if isSmall {
                isSmallStopped = true
            } else {
                isLargeStopped = true
                let isHuge = claim.wanted > bytesMax - smallBytes
                smallMax = isHuge ? bytesMax - claim.wanted : smallBytes
            }
        }
        state.waiting.removeAll { state.claims[$0]?.isWaiting != true }
        if let stuck = youngestOfStuck(state), let claim = state.claims[stuck] {
            // It counts as one that goes on, until it has left: nobody else is told meanwhile.
            state.dequeue(stuck)
            news.append(News(door: claim.door, id: stuck, isGranted: false))
        }
        return news
    }

    private func fitsSmall(_ claim: Claim, _ state: State, _ smallMax: Int) -> Bool {
        let more = claim.wanted - claim.held
        return state.smallTaken + more <= smallMax && state.taken + more <= bytesMax
    }

    private func fitsLarge(_ claim: Claim, _ state: State) -> Bool {
        guard state.taken - claim.held + claim.wanted <= bytesMax else { return false }
        let others = state.largeTaken - (claim.isSmall(claim.held) ? 0 : claim.held)
        return others == 0 || others + claim.wanted <= bytesMax - smallBytes
    }

    /// Where all that have memory wait for more: the one that came last.
    private func youngestOfStuck(_ state: State) -> ID? {
        guard !state.waiting.isEmpty else { return nil }
        for claim in state.claims.values where claim.held > 0 && !claim.isWaiting { return nil }
        return state.waiting.last { (state.claims[$0]?.held ?? 0) > 0 }
    }
}

extension BodyMemory.State {
    /// Puts a body into the line, at its place.
    fileprivate mutating func enqueue(_ id: BodyMemory.ID) {
        guard claims[id]?.isWaiting == false else { return }
        claims[id]?.isWaiting = true
        let place = waiting.lastIndex { $0 < id }.map { $0 + 1 } ?? 0
        waiting.insert(id, at: place)
    }

    /// Takes a body out of the line.
    fileprivate mutating func dequeue(_ id: BodyMemory.ID) {
        guard claims[id]?.isWaiting == true else { return }
        claims[id]?.isWaiting = false
        waiting.removeAll { $0 == id }
    }

    /// Gives a body what it wants.
    fileprivate mutating func give(_ id: BodyMemory.ID) {
        guard var claim = claims[id] else { return }
        count(-claim.held, small: claim.isSmall(claim.held))
        claim.held = claim.wanted
        claim.isWaiting = false
        count(claim.held, small: claim.isSmall(claim.held))
        claims[id] = claim
    }

    fileprivate mutating func count(_ bytes: Int, small: Bool) {
        if small { smallTaken += bytes } else { largeTaken += bytes }
    }
}
