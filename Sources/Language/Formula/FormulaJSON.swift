import Metadata

/// Values inside JSON text.
enum FormulaJSON {
    /// A member by its name, or what a path such as `$.a.b[0]` leads to; blank where there is none.
    static func value(in text: String, at place: String, isPath: Bool) -> FormulaValue {
        guard let root = try? JSONParser.parse(text) else { return .null }
        guard isPath else { return plain(root[place]) }
        guard place.hasPrefix("$") else { return .null }
        var current: JSONValue? = root
        for step in place.dropFirst().split(whereSeparator: { ".[]'\"".contains($0) }) {
            if let index = Int(step), let items = current?.array {
                current = items.indices.contains(index) ? items[index] : nil
            } else {
                current = current?[String(step)]
            }
        }
        return plain(current)
    }

    private static func plain(_ value: JSONValue?) -> FormulaValue {
        guard let value else { return .null }
        if let text = value.string { return .text(orNull: text) }
        if let number = value.number { return .text(number.literal) }
        if let flag = value.bool { return .text(flag ? "true" : "false") }
        return .null
    }
}
