import Accountability
import Foundation
import Kernel
import Metadata
import ServiceLifecycle
import StoreSQLite

/// Runs the jobs of all orgs for as long as the server runs.
struct JobService: Service {
    let runner: JobRunner

    func run() async throws {
        await cancelWhenGracefulShutdown { await runner.run() }
    }
}

extension Composition {
    /// The runner, with everybody who does work for it.
    func jobRunner(_ settings: JobSettings) throws -> JobRunner {
        var handlers = JobHandlers()
        UpkeepJobs.join(&handlers)
        let findings = FindingDesk(office)
        RegisterDesk.join(&handlers) { snapshot, org in
            _ = try await findings.ask(org, about: snapshot)
        }
        RuleTimers.join(&handlers)
        ShareRecalculation.join(&handlers)
        MergeJobs.add(to: &handlers)
        FlowJobs.add(to: &handlers)
        WebhookDelivery(
            transport: try InternetTransport(),
            policy: OutboundPolicy(allowedHosts: settings.allowedHosts)
        ).join(&handlers)
        MailDelivery(
            FileMailer(
                folder: folder.url.appending(path: "mail", directoryHint: .isDirectory),
                sender: settings.mailSender,
                clock: records.clock
            )
        ).join(&handlers)
        let office = office
        let allOrgs = platform
        RegisterRootDesk.join(&handlers, office: office) { try await allOrgs.orgs().map(\.id) }
        LetterBatches.join(&handlers, office: office)
        LogAppending(office.log, office: office.org).join(&handlers)
        var running = JobRunner.Settings()
        running.seed = UInt64.random(in: .min ... .max)
        let platform = platform
        return JobRunner(
            records: records,
            handlers: handlers,
            settings: running,
            orgs: { try await platform.orgs().map(\.id) },
            report: { org, error in
                Output.note("steward: jobs\(org.map { " of \($0)" } ?? ""): \(error)")
            }
        )
    }
}

/// How the deployment reaches others of its own accord.
struct JobSettings: Sendable {
    /// Hosts within the operator's networks to which webhooks may go.
    var allowedHosts: Set<String> = []
    /// The address from which mails come that name none.
    var mailSender = "steward@localhost"
}
