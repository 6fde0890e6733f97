internal import CPrimitives

/// The manners of a thread that works behind others: it gives its processor away between small pieces of its work.
///
/// The system lets a thread run for milliseconds before another of the same rank has its turn. Who says ``take()`` often
/// lets those who answer somebody go first; where nobody waits for the processor it costs next to nothing.
package enum BackgroundYield {
    /// From now on the calling thread gives its processor away this often at most; zero for never, which is how threads begin.
    package static func take(every pause: Nanoseconds) {
        sluice_breathe_every(UInt64(clamping: pause.count))
    }

    /// pwrite(2) for a C library.
    ///
    /// On a thread that breathes it lets others have the processor first, and has what was written go to the disk soon, so
    /// that a later sync finds little to do.
    package static var write: @convention(c) (Int32, UnsafeRawPointer?, Int, Int) -> Int {
        unsafe sluice_breathing_pwrite
    }

    /// Lets other threads have the processor first, where the calling one has worked for so long.
    package static func take() {
        sluice_breathe()
    }
}
