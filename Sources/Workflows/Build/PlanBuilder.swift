package import Documents

/// Compiles the `workflow`, `workflows`, `component` and `components` of a configuration.
package enum PlanBuilder {
    /// Compiles all workflows and components of one merged document.
    ///
    /// All findings are reported, not the first; where one of them is an error the set is not to be run.
    ///
    /// - Parameters:
    ///   - document: The root map; keys of other rooms are passed over.
    ///   - settings: The environment, our endpoints and gateways, and how strict to be.
    ///   - diagnostics: Takes the findings.
    /// - Returns: What could be compiled.
    package static func build(
        document: Node,
        settings: PlanSettings,
        diagnostics: Diagnostics
    ) -> PlanSet {
        let building = PlanBuilding(settings: settings, diagnostics: diagnostics)
        return building.build(document)
    }
}
