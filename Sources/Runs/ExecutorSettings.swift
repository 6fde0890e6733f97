package import Documents

/// `executor:`, how runs are carried on.
package struct ExecutorSettings: Sendable {
    /// Worker threads; 0 takes as many as the machine gives processors.
    package var threads = 0
    /// Runs under way at once; beyond it a trigger gets 503.
    package var activeRunsMax = 1_000_000
    /// Ended runs that stay readable; the oldest go first.
    package var endedRunsMax = 100_000
    /// Runs that do something at the same time (`controller.max_concurrent_count`); 0 is unbounded.
    package var concurrentRunsMax = 0
    /// The bytes of values that one run may hold; as much as listeners and answers let in, times ``StateBound/factor``, where
    /// it is not given.
    package var stateBytesMax = 64 << 20
    /// Where that is given; nil where it is not.
    package var statePosition: SourcePosition?
    /// How deep runs may start runs.
    package var workflowDepthMax = 32
    /// The newest entries of a run's history that are kept in memory.
    package var historyMax = 64

    /// The defaults.
    package init() {}

    /// Reads the block of a configuration, and the bound of working runs, which stands in the controller's.
    package static func read(_ reader: inout SettingsReader) -> ExecutorSettings {
        var settings = ExecutorSettings(reader.map("executor"))
        settings.concurrentRunsMax = concurrentRunsMax(&reader)
        return settings
    }

    /// How many runs may do something at the same time; 0 is unbounded.
    private static func concurrentRunsMax(_ root: inout SettingsReader) -> Int {
        // A block that is no map is told where the rest of it is read.
        guard case .map? = root.node("controller")?.content,
            var reader = root.map("controller")
        else { return 0 }
        return reader.integer("max_concurrent_count", in: 0...100_000_000) ?? 0
    }

    /// Reads the block; nil gives the defaults.
    init(_ reader: SettingsReader?) {
        guard var reader else { return }
        threads = reader.integer("threads", in: 0...1024) ?? threads
        activeRunsMax = reader.integer("max_active_runs", in: 1...100_000_000) ?? activeRunsMax
        endedRunsMax = reader.integer("max_ended_runs", in: 0...100_000_000) ?? endedRunsMax
        statePosition = reader.has("max_state_size") ? reader.node("max_state_size")?.position : nil
        stateBytesMax = reader.size("max_state_size", default: stateBytesMax)
        workflowDepthMax = reader.integer("max_workflow_depth", in: 1...1000) ?? workflowDepthMax
        historyMax = reader.integer("history_per_run", in: 0...1000) ?? historyMax
        reader.finish()
    }
}
