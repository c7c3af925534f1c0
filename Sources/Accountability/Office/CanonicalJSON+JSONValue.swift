package import Metadata

extension CanonicalJSON {
    /// A value of the API's JSON; numbers become text, since the log has whole numbers only.
    package init(_ value: JSONValue) {
        self =
            switch value {
            case .null: .null
            case .bool(let flag): .boolean(flag)
            case .number(let number): .string(number.literal)
            case .string(let text): .string(text)
            case .array(let values): .array(values.map { CanonicalJSON($0) })
            case .object(let object): .object(CanonicalJSON.members(object))
            }
    }

    /// The members of an object; of two with one name the last.
    package static func members(_ object: JSONObject) -> [String: CanonicalJSON] {
        Dictionary(
            object.members.map { ($0.name, CanonicalJSON($0.value)) },
            uniquingKeysWith: { _, last in last }
        )
    }
}
