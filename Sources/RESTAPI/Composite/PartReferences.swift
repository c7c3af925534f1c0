import Kernel
import Metadata

/// What the parts of a composite have answered so far, and the references to it: `@{a1.id}`.
///
/// Names of parts and fields are found in any letter case.
struct PartReferences {
    private enum Outcome {
        case answered(JSONValue)
        case failed
    }

    private var outcomes: [String: Outcome] = [:]
    /// What references may still put in: a small request must not become an endless one.
    private var bytesLeft = 50 << 20

    mutating func keep(_ id: String, body: [UInt8], isSuccess: Bool) {
        guard isSuccess else {
            outcomes[id.lowercased()] = .failed
            return
        }
        // Read only now, and only here: a body without JSON has nothing to refer to.
        outcomes[id.lowercased()] = .answered((try? APICall.parse(body)) ?? .null)
    }

    /// The text with every reference replaced.
    ///
    /// - Parameter encode: how a value is written where it is put.
    mutating func resolved(
        _ text: String,
        encode: (String) -> String = { $0 }
    ) throws -> String {
        guard text.contains("@{") else { return text }
        var result = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "@{") {
            result += rest[..<start.lowerBound]
            rest = rest[start.upperBound...]
            guard let end = rest.firstIndex(of: "}") else { throw Self.malformed(text) }
            result += encode(try self.text(String(rest[..<end])))
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    /// The tree with every reference in its strings replaced.
    ///
    /// A string that is a reference and nothing else becomes the value itself, of whatever type.
    mutating func resolved(_ value: JSONValue) throws -> JSONValue {
        switch value {
        case .null, .bool, .number: return value
        case .string(let text):
            if let path = Self.wholeReference(text) { return try self.value(path) }
            return .string(try resolved(text))
        case .array(let elements):
            return .array(try elements.map { try resolved($0) })
        case .object(let object):
            return .object(
                JSONObject(
                    try object.members.map { member in
                        .init(
                            name: try resolved(member.name),
                            value: try resolved(member.value)
                        )
                    }
                )
            )
        }
    }

    private static func wholeReference(_ text: String) -> String? {
        guard text.hasPrefix("@{"), text.hasSuffix("}"),
            text.firstIndex(of: "}") == text.indices.last
        else { return nil }
        return String(text.dropFirst(2).dropLast())
    }

    private mutating func text(_ path: String) throws -> String {
        switch try value(path) {
        case .string(let text): return text
        case .number(let number): return number.literal
        case .bool(let value): return value ? "true" : "false"
        case .null, .array, .object:
            throw RecordError(
                .processingHalted,
                "Invalid reference specified. @{\(path)} is not a simple value"
            )
        }
    }

    private mutating func value(_ path: String) throws -> JSONValue {
        let steps = try Self.steps(path)
        guard case .name(let id)? = steps.first else { throw Self.malformed(path) }
        switch outcomes[id.lowercased()] {
        case .failed:
            throw RecordError(
                .processingHalted,
                "The request depends on the part '\(id)', which failed."
            )
        case nil: throw Self.noValue(path, id)
        case .answered(let body):
            var value = body
            for step in steps.dropFirst() {
                guard let next = Self.take(step, of: value) else { throw Self.noValue(path, id) }
                value = next
            }
            bytesLeft -= Self.size(value)
            guard bytesLeft >= 0 else {
                throw RecordError(.limitExceeded, "References put in more than 50 MB")
            }
            return value
        }
    }

    /// About how many bytes a value takes as text.
    private static func size(_ value: JSONValue) -> Int {
        switch value {
        case .null, .bool, .number: 8
        case .string(let text): text.utf8.count + 2
        case .array(let elements): elements.reduce(2) { $0 + size($1) }
        case .object(let object):
            object.members.reduce(2) { $0 + $1.name.utf8.count + 4 + size($1.value) }
        }
    }

    private enum Step {
        case name(String)
        case index(Int)
    }

    private static func take(_ step: Step, of value: JSONValue) -> JSONValue? {
        switch step {
        case .name(let name): value[ignoringCase: name]
        case .index(let index):
            value.array.flatMap { $0.indices.contains(index) ? $0[index] : nil }
        }
    }

    /// `q.records[0].Id` step by step.
    private static func steps(_ path: String) throws -> [Step] {
        var steps: [Step] = []
        for part in path.split(separator: ".", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
            guard let name = pieces.first, !name.isEmpty || !steps.isEmpty || pieces.count > 1
            else { throw malformed(path) }
            if !name.isEmpty { steps.append(.name(String(name))) }
            for piece in pieces.dropFirst() {
                guard piece.hasSuffix("]"), let index = Int(piece.dropLast()), index >= 0 else {
                    throw malformed(path)
                }
                steps.append(.index(index))
            }
        }
        return steps
    }

    private static func noValue(_ path: String, _ id: String) -> RecordError {
        RecordError(
            .processingHalted,
            "Invalid reference specified. No value for \(path) found in \(id)"
        )
    }

    private static func malformed(_ text: String) -> RecordError {
        RecordError(
            .processingHalted,
            "Invalid reference specified. Malformed reference in \(text)"
        )
    }
}
