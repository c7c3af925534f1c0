import Accountability
import ArgumentParser
import Foundation
import Gateway
import Kernel
import Logging
import Metadata
import NIOCore
import RESTAPI
import ServiceLifecycle
import StoreSQLite

/// `steward serve`: answers requests until it is told to end.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serves a deployment over HTTPS, and over plain HTTP on this machine only."
    )

    @OptionGroup var dataOptions: DataOptions
    @OptionGroup var serverOptions: ServerOptions

    func run() async throws {
        let reader = try await dataOptions.reader()
        let settings = try serverOptions.settings(reader)
        let composition = try await Composition(
            DataFolder(url: dataOptions.folder(reader)),
            isBehindProxy: settings.origin != nil,
            hostNames: settings.ownNames
        )
        try composition.folder.lockForServing()
        try await Server(composition, settings).run { url in
            Output.line("Steward is serving at \(url)")
        }
    }
}

/// A deployment being served.
struct Server {
    let composition: Composition
    let settings: ServerSettings

    init(_ composition: Composition, _ settings: ServerSettings) {
        self.composition = composition
        self.settings = settings
    }

    /// The addresses clients use, the first of which is HTTPS where there is one.
    var urls: [String] {
        let secure = settings.securePort.map { "https://localhost:\($0)" }
        let plain = settings.plainPort.map { "http://localhost:\($0)" }
        return [secure, plain].compactMap { $0 }
    }

    /// - Parameter ready: called with each address once it takes connections.
    func run(ready: @escaping @Sendable (String) async -> Void) async throws {
        var rates = RateLimitSettings()
        rates.requestsPerDay = settings.requestsPerDay
        let limits = RateLimits(
            directory: composition.platform,
            clock: composition.records.clock,
            settings: rates
        )
        let bulk = BulkJobs(
            records: composition.records,
            store: FileBulkJobStore(folder: composition.folder.jobs.path)
        )
        let parts = APIParts(
            records: composition.records,
            usage: limits,
            passwords: IdentityPasswordDesk(composition.identity, composition.records),
            bulk: bulk,
            office: composition.office
        )
        let front = APIFront(
            authentication: Authentication(composition.identity),
            oauth: OAuthRoutes(identity: composition.identity, limits: limits),
            soap: SOAPRoutes(identity: composition.identity, limits: limits),
            router: APIRouter(parts),
            limits: limits,
            log: LogFiles(log: DeploymentLog(data: composition.folder))
        )
        let server = HTTPServer(
            listeners: try listeners(),
            pipeline: Pipeline(handler: front, publicOrigin: settings.origin),
            onListening: { listener, port in
                let scheme = listener.certificate == nil ? "http" : "https"
                await ready("\(scheme)://localhost:\(port)")
            }
        )
        await compareRestrictions()
        try await composition.beginCountingUses()
        let watcher = ChangeWatcher(composition: composition)
        do {
            try await server.runUntilTerminated(with: [
                watcher, BulkService(bulk: bulk), Upkeep(composition: composition, limits: limits),
                JobService(runner: try composition.jobRunner(settings.jobs)),
                WitnessService(rounds: WitnessRounds(composition.folder)),
            ])
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            let ports = [settings.securePort, settings.plainPort].compactMap { $0 }
            throw ValidationError(
                "a port is taken by another program: \(ports.map(String.init).joined(separator: " or "));"
                    + " choose others with --port and --tls-port"
            )
        }
        try await limits.flush()
        await composition.close()
        try UseMark(composition.folder).remove()
    }

    /// Says where the restrictions of the orgs differ from what the log tells of; they count all the
    /// same, and no others are taken until they agree.
    private func compareRestrictions() async {
        do {
            let audit = try await composition.office.audit()
            for org in try await composition.platform.orgs() {
                for problem in try await audit.problems(in: org.id, composition.records) {
                    Output.note("steward: WARNING: org \(org.slug): \(problem)")
                }
            }
        } catch {
            Output.note("steward: WARNING: the transparency log cannot be relied on: \(error)")
        }
    }

    private func listeners() throws -> [HTTPListener] {
        var listeners: [HTTPListener] = []
        if let port = settings.securePort {
            listeners.append(
                .secure(host: settings.host, port: port, certificate: try certificate())
            )
        }
        if let port = settings.plainPort {
            listeners.append(try .plain(host: "127.0.0.1", port: port))
        }
        return listeners
    }

    private func certificate() throws -> HTTPListener.Certificate {
        if let chain = settings.certificate, let key = settings.key {
            return HTTPListener.Certificate(chainPath: chain, keyPath: key)
        }
        let files = try LocalAuthority(
            data: composition.folder.url,
            hostNames: settings.hostNames
        ).prepare(at: Date())
        return HTTPListener.Certificate(
            chainPath: files.certificate.path,
            keyPath: files.key.path
        )
    }
}

/// Works on bulk jobs for as long as the server runs.
struct BulkService: Service {
    let bulk: BulkJobs

    func run() async throws {
        await cancelWhenGracefulShutdown { await bulk.run() }
    }
}

/// What is done every few seconds: usage is written down, and what has expired goes.
struct Upkeep: Service {
    let composition: Composition
    let limits: RateLimits

    func run() async throws {
        try await cancelWhenGracefulShutdown { try await beat() }
    }

    private func beat() async throws {
        var rounds = 0
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: .seconds(5))
            } catch {
                return
            }
            try await limits.flush()
            if rounds % (UseMark.keepSeconds / 5) == 0 || composition.records.isUseCrowded {
                await composition.keepUses()
                try UseMark(composition.folder).put(at: composition.records.clock.now())
            }
            if rounds % 720 == 0 {
                try await composition.platform.purge(before: composition.records.clock.now())
            }
            rounds += 1
        }
    }
}

/// Notices when a command beside the server has changed metadata, users or rights.
struct ChangeWatcher: Service {
    let composition: Composition

    func run() async throws {
        try await cancelWhenGracefulShutdown { try await watch() }
    }

    private func watch() async throws {
        var last = composition.folder.lastChange()
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: .milliseconds(500))
            } catch {
                return
            }
            let change = composition.folder.lastChange()
            guard change != last else { continue }
            last = change
            composition.platform.forgetCached()
            for org in try await composition.platform.orgs() {
                composition.snapshots.invalidate(org.id, schemaToo: true)
            }
            composition.identity.orgChanged()
            composition.records.wakeUp.wakeAll()
        }
    }
}
