internal import TestKit

/// Kills a real server again and again under load, and says what became of everything it had acknowledged.
///
/// - Parameter arguments: `--kills N`, `--sluice PATH`.
/// - Returns: Whether nothing was lost or doubled.
func runCrash(_ arguments: some Sequence<String>) -> Bool {
    var kills = 200
    var path: String?
    var rest = Array(arguments)[...]
    while let name = rest.popFirst() {
        switch (name, rest.popFirst()) {
        case ("--kills", let value?): kills = Int(value) ?? kills
        case ("--sluice", let value?): path = value
        default:
            print("usage: sluice-crash [--kills N] [--sluice PATH]")
            return false
        }
    }
    do {
        let trial = try CrashTrial(program: path ?? SluiceProgram.path())
        return try trial.run(kills: kills)
    } catch {
        print("the trial could not be carried through: \(error)")
        return false
    }
}
