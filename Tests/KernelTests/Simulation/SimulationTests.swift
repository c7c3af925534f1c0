import Foundation
import TestSupport
import Testing

/// Random histories leave every invariant true; a failure names its seed.
@Suite struct SimulationTests {
    /// How many seeds; more of them with `SIMULATION_SEEDS`.
    private static let seeds =
        ProcessInfo.processInfo.environment["SIMULATION_SEEDS"].flatMap { UInt64($0) } ?? 2

    @Test("whatever happens, what must hold holds", arguments: StoreKind.allCases)
    func invariants(_ kind: StoreKind) async throws {
        for seed in 1...Self.seeds {
            let world = try await Simulation(on: kind, seed: seed)
            for step in 1...60 {
                try await world.step()
                if step % 12 == 0 { try await world.check() }
                #expect(world.problems.isEmpty, "seed \(seed), step \(step)")
                if !world.problems.isEmpty { return }
            }
        }
    }
}
