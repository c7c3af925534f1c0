import Metadata

private import struct Foundation.Data

/// Turns what a client sent for one field into the field's value, or says what is wrong with it.
struct InputDecoding {
    let field: FieldDefinition
    let secrets: SecretBox

    func value(_ json: JSONValue) throws(RecordError) -> FieldValue {
        if json.isNull { return nullValue }
        switch field.type {
        case .text(let length), .longTextArea(let length), .html(let length):
            return try text(json, upTo: length)
        case .encryptedText(let length): return try sealed(json, upTo: length)
        case .phone: return try text(json, upTo: 40)
        case .url: return try text(json, upTo: 255)
        case .email: return try email(json)
        case .checkbox: return try boolean(json)
        case .number(let precision, let scale), .currency(let precision, let scale),
            .percent(let precision, let scale):
            return try number(json, precision, scale)
        case .date: return try date(json)
        case .dateTime: return try dateTime(json)
        case .time: return try time(json)
        case .picklist(let picklist): return try choice(json, picklist)
        case .multiselectPicklist(let picklist): return try choices(json, picklist)
        case .lookup(let reference), .masterDetail(let reference): return try id(json, reference)
        case .coordinate: return try coordinate(json)
        case .file: return try bytes(json)
        case .id, .autoNumber, .address, .location, .formula, .summary:
            throw RecordError(
                .invalidFieldForInsertUpdate,
                "Unable to create/update fields: \(field.name). Please check the security settings "
                    + "of this field and verify that it is read/write for your profile or "
                    + "permission set.",
                fields: [field.name]
            )
        }
    }

    private var nullValue: FieldValue {
        if case .checkbox = field.type { .boolean(false) } else { .null }
    }

    private func mismatch(_ type: String, _ json: JSONValue) -> RecordError {
        let shown =
            switch json {
            case .string(let text): String(text.prefix(80))
            case .number(let number): number.literal
            case .bool(let value): String(value)
            case .array, .object, .null: json.kindName
            }
        return RecordError(
            .jsonParserError,
            "\(field.name): Cannot deserialize instance of \(type) from value \(shown) or request may be "
                + "missing a required field",
            fields: [field.name]
        )
    }

    private func string(_ json: JSONValue) throws(RecordError) -> String {
        guard let text = json.string else { throw mismatch("string", json) }
        return InputDecoding.trimmed(text)
    }

    private static func trimmed(_ text: String) -> String {
        guard let first = text.utf8.first, let last = text.utf8.last else { return text }
        if first > 0x20 && last > 0x20 { return text }
        let start = text.firstIndex { !$0.isWhitespace } ?? text.endIndex
        var end = text.endIndex
        while end > start, text[text.index(before: end)].isWhitespace {
            end = text.index(before: end)
        }
        return String(text[start..<end])
    }

    private func text(_ json: JSONValue, upTo length: Int) throws(RecordError) -> FieldValue {
        let text = try string(json)
        guard text.utf8.count <= length || text.count <= length else {
            throw RecordError(
                .stringTooLong,
                "\(field.label): data value too large: \(text.prefix(80))… (max length=\(length))",
                fields: [field.name]
            )
        }
        return text.isEmpty ? .null : .text(text)
    }

    private func sealed(_ json: JSONValue, upTo length: Int) throws(RecordError) -> FieldValue {
        guard case .text(let plain) = try text(json, upTo: length) else { return .null }
        guard plain != Unsealing.mask else {
            throw RecordError(
                .invalidInput,
                "\(field.label): the mask is not the value: leave the field out to keep it",
                fields: [field.name]
            )
        }
        do {
            return .text(try secrets.seal(plain, for: Unsealing.purpose))
        } catch {
            throw RecordError(.unknownException, "\(field.label) cannot be sealed")
        }
    }

    private func email(_ json: JSONValue) throws(RecordError) -> FieldValue {
        guard case .text(let text) = try text(json, upTo: 80) else { return .null }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let isSound =
            parts.count == 2 && !parts[0].isEmpty
            && parts[1].split(separator: ".", omittingEmptySubsequences: false).count > 1
            && !parts[1].split(separator: ".", omittingEmptySubsequences: false).contains("")
            && !text.contains { $0.isWhitespace || "<>(),;:\\\"[]".contains($0) }
        guard isSound else {
            throw RecordError(
                .invalidEmailAddress,
                "\(field.label): invalid email address: \(text)",
                fields: [field.name]
            )
        }
        return .text(text)
    }

    private func boolean(_ json: JSONValue) throws(RecordError) -> FieldValue {
        if let value = json.bool { return .boolean(value) }
        switch json.string?.lowercased() {
        case "true", "1": return .boolean(true)
        case "false", "0", "": return .boolean(false)
        default: throw mismatch("boolean", json)
        }
    }

    private func number(
        _ json: JSONValue,
        _ precision: Int,
        _ scale: Int
    ) throws(RecordError) -> FieldValue {
        let literal = json.number?.literal ?? json.string.map(InputDecoding.trimmed)
        guard let literal else { throw mismatch("double", json) }
        if literal.isEmpty { return .null }
        guard let decimal = ExactDecimal(literal) ?? InputDecoding.rounded(literal) else {
            guard Double(literal) != nil else { throw mismatch("double", json) }
            throw outside(literal)
        }
        guard let digits = decimal.unscaled(at: scale),
            ExactDecimal(unscaled: digits, scale: scale).integerDigits <= precision - scale
        else { throw outside(literal) }
        return .number(ExactDecimal(unscaled: digits, scale: scale))
    }

    /// A number with more digits than are kept, such as a binary fraction's `0.1000000000000000055`.
    private static func rounded(_ literal: String) -> ExactDecimal? {
        guard let point = literal.firstIndex(of: "."), !literal.lowercased().contains("e") else {
            return nil
        }
        return ExactDecimal(
            String(literal.prefix(literal.distance(from: literal.startIndex, to: point) + 17))
        )
    }

    private func outside(_ literal: String) -> RecordError {
        RecordError(
            .numberOutsideValidRange,
            "\(field.label): value outside of valid range on numeric field: \(literal.prefix(60))",
            fields: [field.name]
        )
    }

    private func date(_ json: JSONValue) throws(RecordError) -> FieldValue {
        guard let text = json.string.map(InputDecoding.trimmed) else {
            throw mismatch("date", json)
        }
        if text.isEmpty { return .null }
        if let days = CivilText.daysSinceEpoch(text) { return .date(days) }
        if CivilText.millisecondsSinceEpoch(text) != nil,
            let days = CivilText.daysSinceEpoch(String(text.prefix(10)))
        {
            return .date(days)
        }
        throw mismatch("date", json)
    }

    private func dateTime(_ json: JSONValue) throws(RecordError) -> FieldValue {
        guard let text = json.string.map(InputDecoding.trimmed) else {
            throw mismatch("datetime", json)
        }
        if text.isEmpty { return .null }
        guard let moment = CivilText.millisecondsSinceEpoch(text) else {
            throw mismatch("datetime", json)
        }
        return .dateTime(Instant(milliseconds: moment))
    }

    private func time(_ json: JSONValue) throws(RecordError) -> FieldValue {
        guard let text = json.string.map(InputDecoding.trimmed) else {
            throw mismatch("time", json)
        }
        if text.isEmpty { return .null }
        guard let time = CivilText.millisecondsOfDay(text) else { throw mismatch("time", json) }
        return .time(time)
    }

    private func choice(_ json: JSONValue, _ picklist: Picklist) throws(RecordError) -> FieldValue {
        guard case .text(let text) = try text(json, upTo: 255) else { return .null }
        if let value = picklist.value(named: text), value.isActive || !picklist.isRestricted {
            return .text(value.name)
        }
        guard picklist.isRestricted else { return .text(text) }
        throw RecordError(
            .invalidOrNullForRestrictedPicklist,
            "\(field.label): bad value for restricted picklist field: \(text)",
            fields: [field.name]
        )
    }

    private func choices(_ json: JSONValue, _ picklist: Picklist) throws(RecordError) -> FieldValue
    {
        let given = try string(json).split(separator: ";").map { InputDecoding.trimmed(String($0)) }
        var known: Set<String> = []
        var others: [String] = []
        for text in given where !text.isEmpty {
            if let value = picklist.value(named: text) {
                known.insert(value.name)
            } else if picklist.isRestricted {
                throw RecordError(
                    .invalidOrNullForRestrictedPicklist,
                    "\(field.label): bad value for restricted picklist field: \(text)",
                    fields: [field.name]
                )
            } else if !others.contains(text) {
                others.append(text)
            }
        }
        let ordered = picklist.values.map(\.name).filter(known.contains) + others
        let text = ordered.joined(separator: ";")
        guard text.count <= field.lengthMax ?? Int.max else {
            throw RecordError(
                .stringTooLong,
                "\(field.label): data value too large (max length=4099)",
                fields: [field.name]
            )
        }
        return text.isEmpty ? .null : .text(text)
    }

    private func id(_ json: JSONValue, _ reference: Reference) throws(RecordError) -> FieldValue {
        guard let text = json.string.map(InputDecoding.trimmed) else {
            throw mismatch("reference", json)
        }
        if text.isEmpty || RecordTypeRegister.isMaster(text, in: field) { return .null }
        guard let id = try? RecordID(text) else {
            throw RecordError(
                .malformedID,
                "\(field.label): id value of incorrect type: \(text.prefix(80))",
                fields: [field.name]
            )
        }
        return .id(id)
    }

    private func coordinate(_ json: JSONValue) throws(RecordError) -> FieldValue {
        let value = json.number?.double ?? json.string.flatMap { Double($0) }
        if json.string == "" { return .null }
        guard let value, value.isFinite else { throw mismatch("double", json) }
        let isLatitude = field.name.text.contains("Latitude")
        guard abs(value) <= (isLatitude ? 90 : 180) else { throw outside(String(value)) }
        return .coordinate(value)
    }

    private func bytes(_ json: JSONValue) throws(RecordError) -> FieldValue {
        guard let text = json.string else { throw mismatch("base64", json) }
        guard let data = Data(base64Encoded: text, options: .ignoreUnknownCharacters) else {
            throw mismatch("base64", json)
        }
        guard data.count <= Limits.fileSizeMaxBytes else {
            throw RecordError(
                .storageLimitExceeded,
                "\(field.label): a file holds at most \(Limits.fileSizeMaxBytes) bytes",
                fields: [field.name]
            )
        }
        return data.isEmpty ? .null : .blob([UInt8](data))
    }
}
