import Metadata

// What each kind of entry does to the record. One function for each, so that the log's vocabulary
// can be read from top to bottom.
extension PublicRecord {
    mutating func fold(_ entry: LogEntry) throws(LogFormatError) {
        switch entry.kind {
        case "policy-published": try foldPolicy(entry)
        case "policy-accepted": acceptances.append(try facts(entry))
        case "use-declared", "use-withdrawn": try foldUse(entry)
        case "concern-opened", "concern-acknowledged", "concern-triaged", "concern-closed":
            try foldConcern(entry)
        case "letter-frozen", "letter-published", "letter-answered": try foldLetter(entry)
        case "letter-key": try foldLetterKey(entry)
        case "letter-batch": try foldLetterBatch(entry)
        case "review-opened", "review-delayed", "review-closed": try foldReview(entry)
        case "meeting-held": try foldMeeting(entry)
        case "decision": try foldDecision(entry)
        case "restriction-applied": try foldRestriction(entry)
        case "restriction-lifted": try foldLift(entry)
        case "notice":
            let facts = try facts(entry)
            notices[facts.id] = facts
        case "appeal-filed", "appeal-decided": try foldAppeal(entry)
        case "commitment-made", "commitment-done", "commitment-moved": try foldCommitment(entry)
        case "break-glass-opened": try foldBreakGlass(entry)
        case "break-glass-closed": try foldBreakGlassEnd(entry)
        case "redaction": try foldRedaction(entry)
        case "snapshot-root":
            try foldNotable(entry)
            if let published = PublishedRegister(entry.content) { register = published }
        case "demand-band", "misuse-finding", "report", "concern-batch",
            "key-rotated", "witness-set", "kernel-build":
            try foldNotable(entry)
        default:
            unread.append(Unread(index: size, kind: entry.kind, problem: "a kind not known here"))
        }
    }

    private mutating func facts(_ entry: LogEntry) throws(LogFormatError) -> PublicFacts {
        let facts = try PublicFacts(entry, index: size)
        note(facts.at)
        return facts
    }

    /// - Throws: `LogFormatError` naming what was never told of.
    private func require<Value>(
        _ value: Value?,
        _ id: String
    ) throws(LogFormatError) -> Value {
        guard let value else {
            throw LogFormatError("log entry", "id", "`\(id)` was not told of before")
        }
        return value
    }

    private mutating func foldPolicy(_ entry: LogEntry) throws(LogFormatError) {
        let version = try PublicPolicy(entry, index: size)
        note(version.publishedAt)
        policies[version.document, default: []].append(version)
    }

    private mutating func foldUse(_ entry: LogEntry) throws(LogFormatError) {
        let facts = try facts(entry)
        guard let org = facts.org else {
            throw LogFormatError("log entry", "org", "is missing")
        }
        let key = Key(org: org, id: facts.id)
        if entry.kind == "use-withdrawn" {
            var declaration = try require(declarations[key], facts.id)
            declaration.withdraw(facts)
            declarations[key] = declaration
        } else if declarations[key] == nil {
            declarations[key] = PublicDeclaration(org: org, facts)
        } else {
            declarations[key]?.declare(facts)
        }
    }

    private mutating func foldConcern(_ entry: LogEntry) throws(LogFormatError) {
        let content = ContentReader(entry.content)
        let fields = ContentReader(fieldMembers(entry))
        func text(_ name: String) -> String? {
            fields.optionalText(name) ?? content.optionalText(name)
        }
        let id = try content.text("id")
        // A day and no moment: at which hour is nobody's business.
        guard
            let day = (text("Day") ?? text("day") ?? text("at"))
                .flatMap({ LogCalendar.moment($0) }).map({ LogCalendar.day(of: $0) })
        else { throw LogFormatError("log entry", "day", "is no day") }
        note(LogCalendar.start(of: day))
        var concern = concerns[id] ?? PublicConcern(id: id, openedOn: day)
        switch entry.kind {
        case "concern-opened":
            guard !concern.isOpeningTold else {
                return contradict(.toldTwice, id, "the concern was opened before")
            }
            concern.openedOn = day
            concern.isOpeningTold = true
        case "concern-acknowledged": concern.acknowledgedOn = concern.acknowledgedOn ?? day
        case "concern-triaged": concern.triagedOn = concern.triagedOn ?? day
        default: concern.closedOn = concern.closedOn ?? day
        }
        concern.channel = concern.channel ?? text("Channel")
        concern.reporterKind = concern.reporterKind ?? text("ReporterKind")
        concern.product = concern.product ?? text("Product")
        concern.outcome = text("Outcome") ?? text("outcome") ?? concern.outcome
        concerns[id] = concern
    }

    private func fieldMembers(_ entry: LogEntry) -> [String: CanonicalJSON] {
        guard case .object(let members) = entry.content["fields"] else { return [:] }
        return members
    }

    private mutating func foldReview(_ entry: LogEntry) throws(LogFormatError) {
        let facts = try facts(entry)
        if entry.kind != "review-opened" {
            var review = try require(reviews[facts.id], facts.id)
            if entry.kind == "review-delayed" {
                review.delays.append(facts)
            } else {
                review.closed = review.closed ?? facts
            }
            reviews[facts.id] = review
        } else if reviews[facts.id] == nil {
            reviews[facts.id] = PublicReview(opened: facts)
        } else {
            contradict(.toldTwice, facts.id, "the review was opened before")
        }
    }

    private mutating func foldMeeting(_ entry: LogEntry) throws(LogFormatError) {
        let facts = try facts(entry)
        meetings[facts.id, default: PublicMeeting(id: facts.id, versions: [])]
            .versions.append(facts)
    }

    private mutating func foldDecision(_ entry: LogEntry) throws(LogFormatError) {
        let facts = try facts(entry)
        decisions[facts.id, default: PublicDecision(id: facts.id, versions: [])]
            .versions.append(facts)
    }

    private mutating func foldRestriction(_ entry: LogEntry) throws(LogFormatError) {
        let restriction = try PublicRestriction(entry, index: size)
        note(restriction.noticedAt)
        let key = Key(org: restriction.org, id: restriction.id)
        guard restrictions[key] == nil else {
            return contradict(.toldTwice, restriction.id, "the restriction was imposed before")
        }
        restrictions[key] = restriction
    }

    private mutating func foldLift(_ entry: LogEntry) throws(LogFormatError) {
        let known = lastMoment ?? Instant(milliseconds: 0)
        let (org, id, lift) = try PublicRestriction.Lift.read(entry, index: size, now: known)
        let key = Key(org: org, id: id)
        guard restrictions[key] != nil else {
            return contradict(.liftOfNothing, id, "what was lifted was never imposed")
        }
        note(lift.at)
        if restrictions[key]?.lift == nil { restrictions[key]?.lift = lift }
    }

    private mutating func foldAppeal(_ entry: LogEntry) throws(LogFormatError) {
        let facts = try facts(entry)
        if entry.kind == "appeal-decided" {
            var appeal = try require(appeals[facts.id], facts.id)
            appeal.decided = appeal.decided ?? facts
            appeals[facts.id] = appeal
        } else if appeals[facts.id] == nil {
            appeals[facts.id] = PublicAppeal(filed: facts)
        } else {
            contradict(.toldTwice, facts.id, "the appeal was filed before")
        }
    }

    private mutating func foldCommitment(_ entry: LogEntry) throws(LogFormatError) {
        let facts = try facts(entry)
        if entry.kind == "commitment-made" {
            guard commitments[facts.id] == nil else {
                return contradict(.toldTwice, facts.id, "the commitment was made before")
            }
            commitments[facts.id] = PublicCommitment(made: facts)
            return
        }
        var commitment = try require(commitments[facts.id], facts.id)
        if entry.kind == "commitment-moved" {
            commitment.moves.append(facts)
        } else {
            commitment.done = commitment.done ?? facts
        }
        commitments[facts.id] = commitment
    }

    private mutating func foldBreakGlass(_ entry: LogEntry) throws(LogFormatError) {
        let grant = try PublicBreakGlass(entry, index: size)
        note(grant.at)
        let key = Key(org: grant.org ?? "", id: grant.id)
        guard breakGlass[key] == nil else {
            return contradict(.toldTwice, grant.id, "the grant was opened before")
        }
        breakGlass[key] = grant
    }

    private mutating func foldBreakGlassEnd(_ entry: LogEntry) throws(LogFormatError) {
        let content = ContentReader(entry.content)
        let id = try content.text("id")
        let key = Key(org: content.optionalText("org") ?? "", id: id)
        var grant = try require(breakGlass[key], id)
        let at = try content.moment("at")
        note(at)
        grant.closedAt = grant.closedAt ?? at
        grant.queries = content.optionalText("queries") ?? grant.queries
        breakGlass[key] = grant
    }
}

// Letters, and the small things.
extension PublicRecord {
    private mutating func foldLetter(_ entry: LogEntry) throws(LogFormatError) {
        let facts = try facts(entry)
        if entry.kind == "letter-frozen" {
            guard letters[facts.id] == nil else {
                return contradict(.toldTwice, facts.id, "the letter was frozen before")
            }
            letters[facts.id] = PublicLetter(frozen: facts)
            return
        }
        var letter = try require(letters[facts.id], facts.id)
        if entry.kind == "letter-published" {
            letter.published = letter.published ?? facts
        } else {
            letter.answered = letter.answered ?? facts
        }
        letters[facts.id] = letter
    }

    private mutating func foldLetterKey(_ entry: LogEntry) throws(LogFormatError) {
        let content = ContentReader(entry.content)
        let id = try content.text("letter")
        note(try content.moment("at"))
        var letter = try require(letters[id], id)
        letter.keys.append(try content.text("key"))
        if Set(letter.keys).count > 1 {
            contradict(.twoKeys, id, "tokens were issued with more than one key")
        }
        letters[id] = letter
    }

    private mutating func foldLetterBatch(_ entry: LogEntry) throws(LogFormatError) {
        let (id, batch) = try PublicLetter.Batch.read(entry, index: size)
        note(batch.at)
        var letter = try require(letters[id], id)
        guard !letter.batches.contains(where: { $0.number == batch.number }) else {
            return contradict(.toldTwice, id, "batch \(batch.number) was published before")
        }
        let known = Set(letter.batches.flatMap(\.nullifiers))
        let isOnce = Set(batch.nullifiers).count == batch.nullifiers.count
        if !isOnce || !known.isDisjoint(with: batch.nullifiers) {
            contradict(.signedTwice, id, "a token was counted twice in batch \(batch.number)")
        }
        letter.batches.append(batch)
        letters[id] = letter
    }

    private mutating func foldRedaction(_ entry: LogEntry) throws(LogFormatError) {
        let content = ContentReader(entry.content)
        let at = try content.moment("at")
        note(at)
        redactions.append(
            Redaction(
                index: size,
                of: try content.count("of"),
                part: try content.text("part"),
                reason: try content.text("reason"),
                at: at
            )
        )
    }

    private mutating func foldNotable(_ entry: LogEntry) throws(LogFormatError) {
        let content = ContentReader(entry.content)
        let moment = try? content.moment("at")
        guard let at = moment ?? content.optionalText("day").flatMap({ LogCalendar.moment($0) })
        else { throw LogFormatError("log entry", "at", "is no moment") }
        note(at)
        var values: [String: String] = [:]
        for (name, value) in fieldMembers(entry).merging(
            entry.content,
            uniquingKeysWith: { one, _ in one }
        ) {
            switch value {
            case .string(let text): values[name] = text
            case .integer(let number): values[name] = String(number)
            case .boolean(let flag): values[name] = String(flag)
            case .null, .array, .object: continue
            }
        }
        notables.append(
            Notable(
                index: size,
                kind: entry.kind,
                id: content.optionalText("id"),
                at: at,
                values: values
            )
        )
    }
}
