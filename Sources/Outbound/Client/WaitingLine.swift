/// The numbers of requests that wait for a place, first come first served.
struct WaitingLine {
    private var numbers: [UInt64] = []
    private var head = 0

    /// Puts a number at the end.
    mutating func append(_ number: UInt64) {
        numbers.append(number)
    }

    /// Takes the oldest number.
    ///
    /// - Complexity: O(1) on average.
    mutating func removeFirst() -> UInt64? {
        guard head < numbers.count else { return nil }
        let number = numbers[head]
        head += 1
        if head == numbers.count || head > 1024 && head * 2 > numbers.count {
            numbers.removeFirst(head)
            head = 0
        }
        return number
    }
}
