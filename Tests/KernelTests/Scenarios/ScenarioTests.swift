import Metadata
import TestSupport
import Testing

/// What the apps promise, as they say it themselves.
@Suite struct ScenarioTests {
    /// One scenario of an app, for one store.
    struct Play: CustomTestStringConvertible, Sendable {
        let app: String
        let scenario: Scenario
        let store: StoreKind

        var testDescription: String { "\(app), \(store): \(scenario.title)" }
    }

    /// All scenarios of all apps; each runs on every store.
    static var plays: [Play] {
        get throws {
            try ShippedApps.names.flatMap { app in
                try PackageReader.read(ShippedApps.files(of: app)).scenarios.flatMap { scenario in
                    StoreKind.allCases.map { Play(app: app, scenario: scenario, store: $0) }
                }
            }
        }
    }

    @Test("what an app promises holds", arguments: try Self.plays)
    func holds(_ play: Play) async throws {
        try await ScenarioRunner.run(play.scenario, of: play.app, on: play.store)
    }
}
