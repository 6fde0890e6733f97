internal import TestKit

/// Kills a real server again and again under load, cuts the power of its disk and uses up its room, and says what became of
/// everything it had acknowledged and refused.
///
/// - Parameter arguments: `--kills N`, `--cuts N`, `--faults N`, `--sluice PATH`.
/// - Returns: Whether nothing was lost, doubled or brought back.
func runCrash(_ arguments: some Sequence<String>) -> Bool {
    var (kills, cuts, faults) = (200, 0, 0)
    var path: String?
    var rest = Array(arguments)[...]
    while let name = rest.popFirst() {
        switch (name, rest.popFirst()) {
        case ("--kills", let value?): kills = Int(value) ?? kills
        case ("--cuts", let value?): cuts = Int(value) ?? cuts
        case ("--faults", let value?): faults = Int(value) ?? faults
        case ("--sluice", let value?): path = value
        default:
            print("usage: sluice-crash [--kills N] [--cuts N] [--faults N] [--sluice PATH]")
            return false
        }
    }
    do {
        let program = try path ?? SluiceProgram.path()
        var isClean = true
        if kills > 0 {
            let trial = try CrashTrial(program: program, hasVolume: false)
            isClean = try trial.run(Blow.all(kills: kills, cuts: 0, faults: 0), called: "kills")
        }
        if cuts + faults > 0 {
            isClean = try runOnVolume(program, cuts: cuts, faults: faults) && isClean
        }
        return isClean
    } catch {
        print("the trial could not be carried through: \(error)")
        return false
    }
}

/// The part that needs a file system of its own.
private func runOnVolume(_ program: String, cuts: Int, faults: Int) throws(KitError) -> Bool {
    let trial: CrashTrial
    do throws(KitError) {
        trial = try CrashTrial(program: program, hasVolume: true)
    } catch {
        print(
            "\(cuts) power cuts and \(faults) faults skipped, a volume cannot be mounted: \(error)"
        )
        return true
    }
    let blows = Blow.all(kills: 0, cuts: cuts, faults: faults)
    return try trial.run(blows, called: "power cuts and faults")
}
