/// How a log is kept: sizes, bounds and what an acknowledgement means.
package struct LogSettings: Sendable {
    /// What has happened to a record when it is acknowledged.
    package enum Durability: Sendable {
        /// It is on the medium: one fdatasync, shared by all that arrived meanwhile, came back.
        case commit
        /// It is with the operating system; the medium has it within
        /// ``LogSettings/relaxedSyncDelay``.
        case relaxed
    }

    /// Who gives records their sequence.
    package enum Numbering: Sendable {
        /// The log, in the order batches are handed over.
        case log
        /// The caller; the log writes a record only when all with a lower sequence are there.
        case caller
    }

    /// The length of a segment file; a multiple of 4 KiB, at least 16 KiB.
    package var segmentBytes = 64 << 20
    /// The length of all segment files together; at least three segments are allowed.
    package var sizeBytesMax: UInt64 = 50 << 30
    /// How many bytes of records may wait for the writer.
    package var pendingBytesMax = 64 << 20
    /// How many records may wait for one with a lower sequence.
    package var sequencesAheadMax = 1 << 22
    /// How many bytes go into one write, unless one record alone is larger.
    package var batchBytesMax = 4 << 20
    /// How many unused segment files are kept for reuse beside the one that is ready.
    package var sparesMax = 4
    /// What an acknowledgement means.
    package var durability = Durability.commit
    /// How long a relaxed record may be unsynced, in nanoseconds.
    package var relaxedSyncDelay: Int64 = 100_000_000
    /// How long a record that nobody waits for may wait for others, in nanoseconds.
    package var lazyDelay: Int64 = 10_000_000
    /// Who gives records their sequence.
    package var numbering = Numbering.log
    /// The least sequence the next record gets: 1, or one more than what the caller has stored
    /// elsewhere.
    package var sequenceMin: UInt64 = 1
    /// Draws the number that ties frames to one use of a segment file.
    package var salt: @Sendable () -> UInt32 = { UInt32.random(in: 1 ... .max) }

    /// The settings of a log with all defaults: 64 MiB segments, 50 GiB, `commit`.
    package init() {}

    /// How many segment files there may be.
    var segmentsMax: Int {
        max(3, Int(clamping: sizeBytesMax / UInt64(max(segmentBytes, 1))))
    }

    /// These settings with sizes made whole blocks, and none so small that nothing would fit.
    var checked: LogSettings {
        var settings = self
        let block = Frame.blockBytes
        settings.segmentBytes = min(max(segmentBytes, 4 * block), 1 << 30) & ~(block - 1)
        settings.batchBytesMax =
            min(max(batchBytesMax, block), settings.segmentBytes) & ~(block - 1)
        settings.sparesMax = max(sparesMax, 0)
        settings.sequenceMin = max(sequenceMin, 1)
        return settings
    }

    /// The longest record: what a segment holds beside its header and the frame that begins it.
    package var recordBytesMax: Int {
        max(0, min(segmentBytes - Frame.blockBytes - 2 * Frame.headerBytes, Frame.lengthMax))
    }
}
