import Kernel
package import Metadata

/// What a column of a CSV file of records says.
package enum CSVColumn: Sendable, Hashable {
    case id
    case field(String)
    /// `Account.Ext__c`, `Owner:User.Ext__c`: a parent by an external id.
    case parent(name: String, type: String?, field: String)

    /// Reads a name of the header; `nil` where it is empty.
    package init?(_ name: String) {
        let name = name.trimmed
        guard !name.isEmpty else { return nil }
        let sides = name.split(separator: ".", maxSplits: 1).map(String.init)
        let parent = sides[0].split(separator: ":", maxSplits: 1).map(String.init)
        if name.lowercased() == "id" {
            self = .id
        } else if sides.count == 2, let relationship = parent.first {
            self = .parent(
                name: relationship,
                type: parent.count == 2 ? parent[1] : nil,
                field: sides[1]
            )
        } else {
            self = .field(name)
        }
    }

    /// A cell as the member of a record that a client would send; `#N/A` clears the field, an empty
    /// cell says nothing.
    package func member(_ cell: String) -> JSONObject.Member? {
        guard !cell.isEmpty else { return nil }
        let value: JSONValue = cell == "#N/A" ? .null : .string(cell)
        switch self {
        case .id: return nil
        case .field(let name): return .init(name: name, value: value)
        case .parent(let name, let type, let field):
            var inner: JSONObject = [field: value]
            if let type { inner = inner.adding("attributes", ["type": .string(type)]) }
            return .init(name: name, value: .object(inner))
        }
    }
}
