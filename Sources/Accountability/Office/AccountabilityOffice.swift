package import Kernel
package import Metadata

/// What the parts of accountability share in one deployment: the org in which its operator does the
/// casework, and its log.
package struct AccountabilityOffice: Sendable {
    package let records: Records
    package let log: any LogWriting
    /// The folder of the log's public files.
    package let logFolder: String
    /// The key by which everybody checks the log; `nil` where there is no log yet.
    package let logKey: @Sendable () throws -> VerifierKey?
    /// Whose signatures decide.
    package let authority: @Sendable () throws -> RestrictionAuthority
    /// The operator's own org, in which `apps/accountability` is installed; `nil` before there is one.
    package let org: @Sendable () async throws -> OrgID?
    let readings = PublicReadings()
    /// How far witnesses have vouched for the log; `nil` where none are asked.
    package var witnessing: @Sendable () async throws -> Witnessing? = { nil }
    /// To whom what people send in is sealed; `nil` where nobody takes it.
    package var voice: @Sendable () throws -> VoiceReaders? = { nil }
    /// The key that signs statements of what is known; `nil` where the deployment has no log.
    package var statementKey: @Sendable () throws -> SigningKey? = { nil }
    /// The key of a letter's tokens, by the letter's number.
    ///
    /// A new one is made where it is asked for and there is none; `nil` where there is none.
    package var letterKey: @Sendable (_ letter: String, _ isNew: Bool) throws -> LetterKey? = {
        _,
        _ in nil
    }
    /// The policies of the deployment, as their files have them; `nil` where it has none.
    package var policies: @Sendable () throws -> PolicyLibrary? = { nil }

    package init(
        records: Records,
        log: any LogWriting,
        logFolder: String,
        logKey: @escaping @Sendable () throws -> VerifierKey?,
        authority: @escaping @Sendable () throws -> RestrictionAuthority,
        org: @escaping @Sendable () async throws -> OrgID?
    ) {
        self.records = records
        self.log = log
        self.logFolder = logFolder
        self.logKey = logKey
        self.authority = authority
        self.org = org
    }

    /// Adds what the apps' flows call; done once, before any org is opened.
    package static func addActions() {
        InvocableActions.add([PublishLogEntry()])
    }

    /// What the log says of restrictions, verified whole.
    ///
    /// - Throws: `LogFault` where the log is not sound.
    package func audit() async throws -> RestrictionAudit {
        guard let key = try logKey() else { return RestrictionAudit() }
        return try await RestrictionAudit(folder: logFolder, key: key)
    }

    /// The operator's own org.
    ///
    /// - Throws: `RecordError` `NOT_FOUND` where the deployment has none.
    package func requireOrg() async throws -> OrgID {
        guard let org = try await org() else {
            throw RecordError(.notFound, "this deployment has no accountability office yet")
        }
        return org
    }

    /// Whether the casework is done in an org: the app is installed there with the org itself.
    func hasCasework(_ org: OrgID) async throws -> Bool {
        let asking = Caller.system(org, as: org.record, because: "whether it is the office")
        return try await records.read(as: asking, isBrief: true) { reader in
            reader.snapshot.schema.object("OpenLetter") != nil
        }
    }

    /// Whether a caller is one of the office's people and has a permission set there.
    package func has(_ permissionSet: String, _ caller: Caller) async throws -> Bool {
        guard try await org() == caller.org, !caller.isSystem else { return false }
        let user = caller.user
        let asking = Caller.system(caller.org, as: user, because: "who may do what in the office")
        return try await records.read(as: asking) { reader in
            try !reader.rows(
                "SELECT Id FROM PermissionSetAssignment WHERE AssigneeId = '\(user)' "
                    + "AND PermissionSet.Name = '\(permissionSet)'"
            ).isEmpty
        }
    }

    /// The platform, acting in the office for somebody who has no login there.
    package func caller(because reason: String) async throws -> Caller {
        let org = try await requireOrg()
        let asking = Caller.system(org, as: org.record, because: "in whose name the office writes")
        let found = try await records.read(as: asking) { reader in
            try reader.rows(
                "SELECT Id FROM User WHERE Profile.Name = 'System Administrator' "
                    + "AND IsActive = true ORDER BY Id LIMIT 1"
            ).first?.first?.id
        }
        guard let found else {
            throw RecordError(.notFound, "the accountability office has no active administrator")
        }
        return .system(org, as: found, because: reason)
    }
}
