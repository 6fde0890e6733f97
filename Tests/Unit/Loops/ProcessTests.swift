import Glibc
import Testing

@testable import Loops

@Suite struct ProcessTests {
    @Test(
        arguments: [
            ("max 100000\n", nil), ("100000 100000\n", 1), ("150000 100000\n", 2),
            ("50000 100000", 1),
            ("-1 100000", nil), ("100000 0", nil), ("", nil), ("a b", nil),
            ("200000 100000 x", nil),
        ] as [(String, Int?)]
    )
    func `a quota gives whole processors, rounded up`(_ text: String, _ expected: Int?) {
        #expect(ProcessorCount.processors(text) == expected)
    }

    @Test func `a group stands under all the groups above it`() {
        #expect(
            ProcessorCount.groupPaths("1:name=systemd:/x\n0::/system.slice/sluice.service\n")
                == [
                    "/sys/fs/cgroup/system.slice/sluice.service", "/sys/fs/cgroup/system.slice",
                    "/sys/fs/cgroup",
                ]
        )
        #expect(ProcessorCount.groupPaths("0::/\n") == ["/sys/fs/cgroup"])
        #expect(ProcessorCount.groupPaths("4:cpu:/x\n") == [])
    }

    @Test func `there is at least one processor, and no more than are online`() {
        let count = ProcessorCount.available()
        #expect(count >= 1 && count <= sysconf(Int32(_SC_NPROCESSORS_CONF)))
    }

    @Test func `the limit of open files goes up to the hard one`() throws {
        let limit = try ProcessLimits.raiseOpenFiles()
        var now = rlimit()
        try #require(unsafe getrlimit(__rlimit_resource_t(7), &now) == 0)
        #expect(now.rlim_cur == now.rlim_max)
        #expect(limit == Int(clamping: min(now.rlim_max, 0x7fff_ffff)))
        try ProcessLimits.ignoreBrokenPipes()
    }
}
