package import Metadata

/// Restrictions that an org tries out on a sandbox of its own: without signatures and without the log,
/// since they take nothing from anybody.
extension Records {
    private static let hoursMax = 24

    /// Withholds a use from a sandbox for some hours.
    ///
    /// - Parameter json: `{"id":"T-1","kind":…,"target":…,"hours":1}`, kind and target as in an order.
    /// - Returns: the restriction that is in force now.
    /// - Throws: `RecordError` where the org is none, or the caller may not customize it.
    package func tryOut(_ json: JSONObject, as caller: Caller) async throws -> UseRestriction {
        let reader = RestrictionReader(json)
        let now = clock.now()
        let hours = try reader.number("hours", in: 1...Self.hoursMax)
        let trial = try UseRestriction(
            id: try reader.text("id"),
            decision: "none",
            rule: "none",
            measure: UseRestriction.Measure(json),
            startsAt: now,
            endsAt: now.adding(seconds: Int64(hours) * 3_600)
        )
        try await keepTrial(trial.id, trial.json.storedText, as: caller)
        return trial
    }

    /// Gives back at once what a trial withholds.
    package func endTrial(_ id: String, as caller: Caller) async throws {
        try await keepTrial(id, nil, as: caller)
    }

    private func keepTrial(_ id: String, _ text: String?, as caller: Caller) async throws {
        let org = caller.org
        let snapshots = snapshots
        // Not through a writer: what is withheld may be all that writers do.
        try await read(as: caller) { reader in
            guard reader.snapshot.organization.isSandbox else {
                throw RecordError(
                    .invalidOperation,
                    "restrictions are tried out in sandboxes, and this org is none"
                )
            }
            guard reader.access.isSystem || reader.access.has(.customizeApplication) else {
                throw RecordError(
                    .insufficientAccess,
                    "trying a restriction out needs CustomizeApplication"
                )
            }
        }
        try await store.write(org) { tx in
            try tx.putDocument(kind: RestrictionsInForce.trialKind, key: id, text: text)
            tx.afterCommit { snapshots.invalidate(org, schemaToo: false) }
        }
    }
}

extension RestrictionsInForce {
    static let trialKind = "use-restriction-trial"

    /// What a sandbox tries out.
    static func trials(_ tx: any ReadTransaction) throws -> [UseRestriction] {
        try tx.documents(kind: trialKind).map { document in
            try UseRestriction(JSONParser.parse(document.text).object ?? JSONObject())
        }
    }
}
