import ArgumentParser
import Foundation
import Kernel
import Metadata
import UseMeter

/// Who reads or writes an org's records at the command line: one of its users, who signs in.
///
/// Whoever operates the deployment has no rights of their own to what is in it.
struct SignInOptions: ParsableArguments {
    static let passwordVariable = "STEWARD_PASSWORD"

    @Option(name: .long, help: "The user who signs in, and with whose rights it is done.")
    var asUser: String?

    @Option(
        name: .long,
        help:
            "A file with the user's password; else STEWARD_PASSWORD in the environment, or a prompt."
    )
    var passwordFile: String?

    /// The user, signed in, and their org.
    ///
    /// - Throws: `ValidationError` where nobody is named, or the password is wrong.
    func signIn(
        _ composition: Composition,
        _ orgOptions: OrgOptions,
        surface: UseSurface = .rest
    ) async throws -> (org: OrgEntry, caller: Caller) {
        guard let asUser else {
            throw ValidationError(
                "say who signs in with --as-user: an org's records are for its users, and the "
                    + "password is asked for, or taken from \(Self.passwordVariable) or --password-file"
            )
        }
        let attempt = LoginAttempt(
            username: asUser,
            password: try password(of: asUser),
            peer: "127.0.0.1",
            isTyped: true
        )
        let user: (org: OrgID, user: RecordID)
        do {
            user = try await composition.identity.check(attempt)
        } catch is IdentityError {
            throw ValidationError("the username or password is wrong, or the user may not sign in")
        }
        let org = try await composition.org(orgOptions.org ?? user.org.description)
        guard org.id == user.org else {
            throw ValidationError("`\(asUser)` is no user of the org \(org.slug)")
        }
        let profile = try await RecordUserFacts(composition.records)
            .profile(of: user.user, in: org.id)
        let caller = Caller(
            org: org.id,
            user: user.user,
            timeZone: profile?.timeZone ?? "UTC",
            locale: profile?.locale ?? "en_US",
            surface: surface
        )
        return (org, caller)
    }

    private func password(of username: String) throws -> String {
        if let passwordFile {
            guard let text = try? String(contentsOfFile: passwordFile, encoding: .utf8) else {
                throw ValidationError("\(passwordFile) cannot be read")
            }
            return text.trimmingCharacters(in: .newlines)
        }
        if let text = ProcessInfo.processInfo.environment[Self.passwordVariable] { return text }
        guard isatty(STDIN_FILENO) == 1, let typed = getpass("Password of \(username): ") else {
            throw ValidationError(
                "no password: set \(Self.passwordVariable), or name a file with --password-file"
            )
        }
        return String(cString: typed)
    }
}
