private import Foundation

// What the picklists of an object offer in records of a record type.
extension SalesforceImport {
    /// The picklists that are narrowed, each with the values that its field has.
    mutating func offers(
        of type: SourceElement,
        on object: String,
        _ item: ImportItem
    ) -> [DraftMap] {
        var maps: [DraftMap] = []
        var seen: Set<String> = []
        for part in type.all("picklistValues") {
            guard let name = part.string("picklist") else { continue }
            guard let field = world.field(name, of: object), let known = field.values else {
                change(item, "it narrows no `\(name)`: no such picklist is here", line: part.line)
                continue
            }
            guard seen.insert(name.lowercased()).inserted else { continue }
            var values: [String] = []
            var standard: String?
            for value in part.all("values") {
                guard let written = value.string("fullName") else { continue }
                // Names are written as in a URL: `Won%2FLost`.
                let plain = written.removingPercentEncoding ?? written
                let wanted = plain.lowercased()
                guard let value = known.first(where: { $0.lowercased() == wanted }) else {
                    change(
                        item,
                        "`\(name)` does not offer `\(plain)`: the picklist has no such value",
                        line: part.line
                    )
                    continue
                }
                if !values.contains(value) { values.append(value) }
            }
            let defaults = part.all("values").filter { $0.boolean("default") == true }
            if let first = defaults.first?.string("fullName") {
                let plain = (first.removingPercentEncoding ?? first).lowercased()
                standard = values.first { $0.lowercased() == plain }
            }
            var map = DraftMap(item)
            map.put("picklist", text: field.name, line: part.line)
            map.put("values", .texts(values))
            map.put("default", text: standard)
            maps.append(map)
        }
        return maps
    }
}
